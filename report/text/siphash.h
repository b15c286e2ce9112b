/* SPDX-License-Identifier: Apache-2.0 */
/*
 * siphash.h - SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF",
 * 2012) with a secret key, for tables whose keys come from others.
 *
 * Who does not know the key cannot make two inputs that share a hash, nor many that share
 * a slot: a name in a DNS answer cannot stand for another one, and invented SIDs cannot
 * make a table slow.  The key is drawn at random by each table and is never written
 * anywhere, so hashes mean nothing outside of the table; what must be the same on every
 * machine (the part of a sweep that a host belongs to) uses another hash.
 */
#ifndef REPORT_TEXT_SIPHASH_H
#define REPORT_TEXT_SIPHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k0, k1;
};

/* 128 bits that can stand for their input: two of n inputs share them with a chance of
 * n*n / 2^129, one in 10^26 for a million. */
struct siphash_digest {
	uint64_t low, high;
};

/* 16 random bytes of the kernel.  False: it gave none. */
bool siphash_draw_key(struct siphash_key *key);

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t len);
struct siphash_digest siphash_wide(const struct siphash_key *key, const void *bytes,
				   size_t len);

#endif
