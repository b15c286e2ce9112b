/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_policy.c - which Group Policy sets each user right on a computer, worked out from
 * Active Directory or from a record of it.  The computers are not contacted.
 */
#include <stdio.h>
#include <string.h>

#include "report/files/output_file.h"
#include "report/render/policy_write.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/options_values.h"
#include "scanner/cli/policy_live.h"
#include "scanner/cli/policy_source.h"

enum { WHY_MAX = 600, OUTPUTS_MAX = 8 };

struct output {
	enum policy_format form;
	struct output_file file;
};

struct asking {
	struct policy_source source;
	struct output outputs[OUTPUTS_MAX];
	size_t output_count;
	bool incomplete; /* not found, or uncertain */
};

static bool open_output(struct asking *a, const char *text)
{
	const struct option_row *row = option_find("-o", 2);
	struct output *o = &a->outputs[a->output_count];
	size_t len = strcspn(text, "=");
	char why[WHY_MAX], known[80];

	if (a->output_count == OUTPUTS_MAX) {
		command_fails("-o: more than %d outputs", OUTPUTS_MAX);
		return false;
	}
	o->form = (enum policy_format)option_value_find(row, COMMAND_POLICY, text, len);
	if (o->form >= POLICY_FORMAT_COUNT) {
		option_values_text(row, COMMAND_POLICY, known, sizeof known);
		command_fails("-o: \"%.60s\": expected one of: %s, with =FILE if need be",
			      text, known);
		return false;
	}
	if (!output_file_open(&o->file, text[len] ? text + len + 1 : NULL, 0600, why,
			      sizeof why)) {
		command_fails("%s", why);
		return false;
	}
	a->output_count++;
	return true;
}

static void put_view(struct asking *a, const struct policy_view *view, bool first)
{
	for (size_t i = 0; i < a->output_count; i++) {
		FILE *out = a->outputs[i].file.stream;

		if (a->outputs[i].form == POLICY_JSON) {
			policy_write_json(out, view);
			continue;
		}
		if (!first)
			fputc('\n', out);
		policy_write_text(out, view);
	}
}

static bool answer(struct asking *a, const struct directory_computer *c, bool first)
{
	char version[40], site[256], name[COMPUTER_NAME_MAX];
	struct policy_computer computer;
	struct policy_view view = { .dn = c->dn };
	bool guessed;

	policy_source_computer(a->source.store, c, version, site, &computer,
			       &view.site_source);
	view.computer = computer_host_name(c, name, &guessed) ? name
			: c->account                          ? c->account
							      : c->dn;
	view.site = computer.site;
	view.policy = policy_of(a->source.store, &computer);
	if (!view.policy) {
		command_fails("out of memory");
		return false;
	}
	a->incomplete |= policy_is_uncertain(view.policy);
	put_view(a, &view, first);
	return true;
}

static bool answer_all(struct asking *a)
{
	bool first = true;

	for (size_t i = 0; i < a->source.wanted_count; i++) {
		const struct policy_wanted *w = &a->source.wanted[i];

		if (w->found == 1) {
			if (!answer(a, w->computer, first))
				return false;
			first = false;
			continue;
		}
		a->incomplete = true;
		if (w->found)
			command_fails(
				"\"%.200s\": %zu computers have this name, expected "
				"a DNS name",
				w->name, w->found);
		else
			command_fails("\"%.200s\": no such computer in the directory",
				      w->name);
	}
	return true;
}

static bool commit(struct asking *a)
{
	bool good = true;
	char why[WHY_MAX];

	for (size_t i = 0; i < a->output_count; i++)
		if (!output_file_commit(&a->outputs[i].file, why, sizeof why)) {
			command_fails("%s", why);
			good = false;
		}
	a->output_count = 0;
	return good;
}

/* From the record or from the directory itself.  The exit code so far. */
static int read_source(struct asking *a, const struct options *o, bool *ready)
{
	char why[WHY_MAX] = "";

	if (!o->directory)
		return policy_source_begin(&a->source, o->arguments.at,
					   o->arguments.count)
			       ? policy_live_read(&a->source, o, ready)
			       : command_fails("out of memory");
	*ready = policy_source_open(&a->source, o->directory, o->arguments.at,
				    o->arguments.count, why, sizeof why);
	if (!*ready)
		return command_fails("%s", why);
	if (a->source.whole)
		return EXIT_COMPLIANT;
	if (!o->settings.quiet)
		command_fails("%s: has no last line, the record was cut short",
			      o->directory);
	return EXIT_INCOMPLETE;
}

int command_policy(const struct options *o)
{
	struct asking a = { 0 };
	bool ready = false;
	int code = EXIT_COMPLIANT;

	for (size_t i = 0; i < o->outputs.count && code == EXIT_COMPLIANT; i++)
		if (!open_output(&a, o->outputs.at[i]))
			code = EXIT_USAGE;
	if (code == EXIT_COMPLIANT)
		code = read_source(&a, o, &ready);
	if (ready && (!answer_all(&a) || !commit(&a)))
		code = EXIT_USAGE;
	else if (ready && a.incomplete)
		code = EXIT_INCOMPLETE;
	if (code == EXIT_INCOMPLETE)
		exit_code_means("incomplete: a right is uncertain, a computer was not "
				"found, or the directory was not read to its end");
	for (size_t i = 0; i < a.output_count; i++)
		output_file_abandon(&a.outputs[i].file);
	policy_source_close(&a.source);
	return code;
}
