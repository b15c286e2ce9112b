/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_setup.h - from the options' words to reports: baselines, outputs, journals.
 */
#ifndef SCANNER_CLI_REPORT_SETUP_H
#define SCANNER_CLI_REPORT_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "report/judge/judge.h"
#include "report/render/report.h"
#include "report/text/timestamp.h"
#include "scanner/cli/options.h"
#include "scanner/sandbox/sandbox.h"

enum { REPORT_SETUP_MAX = 32 }; /* baselines, and outputs, of one run */

struct report_setup {
	struct baseline *baselines[REPORT_SETUP_MAX];
	size_t baseline_count;
	struct report_output outputs[REPORT_SETUP_MAX];
	char *words[REPORT_SETUP_MAX]; /* what `outputs` point into */
	size_t output_count;
	bool quiet;
	bool full;                  /* the text report has everything */
	struct score_counts counts; /* of what was judged last */
	/* report_setup_add(), report_setup_add_beside() */
	struct running_score {
		struct scorecard *score;
		struct judgement judgement;
		bool out_of_memory;
	} own, beside;
	char today[TIMESTAMP_MAX];
};

/* Load and check everything before any host is asked.  False: told on stderr. */
bool report_setup_open(struct report_setup *r, const struct options *o);
void report_setup_close(struct report_setup *r);
/* A journal to be read stays allowed; "-" is stdin's. */
void report_setup_allow_journal(const char *journal, struct sandbox *box);
/* An output may be written from then on, once. */
void report_setup_allow_output(const char *path, struct sandbox *box);
/* The journals to be read and the outputs to be written stay allowed;
 * what temporary files they need is opened. */
void report_setup_allow(const struct report_setup *r,
			const struct journal_source *sources, size_t count,
			struct sandbox *box);
/* Read the journals and write all outputs; `exit_code` becomes 0, 1, 3 or 4.  False:
 * told on stderr. */
bool report_setup_make(struct report_setup *r, const struct journal_source *sources,
		       size_t count, int *exit_code);

/* For a sweep whose journal nobody here can read again: judge each host as it comes, for
 * the exit code alone.  `arg` is the reporting. */
void report_setup_add(const struct facts *facts, void *arg);
/* The same on one other thread, which has ended before report_setup_verdict(). */
void report_setup_add_beside(const struct facts *facts, void *arg);
/* 0, 1, 3 or 4 of what was added. */
int report_setup_verdict(struct report_setup *r);

/* A terminal reads stdout and does not mind colours (NO_COLOR). */
bool report_setup_colour(void);
/* Print a note of the journal reader on stderr; `arg` is ignored. */
void report_setup_note(const char *note, void *arg);
/* What was assessed and where each output is, on stderr; `journal` NULL: none was kept.
 */
void report_setup_summary(const struct report_setup *r, const char *journal);

#endif
