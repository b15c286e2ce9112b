/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.h - memory that dies together: what belongs to one host, one baseline, one report.
 *
 * A bump allocator over a chain of growing chunks; nothing in it is freed alone.
 */
#ifndef REPORT_TEXT_POOL_H
#define REPORT_TEXT_POOL_H

#include <stddef.h>

struct pool_chunk;

/* All zero is an empty pool. */
struct pool {
	struct pool_chunk *chunks;
};

/* Zeroed memory for `count` things of `size` bytes, aligned for anything; NULL when
 * memory is out.  `count` 0 gives a valid pointer to nothing. */
void *pool_take(struct pool *p, size_t count, size_t size);
/* A NUL-terminated copy; NULL when memory is out. */
char *pool_text(struct pool *p, const char *text, size_t len);
/* Room for `count` of `size` that `old` (with `room` of them) grows into, at least twice
 * as much; the old memory stays until the pool dies.  NULL when memory is out. */
void *pool_grow(struct pool *p, const void *old, size_t *room, size_t size);
/* Bytes that it holds. */
size_t pool_size(const struct pool *p);
/* Forget everything but keep the newest chunk for use again. */
void pool_clear(struct pool *p);
void pool_free(struct pool *p);

#endif
