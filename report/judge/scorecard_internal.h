/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scorecard_internal.h - what the files of the scorecard share among themselves.
 */
#ifndef REPORT_JUDGE_SCORECARD_INTERNAL_H
#define REPORT_JUDGE_SCORECARD_INTERNAL_H

#include "report/judge/scorecard.h"
#include "report/judge/scorecard_index.h"

/* Adds the holders and the missing ones of a host; `rows[i]` is the row of its i-th
 * right, NULL: that right is not listed.  False: out of memory. */
bool scorecard_add_principals(struct scorecard *s, const struct judgement *j,
			      struct score_right *const *rows);
/* What most hosts call that principal, while the principals stand in the order of their
 * coming; NULL: no name, or not listed. */
const char *scorecard_principal_name(const struct scorecard *s, const char *sid);

#endif
