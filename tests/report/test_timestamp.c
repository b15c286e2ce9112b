/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_timestamp.c - timestamps read, written, and refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/text/timestamp.h"

static void test_what_is_written_is_read_back(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} pairs[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 999, "1970-01-01T00:00:00.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 1767323045678, "2026-01-02T03:04:05.678Z" },
		{ 4102444799999, "2099-12-31T23:59:59.999Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char text[TIMESTAMP_MAX];
		int64_t ms = -1;

		timestamp_write(pairs[i].ms, text);
		assert_string_equal(text, pairs[i].text);
		assert_true(timestamp_parse(text, &ms));
		assert_int_equal(ms, pairs[i].ms);
	}
}

static void test_a_time_that_no_calendar_holds_is_1970(void **state)
{
	char text[TIMESTAMP_MAX];

	(void)state;
	timestamp_write(-1, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	timestamp_write(INT64_MAX, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
}

static void test_what_is_no_timestamp_is_refused(void **state)
{
	static const char *const wrong[] = { "",
					     "yesterday",
					     "2026-01-02",
					     "2026-13-02T03:04:05Z",
					     "2026-01-32T03:04:05Z",
					     "2026-01-02T24:04:05Z",
					     "2026-01-02T03:60:05Z",
					     "1969-12-31T23:59:59Z" };
	int64_t ms = 42;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(timestamp_parse(wrong[i], &ms));
	assert_false(timestamp_parse(NULL, &ms));
	assert_int_equal(ms, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_is_read_back),
		cmocka_unit_test(test_a_time_that_no_calendar_holds_is_1970),
		cmocka_unit_test(test_what_is_no_timestamp_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
