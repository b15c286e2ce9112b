/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exit_code.h - what the program's exit status means, in numbers and in words.
 */
#ifndef SCANNER_CLI_EXIT_CODE_H
#define SCANNER_CLI_EXIT_CODE_H

#include "scanner/cli/options.h"

/* X(constant, number, words) */
#define EXIT_CODES(X)                                                             \
	X(EXIT_COMPLIANT, 0, "every host assessed and compliant")                 \
	X(EXIT_VIOLATIONS, 1, "violations")                                       \
	X(EXIT_USAGE, 2, "usage or configuration")                                \
	X(EXIT_INCOMPLETE, 3, "incomplete: some hosts are unknown; no violation") \
	X(EXIT_INCOMPLETE_VIOLATIONS, 4, "incomplete, and violations")            \
	X(EXIT_GUARDED, 5, "stopped by the credential guard")                     \
	X(EXIT_INTERRUPTED, 130, "interrupted")                                   \
	X(EXIT_TERMINATED, 143, "terminated")

#define X(constant, number, words) constant = number,
enum exit_code { EXIT_CODES(X) };
#undef X

const char *exit_code_words(int code);
/* Something was not assessed: 0 becomes 3, 1 becomes 4. */
int exit_code_incomplete(int code);
/* What --fail-on makes of 0, 1, 3 and 4.  exit_code_tell() says what it was. */
int exit_code_at(int code, enum fail_on fail_on);

/* Words of a command whose code means something else there; static. */
void exit_code_means(const char *words);
/* A line to be told behind it; owned from now on, NULL: none. */
void exit_code_then(char *line);
/* The last lines on stderr. */
void exit_code_tell(int code);
/* Tell, flush and end without waiting for threads. */
_Noreturn void exit_at_once(int code);

#endif
