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

#define JOURNAL_SCHEMA "lsasweep.journal/1"
#define FACTS_SCHEMA   "lsasweep.facts/1"
/* A host with every right and thousands of holders stays far below. */
#define LINE_CEILING (32u << 20)

/* What a line turned out to be. */
enum line_kind { LINE_HEADER, LINE_SERVICE, LINE_TRAILER, LINE_FACTS, LINE_BAD };

static bool index_line(struct journal_set *set, uint32_t file, uint64_t number,
		       uint64_t offset, size_t length, bool is_last);
static bool index_facts(struct journal_set *set, uint32_t file, uint64_t offset,
			size_t length, char *problem, size_t problem_size);

/* One line with its newline into set->line.  Returns its length, 0 at the end. */
static size_t next_line(struct journal_set *set, FILE *stream, bool *too_long)
{
	ssize_t n = getline(&set->line, &set->line_room, stream);

	*too_long = n > (ssize_t)LINE_CEILING;
	return n > 0 ? (size_t)n : 0;
}

static bool at_end(FILE *stream)
{
	int c = getc(stream);

	if (c != EOF)
		ungetc(c, stream);
	return c == EOF;
}

bool journal_index_lines(struct journal_set *set, uint32_t file)
{
	struct journal_file *f = &set->files[file];
	uint64_t number = 0, offset = 0;
	bool too_long;
	size_t n;

	while ((n = next_line(set, f->stream, &too_long)) > 0) {
		number++;
		if (too_long)
			return journal_refuse(
				set, "%s:%llu: line of %zu bytes, expected at most %u",
				f->path, (unsigned long long)number, n, LINE_CEILING);
		if (!index_line(set, file, number, offset, n, at_end(f->stream)))
			return false;
		offset += n;
	}
	if (ferror(f->stream))
		return journal_refuse(set, "%s: cannot read: %s", f->path,
				      strerror(errno));
	if (number == 0)
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

/* A resumed sweep writes a header again; its count of targets is the same or larger.
 * False: out of memory. */
static bool note_header(struct journal_set *set, struct journal_file *file,
			const cJSON *line)
{
	const cJSON *targets = cJSON_GetObjectItemCaseSensitive(line, "targets");

	if (!set->sweep && text_of(line, "sweep"))
		set->sweep = strdup(text_of(line, "sweep"));
	if (!set->version && text_of(line, "version"))
		set->version = strdup(text_of(line, "version"));
	keep_earliest(&set->started, text_of(line, "started"));
	keep_latest(&set->finished, text_of(line, "finished"));
	file->has_trailer = text_of(line, "finished") != NULL;
	note_left(file, line);
	if (cJSON_IsNumber(targets) && targets->valuedouble >= 0 &&
	    targets->valuedouble < 1e15) {
		uint64_t n = (uint64_t)targets->valuedouble;

		file->targets = file->targets_known && file->targets > n ? file->targets
									 : n;
		file->targets_known = true;
	}
	return (set->sweep || !text_of(line, "sweep")) &&
	       (set->version || !text_of(line, "version")) &&
	       (set->started || !text_of(line, "started")) &&
	       (set->finished || !text_of(line, "finished"));
}

/* Facts are told from headers without parsing them twice: only headers and trailers
 * hold the journal's schema word. */
static enum line_kind classify(const char *line, size_t length, cJSON **parsed,
			       char *problem, size_t size)
{
	const char *schema;

	*parsed = NULL;
	if (memmem(line, length < 64 ? length : 64, FACTS_SCHEMA,
		   sizeof(FACTS_SCHEMA) - 1))
		return LINE_FACTS;
	errno = 0;
	*parsed = cJSON_ParseWithLength(line, length);
	if (!*parsed) {
		snprintf(problem, size, "%s",
			 errno == ENOMEM ? "out of memory"
					 : "no JSON, and no line of a journal");
		return LINE_BAD;
	}
	schema = text_of(*parsed, "schema");
	if (schema && strcmp(schema, JOURNAL_SCHEMA) == 0)
		return text_of(*parsed, "finished")  ? LINE_TRAILER
		       : text_of(*parsed, "service") ? LINE_SERVICE
						     : LINE_HEADER;
	if (schema && strcmp(schema, FACTS_SCHEMA) == 0)
		return LINE_FACTS;
	snprintf(problem, size,
		 "schema \"%.60s\", expected \"" JOURNAL_SCHEMA "\" or \"" FACTS_SCHEMA
		 "\"",
		 schema ? schema : "(none)");
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

static bool is_blank(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isspace((unsigned char)line[i]))
			return false;
	return true;
}

static bool index_line(struct journal_set *set, uint32_t file, uint64_t number,
		       uint64_t offset, size_t length, bool is_last)
{
	struct journal_file *f = &set->files[file];
	bool torn = is_last && (set->line[length - 1] != '\n' ||
				memchr(set->line, '\0', length) != NULL);
	char problem[300] = "";
	cJSON *parsed = NULL;
	bool ok = true;

	if (is_blank(set->line, length)) {
		f->whole_bytes = offset + length;
		return true;
	}
	switch (classify(set->line, length, &parsed, problem, sizeof(problem))) {
	case LINE_FACTS:
		ok = index_facts(set, file, offset, length, problem, sizeof(problem));
		break;
	case LINE_SERVICE:
		note_service(set, file, parsed);
		break;
	case LINE_HEADER:
	case LINE_TRAILER:
		ok = note_header(set, f, parsed);
		if (!ok)
			snprintf(problem, sizeof(problem), "out of memory");
		break;
	case LINE_BAD:
		ok = false;
	}
	cJSON_Delete(parsed);
	if (ok) {
		f->whole_bytes = offset + length;
		return true;
	}
	if (!torn || number == 1)
		return journal_refuse(set, "%s:%llu: %s", f->path,
				      (unsigned long long)number, problem);
	tell(set, f->path, number, "torn last line dropped");
	return true;
}

static bool index_facts(struct journal_set *set, uint32_t file, uint64_t offset,
			size_t length, char *problem, size_t problem_size)
{
	struct facts f;
	bool ok;

	facts_init(&f);
	ok = facts_from_json(set->line, length, &f, problem, problem_size);
	if (ok) {
		ok = journal_index_add(&set->index, &f, file, offset, (uint32_t)length);
		if (!ok)
			snprintf(problem, problem_size, "out of memory");
	}
	facts_free(&f);
	return ok;
}
