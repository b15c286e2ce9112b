/* SPDX-License-Identifier: Apache-2.0 */
/* What is made of one host's life: its record, its trace, its turn. */
#include <stdarg.h>
#include <stdio.h>

#include "report/facts/directory_fact.h"
#include "report/facts/facts_limits.h"
#include "report/facts/role.h"
#include "scanner/host/host_internal.h"
#include "scanner/host/outcome.h"

/* Another account may fare better. */
static bool was_refused(const struct facts *f)
{
	for (size_t i = 0; i < f->right_count; i++)
		if (f->rights[i].outcome == RIGHT_DENIED)
			return true;
	return f->outcome == HOST_LOGON_REFUSED || f->outcome == HOST_FOREIGN ||
	       f->outcome == HOST_ACCESS_DENIED || f->outcome == HOST_KERBEROS_FAILED;
}

/* The record is made whole.  A dialogue that broke after every right was answered has
 * told all there is to tell, unless what broke was its integrity. */
void host_conclude(struct host *h)
{
	struct facts *f = &h->facts;
	char now[OUTCOME_TIME_MAX];
	uint64_t ended = uv_hrtime();
	bool spoke = f->outcome == HOST_NOT_ASKED && !f->error.text;

	if (h->session)
		outcome_note_peer(f, session_peer(h->session));
	if (h->survey &&
	    (spoke || (survey_complete(h->survey) && outcome_may_retry(f->outcome)))) {
		f->error = (struct fact_error){ 0 };
		f->outcome = survey_answered(h->survey) ? HOST_ANSWERED
			     : survey_denied(h->survey) ? HOST_ACCESS_DENIED
							: HOST_PROTOCOL_ERROR;
		if (f->outcome != HOST_ANSWERED && f->right_count)
			f->error = f->rights[0].error;
	}
	if (h->proved)
		f->timing.ask = (double)(ended - h->proved) / 1e6;
	f->timing.total = (double)(ended - h->started) / 1e6;
	outcome_time(now);
	f->timestamp = facts_text(f, now);
	if (was_refused(f))
		f->account = facts_text(f, h->account);
	directory_fact_conclude(f);
	facts_conclude_role(f);
	facts_keep_limits(f);
	if (f->out_of_memory) { /* what could not be noted would be missing unsaid */
		f->right_count = 0;
		outcome_note(f, HOST_LOCAL_ERROR, "out of memory");
	}
	if (h->guard && h->proved)
		guard_note_rights(h->guard,
				  f->right_count && f->rights[0].outcome == RIGHT_DENIED);
}

void host_trace(struct host *h, const char *step, const char *format, ...)
{
	char text[400];
	va_list args;

	if (!h->context->trace)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	h->context->trace(&h->facts, step, text, h->context->trace_arg);
}

/* ---- the loop's turns ---- */

void host_do(struct host *h, void (*run)(struct turn_work *work))
{
	h->work.run = run;
	if (h->context->turn)
		turn_do(h->context->turn, &h->work);
	else
		run(&h->work);
}

void host_spend(struct host *h, size_t pieces)
{
	if (h->context->turn)
		turn_spend(h->context->turn, pieces);
}

/* ---- what the outside may ask ---- */

bool host_on_worker(const struct host *h)
{
	return authenticator_busy(&h->authenticator);
}

struct facts *host_facts(struct host *h)
{
	return &h->facts;
}

enum host_put_off host_put_off(const struct host *h)
{
	return h->put_off;
}

bool host_may_retry(const struct host *h)
{
	return (outcome_may_retry(h->facts.outcome) || h->unanswered) &&
	       !host_awaits_verdict(h);
}

bool host_awaits_verdict(const struct host *h)
{
	return h->proof_sent && !h->proved;
}

bool host_accepted(const struct host *h)
{
	return h->proved;
}

const struct host_addresses *host_addresses(const struct host *h)
{
	return &h->addresses;
}

uint64_t host_age(const struct host *h)
{
	return uv_now(h->context->loop) - h->began_at;
}
