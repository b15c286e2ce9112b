/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/sweep/scheduler.h"

#include <stdlib.h>

#include "scanner/console/log.h"
#include "scanner/discover/directory_feed.h"
#include "scanner/host/outcome.h"
#include "scanner/host/turn.h"
#include "scanner/sweep/scheduler_internal.h"
#include "scanner/targets/targets.h"

/* How long to wait while the journal is behind. */
enum { HOLD_PAUSE_MS = 20 };

static bool start_one(struct scheduler *s);
static struct job *next_job(struct scheduler *s);
static struct job *read_target(struct scheduler *s);
static void on_pipe(uv_poll_t *pipe, int status, int events);
static void on_targets_ready(void *arg);
static void on_wake(uv_timer_t *timer);
static void on_again(uv_idle_t *idle);

/* ---- birth ---- */

struct scheduler *scheduler_new(const struct host_context *host,
				const struct sweep_inputs *inputs, unsigned in_flight,
				struct targets *targets,
				const struct scheduler_events *events)
{
	struct scheduler *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->loop = host->loop;
	s->inputs = inputs;
	s->settings = inputs->settings;
	s->host = *host;
	s->host.admit = scheduler_on_admit;
	s->host.accepted = scheduler_on_accepted;
	if (inputs->directory) {
		s->host.named_elsewhere = directory_feed_names;
		s->host.named_arg = inputs->directory;
	}
	s->targets = targets;
	s->events = *events;
	job_line_init(&s->ready);
	job_line_init(&s->flying);
	s->brake = brake_new(in_flight);
	s->subnets = subnets_new(s->settings->per_subnet);
	if (!s->subnets || !scheduler_make_accounts(s)) {
		scheduler_free(s);
		return NULL;
	}
	if (inputs->directory && inputs->credential_count > 0) {
		directory_feed_guard(inputs->directory, s->accounts[0].guard);
		directory_feed_on_place(inputs->directory, scheduler_on_controller, s);
	}
	uv_random(NULL, NULL, &s->chance, sizeof(s->chance), 0, NULL);
	uv_timer_init(s->loop, &s->wake);
	uv_idle_init(s->loop, &s->again);
	s->wake.data = s->again.data = s;
	s->rate = rate_new(s->settings->rate, uv_now(s->loop));
	services_begin(&s->services, targets);
	targets_on_ready(targets, on_targets_ready, s);
	return s;
}

void scheduler_begin(struct scheduler *s)
{
	if (s->inputs->canary)
		scheduler_check_first(s, s->inputs->canary);
	scheduler_pump_later(s, 0);
}

/* ---- the pump: start hosts as long as anything may start ---- */

static bool is_sharing(const struct scheduler *s)
{
	for (size_t i = 0; i < s->account_count; i++)
		if (s->accounts[i].shared && shared_guard_busy(s->accounts[i].shared))
			return true;
	return false;
}

static bool is_empty(const struct scheduler *s)
{
	return s->targets_ended && !is_sharing(s) && !s->flying.count &&
	       !s->ready.count && !s->services.asking.count && !s->services.named.count &&
	       !s->delayed.count && !s->blocked && !s->waiting;
}

