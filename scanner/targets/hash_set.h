/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash_set.h - a set of 64-bit keys, at most 16 bytes a key while it grows.
 *
 * Keys are hashes of names: two names that share one are taken for the same, which for
 * a million names has a chance of about 3 in 100 million.
 */
#ifndef SCANNER_TARGETS_HASH_SET_H
#define SCANNER_TARGETS_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_set {
	uint64_t *slots; /* 0: empty */
	size_t count, room;
};

enum hash_set_answer { KEY_ADDED, KEY_KNOWN, KEY_NO_MEMORY };

enum hash_set_answer hash_set_add(struct hash_set *set, uint64_t key);
bool hash_set_holds(const struct hash_set *set, uint64_t key);
void hash_set_free(struct hash_set *set);

/* The key of a name without regard to the case of ASCII letters, and of bytes; chained
 * by `seed`.  Stable on every machine: shards are chosen by it. */
uint64_t key_of_name(const char *name, uint64_t seed);
uint64_t key_of_number(uint64_t number, uint64_t seed);

#endif
