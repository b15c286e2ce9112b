/* SPDX-License-Identifier: Apache-2.0 */
/*
 * channel_binding.h - the TLS channel that a login is bound to: RFC 5929,
 * "tls-server-end-point".
 *
 * A server that was told of another certificate than its own refuses the login, so that
 * nobody in between can pass it on.
 */
#ifndef RPC_AUTH_CHANNEL_BINDING_H
#define RPC_AUTH_CHANNEL_BINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

/* "tls-server-end-point:" and the largest hash. */
enum { CHANNEL_BINDING_MAX = 21 + 64 };

struct channel_binding {
	uint8_t at[CHANNEL_BINDING_MAX];
	size_t len;
};

/* Of the server's certificate (DER): its hash by the hash of its own signature, by
 * SHA-256 where that is MD5 or SHA-1 (RFC 5929 4.1).  False, `binding` untouched: it is
 * no certificate, its signature has no hash (Ed25519), or libcrypto failed. */
bool channel_binding_of(struct bytes certificate, struct channel_binding *binding);

#endif
