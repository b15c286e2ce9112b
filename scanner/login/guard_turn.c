/* SPDX-License-Identifier: Apache-2.0 */
/* The guard of an account that other processes use, too: its turn, and what they found.
 */
#include "scanner/login/guard_internal.h"

#include "rpc/wire/ntstatus.h"
#include "scanner/console/log.h"

/* ---- the turn, where the credential is shared ---- */

void guard_share(struct guard *g, void (*want)(void *arg, bool doubts),
		 void (*ended)(void *arg), void *arg)
{
	g->want = want;
	g->ended = ended;
	g->share_arg = arg;
}

bool guard_lacks_turn(const struct guard *g)
{
	return g->want && (!g->proven || g->doubt) && g->turn != TURN_OURS;
}

bool guard_has_turn(struct guard *g)
{
	if (!guard_lacks_turn(g))
		return true;
	if (g->turn == TURN_NONE) {
		g->turn = TURN_WANTED;
		g->want(g->share_arg, g->proven && g->doubt);
	}
	return false;
}

void guard_give_turn(struct guard *g)
{
	if (g->turn != TURN_OURS || g->busy || (g->doubt == DOUBT_CHECKED && !g->stopped))
		return;
	g->turn = TURN_NONE;
	g->ended(g->share_arg);
}

/* ---- what other processes found ---- */

void guard_grant(struct guard *g, const struct guard_standing *known)
{
	if (known->proven && !(g->proven && g->doubt)) {
		g->turn = TURN_NONE;
		guard_prove(g);
		return;
	}
	g->turn = TURN_OURS;
	if (!g->proven) {
		g->refusals = known->refusals;
		g->unjudged = known->unjudged;
		g->repeated = known->repeated;
	}
	if (g->doubt == DOUBT_HELD)
		guard_seek_check(g);
	guard_answer_waiting(g);
}

void guard_stop_as(struct guard *g, const struct guard_standing *known, uint32_t author,
		   const char *path)
{
	const char *code = status_name((enum fault_space)known->space, known->code);
	bool judged = known->code != 0;

	g->turn = TURN_NONE;
	g->stopped = true;
	log_say(LOG_ERRORS, NULL, "credential guard",
		"%s%s%s %s shard %u%s%s%s, and no login is tried with it; to try the "
		"same password again, remove %s",
		*g->name ? "the credential \"" : "the credential", g->name,
		*g->name ? "\"" : "",
		judged ? "was refused to" : "has no verdict after the logins of",
		(unsigned)author, code ? " (" : "", code ? code : "", code ? ")" : "",
		path);
	guard_answer_waiting(g);
}

bool guard_get_standing(const struct guard *g, struct guard_standing *standing)
{
	*standing = (struct guard_standing){
		.proven = g->proven && !g->stopped,
		.stopped = g->stopped,
		.refusals = g->refusals,
		.unjudged = g->unjudged,
		.repeated = g->repeated,
		.space = g->stop_space,
		.code = g->stop_code,
	};
	return g->stopped || !g->doubt;
}
