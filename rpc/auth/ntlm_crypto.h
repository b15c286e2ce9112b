/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm_crypto.h - the primitives of NTLMv2: MD4, HMAC-MD5, RC4 and random bytes.
 *
 * MD4 [RFC 1320] and RC4 are written out here, because OpenSSL 3 keeps them in a provider
 * that may not be installed.  Neither is used but where [MS-NLMP] has it: MD4 for the NT
 * hash, RC4 for the session key and for what follows a logon at an LDAP server.
 * Any thread.  What a function leaves on its stack it overwrites.
 */
#ifndef RPC_AUTH_NTLM_CRYPTO_H
#define RPC_AUTH_NTLM_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

enum { NTLM_KEY_BYTES = 16 };

/* MD4 of a text of any length. */
void ntlm_md4(struct bytes text, uint8_t digest[static NTLM_KEY_BYTES]);
/* False, with `mac` all zeros: libcrypto failed. */
bool ntlm_hmac_md5(const uint8_t key[static NTLM_KEY_BYTES], struct bytes text,
		   uint8_t mac[static NTLM_KEY_BYTES]);
/* False, with `digest` all zeros: libcrypto failed. */
bool ntlm_md5(struct bytes text, uint8_t digest[static NTLM_KEY_BYTES]);

/* A stream of RC4; wipe it after use. */
struct ntlm_rc4 {
	uint8_t s[256], i, j;
};
void ntlm_rc4_begin(struct ntlm_rc4 *stream, const uint8_t key[static NTLM_KEY_BYTES]);
/* The next `len` bytes; `out` may be `in`. */
void ntlm_rc4_next(struct ntlm_rc4 *stream, const uint8_t *in, size_t len, uint8_t *out);
/* False: libcrypto has no random bytes. */
bool ntlm_random(uint8_t *at, size_t len);

#endif
