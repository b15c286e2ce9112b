/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scorecard_votes.h - which of several texts most hosts use for one thing.
 *
 * A name belongs to the host that reported it; what many hosts say counts.  A few
 * candidates with a count each are kept (Misra and Gries, 1982): a text that more than
 * half of the hosts use wins, whatever the others make up and in whatever order they
 * come.
 */
#ifndef REPORT_JUDGE_SCORECARD_VOTES_H
#define REPORT_JUDGE_SCORECARD_VOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/text/pool.h"

enum { SCORE_CANDIDATES = 3 };

/* All zero: no vote yet. */
struct score_votes {
	struct score_candidate {
		char *text; /* NULL: free */
		size_t room, votes;
		unsigned note; /* what the voter says of it, for the winner to keep */
	} candidates[SCORE_CANDIDATES];
	bool differ; /* there were two texts or more */
};

/* One vote for `text`, which is copied into `memory`.  False: out of memory. */
bool score_votes_add(struct score_votes *v, struct pool *memory, const char *text,
		     unsigned note);
/* The candidate with most votes, of equals the first by strcmp(); NULL: none. */
const struct score_candidate *score_votes_winner(const struct score_votes *v);

#endif
