/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep.h - a whole sweep: N hosts in flight, one started whenever one ends.
 *
 * What to ask comes from a `struct targets`, one at a time; what became of each host
 * leaves through `each` and the journal as soon as it is known.  Memory grows with the
 * hosts in flight, never with the targets.
 *
 * A host ends in a final record exactly once.  A host that is tried again (outcomes
 * `timeout`, `disconnected`, `stalled`, a host out of resources, name servers that did
 * not answer) has one record, that of its last attempt.  What was not asked when the
 * sweep ended early is recorded as `not_asked`, up to SWEEP_NOT_ASKED_MAX hosts; further
 * ones are only counted.
 */
#ifndef SCANNER_SWEEP_SWEEP_H
#define SCANNER_SWEEP_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "report/facts/facts.h"
#include "rpc/auth/auth.h"
#include "scanner/host/host.h"

struct targets;
struct journal;

enum { SWEEP_NOT_ASKED_MAX = 100000, SWEEP_IN_FLIGHT_MAX = 65536 };

/* One credential: a section of the credentials file, or the default. */
struct sweep_credential {
	const char *name; /* "" for the default; shown in messages */
	const struct auth_provider *provider;
};

/* Milliseconds; 0: no limit. */
struct sweep_limits {
	uint64_t connect; /* one TCP connection */
	uint64_t request; /* one request on an open connection */
	uint64_t host;    /* one host, all told */
	uint64_t runtime; /* the sweep */
};

/* Everything is borrowed and must outlive sweep_run(). */
struct sweep_options {
	const struct sweep_credential *credentials; /* indexed by a target's credential */
	size_t credential_count;
	const char *const *rights; /* names, in the order asked */
	size_t right_count;
	struct sweep_limits limits;
	unsigned in_flight;          /* 1 to SWEEP_IN_FLIGHT_MAX */
	unsigned rate;               /* new connections a second; 0: no limit */
	unsigned per_subnet;         /* hosts in flight in one /24 or /64; 0: no limit */
	unsigned retries;            /* further attempts a host */
	unsigned max_logon_failures; /* refused logins that stop a credential, at least 1
				      */
	bool require_encryption;
	bool look;                         /* see session.h */
	uint16_t dialect_min, dialect_max; /* 0: no bound */
	const char *sweep_id;              /* uuid */
	bool quiet;                        /* no progress */
	uint64_t stats_every;              /* ms between progress lines off a terminal */
	host_trace_fn trace;               /* step by step, for `check` and -v; or NULL */
	void *trace_arg;
	const char *const *dns_servers; /* see resolve.h; NULL: the system's */
};

/* Called once a host with its final record; `facts` is borrowed for the call. */
typedef void (*sweep_each_fn)(const struct facts *facts, void *arg);

struct sweep_result {
	uint64_t hosts; /* final records, all outcomes */
	uint64_t
		outcomes[HOST_OUTCOME_COUNT]; /* `not_asked` counts unrecorded ones too */
	bool guard_stopped;                   /* a credential was stopped: exit code 5 */
	int signal;                           /* SIGINT or SIGTERM ended it early; or 0 */
	bool out_of_time;                     /* --max-runtime ended it early */
	bool journal_failed;                  /* what was written before stays valid */
	/* A worker thread is still inside a blocking call (a key distribution center that
	 * does not answer): end the process by _exit() after flushing, not by exit(). */
	bool threads_busy;
};

/* Ask all of `targets`.  `journal` may be NULL.  Owns its own loop and the signals
 * SIGINT, SIGTERM and SIGUSR1 while it runs.  False: it could not begin (said on
 * stderr). */
bool sweep_run(const struct sweep_options *options, struct targets *targets,
	       struct journal *journal, sweep_each_fn each, void *arg,
	       struct sweep_result *result);

#endif
