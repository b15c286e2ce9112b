/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_lines.c - the lines of a journal: headers, facts, services, a trailer, a torn
 * end.
 */
#include "report/journal/journal_internal.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "report/facts/facts_json.h"
#include "report/facts/limits.h"
#include "report/text/line_reader.h"

#define JOURNAL_SCHEMA   "lsasweep.journal/1"
#define FACTS_SCHEMA     "lsasweep.facts/1"
#define DIRECTORY_SCHEMA "lsasweep.directory/1"

/* What a line turned out to be.  BAD costs that line, FOREIGN the whole journal: another
 * version of the program wrote it, and nobody knows what else it means. */
enum line_kind {
	LINE_HEADER,
	LINE_SERVICE,
	LINE_TRAILER,
	LINE_FACTS,
	LINE_DIRECTORY,
	LINE_BAD,
	LINE_FOREIGN,
	LINE_NO_MEMORY,
};

/* Where in a journal a line stands, and what is wrong with it. */
struct place {
	uint32_t file;
	uint64_t number, offset;
	char problem[300];
};

static bool take_line(struct journal_set *set, struct place *at,
		      const struct line_reader *r);
static bool read_all(struct journal_set *set, uint32_t file, struct line_reader *r);

bool journal_index_lines(struct journal_set *set, uint32_t file)
{
	struct line_reader *r = malloc(sizeof(*r));
	bool ok;

	if (!r)
		return journal_refuse(set, "%s: out of memory", set->files[file].path);
	journal_index_begin_sweep(&set->index);
	line_reader_open(r, set->files[file].stream, LIMIT_LINE_READ_BYTES);
	ok = read_all(set, file, r);
	line_reader_close(r);
	free(r);
	return ok;
}

static bool read_all(struct journal_set *set, uint32_t file, struct line_reader *r)
{
	struct journal_file *f = &set->files[file];
	struct place at = { .file = file };

	while (line_reader_next(r)) {
		at.number++;
		at.problem[0] = '\0';
		if (!take_line(set, &at, r))
			return false;
		at.offset += r->length;
	}
	if (r->failed)
		return journal_refuse(set, "%s: cannot read: %s", f->path,
				      strerror(errno));
	if (at.number == 0)
		return journal_refuse(set, "%s: empty, expected a journal", f->path);
	return true;
}

static void tell(struct journal_set *set, const char *path, uint64_t line,
		 const char *what)
{
	char note[512];

	if (!set->note)
		return;
	snprintf(note, sizeof(note), "%s:%llu: %s", path, (unsigned long long)line, what);
	set->note(note, set->note_arg);
}

/* False: out of memory. */
static bool keep_version(struct journal_set *set, const char *version)
{
	char **kept = set->version ? &set->other_version : &set->version;

	if (!version || *kept || (set->version && strcmp(set->version, version) == 0))
		return true;
	*kept = strdup(version);
	return *kept != NULL;
}

static void keep_earliest(char **kept, const char *value)
{
	if (!value || (*kept && strcmp(*kept, value) <= 0))
		return;
	free(*kept);
	*kept = strdup(value);
}

static void keep_latest(char **kept, const char *value)
{
	if (!value || (*kept && strcmp(*kept, value) >= 0))
		return;
	free(*kept);
	*kept = strdup(value);
}

