/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/host/budget.h"

bool budget_take(struct host_budget *b, size_t bytes)
{
	size_t used = b->used + bytes, lacking = 0;

	if (bytes > BUDGET_HOST_MAX || used > BUDGET_HOST_MAX)
		return false;
	if (b->pot && used > BUDGET_HOST_SHARE)
		lacking = used - BUDGET_HOST_SHARE - b->borrowed;
	if (b->pot && lacking > b->pot->left)
		return false;
	if (b->pot)
		b->pot->left -= lacking;
	b->borrowed += lacking;
	b->used = used;
	return true;
}

void budget_return(struct host_budget *b)
{
	if (b->pot)
		b->pot->left += b->borrowed;
	b->used = b->borrowed = 0;
}
