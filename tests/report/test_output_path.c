/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_output_path.c - what others put into a folder that all may write to is not ours.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/files/output_path.h"

enum { SOMEBODY = 4711, OWNER = 4712 };

static char mine[64], folder[80], path[128], deeper[160], why[256];

/* As /tmp is: all may write, none may take away what is another's. */
static int make_folder(void **state)
{
	(void)state;
	strcpy(mine, "/tmp/lsasweep-place.XXXXXX");
	if (!mkdtemp(mine))
		return -1;
	snprintf(folder, sizeof folder, "%s/shared", mine);
	if (mkdir(folder, 0700) != 0 || chmod(folder, 01777) != 0)
		return -1;
	snprintf(path, sizeof path, "%s/name", folder);
	snprintf(deeper, sizeof deeper, "%s/inside", path);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(deeper);
	if (unlink(path) != 0)
		rmdir(path);
	return rmdir(folder) | rmdir(mine);
}

static void make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static void refuses(const char *asked, const char *part, const char *word)
{
	assert_false(output_path_is_ours(asked, why, sizeof why));
	assert_int_equal(strncmp(why, part, strlen(part)), 0);
	assert_int_equal(why[strlen(part)], ':');
	assert_non_null(strstr(why, word));
}

static void accepts(const char *asked)
{
	strcpy(why, "");
	assert_true(output_path_is_ours(asked, why, sizeof why));
	assert_string_equal(why, "");
}

static void what_is_not_there_is_fine(void **state)
{
	(void)state;
	accepts(path);
	accepts(deeper);
	accepts("/nonexistent/there");
	accepts("name");
	accepts("");
	accepts("/");
	accepts("//");
}

static void our_own_is_fine(void **state)
{
	(void)state;
	make_file(path);
	accepts(path);
}

static void a_second_name_is_not(void **state)
{
	char other[160];

	(void)state;
	make_file(path);
	snprintf(other, sizeof other, "%s.other", path);
	assert_int_equal(link(path, other), 0);
	refuses(path, path, "hard link");
	assert_int_equal(chmod(folder, 0755), 0);
	accepts(path);
	unlink(other);
}

static void everything_of_another_user_is_not(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip(); /* nobody else can give a file away */
	make_file(path);
	assert_int_equal(chown(path, SOMEBODY, SOMEBODY), 0);
	refuses(path, path, "a file of another user (uid 4711)");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0666), 0);
	assert_int_equal(chown(path, SOMEBODY, SOMEBODY), 0);
	refuses(path, path, "a pipe of another user");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(lchown(path, SOMEBODY, SOMEBODY), 0);
	refuses(path, path, "a symbolic link of another user");
	assert_int_equal(chmod(folder, 0755), 0);
	accepts(path);
}

static void nor_is_a_way_that_leads_through_it(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(mkdir(path, 0755), 0);
	accepts(deeper);
	assert_int_equal(chown(path, SOMEBODY, SOMEBODY), 0);
	refuses(deeper, path, "a folder of another user");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink("/etc", path), 0);
	accepts(deeper);
	assert_int_equal(lchown(path, SOMEBODY, SOMEBODY), 0);
	refuses(deeper, path, "a symbolic link of another user");
}

/* As Linux itself has it for links in such folders. */
static void the_owner_of_the_folder_is_trusted(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	make_file(path);
	assert_int_equal(chown(path, OWNER, OWNER), 0);
	assert_int_equal(chown(folder, OWNER, OWNER), 0);
	assert_int_equal(chmod(folder, 01777), 0);
	accepts(path);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(what_is_not_there_is_fine),
		IN_FOLDER(our_own_is_fine),
		IN_FOLDER(a_second_name_is_not),
		IN_FOLDER(everything_of_another_user_is_not),
		IN_FOLDER(nor_is_a_way_that_leads_through_it),
		IN_FOLDER(the_owner_of_the_folder_is_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
