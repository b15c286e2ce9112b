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

int exit_code_at(int code, enum fail_on fail_on)
{
	bool violations = code == EXIT_VIOLATIONS || code == EXIT_INCOMPLETE_VIOLATIONS;
	bool incomplete = code == EXIT_INCOMPLETE || code == EXIT_INCOMPLETE_VIOLATIONS;

	if (!violations && !incomplete)
		return code;
	if (fail_on == FAIL_ON_NONE)
		return EXIT_COMPLIANT;
	if (fail_on == FAIL_ON_VIOLATION)
		return violations ? EXIT_VIOLATIONS : EXIT_COMPLIANT;
	return code;
}

static char *then;

void exit_code_then(char *line)
{
	free(then);
	then = line;
}

void exit_code_tell(int code)
{
	fprintf(stderr, "lsasweep: exit %d: %s\n", code, exit_code_words(code));
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
