/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.h - the seam between the dialogue and a security mechanism.
 *
 * A provider makes the tokens that SESSION_SETUP carries and, when it is done, the
 * session key.  Every function here may block for seconds (a KDC is asked, a file is
 * read): call them on worker threads only.  One `struct auth` is used by one thread at
 * a time; a provider may be shared by all threads.
 *
 * Provider: auth_gss.h (Kerberos and NTLMv2).  Tests bring their own.
 */
#ifndef RPC_AUTH_AUTH_H
#define RPC_AUTH_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/fault.h"
#include "rpc/wire/session_key.h"
#include "rpc/wire/wire.h"

struct auth;

/* By what a login proves who we are. */
enum auth_mechanism {
	AUTH_UNKNOWN, /* not chosen yet */
	AUTH_KERBEROS,
	AUTH_NTLM,
};

struct auth_provider {
	/* The first token, where it is the same for every host: whoever carries the login
	 * sends it by itself, calls begin() once the host has answered, and hands that
	 * answer to the first step().  So nothing is held for a host that is silent.
	 * Owned by the provider; empty where the first token is made by the first step().
	 */
	struct bytes opening;
	/* Start proving who we are to `host` (as the user typed it; the provider makes
	 * cifs@host of it).  NULL with `fault` filled. */
	struct auth *(*begin)(const struct auth_provider *p, const char *host,
			      struct fault *fault);
	/* Feed the peer's token (empty at first, without an opening) and get ours; `out`
	 * is borrowed until the next call on `a` and may be empty.  `*complete` is set
	 * true when no further token of the peer is needed.  False with `fault` filled on
	 * failure. */
	bool (*step)(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		     struct fault *fault);
	/* The agreed key; only after `*complete`.  False with `fault` filled. */
	bool (*key)(struct auth *a, struct session_key *key, struct fault *fault);
	enum auth_mechanism (*mechanism)(const struct auth *a);
	/* Wipe and free; NULL is allowed. */
	void (*end)(struct auth *a);
};

#endif
