/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp.h - RFC 3339 timestamps as numbers.
 */
#ifndef REPORT_TEXT_TIMESTAMP_H
#define REPORT_TEXT_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-01-02T03:04:05.678Z" (UTC only) as milliseconds since 1970.  False: no such
 * instant; `*ms` is untouched. */
bool timestamp_parse(const char *text, int64_t *ms);

#endif
