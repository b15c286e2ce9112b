/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyed_hash.h - SipHash-2-4: hashes of strings that nobody outside can aim at.
 *
 * Tables of names and SIDs that hosts choose must not be made slow by names that all fall
 * on one place; so each table draws a key (Aumasson and Bernstein, 2012).
 */
#ifndef REPORT_TEXT_KEYED_HASH_H
#define REPORT_TEXT_KEYED_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0, k1;
};

/* A random key.  False with errno: the system gave no randomness. */
bool hash_key_draw(struct hash_key *key);
uint64_t keyed_hash(const struct hash_key *key, const void *data, size_t length);

#endif
