/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fixes.h - the places where violations can be fixed, with how many hosts one edit
 * cures.
 *
 * A place is one right in the Group Policy Object that sets it; the same GPO linked at
 * two places is one.  Where no GPO sets the right, the place is the hosts themselves, or
 * a GPO still to be made: one row a right.
 */
#ifndef REPORT_JUDGE_FIXES_H
#define REPORT_JUDGE_FIXES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/judge/judge.h"
#include "report/text/pool.h"

struct fix {
	const char *right;
	const char *domain, *id, *name; /* of the GPO; all NULL: none sets the right */
	const char *link; /* where the first host has it from; may be NULL */
	bool enforced;    /* there */
	size_t hosts;     /* that violate the right and get it from there */
};

enum { FIXES_MAX = 2000 };

struct fixes {
	struct fix *at;
	size_t count, room;
	size_t unlisted;    /* violations of places beyond FIXES_MAX */
	struct pool memory; /* private */
};

/* Every host once, with the policies of its rights known (policy_state.h); `f` is zero at
 * first.  False: out of memory. */
bool fixes_add(struct fixes *f, const struct judgement *j);
/* Those that cure most hosts first. */
void fixes_finish(struct fixes *f);
void fixes_free(struct fixes *f);

#endif
