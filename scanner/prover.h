/*
 * prover.h - the security mechanism of one login, stepped on worker threads.
 *
 * One job at a time.  While one runs only the worker touches what is marked so; the
 * peer's token it reads is borrowed and must not change until `done`.
 */
#ifndef SCANNER_PROVER_H
#define SCANNER_PROVER_H

#include <stdbool.h>

#include "rpc/auth.h"
#include "scanner/workers.h"

struct prover;
typedef void (*prover_fn)(struct prover *p);

/* At most `room` mechanisms live at a time; others wait in line.  One of gss-ntlmssp
 * takes 65 KiB, more than all else of a host together.  Where a provider has an opening a
 * mechanism lives for one job only, and the pool is passed by.  Zero it, then set `room`.
 */
struct prover_pool {
	unsigned room, live;
	struct prover *first, *last;
};

struct prover {
	struct workers *workers;
	struct prover_pool *pool;
	const struct auth_provider *provider;
	const char *host; /* as typed: becomes cifs@host */
	struct job job;
	prover_fn started, done;
	struct prover *next; /* in line */
	bool begun;          /* the opening was taken, or a first step asked for */
	bool in_line;        /* for its place in the pool */
	bool placed;         /* it has one */
	bool busy;           /* in line, or a job is queued or runs */

	/* the worker's, while busy; to be read in `done` */
	struct auth *auth;
	struct bytes peer_token;
	struct bytes token; /* ours, borrowed until the next call or prover_wipe() */
	bool complete, failed;
	struct session_key key;
	struct fault fault;
	const char *mechanism; /* static, "" until complete */
};

/* Everything is borrowed; `pool` may be NULL.  `started` is called when a prover that
 * stood in line has its place; it may be called from within any function of another
 * prover, or from prover_step(). */
void prover_init(struct prover *p, struct workers *workers, struct prover_pool *pool,
		 const struct auth_provider *provider, const char *host,
		 prover_fn started);
/* The provider's opening, to be sent as the first token; once, before any step.  False:
 * there is none, and prover_step() makes the first token. */
bool prover_open(struct prover *p, struct bytes *token);
/* Make the next token on a worker thread.  `done` runs once, from the loop, never from
 * here.  False (and no `done`): the mechanism was complete already. */
bool prover_step(struct prover *p, struct bytes peer_token, prover_fn done);
bool prover_busy(const struct prover *p);
bool prover_in_line(const struct prover *p);
/* Leave the line: true, and `done` will not come.  Take a queued job back: `done` comes
 * with `failed` set.  A job that runs, runs on. */
bool prover_cancel(struct prover *p);
/* Overwrite the key and our token; after each `done`. */
void prover_wipe(struct prover *p);
/* Release the mechanism, on a worker thread; not while busy.  True when `done` will
 * come.  Due after each prover_step() that did not end in completion or failure. */
bool prover_end(struct prover *p, prover_fn done);

#endif
