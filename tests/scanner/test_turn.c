/* SPDX-License-Identifier: Apache-2.0 */
/* What one turn of the loop does: so many pieces of work and no more, in the order of
 * asking, and others are heard in between. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/host/turn.h"

enum { WORKS = 1000 };

static uv_loop_t loop;
static struct turn turn;
static struct piece {
	struct turn_work work; /* the first */
	size_t costs;
	unsigned ran_in; /* the turn; 0: not yet */
} pieces[WORKS];
static unsigned turns, order, rings;
static unsigned in_turn[WORKS + 2]; /* pieces done in each turn */
static uv_prepare_t next_turn;
static uv_timer_t timer;

static void on_next_turn(uv_prepare_t *prepare)
{
	(void)prepare;
	turns++;
}

static void run(struct turn_work *work)
{
	struct piece *p = (struct piece *)work;

	assert_ptr_equal(p, &pieces[order++]);
	p->ran_in = turns + 1;
	assert_in_range(turns, 0, WORKS);
	in_turn[turns] += (unsigned)p->costs;
	turn_spend(&turn, p->costs);
}

static int open_loop(void **state)
{
	(void)state;
	turns = order = rings = 0;
	uv_loop_init(&loop);
	turn_begin(&turn, &loop, true);
	uv_prepare_init(&loop, &next_turn);
	uv_prepare_start(&next_turn, on_next_turn);
	uv_unref((uv_handle_t *)&next_turn);
	uv_timer_init(&loop, &timer);
	for (size_t i = 0; i < WORKS; i++)
		pieces[i] = (struct piece){ .work = { .run = run }, .costs = 1 };
	for (size_t i = 0; i < WORKS + 2; i++)
		in_turn[i] = 0;
	return 0;
}

static int close_loop(void **state)
{
	(void)state;
	turn_end(&turn);
	uv_close((uv_handle_t *)&next_turn, NULL);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

/* As a name server's answer does, or hosts that all end at once. */
static void on_ask_all(uv_timer_t *ringing)
{
	(void)ringing;
	for (size_t i = 0; i < WORKS; i++)
		turn_do(&turn, &pieces[i].work);
}

static void test_a_turn_does_so_much_and_no_more(void **state)
{
	(void)state;
	uv_timer_start(&timer, on_ask_all, 0, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(order, WORKS);
	for (size_t i = 0; i < WORKS + 2; i++)
		assert_in_range(in_turn[i], 0, TURN_PIECES + 1);
	assert_in_range(turn.most, 1, TURN_PIECES + 1);
	assert_in_range(pieces[WORKS - 1].ran_in, WORKS / TURN_PIECES, WORKS + 1);
}

/* One more at most is done where others have used the turn up, so that all come to an
 * end. */
static void test_what_cannot_be_cut_comes_one_a_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < WORKS; i++)
		pieces[i].costs = TURN_WORK_MOST;
	uv_timer_start(&timer, on_ask_all, 0, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(order, WORKS);
	assert_int_equal(in_turn[0], 2 * TURN_WORK_MOST);
	for (size_t i = 1; i < WORKS - 1; i++)
		assert_int_equal(in_turn[i], TURN_WORK_MOST);
}

static void on_ring(uv_timer_t *ringing)
{
	if (rings++ == 0)
		on_ask_all(ringing);
	if (order == WORKS)
		uv_timer_stop(ringing);
}

/* A timer that is due is not kept waiting by all that waits, only by a turn's work. */
static void test_others_are_heard_between_turns(void **state)
{
	unsigned before_last;

	(void)state;
	for (size_t i = 0; i < WORKS; i++)
		pieces[i].costs = TURN_PIECES; /* a turn each */
	uv_timer_start(&timer, on_ring, 0, 1);
	uv_run(&loop, UV_RUN_DEFAULT);
	before_last = pieces[WORKS - 1].ran_in - pieces[0].ran_in;
	assert_in_range(before_last, WORKS - 2, WORKS + 1);
	assert_true(rings > 1);
}

static void test_what_has_room_is_done_at_once(void **state)
{
	(void)state;
	turn_do(&turn, &pieces[0].work);
	assert_int_equal(order, 1);
	turn_spend(&turn, TURN_PIECES);
	turn_do(&turn, &pieces[1].work);
	assert_int_equal(order, 1);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(order, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_turn_does_so_much_and_no_more,
						open_loop, close_loop),
		cmocka_unit_test_setup_teardown(test_what_cannot_be_cut_comes_one_a_turn,
						open_loop, close_loop),
		cmocka_unit_test_setup_teardown(test_others_are_heard_between_turns,
						open_loop, close_loop),
		cmocka_unit_test_setup_teardown(test_what_has_room_is_done_at_once,
						open_loop, close_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
