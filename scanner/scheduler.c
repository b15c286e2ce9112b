#include "scanner/scheduler.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/guard.h"
#include "scanner/job.h"
#include "scanner/log.h"
#include "scanner/outcome.h"
#include "scanner/subnets.h"

/* Records made in one turn of the loop without a host: what is guarded or not asked. */
enum { RECORDS_A_TURN = 256 };
/* A host is put off this often for want of sockets, with pauses, before it is given up.
 */
enum { STARVED_MAX = 20, STARVED_PAUSE_MS = 250, HOLD_PAUSE_MS = 20 };

struct credential_line {
	struct guard *guard;
	struct job_line waiting;
};

struct scheduler {
	uv_loop_t *loop;
	const struct sweep_options *options;
	struct host_options host;
	struct targets *targets;
	struct scheduler_events events;

	struct job_line ready, flying;
	struct job_heap delayed;
	struct subnets *subnets;
	size_t blocked; /* jobs waiting in `subnets` */
	struct credential_line *credentials;
	size_t waiting; /* jobs waiting in `credentials` */
	unsigned cap;   /* hosts in flight: less when sockets run out */

	double tokens; /* connections the rate allows now */
	uint64_t tokens_at;

	uv_timer_t wake;
	uv_idle_t again;
	uv_poll_t pipe; /* of targets that come by and by */
	bool polling, targets_ended, targets_later;
	const char *stopped; /* why; NULL: it is not */
	bool abandoned, finished;
	uint64_t not_asked;
	uint32_t chance;
};

static void pump(struct scheduler *s);
static bool start_one(struct scheduler *s);
static struct job *next_job(struct scheduler *s);
static struct job *read_target(struct scheduler *s);
static void on_pipe(uv_poll_t *pipe, int status, int events);
static void start(struct scheduler *s, struct job *job);
static enum host_admission on_admit(const struct sockaddr *address, void *arg);
static void on_host_done(struct host *h, void *arg);
static void put_off(struct scheduler *s, struct job *job);
static void record(struct scheduler *s, struct job *job, struct facts *facts);
static void record_unasked(struct scheduler *s, struct job *job,
			   enum host_outcome outcome, const char *why);
static void pump_later(struct scheduler *s, uint64_t ms);
static void on_wake(uv_timer_t *timer);
static void on_again(uv_idle_t *idle);

/* ---- birth ---- */

static bool make_guards(struct scheduler *s)
{
	size_t count = s->options->credential_count;

	s->credentials = calloc(count ? count : 1, sizeof(*s->credentials));
	for (size_t i = 0; s->credentials && i < count; i++) {
		s->credentials[i].guard = guard_new(s->options->credentials[i].name,
						    s->options->max_logon_failures);
		if (!s->credentials[i].guard)
			return false;
	}
	return s->credentials != NULL;
}

struct scheduler *scheduler_new(uv_loop_t *loop, const struct sweep_options *options,
				const struct host_options *host, struct targets *targets,
				const struct scheduler_events *events)
{
	struct scheduler *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->loop = loop;
	s->options = options;
	s->host = *host;
	s->host.admit = on_admit;
	s->targets = targets;
	s->events = *events;
	s->cap = options->in_flight ? options->in_flight : 1;
	s->subnets = subnets_new(options->per_subnet);
	if (!s->subnets || !make_guards(s)) {
		scheduler_free(s);
		return NULL;
	}
	uv_random(NULL, NULL, &s->chance, sizeof(s->chance), 0, NULL);
	uv_timer_init(loop, &s->wake);
	uv_idle_init(loop, &s->again);
	s->wake.data = s->again.data = s->pipe.data = s;
	s->tokens = 1;
	s->tokens_at = uv_now(loop);
	return s;
}

void scheduler_begin(struct scheduler *s)
{
	pump_later(s, 0);
}

/* ---- the pump: start hosts as long as anything may start ---- */

