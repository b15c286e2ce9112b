/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline_internal.h - what the files of the baseline share among themselves.
 */
#ifndef REPORT_BASELINE_BASELINE_INTERNAL_H
#define REPORT_BASELINE_BASELINE_INTERNAL_H

#include <stdbool.h>

#include "report/baseline/baseline.h"

/* What reference_parse() takes, for messages. */
extern const char *const reference_forms;

/* Lists of references are a pointer and a count, side by side. */
struct references {
	struct reference *list;
	size_t count;
};

struct reader;
struct node;

/* A principal, into a struct reference; the list of waivers, into a struct references. */
bool read_reference(struct reader *r, const struct node *n, void *into);
bool read_waivers(struct reader *r, const struct node *n, void *into);

/* Puts the rules of the baseline that `b` extends, if any, under its own.  False: `why`
 * says it all. */
bool baseline_join(struct baseline *b, char *why, size_t why_size);

/* All of a file as UTF-8, to be freed; NULL: `why` says it.  `expected` names what the
 * file should be, for the message. */
char *baseline_read_file(const char *path, const char *expected, size_t *len, char *why,
			 size_t why_size);

/* Shipped baselines: generated when the program is built
 * (report/baseline/baselines/embed.cmake).
 */
struct baseline_asset {
	const char *name;
	const unsigned char *text; /* NUL-terminated */
	size_t len;
};

extern const struct baseline_asset baseline_assets[]; /* the last has no name */

#endif
