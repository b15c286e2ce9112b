/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/crypt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

/* Where the signature stands in an SMB2 header. */
enum { SIGNATURE_AT = 48, SIGNATURE_LEN = 16, HEADER_LEN = 64 };

static struct {
	EVP_MD *md5, *sha256, *sha512;
	EVP_MD_CTX *digest;
	EVP_MAC *cmac;
	EVP_MAC_CTX *cmac_context;
	EVP_CIPHER *ciphers[5];
	EVP_CIPHER_CTX *cipher_context;
} lib;

bool crypt_start(void)
{
	OSSL_PARAM aes[] = { OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_CIPHER,
						    (char[]){ "AES-128-CBC" }, 0),
			     OSSL_PARAM_END };

	lib.md5 = EVP_MD_fetch(NULL, "MD5", NULL);
	lib.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	lib.sha512 = EVP_MD_fetch(NULL, "SHA512", NULL);
	lib.digest = EVP_MD_CTX_new();
	lib.cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	lib.cmac_context = EVP_MAC_CTX_new(lib.cmac);
	lib.ciphers[CIPHER_128_CCM] = EVP_CIPHER_fetch(NULL, "AES-128-CCM", NULL);
	lib.ciphers[CIPHER_128_GCM] = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
	lib.ciphers[CIPHER_256_CCM] = EVP_CIPHER_fetch(NULL, "AES-256-CCM", NULL);
	lib.ciphers[CIPHER_256_GCM] = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	lib.cipher_context = EVP_CIPHER_CTX_new();
	for (int i = CIPHER_128_CCM; i <= CIPHER_256_GCM; i++)
		if (!lib.ciphers[i])
			return false;
	return lib.md5 && lib.sha256 && lib.sha512 && lib.digest && lib.cipher_context &&
	       lib.cmac_context && EVP_MAC_CTX_set_params(lib.cmac_context, aes);
}

void crypt_stop(void)
{
	EVP_CIPHER_CTX_free(lib.cipher_context);
	for (int i = CIPHER_128_CCM; i <= CIPHER_256_GCM; i++)
		EVP_CIPHER_free(lib.ciphers[i]);
	EVP_MAC_CTX_free(lib.cmac_context);
	EVP_MAC_free(lib.cmac);
	EVP_MD_CTX_free(lib.digest);
	EVP_MD_free(lib.sha512);
	EVP_MD_free(lib.sha256);
	EVP_MD_free(lib.md5);
}

static uint32_t turn(uint32_t v, unsigned by)
{
	return v << by | v >> (32 - by);
}

