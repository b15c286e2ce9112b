/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turn.h - how much one turn of the loop may do, and how long its turns take: from waking
 * up to waiting again.
 *
 * While a turn goes on nobody is heard, so work is cut into pieces, of some 50 us each,
 * and counted: after TURN_PIECES of them, or TURN_WORK_MS, what is left waits for the
 * next turn.  Between two turns timers and others are heard.  So a turn is as long as its
 * pieces and the largest work that is not cut: the holders of one right.
 *
 * What a turn takes beyond TURN_MS all the same, on a machine that is busy with others,
 * is charged to no host's time limit.
 */
#ifndef SCANNER_HOST_TURN_H
#define SCANNER_HOST_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <uv.h>

#include "rpc/wire/limits.h"

enum { TURN_MS = 20, TURN_WORK_MS = 8, TURN_PIECES = 128 };
/* How many pieces something is, by what it costs. */
enum {
	TURN_START = 1,           /* a host begins, a connection is made */
	TURN_LOGIN = 1,           /* a token is sent */
	TURN_HEARD_BYTES = 2048,  /* heard of a host, a piece */
	TURN_ANSWER_BYTES = 8192, /* of an answer that is read, a piece */
	TURN_RECORD = 2,          /* a record is made of a host */
	TURN_RECORD_BYTES = 8192, /* of a record that becomes a line, a piece */
	TURN_PASSED = 64,         /* targets that are passed over, a piece */
	/* The largest that is not cut, in pieces: what was heard at once, which ends the
	 * largest answer. */
	TURN_WORK_MOST = (64 << 10) / TURN_HEARD_BYTES +
			 LIMIT_ANSWER_BYTES / TURN_ANSWER_BYTES + 2,
};

/* Lives in what the work is about.  Zero it, then set `run`. */
struct turn_work {
	void (*run)(struct turn_work *work);
	STAILQ_ENTRY(turn_work) others; /* private */
};

struct turn {
	uint64_t late_ms;    /* of all turns, what was beyond TURN_MS each */
	uint64_t longest_ms; /* one turn */
	unsigned most;       /* pieces of one turn */
	uint64_t work_ns;    /* the most processor time of one; measured if `precise` */

	unsigned pieces; /* private, as what follows: of the turn that goes on */
	uint64_t woke;   /* loop time, ms; 0: nobody was heard yet */
	uint64_t heard_ms, heard_at, worked_ns;
	bool precise;
	STAILQ_HEAD(, turn_work) waiting;
	uv_prepare_t before_wait;
	uv_check_t after_hearing;
	uv_idle_t again;
};

/* `precise`: two system calls a turn.  Keeps the loop alive only while work waits. */
void turn_begin(struct turn *t, uv_loop_t *loop, bool precise);
/* No work may wait. */
void turn_end(struct turn *t);
/* That many pieces are done now. */
void turn_spend(struct turn *t, size_t pieces);
/* No more work in this turn, but for what cannot be put off. */
bool turn_is_over(const struct turn *t);
/* Run it now, or in a turn that has room for it, in the order of asking. */
void turn_do(struct turn *t, struct turn_work *work);

#endif
