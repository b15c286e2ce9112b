/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey.h - the questions: what a host is asked, how, and how its answers become facts.
 *
 *     role -> open policy -> dns domain -> primary domain -> account domain -> right ...
 *          -> names
 *
 * A survey asks one thing at a time: survey_next() gives the call, survey_hear() takes
 * its answer.  A question that is denied, not known or answered with nonsense is noted as
 * such and never ends the survey; what depends on it is noted as not had.
 *
 * Each right is asked for, also after a first refusal: a right's outcome is what the host
 * said about that right and never a conclusion.
 *
 * The policy handle is not closed by a call: the host drops it with the pipe, which is
 * closed at once ([C706] context handle rundown), and a round trip a host is saved.
 *
 * The only place that knows both the calls (rpc/calls/lsa.h, rpc/calls/dssetup.h) and the
 * facts.
 */
#ifndef SCANNER_HOST_SURVEY_H
#define SCANNER_HOST_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"
#include "rpc/session/session.h"

struct survey;

/* Of all rights of one host together; more is hostile or broken, and noted as failed. */
enum { SURVEY_HOLDERS_MAX = 20480 };

struct budget_pot;

struct survey_call {
	enum interface interface;
	uint16_t opnum;
	struct bytes stub; /* borrowed until the next survey function */
};

/* `rights`, `facts` and `pot` (budget.h; NULL: none) are borrowed; the rights' records
 * are made in `facts` at once, as RIGHT_FAILED ("not asked").  NULL: out of memory. */
struct survey *survey_new(struct facts *facts, const char *const *rights, size_t count,
			  struct budget_pot *pot);
void survey_free(struct survey *s);
/* Holders of which `elsewhere` says so are not looked up at the host: somebody else names
 * them. */
void survey_name_elsewhere(struct survey *s,
			   bool (*elsewhere)(const char *sid, void *arg), void *arg);

/* The next question; false when all is asked or memory is out. */
bool survey_next(struct survey *s, struct survey_call *call);
/* Take the answer to it.  False: it makes no sense, and nothing further from this host
 * should be believed; but names that make no sense are passed over. */
bool survey_hear(struct survey *s, const struct session_reply *reply);
/* "role", "open policy", "right", ... of the question asked last; static. */
const char *survey_topic(const struct survey *s);
/* True when survey_hear() or survey_next() was false because memory was out: not the
 * host's fault. */
bool survey_starved(const struct survey *s);
/* What came of the question asked last, in words, for `check`; borrowed until the next
 * survey function. */
const char *survey_told(const struct survey *s);
/* True when every right has an answer of the host's own. */
bool survey_complete(const struct survey *s);
/* True when the host told its role or any right. */
bool survey_answered(const struct survey *s);
/* True when the host refused everything that it was asked, at least one right among it.
 */
bool survey_denied(const struct survey *s);

#endif
