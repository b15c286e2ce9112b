/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/login/workers.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "scanner/console/log.h"
#include "scanner/login/crash.h"

enum {
	TICK_MS = 10,
	BATCH = 16, /* results that are worth waking the loop for */
};

TAILQ_HEAD(item_queue, work_item);

struct workers {
	uv_loop_t *loop;
	uv_prepare_t before_poll;
	uv_timer_t tick;
	uv_async_t results;
	unsigned open; /* of the three handles */
	unsigned most, threads;
	uv_thread_t thread[WORKERS_MOST];
	unsigned under_way; /* items queued and not yet told */
	uint64_t now;       /* ticks */
	bool fresh;         /* items were queued since the loop last polled */
	int refused;        /* why no further thread was to be had; 0: none refused */
	bool complained;    /* of that */
	void (*on_crash)(void *arg);
	void *crash_arg;
	bool crash_told;
	atomic_bool crashed; /* an item did; set in a signal handler */

	uv_mutex_t lock;
	uv_cond_t wake; /* the rest is under the lock */
	struct item_queue urgent, patient, finished;
	unsigned idle, working,
		unsaid; /* threads; threads; results not told to the loop */
	bool ending;
};

static void on_before_poll(uv_prepare_t *prepare);
static void on_tick(uv_timer_t *timer);
static void on_results(uv_async_t *async);
static void on_closed(uv_handle_t *handle);
static void work(void *arg);

/* What this thread is working on; NULL: nothing. */
static _Thread_local struct work_item *volatile at_work;

/* Whose turn it is, or NULL. */
static struct work_item *next_item(const struct workers *w)
{
	struct work_item *item = TAILQ_FIRST(&w->urgent);

	return item ? item : TAILQ_FIRST(&w->patient);
}

/* ---- begin ---- */

/* The loop stays alive for items under way and for nothing else here. */
static void hold_loop(struct workers *w)
{
	if (w->under_way)
		uv_ref((uv_handle_t *)&w->results);
	else
		uv_unref((uv_handle_t *)&w->results);
}

/* False: w->refused tells why. */
static bool make_thread(struct workers *w)
{
	int error = uv_thread_create(&w->thread[w->threads], work, w);

	if (error == 0)
		w->threads++;
	else
		w->refused = error;
	return error == 0;
}

static int make_lock(struct workers *w)
{
	int error = uv_mutex_init(&w->lock);

	if (error)
		return error;
	error = uv_cond_init(&w->wake);
	if (error)
		uv_mutex_destroy(&w->lock);
	return error;
}

static void drop_lock(struct workers *w)
{
	uv_cond_destroy(&w->wake);
	uv_mutex_destroy(&w->lock);
}

static void end_threads(struct workers *w)
{
	uv_mutex_lock(&w->lock);
	w->ending = true;
	uv_cond_broadcast(&w->wake);
	uv_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < w->threads; i++)
		uv_thread_join(&w->thread[i]);
}

/* Whatever may fail, at once; false frees.  Without a first thread no item would ever be
 * done, and each host would be blamed for its silence. */
static bool make_all(struct workers *w, char *why, size_t why_size)
{
	int error = make_lock(w);

	if (error) {
		snprintf(why, why_size, "no lock: %s", uv_strerror(error));
		free(w);
		return false;
	}
	if (make_thread(w)) {
		error = uv_async_init(w->loop, &w->results, on_results);
		if (error == 0)
			return true;
		snprintf(why, why_size, "no wake-up: %s", uv_strerror(error));
	} else {
		snprintf(why, why_size, "no thread to log on with: %s",
			 uv_strerror(w->refused));
	}
	end_threads(w);
	drop_lock(w);
	free(w);
	return false;
}

struct workers *workers_begin(uv_loop_t *loop, unsigned most, char *why, size_t why_size)
{
	struct workers *w = calloc(1, sizeof(*w));

	if (!w) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	w->loop = loop;
	w->most = most < WORKERS_MOST ? most : WORKERS_MOST;
	TAILQ_INIT(&w->urgent);
	TAILQ_INIT(&w->patient);
	TAILQ_INIT(&w->finished);
	if (!make_all(w, why, why_size))
		return NULL;
	uv_prepare_init(loop, &w->before_poll);
	uv_prepare_start(&w->before_poll, on_before_poll);
	uv_timer_init(loop, &w->tick);
	uv_unref((uv_handle_t *)&w->before_poll);
	uv_unref((uv_handle_t *)&w->tick);
	w->before_poll.data = w->tick.data = w->results.data = w;
	w->open = 3;
	hold_loop(w);
	return w;
}

/* ---- hand over ---- */

void workers_do(struct workers *w, struct work_item *item, bool urgent)
{
	item->cancelled = false;
	item->tick = w->now;
	uv_mutex_lock(&w->lock);
	item->state = ITEM_WAITING;
	item->queue = urgent ? &w->urgent : &w->patient;
	TAILQ_INSERT_TAIL(item->queue, item, others);
	uv_mutex_unlock(&w->lock);
	w->fresh = true;
	if (w->under_way++ == 0)
		hold_loop(w);
	if (!uv_is_active((uv_handle_t *)&w->tick))
		uv_timer_start(&w->tick, on_tick, TICK_MS, TICK_MS);
}

