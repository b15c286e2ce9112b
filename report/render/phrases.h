/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phrases.h - phrases and orders that several renderers share.
 */
#ifndef REPORT_RENDER_PHRASES_H
#define REPORT_RENDER_PHRASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/render/render.h"

/* "1,234,567" into `out` (32 bytes do); returns `out`. */
char *phrase_count(size_t n, char *out, size_t out_size);
/* "4,700 of 4,908 hosts (95.8 %)", or "0 of 0 hosts"; `what` may be "".  A percentage
 * never stands alone. */
char *phrase_share(size_t part, size_t whole, const char *what, char *out,
		   size_t out_size);
/* "member servers", "member server" for 1. */
const char *phrase_role(enum role role, size_t n);
/* "412 member servers and 3 domain controllers", controllers first. */
char *phrase_where(const size_t hosts[ROLE_COUNT], char *out, size_t out_size);

/* True for a holder that a reader has to know of: extra or obsolete, also when waived. */
bool phrase_unexpected(const struct finding *f);
/* Why a right of a host is not assessed, with the likely cause. */
const char *phrase_unknown_right(const struct right_judgement *r);
/* The same for a whole host. */
const char *phrase_unknown_host(const struct judgement *j);

/* One right of one principal that some baseline rule does not want. */
struct unexpected {
	const struct score_principal *principal;
	const struct score_grant *grant;
	const struct score_entry *entry; /* the worst of the roles */
	size_t hosts;                    /* of all roles together */
};
/* The `most` unexpected ones on most hosts, best first; free() it.  `*count` is how many
 * are in the list, `*all` how many there are.  NULL: out of memory. */
struct unexpected *phrase_unexpected_most(const struct scorecard *s, size_t most,
					  size_t *count, size_t *all);

/* One line of the list of findings: a principal too many or too few in a role. */
struct finding_row {
	enum role role;
	const struct score_right *right;
	const struct score_entry *entry;
	bool missing;
};
/* All of them, worst first, then most hosts; free() it.  NULL: out of memory. */
struct finding_row *phrase_findings(const struct scorecard *s, size_t *count);
/* What cures it, as an imperative sentence about all hosts of the role. */
char *phrase_mend(const struct finding_row *row, char *out, size_t out_size);

#endif
