/* SPDX-License-Identifier: Apache-2.0 */
/* How long a host is left alone between two attempts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/sweep/job.h"

static void pauses_double_up_to_a_limit(void **state)
{
	static const uint64_t most[] = { 500, 1000, 2000, 4000, 8000, 8000 };

	(void)state;
	for (unsigned i = 0; i < sizeof most / sizeof *most; i++) {
		assert_int_equal(job_pause(i + 2, 0, 0), most[i] / 2);
		assert_int_equal(job_pause(i + 2, (uint32_t)most[i] / 2, 0), most[i]);
	}
	for (uint32_t chance = 0; chance < 5000; chance++)
		assert_in_range(job_pause(2, chance, 0), 250, 500);
}

/* A black hole has cost a whole connect-timeout already. */
static void time_spent_in_silence_is_pause_enough(void **state)
{
	(void)state;
	assert_int_equal(job_pause(2, 250, 100), 400);
	assert_int_equal(job_pause(2, 250, 499), 1);
	assert_int_equal(job_pause(2, 250, 500), 0);
	assert_int_equal(job_pause(2, 250, 4000), 0);
	assert_int_equal(job_pause(6, 4000, 4000), 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_double_up_to_a_limit),
		cmocka_unit_test(time_spent_in_silence_is_pause_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
