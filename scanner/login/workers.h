/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workers.h - threads for work that blocks, as few awake as the work needs.
 *
 * Most items are short (a signature, a token), and waking a thread for each costs as much
 * as the item.  So items are handed over once an iteration of the loop and one thread
 * does them all; another is woken only when an item has waited for a tick, because those
 * awake are inside something slow: a key distribution center that does not answer holds
 * up its own host alone.  Results are handed back in batches.
 *
 * An item whose work crashes (crash.h) is never done: its thread stands still, and
 * whoever asked for it by workers_on_crash() is told on the loop.
 *
 * All functions belong to the loop's thread.
 */
#ifndef SCANNER_LOGIN_WORKERS_H
#define SCANNER_LOGIN_WORKERS_H

#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

struct workers;
struct work_item;
struct item_queue;

typedef void (*work_item_fn)(struct work_item *item);

/* Lives in what the item is about.  Zero it, then set the first two. */
struct work_item {
	work_item_fn work; /* on a worker thread */
	work_item_fn done; /* on the loop, exactly once, never from a function below */
	bool cancelled; /* `work` was not and will not be called; to be read in `done` */
	volatile bool crashed; /* `work` did, and `done` will not come */

	TAILQ_ENTRY(work_item) others; /* private, like all that follows */
	struct item_queue *queue;      /* where it waits */
	enum { ITEM_IDLE, ITEM_WAITING, ITEM_TAKEN } state;
	uint64_t tick; /* when it was queued */
};

enum { WORKERS_MOST = 16 };

/* One thread is started now, further ones when they are needed, at most `most`; where the
 * kernel refuses those, a warning says so once and the work goes on with what there is.
 * NULL with `why`: out of memory, or not even one thread. */
struct workers *workers_begin(uv_loop_t *loop, unsigned most, char *why, size_t why_size);
/* `on_crash` is called once, from the loop, after work crashed: the workers can then not
 * be ended any more. */
void workers_on_crash(struct workers *w, void (*on_crash)(void *arg), void *arg);
/* Queue `item`; an urgent one goes before all that are not. */
void workers_do(struct workers *w, struct work_item *item, bool urgent);
/* An item that no thread has taken up: `done` comes soon, `cancelled`.  Others run on. */
void workers_cancel(struct workers *w, struct work_item *item);
/* End the threads and close what the loop knows; no item may be under way.  Run the loop
 * until it is idle before closing it; the workers free themselves then. */
void workers_end(struct workers *w);

#endif
