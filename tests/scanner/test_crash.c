/* SPDX-License-Identifier: Apache-2.0 */
/* Crashes, each in a process of its own: a watched thread's is told, another's ends the
 * process with its words and its status. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/login/crash.h"
#include "scanner/login/workers.h"

enum { STATUS = 3, GOOD = 40 };
#define WORDS "it crashed\n"

/* cmocka and sanitizers have handlers of their own. */
static void begin_child(int out)
{
	const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], SIG_DFL);
	dup2(out, STDERR_FILENO);
	crash_contain(STATUS, WORDS);
}

/* The child's exit status, and what it said on stderr. */
static int run_child(int (*child)(void), char *said, size_t size)
{
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		begin_child(ends[1]);
		_exit(child());
	}
	close(ends[1]);
	n = read(ends[0], said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int abort_on_main_thread(void)
{
	abort();
}

static int segv_on_main_thread(void)
{
	raise(SIGSEGV);
	return 0;
}

static void test_a_crash_of_a_thread_that_is_not_watched_ends_the_process(void **state)
{
	char said[100];

	(void)state;
	assert_int_equal(run_child(abort_on_main_thread, said, sizeof said), STATUS);
	assert_string_equal(said, WORDS);
	assert_int_equal(run_child(segv_on_main_thread, said, sizeof said), STATUS);
	assert_string_equal(said, WORDS);
}

/* ---- on a worker thread ---- */

static uv_loop_t loop;
static struct work_item bad, good[GOOD];
static unsigned worked, told_done, told_crash;

static void crash(struct work_item *item)
{
	(void)item;
	raise(SIGSEGV);
}

static void crash_by_abort(struct work_item *item)
{
	(void)item;
	abort();
}

static void work(struct work_item *item)
{
	(void)item;
	worked++;
}

static void on_done(struct work_item *item)
{
	if (item == &bad || ++told_done == GOOD)
		uv_stop(&loop);
}

static void on_crash(void *arg)
{
	*(unsigned *)arg += 1;
}

static int crash_among_others(work_item_fn how)
{
	struct workers *workers;
	char why[100];

	uv_loop_init(&loop);
	workers = workers_begin(&loop, 4, why, sizeof why);
	workers_on_crash(workers, on_crash, &told_crash);
	bad = (struct work_item){ .work = how, .done = on_done };
	workers_do(workers, &bad, true);
	for (size_t i = 0; i < GOOD; i++) {
		good[i] = (struct work_item){ .work = work, .done = on_done };
		workers_do(workers, &good[i], false);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	return bad.crashed && told_crash == 1 && told_done == GOOD && !good[0].crashed
		       ? 0
		       : 1;
}

static int segv_of_an_item(void)
{
	return crash_among_others(crash);
}

static int abort_of_an_item(void)
{
	return crash_among_others(crash_by_abort);
}

static void test_the_loop_is_told_which_item_crashed_and_others_are_done(void **state)
{
	char said[100];

	(void)state;
	assert_int_equal(run_child(segv_of_an_item, said, sizeof said), 0);
	assert_string_equal(said, "");
	assert_int_equal(run_child(abort_of_an_item, said, sizeof said), 0);
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_crash_of_a_thread_that_is_not_watched_ends_the_process),
		cmocka_unit_test(
			test_the_loop_is_told_which_item_crashed_and_others_are_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
