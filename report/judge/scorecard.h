/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scorecard.h - judgements added up: per role, per right, per principal.
 *
 * Grows with roles, rights and principals, never with hosts: accounts of a machine itself
 * are folded over machines ("MACHINE-500", "MACHINE\svc").  A host may bring only so many
 * principals that no host before it had, the fewer the fuller the table is, its worst
 * findings first; what is beyond is counted and not listed.  So hosts that invent
 * principals cannot keep those of other hosts out.
 *
 * The name of a principal is what most hosts call it; one host's name for it never
 * decides against others (`names_differ` says that there were others).
 *
 * Add judgements in any order; after scorecard_finish() everything is sorted: roles in
 * the order of enum role, rights by name, SIDs by text.
 */
#ifndef REPORT_JUDGE_SCORECARD_H
#define REPORT_JUDGE_SCORECARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/judge/judge.h"
#include "report/judge/scorecard_votes.h"
#include "report/text/pool.h"

enum {
	SCORECARD_PRINCIPALS_MAX = 60000,
	/* of each role, beyond the rights of the catalogue */
	SCORECARD_RIGHTS_MAX = 64,
};

struct score_counts {
	size_t hosts;
	size_t assessed; /* compliant + violation */
	size_t compliant, violation, unknown;
};

/* A principal that is too many or too few somewhere. */
struct score_entry {
	const char *sid, *name, *reason; /* name and reason may be NULL */
	enum finding_kind kind;          /* the worst that was seen */
	enum severity severity;
	size_t hosts;  /* counting against them */
	size_t waived; /* hosts where a waiver covers it */
	/* the same for entries of exactly the same hosts, different (but for 1 in 2^64)
	 * for others; the sum over roles is that of all these hosts */
	uint64_t hosts_mark;
	size_t last_host; /* private: the last one counted here */
};

struct score_list {
	struct score_entry *entries;
	size_t count, room;
};

struct score_right {
	const char *name;
	const struct right *right; /* NULL: not in the catalogue */
	/* what was expected; where generations differ: of the first host judged */
	const struct baseline_rule *rule;
	bool rules_differ;
	size_t compliant, violation, unknown, not_applicable;
	size_t suspect;             /* hosts with collection_suspect */
	size_t states[STATE_COUNT]; /* hosts at default, user-defined, empty, unknown */
	size_t outcomes[RIGHT_OUTCOME_COUNT];
	size_t answered[RIGHT_OUTCOME_COUNT]; /* of these, on hosts that `answered` */
	struct score_list extra, missing;     /* extra: also obsolete */
};

struct score_role {
	struct score_counts counts;
	struct score_right *rights;
	size_t right_count, right_room;
};

/* One right of one principal, and on how many hosts of each role. */
struct score_grant {
	const char *right;
	size_t hosts[ROLE_COUNT];
	size_t unexpected[ROLE_COUNT]; /* of these, where it is extra or obsolete */
	size_t last_host;              /* private */
};

struct score_principal {
	const char *sid, *name; /* what most hosts call it; may be NULL */
	bool names_differ;      /* some host calls it otherwise */
	enum principal_class class;
	struct score_grant *grants;
	size_t grant_count, grant_room;
	size_t hosts;             /* the largest count of one right: "on 412 hosts" */
	struct score_votes votes; /* private: for its name */
	size_t last_host;         /* private */
};

struct score_waiver {
	size_t used;    /* holders it covers today */
	size_t expired; /* holders it would cover, had it not expired */
};

struct scorecard {
	const struct baseline *baseline;
	struct score_counts total;
	size_t outcomes[HOST_OUTCOME_COUNT];
	size_t findings[SEVERITY_COUNT]; /* that count against a host */
	size_t findings_waived;
	size_t conflicts;           /* hosts whose sources disagree on the role */
	size_t directory_conflicts; /* hosts that their accounts do not fit */
	size_t identity_conflicts;  /* hosts that may be other ones */
	/* hosts with an answer that cannot be complete; of these: assessed, because they
	 * are in violation all the same */
	size_t suspect, suspect_assessed;
	struct score_role roles[ROLE_COUNT];
	struct score_principal *principals;
	size_t principal_count, principal_room;
	size_t principals_unlisted; /* holders that are counted and not listed */
	size_t unlisted_hosts;      /* hosts that have such ones */
	size_t rights_unlisted; /* answers about rights that are counted nowhere else */
	size_t entry_count;     /* private: in all lists */
	size_t new_principals, new_entries; /* private: of the host being added */
	struct score_waiver *waivers;       /* as many as the baseline has */
	struct score_index *index;          /* private */
	struct pool memory;                 /* private: strings and sorted lists */
};

/* NULL: out of memory.  `b` must outlive it. */
struct scorecard *scorecard_new(const struct baseline *b);
void scorecard_free(struct scorecard *s);
/* False: out of memory. */
bool scorecard_add(struct scorecard *s, const struct judgement *j);
void scorecard_finish(struct scorecard *s);

/* SPEC's exit code of the sweep so far: 0 every host assessed and compliant, 1
 * violations, 3 incomplete, 4 both.  No host at all is 0. */
int scorecard_exit_code(const struct scorecard *s);

#endif
