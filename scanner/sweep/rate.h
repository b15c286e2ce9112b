/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rate.h - a bound on new connections a second (`--rate`): a bucket of tokens.
 *
 * The bucket holds a hundredth of a second's connections and at least one, so that a
 * pause is not made up for by a burst.  It begins with one.  Pure: the clock is given.
 */
#ifndef SCANNER_SWEEP_RATE_H
#define SCANNER_SWEEP_RATE_H

#include <stdint.h>

struct rate {
	double per_second; /* 0: no bound */
	double tokens;     /* 0 to the bucket's size */
	uint64_t at;       /* ms, when `tokens` was right */
};

/* `per_second` 0 is no bound; `now` is in ms and never goes back. */
struct rate rate_new(uint32_t per_second, uint64_t now);
/* 0: a connection may be made now; else how many ms (at least 1) until one may. */
uint64_t rate_wait(struct rate *r, uint64_t now);
/* One was made.  After rate_wait() said 0. */
void rate_take(struct rate *r);

#endif
