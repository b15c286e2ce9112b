/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_resume.c - the command that resumes a sweep, as a shell reads it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/cli/resume.h"

#define ARGV(...) ((char *[]){ __VA_ARGS__, NULL })

static void assert_command(char *const *argv, const char *expected)
{
	char *command = resume_command(argv);

	assert_string_equal(command, expected);
	free(command);
}

static void resumes_the_journal(void **state)
{
	(void)state;
	assert_command(ARGV("lsasweep", "scan", "--journal", "j.ndjson", "srv1"),
		       "lsasweep scan --resume j.ndjson srv1");
	assert_command(ARGV("lsasweep", "scan", "--journal=j.ndjson", "srv1"),
		       "lsasweep scan --resume=j.ndjson srv1");
	assert_command(ARGV("lsasweep", "scan", "--resume", "j", "-c", "8"),
		       "lsasweep scan --resume j -c 8");
	assert_command(ARGV("lsasweep", "scan", "--", "--journal"),
		       "lsasweep scan -- --journal");
}

/* What is written here is what a shell hands to the program. */
static void quotes_for_the_shell(void **state)
{
	char *const words[] = { "two words",     "it's",     "$HOME",      "`id`",
				"a\nb",          "\033[31m", "CORP\\user", "",
				"m\xc3\xbcller", "*",        "!x",         "a'\tb\\" };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char line[256], said[64] = "";
		char *command = resume_command(ARGV("printf", "%s.", words[i]));
		char expected[64];
		FILE *shell;
		size_t len;

		for (const char *c = command; *c; c++)
			assert_true((unsigned char)*c >= 0x20);
		/* $'...' is of POSIX.1-2024: not every sh knows it yet. */
		snprintf(line, sizeof line, "LC_ALL=C bash <<'END'\n%s\nEND\n", command);
		free(command);
		shell = popen(line, "r");
		assert_non_null(shell);
		len = fread(said, 1, sizeof said - 1, shell);
		said[len] = '\0';
		assert_int_equal(pclose(shell), 0);
		snprintf(expected, sizeof expected, "%s.", words[i]);
		assert_string_equal(said, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resumes_the_journal),
		cmocka_unit_test(quotes_for_the_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
