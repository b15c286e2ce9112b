/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_lists.c - lists as Windows programs write them: encodings, line ends, tables; and
 * bad lines that are passed over.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner/targets/targets.h"

static char said[8192], path[64], other[64];

static void on_said(const char *text, void *arg)
{
	(void)arg;
	strncat(said, text, sizeof said - strlen(said) - 2);
	strcat(said, "\n");
}

static void write_file(char *name, const char *bytes, size_t len)
{
	int fd;

	strcpy(name, "/tmp/lsasweep-lists-XXXXXX");
	fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static int drop_files(void **state)
{
	(void)state;
	if (path[0])
		unlink(path);
	if (other[0])
		unlink(other);
	path[0] = other[0] = '\0';
	return 0;
}

/* All targets as "name name "; NULL: the list was refused. */
static const char *read_list(const char *bytes, size_t len, const char *excluded,
			     bool skip)
{
	static char all[4096];
	const char *file = path, *exclude = other;
	struct targets_options o = { .files = &file,
				     .file_count = 1,
				     .exclude_files = &exclude,
				     .exclude_file_count = excluded != NULL,
				     .skip_bad_lines = skip,
				     .complain = on_said,
				     .note = on_said };
	struct target target;
	struct targets *t;

	drop_files(NULL);
	said[0] = all[0] = '\0';
	write_file(path, bytes, len);
	if (excluded)
		write_file(other, excluded, strlen(excluded));
	t = targets_open(&o);
	if (!t)
		return NULL;
	while (targets_next(t, &target) == TARGETS_ONE) {
		strcat(all, target.name);
		for (size_t i = 0; i < target.tag_count; i++)
			strcat(strcat(all, "+"), target.tags[i]);
		strcat(all, " ");
	}
	if (targets_skipped(t))
		snprintf(all + strlen(all), 32, "(%llu skipped)",
			 (unsigned long long)targets_skipped(t));
	targets_close(t);
	return all;
}

#define read_text(bytes, skip) read_list(bytes, sizeof(bytes) - 1, NULL, skip)
#define assert_list(bytes, expected) \
	assert_string_equal(read_list(bytes, sizeof(bytes) - 1, NULL, false), expected)

static void reads_each_line_end(void **state)
{
	(void)state;
	assert_list("a\nb\n", "a b ");
	assert_list("a\r\nb\r\n", "a b ");
	assert_list("a\rb\r", "a b ");
	assert_list("a\r\n\r\nb\rc\n\rd", "a b c d ");
	assert_null(read_text("a\r\nb/1\r", false));
	assert_non_null(strstr(said, ":2: \"b/1\""));
	assert_null(read_text("a\rb\rc/1", false));
	assert_non_null(strstr(said, ":3: \"c/1\""));
}

/* A line end stands anywhere in what is read at a time. */
static void reads_line_ends_at_every_place(void **state)
{
	(void)state;
	for (size_t pad = 3980; pad < 4020; pad++) {
		char text[4200];
		size_t len = pad;

		memset(text, ' ', pad);
		text[0] = '#';
		len += (size_t)snprintf(text + pad, sizeof text - pad,
					"\r\na\r\n\r\nb tag=\xc3\xbc\r\nc/1\r\n");
		assert_string_equal(read_list(text, len, NULL, true),
				    "a b+\xc3\xbc (1 skipped)");
		assert_non_null(strstr(said, ":5: \"c/1\""));
	}
}

static void reads_each_encoding(void **state)
{
	(void)state;
	assert_list("\xff\xfe"
		    "a\0\r\0\n\0b\0 \0t\0a\0g\0=\0\xfc\0\r\0\n\0",
		    "a b+\xc3\xbc ");
	assert_list("\xfe\xff\0a\0\r\0\n\0b", "a b ");
	assert_list("a\0\r\0\n\0b\0", "a b ");
	assert_list("\0a\0\r\0\n\0b", "a b ");
	assert_list("\xef\xbb\xbf"
		    "a\r\nb tag=\xfc\r\n",
		    "a b+\xc3\xbc ");
	assert_null(read_text("srv1.x\nsrv2\0.x\nc\n", false));
	assert_non_null(strstr(said, "not text"));
}

static void reads_tables(void **state)
{
	(void)state;
	assert_list("Name,OS\nsrv1,Windows\nsrv2,\n", "srv1 srv2 ");
	assert_non_null(strstr(said, "the column \"Name\" is read"));
	assert_list("\"OS\";\"DNSHostName\"\r\n\"a;b\";\"srv1.x\"\r\n", "srv1.x ");
	assert_list("OS\tComputerName\nx\tsrv1\n", "srv1 ");
	assert_list("sep=;\r\nhost;x\r\nsrv1;1\r\n", "srv1 ");
	/* Windows PowerShell's Export-Csv */
	assert_list("#TYPE Selected.ADComputer\r\n\"Name\"\r\n\"SRV1\"\r\n", "SRV1 ");
	/* One column, without quotes */
	assert_list("DNSHostName\nsrv1 tag=a\n", "srv1+a ");
	/* The best name there is */
	assert_list("Name,Dns Host Name\nsrv1,srv1.x\nsrv2,\n", "srv1.x srv2 ");
	/* Empty rows, as Excel leaves them; rows that are comments */
	assert_list("Name;OS\n;\n;;\n\n#srv0;x\nsrv1;y\n", "srv1 ");
	/* Quotes and line ends in cells */
	assert_list("Description,Name\n\"two\r\nlines, \"\"quoted\"\"\",srv1\n5\" "
		    "disk,srv2\n",
		    "srv1 srv2 ");
}

static void says_where_a_table_is_bad(void **state)
{
	static const char rows[] = "Note,Name\n\"a\nb\",srv1\nx,\n\"y,srv2\nz,srv3\n";

	(void)state;
	assert_string_equal(read_text(rows, true), "srv1 (2 skipped)");
	assert_non_null(strstr(said, ":4: \"x,\": expected a row with a name in the "
				     "column Name; skipped"));
	assert_non_null(strstr(said, ":5: \"\"y,srv2"));
	/* A header without names */
	assert_null(read_text("Owner;Town\nx;y\n", false));
	assert_non_null(strstr(said,
			       ":1: \"Owner;Town\": expected one target a line, or a "
			       "table whose header has a column"));
	/* Text behind a quote is no cell. */
	assert_null(read_text("Name,A\n\"srv1\"x,b\n", false));
}

/* A word of a plain list is no header. */
static void leaves_plain_lists_alone(void **state)
{
	(void)state;
	assert_list("hostname\nsrv1\n", "hostname srv1 ");
	assert_list("host tag=a\nsrv1\n", "host+a srv1 ");
	assert_list("srv1\nName\n", "srv1 Name ");
	assert_string_equal(said, "");
}

static void excludes_every_name_of_a_row(void **state)
{
	static const char list[] = "srv1\nsrv1.x\nsrv2\nsrv3\n";

	(void)state;
	assert_string_equal(read_list(list, sizeof list - 1,
				      "Name;DNSHostName\r\nSRV1;srv1.x\r\nsrv3;\r\n",
				      true),
			    "srv2 ");
	assert_string_equal(read_list(list, sizeof list - 1, "srv1, srv1.x\rsrv3", true),
			    "srv2 ");
}

/* What cannot be excluded would be asked: --skip-bad-lines does not go so far. */
static void never_skips_an_exclusion(void **state)
{
	(void)state;
	assert_null(read_list("srv1\n", 5, "a/1\n", true));
	assert_null(read_list("srv1\n", 5, "Name,x\n,y\n", true));
	assert_non_null(strstr(said, ":2: \",y\": expected a row with a name"));
}

static void skips_bad_lines_of_lists_alone(void **state)
{
	const char *word = "a/1";
	struct targets_options o = { .specs = &word,
				     .spec_count = 1,
				     .skip_bad_lines = true,
				     .complain = on_said };

	(void)state;
	assert_string_equal(read_text("a\nb/1\nc role=x\nd user=e\nf\n", true),
			    "a f (3 skipped)");
	assert_non_null(strstr(said, ":2: \"b/1\": bad address of a network"));
	assert_non_null(strstr(said, ":3: \"role=x\": "));
	assert_non_null(strstr(said, ":4: \"e\": no such section"));
	assert_null(targets_open(&o));
}

/* Each is said, however many. */
static void says_every_skipped_line(void **state)
{
	char text[512] = "";
	const char *at = said;
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(text, "x/1\n");
	assert_string_equal(read_list(text, strlen(text), NULL, true), "(40 skipped)");
	while ((at = strstr(at, "; skipped"))) {
		at++;
		count++;
	}
	assert_int_equal(count, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(reads_each_line_end, drop_files),
		cmocka_unit_test_teardown(reads_line_ends_at_every_place, drop_files),
		cmocka_unit_test_teardown(reads_each_encoding, drop_files),
		cmocka_unit_test_teardown(reads_tables, drop_files),
		cmocka_unit_test_teardown(says_where_a_table_is_bad, drop_files),
		cmocka_unit_test_teardown(leaves_plain_lists_alone, drop_files),
		cmocka_unit_test_teardown(excludes_every_name_of_a_row, drop_files),
		cmocka_unit_test_teardown(never_skips_an_exclusion, drop_files),
		cmocka_unit_test_teardown(skips_bad_lines_of_lists_alone, drop_files),
		cmocka_unit_test_teardown(says_every_skipped_line, drop_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
