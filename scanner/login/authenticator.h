/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authenticator.h - the security mechanism of one login, stepped on worker threads.
 *
 * One item at a time.  While one runs only the worker touches what is marked so; the
 * peer's token it reads is borrowed and must not change until `done`.
 */
#ifndef SCANNER_LOGIN_AUTHENTICATOR_H
#define SCANNER_LOGIN_AUTHENTICATOR_H

#include <stdbool.h>
#include <sys/queue.h>

#include "rpc/auth/auth.h"
#include "scanner/login/workers.h"

struct authenticator;
typedef void (*authenticator_fn)(struct authenticator *p);

/* At most `room` mechanisms live at a time; others wait in line.  One of
 * Kerberos takes more memory than all else of a host together.  Where a provider
 * has an opening a mechanism lives for one item only, and the pool is passed by.
 */
struct authenticator_pool {
	unsigned room, live;
	TAILQ_HEAD(, authenticator) line; /* private */
};

struct authenticator {
	struct workers *workers;
	struct authenticator_pool *pool;
	const struct auth_provider *provider;
	const char *host; /* as typed: becomes cifs@host */
	struct work_item item;
	authenticator_fn started, done;
	TAILQ_ENTRY(authenticator) others; /* in line */
	bool begun;   /* the opening was taken, or a first step asked for */
	bool in_line; /* for its place in the pool */
	bool placed;  /* it has one */
	bool busy;    /* in line, or an item is queued or runs */

	/* the worker's, while busy; to be read in `done` */
	struct auth *auth;
	struct bytes peer_token;
	struct bytes
		token; /* ours, borrowed until the next call or authenticator_wipe() */
	bool complete, failed;
	struct session_key key;
	struct fault fault;
	enum auth_mechanism mechanism; /* unknown until the first step */
};

void authenticator_pool_init(struct authenticator_pool *pool, unsigned room);
/* Everything is borrowed; `pool` may be NULL.  `started` is called when a authenticator
 * that stood in line has its place; it may be called from within any function of another
 * authenticator, or from authenticator_step(). */
void authenticator_init(struct authenticator *p, struct workers *workers,
			struct authenticator_pool *pool,
			const struct auth_provider *provider, const char *host,
			authenticator_fn started);
/* The provider's opening, to be sent as the first token; once, before any step.  False:
 * there is none, and authenticator_step() makes the first token. */
bool authenticator_open(struct authenticator *p, struct bytes *token);
/* Make the next token on a worker thread.  `done` runs once, from the loop, never from
 * here.  False (and no `done`): the mechanism was complete already. */
bool authenticator_step(struct authenticator *p, struct bytes peer_token,
			authenticator_fn done);
bool authenticator_busy(const struct authenticator *p);
bool authenticator_in_line(const struct authenticator *p);
/* True when its mechanism crashed: it stays busy for good. */
bool authenticator_crashed(const struct authenticator *p);
/* Leave the line: true, and `done` will not come.  Take a queued item back: `done` comes
 * with `failed` set.  An item that runs, runs on. */
bool authenticator_cancel(struct authenticator *p);
/* Overwrite the key and our token; after each `done`. */
void authenticator_wipe(struct authenticator *p);
/* Release the mechanism, on a worker thread; not while busy.  True when `done` will
 * come.  Due after each authenticator_step() that did not end in completion or failure.
 */
bool authenticator_end(struct authenticator *p, authenticator_fn done);

#endif
