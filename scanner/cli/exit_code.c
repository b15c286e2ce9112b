/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/exit_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/text/escape.h"

const char *exit_code_words(int code)
{
	switch (code) {
#define X(constant, number, words) \
	case constant:             \
		return words;
		EXIT_CODES(X)
#undef X
	default:
		return "unknown";
	}
}

int exit_code_incomplete(int code)
{
	if (code == EXIT_COMPLIANT)
		return EXIT_INCOMPLETE;
	return code == EXIT_VIOLATIONS ? EXIT_INCOMPLETE_VIOLATIONS : code;
}

/* What --fail-on made 0 of; EXIT_COMPLIANT: nothing. */
static int forgiven = EXIT_COMPLIANT;

static int forgive(int code)
{
	forgiven = code;
	return EXIT_COMPLIANT;
}

int exit_code_at(int code, enum fail_on fail_on)
{
	bool violations = code == EXIT_VIOLATIONS || code == EXIT_INCOMPLETE_VIOLATIONS;
	bool incomplete = code == EXIT_INCOMPLETE || code == EXIT_INCOMPLETE_VIOLATIONS;

	if (!violations && !incomplete)
		return code;
	if (fail_on == FAIL_ON_NONE)
		return forgive(code);
	if (fail_on == FAIL_ON_VIOLATION)
		return violations ? EXIT_VIOLATIONS : forgive(code);
	return code;
}

static char *then;
static const char *meaning;

void exit_code_means(const char *words)
{
	meaning = words;
}

void exit_code_then(char *line)
{
	free(then);
	then = line;
}

void exit_code_tell(int code)
{
	if (code == EXIT_COMPLIANT && forgiven != EXIT_COMPLIANT)
		fprintf(stderr, "lsasweep: exit 0: by --fail-on; otherwise %d: %s\n",
			forgiven, exit_code_words(forgiven));
	else
		fprintf(stderr, "lsasweep: exit %d: %s\n", code,
			meaning ? meaning : exit_code_words(code));
	if (!then)
		return;
	fputs("lsasweep: ", stderr);
	escape_terminal(stderr, then);
	fputc('\n', stderr);
	exit_code_then(NULL);
}

_Noreturn void exit_at_once(int code)
{
	exit_code_tell(code);
	fflush(NULL);
	_exit(code);
}
