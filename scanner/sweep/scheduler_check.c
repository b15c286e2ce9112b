/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The login that settles a doubt of the guard: at a place that accepted the credential
 * before.  It logs on, leaves, and is in no record.
 */
#include <stdlib.h>

#include "scanner/console/log.h"
#include "scanner/sweep/scheduler_internal.h"

static void on_check_done(struct host *h, void *arg);

static struct job *new_place(struct scheduler *s, const struct target *target)
{
	struct job *place = job_new(target);

	if (place) {
		place->scheduler = s;
		place->checks = true;
	}
	return place;
}

void scheduler_check_first(struct scheduler *s, const struct target *canary)
{
	struct account *a = s->credentials[canary->credential].account;
	struct job *place = guard_proven(a->guard) ? NULL : new_place(s, canary);

	if (!place)
		return;
	job_line_add(&a->places, place);
	guard_check_first(a->guard);
}

/* A domain controller took the login of the directory: it takes that of a check, too. */
void scheduler_on_controller(const char *name, void *arg)
{
	struct scheduler *s = arg;
	struct account *a = s->credentials[0].account;
	struct job *place = new_place(
		s, &(struct target){ .name = name, .port = s->inputs->port, .file = "" });

	if (!place)
		return;
	if (a->places.count == PLACES_MOST)
		job_free(job_line_take(&a->places));
	job_line_add(&a->places, place);
}

static void note_for_others(const struct account *a, const struct target *target)
{
	if (a->shared)
		shared_guard_note_place(a->shared, target->name, target->port);
}

/* Called when a host took the proof of a password: it is the latest place. */
void scheduler_on_accepted(void *arg)
{
	const struct job *job = arg;
	struct account *a = job->scheduler->credentials[job->target->credential].account;
	const struct host_addresses *known = host_addresses(job->host);
	struct job *place;

	if (job->checks)
		return;
	note_for_others(a, job->target);
	place = new_place(job->scheduler, job->target);
	if (!place)
		return;
	place->addresses = malloc(sizeof(*known));
	if (place->addresses)
		*place->addresses = *known;
	if (a->places.count == PLACES_MOST)
		job_free(job_line_take(&a->places));
	job_line_add(&a->places, place);
}

/* The one that another shard recorded; NULL: there is none, or it was asked. */
static struct job *place_of_others(struct account *a)
{
	const struct shard_place *known = a->shared ? shared_guard_take_place(a->shared)
						    : NULL;

	return known ? new_place(a->scheduler,
				 &(struct target){
					 .name = known->name,
					 .port = known->port,
					 .credential = a->credential,
					 .file = "",
				 })
		     : NULL;
}

static struct job *next_place(struct account *a)
{
	struct job *place = job_line_last(&a->places);

	if (!place)
		return place_of_others(a);
	job_line_remove(&a->places, place);
	return place;
}

/* The latest place first; each is asked once in a doubt, and kept if it accepts. */
bool scheduler_check(void *arg)
{
	struct account *a = arg;
	struct job *place;

	while ((place = next_place(a))) {
		if (scheduler_begin_host(place->scheduler, place, on_check_done))
			return true;
		job_free(place);
	}
	return false;
}

/* A canary that gave no verdict leaves the first login to whoever comes first. */
static void tell_silence(const struct account *a, struct host *h)
{
	const struct facts *f = host_facts(h);

	if (!host_accepted(h) && !guard_proven(a->guard) && !guard_stopped(a->guard))
		log_say(LOG_WARNINGS, f->host, "canary",
			"no verdict on the credential: %s",
			f->error.text ? f->error.text
				      : host_outcome_sentence(f->outcome));
}

static void on_check_done(struct host *h, void *arg)
{
	struct job *job = arg;
	struct scheduler *s = job->scheduler;
	struct account *a = s->credentials[job->target->credential].account;

	scheduler_end_host(s, job);
	tell_silence(a, h);
	if (host_accepted(h))
		job_line_add(&a->places, job);
	else
		job_free(job);
	host_free(h);
	guard_check_ended(a->guard);
	scheduler_pump(s);
}
