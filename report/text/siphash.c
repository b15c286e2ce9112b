/* SPDX-License-Identifier: Apache-2.0 */
/*
 * siphash.c - SipHash-2-4 with 64 and with 128 bits of output, after the reference
 * implementation's description; the test holds it against the published vectors.
 */
#include "report/text/siphash.h"

#include <sys/random.h>

enum { COMPRESSION_ROUNDS = 2, FINALIZATION_ROUNDS = 4 };

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t v, unsigned bits)
{
	return v << bits | v >> (64 - bits);
}

static void mix(struct state *s, unsigned rounds)
{
	while (rounds--) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 = rotate(s->v2, 32);
	}
}

static void take_word(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	mix(s, COMPRESSION_ROUNDS);
	s->v0 ^= word;
}

/* Up to eight bytes, the first one lowest. */
static uint64_t word_of(const uint8_t *bytes, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)bytes[i] << 8 * i;
	return word;
}

static struct state begin(const struct siphash_key *key)
{
	return (struct state){ key->k0 ^ UINT64_C(0x736f6d6570736575),
			       key->k1 ^ UINT64_C(0x646f72616e646f6d),
			       key->k0 ^ UINT64_C(0x6c7967656e657261),
			       key->k1 ^ UINT64_C(0x7465646279746573) };
}

static void take(struct state *s, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	size_t left = len;

	for (; left >= 8; p += 8, left -= 8)
		take_word(s, word_of(p, 8));
	take_word(s, word_of(p, left) | (uint64_t)len << 56);
}

static uint64_t finish(struct state *s)
{
	mix(s, FINALIZATION_ROUNDS);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

bool siphash_draw_key(struct siphash_key *key)
{
	struct siphash_key drawn;

	if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
		return false;
	*key = drawn;
	return true;
}

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t len)
{
	struct state s = begin(key);

	take(&s, bytes, len);
	s.v2 ^= 0xff;
	return finish(&s);
}

struct siphash_digest siphash_wide(const struct siphash_key *key, const void *bytes,
				   size_t len)
{
	struct state s = begin(key);
	struct siphash_digest digest;

	s.v1 ^= 0xee;
	take(&s, bytes, len);
	s.v2 ^= 0xee;
	digest.low = finish(&s);
	s.v1 ^= 0xdd;
	digest.high = finish(&s);
	return digest;
}
