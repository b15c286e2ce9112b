/* SPDX-License-Identifier: Apache-2.0 */
/*
 * completion.h - completion scripts for bash, zsh and fish, and the options of the man
 * page, all made from the options table; the build prints them (packaging/printed.cmake).
 */
#ifndef SCANNER_CLI_COMPLETION_H
#define SCANNER_CLI_COMPLETION_H

#include "scanner/cli/options_values.h"

/* The script for `shell`: "bash", "zsh" or "fish".  False: no such shell. */
bool completion_write(FILE *out, const char *shell);
void completion_bash(FILE *out);
void completion_zsh(FILE *out);
void completion_fish(FILE *out);

/* The section OPTIONS of the man page, as roff. */
void options_man(FILE *out);

/* ---- for the scripts ---- */

enum { COMPLETION_TEXT_MAX = 512 };

/* The first words of the row's help: up to a ":", ";", "(" or list. */
void completion_about(const struct option_row *row, char text[COMPLETION_TEXT_MAX]);
/* `text` in single quotes of a shell; each of `special` gets a backslash. */
void completion_quote(FILE *out, const char *text, const char *special);
/* The values of `row` for `command`, or the words that a command of ARGUMENTS_WORDS
 * takes, each behind a blank. */
void completion_values(FILE *out, const struct option_row *row, enum command command);
void completion_words(FILE *out, enum command command);
/* Whether the values of `row` differ between commands. */
bool completion_depends(const struct option_row *row);

/* What a command's arguments are, for completion. */
enum completion_arguments {
	ARGUMENTS_NONE,
	ARGUMENTS_HOSTS,
	ARGUMENTS_FILES,
	ARGUMENTS_WORDS
};
enum completion_arguments completion_arguments(enum command command);

#endif
