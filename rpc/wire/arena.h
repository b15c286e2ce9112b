/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - a bump allocator with a ceiling.
 *
 * All that is decoded from one host lives in one arena and dies together.  Single
 * pieces are never freed.  Sticky: after the first refusal (ceiling or memory) every
 * later call fails too and `arena_bad` tells.
 */
#ifndef RPC_WIRE_ARENA_H
#define RPC_WIRE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t used, max;
	bool bad;
	bool starved; /* bad because memory was out, not the ceiling reached */
};

/* `max` is the ceiling in bytes over all pieces.  Nothing is allocated yet. */
struct arena arena(size_t max);
/* Zeroed memory for `count` items of `size` bytes, aligned for any type; NULL when the
 * product overflows, passes the ceiling or memory is out.  A count of 0 gives a valid
 * pointer that must not be read. */
void *arena_take(struct arena *a, size_t count, size_t size);
/* A NUL-terminated copy of `len` bytes. */
char *arena_text(struct arena *a, const char *text, size_t len);
bool arena_bad(const struct arena *a);
/* Free everything; the arena may be used again. */
void arena_drop(struct arena *a);

#endif
