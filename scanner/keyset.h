/*
 * keyset.h - a set of 64-bit keys, at most 16 bytes a key while it grows.
 *
 * Keys are hashes of names: two names that share one are taken for the same, which for
 * a million names has a chance of about 3 in 100 million.
 */
#ifndef SCANNER_KEYSET_H
#define SCANNER_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keyset {
	uint64_t *slots; /* 0: empty */
	size_t count, room;
};

enum keyset_answer { KEY_ADDED, KEY_KNOWN, KEY_NO_MEMORY };

enum keyset_answer keyset_add(struct keyset *set, uint64_t key);
bool keyset_holds(const struct keyset *set, uint64_t key);
void keyset_free(struct keyset *set);

/* The key of a name without regard to the case of ASCII letters, and of bytes; chained
 * by `seed`.  Stable on every machine: shards are chosen by it. */
uint64_t key_of_name(const char *name, uint64_t seed);
uint64_t key_of_number(uint64_t number, uint64_t seed);

#endif