static bool is_empty(const struct scheduler *s)
{
	return s->targets_ended && !s->flying.count && !s->ready.count &&
	       !s->delayed.count && !s->blocked && !s->waiting;
}

/* Credentials may have opened or been stopped since. */
static void release_waiting(struct scheduler *s)
{
	for (size_t i = 0; i < s->options->credential_count && s->waiting; i++) {
		struct credential_line *c = &s->credentials[i];

		if (guard_state(c->guard) == GUARD_WAIT && !s->stopped)
			continue;
		for (struct job *job; (job = job_line_take(&c->waiting)); s->waiting--)
			job_line_add(&s->ready, job);
	}
}

/* Whoever had the place left without taking it: nobody else would wake those behind. */
static void release_blocked(struct scheduler *s)
{
	struct job *job;

	while (s->blocked && (s->stopped || (!s->flying.count && !s->ready.count)) &&
	       (job = subnets_drain(s->subnets))) {
		s->blocked--;
		job_line_add(&s->ready, job);
	}
}

static void release_due(struct scheduler *s)
{
	uint64_t now = s->stopped ? UINT64_MAX : uv_now(s->loop);

	for (struct job *job; (job = job_heap_take(&s->delayed, now));)
		job_line_add(&s->ready, job);
}

static void finish_if_empty(struct scheduler *s)
{
	if (!is_empty(s) || s->finished)
		return;
	s->finished = true;
	s->events.finished(s->events.arg);
}

static void pump(struct scheduler *s)
{
	unsigned turns = 0;

	if (s->finished)
		return;
	release_waiting(s);
	release_blocked(s);
	release_due(s);
	while (turns++ < RECORDS_A_TURN && start_one(s))
		;
	if (turns > RECORDS_A_TURN)
		uv_idle_start(&s->again, on_again);
	finish_if_empty(s);
	if (!s->finished && s->delayed.count && !uv_is_active((uv_handle_t *)&s->wake)) {
		uint64_t now = uv_now(s->loop), due = s->delayed.at[0]->due;

		pump_later(s, due > now ? due - now : 1);
	}
}

/* True when the rate has a connection left; else the pump is woken when it has. */
static bool rate_allows(struct scheduler *s)
{
	double rate = s->options->rate, most = rate / 100 > 1 ? rate / 100 : 1;
	uint64_t now = uv_now(s->loop);

	if (!s->options->rate)
		return true;
	s->tokens += (double)(now - s->tokens_at) * rate / 1000;
	s->tokens_at = now;
	if (s->tokens > most)
		s->tokens = most;
	if (s->tokens >= 1)
		return true;
	pump_later(s, (uint64_t)((1 - s->tokens) * 1000 / rate) + 1);
	return false;
}

/* False: nothing can be done for now. */
static bool start_one(struct scheduler *s)
{
	struct credential_line *c;
	struct job *job;

	if (s->events.hold(s->events.arg)) {
		pump_later(s, HOLD_PAUSE_MS);
		return false;
	}
	if (!s->stopped && (s->flying.count >= s->cap || !rate_allows(s)))
		return false;
	job = next_job(s);
	if (!job)
		return false;
	c = &s->credentials[job->target->credential];
	if (s->stopped) {
		record_unasked(s, job, HOST_NOT_ASKED, s->stopped);
	} else if (guard_state(c->guard) == GUARD_STOP) {
		record_unasked(s, job, HOST_GUARDED, "the credential guard had stopped");
	} else if (guard_state(c->guard) == GUARD_WAIT) {
		job_line_add(&c->waiting, job);
		s->waiting++;
	} else {
		start(s, job);
	}
	return true;
}

static struct job *next_job(struct scheduler *s)
{
	size_t held = s->blocked + s->waiting + s->delayed.count;
	size_t most = (size_t)s->cap * SCHEDULER_HELD_MAX + SCHEDULER_HELD_MIN;
	struct job *job = job_line_take(&s->ready);

	if (job || held >= most || s->targets_ended)
		return job;
	return read_target(s);
}

