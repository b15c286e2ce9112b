/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/digest_map.h"

#include <stdlib.h>

enum { FIRST_ROOM = 64 };

struct digest_slot {
	struct siphash_digest digest; /* both halves 0: empty */
	uint32_t value;
};

static bool is_empty(const struct digest_slot *slot)
{
	return !slot->digest.low && !slot->digest.high;
}

static struct siphash_digest digest_of(const struct digest_map *map, const void *key,
				       size_t len)
{
	struct siphash_digest d = siphash_wide(&map->key, key, len);

	d.low |= !d.low && !d.high;
	return d;
}

/* Its own slot, or the empty one where it belongs. */
static struct digest_slot *slot_of(struct digest_slot *slots, size_t room,
				   const struct siphash_digest *d)
{
	size_t i = (size_t)d->low & (room - 1);

	while (!is_empty(&slots[i]) &&
	       (slots[i].digest.low != d->low || slots[i].digest.high != d->high))
		i = (i + 1) & (room - 1);
	return &slots[i];
}

bool digest_map_find(const struct digest_map *map, const void *key, size_t len,
		     uint32_t *value)
{
	struct siphash_digest d;
	const struct digest_slot *slot;

	if (!map->count)
		return false;
	d = digest_of(map, key, len);
	slot = slot_of(map->slots, map->room, &d);
	if (is_empty(slot))
		return false;
	*value = slot->value;
	return true;
}

/* At most half full. */
static bool make_room(struct digest_map *map)
{
	size_t room = map->room ? map->room * 2 : FIRST_ROOM;
	struct digest_slot *slots;

	map->keyed = map->keyed || siphash_draw_key(&map->key);
	if (!map->keyed)
		return false;
	if (map->count < map->room / 2)
		return true;
	slots = calloc(room, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < map->room; i++)
		if (!is_empty(&map->slots[i]))
			*slot_of(slots, room, &map->slots[i].digest) = map->slots[i];
	free(map->slots);
	map->slots = slots;
	map->room = room;
	return true;
}

bool digest_map_set(struct digest_map *map, const void *key, size_t len, uint32_t value)
{
	struct digest_slot *slot;
	struct siphash_digest d;

	if (!make_room(map))
		return false;
	d = digest_of(map, key, len);
	slot = slot_of(map->slots, map->room, &d);
	map->count += is_empty(slot);
	*slot = (struct digest_slot){ d, value };
	return true;
}

void digest_map_free(struct digest_map *map)
{
	free(map->slots);
	*map = (struct digest_map){ 0 };
}
