/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_json_internal.h - what the files that write and read the recorded directory
 * have in common.
 */
#ifndef REPORT_DIRECTORY_DIRECTORY_JSON_INTERNAL_H
#define REPORT_DIRECTORY_DIRECTORY_JSON_INTERNAL_H

#include <cjson/cJSON.h>

#include "report/directory/directory_json.h"
#include "report/text/json_text.h"

/* ---- writing: each puts one member; `key` is raw, comma and colon included ---- */

/* Opens the line: schema and kind. */
void directory_begin(struct json_text *t, const char *kind);
void directory_put_text(struct json_text *t, const char *key, const char *value);
void directory_put_time(struct json_text *t, const char *key, int64_t time);
/* null unless it is known. */
void directory_put_number(struct json_text *t, const char *key, bool known,
			  uint64_t value);

/* ---- reading ---- */

struct directory_reader {
	const cJSON *root; /* the object whose members are read */
	struct pool *pool;
	char *why; /* of all readers of a line; the first reason stays */
	size_t why_size;
};

/* Always false. */
bool directory_refuse(struct directory_reader *r, const char *key, const char *expected);
/* Each is false when the member is there, not null, and not of that kind. */
bool directory_get_text(struct directory_reader *r, const char *key, const char **text);
bool directory_get_time(struct directory_reader *r, const char *key, int64_t *time);
bool directory_get_bool(struct directory_reader *r, const char *key, bool *value);
/* A whole number from 0 to `max` of any object. */
bool directory_get_number(struct directory_reader *r, const cJSON *object,
			  const char *key, double max, bool *known, double *value);

/* directory_policy_read.c: the kinds of Group Policy.  True, with `*ok` false where the
 * line is refused: `kind` is one of them. */
bool directory_read_policy(struct directory_reader *r, const char *kind,
			   struct directory_line *out, bool *ok);
/* directory_places_json.c: the same for sites, subnets, servers and names. */
bool directory_read_place(struct directory_reader *r, const char *kind,
			  struct directory_line *out, bool *ok);

#endif