/* RFC 1320 3.4: the three rounds over one block of 16 words. */
static void md4_block(uint32_t state[static 4], const uint8_t *block)
{
	static const uint8_t order[3][16] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
		{ 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15 },
		{ 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15 },
	};
	static const uint8_t turns[3][4] = { { 3, 7, 11, 19 },
					     { 3, 5, 9, 13 },
					     { 3, 9, 11, 15 } };
	static const uint32_t added[3] = { 0, 0x5a827999, 0x6ed9eba1 };
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

	for (unsigned i = 0; i < 48; i++) {
		unsigned round = i / 16;
		const uint8_t *at = block + 4 * order[round][i % 16];
		uint32_t word = (uint32_t)at[0] | (uint32_t)at[1] << 8 |
				(uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
		uint32_t mixed = round == 0   ? (b & c) | (~b & d)
				 : round == 1 ? (b & c) | (b & d) | (c & d)
					      : b ^ c ^ d;
		uint32_t next = turn(a + mixed + word + added[round],
				     turns[round][i % 4]);

		a = d;
		d = c;
		c = b;
		b = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

void crypt_md4(const void *data, size_t len, uint8_t hash[static 16])
{
	uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	uint8_t last[128] = { 0 };
	const uint8_t *at = data;
	size_t whole = len / 64 * 64, rest = len - whole;
	size_t padded = rest < 56 ? 64 : 128;

	for (size_t i = 0; i < whole; i += 64)
		md4_block(state, at + i);
	if (rest)
		memcpy(last, at + whole, rest);
	last[rest] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		last[padded - 8 + i] = (uint8_t)((uint64_t)len * 8 >> (8 * i));
	for (size_t i = 0; i < padded; i += 64)
		md4_block(state, last + i);
	for (unsigned i = 0; i < 16; i++)
		hash[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}

static void digest(const EVP_MD *md, const struct bytes *parts, size_t count,
		   uint8_t *hash)
{
	EVP_DigestInit_ex2(lib.digest, md, NULL);
	for (size_t i = 0; i < count; i++)
		EVP_DigestUpdate(lib.digest, parts[i].at, parts[i].len);
	EVP_DigestFinal_ex(lib.digest, hash, NULL);
}

void crypt_md5(const struct bytes *parts, size_t count, uint8_t hash[static 16])
{
	digest(lib.md5, parts, count, hash);
}

/* RFC 2104 with a key of 16 bytes and digests of blocks of 64. */
static void hmac(const EVP_MD *md, const uint8_t key[static 16],
		 const struct bytes *parts, size_t count, size_t hash_len, uint8_t *mac)
{
	uint8_t inner[64], outer[64];

	memset(inner, 0x36, sizeof(inner));
	memset(outer, 0x5c, sizeof(outer));
	for (unsigned i = 0; i < 16; i++) {
		inner[i] ^= key[i];
		outer[i] ^= key[i];
	}
	EVP_DigestInit_ex2(lib.digest, md, NULL);
	EVP_DigestUpdate(lib.digest, inner, sizeof(inner));
	for (size_t i = 0; i < count; i++)
		EVP_DigestUpdate(lib.digest, parts[i].at, parts[i].len);
	EVP_DigestFinal_ex(lib.digest, mac, NULL);
	EVP_DigestInit_ex2(lib.digest, md, NULL);
	EVP_DigestUpdate(lib.digest, outer, sizeof(outer));
	EVP_DigestUpdate(lib.digest, mac, hash_len);
	EVP_DigestFinal_ex(lib.digest, mac, NULL);
}

void crypt_hmac_md5(const uint8_t key[static 16], const struct bytes *parts, size_t count,
		    uint8_t mac[static 16])
{
	hmac(lib.md5, key, parts, count, 16, mac);
}

void crypt_hmac_sha256(const uint8_t key[static 16], const struct bytes *parts,
		       size_t count, uint8_t mac[static 32])
{
	hmac(lib.sha256, key, parts, count, 32, mac);
}

void crypt_stream_begin(struct crypt_stream *s, const uint8_t *key, size_t key_len)
{
	uint8_t swap, y = 0;

	for (unsigned i = 0; i < 256; i++)
		s->box[i] = (uint8_t)i;
	for (unsigned i = 0; i < 256; i++) {
		y = (uint8_t)(y + s->box[i] + key[i % key_len]);
		swap = s->box[i];
		s->box[i] = s->box[y];
		s->box[y] = swap;
	}
	s->x = s->y = 0;
}

void crypt_stream_next(struct crypt_stream *s, const void *in, size_t len, void *out)
{
	uint8_t *box = s->box, x = s->x, y = s->y;
	const uint8_t *from = in;
	uint8_t *to = out;

	for (size_t i = 0; i < len; i++) {
		uint8_t swap = box[++x];

		y = (uint8_t)(y + swap);
		box[x] = box[y];
		box[y] = swap;
		to[i] = from[i] ^ box[(uint8_t)(box[x] + swap)];
	}
	s->x = x;
	s->y = y;
}

void crypt_rc4(const uint8_t *key, size_t key_len, const void *in, size_t len, void *out)
{
	struct crypt_stream s;

	crypt_stream_begin(&s, key, key_len);
	crypt_stream_next(&s, in, len, out);
}

void crypt_random(void *to, size_t len)
{
	if (getrandom(to, len, 0) != (ssize_t)len)
		abort();
}

void crypt_preauth(uint8_t hash[static 64], struct bytes message)
{
	struct bytes parts[] = { { hash, 64 }, message };

	digest(lib.sha512, parts, 2, hash);
}

void crypt_derive(const uint8_t key[static 16], struct bytes label, struct bytes context,
		  unsigned bits, uint8_t *derived)
{
	static const uint8_t first[] = { 0, 0, 0, 1 }, separator[] = { 0 };
	uint8_t length[] = { 0, 0, (uint8_t)(bits >> 8), (uint8_t)bits }, mac[32];
	struct bytes parts[] = {
		{ first, 4 }, label, { separator, 1 }, context, { length, 4 }
	};

	crypt_hmac_sha256(key, parts, 5, mac);
	memcpy(derived, mac, bits / 8);
}

static bool sign_cmac(const uint8_t key[static 16], const struct bytes *parts,
		      size_t count, uint8_t signature[static 16])
{
	size_t len;

	if (!EVP_MAC_init(lib.cmac_context, key, 16, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!EVP_MAC_update(lib.cmac_context, parts[i].at, parts[i].len))
			return false;
	return EVP_MAC_final(lib.cmac_context, signature, &len, 16);
}

/* The nonce is the message id and whether the server speaks; CANCEL, which has a bit of
 * its own, is told by its command. */
static bool sign_gmac(const uint8_t key[static 16], struct bytes message,
		      bool from_server, const struct bytes *parts, size_t count,
		      uint8_t signature[static 16])
{
	uint8_t nonce[12] = { 0 };
	bool cancel = message.at[12] == 12;
	int len;

	memcpy(nonce, message.at + 24, 8);
	nonce[8] = (uint8_t)(from_server | cancel << 1);
	if (!EVP_EncryptInit_ex2(lib.cipher_context, lib.ciphers[CIPHER_128_GCM], key,
				 nonce, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!EVP_EncryptUpdate(lib.cipher_context, NULL, &len, parts[i].at,
				       (int)parts[i].len))
			return false;
	return EVP_EncryptFinal_ex(lib.cipher_context, signature, &len) &&
	       EVP_CIPHER_CTX_ctrl(lib.cipher_context, EVP_CTRL_AEAD_GET_TAG, 16,
				   signature);
}

bool crypt_sign(enum crypt_signing how, const uint8_t key[static 16],
		struct bytes message, bool from_server, uint8_t signature[static 16])
{
	static const uint8_t zeros[SIGNATURE_LEN];
	struct bytes parts[3] = {
		{ message.at, SIGNATURE_AT },
		{ zeros, SIGNATURE_LEN },
		{ message.at + HEADER_LEN, message.len - HEADER_LEN },
	};
	uint8_t mac[32];

	if (message.len < HEADER_LEN)
		return false;
	switch (how) {
	case SIGN_HMAC:
		crypt_hmac_sha256(key, parts, 3, mac);
		memcpy(signature, mac, 16);
		return true;
	case SIGN_CMAC:
		return sign_cmac(key, parts, 3, signature);
	case SIGN_GMAC:
		return sign_gmac(key, message, from_server, parts, 3, signature);
	}
	return false;
}

/* CCM wants its lengths told before the key and the data's length before the header. */
static bool aead_begin(enum crypt_cipher cipher, const uint8_t *key, const uint8_t *aad,
		       size_t len, const uint8_t *tag)
{
	EVP_CIPHER_CTX *context = lib.cipher_context;
	bool ccm = cipher == CIPHER_128_CCM || cipher == CIPHER_256_CCM;
	int seal = tag == NULL, done;

	if (!EVP_CipherInit_ex2(context, lib.ciphers[cipher], NULL, NULL, seal, NULL))
		return false;
	EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, ccm ? 11 : 12, NULL);
	if (ccm || tag)
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, (void *)tag);
	if (!EVP_CipherInit_ex2(context, NULL, key, aad, seal, NULL))
		return false;
	if (ccm && !EVP_CipherUpdate(context, NULL, &done, NULL, (int)len))
		return false;
	return EVP_CipherUpdate(context, NULL, &done, aad, 32);
}

bool crypt_seal(enum crypt_cipher cipher, const uint8_t key[static 32],
		const uint8_t aad[static 32], uint8_t *data, size_t len,
		uint8_t tag[static 16])
{
	int done;

	return aead_begin(cipher, key, aad, len, NULL) &&
	       EVP_CipherUpdate(lib.cipher_context, data, &done, data, (int)len) &&
	       EVP_CipherFinal_ex(lib.cipher_context, data + done, &done) &&
	       EVP_CIPHER_CTX_ctrl(lib.cipher_context, EVP_CTRL_AEAD_GET_TAG, 16, tag);
}

bool crypt_open(enum crypt_cipher cipher, const uint8_t key[static 32],
		const uint8_t aad[static 32], uint8_t *data, size_t len,
		const uint8_t tag[static 16])
{
	bool ccm = cipher == CIPHER_128_CCM || cipher == CIPHER_256_CCM;
	int done;

	if (!aead_begin(cipher, key, aad, len, tag) ||
	    !EVP_CipherUpdate(lib.cipher_context, data, &done, data, (int)len))
		return false;
	return ccm || EVP_CipherFinal_ex(lib.cipher_context, data + done, &done);
}