static const char *text_of(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

/* A trailer's outcomes count every target, those without a record too.  A header counts
 * duplicates and excluded ones, which nobody has met yet, so a trailer knows better. */
static void note_left(struct journal_file *file, const cJSON *line)
{
	const cJSON *outcomes = cJSON_GetObjectItemCaseSensitive(line, "outcomes");
	const cJSON *hosts = cJSON_GetObjectItemCaseSensitive(line, "hosts"), *one;
	double sum = 0;

	file->left_known = file->has_trailer && cJSON_IsObject(outcomes) &&
			   cJSON_IsNumber(hosts);
	if (!file->left_known)
		return;
	cJSON_ArrayForEach(one, outcomes)
		sum += cJSON_IsNumber(one) && one->valuedouble > 0 ? one->valuedouble : 0;
	sum -= hosts->valuedouble;
	file->left = sum > 0 && sum < 1e15 ? (uint64_t)sum : 0;
}

static void note_shard(struct journal_file *file, const cJSON *line)
{
	const cJSON *shard = cJSON_GetObjectItemCaseSensitive(line, "shard");
	const cJSON *part = cJSON_GetObjectItemCaseSensitive(shard, "part");
	const cJSON *parts = cJSON_GetObjectItemCaseSensitive(shard, "parts");

	if (!cJSON_IsNumber(part) || !cJSON_IsNumber(parts) || parts->valuedouble < 2 ||
	    parts->valuedouble > UINT32_MAX || part->valuedouble < 0 ||
	    part->valuedouble >= parts->valuedouble)
		return;
	file->part = (uint32_t)part->valuedouble;
	file->parts = (uint32_t)parts->valuedouble;
}

/* A resumed sweep writes a header again; its count of targets is the same or larger.
 * False: out of memory. */
static bool note_header(struct journal_set *set, struct journal_file *file,
			const cJSON *line)
{
	const cJSON *targets = cJSON_GetObjectItemCaseSensitive(line, "targets");
	bool versions;

	if (!set->sweep && text_of(line, "sweep"))
		set->sweep = strdup(text_of(line, "sweep"));
	versions = keep_version(set, text_of(line, "version"));
	keep_earliest(&set->started, text_of(line, "started"));
	keep_latest(&set->finished, text_of(line, "finished"));
	file->has_trailer = text_of(line, "finished") != NULL;
	if (file->has_trailer)
		journal_index_end_sweep(&set->index,
					!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(
						line, "guard_stopped")));
	else
		journal_index_begin_sweep(&set->index);
	note_left(file, line);
	note_shard(file, line);
	if (cJSON_IsNumber(targets) && targets->valuedouble >= 0 &&
	    targets->valuedouble < 1e15) {
		uint64_t n = (uint64_t)targets->valuedouble;

		file->targets = file->targets_known && file->targets > n ? file->targets
									 : n;
		file->targets_known = true;
	}
	return (set->sweep || !text_of(line, "sweep")) && versions &&
	       (set->started || !text_of(line, "started")) &&
	       (set->finished || !text_of(line, "finished"));
}

static enum line_kind kind_of(const cJSON *parsed, struct place *at)
{
	const char *schema = text_of(parsed, "schema");

	if (schema && strcmp(schema, JOURNAL_SCHEMA) == 0)
		return text_of(parsed, "finished")  ? LINE_TRAILER
		       : text_of(parsed, "service") ? LINE_SERVICE
						    : LINE_HEADER;
	if (schema && strcmp(schema, FACTS_SCHEMA) == 0)
		return LINE_FACTS;
	if (schema && strcmp(schema, DIRECTORY_SCHEMA) == 0)
		return LINE_DIRECTORY;
	snprintf(at->problem, sizeof(at->problem),
		 "schema \"%.60s\", expected \"" JOURNAL_SCHEMA "\" or \"" FACTS_SCHEMA
		 "\"",
		 schema ? schema : "(none)");
	return schema ? LINE_FOREIGN : LINE_BAD;
}

/* Facts are told from headers without parsing them twice: only headers and trailers
 * hold the journal's schema word. */
static enum line_kind classify(const struct line_reader *r, struct place *at,
			       cJSON **parsed)
{
	size_t length = (size_t)r->length;

	*parsed = NULL;
	if (r->too_long) {
		snprintf(at->problem, sizeof(at->problem),
			 "line of %llu bytes, expected at most %d",
			 (unsigned long long)r->length, LIMIT_LINE_READ_BYTES);
		return LINE_BAD;
	}
	if (memmem(r->line, length < 64 ? length : 64, FACTS_SCHEMA,
		   sizeof(FACTS_SCHEMA) - 1))
		return LINE_FACTS;
	errno = 0;
	*parsed = cJSON_ParseWithLength(r->line, length);
	if (*parsed)
		return kind_of(*parsed, at);
	if (errno == ENOMEM)
		return LINE_NO_MEMORY;
	snprintf(at->problem, sizeof(at->problem), "no JSON, and no line of a journal");
	return LINE_BAD;
}

