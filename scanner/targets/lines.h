/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h - a file or a pipe, line by line, in fixed memory and without waiting.
 */
#ifndef SCANNER_TARGETS_LINES_H
#define SCANNER_TARGETS_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum { LINES_MAX = 4096, LINES_BUFFER = 16384 };

struct lines {
	int descriptor; /* owned; -1: none */
	unsigned long number;
	long long start; /* where to rewind to */
	size_t from, to;
	bool at_end, skipping;
	char buffer[LINES_BUFFER];
};

enum lines_answer {
	LINES_ONE,      /* `text` is a line */
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
/* `text` is NUL-terminated without its line end (LF or CR LF) and may be written to; it
 * is borrowed until the next call.  `len` tells of NULs inside. */
enum lines_answer lines_next(struct lines *l, char **text, size_t *len);
/* True when `path` can be read twice, so that a look ahead costs nothing of it. */
bool lines_rewindable(const char *path);
/* To where it was opened.  False: errno tells. */
bool lines_rewind(struct lines *l);

#endif
