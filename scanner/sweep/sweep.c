/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/sweep/sweep.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "scanner/journal/journal.h"
#include "scanner/console/log.h"
#include "scanner/host/budget.h"
#include "scanner/host/outcome.h"
#include "scanner/host/turn.h"
#include "scanner/console/progress.h"
#include "scanner/login/authenticator.h"
#include "scanner/dns/resolve.h"
#include "scanner/sweep/scheduler.h"
#include "scanner/targets/targets.h"
#include "scanner/login/workers.h"

/* How long an open connection waits for the first login with its credential; how long a
 * terminated sweep lets its hosts finish; how long a sweep that ends at once waits for
 * worker threads that are inside a blocking call. */
enum { PATIENCE_MS = 500, TERM_GRACE_MS = 10000, STUCK_GRACE_MS = 1000, TICK_MS = 1000 };
/* Descriptors beside those of hosts: files, name servers, the loop's own. */
enum { SPARE_DESCRIPTORS = 64 };
/* How long a name server is waited for at first; see resolve.h. */
enum { DNS_TRY_MS = 1000 };
/* Logins at a time: a quarter of the hosts in flight, within these. */
enum { LOGINS_MIN = 64, LOGINS_MAX = 128 };

struct sweep {
	const struct sweep_inputs *inputs;
	const struct settings *settings;
	struct targets *targets;
	struct journal *journal;
	sweep_each_fn each;
	void *arg;
	struct sweep_result *result;

	uv_loop_t loop;
	unsigned in_flight; /* as this machine allows */
	struct host_context host;
	struct authenticator_pool logins;
	struct budget_pot pot;
	struct turn turn;
	bool ntlm_refused;
	struct scheduler *scheduler;
	struct progress *progress;
	uint64_t began_at, denied; /* ms; hosts */

	uv_signal_t interrupt, terminate, status;
	uv_timer_t tick, runtime, grace;
	bool at_once, given_up;
};

static bool begin(struct sweep *s);
static void on_signal(uv_signal_t *handle, int number);
static void on_status(uv_signal_t *handle, int number);
static void on_runtime(uv_timer_t *timer);
static void stop_at_once(struct sweep *s, const char *why, bool record_rest);
static void on_grace(uv_timer_t *timer);
static void on_login_crashed(void *arg);
static void on_tick(uv_timer_t *timer);
static void on_record(struct facts *facts, void *arg);
static void on_expanded(const struct target *service, size_t hosts, void *arg);
static bool on_hold(void *arg);
static size_t on_waiting(void *arg);
static void on_finished(void *arg);
static void end(struct sweep *s);

static void say_no_beginning(const char *why)
{
	log_say(LOG_ERRORS, NULL, NULL, "the sweep cannot begin: %s", why);
}

bool sweep_run(const struct sweep_inputs *inputs, struct targets *targets,
	       struct journal *journal, sweep_each_fn each, void *arg,
	       struct sweep_result *result)
{
	struct sweep *s = calloc(1, sizeof(*s));
	bool ok;

	*result = (struct sweep_result){ 0 };
	if (!s) {
		say_no_beginning("out of memory");
		return false;
	}
	s->inputs = inputs;
	s->settings = inputs->settings;
	s->targets = targets;
	s->journal = journal;
	s->each = each;
	s->arg = arg;
	s->result = result;
	if (uv_loop_init(&s->loop) != 0) {
		say_no_beginning("out of memory");
		free(s);
		return false;
	}
	ok = begin(s);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	end(s);
	/* A worker that is inside a host keeps the host, the loop and this alive. */
	if (!s->given_up)
		free(s);
	return ok;
}

/* ---- begin ---- */

/* As many hosts in flight as `want`, or as there are descriptors for. */
static unsigned fit_descriptors(unsigned want)
{
	rlim_t files = (rlim_t)want + SPARE_DESCRIPTORS;
	struct rlimit limit;
	unsigned fits = 1;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= files)
		return want;
	limit.rlim_cur = files < limit.rlim_max ? files : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= files)
		return want;
	if (limit.rlim_cur > SPARE_DESCRIPTORS)
		fits = (unsigned)(limit.rlim_cur - SPARE_DESCRIPTORS);
	log_say(LOG_WARNINGS, NULL, NULL,
		"only %llu open files are allowed here: %u hosts in flight at a time",
		(unsigned long long)limit.rlim_cur, fits);
	return fits;
}

static void fill_host_context(struct sweep *s)
{
	unsigned logins = s->in_flight / 4;

	authenticator_pool_init(&s->logins, logins < LOGINS_MIN   ? LOGINS_MIN
					    : logins > LOGINS_MAX ? LOGINS_MAX
								  : logins);
	s->pot = (struct budget_pot){ BUDGET_SWEEP_POT, on_waiting, s };
	s->host = (struct host_context){
		.settings = s->settings,
		.loop = &s->loop,
		.resolver = s->host.resolver,
		.workers = s->host.workers,
		.logins = &s->logins,
		.pot = &s->pot,
		.late_ms = &s->turn.late_ms,
		.turn = &s->turn,
		.ntlm_refused = &s->ntlm_refused,
		.patience_ms = PATIENCE_MS,
		.sweep_id = s->inputs->sweep_id,
		.trace = s->inputs->trace,
		.trace_arg = s->inputs->trace_arg,
	};
}

