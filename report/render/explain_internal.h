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

/* All about one right.  False: out of memory. */
bool explain_right(const struct right *r, FILE *out);

#endif
