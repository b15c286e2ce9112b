/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_state.h - what Group Policy declares for a right held against what the host
 * holds: is it set by a policy, by which one, and does the host follow it.
 *
 * Pure: the times of the directory and of the host's answer are compared with each other.
 * A policy is worked out for the computer account that the directory named for the host;
 * where the host is not that computer (directory_conflict, identity_conflict) there is
 * none.
 */
#ifndef REPORT_JUDGE_POLICY_STATE_H
#define REPORT_JUDGE_POLICY_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "report/directory/policy.h"
#include "report/judge/judge.h"

/* X(constant, word, sentence) */
#define POLICY_STATES(X)                                                                \
	X(POLICY_ENFORCED, "enforced", "the host holds what the GPO declares")          \
	X(POLICY_PENDING, "pending",                                                    \
	  "the policy changed so shortly before that the host may not have applied it") \
	X(POLICY_DRIFT, "drift", "the host does not hold what the GPO declares")        \
	X(POLICY_API_ADDED, "api_added",                                                \
	  "services or virtual accounts were added to what the GPO declares")           \
	X(POLICY_OTHER_GPO, "other_gpo",                                                \
	  "the host holds the list of another GPO: a filter or link differs there")     \
	X(POLICY_DEFAULT, "default", "no GPO defines it; it is as Windows sets it")     \
	X(POLICY_LOCAL, "local",                                                        \
	  "no GPO defines it; it was set on the host, or an older GPO left it behind")  \
	X(POLICY_UNKNOWN, "unknown", "what is declared or what is held is not known")

#define X(constant, word, sentence) constant,
enum policy_state { POLICY_STATES(X) POLICY_STATE_COUNT };
#undef X

const char *policy_state_word(enum policy_state s);
const char *policy_state_sentence(enum policy_state s);

/* Of one right of one host. */
struct right_policy {
	const struct policy *policy;
	struct policy_right right; /* what is declared, and by whom */
	/* The place in the policy's list whose GPO the host follows; POLICY_NOBODY: none.
	 */
	uint32_t follows;
	enum policy_state state;
};

/* The policy of the computer that the facts are of, into `*policy`; NULL: none is known.
 * Valid as policy_of() says.  False: out of memory. */
bool policy_state_find(struct policy_store *store, const struct judgement *j,
		       const struct policy **policy);
/* Sets `policy` of every right; it points into `p`.  False: out of memory. */
bool policy_state_judge(struct judgement *j, const struct policy *p);

#endif
