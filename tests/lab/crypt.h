/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crypt.h - the primitives of a simulated Windows host, as cheap as they come.
 *
 * One thread, one set of OpenSSL contexts for the whole program, keyed anew for each
 * message: a connection therefore keeps keys (bytes) and never contexts.  MD4 and RC4,
 * which OpenSSL 3 has in its legacy provider only, are written out here.
 */
#ifndef LAB_CRYPT_H
#define LAB_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

/* Fetch the algorithms; false when this OpenSSL lacks one. */
bool crypt_start(void);
void crypt_stop(void);

void crypt_md4(const void *data, size_t len, uint8_t hash[static 16]);
void crypt_md5(const struct bytes *parts, size_t count, uint8_t hash[static 16]);
void crypt_hmac_md5(const uint8_t key[static 16], const struct bytes *parts, size_t count,
		    uint8_t mac[static 16]);
void crypt_hmac_sha256(const uint8_t key[static 16], const struct bytes *parts,
		       size_t count, uint8_t mac[static 32]);
/* RC4 that goes on from one call to the next. */
struct crypt_stream {
	uint8_t box[256], x, y;
};

void crypt_stream_begin(struct crypt_stream *s, const uint8_t *key, size_t key_len);
void crypt_stream_next(struct crypt_stream *s, const void *in, size_t len, void *out);
void crypt_rc4(const uint8_t *key, size_t key_len, const void *in, size_t len, void *out);
void crypt_random(void *to, size_t len);

/* [MS-SMB2] 3.1.4.4.1 pre-auth integrity: hash = SHA-512(hash || message). */
void crypt_preauth(uint8_t hash[static 64], struct bytes message);

/* SP800-108 in counter mode with HMAC-SHA256; label and context bring their own NULs;
 * `bits` is 128 or 256. */
void crypt_derive(const uint8_t key[static 16], struct bytes label, struct bytes context,
		  unsigned bits, uint8_t *derived);

/* [MS-SMB2] 2.2.3.1.7 ids; what 2.x calls HMAC uses the same row. */
enum crypt_signing { SIGN_HMAC = 0, SIGN_CMAC = 1, SIGN_GMAC = 2 };

/* The signature of an SMB2 message whose signature field is taken as zero. */
bool crypt_sign(enum crypt_signing how, const uint8_t key[static 16],
		struct bytes message, bool from_server, uint8_t signature[static 16]);

/* [MS-SMB2] 2.2.3.1.2 ids. */
enum crypt_cipher {
	CIPHER_NONE = 0,
	CIPHER_128_CCM = 1,
	CIPHER_128_GCM = 2,
	CIPHER_256_CCM = 3,
	CIPHER_256_GCM = 4,
};

/* In place; `aad` is the last 32 bytes of the transform header, which begin with the
 * nonce. */
bool crypt_seal(enum crypt_cipher cipher, const uint8_t key[static 32],
		const uint8_t aad[static 32], uint8_t *data, size_t len,
		uint8_t tag[static 16]);
bool crypt_open(enum crypt_cipher cipher, const uint8_t key[static 32],
		const uint8_t aad[static 32], uint8_t *data, size_t len,
		const uint8_t tag[static 16]);

#endif
