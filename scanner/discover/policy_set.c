/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/policy_set.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A forest with ten thousand GPOs takes a tenth of it. */
enum { SET_BYTES_MAX = 256 << 20 };

bool policy_set_room(struct policy_set *set, void *list, size_t count, size_t *room,
		     size_t size, size_t limit)
{
	void *old, *grown;

	if (count >= limit || pool_size(&set->pool) > SET_BYTES_MAX) {
		policy_set_note(set, "more Group Policy than any directory holds");
		return false;
	}
	if (count < *room)
		return true;
	memcpy(&old, list, sizeof old);
	grown = pool_grow(&set->pool, old, room, size);
	if (!grown) {
		policy_set_note(set, "out of memory");
		return false;
	}
	memcpy(list, &grown, sizeof grown);
	return true;
}

void policy_set_note(struct policy_set *set, const char *what, ...)
{
	va_list arguments;

	if (*set->error)
		return;
	va_start(arguments, what);
	vsnprintf(set->error, sizeof set->error, what, arguments);
	va_end(arguments);
}

void policy_set_clear(struct policy_set *set)
{
	pool_free(&set->pool);
	*set = (struct policy_set){ 0 };
}
