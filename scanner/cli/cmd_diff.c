/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_diff.c - what changed between two journals.
 */
#include <stdio.h>
#include <string.h>

#include "report/judge/drift.h"
#include "report/files/output_file.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/options_values.h"
#include "scanner/cli/report_setup.h"
#include "scanner/cli/report_sources.h"
#include "scanner/sandbox/sandbox.h"

enum { WHY_MAX = 1024 };

static struct journal_set *read_side(const struct report_sources *side, bool quiet)
{
	char why[WHY_MAX];
	struct journal_set *set = journal_set_open_sources(
		side->at, side->count, quiet ? NULL : report_setup_note, NULL, why,
		sizeof why);

	if (!set)
		command_fails("%s", why);
	return set;
}

/* FORMAT or FORMAT=FILE. */
static bool parse_output(const char *word, enum drift_format *format, const char **path)
{
	const struct option_row *row = option_find("-o", 2);
	size_t len = strcspn(word, "=");
	char known[80];

	*path = word[len] ? word + len + 1 : NULL;
	*format = (enum drift_format)option_value_find(row, COMMAND_DIFF, word, len);
	if (*format < DRIFT_FORMAT_COUNT)
		return true;
	option_values_text(row, COMMAND_DIFF, known, sizeof known);
	command_fails("-o: \"%.60s\": expected one of: %s, with =FILE if need be", word,
		      known);
	return false;
}

static bool write_one(const struct journal_set *old, const struct journal_set *new,
		      const char *word, bool *changed)
{
	enum drift_format format;
	struct output_file out;
	const char *path;
	char why[WHY_MAX];

	if (!parse_output(word, &format, &path))
		return false;
	if (!output_file_open(&out, path, 0600, why, sizeof why)) {
		command_fails("%s", why);
		return false;
	}
	if (!drift_report(old, new, format, !out.path && report_setup_colour(),
			  out.stream, changed, why, sizeof why)) {
		output_file_abandon(&out);
		command_fails("%s", why);
		return false;
	}
	if (output_file_commit(&out, why, sizeof why))
		return true;
	command_fails("%s", why);
	return false;
}

/* OLD and what is said of it, then NEW. */
static bool open_sides(struct report_sources sides[2], const struct options *o)
{
	const char *const *words = o->arguments.at;
	size_t count = o->arguments.count, cut = count;

	while (cut > 0 && report_sources_paths(words, cut) > 1)
		cut--;
	return report_sources_open(&sides[0], words, cut, NULL, 0) &&
	       report_sources_open(&sides[1], words + cut, count - cut, NULL, 0);
}

static void give_up_the_rest(const struct report_sources sides[2],
			     const struct options *o)
{
	struct sandbox box;

	sandbox_begin(&box);
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < sides[side].count; i++)
			report_setup_allow_journal(sides[side].at[i].path, &box);
	for (size_t i = 0; i < o->outputs.count; i++)
		if (strchr(o->outputs.at[i], '='))
			report_setup_allow_output(strchr(o->outputs.at[i], '=') + 1,
						  &box);
	sandbox_enter(&box);
}

static int compare(const struct report_sources sides[2], const struct options *o)
{
	struct journal_set *old = read_side(&sides[0], o->settings.quiet);
	struct journal_set *new = old ? read_side(&sides[1], o->settings.quiet) : NULL;
	bool changed = false, good = new != NULL;

	for (size_t i = 0; good && i < o->outputs.count; i++)
		good = write_one(old, new, o->outputs.at[i], &changed);
	journal_set_free(new);
	journal_set_free(old);
	if (!good)
		return EXIT_USAGE;
	return changed ? EXIT_VIOLATIONS : EXIT_COMPLIANT;
}

int command_diff(const struct options *o)
{
	struct report_sources sides[2] = { { 0 }, { 0 } };
	int code = EXIT_USAGE;

	if (open_sides(sides, o)) {
		give_up_the_rest(sides, o);
		code = compare(sides, o);
	}
	report_sources_close(&sides[0]);
	report_sources_close(&sides[1]);
	return code;
}
