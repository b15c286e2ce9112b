/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain_internal.h - the parts of `lsasweep explain`.
 */
#ifndef REPORT_RENDER_EXPLAIN_INTERNAL_H
#define REPORT_RENDER_EXPLAIN_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "report/facts/rights.h"

enum { EXPLAIN_COLUMNS = 80 };

/* What a word of the closed lists means: outcomes, verdicts, labels, roles.  False: it is
 * in none. */
bool explain_outcome(const char *topic, FILE *out);
/* All these words, a paragraph a list; and one by one, each once. */
void explain_outcomes(FILE *out);
void explain_each_outcome(void (*fn)(const char *topic, const char *about, void *arg),
			  void *arg);

/* All about one right.  False: out of memory. */
bool explain_right(const struct right *r, FILE *out);

#endif
