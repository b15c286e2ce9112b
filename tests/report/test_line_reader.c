/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_line_reader.c - lines come whole, and one that is too long costs no memory.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "report/text/line_reader.h"

static struct line_reader reader;

static FILE *text_of(const char *text)
{
	return fmemopen((void *)(uintptr_t)text, strlen(text), "r");
}

static void expect(const char *line, bool is_last)
{
	assert_true(line_reader_next(&reader));
	assert_false(reader.too_long);
	assert_string_equal(reader.line, line);
	assert_int_equal(reader.length, strlen(line));
	assert_int_equal(reader.is_last, is_last);
}

static void lines_come_whole_and_the_last_is_known(void **state)
{
	FILE *in = text_of("one\n\nthree");

	(void)state;
	line_reader_open(&reader, in, 100);
	expect("one\n", false);
	expect("\n", false);
	expect("three", true);
	assert_false(line_reader_next(&reader));
	assert_false(reader.failed);
	line_reader_close(&reader);
	fclose(in);
}

static void a_newline_at_the_end_makes_no_further_line(void **state)
{
	FILE *in = text_of("one\n");

	(void)state;
	line_reader_open(&reader, in, 100);
	expect("one\n", true);
	assert_false(line_reader_next(&reader));
	line_reader_close(&reader);
	fclose(in);
}

static void a_line_of_exactly_the_ceiling_is_kept(void **state)
{
	FILE *in = text_of("12345\n123456\nend\n");

	(void)state;
	line_reader_open(&reader, in, 6);
	expect("12345\n", false);
	assert_true(line_reader_next(&reader));
	assert_true(reader.too_long);
	assert_int_equal(reader.length, 7);
	expect("end\n", true);
	line_reader_close(&reader);
	fclose(in);
}

static void a_line_longer_than_a_block_is_kept_within_the_ceiling(void **state)
{
	static char text[200001];
	FILE *in;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	in = text_of(text);
	line_reader_open(&reader, in, sizeof(text));
	expect(text, true);
	line_reader_close(&reader);
	rewind(in);
	line_reader_open(&reader, in, 70000);
	assert_true(line_reader_next(&reader));
	assert_true(reader.too_long);
	assert_int_equal(reader.length, 200000);
	assert_true(reader.room <= 2 * 70000);
	line_reader_close(&reader);
	fclose(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_whole_and_the_last_is_known),
		cmocka_unit_test(a_newline_at_the_end_makes_no_further_line),
		cmocka_unit_test(a_line_of_exactly_the_ceiling_is_kept),
		cmocka_unit_test(a_line_longer_than_a_block_is_kept_within_the_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
