/* SPDX-License-Identifier: Apache-2.0 */
/*
 * counts.h - how many computer accounts there are, and what became of them.
 */
#ifndef REPORT_DIRECTORY_COUNTS_H
#define REPORT_DIRECTORY_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "report/directory/computer.h"

struct directory_counts {
	uint64_t total, in_scope;
	uint64_t left_out[COMPUTER_REASON_COUNT];
};

void directory_counts_add(struct directory_counts *sum,
			  const struct directory_counts *more);
/* "Active Directory lists 5216 computers: 4980 in scope, 120 disabled, 116 stale"; at
 * most `size` bytes, NUL included.  Returns `text`. */
char *directory_counts_write(const struct directory_counts *counts, char *text,
			     size_t size);
/* Enough for directory_counts_write(). */
enum { DIRECTORY_COUNTS_TEXT = 512 };

#endif
