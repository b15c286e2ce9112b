/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline_json.h - JSON read by tables of keys, every refusal with its line and key.
 *
 * Private to the reader of baselines.  A value is read by a function; an object by a
 * table of the keys it may have; what is in no table is refused.
 */
#ifndef REPORT_BASELINE_BASELINE_JSON_H
#define REPORT_BASELINE_BASELINE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/text/pool.h"

struct reader {
	struct pool *memory; /* of what is read */
	const char *path, *text;
	size_t len;
	char *why;
	size_t why_size;
};

/* A value and the way to it: the chain lies on the stack of the functions that read. */
struct node {
	const struct node *parent;
	const cJSON *item;
};

/* Reads the value at `n` into what `into` points at.  False: refused. */
typedef bool (*read_fn)(struct reader *r, const struct node *n, void *into);

/* A key that an object may have; a table ends with an empty one. */
struct key {
	const char *name;
	bool required;
	read_fn read;
	size_t offset; /* of what it fills, in the struct of its object */
};

/* A key that fills a member of its struct; one whose reader knows where to put it. */
#define KEY(name, required, read, type, member)                     \
	{                                                           \
		name, required, read, offsetof(struct type, member) \
	}
#define KEY_HERE(name, required, read)  \
	{                               \
		name, required, read, 0 \
	}
#define KEYS_END                     \
	{                            \
		NULL, false, NULL, 0 \
	}

/* Reads all of the text: one object of these keys. */
bool read_document(struct reader *r, const struct key *keys, void *into);

/* The line on which the value stands. */
int line_of(const struct reader *r, const struct node *n);
/* Writes "FILE:LINE: KEY: ..." and is false. */
bool refuse(struct reader *r, const struct node *n, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "found (the value), expected ..." */
bool refuse_found(struct reader *r, const struct node *n, const char *expected);
/* For text that is no JSON at `offset`, or has more behind it. */
bool refuse_text(struct reader *r, size_t offset, const char *expected);
bool refuse_memory(struct reader *r);

bool read_object(struct reader *r, const struct node *n, const struct key *keys,
		 void *into);
/* Each element of an array into a new array of `size` bytes each; `list` points at the
 * pointer to it. */
bool read_array(struct reader *r, const struct node *n, read_fn read, size_t size,
		void *list, size_t *count);
/* The same for the members of an object. */
bool read_members(struct reader *r, const struct node *n, read_fn read, size_t size,
		  void *list, size_t *count);
/* A text that is not empty, into a `const char *`. */
bool read_text(struct reader *r, const struct node *n, void *into);
/* Takes whatever it is. */
bool read_anything(struct reader *r, const struct node *n, void *into);

#endif
