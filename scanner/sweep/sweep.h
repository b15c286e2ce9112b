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
#include "scanner/settings/settings.h"

struct target;
struct targets;
struct journal;
struct shard_record;
struct directory_feed;

enum { SWEEP_NOT_ASKED_MAX = 100000 };

/* One credential: a section of the credentials file, or the default. */
struct sweep_credential {
	const char *name; /* "" for the default; shown in messages */
	const struct auth_provider *provider;
	const char *account; /* for records; NULL: not known */
	const char *domain;  /* where the account lives; NULL: nobody said */
	bool proven;         /* a KDC has accepted it */
	size_t group; /* those of one group are one account; 0: an account of its own */
	struct shard_record *record; /* shared with other shards; NULL: with none */
};

/* A host that would be asked, borrowed for the call.  False: no more of them. */
typedef bool (*sweep_list_fn)(const struct target *target, void *arg);

/* What one run works with; all of it is borrowed and must outlive sweep_run(). */
struct sweep_inputs {
	const struct settings *settings;
	const struct sweep_credential *credentials; /* indexed by a target's credential */
	size_t credential_count;
	const struct target *canary; /* where the first login is made; NULL: anywhere */
	const char *sweep_id;        /* uuid */
	/* A source whose login is the first credential's; NULL: none. */
	struct directory_feed *directory;
	uint16_t port;       /* of SMB at its domain controllers */
	host_trace_fn trace; /* step by step, for `check` and -v; or NULL */
	void *trace_arg;
	sweep_list_fn list; /* the hosts are listed and none is asked; or NULL */
	void *list_arg;
};

/* Called once a host with its final record; `facts` is borrowed for the call.  Heavy ones
 * of a sweep with a journal go another way: journal_on_heavy(). */
typedef void (*sweep_each_fn)(const struct facts *facts, void *arg);

struct sweep_result {
	uint64_t hosts; /* final records, all outcomes */
	uint64_t
		outcomes[HOST_OUTCOME_COUNT]; /* `not_asked` counts unrecorded ones too */
	uint64_t by_ntlm;                     /* hosts that were logged on to so */
	bool guard_stopped;                   /* a credential was stopped: exit code 5 */
	int signal;                           /* SIGINT or SIGTERM ended it early; or 0 */
	bool out_of_time;                     /* --max-runtime ended it early */
	bool crashed;                         /* a login did, and ended it early */
	bool journal_failed;                  /* what was written before stays valid */
	/* A worker thread is still inside a blocking call (a key distribution center that
	 * does not answer): end the process by _exit() after flushing, not by exit(). */
	bool threads_busy;
};

/* Ask all of `targets`.  `journal` may be NULL.  Owns its own loop and the signals
 * SIGINT, SIGTERM and SIGUSR1 while it runs.  False: it could not begin (said on
 * stderr). */
bool sweep_run(const struct sweep_inputs *inputs, struct targets *targets,
	       struct journal *journal, sweep_each_fn each, void *arg,
	       struct sweep_result *result);

#endif
