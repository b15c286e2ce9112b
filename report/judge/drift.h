/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drift.h - two sweeps -> what changed, for each host, right and principal.
 *
 * Compared are facts, not verdicts, so a change of baseline is no drift.  A right that
 * only one of the sweeps asked a host for is not compared, and counted.  Both sweeps are
 * walked in the order of host names, a host of each in memory at a time.
 *
 * Known is a right that is held, held by nobody, or undefined; denied and failed are not.
 * What was known before and is not now became unreadable: that is a change of its own,
 * never a loss of holders.
 */
#ifndef REPORT_JUDGE_DRIFT_H
#define REPORT_JUDGE_DRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report/journal/journal_read.h"

/* X(constant, word, what it counts) */
#define DRIFT_KINDS(X)                                                           \
	X(DRIFT_GAINED, "gained", "holders gained")                              \
	X(DRIFT_LOST, "lost", "holders lost")                                    \
	X(DRIFT_HOST_NEW, "host_new", "hosts new")                               \
	X(DRIFT_HOST_GONE, "host_gone", "hosts gone")                            \
	X(DRIFT_UNREADABLE, "became_unreadable", "answers no longer given")      \
	X(DRIFT_READABLE, "became_readable", "answers given for the first time") \
	X(DRIFT_ROLE_CHANGED, "role_changed", "roles changed")

#define X(name, word, sentence) name,
enum drift_kind { DRIFT_KINDS(X) DRIFT_KIND_COUNT };
#undef X

/* One change.  What does not apply is NULL; strings live until the callback returns. */
struct drift_change {
	enum drift_kind kind;
	const char *host;
	uint16_t port;
	enum role role; /* the newer one that is known */
	const char *right, *sid, *name;
	const char *before, *after; /* words: outcomes or roles */
};

struct drift_totals {
	size_t hosts_old, hosts_new, hosts_compared, rights_not_compared;
	size_t changes[DRIFT_KIND_COUNT];
};

typedef void (*drift_fn)(const struct drift_change *change, void *arg);

const char *drift_kind_word(enum drift_kind k);

/* Calls `found` for each change: hosts by name; within a host its role, then the rights
 * in the order asked, holders by SID.  False with `why` when a journal
 * cannot be read or memory is out; then nothing is known of what follows. */
bool drift_compare(const struct journal_set *old, const struct journal_set *new,
		   drift_fn found, void *arg, struct drift_totals *totals, char *why,
		   size_t why_size);
size_t drift_total(const struct drift_totals *totals);

/* X(constant, word, about) */
#define DRIFT_FORMATS(X)                                   \
	X(DRIFT_TEXT, "text", "for people, in 80 columns") \
	X(DRIFT_JSON, "json", "all changes, for programs")

#define X(constant, word, about) constant,
enum drift_format { DRIFT_FORMATS(X) DRIFT_FORMAT_COUNT };
#undef X

/* Compare and write; `*changed` tells the exit code.  `colour` counts for text only. */
bool drift_report(const struct journal_set *old, const struct journal_set *new,
		  enum drift_format format, bool colour, FILE *out, bool *changed,
		  char *why, size_t why_size);

#endif
