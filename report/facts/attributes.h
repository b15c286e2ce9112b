/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attributes.h - what a user says of a file, because the file cannot: KEY=VALUE.
 *
 * They stand behind a file's path on the command line, in a list of files, and in a
 * comment of a template.  What comes later replaces what came before, but tags add up.
 */
#ifndef REPORT_FACTS_ATTRIBUTES_H
#define REPORT_FACTS_ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/facts/facts.h"

/* "host=, role=, joined=, ..." for messages. */
extern const char *const attribute_keys;

/* True when `word` begins with one of the keys and "=". */
bool attribute_is(const char *word);
/* Puts one KEY=VALUE into `f`.  False: `why` says what was found and expected, without
 * the place where it stands. */
bool attribute_take(struct facts *f, const char *word, char *why, size_t why_size);

#endif
