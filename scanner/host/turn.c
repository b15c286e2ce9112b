/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/host/turn.h"

#include <time.h>

static void on_again(uv_idle_t *again);

static uint64_t now_ms(void)
{
	return uv_hrtime() / 1000000;
}

/* ---- the pieces ---- */

void turn_spend(struct turn *t, size_t pieces)
{
	t->pieces = pieces < UINT16_MAX ? t->pieces + (unsigned)pieces : UINT16_MAX;
	if (t->pieces > t->most)
		t->most = t->pieces;
}

/* On a slow machine a piece takes longer. */
bool turn_is_over(const struct turn *t)
{
	uint64_t woke = t->woke ? t->woke : uv_now(t->again.loop);

	return t->pieces >= TURN_PIECES || now_ms() >= woke + TURN_WORK_MS;
}

void turn_do(struct turn *t, struct turn_work *work)
{
	if (STAILQ_EMPTY(&t->waiting) && !turn_is_over(t)) {
		work->run(work);
		return;
	}
	STAILQ_INSERT_TAIL(&t->waiting, work, others);
	uv_idle_start(&t->again, on_again);
}

/* One at least, or a machine that is too slow for any would not come to an end. */
static void on_again(uv_idle_t *again)
{
	struct turn *t = again->data;
	struct turn_work *work;

	do {
		work = STAILQ_FIRST(&t->waiting);
		if (!work)
			break;
		STAILQ_REMOVE_HEAD(&t->waiting, others);
		work->run(work);
	} while (!turn_is_over(t));
	if (STAILQ_EMPTY(&t->waiting))
		uv_idle_stop(again);
}

/* ---- the measuring ---- */

static void note_late(struct turn *t, uint64_t ms)
{
	if (ms > TURN_MS)
		t->late_ms += ms - TURN_MS;
}

/* Processor time of this thread, ns. */
static uint64_t work_now(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void note_work(struct turn *t)
{
	uint64_t now = t->precise ? work_now() : 0;
	uint64_t work = t->worked_ns ? now - t->worked_ns : 0;

	if (work > t->work_ns)
		t->work_ns = work;
	t->worked_ns = now;
}

/* The loop's time is that of its waking up.  The timers come next, and must know. */
static void on_heard_all(uv_check_t *check)
{
	struct turn *t = check->data;

	t->woke = uv_now(check->loop);
	t->heard_at = now_ms();
	t->heard_ms = t->heard_at > t->woke ? t->heard_at - t->woke : 0;
	note_late(t, t->heard_ms);
}

static void on_before_wait(uv_prepare_t *prepare)
{
	struct turn *t = prepare->data;
	uint64_t rest = t->heard_at ? now_ms() - t->heard_at : 0;

	note_late(t, rest);
	note_work(t);
	if (t->heard_ms + rest > t->longest_ms)
		t->longest_ms = t->heard_ms + rest;
	t->pieces = 0;
	t->woke = 0;
}

void turn_begin(struct turn *t, uv_loop_t *loop, bool precise)
{
	*t = (struct turn){ .precise = precise };
	STAILQ_INIT(&t->waiting);
	uv_prepare_init(loop, &t->before_wait);
	uv_check_init(loop, &t->after_hearing);
	uv_idle_init(loop, &t->again);
	t->before_wait.data = t->after_hearing.data = t->again.data = t;
	uv_prepare_start(&t->before_wait, on_before_wait);
	uv_check_start(&t->after_hearing, on_heard_all);
	uv_unref((uv_handle_t *)&t->before_wait);
	uv_unref((uv_handle_t *)&t->after_hearing);
}

void turn_end(struct turn *t)
{
	uv_close((uv_handle_t *)&t->before_wait, NULL);
	uv_close((uv_handle_t *)&t->after_hearing, NULL);
	uv_close((uv_handle_t *)&t->again, NULL);
}
