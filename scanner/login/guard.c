/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what speaks against a credential, and hands the logins out. */
#include "scanner/login/guard.h"

#include <stdlib.h>
#include <string.h>

#include "rpc/wire/ntstatus.h"
#include "scanner/console/log.h"
#include "scanner/login/verdict.h"

/* So many hosts in a row that refuse an account for its restrictions stop it. */
enum { REPEATS_MOST = 3 };

struct guard {
	char *name;
	unsigned limit;
	unsigned refusals;         /* since the latest accepted login */
	unsigned unjudged;         /* likewise: ended without a verdict */
	unsigned repeated;         /* likewise: VERDICT_REPEATS */
	bool proven;               /* a login has succeeded */
	bool stopped;              /* no further login */
	unsigned busy;             /* logins being made */
	struct guard_seat waiting; /* list head, in order of arrival */

	/* For guard_note_rights(): how it began, and the latest hosts as a bit row. */
	unsigned noted, denied_at_first;
	uint64_t latest;
	bool told_denied;
};

/* Proven, and nothing has been said against it since. */
static bool is_sure(const struct guard *g)
{
	return g->proven && g->refusals == 0;
}

struct guard *guard_new(const char *name, unsigned limit)
{
	struct guard *g = calloc(1, sizeof *g);

	if (!g)
		return NULL;
	g->name = strdup(name);
	if (!g->name) {
		free(g);
		return NULL;
	}
	g->limit = limit ? limit : 1;
	g->waiting.next = g->waiting.previous = &g->waiting;
	return g;
}

void guard_free(struct guard *g)
{
	if (!g)
		return;
	free(g->name);
	free(g);
}

enum guard_answer guard_state(const struct guard *g)
{
	if (g->stopped)
		return GUARD_STOP;
	return is_sure(g) || !g->busy ? GUARD_GO : GUARD_WAIT;
}

enum guard_answer guard_ask(struct guard *g, struct guard_seat *seat)
{
	enum guard_answer answer = guard_state(g);

	seat->guard = g;
	seat->proof_sent = false;
	if (answer == GUARD_GO) {
		seat->logging_on = true;
		g->busy++;
	} else if (answer == GUARD_WAIT) {
		seat->waiting = true;
		seat->next = &g->waiting;
		seat->previous = g->waiting.previous;
		seat->previous->next = seat;
		g->waiting.previous = seat;
	}
	return answer;
}

bool guard_open(const struct guard_seat *seat)
{
	return !seat->guard || !seat->guard->stopped;
}

static void unlink_seat(struct guard_seat *seat)
{
	seat->next->previous = seat->previous;
	seat->previous->next = seat->next;
	seat->next = seat->previous = NULL;
	seat->waiting = false;
}

/* Answer those who wait, first come first; stops when the next must wait.  `told` may
 * ask, report or leave in turn, so the list is looked at afresh each time. */
static void answer_waiting(struct guard *g)
{
	while (g->waiting.next != &g->waiting && guard_state(g) != GUARD_WAIT) {
		struct guard_seat *seat = g->waiting.next;

		unlink_seat(seat);
		if (guard_state(g) == GUARD_GO) {
			seat->logging_on = true;
			g->busy++;
			seat->told(seat, GUARD_GO);
		} else {
			seat->told(seat, GUARD_STOP);
		}
	}
}

static void end_login(struct guard_seat *seat)
{
	if (!seat->logging_on)
		return;
	seat->logging_on = false;
	seat->guard->busy--;
}

void guard_proof_sent(struct guard_seat *seat)
{
	seat->proof_sent = true;
}

void guard_accepted(struct guard_seat *seat)
{
	if (!seat->logging_on)
		return;
	end_login(seat);
	seat->guard->proven = true;
	seat->guard->refusals = seat->guard->unjudged = seat->guard->repeated = 0;
	answer_waiting(seat->guard);
}

