/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coverage.h - of how many computers that exist a report is: what Active Directory lists
 * compared with what was asked and assessed.
 *
 * Grows with organizational units, sites and operating systems, not with hosts; of the
 * computers that were not assessed the first few are kept by name, all are counted.
 */
#ifndef REPORT_JUDGE_COVERAGE_H
#define REPORT_JUDGE_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/counts.h"
#include "report/journal/journal_read.h"
#include "report/judge/judge.h"

enum { COVERAGE_GROUPS_MAX = 5000, COVERAGE_MISSED_MAX = 20 };

/* Computers in scope that have a record, and how many of these were assessed. */
struct coverage_counts {
	size_t asked, assessed;
};

struct coverage_group {
	const char *name; /* NULL: the directory does not say */
	struct coverage_counts counts;
};

/* By name. */
struct coverage_list {
	struct coverage_group *groups;
	size_t count, room;
	struct coverage_counts rest; /* of groups beyond COVERAGE_GROUPS_MAX */
};

/* A computer in scope that was not assessed. */
struct coverage_missed {
	const char *host, *last_logon;
	enum host_outcome outcome;
};

struct coverage {
	bool known; /* a directory gave targets */
	const struct journal_domain *domains;
	size_t domain_count;
	struct directory_counts computers; /* of all domains */
	struct coverage_counts total, roles[ROLE_COUNT];
	struct coverage_list units, sites, systems;
	struct coverage_missed missed[COVERAGE_MISSED_MAX];
	size_t missed_count; /* all of them */
	size_t strangers;    /* hosts that answered and no directory named */
	struct pool memory;  /* private */
};

/* `c` is zero; `journal` is borrowed. */
void coverage_begin(struct coverage *c, const struct journal_info *journal);
/* Every host once, in the order of host names.  False: out of memory. */
bool coverage_add(struct coverage *c, const struct judgement *j);
/* One group of the computers in scope. */
struct coverage_row {
	const char *by;   /* static: "role", "organizational_unit", "site", ... */
	const char *name; /* NULL: the directory does not say */
	struct coverage_counts counts;
};

/* The i-th row of all groups there are, by role first; those that were too many are one
 * row each of the name "(others)".  False: there is none. */
bool coverage_row(const struct coverage *c, size_t i, struct coverage_row *row);
void coverage_free(struct coverage *c);

#endif
