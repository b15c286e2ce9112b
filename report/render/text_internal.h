/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_internal.h - what the parts of the text report share: its width and its colours.
 */
#ifndef REPORT_RENDER_TEXT_INTERNAL_H
#define REPORT_RENDER_TEXT_INTERNAL_H

#include <stdio.h>

#include "report/render/render.h"

enum { TEXT_COLUMNS = 80 };

enum text_colour { PLAIN, BOLD, RED, YELLOW, GREEN, FAINT };

/* How much of each list the report has, in rows or lines. */
struct text_limits {
	size_t findings, holders, groups, missed, waivers;
	size_t violation_lines, unknown_lines; /* of the hosts */
};

/* All with `full`; of a sweep of more hosts than a reader goes through, what fits on a
 * few screens (200 lines); else most. */
const struct text_limits *text_limits(const struct rendering *r);

/* From here on in that colour, where colours are wanted. */
void text_paint(const struct rendering *r, FILE *out, enum text_colour colour);
/* The name of a section, behind an empty line. */
void text_heading(const struct rendering *r, FILE *out, const char *text);
/* A paragraph behind `indent` blanks. */
void text_line(FILE *out, size_t indent, const char *text);
/* How bad it is, in eight columns and its colour. */
void text_severity(const struct rendering *r, enum severity severity, const char *word);

/* Everything above the single hosts (text_summary.c). */
void text_summary(struct rendering *r);

#endif
