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

static void a_line_is_first_in_first_out_and_any_may_leave(void **state)
{
	static struct job jobs[4];
	static struct job_line empty;
	struct job_line line;

	(void)state;
	assert_null(job_line_take(&empty));
	assert_null(job_line_last(&empty));
	job_line_init(&line);
	for (size_t i = 0; i < 4; i++)
		job_line_add(&line, &jobs[i]);
	job_line_remove(&line, &jobs[1]);
	job_line_remove(&line, &jobs[3]);
	assert_int_equal(line.count, 2);
	assert_ptr_equal(job_line_last(&line), &jobs[2]);
	job_line_add(&line, &jobs[1]);
	assert_ptr_equal(job_line_next(job_line_first(&line)), &jobs[2]);
	assert_ptr_equal(job_line_take(&line), &jobs[0]);
	assert_ptr_equal(job_line_take(&line), &jobs[2]);
	assert_ptr_equal(job_line_take(&line), &jobs[1]);
	assert_null(job_line_take(&line));
	assert_int_equal(line.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_double_up_to_a_limit),
		cmocka_unit_test(a_line_is_first_in_first_out_and_any_may_leave),
		cmocka_unit_test(time_spent_in_silence_is_pause_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
