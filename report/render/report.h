/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.h - from journals and baselines to every report that was asked for.
 *
 * Two passes over the facts: the first adds them up, the second judges each host again
 * and hands it to all renderers at once.  In memory are the index of the journals, the
 * scorecards and one host.
 */
#ifndef REPORT_RENDER_REPORT_H
#define REPORT_RENDER_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/baseline/baseline.h"
#include "report/journal/journal_read.h"
#include "report/judge/scorecard.h"

/* "-o FORMAT[=FILE]"; `path` NULL or "-" is stdout. */
struct report_output {
	const char *format, *path;
};

/* All borrowed. */
struct report_request {
	const struct journal_set *journals;
	struct baseline *const *baselines; /* at least one; the first decides */
	size_t baseline_count;
	const char *today; /* "2026-01-31": waivers expire by this day (UTC) */
	const struct report_output *outputs;
	size_t output_count;
	struct score_counts
		*counts; /* of the first baseline's verdicts; NULL: not wanted;
			    `hosts` has targets without a record too */
	bool full;       /* text: every host and finding */
	bool colour;     /* for text on stdout: a terminal, and no NO_COLOR */
};

/* Reads "FORMAT[=FILE]" (borrowed; `word` is cut at the `=`).  False: `why` names the
 * formats there are. */
bool report_output_parse(char *word, struct report_output *output, char *why,
			 size_t why_size);
/* Whether outputs that were read can be written, as far as can be seen beforehand.  False
 * with `why`. */
bool report_outputs_check(const struct report_output *outputs, size_t count, char *why,
			  size_t why_size);
/* Calls `each` with the path of every file that the output will write: one, or one a
 * role; "-" for stdout.  False: out of memory. */
bool report_output_paths(const struct report_output *output,
			 void (*each)(const char *path, void *arg), void *arg);
/* Opens the temporary files that they will need, while these can be had
 * (report/files/temporary_file.h). */
void report_prepare(const struct report_output *outputs, size_t count);
/* Writes all of them.  `exit_code` becomes SPEC's 0, 1, 3 or 4.  False with `why`: a
 * journal could not be read again, a file not be written; files that are not whole are
 * not left behind. */
bool report_make(const struct report_request *request, int *exit_code, char *why,
		 size_t why_size);

#endif
