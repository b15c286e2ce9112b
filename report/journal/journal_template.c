/* SPDX-License-Identifier: Apache-2.0 */
/* Security templates among the files of a run: each is read whole, and again when its
 * facts are asked for, so that thousands of them cost neither memory nor descriptors. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "report/facts/inf.h"
#include "report/journal/journal_internal.h"
#include "report/text/timestamp.h"

enum { TEMPLATE_SIZE_MAX = 16 << 20 };

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
	    st.st_size >= TEMPLATE_SIZE_MAX)
		return TEMPLATE_SIZE_MAX;
	return (size_t)st.st_size + 1;
}

/* free() the bytes.  NULL: `why` says it. */
static uint8_t *read_whole(const char *path, FILE *stream, size_t *len, char *why,
			   size_t why_size)
{
	size_t room = template_room(stream);
	uint8_t *bytes = malloc(room);

	if (!bytes) {
		snprintf(why, why_size, "%s: out of memory", path);
		return NULL;
	}
	rewind(stream);
	*len = fread(bytes, 1, room, stream);
	if (*len < room && !ferror(stream))
		return bytes;
	snprintf(why, why_size,
		 ferror(stream)              ? "%s: cannot be read"
		 : *len == TEMPLATE_SIZE_MAX ? "%s: larger than any security template"
					     : "%s: grew while it was read",
		 path);
	free(bytes);
	return NULL;
}

static enum inf_result read_stream(const struct journal_file *file, FILE *stream,
				   struct facts *f, char *why, size_t why_size)
{
	char when[TIMESTAMP_MAX];
	const struct inf_file inf = {
		.path = file->path,
		.host = file->identity,
		.when = when,
		.attributes = file->source ? file->source->attributes : NULL,
		.attribute_count = file->source ? file->source->attribute_count : 0,
	};
	enum inf_result result;
	size_t len;
	uint8_t *bytes = read_whole(file->path, stream, &len, why, why_size);

	if (!bytes)
		return INF_REFUSED;
	file_time(stream, when);
	result = inf_to_facts(bytes, len, &inf, f, why, why_size);
	free(bytes);
	return result;
}

bool journal_read_template(const struct journal_file *file, struct facts *f, char *why,
			   size_t why_size)
{
	FILE *stream = file->stream ? file->stream : fopen(file->path, "re");
	enum inf_result result;

	if (!stream) {
		snprintf(why, why_size, "%s: cannot open: %s", file->path,
			 strerror(errno));
		return false;
	}
	result = read_stream(file, stream, f, why, why_size);
	if (!file->stream)
		fclose(stream);
	return result == INF_READ || result == INF_PART;
}

/* True: the others go on without it. */
static bool pass_over(struct journal_set *set, struct journal_file *file,
		      enum inf_result result)
{
	bool sets_nothing = result == INF_NO_RIGHTS && inf_is_policy(file->path);

	if (set->file_count == 1 && !sets_nothing)
		return false;
	file->skipped = true;
	if (sets_nothing)
		set->info.without_rights++;
	else
		set->info.refused++;
	if (set->note && !sets_nothing)
		set->note(set->why, set->note_arg);
	return true;
}

/* What is not in it could be read as held by nobody. */
static void note_part(const struct journal_set *set, const struct journal_file *file)
{
	char note[400];

	if (!set->note)
		return;
	snprintf(note, sizeof(note),
		 "%.250s: has neither [Unicode] nor [Version]: a part of an export; "
		 "rights "
		 "without a line are not assessed",
		 file->path);
	set->note(note, set->note_arg);
}

bool journal_index_template(struct journal_set *set, uint32_t number)
{
	struct journal_file *file = &set->files[number];
	enum inf_result result;
	struct facts f;
	bool ok = true;

	facts_init(&f);
	result = read_stream(file, file->stream, &f, set->why, set->why_size);
	if (result == INF_PART)
		note_part(set, file);
	if (result != INF_READ && result != INF_PART)
		ok = pass_over(set, file, result);
	else if (!journal_index_add(&set->index, &f, number, 0, 0))
		ok = journal_refuse(set, "%s: out of memory", file->path);
	facts_free(&f);
	if (strcmp(file->path, "-") != 0) {
		fclose(file->stream);
		file->stream = NULL;
	}
	return ok;
}

static int compare_names(const void *left, const void *right)
{
	const struct journal_entry *a = *(const struct journal_entry *const *)left;
	const struct journal_entry *b = *(const struct journal_entry *const *)right;
	int by_name = strcmp(a->name, b->name);

	if (by_name)
		return by_name;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return a->file < b->file ? -1 : a->file > b->file;
}

static bool are_twins(const struct journal_set *set, const struct journal_entry *a,
		      const struct journal_entry *b)
{
	return a->file != b->file && a->port == b->port &&
	       (set->files[a->file].is_template || set->files[b->file].is_template) &&
	       strcmp(a->name, b->name) == 0;
}

static bool has_template(const struct journal_set *set)
{
	for (size_t i = 0; i < set->file_count; i++)
		if (set->files[i].is_template)
			return true;
	return false;
}

bool journal_refuse_twins(struct journal_set *set)
{
	size_t count = set->index.count;
	const struct journal_entry **sorted;
	bool ok = true;

	if (count < 2 || !has_template(set))
		return true;
	sorted = malloc(count * sizeof(*sorted));
	if (!sorted)
		return journal_refuse(set, "out of memory");
	for (size_t i = 0; i < count; i++)
		sorted[i] = &set->index.entries[i];
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 1; ok && i < count; i++)
		if (are_twins(set, sorted[i - 1], sorted[i]))
			ok = journal_refuse(set,
					    "%s and %s are both of \"%.200s\"; say "
					    "host=NAME behind one of them",
					    set->files[sorted[i - 1]->file].path,
					    set->files[sorted[i]->file].path,
					    sorted[i]->name);
	free(sorted);
	return ok;
}
