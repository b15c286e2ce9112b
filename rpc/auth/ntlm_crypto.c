/* SPDX-License-Identifier: Apache-2.0 */
/* MD4 and RC4 by their definitions; MD5, HMAC-MD5 and random bytes from libcrypto. */
#include "rpc/auth/ntlm_crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

/* ---- MD4 [RFC 1320] ---- */

enum { BLOCK = 64, WORDS = 16, LENGTH_BYTES = 8, ROUND_STEPS = 16 };

static uint32_t rotate_left(uint32_t value, unsigned by)
{
	return value << by | value >> (32 - by);
}

/* The function and the constant of a round (section 3.4). */
static uint32_t md4_mix(unsigned round, uint32_t x, uint32_t y, uint32_t z)
{
	switch (round) {
	case 0:
		return (x & y) | (~x & z);
	case 1:
		return ((x & y) | (x & z) | (y & z)) + 0x5a827999;
	default:
		return (x ^ y ^ z) + 0x6ed9eba1;
	}
}

static void md4_block(uint32_t state[static 4], const uint8_t block[static BLOCK])
{
	static const uint8_t order[3][ROUND_STEPS] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
		{ 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15 },
		{ 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15 },
	};
	static const uint8_t shift[3][4] = { { 3, 7, 11, 19 },
					     { 3, 5, 9, 13 },
					     { 3, 9, 11, 15 } };
	struct wire_in in = wire_in(block, BLOCK);
	uint32_t x[WORDS], s[4];

	for (unsigned i = 0; i < WORDS; i++)
		x[i] = get_u32le(&in);
	memcpy(s, state, sizeof s);
	for (unsigned i = 0; i < 3 * ROUND_STEPS; i++) {
		unsigned round = i / ROUND_STEPS, step = i % ROUND_STEPS;
		uint32_t sum = s[0] + md4_mix(round, s[1], s[2], s[3]) +
			       x[order[round][step]];

		s[0] = s[3];
		s[3] = s[2];
		s[2] = s[1];
		s[1] = rotate_left(sum, shift[round][step % 4]);
	}
	for (unsigned i = 0; i < 4; i++)
		state[i] += s[i];
	explicit_bzero(x, sizeof x);
	explicit_bzero(s, sizeof s);
}

static void store_le(uint64_t value, unsigned bytes, uint8_t *to)
{
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

void ntlm_md4(struct bytes text, uint8_t digest[static NTLM_KEY_BYTES])
{
	uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	struct wire_in in = wire_in_bytes(text);
	uint8_t block[BLOCK];
	size_t rest;

	while (in.left >= BLOCK) {
		get_copy(&in, block, BLOCK);
		md4_block(state, block);
	}
	rest = in.left;
	memset(block, 0, sizeof block);
	get_copy(&in, block, rest);
	block[rest] = 0x80;
	if (rest >= BLOCK - LENGTH_BYTES) {
		md4_block(state, block);
		memset(block, 0, sizeof block);
	}
	store_le((uint64_t)text.len * 8, LENGTH_BYTES, block + BLOCK - LENGTH_BYTES);
	md4_block(state, block);
	for (size_t i = 0; i < 4; i++)
		store_le(state[i], 4, digest + 4 * i);
	explicit_bzero(block, sizeof block);
	explicit_bzero(state, sizeof state);
}

/* ---- RC4 ---- */

static void swap(uint8_t *a, uint8_t *b)
{
	uint8_t was = *a;

	*a = *b;
	*b = was;
}

void ntlm_rc4_begin(struct ntlm_rc4 *stream, const uint8_t key[static NTLM_KEY_BYTES])
{
	uint8_t *s = stream->s, j = 0;

	stream->i = stream->j = 0;
	for (unsigned n = 0; n < sizeof stream->s; n++)
		s[n] = (uint8_t)n;
	for (unsigned n = 0; n < sizeof stream->s; n++) {
		j = (uint8_t)(j + s[n] + key[n % NTLM_KEY_BYTES]);
		swap(&s[n], &s[j]);
	}
}

void ntlm_rc4_next(struct ntlm_rc4 *stream, const uint8_t *in, size_t len, uint8_t *out)
{
	uint8_t *s = stream->s, i = stream->i, j = stream->j;

	for (size_t n = 0; n < len; n++) {
		i = (uint8_t)(i + 1);
		j = (uint8_t)(j + s[i]);
		swap(&s[i], &s[j]);
		out[n] = (uint8_t)(in[n] ^ s[(uint8_t)(s[i] + s[j])]);
	}
	stream->i = i;
	stream->j = j;
}

/* ---- libcrypto ---- */

bool ntlm_hmac_md5(const uint8_t key[static NTLM_KEY_BYTES], struct bytes text,
		   uint8_t mac[static NTLM_KEY_BYTES])
{
	unsigned len = 0;

	if (HMAC(EVP_md5(), key, NTLM_KEY_BYTES, text.at, text.len, mac, &len) &&
	    len == NTLM_KEY_BYTES)
		return true;
	memset(mac, 0, NTLM_KEY_BYTES);
	return false;
}

bool ntlm_md5(struct bytes text, uint8_t digest[static NTLM_KEY_BYTES])
{
	unsigned len = 0;

	if (EVP_Digest(text.at, text.len, digest, &len, EVP_md5(), NULL) &&
	    len == NTLM_KEY_BYTES)
		return true;
	memset(digest, 0, NTLM_KEY_BYTES);
	return false;
}

bool ntlm_random(uint8_t *at, size_t len)
{
	return RAND_bytes(at, (int)len) == 1;
}
