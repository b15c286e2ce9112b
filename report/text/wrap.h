/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrap.h - words of a paragraph in lines of a given width: the one word wrapper.
 */
#ifndef REPORT_TEXT_WRAP_H
#define REPORT_TEXT_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* Writes `text` (NULL: nothing), escaped for a terminal, and ends the line.  The first
 * word goes to column `at` (from 0), where the stream is; the following lines begin with
 * `indent` blanks; none is wider than `columns`, but for an `indent` that leaves no room.
 * A word wider than a line is cut with "…".  Errors are sticky in the stream. */
void wrap_words(FILE *out, const char *text, size_t columns, size_t indent, size_t at);
/* The same from the beginning of a line, all of it behind `indent` blanks. */
void wrap_paragraph(FILE *out, const char *text, size_t columns, size_t indent);

#endif
