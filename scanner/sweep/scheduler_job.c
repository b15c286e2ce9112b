/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of one job: in flight, put off, tried again, recorded. */
#include <math.h>
#include <stdlib.h>

#include "scanner/console/log.h"
#include "scanner/discover/directory_feed.h"
#include "scanner/host/outcome.h"
#include "scanner/sweep/scheduler_internal.h"
#include "scanner/targets/targets.h"

/* A host is put off this often for want of sockets, with pauses, before it is given up.
 */
enum { STARVED_MAX = 20, STARVED_PAUSE_MS = 250 };

static void on_host_done(struct host *h, void *arg);
static void put_off(struct scheduler *s, struct job *job);
static void record(struct scheduler *s, struct job *job, struct facts *facts);

/* A literal address is held against its subnet before anything is made for it. */
static bool has_place(struct scheduler *s, struct job *job)
{
	union host_address a;

	if (!s->settings->per_subnet || job->subnet)
		return true;
	if (uv_ip4_addr(job->target->name, 0, &a.v4) != 0 &&
	    uv_ip6_addr(job->target->name, 0, &a.v6) != 0)
		return true;
	return subnets_take(s->subnets, job, &a.any, false);
}

static void wait_for_place(struct scheduler *s, struct job *job)
{
	if (subnets_wait(s->subnets, job))
		s->blocked++;
	else
		job_line_add(&s->ready, job);
}

bool scheduler_begin_host(struct scheduler *s, struct job *job, host_done_fn done)
{
	const struct target *t = job->target;
	struct host_target target = {
		.name = t->name,
		.port = t->port,
		.tags = t->tags,
		.tag_count = t->tag_count,
		.hint_known = t->hint_known,
		.hint = t->hint,
		.directory = t->directory,
		.attempt = ++job->attempt,
		.addresses = job->addresses,
		.provider = s->inputs->credentials[t->credential].provider,
		.guard = s->credentials[t->credential].account->guard,
		.account = s->inputs->credentials[t->credential].account,
		/* Who names a section for a host means that host. */
		.domain = s->settings->insist || t->credential
				  ? NULL
				  : s->inputs->credentials[t->credential].domain,
		.login_only = job->checks,
	};

	rate_take(&s->rate);
	job->connections = 0;
	job_line_add(&s->flying, job);
	job->host = host_scan(&s->host, &target, done, job);
	if (!job->host)
		job_line_remove(&s->flying, job);
	return job->host != NULL;
}

void scheduler_end_host(struct scheduler *s, struct job *job)
{
	struct job *next = subnets_leave(s->subnets, job);

	job_line_remove(&s->flying, job);
	if (next) {
		s->blocked--;
		job_line_add(&s->ready, next);
	}
}

void scheduler_start(struct scheduler *s, struct job *job)
{
	if (!has_place(s, job))
		wait_for_place(s, job);
	else if (!scheduler_begin_host(s, job, on_host_done))
		scheduler_record_unasked(s, job, HOST_LOCAL_ERROR, "out of memory");
}

/* Asked before each connection of a host.  Only the first may have to wait for its
 * subnet; further addresses take a place in theirs. */
enum host_admission scheduler_on_admit(const struct sockaddr *address, void *arg)
{
	struct job *job = arg;
	struct scheduler *s = job->scheduler;
	bool first = job->connections == 0 && !job->checks;
	struct job *next;

	if (targets_excluded(s->targets, address, job->target->port))
		return ADMIT_NEVER;
	if (!first && (next = subnets_leave(s->subnets, job))) {
		s->blocked--;
		job_line_add(&s->ready, next);
	}
	if (!subnets_take(s->subnets, job, address, !first))
		return ADMIT_LATER;
	if (!first)
		rate_take(&s->rate);
	job->connections++;
	return ADMIT_YES;
}

static bool is_retried(struct scheduler *s, struct job *job)
{
	return !s->stopped && host_may_retry(job->host) &&
	       job->attempt <= s->settings->retries;
}

