/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scheduler_service.c - the source of targets that SRV records are: a target that is a
 * service becomes the hosts that its records name.
 *
 * Read downwards: ask, answer, give the hosts, one a call.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/console/log.h"
#include "scanner/dns/resolve.h"
#include "scanner/sweep/scheduler_internal.h"

/* Services asked for or not yet given at a time: each may be SERVICE_HOSTS_MAX hosts. */
enum { SERVICES_MAX = 8, SERVICE_PAUSE_MS = 100 };

/* The hosts of an answer, in one allocation. */
struct service_names {
	size_t count, given;
	const char *at[];
};

static void on_service(enum resolve_outcome outcome, const struct service_hosts *hosts,
		       const char *why, void *arg);
static bool expand(struct scheduler *s, struct job *job,
		   const struct service_hosts *hosts);
static enum targets_answer next_host(struct target_source *source,
				     struct target_line *line);

void services_begin(struct services *v, struct targets *targets)
{
	job_line_init(&v->asking);
	job_line_init(&v->named);
	v->source.next = next_host;
	targets_add(targets, &v->source);
}

void scheduler_ask(struct scheduler *s, struct job *job)
{
	uint64_t now = uv_now(s->loop), limit = s->settings->host_ms;

	if (s->services.asking.count + s->services.named.count >= SERVICES_MAX) {
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
		job_line_add(&s->services.asking, job);
	else
		scheduler_record_unasked(s, job, HOST_LOCAL_ERROR, "out of memory");
}

void scheduler_cancel_asking(struct scheduler *s, uint64_t due)
{
	struct job *job = job_line_first(&s->services.asking);

	for (; job && job->due <= due; job = job_line_next(job))
		resolve_cancel(job->lookup);
}

static void on_service(enum resolve_outcome outcome, const struct service_hosts *hosts,
		       const char *why, void *arg)
{
	struct job *job = arg;
	struct scheduler *s = job->scheduler;
	bool again = outcome == RESOLVE_NO_ANSWER && job->attempt <= s->settings->retries;

	job_line_remove(&s->services.asking, job);
	job->lookup = NULL;
	if (s->stopped)
		scheduler_record_unasked(s, job, HOST_NOT_ASKED, s->stopped);
	else if (outcome == RESOLVED && expand(s, job, hosts))
		;
	else if (outcome == RESOLVED)
		scheduler_record_unasked(s, job, HOST_LOCAL_ERROR, "out of memory");
	else if (!again || !scheduler_delay(s, job, uv_now(s->loop) - job->began))
		scheduler_record_unasked(s, job, HOST_UNRESOLVABLE,
					 outcome == RESOLVE_CANCELLED
						 ? "no name server answered in time"
						 : why);
	target_source_ready(&s->services.source);
	scheduler_pump(s);
}

/* NULL: out of memory. */
static struct service_names *copy_names(const struct service_hosts *hosts)
{
	struct service_names *names;
	size_t size = sizeof *names + hosts->count * sizeof *names->at;
	char *text;

	for (size_t i = 0; i < hosts->count; i++)
		size += strlen(hosts->names[i]) + 1;
	names = malloc(size);
	if (!names)
		return NULL;
	*names = (struct service_names){ .count = hosts->count };
	text = (char *)&names->at[hosts->count];
	for (size_t i = 0; i < hosts->count; i++) {
		names->at[i] = text;
		text = stpcpy(text, hosts->names[i]) + 1;
	}
	return names;
}

/* False: out of memory. */
static bool expand(struct scheduler *s, struct job *job,
		   const struct service_hosts *hosts)
{
	const struct target *t = job->target;

	job->names = copy_names(hosts);
	if (!job->names)
		return false;
	log_say(LOG_STEPS, t->name, "resolve", "%zu host%s", hosts->count,
		hosts->count == 1 ? "" : "s");
	if (hosts->left_out)
		log_say(LOG_ERRORS, t->name, "resolve",
			"%zu of its SRV records %s not asked: no name of a host, or "
			"more than %d",
			hosts->left_out, hosts->left_out == 1 ? "is" : "are",
			SERVICE_HOSTS_MAX);
	s->lost += hosts->left_out;
	targets_expanded(s->targets);
	s->events.expanded(t, hosts->count, s->events.arg);
	job_line_add(&s->services.named, job);
	return true;
}

/* A host of the service takes over all but the name. */
static void fill(const struct target *t, const char *name, struct target_line *line)
{
	line->spec = (struct spec){ .kind = SPEC_NAME, .port = t->port };
	stpncpy(line->spec.name, name, TARGET_NAME_MAX);
	for (line->tag_count = 0; line->tag_count < t->tag_count; line->tag_count++)
		line->tags[line->tag_count] = t->tags[line->tag_count];
	line->hint_known = t->hint_known;
	line->hint = t->hint;
	line->user = NULL;
	line->directory = NULL;
	line->credential = t->credential;
	line->file = t->file;
	line->number = t->line;
}

static enum targets_answer next_host(struct target_source *source,
				     struct target_line *line)
{
	struct services *v = (struct services *)source;
	struct job *job;

	while ((job = job_line_first(&v->named))) {
		struct service_names *names = job->names;

		if (names->given < names->count) {
			fill(job->target, names->at[names->given++], line);
			return TARGETS_ONE;
		}
		/* Its tags were borrowed until now. */
		job_line_remove(&v->named, job);
		job_free(job);
	}
	return v->asking.count ? TARGETS_LATER : TARGETS_END;
}

void services_free(struct services *v)
{
	for (struct job *job; (job = job_line_take(&v->named));)
		job_free(job);
}
