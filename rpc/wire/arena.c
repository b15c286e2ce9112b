/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/wire/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1000, ALIGNMENT = alignof(max_align_t) };

struct arena_block {
	struct arena_block *older;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena arena(size_t max)
{
	return (struct arena){ .max = max };
}

static bool add_block(struct arena *a, size_t need)
{
	size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	a->starved |= !block;
	if (!block)
		return false;
	block->size = size;
	block->older = a->newest;
	a->newest = block;
	return true;
}

/* What a piece costs, rounded up so that the next one is aligned; 0: it cannot be.  An
 * empty piece costs too, so that nobody can ask for empty pieces without end. */
static size_t cost_of(const struct arena *a, size_t count, size_t size)
{
	size_t len;

	if (__builtin_mul_overflow(count, size, &len) || len > a->max)
		return 0;
	if (len == 0)
		len = 1;
	if (len > SIZE_MAX - sizeof(struct arena_block) - ALIGNMENT)
		return 0;
	len = (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	return len <= a->max - a->used ? len : 0;
}

void *arena_take(struct arena *a, size_t count, size_t size)
{
	size_t cost = a->bad ? 0 : cost_of(a, count, size);
	struct arena_block *block = a->newest;
	void *piece;

	if (cost == 0 ||
	    ((!block || cost > block->size - block->used) && !add_block(a, cost))) {
		a->bad = true;
		return NULL;
	}
	block = a->newest;
	piece = block->bytes + block->used;
	block->used += cost;
	a->used += cost;
	return piece;
}

char *arena_text(struct arena *a, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? arena_take(a, len + 1, 1) : NULL;

	if (copy && len)
		memcpy(copy, text, len);
	return copy;
}

bool arena_bad(const struct arena *a)
{
	return a->bad;
}

void arena_drop(struct arena *a)
{
	while (a->newest) {
		struct arena_block *block = a->newest;

		a->newest = block->older;
		free(block);
	}
	*a = arena(a->max);
}