/* Keep the record of this attempt: it is the last one when the sweep stops first. */
static bool retry(struct scheduler *s, struct job *job)
{
	struct facts *last = job->last ? job->last : malloc(sizeof(*last));

	if (!last)
		return false;
	if (job->last)
		facts_free(last);
	*last = *host_facts(job->host);
	facts_init(host_facts(job->host));
	job->last = last;
	return scheduler_delay(s, job, (uint64_t)fmax(last->timing.total, 0));
}

bool scheduler_delay(struct scheduler *s, struct job *job, uint64_t spent)
{
	s->chance = s->chance * 1664525 + 1013904223;
	job->due = uv_now(s->loop) + job_pause(job->attempt + 1, s->chance >> 8, spent);
	return job_heap_add(&s->delayed, job);
}

static void on_host_done(struct host *h, void *arg)
{
	struct job *job = arg;
	struct scheduler *s = job->scheduler;

	scheduler_end_host(s, job);
	if (host_put_off(h) == PUT_OFF_NOT)
		brake_ease(&s->brake, uv_now(s->loop));
	if (host_put_off(h) != PUT_OFF_NOT)
		put_off(s, job);
	else if (!is_retried(s, job) || !retry(s, job))
		record(s, job, host_facts(h));
	host_free(h);
	scheduler_pump(s);
}

/* No socket was left: fewer hosts fly for now, and this one waits a little. */
static void starve(struct scheduler *s, struct job *job)
{
	if (brake_pull(&s->brake, (unsigned)s->flying.count, uv_now(s->loop))) {
		log_say(s->braked ? LOG_STEPS : LOG_WARNINGS, NULL, NULL,
			"this machine has no more sockets: going on with %u hosts in "
			"flight until it has",
			s->brake.cap);
		s->braked = true;
	}
	job->due = uv_now(s->loop) + STARVED_PAUSE_MS;
	if (++job->starved > STARVED_MAX || !job_heap_add(&s->delayed, job))
		scheduler_record_unasked(s, job, HOST_LOCAL_ERROR,
					 "no socket is left for it");
}

/* Its turn comes again, and was no attempt. */
static void put_off(struct scheduler *s, struct job *job)
{
	const struct host_addresses *known = host_addresses(job->host);
	struct credential_line *c = &s->credentials[job->target->credential];
	enum host_put_off why;

	job->attempt--;
	if (!job->addresses && known->count) {
		job->addresses = malloc(sizeof(*known));
		if (job->addresses)
			*job->addresses = *known;
	}
	why = host_put_off(job->host);
	job->host = NULL;
	switch (why) {
	case PUT_OFF_CREDENTIAL:
		job_line_add(&c->waiting, job);
		s->waiting++;
		break;
	case PUT_OFF_DESCRIPTORS:
		starve(s, job);
		break;
	case PUT_OFF_SUBNET:
	case PUT_OFF_NOT:
		wait_for_place(s, job);
		break;
	}
}

/* ---- records ---- */

static void record(struct scheduler *s, struct job *job, struct facts *facts)
{
	s->not_asked += facts->outcome == HOST_NOT_ASKED;
	if (s->inputs->directory)
		directory_feed_want(s->inputs->directory, facts);
	s->events.record(facts, s->events.arg);
	job_free(job);
}

void scheduler_record_unasked(struct scheduler *s, struct job *job,
			      enum host_outcome outcome, const char *why)
{
	const struct target *t = job->target;
	char now[OUTCOME_TIME_MAX];
	struct facts f;

	if (job->last) {
		record(s, job, job->last);
		return;
	}
	facts_init(&f);
	f.host = t->name;
	f.port = t->port;
	f.tags = (const char **)t->tags;
	f.tag_count = t->tag_count;
	f.hint_known = t->hint_known;
	f.hint = t->hint;
	f.directory = t->directory;
	f.attempts = job->attempt;
	f.step = outcome == HOST_UNRESOLVABLE ? "resolve" : NULL;
	f.sweep = s->inputs->sweep_id;
	outcome_time(now);
	f.timestamp = now;
	outcome_note(&f, outcome, why);
	record(s, job, &f);
}
