/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash_posix.c - signal handlers for crashes.
 *
 * What a handler calls is safe there (signal-safety(7)): write(), nanosleep(), _exit(),
 * and whatever its crash_fn calls.
 */
#include "scanner/login/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The journal's thread writes what it was given within 20 ms. */
enum { STACK_BYTES = 64 << 10, JOURNAL_PAUSE_MS = 200, MS = 1000000 };

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static char words[300];
static size_t words_len;
static int status;
static atomic_bool survived;

static _Thread_local struct {
	void *stack; /* owned */
	crash_fn crashed;
	void *arg;
	volatile sig_atomic_t times;
} watched;

static void pause_ms(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * MS };

	while (nanosleep(&left, &left) != 0)
		;
}

_Noreturn static void end_at_once(void)
{
	/* Nothing better can be done where stderr is closed. */
	ssize_t said = write(STDERR_FILENO, words, words_len);

	(void)said;
	_exit(status);
}

static void stand_still(void)
{
	for (int s = 0; s < CRASH_PATIENCE_S || survived; s++)
		pause_ms(1000);
}

static void on_crash(int number)
{
	bool first = watched.times++ == 0;

	(void)number;
	if (first && watched.crashed && watched.crashed(watched.arg))
		stand_still();
	else if (first)
		pause_ms(JOURNAL_PAUSE_MS);
	end_at_once();
}

/* Each thread has one. */
static bool give_stack(void)
{
	stack_t stack = { .ss_size = STACK_BYTES };

	if (watched.stack)
		return true;
	watched.stack = stack.ss_sp = malloc(STACK_BYTES);
	if (watched.stack && sigaltstack(&stack, NULL) == 0)
		return true;
	free(watched.stack);
	watched.stack = NULL;
	return false;
}

void crash_contain(int exit_status, const char *last_words)
{
	struct sigaction act = { .sa_handler = on_crash,
				 .sa_flags = SA_ONSTACK | SA_NODEFER },
			 old;

	status = exit_status;
	snprintf(words, sizeof words, "%s", last_words);
	words_len = strlen(words);
	give_stack();
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		if (sigaction(crashes[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(crashes[i], &act, NULL);
}

bool crash_watch(crash_fn crashed, void *arg)
{
	if (!give_stack())
		return false;
	watched.crashed = crashed;
	watched.arg = arg;
	return true;
}

void crash_unwatch(void)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	watched.crashed = NULL;
	sigaltstack(&none, NULL);
	free(watched.stack);
	watched.stack = NULL;
}

void crash_survived(void)
{
	survived = true;
}
