/* SPDX-License-Identifier: Apache-2.0 */
/* Counts what speaks against a credential, and hands the logins out. */
#include "scanner/login/guard_internal.h"

#include <stdlib.h>
#include <string.h>

#include "rpc/wire/ntstatus.h"
#include "scanner/console/log.h"
#include "scanner/login/verdict.h"

/* So many hosts in a row that refuse an account for its restrictions stop it. */
enum { REPEATS_MOST = 3 };

static unsigned most(const struct guard *g)
{
	return g->limit < 2 ? 2 : g->limit;
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
	TAILQ_INIT(&g->waiting);
	return g;
}

void guard_free(struct guard *g)
{
	if (!g)
		return;
	free(g->name);
	free(g);
}

void guard_set_check(struct guard *g, bool (*check)(void *arg), void *arg)
{
	g->check = check;
	g->check_arg = arg;
}

/* ---- who may log on ---- */

enum guard_answer guard_state(const struct guard *g)
{
	if (g->stopped)
		return GUARD_STOP;
	if (g->doubt == DOUBT_CHECKED || (g->turn == TURN_WANTED && guard_lacks_turn(g)))
		return GUARD_WAIT;
	return (g->proven && !g->doubt) || !g->busy ? GUARD_GO : GUARD_WAIT;
}

static enum guard_answer state_for(const struct guard *g, const struct guard_seat *seat)
{
	return seat->checks && !g->stopped ? GUARD_GO : guard_state(g);
}

static void take_seat(struct guard_seat *seat)
{
	seat->settles = seat->checks || seat->guard->doubt == DOUBT_ALONE;
	seat->logging_on = true;
	seat->guard->busy++;
}

enum guard_answer guard_ask(struct guard *g, struct guard_seat *seat)
{
	enum guard_answer answer = state_for(g, seat);

	seat->guard = g;
	seat->proof_sent = false;
	if (answer == GUARD_GO && !guard_has_turn(g))
		answer = GUARD_WAIT;
	if (answer == GUARD_GO) {
		take_seat(seat);
	} else if (answer == GUARD_WAIT) {
		seat->waiting = true;
		TAILQ_INSERT_TAIL(&g->waiting, seat, others);
	}
	return answer;
}

static void unlink_seat(struct guard_seat *seat)
{
	TAILQ_REMOVE(&seat->guard->waiting, seat, others);
	seat->waiting = false;
}

/* Answer those who wait, first come first; stops when the next must wait.  `told` may
 * ask, report or leave in turn, so the list is looked at afresh each time. */
void guard_answer_waiting(struct guard *g)
{
	struct guard_seat *seat;

	while ((seat = TAILQ_FIRST(&g->waiting)) && guard_state(g) != GUARD_WAIT) {
		enum guard_answer answer = guard_state(g);

		if (answer == GUARD_GO && !guard_has_turn(g))
			return;
		unlink_seat(seat);
		if (answer == GUARD_GO)
			take_seat(seat);
		seat->told(seat, answer);
	}
	guard_give_turn(g);
}

static void end_login(struct guard_seat *seat)
{
	if (!seat->logging_on)
		return;
	seat->logging_on = false;
	seat->guard->busy--;
}

/* A doubt, or the lack of a proof, holds back who has proved nothing yet. */
enum guard_answer guard_may_prove(const struct guard_seat *seat)
{
	const struct guard *g = seat->guard;

	if (!g)
		return GUARD_GO;
	if (g->stopped)
		return GUARD_STOP;
	if (seat->settles || seat->proof_sent || (g->proven && !g->doubt))
		return GUARD_GO;
	if (guard_lacks_turn(g))
		return GUARD_WAIT;
	return g->busy == 1 && g->doubt != DOUBT_CHECKED ? GUARD_GO : GUARD_WAIT;
}

enum guard_answer guard_ask_proof(struct guard_seat *seat)
{
	enum guard_answer answer = guard_may_prove(seat);

	if (answer != GUARD_WAIT)
		return answer;
	end_login(seat);
	return guard_ask(seat->guard, seat);
}

void guard_proof_sent(struct guard_seat *seat)
{
	seat->proof_sent = true;
}

/* ---- what speaks for and against it ---- */

static void clear(struct guard *g)
{
	g->refusals = g->unjudged = g->repeated = 0;
	g->doubt = DOUBT_NONE;
}

/* While in doubt only the login that is to settle it is heard: another may have been
 * judged before the password was changed. */
static bool is_heard(const struct guard_seat *seat)
{
	return !seat->guard->doubt || seat->settles;
}

