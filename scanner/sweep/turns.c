/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/sweep/turns.h"

static uint64_t now_ms(void)
{
	return uv_hrtime() / 1000000;
}

static void note_late(struct turns *t, uint64_t ms)
{
	if (ms > TURN_MS)
		t->late_ms += ms - TURN_MS;
}

/* The loop's time is that of its waking up.  The timers come next, and must know. */
static void on_heard_all(uv_check_t *check)
{
	struct turns *t = check->data;
	uint64_t woke = uv_now(check->loop);

	t->heard_at = now_ms();
	t->heard_ms = t->heard_at > woke ? t->heard_at - woke : 0;
	note_late(t, t->heard_ms);
}

static void on_before_wait(uv_prepare_t *prepare)
{
	struct turns *t = prepare->data;
	uint64_t rest = t->heard_at ? now_ms() - t->heard_at : 0;

	note_late(t, rest);
	if (t->heard_ms + rest > t->longest_ms)
		t->longest_ms = t->heard_ms + rest;
}

void turns_begin(struct turns *t, uv_loop_t *loop)
{
	uv_prepare_init(loop, &t->before_wait);
	uv_check_init(loop, &t->after_hearing);
	t->before_wait.data = t->after_hearing.data = t;
	uv_prepare_start(&t->before_wait, on_before_wait);
	uv_check_start(&t->after_hearing, on_heard_all);
	uv_unref((uv_handle_t *)&t->before_wait);
	uv_unref((uv_handle_t *)&t->after_hearing);
}

void turns_end(struct turns *t)
{
	uv_close((uv_handle_t *)&t->before_wait, NULL);
	uv_close((uv_handle_t *)&t->after_hearing, NULL);
}