/* A sweep that was stopped reads on only to say what was not asked, and no further than
 * SWEEP_NOT_ASKED_MAX or to where a pipe is empty. */
static struct job *read_target(struct scheduler *s)
{
	struct target target;
	struct job *job = NULL;

	if (s->stopped &&
	    (s->abandoned || s->polling || s->not_asked >= SWEEP_NOT_ASKED_MAX)) {
		s->targets_ended = true;
		return NULL;
	}
	switch (s->targets_later ? TARGETS_LATER : targets_next(s->targets, &target)) {
	case TARGETS_ONE:
		job = job_new(&target);
		if (!job)
			log_say(LOG_ERRORS, target.name, NULL, "out of memory");
		else
			job->scheduler = s;
		break;
	case TARGETS_LATER:
		s->targets_later = true;
		s->targets_ended = s->stopped != NULL;
		if (!s->polling && !s->stopped)
			s->polling = uv_poll_init(s->loop, &s->pipe,
						  targets_descriptor(s->targets)) == 0;
		if (s->polling && !s->stopped)
			uv_poll_start(&s->pipe, UV_READABLE | UV_DISCONNECT, on_pipe);
		break;
	case TARGETS_END:
		s->targets_ended = true;
		break;
	}
	return job;
}

static void on_pipe(uv_poll_t *pipe, int status, int events)
{
	struct scheduler *s = pipe->data;

	(void)status;
	(void)events;
	uv_poll_stop(pipe);
	s->targets_later = false;
	pump(s);
}

/* ---- one job ---- */

