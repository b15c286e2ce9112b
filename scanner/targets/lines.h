/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h - a text file or a pipe, line by line, in fixed memory and without waiting.
 *
 * Any encoding of report/text/decode.h (what is no UTF-8 is windows-1252); a line ends by
 * LF, CR LF or CR.  Of a table (table.h) a line is a row: a quoted cell may have line
 * ends inside.
 */
#ifndef SCANNER_TARGETS_LINES_H
#define SCANNER_TARGETS_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/text/decode.h"
#include "scanner/targets/table.h"

enum { LINES_MAX = 4096, LINES_BUFFER = 16384 };

struct lines {
	int descriptor;       /* owned; -1: none */
	unsigned long number; /* of the line given last; of a row its first */
	unsigned long next_number;
	long long start; /* where to rewind to */
	struct decoder decoder;
	struct table table;
	bool begun; /* the first line that is neither empty nor a comment was met */
	size_t from, to, seen; /* in `buffer`; looked at as far as `seen` */
	bool at_end, skipping;
	/* What stands before `seen`: */
	bool after_cr, at_cell, in_quotes, after_quote;
	unsigned long inside; /* line ends in quoted cells of this row */
	char buffer[LINES_BUFFER];
};

enum lines_answer {
	LINES_ONE,      /* `text` is a line, of a table a row */
	LINES_HEADER,   /* the list is a table: `text` is the title of the column read */
	LINES_TOO_LONG, /* a line of more than LINES_MAX bytes was passed over */
	LINES_LATER,    /* nothing there yet */
	LINES_END,
	LINES_FAILED, /* errno tells */
};

/* "-" is stdin, which is not closed at the end.  False: errno tells. */
bool lines_open(struct lines *l, const char *path);
/* Go on with a regular file that is open already, at its beginning; it is taken over. */
void lines_take(struct lines *l, int descriptor);
/* Gives the open file away, to be closed by the caller; -1: it is stdin. */
int lines_give(struct lines *l);
void lines_close(struct lines *l);
/* `text` is UTF-8, NUL-terminated without its line end, and may be written to (but for a
 * title); it is borrowed until the next call. */
enum lines_answer lines_next(struct lines *l, char **text, size_t *len);
/* True when `path` can be read twice, so that a look ahead costs nothing of it. */
bool lines_rewindable(const char *path);
/* To where it was opened.  False: errno tells. */
bool lines_rewind(struct lines *l);

#endif
