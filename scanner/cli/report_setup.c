/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/report_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report/text/escape.h"
#include "report/files/output_file.h"
#include "report/files/temporary_file.h"
#include "report/render/render.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"

enum { WHY_MAX = 1024 };

static bool load_baselines(struct report_setup *r, const struct option_list *names)
{
	char why[WHY_MAX];

	if (names->count > REPORT_SETUP_MAX) {
		command_fails("more than %d baselines", REPORT_SETUP_MAX);
		return false;
	}
	for (size_t i = 0; i < names->count; i++) {
		r->baselines[i] = baseline_load(names->at[i], why, sizeof why);
		if (!r->baselines[i]) {
			command_fails("--baseline: %s", why);
			return false;
		}
		r->baseline_count++;
	}
	return true;
}

/* Every baseline has all of them. */
static bool load_waivers(struct report_setup *r, const struct option_list *files)
{
	char why[WHY_MAX];

	for (size_t i = 0; i < files->count; i++)
		for (size_t b = 0; b < r->baseline_count; b++)
			if (!baseline_add_waivers(r->baselines[b], files->at[i], why,
						  sizeof why)) {
				command_fails("--waivers: %s", why);
				return false;
			}
	return true;
}

static bool on_stdout(const struct report_output *output)
{
	return !output->path || strcmp(output->path, "-") == 0;
}

static bool parse_outputs(struct report_setup *r, const struct option_list *words)
{
	size_t to_stdout = 0;
	char why[WHY_MAX];

	if (words->count > REPORT_SETUP_MAX) {
		command_fails("more than %d outputs", REPORT_SETUP_MAX);
		return false;
	}
	for (size_t i = 0; i < words->count; i++) {
		r->words[i] = strdup(words->at[i]);
		r->output_count++;
		if (!r->words[i] ||
		    !report_output_parse(r->words[i], &r->outputs[i], why, sizeof why)) {
			command_fails("-o: %s", r->words[i] ? why : "out of memory");
			return false;
		}
		to_stdout += on_stdout(&r->outputs[i]);
	}
	if (to_stdout <= 1) {
		if (report_outputs_check(r->outputs, r->output_count, why, sizeof why))
			return true;
		command_fails("-o: %s", why);
		return false;
	}
	command_fails("-o: %zu reports on stdout; expected one, the others with =FILE",
		      to_stdout);
	return false;
}

/* "2026-01-02" */
static void today(char text[static TIMESTAMP_MAX])
{
	timestamp_write((int64_t)time(NULL) * 1000, text);
	text[strcspn(text, "T")] = '\0';
}

bool report_setup_open(struct report_setup *r, const struct options *o)
{
	memset(r, 0, sizeof *r);
	r->quiet = o->settings.quiet;
	r->full = o->full;
	today(r->today);
	judgement_init(&r->own.judgement);
	judgement_init(&r->beside.judgement);
	if (load_baselines(r, &o->baselines) && load_waivers(r, &o->waivers) &&
	    parse_outputs(r, &o->outputs))
		return true;
	report_setup_close(r);
	return false;
}

void report_setup_close(struct report_setup *r)
{
	for (size_t i = 0; i < r->baseline_count; i++)
		baseline_free(r->baselines[i]);
	for (size_t i = 0; i < r->output_count; i++)
		free(r->words[i]);
	r->baseline_count = r->output_count = 0;
	scorecard_free(r->own.score);
	scorecard_free(r->beside.score);
	r->own.score = r->beside.score = NULL;
	judgement_free(&r->own.judgement);
	judgement_free(&r->beside.judgement);
}

void report_setup_allow_journal(const char *journal, struct sandbox *box)
{
	if (strcmp(journal, "-") == 0)
		temporary_file_prepare(1);
	else
		sandbox_allow_read(box, journal);
}

/* Where the file can be written without a name nothing in its folder stays open to us. */
void report_setup_allow_output(const char *path, struct sandbox *box)
{
	if (output_file_reserve(path))
		sandbox_allow_naming(box, path);
	else
		sandbox_allow_output(box, path);
}

static void allow_output(const char *path, void *box)
{
	report_setup_allow_output(path, box);
}

void report_setup_allow(const struct report_setup *r,
			const struct journal_source *sources, size_t count,
			struct sandbox *box)
{
	report_prepare(r->outputs, r->output_count);
	for (size_t i = 0; i < count; i++)
		report_setup_allow_journal(sources[i].path, box);
	/* Without memory for the names of all files their folder stays open. */
	for (size_t i = 0; i < r->output_count; i++)
		if (!on_stdout(&r->outputs[i]) &&
		    !report_output_paths(&r->outputs[i], allow_output, box))
			sandbox_allow_output(box, r->outputs[i].path);
}

