/* SPDX-License-Identifier: Apache-2.0 */
/* Computers written at one end of the temporary file and read at the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scanner/discover/feed_file.h"

enum { MANY = 2000 };

static struct feed_reader *reader_of(const struct feed_writer *w)
{
	struct feed_reader *r = calloc(1, sizeof *r);

	assert_non_null(r);
	r->descriptor = w->descriptor;
	return r;
}

static struct directory_fact account(const char *dn)
{
	return (struct directory_fact){ .dn = dn,
					.domain = "corp.example",
					.os = "",
					.role = ROLE_CLIENT,
					.enabled_known = true };
}

static void test_what_is_written_is_read(void **state)
{
	FILE *file = tmpfile();
	struct feed_writer w = { .descriptor = fileno(file) };
	struct feed_reader *r = reader_of(&w);
	struct directory_fact d = account("CN=A"), found;
	const char *name;
	bool broken;

	(void)state;
	assert_true(feed_writer_add(&w, "a.corp.example", &d));
	assert_false(feed_reader_next(r, w.written, &name, &found, &broken));
	assert_false(broken);
	assert_true(feed_writer_flush(&w));
	assert_true(feed_reader_next(r, w.written, &name, &found, &broken));
	assert_string_equal(name, "a.corp.example");
	assert_string_equal(found.dn, "CN=A");
	assert_string_equal(found.os, "");
	assert_null(found.site);
	assert_int_equal(found.role, ROLE_CLIENT);
	assert_true(found.enabled_known);
	assert_false(found.enabled);
	assert_false(feed_reader_next(r, w.written, &name, &found, &broken));
	assert_false(broken);
	feed_writer_free(&w);
	free(r);
	fclose(file);
}

/* More than the buffer holds, so that records lie across its end. */
static void test_many_records_are_read_in_their_order(void **state)
{
	FILE *file = tmpfile();
	struct feed_writer w = { .descriptor = fileno(file) };
	struct feed_reader *r = reader_of(&w);
	struct directory_fact found;
	char dn[3000], expected[40];
	const char *name;
	bool broken;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		struct directory_fact d;

		memset(dn, 'x', sizeof dn);
		dn[i % (sizeof dn - 1)] = '\0';
		d = account(dn);
		snprintf(expected, sizeof expected, "srv%zu", i);
		assert_true(feed_writer_add(&w, expected, &d));
		if (i % 7 == 0)
			assert_true(feed_writer_flush(&w));
	}
	assert_true(feed_writer_flush(&w));
	for (size_t i = 0; i < MANY; i++) {
		assert_true(feed_reader_next(r, w.written, &name, &found, &broken));
		snprintf(expected, sizeof expected, "srv%zu", i);
		assert_string_equal(name, expected);
		assert_int_equal(strlen(found.dn), i % (sizeof dn - 1));
	}
	assert_false(feed_reader_next(r, w.written, &name, &found, &broken));
	feed_writer_free(&w);
	free(r);
	fclose(file);
}

static void test_a_file_that_was_cut_is_broken_and_not_at_its_end(void **state)
{
	FILE *file = tmpfile();
	struct feed_writer w = { .descriptor = fileno(file) };
	struct feed_reader *r = reader_of(&w);
	struct directory_fact d = account("CN=A"), found;
	const char *name;
	bool broken;

	(void)state;
	assert_true(feed_writer_add(&w, "a", &d));
	assert_true(feed_writer_flush(&w));
	assert_false(feed_reader_next(r, w.written - 1, &name, &found, &broken));
	assert_true(broken);
	feed_writer_free(&w);
	free(r);
	fclose(file);
}

static void test_a_record_that_does_not_fit_is_refused(void **state)
{
	static char dn[FEED_RECORD_MAX];
	FILE *file = tmpfile();
	struct feed_writer w = { .descriptor = fileno(file) };
	struct directory_fact d;

	(void)state;
	memset(dn, 'x', sizeof dn - 1);
	d = account(dn);
	assert_false(feed_writer_add(&w, "a", &d));
	assert_int_equal(w.len, 0);
	feed_writer_free(&w);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_is_read),
		cmocka_unit_test(test_many_records_are_read_in_their_order),
		cmocka_unit_test(test_a_file_that_was_cut_is_broken_and_not_at_its_end),
		cmocka_unit_test(test_a_record_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
