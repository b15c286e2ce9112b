/* SPDX-License-Identifier: Apache-2.0 */
/* A target that is a service becomes the hosts that its SRV records name. */
#include "scanner/console/log.h"
#include "scanner/dns/resolve.h"
#include "scanner/sweep/scheduler_internal.h"

/* Services asked for at a time: each may turn into SERVICE_HOSTS_MAX jobs. */
enum { SERVICES_ASKED_MAX = 8, SERVICE_PAUSE_MS = 100 };

static void on_service(enum resolve_outcome outcome, const struct service_hosts *hosts,
		       const char *why, void *arg);
static void expand(struct scheduler *s, struct job *job,
		   const struct service_hosts *hosts);

void scheduler_ask(struct scheduler *s, struct job *job)
{
	uint64_t now = uv_now(s->loop), limit = s->settings->host_ms;

	if (s->asking.count >= SERVICES_ASKED_MAX) {
		job->due = now + SERVICE_PAUSE_MS;
		if (job_heap_add(&s->delayed, job))
			return;
	}
	job->attempt++;
	job->began = now;
	job->due = limit ? now + limit : UINT64_MAX;
	job->lookup = resolve_service(s->host.resolver, job->target->name, on_service,
				      job);
	if (job->lookup)
		job_line_add(&s->asking, job);
	else
		scheduler_record_unasked(s, job, HOST_LOCAL_ERROR, "out of memory");
}

void scheduler_cancel_asking(struct scheduler *s, uint64_t due)
{
	for (struct job *job = s->asking.first; job && job->due <= due; job = job->next)
		resolve_cancel(job->lookup);
}

static void on_service(enum resolve_outcome outcome, const struct service_hosts *hosts,
		       const char *why, void *arg)
{
	struct job *job = arg;
	struct scheduler *s = job->scheduler;
	bool again = outcome == RESOLVE_NO_ANSWER && job->attempt <= s->settings->retries;

	job_line_remove(&s->asking, job);
	job->lookup = NULL;
	if (s->stopped)
		scheduler_record_unasked(s, job, HOST_NOT_ASKED, s->stopped);
	else if (outcome == RESOLVED)
		expand(s, job, hosts);
	else if (!again || !scheduler_delay(s, job, uv_now(s->loop) - job->began))
		scheduler_record_unasked(s, job, HOST_UNRESOLVABLE,
					 outcome == RESOLVE_CANCELLED
						 ? "no name server answered in time"
						 : why);
	scheduler_pump(s);
}

/* A host of the service takes over all but the name. */
static void add_host(struct scheduler *s, const struct job *service, const char *name)
{
	struct target target = *service->target;
	struct job *job;

	if (!targets_wants(s->targets, name, target.port))
		return;
	target.name = name;
	job = job_new(&target);
	if (!job) {
		s->lost++;
		log_say(LOG_ERRORS, name, NULL, "out of memory");
		return;
	}
	job->scheduler = s;
	job_line_add(&s->ready, job);
}

static void expand(struct scheduler *s, struct job *job,
		   const struct service_hosts *hosts)
{
	const struct target *t = job->target;

	log_say(LOG_STEPS, t->name, "resolve", "%zu hosts", hosts->count);
	if (hosts->left_out)
		log_say(LOG_ERRORS, t->name, "resolve",
			"%zu of its SRV records are not asked: no name of a host, or "
			"more than %d",
			hosts->left_out, SERVICE_HOSTS_MAX);
	s->lost += hosts->left_out;
	targets_expanded(s->targets);
	s->events.expanded(t, hosts->count, s->events.arg);
	for (size_t i = 0; i < hosts->count; i++)
		add_host(s, job, hosts->names[i]);
	job_free(job);
}
