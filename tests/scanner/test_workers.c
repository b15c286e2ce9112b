/* SPDX-License-Identifier: Apache-2.0 */
/* Threads for work that blocks: each item once, the urgent first, nobody held up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdatomic.h>

#include "scanner/login/workers.h"

enum { JOBS = 500, ALL = 1000 };

struct task {
	struct work_item item; /* first */
	atomic_uint worked;
	unsigned told, order;
	unsigned ms;
};

static uv_loop_t loop;
static struct workers *workers;
static struct task tasks[JOBS];
static atomic_uint turn;
static unsigned told;

static void work(struct work_item *item)
{
	struct task *t = (struct task *)item;

	if (t->ms)
		uv_sleep(t->ms);
	t->order = atomic_fetch_add(&turn, 1);
	atomic_fetch_add(&t->worked, 1);
}

/* Work that says when a thread is inside of it, and ends when the test lets it. */
static uv_sem_t inside, gate;

static void work_until_let(struct work_item *item)
{
	uv_sem_post(&inside);
	uv_sem_wait(&gate);
	work(item);
}

static void on_done(struct work_item *item)
{
	((struct task *)item)->told++;
	told++;
}

static void queue(size_t i, bool urgent, unsigned ms)
{
	tasks[i] = (struct task){ .item = { .work = work, .done = on_done }, .ms = ms };
	workers_do(workers, &tasks[i].item, urgent);
}

static void queue_until_let(size_t i)
{
	tasks[i] = (struct task){ .item = { .work = work_until_let, .done = on_done } };
	workers_do(workers, &tasks[i].item, false);
}

/* The kernel gives so many threads and no more: the linker brings all calls here. */
static unsigned threads_left, threads_refused;
int __real_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);
int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg);

int __wrap_uv_thread_create(uv_thread_t *thread, uv_thread_cb entry, void *arg)
{
	if (threads_left == 0) {
		threads_refused++;
		return UV_EAGAIN;
	}
	threads_left--;
	return __real_uv_thread_create(thread, entry, arg);
}

static char why[200];

static int set_up_with(unsigned threads)
{
	turn = told = threads_refused = 0;
	threads_left = threads;
	why[0] = '\0';
	uv_loop_init(&loop);
	workers = workers_begin(&loop, 4, why, sizeof why);
	return workers ? 0 : -1;
}

static int set_up(void **state)
{
	(void)state;
	return set_up_with(ALL);
}

static int set_up_one_thread(void **state)
{
	(void)state;
	return set_up_with(1);
}

static int tear_down(void **state)
{
	(void)state;
	workers_end(workers);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

static void test_each_job_is_done_and_told_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < JOBS; i++)
		queue(i, i % 3 == 0, 0);
	assert_int_equal(told, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < JOBS; i++) {
		assert_int_equal(tasks[i].worked, 1);
		assert_int_equal(tasks[i].told, 1);
		assert_false(tasks[i].item.cancelled);
	}
}

static void test_the_urgent_go_first_in_the_order_they_came(void **state)
{
	(void)state;
	for (size_t i = 0; i < 6; i++)
		queue(i, i >= 3, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(tasks[i].order, (i + 3) % 6);
}

/* Three threads of four are inside something that does not end: that holds up nobody
 * else, not those queued behind it, and not the results that were ready before. */
static void test_a_slow_job_holds_up_itself_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < 40; i++) {
		if (i == 0 || i == 20 || i == 30)
			queue_until_let(i);
		else
			queue(i, false, 0);
	}
	while (told < 37)
		uv_run(&loop, UV_RUN_ONCE);
	assert_int_equal(tasks[0].told + tasks[20].told + tasks[30].told, 0);
	/* Side by side, not one after another: all three are inside at once. */
	for (size_t i = 0; i < 3; i++)
		uv_sem_wait(&inside);
	for (size_t i = 0; i < 3; i++)
		uv_sem_post(&gate);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(told, 40);
}

static void test_what_no_thread_took_up_can_be_cancelled(void **state)
{
	(void)state;
	queue(0, false, 0);
	queue(1, false, 0);
	workers_cancel(workers, &tasks[0].item);
	assert_int_equal(tasks[0].told, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(tasks[0].told, 1);
	assert_int_equal(tasks[0].worked, 0);
	assert_true(tasks[0].item.cancelled);
	assert_int_equal(tasks[1].worked, 1);
	assert_false(tasks[1].item.cancelled);
}

static void test_what_a_thread_is_inside_runs_on(void **state)
{
	(void)state;
	queue_until_let(0);
	uv_run(&loop, UV_RUN_NOWAIT);
	uv_sem_wait(&inside);
	workers_cancel(workers, &tasks[0].item);
	uv_sem_post(&gate);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(tasks[0].told, 1);
	assert_int_equal(tasks[0].worked, 1);
	assert_false(tasks[0].item.cancelled);
}

/* Fewer threads than are wanted do the same work, one item after another; those that are
 * to be had later on are taken. */
static void test_one_thread_does_all_when_no_more_are_given(void **state)
{
	(void)state;
	for (size_t i = 0; i < 60; i++)
		queue(i, false, i < 3 ? 60 : 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(told, 60);
	assert_true(threads_refused > 0);
	for (size_t i = 0; i < 60; i++) {
		assert_int_equal(tasks[i].worked, 1);
		assert_int_equal(tasks[i].order, i);
	}
	threads_left = ALL;
	for (size_t i = 0; i < 3; i++)
		queue(i, false, 100);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(told, 63);
	assert_true(threads_left < ALL);
}

/* Items that nobody will do are not taken, or each host would be blamed. */
static void test_without_any_thread_nothing_begins(void **state)
{
	(void)state;
	assert_int_equal(set_up_with(0), -1);
	assert_null(workers);
	assert_string_equal(why, "no thread to log on with: "
				 "resource temporarily unavailable");
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static unsigned rounds;

static void on_done_again(struct work_item *item)
{
	told++;
	if (++rounds < 200)
		workers_do(workers, item, true);
}

static void test_a_job_may_be_queued_again_when_told(void **state)
{
	(void)state;
	rounds = 0;
	tasks[0] = (struct task){ .item = { .work = work, .done = on_done_again } };
	workers_do(workers, &tasks[0].item, false);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(rounds, 200);
	assert_int_equal(tasks[0].worked, 200);
}

#define UNIT(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(test_each_job_is_done_and_told_once),
		/* One thread: two that take them in order may finish in another. */
		cmocka_unit_test_setup_teardown(
			test_the_urgent_go_first_in_the_order_they_came,
			set_up_one_thread, tear_down),
		UNIT(test_a_slow_job_holds_up_itself_alone),
		UNIT(test_what_no_thread_took_up_can_be_cancelled),
		UNIT(test_what_a_thread_is_inside_runs_on),
		UNIT(test_a_job_may_be_queued_again_when_told),
		cmocka_unit_test_setup_teardown(
			test_one_thread_does_all_when_no_more_are_given,
			set_up_one_thread, tear_down),
		cmocka_unit_test(test_without_any_thread_nothing_begins),
	};

	uv_sem_init(&inside, 0);
	uv_sem_init(&gate, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
