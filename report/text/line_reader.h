/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line_reader.h - the lines of a stream, whatever their length, in bounded memory.
 *
 * A line longer than the ceiling is read to its end and its bytes are dropped: only its
 * length is told.  So an endless line costs time, and no memory.
 */
#ifndef REPORT_TEXT_LINE_READER_H
#define REPORT_TEXT_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct line_reader {
	FILE *stream;   /* borrowed; may be NULL before line_reader_open() */
	size_t ceiling; /* bytes of the longest line that is kept, its newline included */
	char *line;     /* owned; at most `ceiling` bytes and a NUL behind them */
	size_t room;
	uint64_t length; /* of the line read last, its newline included */
	bool too_long;   /* that line is longer than the ceiling: `line` is no line */
	bool is_last;    /* nothing stands behind that line */
	bool failed;     /* the stream could not be read (errno), or memory was out */
	/* private: what was read ahead */
	char block[1 << 16];
	size_t at, end;
};

/* `r` may be big: keep it off small stacks.  Free it with line_reader_close(). */
void line_reader_open(struct line_reader *r, FILE *stream, size_t ceiling);
/* Reads the next line.  False: the end, or `failed`. */
bool line_reader_next(struct line_reader *r);
/* Frees the line; the stream stays open. */
void line_reader_close(struct line_reader *r);

#endif
