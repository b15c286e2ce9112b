/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_policy.c - which Group Policy sets each user right on a computer, worked out from
 * Active Directory or from a record of it.  The computers are not contacted.
 */
#include <stdio.h>

#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/policy_live.h"
#include "scanner/cli/policy_outputs.h"
#include "scanner/cli/policy_source.h"
#include "scanner/cli/policy_what_if.h"

enum { WHY_MAX = 600 };

struct asking {
	struct policy_source source;
	struct policy_outputs outputs;
	bool incomplete; /* not found, or uncertain */
};

static void put_view(struct asking *a, const struct policy_view *view, bool first)
{
	for (size_t i = 0; i < a->outputs.count; i++) {
		FILE *out = a->outputs.at[i].file.stream;

		if (a->outputs.at[i].form == POLICY_JSON) {
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
	struct policy_subject subject;

	if (!policy_subject_make(&subject, a->source.store, c)) {
		command_fails("out of memory");
		return false;
	}
	a->incomplete |= policy_is_uncertain(subject.view.policy);
	put_view(a, &subject.view, first);
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

static int ask(struct asking *a, const struct options *o)
{
	bool ready = false;
	int code = read_source(a, o, &ready);

	if (ready && !answer_all(a))
		code = EXIT_USAGE;
	else if (ready && a->incomplete)
		code = EXIT_INCOMPLETE;
	policy_source_close(&a->source);
	return code;
}

int command_policy(const struct options *o)
{
	struct asking a = { 0 };
	int code = EXIT_USAGE;

	if (policy_outputs_open(&a.outputs, o))
		code = o->what_if.count ? policy_what_if(o, &a.outputs) : ask(&a, o);
	if (code != EXIT_USAGE && code != EXIT_GUARDED &&
	    !policy_outputs_commit(&a.outputs))
		code = EXIT_USAGE;
	policy_outputs_abandon(&a.outputs);
	if (code == EXIT_INCOMPLETE)
		exit_code_means("incomplete: a right is uncertain, a computer was not "
				"found, or the directory was not read to its end");
	return code;
}
