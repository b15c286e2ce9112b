/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/host/budget.h"

static size_t left_in(const struct budget_pot *pot)
{
	size_t waiting = pot->waiting ? pot->waiting(pot->arg) : 0;

	return pot->left > waiting ? pot->left - waiting : 0;
}

bool budget_have(struct host_budget *b, size_t bytes)
{
	size_t borrowed = b->pot && bytes > BUDGET_HOST_SHARE ? bytes - BUDGET_HOST_SHARE
							      : 0;

	if (borrowed > b->borrowed && borrowed - b->borrowed > left_in(b->pot))
		return false;
	if (b->pot)
		b->pot->left = b->pot->left + b->borrowed - borrowed;
	b->borrowed = borrowed;
	b->used = bytes;
	return true;
}

bool budget_take(struct host_budget *b, size_t bytes)
{
	return bytes <= BUDGET_HOST_MAX && b->used + bytes <= BUDGET_HOST_MAX &&
	       budget_have(b, b->used + bytes);
}

void budget_return(struct host_budget *b)
{
	budget_have(b, 0);
}
