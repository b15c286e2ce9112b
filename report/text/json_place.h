/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_place.h - on which line of a JSON text a value stands.
 *
 * cJSON forgets where things were; a message about a file has to say it.  A value is
 * named by the way to it: the ordinal of each member or element from the root down.
 */
#ifndef REPORT_TEXT_JSON_PLACE_H
#define REPORT_TEXT_JSON_PLACE_H

#include <stddef.h>

/* The line, from 1, on which the value (for a member: its key) begins.  The text must be
 * valid JSON; a way that leads nowhere ends at the last value it reached. */
int json_place_line(const char *text, size_t len, const size_t *way, size_t steps);
/* The line of a byte. */
int json_place_line_at(const char *text, size_t offset);

#endif
