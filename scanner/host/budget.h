/* SPDX-License-Identifier: Apache-2.0 */
/*
 * budget.h - how much memory the answers of hosts in flight may take.
 *
 * Each host has a share for what is kept of its answers, and one for its dialogue.  What
 * goes beyond comes from a pot that all hosts of a sweep have in common; when that is
 * empty a host's further answers are refused as too large, and its rights are unknown.
 * Records that wait for the journal are of the pot, too.  So one host keeps at most
 * BUDGET_HOST_MAX, all together the pot and their shares, and ordinary hosts never need
 * the pot.
 *
 * With what the dialogue itself may take (rpc/) a host in flight stays below
 * BUDGET_IN_FLIGHT, all copies included; its line of the journal is made by the journal's
 * thread, one at a time.
 */
#ifndef SCANNER_HOST_BUDGET_H
#define SCANNER_HOST_BUDGET_H

#include <stdbool.h>
#include <stddef.h>

enum {
	BUDGET_HOST_SHARE = 64 << 10, /* an ordinary host needs a tenth of it */
	BUDGET_HOST_MAX = 1536 << 10, /* 20,480 holders without names */
	BUDGET_SWEEP_POT = 128 << 20,
	BUDGET_IN_FLIGHT = 4 << 20,
};

/* Of a sweep; begins with BUDGET_SWEEP_POT. */
struct budget_pot {
	size_t left;
	/* What has left its host and is still in memory; NULL: nothing ever. */
	size_t (*waiting)(void *arg);
	void *arg;
};

/* Of one host; begins with all zero but for `pot`, which may be NULL: a share of
 * BUDGET_HOST_MAX. */
struct host_budget {
	struct budget_pot *pot;
	size_t used, borrowed;
};

/* False: that much is not to be had, and nothing was taken. */
bool budget_take(struct host_budget *b, size_t bytes);
/* It has that much now, more or less than before; more than BUDGET_HOST_MAX is for who
 * holds the dialogue to refuse.  False: so much more is not to be had, and it has what it
 * had. */
bool budget_have(struct host_budget *b, size_t bytes);
/* The host is gone. */
void budget_return(struct host_budget *b);

#endif