static bool is_over(const struct guard *g)
{
	unsigned most = g->limit < 2 ? 2 : g->limit;

	if (g->proven)
		return g->refusals >= most || g->unjudged >= most;
	return g->refusals >= g->limit || g->refusals + g->unjudged >= most;
}

/* "the credential "admins" was refused: WHAT (CODE)WHY; no further login ..." */
static void stop_for(struct guard *g, const struct fault *fault, const char *why)
{
	const char *code = status_name(fault->space, fault->code);

	g->stopped = true;
	log_say(LOG_ERRORS, NULL, "credential guard",
		"%s%s%s was refused: %s%s%s%s%s; no further login is tried with it",
		*g->name ? "the credential \"" : "the credential", g->name,
		*g->name ? "\"" : "", fault->what, code ? " (" : "", code ? code : "",
		code ? ")" : "", why);
}

static void count_refusal(struct guard *g, const struct fault *fault, bool locked)
{
	g->refusals++;
	if (!g->stopped && (is_over(g) || (!g->proven && locked)))
		stop_for(g, fault, "");
}

static void count_repeated(struct guard *g, const struct fault *fault)
{
	if (++g->repeated >= REPEATS_MOST && !g->stopped)
		stop_for(g, fault, ", by one host after another");
}

static void count_unjudged(struct guard *g)
{
	if (is_sure(g))
		return;
	g->unjudged++;
	if (g->stopped || !is_over(g))
		return;
	g->stopped = true;
	log_say(LOG_ERRORS, NULL, "credential guard",
		"no verdict on %s%s%s: %u logins ended without one after the proof of "
		"the password was sent, and each may count as a wrong password; no "
		"further login is tried with it",
		*g->name ? "the credential \"" : "the credential", g->name,
		*g->name ? "\"" : "", g->unjudged);
}

void guard_refused(struct guard_seat *seat, const struct fault *fault)
{
	struct guard *g = seat->guard;

	if (!seat->logging_on)
		return;
	end_login(seat);
	switch (verdict_of(fault)) {
	case VERDICT_COUNTS:
		count_refusal(g, fault, false);
		break;
	case VERDICT_LOCKED:
		count_refusal(g, fault, true);
		break;
	case VERDICT_UNKNOWN:
		if (!g->proven)
			count_refusal(g, fault, false);
		break;
	case VERDICT_REPEATS:
		count_repeated(g, fault);
		break;
	case VERDICT_NONE:
		if (seat->proof_sent)
			count_unjudged(g);
		break;
	case VERDICT_PLACE:
		break;
	}
	answer_waiting(g);
}

void guard_leave(struct guard_seat *seat)
{
	if (seat->waiting)
		unlink_seat(seat);
	if (!seat->logging_on)
		return;
	end_login(seat);
	if (seat->proof_sent)
		count_unjudged(seat->guard);
	answer_waiting(seat->guard);
}

/* Among the first NOTED_FIRST hosts at most a tenth may be refused for a good start; then
 * half of the latest 64 make a rising share. */
enum { NOTED_FIRST = 20, LATEST = 64 };

void guard_note_rights(struct guard *g, bool denied)
{
	g->noted++;
	g->latest = g->latest << 1 | denied;
	if (g->noted <= NOTED_FIRST)
		g->denied_at_first += denied;
	if (g->told_denied || g->noted < NOTED_FIRST + LATEST ||
	    g->denied_at_first * 10 > NOTED_FIRST)
		return;
	if (__builtin_popcountll(g->latest) * 2 < LATEST)
		return;
	g->told_denied = true;
	log_say(LOG_WARNINGS, NULL, "credential guard",
		"%d of the latest %d hosts refused their rights after a good start: has "
		"the account lost its administrators' membership?",
		__builtin_popcountll(g->latest), LATEST);
}

bool guard_stopped(const struct guard *g)
{
	return g->stopped;
}

unsigned guard_refusals(const struct guard *g)
{
	return g->refusals;
}
