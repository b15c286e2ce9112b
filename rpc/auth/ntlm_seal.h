/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm_seal.h - messages sealed by NTLM after a logon: [MS-NLMP] 3.4, as a client with
 * extended session security, key exchange and 128-bit keys (ntlm_offers_sealing()).
 *
 * A sealed message is a signature of 16 bytes and the encrypted text, as GSS_WrapEx makes
 * it.  Messages are numbered: they are opened in the order in which they were sealed.
 */
#ifndef RPC_AUTH_NTLM_SEAL_H
#define RPC_AUTH_NTLM_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/auth/ntlm_crypto.h"
#include "rpc/wire/session_key.h"
#include "rpc/wire/wire.h"

enum { NTLM_SEALED_MAX = 16 << 20 }; /* bytes of one message */

/* One direction. */
struct ntlm_sealing {
	uint8_t signing_key[NTLM_KEY_BYTES];
	struct ntlm_rc4 stream;
	uint32_t number;
};

struct ntlm_seal {
	struct ntlm_sealing ours, theirs;
};

/* False: libcrypto failed.  Wipe it after use. */
bool ntlm_seal_begin(struct ntlm_seal *seal, const struct session_key *key);
/* Replace what `out` holds by the sealed `text`.  False: too long, memory is out, or
 * libcrypto failed. */
bool ntlm_seal_message(struct ntlm_seal *seal, struct bytes text, struct wire_out *out);
/* Replace what `out` holds by the text of a sealed `message`.  False: as above, or it was
 * not made by the host as the next one. */
bool ntlm_unseal_message(struct ntlm_seal *seal, struct bytes message,
			 struct wire_out *out);

#endif
