/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash_set.c - open addressing with linear steps; doubles when seven eighths are full.
 */
#include "scanner/targets/hash_set.h"

#include <stdlib.h>

#include "scanner/targets/targets.h"

/* What is hashed: its kind, its port, then the lower-case name or the address. */
struct host_key {
	uint8_t bytes[3 + TARGET_NAME_MAX];
	size_t len;
};

static struct host_key begin_key(char kind, uint16_t port)
{
	return (struct host_key){ { (uint8_t)kind, (uint8_t)port, (uint8_t)(port >> 8) },
				  3 };
}

static struct host_key name_key(const char *name, uint16_t port)
{
	struct host_key key = begin_key('n', port);

	for (; *name && key.len < sizeof key.bytes; name++) {
		unsigned char c = (unsigned char)*name;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c | 0x20);
		key.bytes[key.len++] = c;
	}
	return key;
}

static struct host_key address_key(struct address a, uint16_t port)
{
	struct host_key key = begin_key('a', port);

	for (unsigned i = 0; i < 8; i++)
		key.bytes[key.len++] = (uint8_t)(a.high >> 8 * i);
	for (unsigned i = 0; i < 8; i++)
		key.bytes[key.len++] = (uint8_t)(a.low >> 8 * i);
	return key;
}

static struct siphash_digest digest_of(const struct hash_set *set,
				       const struct host_key *key)
{
	struct siphash_digest d = siphash_wide(&set->key, key->bytes, key->len);

	if (!d.low && !d.high)
		d.low = 1;
	return d;
}

static bool is_empty(const struct siphash_digest *slot)
{
	return !slot->low && !slot->high;
}

/* The slot that holds `d`, or the empty one where it belongs. */
static struct siphash_digest *slot_of(struct siphash_digest *slots, size_t room,
				      struct siphash_digest d)
{
	size_t i = (size_t)d.low & (room - 1);

	while (!is_empty(&slots[i]) && (slots[i].low != d.low || slots[i].high != d.high))
		i = (i + 1) & (room - 1);
	return &slots[i];
}

static bool grow(struct hash_set *set)
{
	size_t room = set->room ? set->room * 2 : 64;
	struct siphash_digest *slots;

	if (!set->room && !siphash_draw_key(&set->key))
		return false;
	slots = calloc(room, sizeof *slots);
	if (!slots)
		return false;
	for (size_t i = 0; i < set->room; i++)
		if (!is_empty(&set->slots[i]))
			*slot_of(slots, room, set->slots[i]) = set->slots[i];
	free(set->slots);
	set->slots = slots;
	set->room = room;
	return true;
}

static enum hash_set_answer add(struct hash_set *set, const struct host_key *key)
{
	struct siphash_digest digest, *slot;

	if (set->count >= set->room / 8 * 7 && !grow(set))
		return HASH_SET_NO_MEMORY;
	digest = digest_of(set, key);
	slot = slot_of(set->slots, set->room, digest);
	if (!is_empty(slot))
		return HASH_SET_KNOWN;
	*slot = digest;
	set->count++;
	return HASH_SET_ADDED;
}

static bool holds(const struct hash_set *set, const struct host_key *key)
{
	return set->room &&
	       !is_empty(slot_of(set->slots, set->room, digest_of(set, key)));
}

enum hash_set_answer hash_set_add_name(struct hash_set *set, const char *name,
				       uint16_t port)
{
	struct host_key key = name_key(name, port);

	return add(set, &key);
}

bool hash_set_holds_name(const struct hash_set *set, const char *name, uint16_t port)
{
	struct host_key key = name_key(name, port);

	return holds(set, &key);
}

enum hash_set_answer hash_set_add_address(struct hash_set *set, struct address a,
					  uint16_t port)
{
	struct host_key key = address_key(a, port);

	return add(set, &key);
}

bool hash_set_holds_address(const struct hash_set *set, struct address a, uint16_t port)
{
	struct host_key key = address_key(a, port);

	return holds(set, &key);
}

void hash_set_free(struct hash_set *set)
{
	free(set->slots);
	*set = (struct hash_set){ 0 };
}
