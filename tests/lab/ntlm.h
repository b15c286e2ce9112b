/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm.h - the server's half of NTLM ([MS-NLMP]), which really checks passwords.
 */
#ifndef LAB_NTLM_H
#define LAB_NTLM_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"
#include "tests/lab/accounts.h"
#include "tests/lab/crypt.h"
#include "tests/lab/world.h"

/* One handshake: the challenge, and the first two messages for the MIC of the third. */
struct ntlm {
	uint8_t challenge[8];
	uint32_t flags;          /* of the CHALLENGE, then of the AUTHENTICATE message */
	struct account *account; /* who logged on, NULL before that */
	struct wire_out messages;
};

void ntlm_begin(struct ntlm *n);
void ntlm_end(struct ntlm *n);
/* Takes a NEGOTIATE message and writes a CHALLENGE; false: it is none. */
bool ntlm_challenge(struct ntlm *n, const struct host *h, struct bytes negotiate,
		    struct wire_out *challenge);
/* Takes an AUTHENTICATE message.  STATUS_SUCCESS: `key` is the exported session key. */
uint32_t ntlm_authenticate(struct ntlm *n, struct bytes message, uint8_t key[static 16]);
/* One direction of what follows a login ([MS-NLMP] 3.4). */
struct ntlm_direction {
	uint8_t sign_key[16];
	struct crypt_stream stream;
	uint32_t number;
	bool exchanged; /* a key was: checksums are encrypted */
};

void ntlm_direction_key(const struct ntlm *n, const uint8_t key[static 16],
			bool from_server, struct ntlm_direction *d);
/* The signature of the next message; to seal it, the message goes through `stream`
 * before. */
void ntlm_sign(struct ntlm_direction *d, struct bytes message, uint8_t mac[static 16]);
/* True when the client asked for encryption. */
bool ntlm_seals(const struct ntlm *n);
/* GSS_GetMIC with sequence number 0, as SPNEGO's mechListMIC is made. */
void ntlm_mic(const struct ntlm *n, const uint8_t key[static 16], bool from_server,
	      struct bytes message, uint8_t mic[static 16]);

#endif
