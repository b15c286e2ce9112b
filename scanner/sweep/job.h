/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job.h - one target on its way through a sweep, and lines of such.
 */
#ifndef SCANNER_SWEEP_JOB_H
#define SCANNER_SWEEP_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "scanner/host/host.h"
#include "scanner/targets/targets.h"

struct lookup;
struct service_names;
struct scheduler;
struct subnet;

/* Owned by the one line it stands in, or by the sweep while its host is in flight. */
struct job {
	TAILQ_ENTRY(job) others;          /* private: in its line */
	struct target *target;            /* owned */
	struct host_addresses *addresses; /* owned; known when it was put off */
	struct facts *last;               /* owned; record of the attempt before */
	struct host *host;                /* owned while in flight */
	struct lookup *lookup;            /* of a service, while it is asked for */
	struct service_names *names;      /* owned; of a service that was answered */
	struct scheduler *scheduler;
	struct subnet *subnet; /* whose place it holds */
	uint64_t refused;      /* key of the subnet that had no place for it */
	bool checks;           /* a login that settles a doubt of the guard */
	unsigned attempt;      /* begun so far */
	unsigned connections;  /* of this attempt */
	unsigned starved;      /* times put off for want of sockets */
	uint64_t began;        /* loop time, ms: of a service, when it was asked for */
	uint64_t due;          /* the same: when a delayed one goes on, a service ends */
};

/* First in, first out; any may be taken out.  Zeroed it is empty, and may be given to
 * everything but job_line_add(), which wants job_line_init(). */
struct job_line {
	TAILQ_HEAD(job_line_head, job) jobs; /* private */
	size_t count;
};

/* Copies `target`.  NULL: out of memory. */
struct job *job_new(const struct target *target);
void job_free(struct job *job);

void job_line_init(struct job_line *line);
/* NULL: empty, or `job` is the last. */
struct job *job_line_first(const struct job_line *line);
struct job *job_line_last(struct job_line *line);
struct job *job_line_next(const struct job *job);
void job_line_add(struct job_line *line, struct job *job);
void job_line_remove(struct job_line *line, struct job *job);
/* NULL: empty. */
struct job *job_line_take(struct job_line *line);

/* Jobs by `due`, the earliest on top. */
struct job_heap {
	struct job **at;
	size_t count, room;
};

/* False: out of memory, the job is not in it. */
bool job_heap_add(struct job_heap *heap, struct job *job);
/* The earliest if it is due at `now`, taken out; NULL: none. */
struct job *job_heap_take(struct job_heap *heap, uint64_t now);
void job_heap_free(struct job_heap *heap);

/* How long attempt number `attempt` (2 for the first again) waits, ms: 500, 1,000, 2,000,
 * ... up to 8,000, half of it by chance, counted from the beginning of the attempt
 * before, which took `spent` ms: who was waited for in silence needs no further rest.
 * `chance` is any random number. */
uint64_t job_pause(unsigned attempt, uint32_t chance, uint64_t spent);

#endif
