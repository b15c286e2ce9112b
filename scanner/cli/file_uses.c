/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_uses.c - gathers every file that the command line names, by the options table, and
 * compares what is written with everything else.
 */
#include "scanner/cli/file_uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/baseline/baseline.h"
#include "report/directory/policy_change.h"
#include "report/render/report.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/options_set.h"
#include "scanner/cli/options_table.h"

/* A file as the file system knows it. */
struct file_use {
	const char *option; /* that named it; "" for what is no option */
	char *path;         /* as typed; owned */
	bool written;
	bool exists;
	dev_t device; /* of the file, or of its folder where it does not exist */
	ino_t inode;
	const char *name; /* in that folder; in `path` */
};

struct file_uses {
	struct file_use *at;
	size_t count, room;
	bool out_of_memory;
};

/* Where a file that does not exist would be made.  False: its folder is not there. */
static bool identify_by_folder(struct file_use *use)
{
	const char *slash = strrchr(use->path, '/');
	size_t len = slash ? (size_t)(slash - use->path) + 1 : 1;
	char folder[4096] = ".";
	struct stat st;

	use->name = slash ? slash + 1 : use->path;
	if (len >= sizeof folder)
		return false;
	if (slash)
		memcpy(folder, use->path, len);
	if (stat(folder, &st) != 0)
		return false;
	use->device = st.st_dev;
	use->inode = st.st_ino;
	return true;
}

/* False: nothing that could be destroyed. */
static bool identify(struct file_use *use)
{
	struct stat st;
	int failed;

	if (strcmp(use->path, "-") == 0)
		failed = fstat(use->written ? STDOUT_FILENO : STDIN_FILENO, &st);
	else
		failed = stat(use->path, &st);
	if (failed)
		return strcmp(use->path, "-") != 0 && identify_by_folder(use);
	use->exists = true;
	use->device = st.st_dev;
	use->inode = st.st_ino;
	return S_ISREG(st.st_mode);
}

static void add(struct file_uses *uses, const char *option, const char *path,
		bool written)
{
	struct file_use use = { .option = option, .written = written };

	if (uses->count == uses->room) {
		size_t room = uses->room ? uses->room * 2 : 16;
		struct file_use *grown = realloc(uses->at, room * sizeof *grown);

		uses->out_of_memory |= !grown;
		if (!grown)
			return;
		uses->at = grown;
		uses->room = room;
	}
	use.path = strdup(path);
	uses->out_of_memory |= !use.path;
	if (use.path && identify(&use))
		uses->at[uses->count++] = use;
	else
		free(use.path);
}

static void add_list(struct file_uses *uses, const char *option,
		     const struct option_list *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		add(uses, option, paths->at[i], false);
}

/* Every option that reads files says so by its setter. */
static void add_options(struct file_uses *uses, const struct options *o)
{
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);
		const void *field = (const char *)o + row->field;
		const char *const *path = field;

		if (row->set == set_files)
			add_list(uses, row->name, field);
		else if (row->set == set_file && *path)
			add(uses, row->name, *path, false);
	}
}

/* A shipped baseline is no file. */
static void add_baselines(struct file_uses *uses, const struct option_list *names)
{
	size_t len;

	for (size_t i = 0; i < names->count; i++)
		if (!baseline_shipped_text(names->at[i], &len))
			add(uses, "--baseline", names->at[i], false);
}

/* Templates that policies are tried with. */
static void add_templates(struct file_uses *uses, const struct option_list *changes)
{
	struct policy_change change;
	char why[300];

	for (size_t i = 0; i < changes->count; i++)
		if (policy_change_parse(changes->at[i], &change, why, sizeof why) &&
		    change.kind == CHANGE_TEMPLATE)
			add(uses, "--what-if", change.to, false);
}

/* What the libraries read secrets from. */
static void add_credentials(struct file_uses *uses)
{
	static const char *const variables[] = { "KRB5CCNAME", "KRB5_KTNAME",
						 "KRB5_CLIENT_KTNAME", "KRB5_CONFIG" };
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *value = getenv(variables[i]);

		if (value && strncmp(value, "FILE:", 5) == 0)
			value += 5;
		if (value && *value)
			add(uses, variables[i], value, false);
	}
	if (directory &&
	    (size_t)snprintf(path, sizeof path, "%s/password", directory) < sizeof path)
		add(uses, "CREDENTIALS_DIRECTORY", path, false);
}

static void add_output(const char *path, void *arg)
{
	add(arg, "-o", path, true);
}

/* A report: one file, or one a role.  A malformed word is refused where it is parsed. */
static void add_report(struct file_uses *uses, const char *text)
{
	char why[400], *word = strdup(text);
	struct report_output output;

	if (word && report_output_parse(word, &output, why, sizeof why) &&
	    !report_output_paths(&output, add_output, uses))
		uses->out_of_memory = true;
	uses->out_of_memory |= !word;
	free(word);
}

/* With --journal - stdout is the journal's, and no report is written there. */
static void add_outputs(struct file_uses *uses, const struct options *o)
{
	bool reports = o->command == COMMAND_SCAN || o->command == COMMAND_REPORT;

	if (o->journal && strcmp(o->journal, "-") == 0)
		return;
	for (size_t i = 0; i < o->outputs.count; i++) {
		const char *equals = strchr(o->outputs.at[i], '=');

		if (reports)
			add_report(uses, o->outputs.at[i]);
		else
			add_output(equals ? equals + 1 : "-", uses);
	}
}

static void gather(struct file_uses *uses, const struct options *o)
{
	bool recorded = o->command == COMMAND_REPORT || o->command == COMMAND_DIFF;

	add_options(uses, o);
	add_baselines(uses, &o->baselines);
	add_templates(uses, &o->what_if);
	add_credentials(uses);
	if (recorded)
		add_list(uses, "", &o->arguments);
	add_outputs(uses, o);
	if (o->journal)
		add(uses, "--journal", o->journal, true);
	if (o->resume && !o->journal)
		add(uses, "--resume", o->resume, true);
}

static bool is_same(const struct file_use *a, const struct file_use *b)
{
	if (a->exists != b->exists || a->device != b->device || a->inode != b->inode)
		return false;
	return a->exists || strcmp(a->name, b->name) == 0;
}

static const char *shown(const struct file_use *use)
{
	if (strcmp(use->path, "-") != 0)
		return use->path;
	return use->written ? "stdout" : "stdin";
}

static void refuse(const struct file_use *output, const struct file_use *other)
{
	command_fails("%s: \"%s\" is the same file as%s%s \"%s\", which is %s; expected "
		      "another file name",
		      output->option, shown(output), *other->option ? " " : "",
		      other->option, shown(other),
		      other->written ? "written too" : "read");
}

static bool compare(const struct file_uses *uses)
{
	for (size_t i = 0; i < uses->count; i++)
		for (size_t j = 0; uses->at[i].written && j < uses->count; j++) {
			/* Two outputs are one pair. */
			if (j == i || (j < i && uses->at[j].written) ||
			    !is_same(&uses->at[i], &uses->at[j]))
				continue;
			refuse(&uses->at[i], &uses->at[j]);
			return false;
		}
	return true;
}

bool file_uses_check(const struct options *o)
{
	struct file_uses uses = { 0 };
	bool good;

	gather(&uses, o);
	good = !uses.out_of_memory && compare(&uses);
	if (uses.out_of_memory)
		command_fails("out of memory");
	for (size_t i = 0; i < uses.count; i++)
		free(uses.at[i].path);
	free(uses.at);
	return good;
}
