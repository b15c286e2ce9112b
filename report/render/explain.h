/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.h - what a right allows, who a principal is, what a finding means: as text.
 */
#ifndef REPORT_RENDER_EXPLAIN_H
#define REPORT_RENDER_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What there is to explain: rights, finding ids, shipped baselines. */
void explain_topics(FILE *out);
/* `topic` is a right (or glob over rights), a SID or well-known name, or a finding id.
 * False
 * with `why`: nothing of that name (with the nearest), or out of memory; then nothing is
 * written. */
bool explain(const char *topic, FILE *out, char *why, size_t why_size);

#endif