static void begin_signal(struct sweep *s, uv_signal_t *handle, uv_signal_cb on,
			 int number)
{
	uv_signal_init(&s->loop, handle);
	handle->data = s;
	uv_signal_start(handle, on, number);
}

static void begin_timer(struct sweep *s, uv_timer_t *timer, uv_timer_cb on, uint64_t ms)
{
	uv_timer_init(&s->loop, timer);
	timer->data = s;
	if (ms)
		uv_timer_start(timer, on, ms, ms);
}

static bool begin(struct sweep *s)
{
	struct scheduler_events events = { on_record, on_expanded, on_hold, on_finished,
					   s };
	char why[200] = "";

	s->in_flight = fit_descriptors(s->settings->in_flight);
	s->host.resolver = resolve_begin(&s->loop, s->settings->dns_servers, DNS_TRY_MS,
					 why, sizeof(why));
	if (!s->host.resolver) {
		log_say(LOG_ERRORS, NULL, "resolve", "%s", why);
		return false;
	}
	s->host.workers = workers_begin(&s->loop, WORKERS_MOST, why, sizeof(why));
	fill_host_context(s);
	if (s->host.workers)
		workers_on_crash(s->host.workers, on_login_crashed, s);
	if (s->host.workers)
		s->scheduler = scheduler_new(&s->host, s->inputs, s->in_flight,
					     s->targets, &events);
	if (!s->scheduler) {
		say_no_beginning(s->host.workers ? "out of memory" : why);
		resolve_end(s->host.resolver);
		workers_end(s->host.workers);
		return false;
	}
	s->began_at = uv_now(&s->loop);
	s->progress = progress_begin(s->settings->quiet || s->inputs->list,
				     s->settings->stats_ms);
	log_set_before(progress_clear, s->progress);
	begin_signal(s, &s->interrupt, on_signal, SIGINT);
	begin_signal(s, &s->terminate, on_signal, SIGTERM);
	begin_signal(s, &s->status, on_status, SIGUSR1);
	begin_timer(s, &s->tick, on_tick, TICK_MS);
	begin_timer(s, &s->runtime, on_runtime, s->settings->runtime_ms);
	begin_timer(s, &s->grace, on_grace, 0);
	turn_begin(&s->turn, &s->loop, s->settings->verbose);
	scheduler_begin(s->scheduler);
	return true;
}

/* ---- ended early ---- */

/* The first time politely, the second time at once; who is terminated gets 10 seconds. */
static void on_signal(uv_signal_t *handle, int number)
{
	struct sweep *s = handle->data;

	if (s->result->signal) {
		stop_at_once(s, "interrupted", false);
		return;
	}
	s->result->signal = number;
	log_say(LOG_WARNINGS, NULL, NULL,
		"%s: no new hosts; those in flight may finish%s",
		number == SIGINT ? "interrupted" : "terminated",
		number == SIGINT ? ", once more ends them at once" : " within 10 s");
	scheduler_stop(s->scheduler, number == SIGINT ? "interrupted" : "terminated");
	if (number == SIGTERM)
		uv_timer_start(&s->grace, on_grace, TERM_GRACE_MS, 0);
}

static void on_runtime(uv_timer_t *timer)
{
	struct sweep *s = timer->data;

	uv_timer_stop(timer);
	s->result->out_of_time = true;
	scheduler_stop(s->scheduler, "the sweep's time was up");
	stop_at_once(s, "the sweep's time was up", true);
}

static void stop_at_once(struct sweep *s, const char *why, bool record_rest)
{
	if (s->at_once && record_rest)
		return;
	s->at_once = true;
	scheduler_abandon(s->scheduler, why, record_rest);
	uv_timer_start(&s->grace, on_grace, STUCK_GRACE_MS, STUCK_GRACE_MS);
}

/* A thread inside a blocking call cannot be ended; its host is recorded without it. */
static void on_grace(uv_timer_t *timer)
{
	struct sweep *s = timer->data;

	if (!s->at_once) {
		stop_at_once(s, "terminated", false);
	} else if (scheduler_stuck(s->scheduler)) {
		scheduler_give_up(s->scheduler);
		s->given_up = s->result->threads_busy = true;
		uv_stop(&s->loop);
	}
}

/* What was in the library's hands may be damaged: nothing further is asked. */
static void on_login_crashed(void *arg)
{
	struct sweep *s = arg;

	s->result->crashed = true;
	log_say(LOG_ERRORS, NULL, "authenticate",
		"a library crashed during a login: the sweep ends, and its journal stays "
		"valid");
	stop_at_once(s, "a login to another host crashed", true);
}

/* ---- meanwhile ---- */

