/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scheduler_internal.h - what the files of a scheduler share.
 *
 *     scheduler.c      the pump: which job's turn it is, and when
 *     scheduler_job.c  what becomes of one job
 *     scheduler_service.c  what becomes of one that is a service
 *     scheduler_check.c  the login that settles a doubt of the guard
 */
#ifndef SCANNER_SWEEP_SCHEDULER_INTERNAL_H
#define SCANNER_SWEEP_SCHEDULER_INTERNAL_H

#include "scanner/login/guard.h"
#include "scanner/login/shared_guard.h"
#include "scanner/sweep/brake.h"
#include "scanner/sweep/job.h"
#include "scanner/sweep/rate.h"
#include "scanner/sweep/scheduler.h"
#include "scanner/sweep/subnets.h"
#include "scanner/targets/target_source.h"

enum { PLACES_MOST = 4 };

/* What logs on as one account has one guard. */
struct account {
	struct scheduler *scheduler;
	size_t credential; /* the first one that is it */
	struct guard *guard;
	struct shared_guard *shared; /* NULL: with no other shard */
	struct job_line places;      /* that accepted it, the latest last */
};

struct credential_line {
	struct account *account;
	struct job_line waiting;
};

/* Services on their way to hosts. */
struct services {
	struct target_source source;
	struct job_line asking; /* looked up; by the time of asking */
	struct job_line named;  /* answered; their hosts are given one at a time */
};

struct scheduler {
	uv_loop_t *loop;
	const struct sweep_inputs *inputs;
	const struct settings *settings;
	struct host_context host;
	struct targets *targets;
	struct scheduler_events events;

	struct job_line ready, flying;
	struct services services;
	struct job_heap delayed;
	struct subnets *subnets;
	size_t blocked;           /* jobs waiting in `subnets` */
	struct account *accounts; /* as many as credentials, or fewer */
	size_t account_count;
	struct credential_line *credentials;
	size_t waiting;     /* jobs waiting in `credentials` */
	struct brake brake; /* hosts in flight: fewer when sockets run out */
	bool braked;        /* once, and that was said */

	struct rate rate;

	uv_timer_t wake;
	uv_idle_t again;
	uv_poll_t *pipe; /* of targets that come by and by; owned; NULL: none was met */
	int pipe_descriptor;
	bool targets_ended;  /* nothing is left of them and nothing under way */
	bool targets_later;  /* they have nothing for now */
	const char *stopped; /* why; NULL: it is not */
	bool hurried;        /* leave the rest of the targets unread */
	bool finished;
	uint64_t not_asked;
	uint64_t lost; /* targets for which there was no memory */
	uint32_t chance;
};

/* A guard for each account of the credentials.  False: out of memory; what is there is
 * freed with the rest. */
bool scheduler_make_accounts(struct scheduler *s);
/* Start whatever may start now. */
void scheduler_pump(struct scheduler *s);
void scheduler_pump_later(struct scheduler *s, uint64_t ms);
/* The hosts of services are targets from now on; `v` is zero before. */
void services_begin(struct services *v, struct targets *targets);
void services_free(struct services *v);
/* Look up the hosts of a service, which then take the job's place. */
void scheduler_ask(struct scheduler *s, struct job *job);
/* End the look-ups that are due by then (loop time, ms). */
void scheduler_cancel_asking(struct scheduler *s, uint64_t due);
/* Its next attempt comes after job_pause(); the last one took `spent` ms.  False: out of
 * memory, it is in no line. */
bool scheduler_delay(struct scheduler *s, struct job *job, uint64_t spent);
/* A host for this job, or a place in line for the job. */
void scheduler_start(struct scheduler *s, struct job *job);
/* The two ends of a flight.  False: out of memory, it did not begin. */
bool scheduler_begin_host(struct scheduler *s, struct job *job, host_done_fn done);
void scheduler_end_host(struct scheduler *s, struct job *job);
/* For the guard: see guard_set_check(); `arg` is the account. */
bool scheduler_check(void *arg);
void scheduler_on_accepted(void *arg);
/* The same of a domain controller, whose directory gives targets; `arg` is the scheduler.
 */
void scheduler_on_controller(const char *name, void *arg);
/* Make the first login of its credential at `canary`. */
void scheduler_check_first(struct scheduler *s, const struct target *canary);
enum host_admission scheduler_on_admit(const struct sockaddr *address, void *arg);
/* A job that ends without a host: by the record of its attempt before, if there was one,
 * else by a record of its own. */
void scheduler_record_unasked(struct scheduler *s, struct job *job,
			      enum host_outcome outcome, const char *why);

#endif
