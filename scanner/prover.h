/*
 * prover.h - the security mechanism of one login, stepped on worker threads.
 *
 * One job at a time.  While one runs only the worker touches what is marked so; the
 * peer's token it reads is borrowed and must not change until `done`.
 */
#ifndef SCANNER_PROVER_H
#define SCANNER_PROVER_H

#include <stdbool.h>
#include <uv.h>

#include "rpc/auth.h"

struct prover;
typedef void (*prover_done_fn)(struct prover *p);

struct prover {
	uv_loop_t *loop;
	const struct auth_provider *provider;
	const char *host; /* as typed: becomes cifs@host */
	uv_work_t work;
	prover_done_fn done;
	bool begun; /* a first step was asked for */
	bool busy;  /* a job is queued or runs */

	/* the worker's, while busy; to be read in `done` */
	struct auth *auth;
	struct bytes peer_token;
	struct bytes token; /* ours, borrowed until the next call or prover_wipe() */
	bool complete, failed;
	struct session_key key;
	struct fault fault;
	const char *mechanism; /* static, "" until complete */
};

/* `provider` and `host` are borrowed. */
void prover_init(struct prover *p, uv_loop_t *loop, const struct auth_provider *provider,
		 const char *host);
/* Make the next token on a worker thread.  `done` runs once, from the loop, never from
 * here.  False (and no `done`): the mechanism was complete already. */
bool prover_step(struct prover *p, struct bytes peer_token, prover_done_fn done);
bool prover_busy(const struct prover *p);
/* Take a queued job back: `done` comes with `failed` set.  A running one runs on. */
void prover_cancel(struct prover *p);
/* Overwrite the key and our token; after each `done`. */
void prover_wipe(struct prover *p);
/* Release the mechanism, on a worker thread; not while busy.  True when `done` will
 * come. */
bool prover_end(struct prover *p, prover_done_fn done);

#endif
