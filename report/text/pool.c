/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 1024, LARGEST_CHUNK = 64 << 10 };

struct pool_chunk {
	struct pool_chunk *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

static struct pool_chunk *chunk_new(struct pool *p, size_t need)
{
	size_t size = p->chunks ? p->chunks->size * 2 : FIRST_CHUNK;
	struct pool_chunk *chunk;

	if (size > LARGEST_CHUNK)
		size = LARGEST_CHUNK;
	if (size < need)
		size = need;
	if (size > SIZE_MAX - sizeof(*chunk))
		return NULL;
	chunk = malloc(sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	*chunk = (struct pool_chunk){ .next = p->chunks, .size = size };
	p->chunks = chunk;
	return chunk;
}

/* `len` bytes that begin at a multiple of `align`, a power of two. */
static void *take(struct pool *p, size_t len, size_t align)
{
	struct pool_chunk *chunk = p->chunks;
	size_t start = chunk ? (chunk->used + align - 1) & ~(align - 1) : 0;

	if (!chunk || start > chunk->size || len > chunk->size - start) {
		chunk = chunk_new(p, len);
		start = 0;
	}
	if (!chunk)
		return NULL;
	chunk->used = start + len;
	return chunk->bytes + start;
}

void *pool_take(struct pool *p, size_t count, size_t size)
{
	void *memory;

	if (size && count > (SIZE_MAX / 2) / size)
		return NULL;
	memory = take(p, count * size, alignof(max_align_t));
	return memory ? memset(memory, 0, count * size) : NULL;
}

char *pool_text(struct pool *p, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX / 2 ? take(p, len + 1, 1) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void *pool_grow(struct pool *p, const void *old, size_t *room, size_t size)
{
	size_t wider = *room ? *room * 2 : 8;
	void *memory = wider > *room ? pool_take(p, wider, size) : NULL;

	if (!memory)
		return NULL;
	if (old)
		memcpy(memory, old, *room * size);
	*room = wider;
	return memory;
}

static void chunks_free(struct pool_chunk *chunk)
{
	while (chunk) {
		struct pool_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

size_t pool_size(const struct pool *p)
{
	size_t size = 0;

	for (const struct pool_chunk *chunk = p->chunks; chunk; chunk = chunk->next)
		size += chunk->size;
	return size;
}

void pool_clear(struct pool *p)
{
	if (!p->chunks)
		return;
	chunks_free(p->chunks->next);
	p->chunks->next = NULL;
	p->chunks->used = 0;
}

void pool_free(struct pool *p)
{
	chunks_free(p->chunks);
	p->chunks = NULL;
}
