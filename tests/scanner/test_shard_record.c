/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/login/shard_record.h"

/* What fcntl() answers to locks; 0: what it does. */
static int lock_error;

int __real_fcntl64(int fd, int command, void *arg);
int __wrap_fcntl64(int fd, int command, void *arg);
int __real_fcntl(int fd, int command, void *arg);
int __wrap_fcntl(int fd, int command, void *arg);

int __wrap_fcntl64(int fd, int command, void *arg)
{
	if (command != F_SETLK || !lock_error)
		return __real_fcntl64(fd, command, arg);
	errno = lock_error;
	return -1;
}

int __wrap_fcntl(int fd, int command, void *arg)
{
	return __wrap_fcntl64(fd, command, arg);
}

static char folder[64], why[5000];

static const struct guard_standing refused = {
	.stopped = 1, .refusals = 1, .space = CODE_NTSTATUS, .code = 0xC000006D
};
static const struct guard_standing proven = { .proven = 1 };

static int set_up(void **state)
{
	(void)state;
	lock_error = 0;
	snprintf(folder, sizeof folder, "/tmp/lsasweep-shards-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static void lock_path(char path[128])
{
	snprintf(path, 128, "%s/lsasweep-shards-%016x.lock", folder, 7);
}

static int tear_down(void **state)
{
	char path[128];

	(void)state;
	lock_path(path);
	unlink(path);
	return rmdir(folder);
}

static enum shard_opening open_as(struct shard_record **r, uint32_t part,
				  const char *password)
{
	struct shard_member member = {
		.folder = folder, .part = part, .account = 7, .password = password
	};

	return shard_record_open(r, &member, why, sizeof why);
}

static struct shard_record *opened(uint32_t part, const char *password)
{
	struct shard_record *r;

	assert_int_equal(open_as(&r, part, password), SHARD_OPENED);
	return r;
}

static struct guard_standing taken(struct shard_record *r)
{
	struct guard_standing known;

	assert_int_equal(shard_record_take(r, &known), SHARD_TURN_OURS);
	return known;
}

/* Another process has the file open, and its turn if asked for, until it is ended. */
struct other {
	pid_t pid;
	int end; /* closed: the other ends */
};

static void be_other(const int ready[2], const int end[2], const char *password,
		     bool takes, const struct guard_standing *gives)
{
	struct guard_standing known;
	struct shard_record *r;
	char byte = 0;
	bool good = open_as(&r, 3, password) == SHARD_OPENED;

	close(end[1]);
	if (good && (takes || gives))
		good = shard_record_take(r, &known) == SHARD_TURN_OURS;
	if (good && gives)
		good = shard_record_give(r, gives);
	if (good && write(ready[1], &byte, 1) == 1)
		(void)!read(end[0], &byte, 1);
	_exit(0);
}

static struct other begin_other(const char *password, bool takes,
				const struct guard_standing *gives)
{
	int ready[2], end[2];
	struct other other;
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(end), 0);
	other.pid = fork();
	assert_true(other.pid >= 0);
	if (other.pid == 0)
		be_other(ready, end, password, takes, gives);
	close(ready[1]);
	close(end[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	other.end = end[1];
	return other;
}

/* As the kernel ends it: without a word of its own. */
static void kill_other(struct other *other)
{
	assert_int_equal(kill(other->pid, SIGKILL), 0);
	assert_int_equal(waitpid(other->pid, NULL, 0), other->pid);
	close(other->end);
}

static void one_process_has_the_turn_until_it_dies(void **state)
{
	struct other other = begin_other("secret", true, NULL);
	struct shard_record *r = opened(0, "secret");
	struct guard_standing known;

	(void)state;
	assert_int_equal(shard_record_take(r, &known), SHARD_TURN_TAKEN);
	kill_other(&other);
	assert_int_equal(shard_record_take(r, &known), SHARD_TURN_OURS);
	assert_false(known.proven || known.stopped);
	shard_record_close(r);
}

static void a_proof_holds_while_somebody_is_alive(void **state)
{
	struct other other = begin_other("secret", false, &proven);
	struct shard_record *r = opened(0, "secret");

	(void)state;
	assert_true(taken(r).proven);
	assert_int_equal(shard_record_author(r), 3);
	kill_other(&other);
	assert_true(shard_record_give(r, NULL));
	assert_true(taken(r).proven);
	shard_record_close(r);
	r = opened(1, "secret");
	assert_false(taken(r).proven);
	shard_record_close(r);
}

static void a_refusal_outlives_the_shard_that_heard_it(void **state)
{
	struct other other = begin_other("secret", false, &refused);
	struct guard_standing known;
	struct shard_record *r;

	(void)state;
	kill_other(&other);
	r = opened(0, "secret");
	known = taken(r);
	assert_true(known.stopped);
	assert_int_equal(known.code, 0xC000006D);
	assert_int_equal(shard_record_author(r), 3);
	shard_record_close(r);
}

/* One in 4,096 passwords is taken for the refused one; not six of six. */
static void a_refusal_is_of_one_password_alone(void **state)
{
	static const char *const others[] = { "a", "b", "c", "Secret", "secret ", "" };
	struct other other = begin_other("secret", false, &refused);
	unsigned stopped = 0;

	(void)state;
	kill_other(&other);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct shard_record *r = opened(0, others[i]);

		stopped += taken(r).stopped;
		shard_record_close(r);
	}
	assert_in_range(stopped, 0, 5);
}

static void the_counts_of_all_add_up(void **state)
{
	struct guard_standing once = { .unjudged = 1 };
	struct other other = begin_other("secret", false, &once);
	struct shard_record *r = opened(0, "secret");

	(void)state;
	assert_int_equal(taken(r).unjudged, 1);
	kill_other(&other);
	shard_record_close(r);
}

static void invert_byte(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	unsigned char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte = (unsigned char)~byte;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void a_torn_record_is_none(void **state)
{
	char path[128];

	(void)state;
	lock_path(path);
	for (off_t at = 0; at < 80; at++) {
		struct other other = begin_other("secret", false, &refused);
		struct shard_record *r;

		kill_other(&other);
		invert_byte(path, at);
		r = opened(0, "secret");
		assert_false(taken(r).stopped);
		assert_true(shard_record_give(r, &refused));
		assert_true(taken(r).stopped);
		shard_record_close(r);
		assert_int_equal(truncate(path, at), 0);
		r = opened(0, "secret");
		assert_false(taken(r).stopped);
		shard_record_close(r);
	}
}

static void a_file_of_others_is_refused(void **state)
{
	struct shard_record *r = opened(0, "secret");
	char path[128], second[160];

	(void)state;
	shard_record_close(r);
	lock_path(path);
	assert_int_equal(chmod(path, 0622), 0);
	assert_int_equal(open_as(&r, 0, "secret"), SHARD_REFUSED);
	assert_non_null(strstr(why, "expected mode 0600"));
	assert_int_equal(chmod(path, 0600), 0);
	snprintf(second, sizeof second, "%s.2", path);
	assert_int_equal(link(path, second), 0);
	assert_int_equal(open_as(&r, 0, "secret"), SHARD_REFUSED);
	assert_non_null(strstr(why, "hard link"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(second, path), 0);
	assert_int_equal(open_as(&r, 0, "secret"), SHARD_REFUSED);
	assert_non_null(strstr(why, "symbolic link"));
	assert_int_equal(unlink(second), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(open_as(&r, 0, "secret"), SHARD_REFUSED);
	assert_non_null(strstr(why, "not a regular file"));
}

static void a_file_of_another_user_is_refused(void **state)
{
	struct shard_record *r = opened(0, "secret");
	char path[128];

	(void)state;
	shard_record_close(r);
	lock_path(path);
	if (chown(path, 12345, (gid_t)-1) != 0)
		skip(); /* only root can make one */
	assert_int_equal(open_as(&r, 0, "secret"), SHARD_REFUSED);
	assert_non_null(strstr(why, "another user"));
}

/* As a server has it that takes root for nobody. */
static void a_file_of_the_folders_owner_is_ours(void **state)
{
	char inner[80], path[160];
	struct shard_member member = { .folder = inner, .account = 7, .password = "" };
	struct shard_record *r;

	(void)state;
	snprintf(inner, sizeof inner, "%s/out", folder);
	snprintf(path, sizeof path, "%s/lsasweep-shards-%016x.lock", inner, 7);
	assert_int_equal(mkdir(inner, 0755), 0);
	assert_int_equal(shard_record_open(&r, &member, why, sizeof why), SHARD_OPENED);
	shard_record_close(r);
	if (chown(path, 12345, (gid_t)-1) == 0) {
		assert_int_equal(shard_record_open(&r, &member, why, sizeof why),
				 SHARD_REFUSED);
		assert_int_equal(chown(inner, 12345, (gid_t)-1), 0);
		assert_int_equal(shard_record_open(&r, &member, why, sizeof why),
				 SHARD_OPENED);
		shard_record_close(r);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(inner), 0);
}

static void without_locks_nothing_is_shared_and_it_is_said(void **state)
{
	struct guard_standing known;
	struct shard_record *r;

	(void)state;
	lock_error = ENOLCK;
	assert_int_equal(open_as(&r, 0, "secret"), SHARD_UNLOCKED);
	assert_null(r);
	assert_non_null(strstr(why, "No locks available"));
	lock_error = 0;
	r = opened(0, "secret");
	lock_error = ENOLCK;
	assert_int_equal(shard_record_take(r, &known), SHARD_TURN_FAILED);
	shard_record_close(r);
}

static void the_place_of_a_proof_goes_to_the_next(void **state)
{
	struct other other = begin_other("one", false, NULL); /* so nobody is alone */
	struct shard_record *r, *second;
	char name[SHARD_PLACE_NAME_MAX + 2];

	(void)state;
	r = opened(0, "one");
	taken(r);
	assert_string_equal(shard_record_place(r)->name, "");
	shard_record_set_place(r, "srv1.corp.example", 4450);
	assert_true(shard_record_give(r, &proven));
	second = opened(1, "one");
	taken(second);
	assert_string_equal(shard_record_place(second)->name, "srv1.corp.example");
	assert_int_equal(shard_record_place(second)->port, 4450);
	assert_true(shard_record_give(second, &proven)); /* knows no better one */
	taken(r);
	assert_string_equal(shard_record_place(r)->name, "srv1.corp.example");
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	shard_record_set_place(r, name, 445);
	assert_string_equal(shard_record_place(r)->name, "");
	name[SHARD_PLACE_NAME_MAX] = '\0';
	shard_record_set_place(r, name, 445);
	assert_string_equal(shard_record_place(r)->name, name);
	assert_true(shard_record_give(r, &proven));
	taken(second);
	assert_string_equal(shard_record_place(second)->name, name);
	shard_record_close(second);
	shard_record_close(r);
	kill_other(&other);
}

static void a_refusal_or_the_end_of_all_shards_ends_the_place(void **state)
{
	struct shard_record *r;

	(void)state;
	for (int refuses = 0; refuses < 2; refuses++) {
		r = opened(0, "one");
		taken(r);
		shard_record_set_place(r, "srv1", 445);
		assert_true(shard_record_give(r, refuses ? &refused : &proven));
		if (!refuses)
			shard_record_close(r);
		if (!refuses)
			r = opened(0, "one");
		taken(r);
		assert_string_equal(shard_record_place(r)->name, "");
		shard_record_close(r);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(the_place_of_a_proof_goes_to_the_next),
		T(a_refusal_or_the_end_of_all_shards_ends_the_place),
		T(one_process_has_the_turn_until_it_dies),
		T(a_proof_holds_while_somebody_is_alive),
		T(a_refusal_outlives_the_shard_that_heard_it),
		T(a_refusal_is_of_one_password_alone),
		T(the_counts_of_all_add_up),
		T(a_torn_record_is_none),
		T(a_file_of_others_is_refused),
		T(a_file_of_another_user_is_refused),
		T(a_file_of_the_folders_owner_is_ours),
		T(without_locks_nothing_is_shared_and_it_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
