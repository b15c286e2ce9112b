/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scarce/scarce.h"

#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

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

bool scarce_is_out(void)
{
	size_t now;

	if (!is_armed)
		return false;
	now = ++counted;
	if (ways && is_new_way())
		fprintf(ways, "%zu\n", now);
	if (!failing || now < failing || (now > failing && !failing_for_good))
		return false;
	errno = ENOMEM;
	return true;
}

/* ---- what the linker puts in the place of the allocators ---- */

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
void *__real_arena_take(struct arena *a, size_t count, size_t size);
void *__wrap_arena_take(struct arena *a, size_t count, size_t size);
char *__real_arena_text(struct arena *a, const char *text, size_t len);
char *__wrap_arena_text(struct arena *a, const char *text, size_t len);

void *__wrap_malloc(size_t size)
{
	return scarce_is_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return scarce_is_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return scarce_is_out() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return scarce_is_out() ? NULL : __real_strdup(text);
}

/* An arena that ran out stays bad. */
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

/* cJSON allocates within its library, where no linker reaches: it is asked to allocate
 * here. */
__attribute__((constructor)) static void begin(void)
{
	cJSON_Hooks hooks = { .malloc_fn = __wrap_malloc, .free_fn = free };
	const char *wanted = getenv("LSASWEEP_SCARCE");
	const char *list = getenv("LSASWEEP_SCARCE_WAYS");
	char *end;

	cJSON_InitHooks(&hooks);
	if (!wanted)
		return;
	scarce_begin(strtoul(wanted, &end, 10), false);
	failing_for_good = *end == '+';
	ways = list ? fopen(list, "w") : NULL;
	atexit(say_how_many);
	scarce_arm(true);
}
