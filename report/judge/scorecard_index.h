/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scorecard_index.h - the rows of a scorecard by their SIDs.
 *
 * Private to the scorecard.  One hash table for all: a cell is a table (its owner) and a
 * SID, and says which row of that table it is.  Hosts choose SIDs, so the hash is keyed.
 */
#ifndef REPORT_JUDGE_SCORECARD_INDEX_H
#define REPORT_JUDGE_SCORECARD_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct score_index;

/* NULL: out of memory or of randomness. */
struct score_index *score_index_new(void);
void score_index_free(struct score_index *index);

/* The row of `sid` in table `owner` into `*row`; true when it is there. */
bool score_index_find(const struct score_index *index, uint32_t owner, const char *sid,
		      size_t *row);
/* Adds one that is not there; `sid` must live as long as the index.  False: out of
 * memory. */
bool score_index_add(struct score_index *index, uint32_t owner, const char *sid,
		     size_t row);

#endif
