/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_play.h - what commands are tested with: a folder of their own to run in, their
 * words as one line, their exit code and what they wrote.
 *
 * Everything is static; include it after cmocka.h, once, in a test program that is linked
 * with --wrap=sandbox_enter.
 */
#ifndef SCANNER_COMMAND_PLAY_H
#define SCANNER_COMMAND_PLAY_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"

struct sandbox;
void __wrap_sandbox_enter(struct sandbox *s);

/* A process enters it once; these tests are many commands. */
void __wrap_sandbox_enter(struct sandbox *s)
{
	(void)s;
}

static char folder[] = "/tmp/test_commands.XXXXXX";
static char told[2][1 << 16]; /* stdout, stderr of the last command */

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int leave_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 ? nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) : -1;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* `line` without the program's name; its exit code. */
static int command(const char *line)
{
	char words[1000], *argv[64], *rest = NULL;
	int saved[2], memory[2], argc = 0, code = EXIT_USAGE;
	struct options o;

	snprintf(words, sizeof words, "lsasweep %s", line);
	for (char *word = strtok_r(words, " ", &rest); word && argc < 63;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	for (int i = 0; i < 2; i++) {
		saved[i] = dup(i + 1);
		memory[i] = memfd_create("told", 0);
		dup2(memory[i], i + 1);
	}
	switch (options_parse(&o, argc, argv)) {
	case OPTIONS_RUN:
		code = command_run(&o);
		break;
	case OPTIONS_ENOUGH:
		code = EXIT_COMPLIANT;
		break;
	case OPTIONS_WRONG:
		break;
	}
	options_free(&o);
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		ssize_t got = pread(memory[i], told[i], sizeof told[i] - 1, 0);

		dup2(saved[i], i + 1);
		close(saved[i]);
		close(memory[i]);
		assert_true(got >= 0);
		told[i][got] = '\0';
	}
	return code;
}

static inline void assert_told(int stream, const char *words)
{
	if (!strstr(told[stream], words))
		fail_msg("\"%s\" is not in: %s", words, told[stream]);
}

static inline void assert_not_told(int stream, const char *words)
{
	if (strstr(told[stream], words))
		fail_msg("\"%s\" is in: %s", words, told[stream]);
}

#endif
