/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_rate.c - so many connections a second, and no burst after a pause.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/sweep/rate.h"

/* How many connections may be made at once at `now`. */
static unsigned at_once(struct rate *r, uint64_t now)
{
	unsigned made = 0;

	for (; made < 1000000 && rate_wait(r, now) == 0; made++)
		rate_take(r);
	return made;
}

static void test_no_bound_never_waits(void **state)
{
	struct rate r = rate_new(0, 5);

	(void)state;
	assert_int_equal(at_once(&r, 5), 1000000);
}

static void test_a_second_has_no_more_than_its_rate(void **state)
{
	static const uint32_t rates[] = { 1, 7, 50, 100, 101, 1000, 20000 };

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		struct rate r = rate_new(rates[i], 0);
		unsigned made = 0;

		for (uint64_t ms = 0; ms < 10000; ms++)
			made += at_once(&r, ms);
		/* A bucket of one loses what comes while the clock stands at a whole ms.
		 */
		assert_in_range(made, rates[i] * 10 * 85 / 100, rates[i] * 10 + 1);
	}
}

static void test_a_pause_is_not_made_up_for_by_a_burst(void **state)
{
	static const struct {
		uint32_t rate;
		unsigned burst;
	} rows[] = { { 1, 1 }, { 50, 1 }, { 100, 1 }, { 200, 2 }, { 1000, 10 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rate r = rate_new(rows[i].rate, 0);

		at_once(&r, 0);
		assert_int_equal(at_once(&r, 3600 * 1000), rows[i].burst);
	}
}

static void test_the_wait_it_names_is_enough(void **state)
{
	struct rate r = rate_new(3, 0);
	uint64_t now = 0, wait;

	(void)state;
	for (unsigned i = 0; i < 30; i++) {
		wait = rate_wait(&r, now);
		assert_true(wait <= 334);
		now += wait;
		assert_int_equal(rate_wait(&r, now), 0);
		rate_take(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_bound_never_waits),
		cmocka_unit_test(test_a_second_has_no_more_than_its_rate),
		cmocka_unit_test(test_a_pause_is_not_made_up_for_by_a_burst),
		cmocka_unit_test(test_the_wait_it_names_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
