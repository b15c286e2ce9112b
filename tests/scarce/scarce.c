/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scarce/scarce.h"

#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire/arena.h"

static atomic_size_t counted;
static atomic_bool is_armed;
static size_t failing;
static bool failing_for_good;

void scarce_begin(size_t nth, bool for_good)
{
	counted = 0;
	failing = nth;
	failing_for_good = for_good;
}

void scarce_arm(bool armed)
{
	is_armed = armed;
}

size_t scarce_counted(void)
{
	return counted;
}

/* ---- which allocations are worth failing: one for each way to get there ---- */

enum { DEPTH = 12, SEEN_SLOTS = 1 << 16 };

static FILE *ways; /* NULL: nobody asked */

/* True when no allocation before came by the same calls. */
static bool is_new_way(void)
{
	static _Atomic uint64_t seen[SEEN_SLOTS];
	void *frames[DEPTH] = { 0 };
	uint64_t hash = 0xcbf29ce484222325u;
	uint64_t there = 0;
	size_t slot;

	backtrace(frames, DEPTH);
	for (size_t i = 0; i < DEPTH; i++)
		hash = (hash ^ (uintptr_t)frames[i]) * 0x100000001b3u;
	for (slot = hash % SEEN_SLOTS; (there = seen[slot]) && there != hash;)
		slot = (slot + 1) % SEEN_SLOTS;
	seen[slot] = hash;
	return !there;
}

static _Thread_local bool listing; /* which allocates, too */

static void list_way(size_t now)
{
	listing = true;
	if (is_new_way())
		fprintf(ways, "%zu\n", now);
	listing = false;
}

bool scarce_is_out(void)
{
	size_t now;

	if (!is_armed || listing)
		return false;
	now = ++counted;
	if (ways)
		list_way(now);
	if (!failing || now < failing || (now > failing && !failing_for_good))
		return false;
	errno = ENOMEM;
	return true;
}

/* ---- arenas that run out; one that did stays bad ---- */

void *__real_arena_take(struct arena *a, size_t count, size_t size);
void *__wrap_arena_take(struct arena *a, size_t count, size_t size);
char *__real_arena_text(struct arena *a, const char *text, size_t len);
char *__wrap_arena_text(struct arena *a, const char *text, size_t len);

void *__wrap_arena_take(struct arena *a, size_t count, size_t size)
{
	if (!scarce_is_out())
		return __real_arena_take(a, count, size);
	a->bad = a->starved = true;
	return NULL;
}

char *__wrap_arena_text(struct arena *a, const char *text, size_t len)
{
	if (!scarce_is_out())
		return __real_arena_text(a, text, len);
	a->bad = a->starved = true;
	return NULL;
}

/* ---- the program's own beginning and end ---- */

static void say_how_many(void)
{
	scarce_arm(false);
	if (ways)
		fclose(ways);
	fprintf(stderr, "scarce: %zu of %zu allocations\n", failing, scarce_counted());
}

__attribute__((constructor)) static void begin(void)
{
	const char *wanted = getenv("LSASWEEP_SCARCE");
	const char *list = getenv("LSASWEEP_SCARCE_WAYS");
	char *end;

	if (!wanted)
		return;
	scarce_begin(strtoul(wanted, &end, 10), false);
	failing_for_good = *end == '+';
	ways = list ? fopen(list, "w") : NULL;
	atexit(say_how_many);
	scarce_arm(true);
}
