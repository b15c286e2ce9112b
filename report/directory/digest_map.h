/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest_map.h - numbers by name: a hash table whose keys are digests of 128 bits
 * (report/text/siphash.h), so that no name is kept; 24 bytes a slot.
 */
#ifndef REPORT_DIRECTORY_DIGEST_MAP_H
#define REPORT_DIRECTORY_DIGEST_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/text/siphash.h"

struct digest_slot;

/* All zero is an empty map. */
struct digest_map {
	struct digest_slot *slots;
	size_t count, room;
	struct siphash_key key;
	bool keyed;
};

/* False: not there, `*value` is untouched. */
bool digest_map_find(const struct digest_map *map, const void *key, size_t len,
		     uint32_t *value);
/* Sets a new or an old one.  False: out of memory or of randomness. */
bool digest_map_set(struct digest_map *map, const void *key, size_t len, uint32_t value);
void digest_map_free(struct digest_map *map);

#endif
