/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.h - what a right allows, who a principal is, what a finding means: as text.
 */
#ifndef REPORT_RENDER_EXPLAIN_H
#define REPORT_RENDER_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What there is to explain: rights, finding ids, outcomes, shipped baselines. */
void explain_topics(FILE *out);
/* The same, one by one: what explain() is certain to know by that spelling. */
void explain_each_topic(void (*fn)(const char *topic, const char *about, void *arg),
			void *arg);
/* `topic` is a right (or glob over rights), a SID or well-known name, or a finding id.
 * False
 * with `why`: nothing of that name (with the nearest), or out of memory; then nothing is
 * written. */
bool explain(const char *topic, FILE *out, char *why, size_t why_size);

#endif