/* A service that an earlier sweep of this journal could not look up is a host no more. */
static void note_service(struct journal_set *set, uint32_t file, const cJSON *line)
{
	const cJSON *port = cJSON_GetObjectItemCaseSensitive(line, "port");

	if (cJSON_IsNumber(port) && port->valuedouble > 0 &&
	    port->valuedouble <= UINT16_MAX)
		journal_index_forget(&set->index, file, text_of(line, "service"),
				     (uint16_t)port->valuedouble);
}

static bool is_blank(const struct line_reader *r)
{
	for (size_t i = 0; !r->too_long && i < r->length; i++)
		if (!isspace((unsigned char)r->line[i]))
			return false;
	return !r->too_long;
}

static enum line_kind index_facts(struct journal_set *set, struct place *at,
				  const struct line_reader *r)
{
	struct facts f;
	enum line_kind kind = LINE_FACTS;

	facts_init(&f);
	if (!facts_from_json(r->line, (size_t)r->length, &f, at->problem,
			     sizeof(at->problem)))
		kind = f.out_of_memory ? LINE_NO_MEMORY : LINE_BAD;
	else if (!journal_index_add(&set->index, &f, at->file, at->offset,
				    (uint32_t)r->length))
		kind = LINE_NO_MEMORY;
	facts_free(&f);
	return kind;
}

static enum line_kind take_directory(struct journal_set *set, struct place *at,
				     const struct line_reader *r)
{
	switch (journal_take_directory(set, r->line, (size_t)r->length, at->problem,
				       sizeof(at->problem))) {
	case JOURNAL_DIRECTORY_BAD:
		return LINE_BAD;
	case JOURNAL_DIRECTORY_NO_MEMORY:
		return LINE_NO_MEMORY;
	case JOURNAL_DIRECTORY_TAKEN:
		break;
	}
	return LINE_DIRECTORY;
}

/* A line that a dying sweep left half-written: the last one, without its end. */
static bool is_torn(const struct line_reader *r)
{
	return r->is_last && (r->too_long || r->line[r->length - 1] != '\n' ||
			      memchr(r->line, '\0', (size_t)r->length) != NULL);
}

/* A line that cannot be read costs itself alone; a file of which no line was good is no
 * journal. */
static bool drop_line(struct journal_set *set, const struct place *at,
		      const struct line_reader *r)
{
	struct journal_file *f = &set->files[at->file];
	char what[400];

	if (f->good_lines == 0 && (r->is_last || at->number == 1))
		return journal_refuse(set, "%s:%llu: %s", f->path,
				      (unsigned long long)at->number, at->problem);
	if (is_torn(r)) {
		tell(set, f->path, at->number, "torn last line dropped");
		return true;
	}
	snprintf(what, sizeof(what), "%s; this line is not counted", at->problem);
	tell(set, f->path, at->number, what);
	f->bad_lines++;
	f->whole_bytes = at->offset + r->length;
	return true;
}

static bool take_line(struct journal_set *set, struct place *at,
		      const struct line_reader *r)
{
	struct journal_file *f = &set->files[at->file];
	enum line_kind kind = LINE_BAD;
	cJSON *parsed = NULL;

	if (is_blank(r)) {
		f->whole_bytes = at->offset + r->length;
		return true;
	}
	kind = classify(r, at, &parsed);
	if (kind == LINE_FACTS)
		kind = index_facts(set, at, r);
	else if (kind == LINE_SERVICE)
		note_service(set, at->file, parsed);
	else if (kind == LINE_DIRECTORY)
		kind = take_directory(set, at, r);
	else if ((kind == LINE_HEADER || kind == LINE_TRAILER) &&
		 !note_header(set, f, parsed))
		kind = LINE_NO_MEMORY;
	cJSON_Delete(parsed);
	if (kind == LINE_NO_MEMORY)
		return journal_refuse(set, "%s:%llu: out of memory", f->path,
				      (unsigned long long)at->number);
	if (kind == LINE_FOREIGN)
		return is_torn(r) && f->good_lines
			       ? drop_line(set, at, r)
			       : journal_refuse(set, "%s:%llu: %s", f->path,
						(unsigned long long)at->number,
						at->problem);
	if (kind == LINE_BAD)
		return drop_line(set, at, r);
	f->good_lines++;
	f->whole_bytes = at->offset + r->length;
	return true;
}
