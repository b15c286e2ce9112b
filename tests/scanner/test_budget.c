/* SPDX-License-Identifier: Apache-2.0 */
/* What the answers of hosts in flight may take: a share each, then a common pot. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/host/budget.h"

enum { HOSTS = 10000 };

static void a_share_needs_no_pot(void **state)
{
	struct budget_pot empty = { .left = 0 };
	struct host_budget b = { .pot = &empty };

	(void)state;
	assert_true(budget_take(&b, BUDGET_HOST_SHARE - 1));
	assert_true(budget_take(&b, 1));
	assert_false(budget_take(&b, 1));
	budget_return(&b);
	assert_int_equal(empty.left, 0);
	assert_true(budget_take(&b, BUDGET_HOST_SHARE));
}

static void one_host_takes_no_more_than_its_most(void **state)
{
	struct budget_pot pot = { .left = BUDGET_SWEEP_POT };
	struct host_budget b = { .pot = &pot };

	(void)state;
	assert_false(budget_take(&b, BUDGET_HOST_MAX + 1));
	assert_false(budget_take(&b, SIZE_MAX));
	assert_true(budget_take(&b, BUDGET_HOST_MAX));
	assert_false(budget_take(&b, 1));
	assert_int_equal(pot.left,
			 BUDGET_SWEEP_POT - (BUDGET_HOST_MAX - BUDGET_HOST_SHARE));
	budget_return(&b);
	assert_int_equal(pot.left, BUDGET_SWEEP_POT);
}

/* Hostile hosts that take what they can, and after each a healthy one. */
static void hosts_that_empty_the_pot_leave_the_others_their_share(void **state)
{
	static struct host_budget greedy[HOSTS];
	struct budget_pot pot = { .left = BUDGET_SWEEP_POT };
	size_t taken = 0;

	(void)state;
	for (size_t i = 0; i < HOSTS; i++) {
		struct host_budget healthy = { .pot = &pot };

		greedy[i] = (struct host_budget){ .pot = &pot };
		while (budget_take(&greedy[i], 4096))
			taken += 4096;
		assert_true(budget_take(&healthy, BUDGET_HOST_SHARE));
		budget_return(&healthy);
	}
	assert_in_range(taken, BUDGET_SWEEP_POT,
			BUDGET_SWEEP_POT + (uintmax_t)HOSTS * BUDGET_HOST_SHARE);
	for (size_t i = 0; i < HOSTS; i++)
		budget_return(&greedy[i]);
	assert_int_equal(pot.left, BUDGET_SWEEP_POT);
}

/* What a dialogue holds comes and goes. */
static void what_is_held_no_more_goes_back(void **state)
{
	struct budget_pot pot = { .left = 1000 };
	struct host_budget b = { .pot = &pot }, alone = { 0 };

	(void)state;
	assert_true(budget_have(&b, BUDGET_HOST_SHARE + 700));
	assert_int_equal(pot.left, 300);
	assert_false(budget_have(&b, BUDGET_HOST_SHARE + 1001));
	assert_int_equal(pot.left, 300);
	assert_true(budget_have(&b, BUDGET_HOST_SHARE + 1000));
	assert_int_equal(pot.left, 0);
	assert_true(budget_have(&b, BUDGET_HOST_SHARE + 10));
	assert_int_equal(pot.left, 990);
	assert_true(budget_have(&b, 10));
	assert_int_equal(pot.left, 1000);
	assert_true(budget_have(&alone, SIZE_MAX));
}

static size_t in_line;

static size_t waiting(void *arg)
{
	assert_ptr_equal(arg, &in_line);
	return in_line;
}

/* A host that is done has left, and its record has not. */
static void records_that_wait_are_of_the_pot(void **state)
{
	struct budget_pot pot = { 1000, waiting, &in_line };
	struct host_budget b = { .pot = &pot };

	(void)state;
	in_line = 400;
	assert_false(budget_take(&b, BUDGET_HOST_SHARE + 601));
	assert_true(budget_take(&b, BUDGET_HOST_SHARE + 600));
	assert_int_equal(pot.left, 400);
	in_line = 5000;
	assert_false(budget_take(&b, 1));
	assert_true(budget_have(&b, BUDGET_HOST_SHARE + 600));
	in_line = 0;
	assert_true(budget_take(&b, 400));
	assert_int_equal(pot.left, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_needs_no_pot),
		cmocka_unit_test(one_host_takes_no_more_than_its_most),
		cmocka_unit_test(what_is_held_no_more_goes_back),
		cmocka_unit_test(records_that_wait_are_of_the_pot),
		cmocka_unit_test(hosts_that_empty_the_pot_leave_the_others_their_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
