/* SPDX-License-Identifier: Apache-2.0 */
#include "report/journal/journal_read.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/facts/facts_json.h"
#include "report/text/decode.h"
#include "report/journal/journal_identity.h"
#include "report/journal/journal_claims.h"
#include "report/journal/journal_internal.h"
#include "report/files/temporary_file.h"
#include "report/text/timestamp.h"

static bool index_file(struct journal_set *set, uint32_t file);

bool journal_refuse(struct journal_set *set, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(set->why, set->why_size, format, args);
	va_end(args);
	return false;
}

/* stdin cannot be read twice, a copy can. */
static FILE *copy_of_stdin(void)
{
	char buffer[1 << 14];
	FILE *copy = temporary_file_take();
	size_t n;

	while (copy && (n = fread(buffer, 1, sizeof(buffer), stdin)) > 0)
		if (fwrite(buffer, 1, n, copy) != n) {
			fclose(copy);
			return NULL;
		}
	if (copy)
		rewind(copy);
	return copy;
}

static bool open_file(struct journal_set *set, struct journal_file *file,
		      const struct journal_source *source)
{
	const char *path = source->path;
	struct stat st;

	file->source = source;
	file->path = strdup(path);
	if (!file->path)
		return journal_refuse(set, "%s: out of memory", path);
	file->stream = strcmp(path, "-") == 0 ? copy_of_stdin() : fopen(path, "re");
	if (!file->stream || fstat(fileno(file->stream), &st) != 0)
		return journal_refuse(set, "%s: cannot open: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return journal_refuse(set, "%s: is a folder, expected a journal", path);
	if (!S_ISREG(st.st_mode))
		return journal_refuse(set, "%s: is no regular file; pipe it to \"-\"",
				      path);
	return true;
}

static struct journal_set *set_new(size_t count)
{
	struct journal_set *set = calloc(1, sizeof(*set));

	if (!set)
		return NULL;
	set->files = calloc(count ? count : 1, sizeof(*set->files));
	if (!set->files) {
		free(set);
		return NULL;
	}
	set->file_count = count;
	return set;
}

/* The summary that needs all files at once. */
static void conclude_info(struct journal_set *set)
{
	struct journal_info *info = &set->info;

	for (size_t i = 0; i < set->file_count; i++) {
		const struct journal_file *file = &set->files[i];

		info->journals++;
		info->unfinished += !file->is_template && !file->has_trailer;
		info->targets_known |= file->targets_known || file->left_known;
		info->bad_lines += file->bad_lines;
		if (file->left_known) {
			info->targets += file->hosts + file->left + file->bad_lines;
			info->unrecorded += file->left + file->bad_lines;
		} else if (file->targets_known) {
			info->targets += file->targets;
			if (file->targets > file->hosts)
				info->unrecorded += file->targets - file->hosts;
		} else {
			info->unrecorded += file->bad_lines;
		}
	}
	info->unrecorded += info->refused;
	info->domains = set->domains;
	info->domain_count = set->domain_count;
	info->sweep = set->sweep;
	info->started = set->started;
	info->finished = set->finished;
	info->version = set->version;
}

static bool merge(struct journal_set *set)
{
	size_t *hosts_of = calloc(set->file_count + 1, sizeof(*hosts_of));

	if (!hosts_of)
		return journal_refuse(set, "out of memory");
	set->info.superseded = journal_index_merge(&set->index, hosts_of);
	for (size_t i = 0; i < set->file_count; i++)
		set->files[i].hosts = hosts_of[i];
	free(hosts_of);
	conclude_info(set);
	return (journal_compare_files(set) && journal_claims_compare(&set->index)) ||
	       journal_refuse(set, "out of memory");
}

/* Whose each file is if it turns out to be a template. */
static bool name_files(struct journal_set *set, const struct journal_source *sources)
{
	const char **paths = calloc(set->file_count + 1, sizeof(*paths));
	char **names = calloc(set->file_count + 1, sizeof(*names));
	bool ok = paths && names;

	for (size_t i = 0; ok && i < set->file_count; i++)
		paths[i] = sources[i].path;
	ok = ok && journal_identities(paths, set->file_count, names);
	for (size_t i = 0; ok && i < set->file_count; i++)
		set->files[i].identity = names[i];
	free(paths);
	free(names);
	return ok || journal_refuse(set, "out of memory");
}

/* A run in which no file could be read has nothing to tell. */
static bool refuse_nothing(struct journal_set *set)
{
	size_t skipped = 0;

	for (size_t i = 0; i < set->file_count; i++)
		skipped += set->files[i].skipped;
	return skipped == 0 || skipped < set->file_count;
}

static void say_without_rights(const struct journal_set *set)
{
	char note[100];

	if (!set->note || set->info.without_rights == 0)
		return;
	snprintf(note, sizeof(note),
		 "%zu of %zu files are policies that set no user rights",
		 set->info.without_rights, set->file_count);
	set->note(note, set->note_arg);
}

struct journal_set *journal_set_open_sources(const struct journal_source *sources,
					     size_t count, journal_note_fn note,
					     void *arg, char *why, size_t why_size)
{
	struct journal_set *set = set_new(count);
	bool ok;

	if (!set) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	set->note = note;
	set->note_arg = arg;
	set->why = why;
	set->why_size = why_size;
	ok = name_files(set, sources);
	for (uint32_t i = 0; ok && i < count; i++)
		ok = open_file(set, &set->files[i], &sources[i]) && index_file(set, i);
	if (!journal_directory_ready(set))
		ok = journal_refuse(set, "out of memory");
	if (!ok || !refuse_nothing(set) || !journal_refuse_twins(set) || !merge(set)) {
		journal_set_free(set);
		return NULL;
	}
	say_without_rights(set);
	return set;
}

struct journal_set *journal_set_open(const char *const *paths, size_t count,
				     journal_note_fn note, void *arg, char *why,
				     size_t why_size)
{
	struct journal_source *sources = calloc(count + 1, sizeof(*sources));
	struct journal_set *set;

	if (!sources) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		sources[i].path = paths[i];
	set = journal_set_open_sources(sources, count, note, arg, why, why_size);
	for (size_t i = 0; set && i < count; i++)
		set->files[i].source = NULL;
	free(sources);
	return set;
}

/* A template is UTF-16, or begins with a section or a comment; a journal with `{`. */
static bool looks_like_template(FILE *stream)
{
	char bytes[64], text[DECODED_MAX(sizeof bytes) + 1];
	size_t len = fread(bytes, 1, sizeof bytes, stream);
	struct decoder d;
	const char *first;

	rewind(stream);
	decoder_begin(&d, NULL);
	text[decoder_put(&d, bytes, len, true, text)] = '\0';
	first = text + strspn(text, " \t\r\n");
	return d.encoding != ENCODING_UTF8 || *first == '[' || *first == ';';
}

static bool index_file(struct journal_set *set, uint32_t file)
{
	struct journal_file *f = &set->files[file];

	f->is_template = looks_like_template(f->stream);
	return f->is_template ? journal_index_template(set, file)
			      : journal_index_lines(set, file);
}

void journal_set_free(struct journal_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->file_count; i++) {
		if (set->files[i].stream)
			fclose(set->files[i].stream);
		free(set->files[i].path);
		free(set->files[i].identity);
	}
	free(set->files);
	journal_index_free(&set->index);
	free(set->sweep);
	free(set->started);
	free(set->finished);
	free(set->version);
	free(set->other_version);
	journal_directory_free(set);
	free(set);
}

