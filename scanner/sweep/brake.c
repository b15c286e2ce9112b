/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/sweep/brake.h"

struct brake brake_new(unsigned most)
{
	return (struct brake){ .most = most, .cap = most };
}

bool brake_pull(struct brake *b, unsigned in_flight, uint64_t now)
{
	bool fewer = in_flight && in_flight < b->cap;

	b->at = now;
	if (fewer)
		b->cap = in_flight;
	return fewer;
}

void brake_ease(struct brake *b, uint64_t now)
{
	if (b->cap >= b->most || now - b->at < BRAKE_MS)
		return;
	b->cap += b->cap / 8 + 1;
	if (b->cap > b->most)
		b->cap = b->most;
	b->at = now;
}
