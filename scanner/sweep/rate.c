/* SPDX-License-Identifier: Apache-2.0 */
/* The bucket of tokens behind --rate. */
#include "scanner/sweep/rate.h"

static double room_of(const struct rate *r)
{
	return r->per_second > 100 ? r->per_second / 100 : 1;
}

struct rate rate_new(uint32_t per_second, uint64_t now)
{
	return (struct rate){ .per_second = per_second, .tokens = 1, .at = now };
}

uint64_t rate_wait(struct rate *r, uint64_t now)
{
	if (r->per_second <= 0)
		return 0;
	r->tokens += (double)(now - r->at) * r->per_second / 1000;
	r->at = now;
	if (r->tokens > room_of(r))
		r->tokens = room_of(r);
	return r->tokens >= 1 ? 0
			      : (uint64_t)((1 - r->tokens) * 1000 / r->per_second) + 1;
}

void rate_take(struct rate *r)
{
	if (r->per_second > 0)
		r->tokens -= 1;
}