/* A literal address is held against its subnet before anything is made for it. */
static bool has_place(struct scheduler *s, struct job *job)
{
	union host_address a;

	if (!s->options->per_subnet || job->subnet)
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

static void start(struct scheduler *s, struct job *job)
{
	const struct target *t = job->target;
	struct host_target target = {
		.name = t->name,
		.port = t->port,
		.tags = t->tags,
		.tag_count = t->tag_count,
		.hint_known = t->hint_known,
		.hint = t->hint,
		.attempt = ++job->attempt,
		.addresses = job->addresses,
		.provider = s->options->credentials[t->credential].provider,
		.guard = s->credentials[t->credential].guard,
	};

	if (!has_place(s, job)) {
		job->attempt--;
		wait_for_place(s, job);
		return;
	}
	s->tokens -= s->options->rate > 0;
	job->connections = 0;
	job_line_add(&s->flying, job);
	job->host = host_scan(&s->host, &target, on_host_done, job);
	if (job->host)
		return;
	job_line_remove(&s->flying, job);
	record_unasked(s, job, HOST_LOCAL_ERROR, "out of memory");
}

/* Asked before each connection of a host.  Only the first may have to wait for its
 * subnet; further addresses take a place in theirs. */
static enum host_admission on_admit(const struct sockaddr *address, void *arg)
{
	struct job *job = arg;
	struct scheduler *s = job->scheduler;
	bool first = job->connections == 0;
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
		s->tokens -= s->options->rate > 0;
	job->connections++;
	return ADMIT_YES;
}

static bool is_retried(struct scheduler *s, struct job *job)
{
	return !s->stopped && host_may_retry(job->host) &&
	       job->attempt <= s->options->retries;
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
	s->chance = s->chance * 1664525 + 1013904223;
	job->due = uv_now(s->loop) + job_pause(job->attempt + 1, s->chance >> 8);
	return job_heap_add(&s->delayed, job);
}

static void on_host_done(struct host *h, void *arg)
{
	struct job *job = arg, *next;
	struct scheduler *s = job->scheduler;

	job_line_remove(&s->flying, job);
	next = subnets_leave(s->subnets, job);
	if (next) {
		s->blocked--;
		job_line_add(&s->ready, next);
	}
	if (host_put_off(h) != PUT_OFF_NOT)
		put_off(s, job);
	else if (!is_retried(s, job) || !retry(s, job))
		record(s, job, host_facts(h));
	host_free(h);
	pump(s);
}

/* No socket was left: fewer hosts fly from now on, and this one waits a little. */
static void starve(struct scheduler *s, struct job *job)
{
	if (s->flying.count && s->flying.count < s->cap) {
		s->cap = (unsigned)s->flying.count;
		log_say(LOG_WARNINGS, NULL, NULL,
			"this machine has no more sockets: going on with %u hosts in "
			"flight",
			s->cap);
	}
	job->due = uv_now(s->loop) + STARVED_PAUSE_MS;
	if (++job->starved > STARVED_MAX || !job_heap_add(&s->delayed, job))
		record_unasked(s, job, HOST_LOCAL_ERROR, "no socket is left for it");
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
	s->events.record(facts, s->events.arg);
	job_free(job);
}

/* A job that ends without a host: by the record of its attempt before, if there was one,
 * else by a record of its own. */
static void record_unasked(struct scheduler *s, struct job *job,
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
	f.sweep = s->options->sweep_id;
	outcome_time(now);
	f.timestamp = now;
	outcome_note(&f, outcome, why);
	record(s, job, &f);
}

/* ---- time ---- */

static void pump_later(struct scheduler *s, uint64_t ms)
{
	if (uv_is_active((uv_handle_t *)&s->wake) && uv_timer_get_due_in(&s->wake) <= ms)
		return;
	uv_timer_start(&s->wake, on_wake, ms, 0);
}

static void on_wake(uv_timer_t *timer)
{
	pump(timer->data);
}

static void on_again(uv_idle_t *idle)
{
	struct scheduler *s = idle->data;

	uv_idle_stop(idle);
	pump(s);
}

/* ---- what the outside may do ---- */

void scheduler_stop(struct scheduler *s, const char *why)
{
	if (s->stopped)
		return;
	s->stopped = why;
	if (s->polling)
		uv_poll_stop(&s->pipe);
	pump_later(s, 0);
}

void scheduler_abandon(struct scheduler *s, const char *why)
{
	s->abandoned = true;
	scheduler_stop(s, why);
	for (struct job *job = s->flying.first; job; job = job->next)
		host_abandon(job->host, why);
	pump_later(s, 0);
}

void scheduler_state(const struct scheduler *s, struct progress_state *state)
{
	state->in_flight = s->flying.count;
	state->slowest = s->flying.first ? s->flying.first->target->name : NULL;
	state->slowest_ms = s->flying.first ? host_age(s->flying.first->host) : 0;
}

bool scheduler_stuck(const struct scheduler *s)
{
	const struct job *job = s->flying.first;

	while (job && host_on_worker(job->host))
		job = job->next;
	return s->flying.first && !job;
}

void scheduler_give_up(struct scheduler *s)
{
	char now[OUTCOME_TIME_MAX];

	outcome_time(now);
	for (struct job *job = s->flying.first; job; job = job->next) {
		host_facts(job->host)->timestamp = now;
		s->events.record(host_facts(job->host), s->events.arg);
	}
}

uint64_t scheduler_unrecorded(const struct scheduler *s)
{
	uint64_t total, given = targets_given(s->targets);

	return targets_total(s->targets, &total) && total > given && s->stopped
		       ? total - given
		       : 0;
}

bool scheduler_guard_stopped(const struct scheduler *s)
{
	for (size_t i = 0; i < s->options->credential_count; i++)
		if (guard_stopped(s->credentials[i].guard))
			return true;
	return false;
}

void scheduler_end(struct scheduler *s)
{
	uv_close((uv_handle_t *)&s->wake, NULL);
	uv_close((uv_handle_t *)&s->again, NULL);
	if (s->polling)
		uv_close((uv_handle_t *)&s->pipe, NULL);
}

void scheduler_free(struct scheduler *s)
{
	for (size_t i = 0; s->credentials && i < s->options->credential_count; i++)
		guard_free(s->credentials[i].guard);
	free(s->credentials);
	subnets_free(s->subnets);
	job_heap_free(&s->delayed);
	free(s);
}
