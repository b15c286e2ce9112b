/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target_list.h - the source of what the user wrote: lines of the command line and of all
 * lists, one after another, parsed and held against the credential sections; complaints
 * are made here.
 */
#ifndef SCANNER_TARGETS_TARGET_LIST_H
#define SCANNER_TARGETS_TARGET_LIST_H

#include "scanner/targets/lines.h"
#include "scanner/targets/target_source.h"
#include "scanner/targets/targets.h"

/* So many lists stay open between the look ahead and their turn: by then another file may
 * lie under the name, or be closed to us.  Further ones are opened anew. */
enum { LISTS_HELD_MAX = 16 };

struct target_lists {
	struct target_source source;
	const struct targets_options *options;
	size_t position; /* words of the command line first, then lists */
	bool list_open, only_rewindable;
	bool passed_pipe;      /* a list was left out, because it can be read only once */
	uint64_t bad, skipped; /* lines; with `skip_bad_lines` the second grows */
	const char *file;      /* of the line read last */
	unsigned long number;
	struct lines lines;
	char word[LINES_MAX + 1];
	int held[LISTS_HELD_MAX]; /* by place in the options; 0: none */
};

/* `options` are borrowed, and the same each time; zero `s` before the first.  `s->source`
 * gives the lines then; with `only_rewindable` pipes are passed over. */
void target_lists_begin(struct target_lists *s, const struct targets_options *options,
			bool only_rewindable);
/* Puts a regular file on stdin back to where it was, and closes what is open. */
void target_lists_end(struct target_lists *s);

/* A complaint to whom the options say. */
void target_lists_say(const struct targets_options *options, const char *complaint);
/* "FILE:LINE: "TEXT": WHY" (`line` 0: none) to whom the options say; the first twenty
 * only. */
void target_lists_complain(struct target_lists *s, const char *file, unsigned long line,
			   const char *text, const char *why);
/* "FILE: what errno says" */
void target_lists_complain_errno(struct target_lists *s, const char *file);
/* "stdin" for "-". */
const char *target_lists_name(const char *path);

#endif
