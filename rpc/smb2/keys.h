/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h - everything in SMB2 that needs cryptography, and nothing else.
 *
 * Pre-authentication hash, key derivation, signatures and encryption of [MS-SMB2] 3.1.4.
 * The only module that includes libcrypto.  Algorithms are fetched once a process;
 * every function may be called from any thread, one `struct smb2_keys` by one at a time.
 */
#ifndef RPC_SMB2_KEYS_H
#define RPC_SMB2_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/session_key.h"
#include "rpc/wire/wire.h"

enum {
	SMB2_HASH_SIZE = 64,
	SMB2_SIGNATURE_SIZE = 16,
	SMB2_NONCE_SIZE = 16, /* CCM uses the first 11 bytes of it, GCM the first 12 */
};

/* 2.2.3.1.7 */
enum smb2_signing {
	SMB2_HMAC_SHA256 = 0,
	SMB2_AES_128_CMAC = 1,
	SMB2_AES_128_GMAC = 2,
};

/* 2.2.3.1.2 */
enum smb2_cipher {
	SMB2_NO_CIPHER = 0,
	SMB2_AES_128_CCM = 1,
	SMB2_AES_128_GCM = 2,
	SMB2_AES_256_CCM = 3,
	SMB2_AES_256_GCM = 4,
};

/* What was agreed on before there was a key. */
struct smb2_agreed {
	uint16_t dialect;
	uint16_t signing; /* enum smb2_signing; looked at with 3.1.1 only */
	uint16_t cipher;  /* enum smb2_cipher */
	uint8_t preauth[SMB2_HASH_SIZE]; /* used with 3.1.1 only */
};

/* 3.2.5.3: the keys of one session, as bytes.  Wipe after use. */
struct smb2_derived {
	uint8_t signing[16];
	uint8_t to_server[32], to_client[32]; /* `cipher_len` bytes of each */
	size_t cipher_len;                    /* 16 or 32; 0: no cipher */
};

struct smb2_keys;

/* 3.1.4.4.1: `hash` becomes SHA-512(hash || message).  False: libcrypto failed. */
bool smb2_hash_add(uint8_t hash[static SMB2_HASH_SIZE], struct bytes message);

/* 3.1.4.2: false when the session key is empty or libcrypto failed. */
bool smb2_derive(const struct smb2_agreed *agreed, const struct session_key *key,
		 struct smb2_derived *derived);

/* Keys ready for use; NULL as smb2_derive, or when memory is out.  A client seals with
 * the key to the server and opens with the other; `as_server` is the other way round
 * and is what a test's server asks for. */
struct smb2_keys *smb2_keys_new(const struct smb2_agreed *agreed,
				const struct session_key *key, bool as_server);
/* The same from keys that are there already. */
struct smb2_keys *smb2_keys_from(const struct smb2_derived *derived, uint16_t signing,
				 uint16_t cipher, bool as_server);
/* Wipes and frees; NULL is allowed. */
void smb2_keys_free(struct smb2_keys *k);

/* 3.1.4.1: the signature of a whole message, header first.  What its signature field
 * holds is not looked at; its flags are signed as they stand. */
bool smb2_sign(struct smb2_keys *k, struct bytes message,
	       uint8_t signature[static SMB2_SIGNATURE_SIZE]);
/* 3.1.5.1: true when the message carries its own signature; takes the same time for any
 * wrong one. */
bool smb2_verify(struct smb2_keys *k, struct bytes message);

/* True once libcrypto itself has failed to check a message, as it does when memory is
 * out: then nothing is known of that message, and its sender is not to blame. */
bool smb2_crypto_failed(const struct smb2_keys *k);

/* True when there is a cipher and memory to use it. */
bool smb2_can_seal(struct smb2_keys *k);
/* 3.1.4.3: encrypt `text` where it stands.  Never use a nonce twice. */
bool smb2_seal(struct smb2_keys *k, const uint8_t nonce[static SMB2_NONCE_SIZE],
	       struct bytes associated, uint8_t *text, size_t len,
	       uint8_t tag[static SMB2_SIGNATURE_SIZE]);
/* Decrypt `sealed` into `text` of the same length.  False: altered, or not for us; then
 * nothing in `text` may be used. */
bool smb2_open(struct smb2_keys *k, const uint8_t nonce[static SMB2_NONCE_SIZE],
	       struct bytes associated, struct bytes sealed,
	       const uint8_t tag[static SMB2_SIGNATURE_SIZE], uint8_t *text);

/* Overwrite a key that is no longer needed; the compiler does not leave it out. */
void smb2_wipe(void *at, size_t len);

#endif
