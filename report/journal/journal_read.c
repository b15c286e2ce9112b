/* SPDX-License-Identifier: Apache-2.0 */
#include "report/journal/journal_read.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/facts/facts_json.h"
#include "report/facts/inf.h"
#include "report/text/decode.h"
#include "report/journal/journal_internal.h"
#include "report/files/temporary_file.h"
#include "report/text/timestamp.h"

#define TEMPLATE_SIZE (16u << 20)

static bool index_file(struct journal_set *set, uint32_t file);
static bool index_template(struct journal_set *set, uint32_t file);

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
		      const char *path)
{
	struct stat st;

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
		info->refusals_open |= !file->is_template &&
				       (!file->has_trailer || file->guard_stopped);
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
	return true;
}

struct journal_set *journal_set_open(const char *const *paths, size_t count,
				     journal_note_fn note, void *arg, char *why,
				     size_t why_size)
{
	struct journal_set *set = set_new(count);
	bool ok = set != NULL;

	if (!ok) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	set->note = note;
	set->note_arg = arg;
	set->why = why;
	set->why_size = why_size;
	for (uint32_t i = 0; ok && i < count; i++)
		ok = open_file(set, &set->files[i], paths[i]) && index_file(set, i);
	if (!ok || !merge(set)) {
		journal_set_free(set);
		return NULL;
	}
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
	return f->is_template ? index_template(set, file)
			      : journal_index_lines(set, file);
}

/* A template carries no clock; its file's last change stands for it. */
static void file_time(FILE *stream, char text[static TIMESTAMP_MAX])
{
	struct stat st;

	timestamp_write(fstat(fileno(stream), &st) == 0 ? (int64_t)st.st_mtime * 1000 : 0,
			text);
}

/* One byte more than the file has, to see it grow; or as many as are too many. */
static size_t template_room(FILE *stream)
{
	struct stat st;

	if (fstat(fileno(stream), &st) != 0 || st.st_size < 0 ||
	    st.st_size >= (off_t)TEMPLATE_SIZE)
		return TEMPLATE_SIZE;
	return (size_t)st.st_size + 1;
}

static bool read_template(const struct journal_file *file, struct facts *f, char *why,
			  size_t why_size)
{
	size_t room = template_room(file->stream), n;
	uint8_t *bytes = malloc(room);
	char when[TIMESTAMP_MAX];
	bool ok;

	if (!bytes) {
		snprintf(why, why_size, "%s: out of memory", file->path);
		return false;
	}
	rewind(file->stream);
	n = fread(bytes, 1, room, file->stream);
	file_time(file->stream, when);
	if (n == TEMPLATE_SIZE) {
		snprintf(why, why_size, "%s: larger than any security template",
			 file->path);
		ok = false;
	} else if (n == room) {
		snprintf(why, why_size, "%s: grew while it was read", file->path);
		ok = false;
	} else {
		ok = inf_to_facts(bytes, n, file->path, when, f, why, why_size);
	}
	free(bytes);
	return ok;
}

static bool index_template(struct journal_set *set, uint32_t file)
{
	struct facts f;
	bool ok;

	facts_init(&f);
	ok = read_template(&set->files[file], &f, set->why, set->why_size) &&
	     (journal_index_add(&set->index, &f, file, 0, 0) ||
	      journal_refuse(set, "%s: out of memory", set->files[file].path));
	facts_free(&f);
	return ok;
}

void journal_set_free(struct journal_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->file_count; i++) {
		if (set->files[i].stream)
			fclose(set->files[i].stream);
		free(set->files[i].path);
	}
	free(set->files);
	journal_index_free(&set->index);
	free(set->sweep);
	free(set->started);
	free(set->finished);
	free(set->version);
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
		return read_template(file, f, why, why_size);
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
	free(line);
	return ok;
}

bool journal_set_outcome(const struct journal_set *set, const char *host, uint16_t port,
			 enum host_outcome *outcome, uint64_t *rights)
{
	const struct journal_entry *e = journal_index_find(&set->index, host, port);

	if (e) {
		*outcome = (enum host_outcome)e->outcome;
		*rights = e->rights;
	}
	return e != NULL;
}

uint64_t journal_set_whole_bytes(const struct journal_set *set, size_t i)
{
	return set->files[i].whole_bytes;
}
