/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_output_file.c - a report takes its name whole or not at all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/files/output_file.h"

static char folder[] = "/tmp/lsasweep-outfile.XXXXXX";
static char path[64], why[256];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/lsasweep-outfile.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/report", folder);
	return 0;
}

static int remove_folder(void **state)
{
	char name[512];
	DIR *dir = opendir(folder);

	(void)state;
	for (struct dirent *e; dir && (e = readdir(dir));) {
		snprintf(name, sizeof(name), "%s/%s", folder, e->d_name);
		unlink(name);
	}
	closedir(dir);
	return rmdir(folder);
}

static unsigned files_there(void)
{
	DIR *dir = opendir(folder);
	unsigned n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static void expect_content(const char *wanted)
{
	char got[64] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fread(got, 1, sizeof(got) - 1, f) > 0);
	fclose(f);
	assert_string_equal(got, wanted);
}

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void the_old_report_stands_until_the_new_one_is_whole(void **state)
{
	struct output_file o;
	struct stat st;

	(void)state;
	write_file("old");
	assert_true(output_file_open(&o, path, 0600, why, sizeof(why)));
	fputs("new", o.stream);
	fflush(o.stream);
	expect_content("old");
	assert_true(output_file_commit(&o, why, sizeof(why)));
	expect_content("new");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(files_there(), 1);
}

static void a_file_for_others_is_readable_whatever_the_umask(void **state)
{
	mode_t mask = umask(077);
	struct output_file o;
	struct stat st;

	(void)state;
	assert_true(output_file_open(&o, path, 0644, why, sizeof(why)));
	umask(mask);
	assert_true(output_file_commit(&o, why, sizeof(why)));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

static void a_reserved_report_has_no_name_until_it_is_whole(void **state)
{
	struct output_file o;
	struct stat st;

	(void)state;
	write_file("old");
	if (!output_file_reserve(path))
		skip(); /* this file system has no nameless files */
	assert_int_equal(files_there(), 1);
	assert_true(output_file_open(&o, path, 0644, why, sizeof(why)));
	assert_true(o.nameless);
	fputs("new", o.stream);
	fflush(o.stream);
	assert_int_equal(files_there(), 1);
	expect_content("old");
	assert_true(output_file_commit(&o, why, sizeof(why)));
	expect_content("new");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(files_there(), 1);
	/* Once: the next one is written as others are. */
	assert_true(output_file_open(&o, path, 0600, why, sizeof(why)));
	assert_false(o.nameless);
	output_file_abandon(&o);
	expect_content("new");
}

static void a_reserved_report_that_is_abandoned_leaves_nothing(void **state)
{
	struct output_file o;

	(void)state;
	if (!output_file_reserve(path))
		skip();
	assert_true(output_file_open(&o, path, 0600, why, sizeof(why)));
	fputs("half", o.stream);
	output_file_abandon(&o);
	assert_int_equal(files_there(), 0);
}

/* Whoever puts a link there in the meantime has it replaced, and what it leads to stays.
 */
static void a_link_that_is_planted_is_not_followed(void **state)
{
	struct output_file o;
	char other[80];
	struct stat st;

	(void)state;
	assert_false(output_file_reserve("/nowhere/at/all/report"));
	assert_false(output_file_reserve(folder));
	if (!output_file_reserve(path))
		skip();
	assert_true(output_file_open(&o, path, 0600, why, sizeof(why)));
	snprintf(other, sizeof(other), "%s/other", folder);
	assert_int_equal(symlink(other, path), 0);
	fputs("new", o.stream);
	assert_true(output_file_commit(&o, why, sizeof(why)));
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(lstat(other, &st), -1);
}

static void what_cannot_be_written_is_known_before(void **state)
{
	(void)state;
	assert_true(output_file_check(NULL, 0600, why, sizeof(why)));
	assert_true(output_file_check(path, 0600, why, sizeof(why)));
	assert_true(output_file_check("/dev/null", 0600, why, sizeof(why)));
	assert_false(output_file_check("/tmp", 0600, why, sizeof(why)));
	assert_string_equal(why, "/tmp: cannot write: Is a directory");
	assert_false(output_file_check("/nonexistent/report", 0600, why, sizeof(why)));
	assert_non_null(strstr(why, "No such file or directory"));
}

static void an_abandoned_report_leaves_nothing(void **state)
{
	struct output_file o;

	(void)state;
	write_file("old");
	assert_true(output_file_open(&o, path, 0600, why, sizeof(why)));
	fputs("half", o.stream);
	output_file_abandon(&o);
	expect_content("old");
	assert_int_equal(files_there(), 1);
}

static void a_symbolic_link_is_refused(void **state)
{
	struct output_file o;
	char target[80];

	(void)state;
	snprintf(target, sizeof(target), "%s/victim", folder);
	assert_int_equal(symlink(target, path), 0);
	assert_false(output_file_open(&o, path, 0600, why, sizeof(why)));
	assert_non_null(strstr(why, "symbolic link"));
	assert_non_null(strstr(why, path));
	assert_int_not_equal(access(target, F_OK), 0);
	assert_int_equal(files_there(), 1);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
	struct output_file o;

	(void)state;
	assert_false(output_file_open(&o, "/nonexistent/report", 0600, why, sizeof(why)));
	assert_non_null(strstr(why, "/nonexistent/report"));
	assert_non_null(strstr(why, "No such file"));
}

static void a_full_disk_is_reported(void **state)
{
	struct output_file o;

	(void)state;
	/* A device is written as it is, and this one is always full. */
	assert_true(output_file_open(&o, "/dev/full", 0600, why, sizeof(why)));
	fputs("report", o.stream);
	assert_false(output_file_commit(&o, why, sizeof(why)));
	assert_non_null(strstr(why, "No space left"));
	assert_int_equal(access("/dev/full", W_OK), 0);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(the_old_report_stands_until_the_new_one_is_whole),
		IN_FOLDER(a_file_for_others_is_readable_whatever_the_umask),
		IN_FOLDER(a_reserved_report_has_no_name_until_it_is_whole),
		IN_FOLDER(a_reserved_report_that_is_abandoned_leaves_nothing),
		IN_FOLDER(a_link_that_is_planted_is_not_followed),
		IN_FOLDER(what_cannot_be_written_is_known_before),
		IN_FOLDER(an_abandoned_report_leaves_nothing),
		IN_FOLDER(a_symbolic_link_is_refused),
		IN_FOLDER(a_folder_that_is_not_there_is_named),
		IN_FOLDER(a_full_disk_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
