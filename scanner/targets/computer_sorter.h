/* SPDX-License-Identifier: Apache-2.0 */
/*
 * computer_sorter.h - computer accounts one after another: in scope, or left out and why;
 * each account and each host name once, and all of them counted.
 *
 * What is kept of an account is a hash of it and one of its name: 18 to 37 bytes each
 * (hash_set.h).
 */
#ifndef SCANNER_TARGETS_COMPUTER_SORTER_H
#define SCANNER_TARGETS_COMPUTER_SORTER_H

#include <stdbool.h>

#include "report/directory/counts.h"
#include "scanner/targets/hash_set.h"
#include "scanner/targets/target_spec.h"

/* Zero it, but for `rules`. */
struct computer_sorter {
	struct computer_rules rules;
	struct hash_set names, accounts; /* met so far; names without a port */
};

enum computer_place {
	COMPUTER_IN_SCOPE,
	COMPUTER_LEFT_OUT, /* for `*reason` */
	COMPUTER_MET,      /* this account was sorted before: it does not count again */
};

/* Counts `c` in `counts`; `name` is filled for what is in scope. */
enum computer_place computer_sort(struct computer_sorter *s,
				  const struct directory_computer *c,
				  struct directory_counts *counts,
				  char name[COMPUTER_NAME_MAX],
				  enum computer_reason *reason);
/* The line that a source gives for a computer in scope; it borrows `fact`. */
void target_line_of_computer(struct target_line *line, const char *name,
			     const struct directory_fact *fact);
/* Forgets what it met. */
void computer_sorter_clear(struct computer_sorter *s);

#endif
