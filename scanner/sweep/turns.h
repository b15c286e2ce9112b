/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns.h - how long the loop's turns take: from waking up to waiting again.
 *
 * While a turn takes long nobody is heard, so what a turn takes beyond TURN_MS is charged
 * to no host's time limit.  The longest one is said with -v.
 */
#ifndef SCANNER_SWEEP_TURNS_H
#define SCANNER_SWEEP_TURNS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { TURN_MS = 20 };

struct turns {
	uint64_t late_ms;    /* of all turns, what was beyond TURN_MS each */
	uint64_t longest_ms; /* one turn */
	uint64_t heard_ms;   /* of the turn that goes on, up to the timers */
	uint64_t heard_at;   /* when that was, ms; 0: no turn yet */
	uv_prepare_t before_wait;
	uv_check_t after_hearing;
};

/* Never keeps the loop alive. */
void turns_begin(struct turns *t, uv_loop_t *loop);
void turns_end(struct turns *t);

#endif