static void fill_progress(struct sweep *s, struct progress_state *p)
{
	const uint64_t *n = s->result->outcomes;
	uint64_t total = 0;

	*p = (struct progress_state){ .elapsed_ms = uv_now(&s->loop) - s->began_at,
				      .done = s->result->hosts };
	targets_total(s->targets, &total);
	p->total = total;
	p->denied = s->denied;
	p->answered = n[HOST_ANSWERED] + n[HOST_ACCESS_DENIED] - s->denied;
	p->unreachable = n[HOST_UNRESOLVABLE] + n[HOST_UNREACHABLE] + n[HOST_REFUSED] +
			 n[HOST_TIMEOUT];
	p->other = p->done - p->denied - p->answered - p->unreachable;
	scheduler_state(s->scheduler, p);
}

static void on_tick(uv_timer_t *timer)
{
	struct sweep *s = timer->data;
	struct progress_state state;
	char why[300];

	fill_progress(s, &state);
	progress_note(s->progress, &state);
	if (!s->journal || s->result->journal_failed ||
	    !journal_failed(s->journal, why, sizeof(why)))
		return;
	s->result->journal_failed = true;
	log_say(LOG_ERRORS, NULL, "journal", "%s; no new hosts", why);
	scheduler_stop(s->scheduler, "the journal cannot be written");
}

static void on_status(uv_signal_t *handle, int number)
{
	struct sweep *s = handle->data;
	struct progress_state state;
	char line[1024];

	(void)number;
	fill_progress(s, &state);
	state.rate = state.elapsed_ms
			     ? (double)state.done * 1000 / (double)state.elapsed_ms
			     : 0;
	progress_format(&state, line, sizeof(line));
	log_say(LOG_ERRORS, NULL, NULL, "%s", line);
}

static bool is_denied(const struct facts *f)
{
	for (size_t i = 0; i < f->right_count; i++)
		if (f->rights[i].outcome == RIGHT_DENIED)
			return true;
	return f->outcome == HOST_ACCESS_DENIED;
}

static void on_record(struct facts *facts, void *arg)
{
	struct sweep *s = arg;

	s->result->hosts++;
	s->result->outcomes[facts->outcome]++;
	if (facts->outcome == HOST_ANSWERED || facts->outcome == HOST_ACCESS_DENIED)
		s->denied += is_denied(facts);
	if (s->inputs->list && facts->outcome != HOST_NOT_ASKED)
		log_say(LOG_ERRORS, facts->host, facts->step, "%s", facts->error.text);
	s->result->by_ntlm += facts->mechanism == LOGIN_NTLM;
	log_host(facts);
	if (s->each && !(s->journal && journal_is_heavy(facts)))
		s->each(facts, s->arg);
	if (s->journal)
		journal_add(s->journal, facts);
}

static void on_expanded(const struct target *service, size_t hosts, void *arg)
{
	struct sweep *s = arg;
	char now[OUTCOME_TIME_MAX];

	outcome_time(now);
	if (s->journal)
		journal_add_service(
			s->journal,
			&(struct journal_service){ s->inputs->sweep_id, service->name,
						   service->port, now, hosts });
}

static bool on_hold(void *arg)
{
	struct sweep *s = arg;

	return s->journal && !s->result->journal_failed &&
	       journal_backlog(s->journal) > JOURNAL_BACKLOG_MAX;
}

/* Records that are not lines of the journal yet. */
static size_t on_waiting(void *arg)
{
	struct sweep *s = arg;

	return s->journal ? journal_backlog(s->journal) : 0;
}

/* ---- end ---- */

static void on_finished(void *arg)
{
	struct sweep *s = arg;
	uv_handle_t *own[] = { (uv_handle_t *)&s->interrupt, (uv_handle_t *)&s->terminate,
			       (uv_handle_t *)&s->status,    (uv_handle_t *)&s->tick,
			       (uv_handle_t *)&s->runtime,   (uv_handle_t *)&s->grace };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		uv_close(own[i], NULL);
	turn_end(&s->turn);
	scheduler_end(s->scheduler);
	resolve_end(s->host.resolver);
	workers_end(s->host.workers);
}

static void end(struct sweep *s)
{
	char why[300];

	if (s->scheduler) {
		s->result->outcomes[HOST_NOT_ASKED] += scheduler_unrecorded(s->scheduler);
		s->result->guard_stopped = scheduler_guard_stopped(s->scheduler);
	}
	if (s->journal && journal_failed(s->journal, why, sizeof(why)))
		s->result->journal_failed = true;
	log_set_before(NULL, NULL);
	progress_end(s->progress);
	if (s->scheduler)
		log_say(LOG_STEPS, NULL, NULL,
			"the longest turn of the loop took %llu ms; the most work of one "
			"was %.1f ms, %u pieces",
			(unsigned long long)s->turn.longest_ms,
			(double)s->turn.work_ns / 1e6, s->turn.most);
	if (s->given_up)
		return;
	if (s->scheduler)
		scheduler_free(s->scheduler);
	uv_loop_close(&s->loop);
}