/* Another thread sets to work: one that is idle, or a new one. */
static void add_thread(struct workers *w)
{
	if (w->idle > 0)
		uv_cond_signal(&w->wake);
	else if (w->threads < w->most)
		make_thread(w);
}

/* Said once: the sweep goes on, and what it lacks may be had again at any tick. */
static void complain(struct workers *w)
{
	if (!w->refused || w->complained)
		return;
	w->complained = true;
	log_say(LOG_WARNINGS, NULL, NULL,
		"no more than %u of %u threads to log on with: %s; logons wait for one "
		"another",
		w->threads, w->most, uv_strerror(w->refused));
}

static void on_before_poll(uv_prepare_t *prepare)
{
	struct workers *w = prepare->data;

	if (!w->fresh)
		return;
	w->fresh = false;
	uv_mutex_lock(&w->lock);
	if (w->working == 0 && next_item(w))
		add_thread(w);
	uv_mutex_unlock(&w->lock);
}

/* Is there an item that was queued before the last tick? */
static bool overdue(const struct workers *w)
{
	const struct work_item *urgent = TAILQ_FIRST(&w->urgent);
	const struct work_item *patient = TAILQ_FIRST(&w->patient);

	return (urgent && urgent->tick + 1 < w->now) ||
	       (patient && patient->tick + 1 < w->now);
}

/* Results are taken over, too: a thread may have them and be inside something slow. */
static void on_tick(uv_timer_t *timer)
{
	struct workers *w = timer->data;

	w->now++;
	on_results(&w->results);
	uv_mutex_lock(&w->lock);
	if (overdue(w))
		add_thread(w);
	uv_mutex_unlock(&w->lock);
	complain(w);
	if (w->under_way == 0)
		uv_timer_stop(&w->tick);
}

/* ---- work ---- */

/* Under the lock, which is left for the call. */
static void tell_results(struct workers *w)
{
	w->unsaid = 0;
	uv_mutex_unlock(&w->lock);
	uv_async_send(&w->results);
	uv_mutex_lock(&w->lock);
}

static void work_on(struct workers *w, struct work_item *item)
{
	TAILQ_REMOVE(item->queue, item, others);
	item->state = ITEM_TAKEN;
	w->working++;
	uv_mutex_unlock(&w->lock);
	at_work = item;
	item->work(item);
	at_work = NULL;
	uv_mutex_lock(&w->lock);
	w->working--;
	TAILQ_INSERT_TAIL(&w->finished, item, others);
	if (++w->unsaid >= BATCH)
		tell_results(w);
}

/* In a signal handler, in which uv_async_send() is safe. */
static bool on_crash(void *arg)
{
	struct workers *w = arg;

	if (!at_work)
		return false;
	at_work->crashed = true;
	atomic_store(&w->crashed, true);
	return uv_async_send(&w->results) == 0;
}

static void work(void *arg)
{
	struct workers *w = arg;
	struct work_item *item;

	crash_watch(on_crash, w);
	uv_mutex_lock(&w->lock);
	while (!w->ending) {
		item = next_item(w);
		if (item) {
			work_on(w, item);
		} else if (w->unsaid) {
			tell_results(w);
		} else {
			w->idle++;
			uv_cond_wait(&w->wake, &w->lock);
			w->idle--;
		}
	}
	uv_mutex_unlock(&w->lock);
	crash_unwatch();
}

/* ---- hand back ---- */

void workers_on_crash(struct workers *w, void (*on_crash_told)(void *arg), void *arg)
{
	w->on_crash = on_crash_told;
	w->crash_arg = arg;
}

static void tell_crash(struct workers *w)
{
	if (!w->on_crash || w->crash_told || !atomic_load(&w->crashed))
		return;
	w->crash_told = true;
	w->on_crash(w->crash_arg);
}

static void on_results(uv_async_t *async)
{
	struct workers *w = async->data;
	struct item_queue mine;
	struct work_item *item;

	TAILQ_INIT(&mine);
	uv_mutex_lock(&w->lock);
	w->unsaid = 0;
	TAILQ_CONCAT(&mine, &w->finished, others);
	uv_mutex_unlock(&w->lock);
	while ((item = TAILQ_FIRST(&mine))) {
		TAILQ_REMOVE(&mine, item, others);
		item->state = ITEM_IDLE;
		if (--w->under_way == 0)
			hold_loop(w);
		item->done(item);
	}
	tell_crash(w);
}

void workers_cancel(struct workers *w, struct work_item *item)
{
	uv_mutex_lock(&w->lock);
	if (item->state == ITEM_WAITING) {
		item->cancelled = true;
		item->state = ITEM_TAKEN;
		TAILQ_REMOVE(item->queue, item, others);
		TAILQ_INSERT_TAIL(&w->finished, item, others);
		tell_results(w);
	}
	uv_mutex_unlock(&w->lock);
}

/* ---- end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct workers *w = handle->data;

	if (--w->open > 0)
		return;
	drop_lock(w);
	free(w);
}

void workers_end(struct workers *w)
{
	if (!w)
		return;
	end_threads(w);
	uv_close((uv_handle_t *)&w->before_poll, on_closed);
	uv_close((uv_handle_t *)&w->tick, on_closed);
	uv_close((uv_handle_t *)&w->results, on_closed);
}
