/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scheduler.h - whose turn it is: N hosts in flight, a rate, a cap a subnet, retries, and
 * hosts that wait for their credential's first login.
 *
 *     targets -> (one at a time) -> ready -> in flight -> record
 *        ^                            ^ |       |
 *        +-- hosts of a service ------|-+       |
 *                  delayed (retry) ---+<--------+
 *        waiting for a credential  ---+<--------+
 *        waiting for a place in a subnet -+<----+
 *
 * What waits is bounded: when it grows to SCHEDULER_HELD_MAX jobs a host in flight no new
 * target is read.  Loop's thread only.
 */
#ifndef SCANNER_SWEEP_SCHEDULER_H
#define SCANNER_SWEEP_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "scanner/host/host.h"
#include "scanner/console/progress.h"
#include "scanner/sweep/sweep.h"

struct scheduler;
struct target;

enum { SCHEDULER_HELD_MIN = 1024, SCHEDULER_HELD_MAX = 4 };

struct scheduler_events {
	/* A final record; what it holds may be taken out of it. */
	void (*record)(struct facts *facts, void *arg);
	/* A service was looked up: what comes now are its hosts, and it is none. */
	void (*expanded)(const struct target *service, size_t hosts, void *arg);
	/* True: start nothing for now (what was recorded is not written yet). */
	bool (*hold)(void *arg);
	/* Once: nothing is in flight and nothing is left to do. */
	void (*finished)(void *arg);
	void *arg;
};

/* All borrowed.  `host` is what all hosts share, copied for an `admit` of our own;
 * `in_flight` is what the machine allows of the settings' (1 or more).  NULL: out of
 * memory. */
struct scheduler *scheduler_new(const struct host_context *host,
				const struct sweep_inputs *inputs, unsigned in_flight,
				struct targets *targets,
				const struct scheduler_events *events);
/* Begin; hosts start from within. */
void scheduler_begin(struct scheduler *s);
/* No new hosts; what is in flight may finish, what waits and what is left of the targets
 * is recorded as not asked, with `why` (static). */
void scheduler_stop(struct scheduler *s, const char *why);
/* The same, and what is in flight ends now; without `record_rest` what is left of the
 * targets is not even read: somebody waits for the end. */
void scheduler_abandon(struct scheduler *s, const char *why, bool record_rest);
/* Fills in_flight and slowest. */
void scheduler_state(const struct scheduler *s, struct progress_state *state);
/* True when all that is in flight is inside a worker thread. */
bool scheduler_stuck(const struct scheduler *s);
/* Record what is in flight as it stands, without waiting for it: only when stuck, and
 * nothing but scheduler_unrecorded() and
 * scheduler_guard_stopped() may follow. */
void scheduler_give_up(struct scheduler *s);
/* Targets that were neither asked nor recorded; 0 when their number is not known. */
uint64_t scheduler_unrecorded(const struct scheduler *s);
/* A credential was stopped by its guard. */
bool scheduler_guard_stopped(const struct scheduler *s);
/* Close what belongs to the loop; after `finished`.  Run the loop before freeing. */
void scheduler_end(struct scheduler *s);
void scheduler_free(struct scheduler *s);

#endif
