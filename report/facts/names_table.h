/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names_table.h - the names of principals in the languages of Windows.  Private to
 * names.c and its test.
 */
#ifndef REPORT_FACTS_NAMES_TABLE_H
#define REPORT_FACTS_NAMES_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* `sid`: a SID, or MACHINE-RID or DOMAIN-RID.  `names`: each with a `|` behind it.
 * `behind`: words that an account may have for a name ("RED"), so that they count behind
 * the name of an authority alone. */
struct names_row {
	const char *sid;
	bool behind;
	const char *names;
};

extern const struct names_row names_rows[];
extern const size_t names_row_count;
/* What stands before the backslash where Windows itself issues the name, in the same
 * form: "BUILTIN|", "NT AUTHORITY|" in every language. */
extern const char *const names_authorities;

#endif
