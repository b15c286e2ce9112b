/* SPDX-License-Identifier: Apache-2.0 */
/*
 * brake.h - how many hosts may be in flight: fewer when this machine has no more sockets,
 * and by and by as many as were asked for once it has.
 *
 * Pure: the clock (ms) is given.
 */
#ifndef SCANNER_SWEEP_BRAKE_H
#define SCANNER_SWEEP_BRAKE_H

#include <stdbool.h>
#include <stdint.h>

/* How long no socket was lacking before an eighth more hosts may be in flight. */
enum { BRAKE_MS = 1000 };

struct brake {
	unsigned most, cap; /* asked for; allowed now: 1 to `most` */
	uint64_t at;        /* when a socket was lacking, or the brake let go a little */
};

/* `most` is 1 or more. */
struct brake brake_new(unsigned most);
/* No socket was left for one more than `in_flight`.  True: fewer are allowed than
 * before. */
bool brake_pull(struct brake *b, unsigned in_flight, uint64_t now);
/* A host came to its end: there were sockets for it. */
void brake_ease(struct brake *b, uint64_t now);

#endif
