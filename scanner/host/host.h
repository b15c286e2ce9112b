/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host.h - one host's life: resolve, connect, converse, leave.
 *
 * A host owns its socket, its one timer and its dialogue; it runs on the loop's thread,
 * but for the steps of its security mechanism, which run on worker threads.  What it
 * learns it writes into its facts.
 */
#ifndef SCANNER_HOST_HOST_H
#define SCANNER_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "report/facts/facts.h"
#include "rpc/auth/auth.h"
#include "scanner/dns/resolve.h"
#include "scanner/settings/settings.h"

struct host;
struct budget_pot;
struct guard;
struct turn;
struct authenticator_pool;
struct workers;

/* Why a host ended without a final record. */
enum host_put_off {
	PUT_OFF_NOT,         /* it did not: its facts are a record */
	PUT_OFF_CREDENTIAL,  /* its credential's first login is still being made */
	PUT_OFF_SUBNET,      /* `admit` said no */
	PUT_OFF_DESCRIPTORS, /* this process has no socket left for it */
};

enum host_admission {
	ADMIT_YES,
	ADMIT_LATER, /* its subnet is busy: the host is put off */
	ADMIT_NEVER, /* this address is excluded */
};

/* One thing that happened, for `check` and for verbose logs.  `step` is one of
 * "resolve", "connect", the steps of rpc/session/session.h, or a topic of survey.h;
 * `text` may hold strings of the host. */
typedef void (*host_trace_fn)(const struct facts *facts, const char *step,
			      const char *text, void *arg);

/* What is the same for all hosts of a sweep; borrowed, must outlive them. */
struct host_context {
	const struct settings *settings;
	uv_loop_t *loop;
	struct resolver *resolver;
	struct workers *workers;           /* where mechanisms are stepped */
	struct authenticator_pool *logins; /* how many log on at a time; NULL: no limit */
	struct budget_pot *pot;            /* budget.h; NULL: none */
	const uint64_t *late_ms; /* how long this process kept all waiting; NULL: never */
	struct turn *turn;       /* turn.h; NULL: nothing waits for a later one */
	/* Set by the first host that refuses the NTLM version probe because NTLM is off
	 * there: no host is asked for its build from then on.  NULL: each is. */
	bool *ntlm_refused;
	uint64_t patience_ms; /* how long an open connection waits for the guard */
	const char *sweep_id;
	host_trace_fn trace; /* NULL: none */
	void *trace_arg;
	/* Asked before each connection with the argument of host_scan(); NULL: always
	 * ADMIT_YES. */
	enum host_admission (*admit)(const struct sockaddr *address, void *arg);
	/* True of a SID that the directory names: no host is asked for it.  NULL: of
	 * none.
	 */
	bool (*named_elsewhere)(const char *sid, void *arg);
	void *named_arg;
	/* Called with the same as `admit` when the host has accepted the proof of a
	 * password; NULL: nobody wants to know. */
	void (*accepted)(void *arg);
};

/* What is this host's own; strings are copied into the facts, the rest is borrowed. */
struct host_target {
	const char *name; /* as typed; a literal address is never looked up */
	uint16_t port;
	const char *const *tags;
	size_t tag_count;
	bool hint_known;
	enum role hint;
	const struct directory_fact *directory; /* copied; NULL: none */
	unsigned attempt;                       /* 1 for the first */
	const struct host_addresses *addresses; /* NULL: resolve */
	const struct auth_provider *provider;
	struct guard *guard; /* of the provider's credential; NULL: unguarded */
	const char *account; /* of the credential, for the record; NULL: not known */
	const char *domain;  /* hosts outside of it are `foreign`; NULL: none is */
	bool login_only;     /* log on, to settle a doubt of the guard, and leave */
};

/* Called exactly once, from the loop, never from inside host_scan(); call host_free() in
 * it or later. */
typedef void (*host_done_fn)(struct host *h, void *arg);

/* NULL: out of memory, nothing was begun. */
struct host *host_scan(const struct host_context *context,
		       const struct host_target *target, host_done_fn done, void *arg);
/* End it now, with outcome `not_asked` and `why` (static) as its error, or as one whose
 * login crashed.  `done` still comes, later.  Safe in every state. */
void host_abandon(struct host *h, const char *why);
/* True while a worker thread is inside this host's security mechanism: `done` of an
 * abandoned host waits for it. */
bool host_on_worker(const struct host *h);
void host_free(struct host *h);

/* The record; grows while the host lives, complete in `done`.  Owned by the host. */
struct facts *host_facts(struct host *h);
enum host_put_off host_put_off(const struct host *h);
/* True when another attempt may fare better and makes no second refused login: after
 * `timeout`, `disconnected`, `stalled`, and where no name server answered, unless the
 * host got the proof of the password and gave no verdict. */
bool host_may_retry(const struct host *h);
/* True when it accepted us. */
bool host_accepted(const struct host *h);
/* What its name resolved to, or `count` 0. */
const struct host_addresses *host_addresses(const struct host *h);
/* Milliseconds since it began, for the progress line. */
uint64_t host_age(const struct host *h);

#endif
