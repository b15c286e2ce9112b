/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h - the one line on stderr.
 *
 *   00:12 1,204/5,000 24% 98/s in flight 256 answered 1,102 denied 12 unreachable 90
 *   slowest web17.corp 8s eta 00:39
 *
 * Rewritten every second on a terminal and cut to its width; off a terminal a plain line
 * now and then.  No colour is ever used.
 */
#ifndef SCANNER_CONSOLE_PROGRESS_H
#define SCANNER_CONSOLE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The four counts are of different hosts; their sum is `done`. */
struct progress_state {
	uint64_t elapsed_ms;
	uint64_t done, total; /* `total` 0: unknown */
	uint64_t in_flight;
	uint64_t answered;    /* and no right denied */
	uint64_t denied;      /* rights or all access denied */
	uint64_t unreachable; /* unresolvable, unreachable, refused, timeout */
	uint64_t other;       /* all other outcomes */
	double rate;          /* hosts a second of late */
	const char *slowest;  /* oldest host in flight; NULL: none */
	uint64_t slowest_ms;
};

struct progress;

/* `every_ms` is the pause between lines off a terminal.  NULL when `quiet`, or when
 * memory is out: every function here takes NULL and then does nothing. */
struct progress *progress_begin(bool quiet, uint64_t every_ms);
/* Note where the sweep stands; prints when it is time.  Sets `state->rate`. */
void progress_note(struct progress *p, struct progress_state *state);
/* Take the line away before something else is printed; `arg` is the progress. */
void progress_clear(void *arg);
void progress_end(struct progress *p);

/* The line without a newline; `text` may hold a hostile name. */
void progress_format(const struct progress_state *state, char *text, size_t size);

#endif