/* Credentials may have opened or been stopped since. */
static void release_waiting(struct scheduler *s)
{
	for (size_t i = 0; i < s->inputs->credential_count && s->waiting; i++) {
		struct credential_line *c = &s->credentials[i];

		if (guard_state(c->account->guard) == GUARD_WAIT && !s->stopped)
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

static void pump_at(struct scheduler *s, uint64_t due)
{
	uint64_t now = uv_now(s->loop);

	if (due < UINT64_MAX)
		scheduler_pump_later(s, due > now ? due - now : 1);
}

void scheduler_pump(struct scheduler *s)
{
	bool more;

	if (s->finished)
		return;
	release_waiting(s);
	release_blocked(s);
	release_due(s);
	scheduler_cancel_asking(s, uv_now(s->loop));
	do {
		more = start_one(s);
		turn_spend(s->host.turn, more);
	} while (more && !turn_is_over(s->host.turn));
	if (more)
		uv_idle_start(&s->again, on_again);
	finish_if_empty(s);
	if (!s->finished && s->delayed.count)
		pump_at(s, s->delayed.at[0]->due);
	if (!s->finished && s->services.asking.count)
		pump_at(s, job_line_first(&s->services.asking)->due);
}

/* True when the rate has a connection left; else the pump is woken when it has. */
static bool rate_allows(struct scheduler *s)
{
	uint64_t wait = rate_wait(&s->rate, uv_now(s->loop));

	if (wait)
		scheduler_pump_later(s, wait);
	return wait == 0;
}

/* Nobody is asked. */
static void list_one(struct scheduler *s, struct job *job)
{
	if (!s->inputs->list(job->target, s->inputs->list_arg))
		scheduler_abandon(s, "the list cannot be written", false);
	job_free(job);
}

/* False: nothing can be done for now. */
static bool start_one(struct scheduler *s)
{
	struct credential_line *c;
	struct job *job;

	if (s->events.hold(s->events.arg)) {
		scheduler_pump_later(s, HOLD_PAUSE_MS);
		return false;
	}
	if (!s->stopped && !s->inputs->list &&
	    (s->flying.count >= s->brake.cap || !rate_allows(s)))
		return false;
	job = next_job(s);
	if (!job)
		return false;
	if (s->inputs->list && !s->stopped && !target_is_service(job->target->name)) {
		list_one(s, job);
		return true;
	}
	c = &s->credentials[job->target->credential];
	if (s->stopped) {
		scheduler_record_unasked(s, job, HOST_NOT_ASKED, s->stopped);
	} else if (guard_state(c->account->guard) == GUARD_STOP) {
		scheduler_record_unasked(s, job, HOST_GUARDED,
					 "the credential guard had stopped");
	} else if (target_is_service(job->target->name)) {
		scheduler_ask(s, job);
	} else if (guard_state(c->account->guard) == GUARD_WAIT) {
		job_line_add(&c->waiting, job);
		s->waiting++;
	} else {
		scheduler_start(s, job);
	}
	return true;
}

static struct job *next_job(struct scheduler *s)
{
	size_t held = s->blocked + s->waiting + s->delayed.count +
		      s->services.asking.count;
	size_t most = (size_t)s->brake.cap * SCHEDULER_HELD_MAX + SCHEDULER_HELD_MIN;
	struct job *job = job_line_take(&s->ready);

	if (job || held >= most || s->targets_ended)
		return job;
	return read_target(s);
}

/* A sweep that was stopped reads on only to say what was not asked: the hosts of services
 * that were answered; of the rest no more than SWEEP_NOT_ASKED_MAX, or to where a pipe is
 * empty. */
static bool is_read_enough(const struct scheduler *s)
{
	return s->stopped && !s->services.named.count &&
	       (s->hurried || s->pipe || s->not_asked >= SWEEP_NOT_ASKED_MAX);
}

static void on_pipe_closed(uv_handle_t *pipe)
{
	free(pipe);
}

static void close_pipe(struct scheduler *s)
{
	if (s->pipe)
		uv_close((uv_handle_t *)s->pipe, on_pipe_closed);
	s->pipe = NULL;
}

/* Another source or list has another descriptor.  False: out of memory. */
static bool open_pipe(struct scheduler *s, int descriptor)
{
	if (s->pipe && s->pipe_descriptor == descriptor)
		return true;
	close_pipe(s);
	s->pipe = malloc(sizeof(*s->pipe));
	if (!s->pipe || uv_poll_init(s->loop, s->pipe, descriptor) != 0) {
		free(s->pipe);
		s->pipe = NULL;
		return false;
	}
	s->pipe->data = s;
	s->pipe_descriptor = descriptor;
	return true;
}

/* What has nothing for now is waited for: a pipe here, others call on_targets_ready(). */
static void wait_for_targets(struct scheduler *s)
{
	int descriptor = targets_descriptor(s->targets);

	s->targets_later = true;
	s->targets_ended = s->stopped != NULL;
	if (s->stopped || descriptor < 0)
		return;
	if (open_pipe(s, descriptor)) {
		uv_poll_start(s->pipe, UV_READABLE | UV_DISCONNECT, on_pipe);
	} else {
		s->targets_later = false;
		scheduler_pump_later(s, HOLD_PAUSE_MS);
	}
}

static struct job *read_target(struct scheduler *s)
{
	struct target target;
	struct job *job = NULL;

	if (is_read_enough(s)) {
		s->targets_ended = true;
		return NULL;
	}
	switch (s->targets_later ? TARGETS_LATER : targets_next(s->targets, &target)) {
	case TARGETS_ONE:
		job = job_new(&target);
		if (job) {
			job->scheduler = s;
			break;
		}
		/* It stays without a record; the next may do. */
		s->lost++;
		log_say(LOG_ERRORS, target.name, NULL, "out of memory");
		scheduler_pump_later(s, HOLD_PAUSE_MS);
		break;
	case TARGETS_LATER:
		wait_for_targets(s);
		break;
	case TARGETS_PASSED:
		scheduler_pump_later(s, 0);
		break;
	case TARGETS_END:
		s->targets_ended = true;
		break;
	}
	turn_spend(s->host.turn, targets_passed(s->targets) / TURN_PASSED);
	return job;
}

static void on_pipe(uv_poll_t *pipe, int status, int events)
{
	struct scheduler *s = pipe->data;

	(void)status;
	(void)events;
	uv_poll_stop(pipe);
	s->targets_later = false;
	scheduler_pump(s);
}

static void on_targets_ready(void *arg)
{
	struct scheduler *s = arg;

	if (s->finished)
		return;
	if (s->pipe)
		uv_poll_stop(s->pipe);
	s->targets_later = s->targets_ended = false;
	scheduler_pump_later(s, 0);
}

/* ---- time ---- */

void scheduler_pump_later(struct scheduler *s, uint64_t ms)
{
	if (uv_is_active((uv_handle_t *)&s->wake) && uv_timer_get_due_in(&s->wake) <= ms)
		return;
	uv_timer_start(&s->wake, on_wake, ms, 0);
}

static void on_wake(uv_timer_t *timer)
{
	scheduler_pump(timer->data);
}

static void on_again(uv_idle_t *idle)
{
	struct scheduler *s = idle->data;

	uv_idle_stop(idle);
	scheduler_pump(s);
}

/* ---- what the outside may do ---- */

void scheduler_stop(struct scheduler *s, const char *why)
{
	if (s->stopped)
		return;
	s->stopped = why;
	if (s->pipe)
		uv_poll_stop(s->pipe);
	scheduler_cancel_asking(s, UINT64_MAX);
	scheduler_pump_later(s, 0);
}

void scheduler_abandon(struct scheduler *s, const char *why, bool record_rest)
{
	s->hurried = !record_rest;
	scheduler_stop(s, why);
	for (struct job *job = job_line_first(&s->flying); job; job = job_line_next(job))
		host_abandon(job->host, why);
	scheduler_pump_later(s, 0);
}

void scheduler_state(const struct scheduler *s, struct progress_state *state)
{
	const struct job *oldest = job_line_first(&s->flying);

	state->in_flight = s->flying.count + s->services.asking.count;
	state->slowest_ms = oldest ? host_age(oldest->host) : 0;
	if (!oldest && (oldest = job_line_first(&s->services.asking)))
		state->slowest_ms = uv_now(s->loop) - oldest->began;
	state->slowest = oldest ? oldest->target->name : NULL;
}

bool scheduler_stuck(const struct scheduler *s)
{
	const struct job *job = job_line_first(&s->flying);

	while (job && host_on_worker(job->host))
		job = job_line_next(job);
	return (s->flying.count || is_sharing(s)) && !job;
}

void scheduler_give_up(struct scheduler *s)
{
	char now[OUTCOME_TIME_MAX];

	outcome_time(now);
	for (struct job *job = job_line_first(&s->flying); job;
	     job = job_line_next(job)) {
		if (job->checks)
			continue;
		host_facts(job->host)->timestamp = now;
		s->events.record(host_facts(job->host), s->events.arg);
	}
}

uint64_t scheduler_unrecorded(const struct scheduler *s)
{
	uint64_t total, given = targets_given(s->targets);

	if (!targets_total(s->targets, &total) || total <= given || !s->stopped)
		return s->lost;
	return s->lost + total - given;
}

bool scheduler_guard_stopped(const struct scheduler *s)
{
	for (size_t i = 0; i < s->account_count; i++)
		if (guard_stopped(s->accounts[i].guard))
			return true;
	return false;
}

void scheduler_end(struct scheduler *s)
{
	uv_close((uv_handle_t *)&s->wake, NULL);
	uv_close((uv_handle_t *)&s->again, NULL);
	for (size_t i = 0; i < s->account_count; i++)
		if (s->accounts[i].shared)
			shared_guard_end(s->accounts[i].shared);
	close_pipe(s);
	targets_on_ready(s->targets, NULL, NULL);
}

void scheduler_free(struct scheduler *s)
{
	if (s->inputs->directory) {
		directory_feed_guard(s->inputs->directory, NULL);
		directory_feed_on_place(s->inputs->directory, NULL, NULL);
	}
	for (size_t i = 0; i < s->account_count; i++) {
		shared_guard_free(s->accounts[i].shared);
		guard_free(s->accounts[i].guard);
		for (struct job *place; (place = job_line_take(&s->accounts[i].places));)
			job_free(place);
	}
	free(s->accounts);
	free(s->credentials);
	services_free(&s->services);
	subnets_free(s->subnets);
	job_heap_free(&s->delayed);
	free(s);
}
