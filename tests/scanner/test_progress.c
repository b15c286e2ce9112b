/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/console/progress.h"

static void the_line_is_as_promised(void **state)
{
	struct progress_state s = { .elapsed_ms = 12345,
				    .done = 1204,
				    .total = 5000,
				    .in_flight = 256,
				    .answered = 1102,
				    .denied = 12,
				    .unreachable = 90,
				    .rate = 97.6,
				    .slowest = "web17.corp",
				    .slowest_ms = 8100 };
	char line[300];

	(void)state;
	progress_format(&s, line, sizeof line);
	assert_string_equal(line, "00:12 1,204/5,000 24% 98/s in flight 256 answered "
				  "1,102 denied 12 unreachable 90 slowest web17.corp 8s "
				  "eta 00:38");
}

static void what_is_not_known_is_left_out(void **state)
{
	struct progress_state s = { .elapsed_ms = 3723000, .done = 1234567, .other = 3 };
	char line[300];

	(void)state;
	progress_format(&s, line, sizeof line);
	assert_string_equal(line, "1:02:03 1,234,567 0/s in flight 0 answered 0 other 3");
}

static void a_line_that_does_not_fit_is_cut(void **state)
{
	struct progress_state s = { .done = 1, .total = 2 };
	char line[12];

	(void)state;
	progress_format(&s, line, sizeof line);
	assert_int_equal(line[sizeof line - 1], '\0');
}

static void a_quiet_progress_does_nothing(void **state)
{
	struct progress_state s = { 0 };
	struct progress *p = progress_begin(true, 1);

	(void)state;
	assert_null(p);
	progress_note(p, &s);
	progress_clear(p);
	progress_end(p);
}

static void the_rate_is_that_of_the_last_ten_seconds(void **state)
{
	struct progress *p = progress_begin(false, UINT64_MAX / 2);
	struct progress_state s = { 0 };

	(void)state;
	assert_non_null(p);
	for (unsigned second = 1; second <= 30; second++) {
		s.elapsed_ms = second * 1000;
		s.done += second <= 15 ? 1000 : 10;
		progress_note(p, &s);
		if (second == 15)
			assert_true(s.rate > 990 && s.rate < 1010);
	}
	assert_true(s.rate > 9 && s.rate < 11);
	progress_end(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_is_as_promised),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(a_line_that_does_not_fit_is_cut),
		cmocka_unit_test(a_quiet_progress_does_nothing),
		cmocka_unit_test(the_rate_is_that_of_the_last_ten_seconds),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
