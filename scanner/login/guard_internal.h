/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard_internal.h - what the files of the guard share.
 *
 *     guard.c        who may log on, and what speaks for and against the credential
 *     guard_turn.c   the same account in other processes
 */
#ifndef SCANNER_LOGIN_GUARD_INTERNAL_H
#define SCANNER_LOGIN_GUARD_INTERNAL_H

#include "scanner/login/guard.h"

/* A refusal after a proof, or no proof yet, and how it is settled. */
enum doubt {
	DOUBT_NONE,
	DOUBT_HELD,    /* until the turn is ours */
	DOUBT_CHECKED, /* by a login where the credential was accepted before */
	DOUBT_ALONE,   /* by whoever logs on next */
};

/* Of a credential that is shared: see guard_share(). */
enum turn { TURN_NONE, TURN_WANTED, TURN_OURS };

struct guard {
	char *name;
	unsigned limit;
	unsigned refusals; /* since the latest accepted login */
	unsigned unjudged; /* likewise: ended without a verdict */
	unsigned repeated; /* likewise: VERDICT_REPEATS */
	bool proven;       /* a login has succeeded */
	bool stopped;      /* no further login */
	enum doubt doubt;
	bool (*check)(void *arg);
	void *check_arg;
	unsigned busy;                    /* logins being made */
	TAILQ_HEAD(, guard_seat) waiting; /* in order of arrival */

	void (*want)(void *arg, bool doubts); /* NULL: it is not shared */
	void (*ended)(void *arg);
	void *share_arg;
	enum turn turn;
	enum fault_space stop_space; /* what stopped it */
	uint32_t stop_code;

	/* For guard_note_rights(): how it began, and the latest hosts as a bit row. */
	unsigned noted, denied_at_first;
	uint64_t latest;
	bool told_denied;
};

/* guard.c: answer those who wait, first come first, as far as may be. */
void guard_answer_waiting(struct guard *g);
/* guard.c: have a doubt settled at a place that accepted us before, or else by the next
 * login. */
void guard_seek_check(struct guard *g);

/* guard_turn.c: the turn is needed and is not ours. */
bool guard_lacks_turn(const struct guard *g);
/* guard_turn.c: false: it was asked for. */
bool guard_has_turn(struct guard *g);
/* guard_turn.c: the login it was for has ended, or nobody wanted it any more. */
void guard_give_turn(struct guard *g);

#endif
