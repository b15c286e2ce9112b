/* SPDX-License-Identifier: Apache-2.0 */
/*
 * escape.h - the one place where a string from a host becomes harmless.
 *
 * Every name, tag, error text and host name in a report was chosen by somebody else:
 * it may hold terminal escapes, markup, spreadsheet formulas, bidirectional overrides,
 * bytes that are no UTF-8.  Renderers never write such a string themselves; they call
 * the function of their format here.
 *
 * What all of them do: bytes that are no UTF-8 (also encoded surrogates) become U+FFFD;
 * characters that change what the reader sees without being seen - C0, DEL, C1,
 * bidirectional controls, line and paragraph separators, zero-width characters, tags,
 * noncharacters - are shown as "<U+202E>" (in JSON: as \u202e).  NULL prints nothing.
 *
 * Errors of the stream are sticky in the stream (ferror); nobody checks here.
 */
#ifndef REPORT_TEXT_ESCAPE_H
#define REPORT_TEXT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Reads one scalar value at `text` (NUL-terminated, not at its end); a bad byte is
 * U+FFFD and one byte long.  Returns what follows. */
const char *escape_next(const char *text, uint32_t *scalar);
/* True for the characters listed above, which are never written as they are. */
bool escape_unsafe(uint32_t scalar);

/* Text of a terminal or a plain file. */
void escape_terminal(FILE *out, const char *text);
/* The same, in exactly `columns` columns: padded with blanks, or cut with "…". */
void escape_terminal_cell(FILE *out, const char *text, unsigned columns);
/* Columns that escape_terminal() takes. */
size_t escape_terminal_width(const char *text);

/* Element content or a quoted attribute. */
void escape_html(FILE *out, const char *text);
/* The same for XML 1.0, whose Char production excludes most controls. */
void escape_xml(FILE *out, const char *text);
/* A JSON string with its quotes, or null for NULL; `<` and `>` are written as escapes,
 * so that the document may stand in an HTML script element. */
void escape_json(FILE *out, const char *text);
/* A CSV field with its quotes (RFC 4180); what a spreadsheet would take for a formula
 * gets an apostrophe in front, also behind a separator of another locale. */
void escape_csv(FILE *out, const char *text);
/* Text of Markdown (CommonMark, GitHub's and GitLab's tables): no markup, link or mention
 * comes of it. */
void escape_markdown(FILE *out, const char *text);
/* The same as a code span, for names. */
void escape_markdown_code(FILE *out, const char *text);
/* The value of a Prometheus label with its quotes, cut after 120 characters. */
void escape_label(FILE *out, const char *text);

#endif
