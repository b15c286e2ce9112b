/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/files/memory_stream.h"

static void nothing_written_is_an_empty_text(void **state)
{
	struct memory_stream m;
	char *text;

	(void)state;
	assert_true(memory_stream_open(&m));
	text = memory_stream_close(&m);
	assert_string_equal(text, "");
	assert_int_equal(m.length, 0);
	free(text);
}

static void a_long_text_is_whole_with_the_nuls_in_it(void **state)
{
	struct memory_stream m;
	char *text;

	(void)state;
	assert_true(memory_stream_open(&m));
	for (int i = 0; i < 10000; i++) {
		fprintf(m.out, "%04d", i);
		fputc('\0', m.out);
	}
	text = memory_stream_close(&m);
	assert_non_null(text);
	assert_int_equal(m.length, 50000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(atoi(text + 5 * (size_t)i), i);
	assert_int_equal(text[50000], '\0');
	free(text);
}

/* What the stream could not take is told at the end, though fclose() would not. */
static void an_error_of_the_stream_is_no_text(void **state)
{
	struct memory_stream m;

	(void)state;
	assert_true(memory_stream_open(&m));
	fputs("begun", m.out);
	assert_int_equal(fgetc(m.out), EOF); /* not for reading: an error */
	assert_true(ferror(m.out));
	assert_null(memory_stream_close(&m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_written_is_an_empty_text),
		cmocka_unit_test(a_long_text_is_whole_with_the_nuls_in_it),
		cmocka_unit_test(an_error_of_the_stream_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
