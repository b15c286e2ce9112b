/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline_internal.h - what the files of the baseline share among themselves.
 */
#ifndef REPORT_BASELINE_BASELINE_INTERNAL_H
#define REPORT_BASELINE_BASELINE_INTERNAL_H

#include <stdbool.h>

#include "report/baseline/baseline.h"

/* What reference_parse() takes, for messages. */
extern const char *const reference_forms;

/* Shipped baselines: generated when the program is built
 * (report/baseline/baselines/embed.cmake).
 */
struct baseline_asset {
	const char *name;
	const unsigned char *text; /* NUL-terminated */
	size_t len;
};

extern const struct baseline_asset baseline_assets[]; /* the last has no name */

#endif
