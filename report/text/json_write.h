/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_write.h - JSON as a stream: commas come by themselves, strings are escaped.
 *
 * `key` is NULL inside an array.  Nothing is buffered and nothing is checked: the caller
 * closes what it opens; errors are sticky in the stream.
 */
#ifndef REPORT_TEXT_JSON_WRITE_H
#define REPORT_TEXT_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool comma; /* something stands before the next element */
};

/* `bracket` is '{' or '['. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);                      /* '}' or ']' */
void json_text(struct json *j, const char *key, const char *value); /* NULL: null */
/* Like json_text(), but leaves the member out when `value` is NULL. */
void json_text_if(struct json *j, const char *key, const char *value);
void json_number(struct json *j, const char *key, size_t value);
void json_bool(struct json *j, const char *key, bool value);
/* The next element begins on a line of its own. */
void json_newline(struct json *j);

#endif