void guard_accepted(struct guard_seat *seat)
{
	struct guard *g = seat->guard;

	if (!seat->logging_on)
		return;
	end_login(seat);
	if (is_heard(seat)) {
		clear(g);
		g->proven = true;
	}
	guard_give_turn(g);
	guard_answer_waiting(g);
}

void guard_prove(struct guard *g)
{
	clear(g);
	g->proven = true;
	guard_answer_waiting(g);
}

/* "the credential "admins" was refused: WHAT (CODE)WHY; no further login ..." */
static void stop_for(struct guard *g, const struct fault *fault, const char *why)
{
	const char *code = fault->code ? status_name(fault->space, fault->code) : NULL;

	if (g->stopped)
		return;
	g->stopped = true;
	g->stop_space = fault->space;
	g->stop_code = fault->code;
	log_say(LOG_ERRORS, NULL, "credential guard",
		"%s%s%s was refused: %s%s%s%s%s; no further login is tried with it",
		*g->name ? "the credential \"" : "the credential", g->name,
		*g->name ? "\"" : "", fault->what, code ? " (" : "", code ? code : "",
		code ? ")" : "", why);
}

/* Have it settled at a place that accepted us before, or else by the next login. */
void guard_seek_check(struct guard *g)
{
	g->doubt = DOUBT_HELD;
	if (!guard_has_turn(g))
		return;
	if (g->check && g->check(g->check_arg))
		g->doubt = DOUBT_CHECKED;
	else
		g->doubt = g->proven ? DOUBT_ALONE : DOUBT_NONE;
}

void guard_check_first(struct guard *g)
{
	if (!g->proven && !g->stopped)
		guard_seek_check(g);
}

void guard_check_ended(struct guard *g)
{
	if (g->doubt == DOUBT_CHECKED && !g->stopped)
		guard_seek_check(g);
	guard_answer_waiting(g);
}

static void count_unproven(struct guard *g, const struct fault *fault, bool locked)
{
	g->refusals++;
	if (locked || g->refusals >= g->limit || g->refusals + g->unjudged >= most(g))
		stop_for(g, fault, "");
}

/* Refused by the login that was to settle a doubt. */
static void count_settled(struct guard *g, const struct fault *fault, bool locked)
{
	if (g->doubt == DOUBT_ALONE) {
		if (++g->refusals >= most(g))
			stop_for(g, fault, ", twice in a row");
		return;
	}
	if (!g->proven) {
		g->doubt = DOUBT_NONE;
		count_unproven(g, fault, locked);
		return;
	}
	if (locked || g->refusals >= g->limit)
		stop_for(g, fault, ", also where it was accepted before");
	g->proven = false;
	g->doubt = DOUBT_NONE;
}

static void count_refusal(struct guard *g, const struct guard_seat *seat,
			  const struct fault *fault, bool locked)
{
	if (!is_heard(seat))
		return;
	if (g->doubt) {
		count_settled(g, fault, locked);
	} else if (g->proven) {
		g->refusals++;
		guard_seek_check(g);
	} else {
		count_unproven(g, fault, locked);
	}
}

static void count_repeated(struct guard *g, const struct fault *fault)
{
	if (++g->repeated >= REPEATS_MOST)
		stop_for(g, fault, ", by one host after another");
}

static void count_unjudged(struct guard *g, const struct guard_seat *seat)
{
	if ((g->proven && !g->doubt) || !is_heard(seat))
		return;
	g->unjudged++;
	if (g->stopped || g->unjudged + (g->proven ? 0 : g->refusals) < most(g))
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
	enum verdict verdict = verdict_of(fault);

	if (!seat->logging_on)
		return;
	end_login(seat);
	switch (verdict) {
	case VERDICT_COUNTS:
	case VERDICT_LOCKED:
		count_refusal(g, seat, fault, verdict == VERDICT_LOCKED);
		break;
	case VERDICT_UNKNOWN:
		if (!g->proven)
			count_unproven(g, fault, false);
		break;
	case VERDICT_REPEATS:
		count_repeated(g, fault);
		break;
	case VERDICT_NONE:
		if (seat->proof_sent)
			count_unjudged(g, seat);
		break;
	case VERDICT_PLACE:
		break;
	}
	guard_give_turn(g);
	guard_answer_waiting(g);
}

void guard_leave(struct guard_seat *seat)
{
	if (seat->waiting)
		unlink_seat(seat);
	if (!seat->logging_on)
		return;
	end_login(seat);
	if (seat->proof_sent)
		count_unjudged(seat->guard, seat);
	guard_give_turn(seat->guard);
	guard_answer_waiting(seat->guard);
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

bool guard_proven(const struct guard *g)
{
	return g->proven;
}

bool guard_stopped(const struct guard *g)
{
	return g->stopped;
}

unsigned guard_refusals(const struct guard *g)
{
	return g->refusals;
}
