/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_text.h - JSON as text in memory: a growing buffer and what is put into it.
 *
 * For lines that are written by the hundred thousand, where a tree of nodes would cost
 * more than the line.  The buffer is sticky: after a failure to grow, every put is
 * ignored and json_text_take() gives NULL.  Commas are the caller's.
 */
#ifndef REPORT_TEXT_JSON_TEXT_H
#define REPORT_TEXT_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_text {
	char *bytes;
	size_t len, room;
	bool failed;
};

/* All zero is an empty buffer; `expected` bytes are made ready. */
void json_text_begin(struct json_text *t, size_t expected);
/* The text, NUL-terminated, to be freed by the caller; NULL when memory was out. */
char *json_text_take(struct json_text *t);

/* As it is: punctuation, keys. */
void json_put_raw(struct json_text *t, const char *text);
/* A string with quotes, or null for NULL.  What is no UTF-8 becomes U+FFFD; characters
 * that hide or reorder what a reader sees are written as \uXXXX: nothing is lost. */
void json_put_string(struct json_text *t, const char *text);
void json_put_bool(struct json_text *t, bool value);
void json_put_unsigned(struct json_text *t, uint64_t value);
/* With up to three decimals; null when negative. */
void json_put_milliseconds(struct json_text *t, double value);

#endif
