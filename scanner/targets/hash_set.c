/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash_set.c - open addressing with linear steps; doubles when seven eighths are full.
 */
#include "scanner/targets/hash_set.h"

#include <stdlib.h>

/* FNV-1a's basis and prime, and the finalizer of splitmix64 to spread its bits. */
static const uint64_t fnv_basis = 0xcbf29ce484222325, fnv_prime = 0x100000001b3;

static uint64_t spread(uint64_t v)
{
	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
	v = (v ^ v >> 27) * 0x94d049bb133111eb;
	return v ^ v >> 31;
}

uint64_t key_of_name(const char *name, uint64_t seed)
{
	uint64_t v = fnv_basis ^ seed;

	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c | 0x20);
		v = (v ^ c) * fnv_prime;
	}
	return spread(v);
}

uint64_t key_of_number(uint64_t number, uint64_t seed)
{
	return spread(spread(number + fnv_prime) ^ seed);
}

/* The slot that holds `key`, or the empty one where it belongs. */
static size_t slot_of(const uint64_t *slots, size_t room, uint64_t key)
{
	size_t i = (size_t)key & (room - 1);

	while (slots[i] && slots[i] != key)
		i = (i + 1) & (room - 1);
	return i;
}

static bool grow(struct hash_set *set)
{
	size_t room = set->room ? set->room * 2 : 64;
	uint64_t *slots = calloc(room, sizeof *slots);

	if (!slots)
		return false;
	for (size_t i = 0; i < set->room; i++)
		if (set->slots[i])
			slots[slot_of(slots, room, set->slots[i])] = set->slots[i];
	free(set->slots);
	set->slots = slots;
	set->room = room;
	return true;
}

enum hash_set_answer hash_set_add(struct hash_set *set, uint64_t key)
{
	size_t i;

	key = key ? key : 1;
	if (set->count >= set->room / 8 * 7 && !grow(set))
		return KEY_NO_MEMORY;
	i = slot_of(set->slots, set->room, key);
	if (set->slots[i])
		return KEY_KNOWN;
	set->slots[i] = key;
	set->count++;
	return KEY_ADDED;
}

bool hash_set_holds(const struct hash_set *set, uint64_t key)
{
	key = key ? key : 1;
	return set->room && set->slots[slot_of(set->slots, set->room, key)];
}

void hash_set_free(struct hash_set *set)
{
	free(set->slots);
	*set = (struct hash_set){ 0 };
}
