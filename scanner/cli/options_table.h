/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_table.h - the rows of the command line, for options*.c and their test.
 */
#ifndef SCANNER_CLI_OPTIONS_TABLE_H
#define SCANNER_CLI_OPTIONS_TABLE_H

#include "scanner/cli/options.h"

/* X(constant, title) */
#define OPTION_GROUPS(X)                       \
	X(GROUP_TARGETS, "Targets")            \
	X(GROUP_DIRECTORY, "Active Directory") \
	X(GROUP_CREDENTIALS, "Credentials")    \
	X(GROUP_COLLECTION, "Collection")      \
	X(GROUP_PERFORMANCE, "Performance")    \
	X(GROUP_JOURNAL, "Journal")            \
	X(GROUP_ASSESSMENT, "Assessment")      \
	X(GROUP_OUTPUT, "Output")              \
	X(GROUP_MISCELLANEOUS, "Miscellaneous")

#define X(constant, title) constant,
enum option_group { OPTION_GROUPS(X) GROUP_COUNT };
#undef X

struct option_row;

/* Takes `value` (NULL for a flag without argument).  False: `why` says what was
 * expected. */
typedef bool (*option_set_fn)(struct options *o, const struct option_row *row,
			      const char *value, char *why, size_t why_size);

struct option_row {
	const char *name, *other; /* "-c", and a second spelling or NULL */
	const char *argument;     /* "N"; NULL: takes none */
	const char *fallback;     /* the default as shown; NULL: none */
	enum option_group group;
	unsigned commands; /* bits 1 << enum command */
	option_set_fn set;
	size_t field;         /* offset in struct options */
	uint64_t least, most; /* of numbers and durations (ms) */
	const char *help;     /* "{}" stands for the values of options_values.h */
};

size_t option_count(void);
const struct option_row *option_at(size_t i);
/* The row that has `name` (of `len` bytes) as a spelling, or NULL. */
const struct option_row *option_find(const char *name, size_t len);
/* The spelling that is nearest to `name`, of a row of `command`; NULL: none is near. */
const char *option_near(const char *name, size_t len, enum command command);
/* "scan"; static. */
const char *command_word(enum command command);
/* What a command that was mistyped may have meant; NULL: none is near. */
const char *command_near(const char *word);
/* All defaults, by the same setters; those of lists only where nothing was given, so they
 * come last (false: out of memory). */
void options_defaults(struct options *o);
bool options_default_lists(struct options *o);

#endif
