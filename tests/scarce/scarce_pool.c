/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pools that run out: report/'s own memory.
 */
#include "report/text/pool.h"
#include "tests/scarce/scarce.h"

void *__real_pool_take(struct pool *p, size_t count, size_t size);
void *__wrap_pool_take(struct pool *p, size_t count, size_t size);
char *__real_pool_text(struct pool *p, const char *text, size_t len);
char *__wrap_pool_text(struct pool *p, const char *text, size_t len);
void *__real_pool_grow(struct pool *p, const void *old, size_t *room, size_t size);
void *__wrap_pool_grow(struct pool *p, const void *old, size_t *room, size_t size);

void *__wrap_pool_take(struct pool *p, size_t count, size_t size)
{
	return scarce_is_out() ? NULL : __real_pool_take(p, count, size);
}

char *__wrap_pool_text(struct pool *p, const char *text, size_t len)
{
	return scarce_is_out() ? NULL : __real_pool_text(p, text, len);
}

void *__wrap_pool_grow(struct pool *p, const void *old, size_t *room, size_t size)
{
	return scarce_is_out() ? NULL : __real_pool_grow(p, old, room, size);
}
