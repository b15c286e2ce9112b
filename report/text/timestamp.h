/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp.h - RFC 3339 timestamps as numbers, and back.
 */
#ifndef REPORT_TEXT_TIMESTAMP_H
#define REPORT_TEXT_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-01-02T03:04:05.678Z" (UTC only) as milliseconds since 1970.  False: no such
 * time; `*ms` is untouched. */
bool timestamp_parse(const char *text, int64_t *ms);
/* The same from its parts; months and days count from 1. */
bool timestamp_of(int year, int month, int day, int hour, int minute, int second,
		  int64_t *ms);

/* The other way round: "2026-01-02T03:04:05.678Z", whatever the time zone here.  A number
 * that RFC 3339 has no year for is the year 1970. */
enum { TIMESTAMP_MAX = 40 };
void timestamp_write(int64_t ms, char text[static TIMESTAMP_MAX]);

#endif
