/*
 * reporting.h - from the options' words to reports: baselines, outputs, journals.
 */
#ifndef SCANNER_REPORTING_H
#define SCANNER_REPORTING_H

#include <stdbool.h>
#include <stddef.h>

#include "report/judge.h"
#include "report/report.h"
#include "scanner/options.h"
#include "scanner/sandbox.h"

enum { REPORTING_MAX = 32 }; /* baselines, and outputs, of one run */

struct reporting {
	struct baseline *baselines[REPORTING_MAX];
	size_t baseline_count;
	struct report_output outputs[REPORTING_MAX];
	char *words[REPORTING_MAX]; /* what `outputs` point into */
	size_t output_count;
	bool quiet;
	/* reporting_add() */
	struct scorecard *score;
	struct judgement judgement;
	bool out_of_memory;
	char today[16];
};

/* Load and check everything before any host is asked.  False: told on stderr. */
bool reporting_open(struct reporting *r, const struct options *o);
void reporting_close(struct reporting *r);
/* A journal to be read stays allowed; "-" is stdin's. */
void reporting_allow_journal(const char *journal, struct sandbox *box);
/* The journals to be read and the outputs to be written stay allowed;
 * what temporary files they need is opened. */
void reporting_allow(const struct reporting *r, const char *const *journals, size_t count,
		     struct sandbox *box);
/* Read the journals and write all outputs; `exit_code` becomes 0, 1, 3 or 4.  False:
 * told on stderr. */
bool reporting_make(const struct reporting *r, const char *const *journals, size_t count,
		    int *exit_code);

/* For a sweep whose journal nobody here can read again: judge each host as it comes, for
 * the exit code alone.  `arg` is the reporting. */
void reporting_add(const struct facts *facts, void *arg);
/* 0, 1, 3 or 4 of what was added. */
int reporting_verdict(struct reporting *r);

/* A terminal reads stdout and does not mind colours (NO_COLOR). */
bool reporting_colour(void);
/* Print a note of the journal reader on stderr; `arg` is ignored. */
void reporting_note(const char *note, void *arg);

#endif
