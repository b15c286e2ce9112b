/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_values.h - what may stand behind an option: the one place where closed lists
 * (formats, baselines, dialects, outcomes, rights ...) are enumerated for help, messages
 * and completion.  Each list is asked of the module that owns it.
 */
#ifndef SCANNER_CLI_OPTIONS_VALUES_H
#define SCANNER_CLI_OPTIONS_VALUES_H

#include "scanner/cli/options_table.h"

/* How a value is written. */
enum value_shape {
	VALUE_NONE,         /* a flag */
	VALUE_ANY,          /* a number, a name ...: nothing to propose */
	VALUE_FILE,         /* a path */
	VALUE_WORD,         /* one word of a closed list */
	VALUE_WORDS,        /* several, separated by commas */
	VALUE_SPAN,         /* one, or two with "-" between them */
	VALUE_FORMAT,       /* one, or one with "=FILE" behind it */
	VALUE_WORD_OR_FILE, /* one, or a path */
};

/* The formats of discover; the others are those of report/render/render.h and
 * report/judge/drift.h.  X(constant, word, about) */
#define DISCOVER_FORMATS(X)                                          \
	X(DISCOVER_TEXT, "text", "a summary, for people")            \
	X(DISCOVER_JSON, "json", "a summary, for programs")          \
	X(DISCOVER_TARGETS, "targets", "a target list for scan -iL") \
	X(DISCOVER_DIRECTORY, "directory", "all computer accounts, one JSON line each")

#define X(constant, word, about) constant,
enum discover_format { DISCOVER_FORMATS(X) DISCOVER_FORMAT_COUNT };
#undef X

/* X(constant, word, about) */
#define POLICY_FORMATS(X)                    \
	X(POLICY_TEXT, "text", "for people") \
	X(POLICY_JSON, "json", "lsasweep.policy/1, one JSON line per computer")

#define X(constant, word, about) constant,
enum policy_format { POLICY_FORMATS(X) POLICY_FORMAT_COUNT };
#undef X

/* `about` says what the value means, in a few words, or is NULL.  Both are static. */
typedef void (*option_value_fn)(const char *value, const char *about, void *arg);

enum value_shape option_shape(const struct option_row *row);
/* Whether its values are a closed list. */
bool option_is_listed(const struct option_row *row);
/* Calls `fn` for each value that `row` knows for `command`, in the order of the help;
 * returns how many there are.  0: the list is not closed. */
size_t option_values(const struct option_row *row, enum command command,
		     option_value_fn fn, void *arg);
/* "a, b, c" for messages and help; cut where `size` ends. */
void option_values_text(const struct option_row *row, enum command command, char *text,
			size_t size);
/* The help of `row` as one paragraph, with its values for `commands` (bits) and its
 * default in brackets. */
void option_help_text(const struct option_row *row, unsigned commands, char *text,
		      size_t size);
/* The index of the `len` bytes at `word` among the values, or their count. */
size_t option_value_find(const struct option_row *row, enum command command,
			 const char *word, size_t len);

#endif
