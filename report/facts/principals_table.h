/* SPDX-License-Identifier: Apache-2.0 */
/*
 * principals_table.h - the data behind principals.c; private to it and its test.
 */
#ifndef REPORT_FACTS_PRINCIPALS_TABLE_H
#define REPORT_FACTS_PRINCIPALS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "report/facts/principals.h"

struct principal_row {
	const char *sid;
	struct principal principal;
};

struct principal_rid_row {
	uint32_t rid;
	struct principal principal; /* its name without a domain */
};

extern const struct principal_row principal_rows[]; /* sorted by strcmp of sid */
extern const size_t principal_row_count;
extern const struct principal_rid_row principal_rids[];
extern const size_t principal_rid_count;

#endif
