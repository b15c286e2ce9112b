/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h - lists that are tables: CSV with a header, as Excel and Export-Csv write it.
 *
 * Cells are separated by `,`, `;`, `|` or a tab and may stand in double quotes (RFC
 * 4180).  A header has a column of names: DNSHostName, FQDN, HostName, ComputerName,
 * ServerName, host, Name, IPAddress or IPv4Address, in any case, with blanks, `_` or `-`
 * inside.  A header of one column without quotes is taken for one only when it is
 * DNSHostName, ComputerName, host or Name.
 */
#ifndef SCANNER_TARGETS_TABLE_H
#define SCANNER_TARGETS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_NAMES_MAX = 4, TABLE_COLUMNS_MAX = 512 };

/* What to say of a row of a table whose header was none. */
extern const char *const table_expected;

struct table {
	char separator; /* 0: no table */
	char announced; /* by "sep=;"; 0: none was */
	size_t name_count;
	struct {
		size_t column;
		const char *title;
	} names[TABLE_NAMES_MAX]; /* columns of names, the best one first */
};

enum table_line {
	TABLE_NONE,      /* the list is not a table */
	TABLE_SEPARATOR, /* Excel's "sep=;": the header is the next line */
	TABLE_HEADER,
};

/* Is the first line of a list, neither empty nor a comment, the header of a table? */
enum table_line table_begin(struct table *t, const char *line);
/* The cells of the columns of names, cut in place, "" where the row has none, and without
 * blanks around.  False: a quote is
 * not closed, or text follows one. */
bool table_row(const struct table *t, char *row, char *cells[TABLE_NAMES_MAX]);
/* True when no cell of it has anything in it. */
bool table_is_blank(const char *row);
/* The first of them that is not empty; "" when the whole row is empty; NULL when it has
 * other cells, but no name. */
char *table_name(const struct table *t, char *row);

#endif