const struct journal_info *journal_set_info(const struct journal_set *set)
{
	return &set->info;
}

size_t journal_set_hosts(const struct journal_set *set)
{
	return set->index.count;
}

bool journal_set_read(const struct journal_set *set, size_t i, struct facts *f, char *why,
		      size_t why_size)
{
	const struct journal_entry *e = &set->index.entries[i];
	const struct journal_file *file = &set->files[e->file];
	char *line;
	bool ok;

	if (file->is_template)
		return journal_read_template(file, f, why, why_size);
	line = malloc(e->length);
	if (!line) {
		snprintf(why, why_size, "%s: out of memory", file->path);
		return false;
	}
	if (fseeko(file->stream, (off_t)e->offset, SEEK_SET) != 0 ||
	    fread(line, 1, e->length, file->stream) != e->length) {
		snprintf(why, why_size, "%s: cannot read again: the file changed",
			 file->path);
		free(line);
		return false;
	}
	ok = facts_from_json(line, e->length, f, why, why_size);
	if (ok && !journal_directory_add(set, f)) {
		snprintf(why, why_size, "%s: out of memory", file->path);
		ok = false;
	}
	f->name_shared = e->name_shared;
	f->machine_sid_shared = e->sid_shared;
	free(line);
	return ok;
}

bool journal_set_outcome(const struct journal_set *set, const char *host, uint16_t port,
			 struct journal_outcome *outcome)
{
	const struct journal_index *index = &set->index;
	const struct journal_entry *e = journal_index_find(index, host, port);

	if (e)
		*outcome = (struct journal_outcome){
			.outcome = (enum host_outcome)e->outcome,
			.rights = e->rights,
			.settled = e->settled,
			.account = e->account ? index->accounts[e->account - 1] : NULL,
		};
	return e != NULL;
}

uint64_t journal_set_whole_bytes(const struct journal_set *set, size_t i)
{
	return set->files[i].whole_bytes;
}