bool report_setup_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) &&
	       !(term && strcmp(term, "dumb") == 0);
}

void report_setup_note(const char *note, void *arg)
{
	(void)arg;
	fputs("lsasweep: ", stderr);
	escape_terminal(stderr, note);
	fputc('\n', stderr);
}

bool report_setup_make(struct report_setup *r, const struct journal_source *sources,
		       size_t count, int *exit_code)
{
	char why[WHY_MAX] = "";
	struct report_request request = {
		.baselines = r->baselines,
		.baseline_count = r->baseline_count,
		.today = r->today,
		.outputs = r->outputs,
		.output_count = r->output_count,
		.full = r->full,
		.colour = report_setup_colour(),
		.counts = &r->counts,
	};
	struct journal_set *set = journal_set_open_sources(
		sources, count, r->quiet ? NULL : report_setup_note, NULL, why,
		sizeof why);
	bool good;

	if (!set) {
		command_fails("%s", why);
		return false;
	}
	request.journals = set;
	good = report_make(&request, exit_code, why, sizeof why);
	journal_set_free(set);
	if (!good)
		command_fails("%s", why);
	return good;
}

static void add(const struct report_setup *r, struct running_score *to,
		const struct facts *facts)
{
	if (!to->score)
		to->score = scorecard_new(r->baselines[0]);
	if (!to->score || !judge_host(&to->judgement, facts, r->baselines[0], r->today) ||
	    !scorecard_add(to->score, &to->judgement))
		to->out_of_memory = true;
}

void report_setup_add(const struct facts *facts, void *arg)
{
	struct report_setup *r = arg;

	add(r, &r->own, facts);
}

void report_setup_add_beside(const struct facts *facts, void *arg)
{
	struct report_setup *r = arg;

	add(r, &r->beside, facts);
}

static void count(struct report_setup *r, const struct scorecard *score)
{
	r->counts.hosts += score->total.hosts;
	r->counts.assessed += score->total.assessed;
	r->counts.compliant += score->total.compliant;
	r->counts.violation += score->total.violation;
	r->counts.unknown += score->total.unknown;
}

/* 0, 1, 3 or 4 of two such codes: violations of either, and what is unknown of either. */
static int code_of_both(int a, int b)
{
	bool incomplete = a >= EXIT_INCOMPLETE || b >= EXIT_INCOMPLETE;
	bool violation = a == EXIT_VIOLATIONS || a == EXIT_INCOMPLETE_VIOLATIONS ||
			 b == EXIT_VIOLATIONS || b == EXIT_INCOMPLETE_VIOLATIONS;

	if (incomplete)
		return violation ? EXIT_INCOMPLETE_VIOLATIONS : EXIT_INCOMPLETE;
	return violation ? EXIT_VIOLATIONS : EXIT_COMPLIANT;
}

int report_setup_verdict(struct report_setup *r)
{
	const struct running_score *both[] = { &r->own, &r->beside };
	int code = EXIT_COMPLIANT;

	r->counts = (struct score_counts){ 0 };
	for (size_t i = 0; i < 2; i++) {
		if (both[i]->score) {
			code = code_of_both(code, scorecard_exit_code(both[i]->score));
			count(r, both[i]->score);
		}
		if (both[i]->out_of_memory)
			code = exit_code_incomplete(code);
	}
	return code;
}

static void tell_output(const char *what, const char *path)
{
	fprintf(stderr, "lsasweep: %s: ", what);
	escape_terminal(stderr, path);
	fputc('\n', stderr);
}

void report_setup_summary(const struct report_setup *r, const char *journal)
{
	const struct score_counts *n = &r->counts;

	if (r->quiet)
		return;
	fprintf(stderr,
		"lsasweep: assessed %zu of %zu %s by %s: %zu compliant, %zu in "
		"violation\n",
		n->assessed, n->hosts, n->hosts == 1 ? "host" : "hosts",
		r->baselines[0]->name, n->compliant, n->violation);
	if (journal)
		tell_output("journal", journal);
	for (size_t i = 0; i < r->output_count; i++)
		if (!on_stdout(&r->outputs[i]))
			tell_output(r->outputs[i].format, r->outputs[i].path);
}
