/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glob.h - patterns with `*` (any text) and `?` (any one byte), without regard to case.
 */
#ifndef REPORT_TEXT_GLOB_H
#define REPORT_TEXT_GLOB_H

#include <stdbool.h>

/* True when `pattern` describes the whole of `text`; at most pattern times text steps. */
bool glob_match(const char *pattern, const char *text);

#endif
