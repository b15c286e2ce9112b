/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ranking.h - which findings and which principals a summary names first.
 *
 * The order is the same in every format.  A list that is cut loses its least severe rows.
 */
#ifndef REPORT_RENDER_RANKING_H
#define REPORT_RENDER_RANKING_H

#include <stdbool.h>
#include <stddef.h>

#include "report/judge/scorecard.h"

/* One row of the findings: a principal too many or too few in a role. */
struct finding_row {
	enum role role;
	const struct score_right *right;
	const struct score_entry *entry;
	bool missing;
};
/* All of them, worst first, then those on most hosts; free() it.  NULL: out of memory. */
struct finding_row *ranking_findings(const struct scorecard *s, size_t *count);

/* On how many hosts, at most, the rows from `first` on are: a host may be in several. */
size_t ranking_hosts_of(const struct finding_row *rows, size_t first, size_t count,
			size_t all_hosts);

/* One right of one principal that some baseline rule does not expect. */
struct unexpected {
	const struct score_principal *principal;
	const struct score_grant *grant;
	const struct score_entry *entry; /* the worst of the roles */
	size_t hosts;                    /* of all roles together */
};
/* The `most` that are the worst, and of these on most hosts, these first; free() it.
 * `*count` is how many are in the list, `*all` how many there are.  NULL: out of memory.
 */
struct unexpected *ranking_unexpected(const struct scorecard *s, size_t most,
				      size_t *count, size_t *all);

#endif
