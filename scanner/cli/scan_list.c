/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_list.c - the sweep that asks nobody: the same sources, exclusions, shards and
 * services as in a real one, and a line for each host.
 */
#include "scanner/cli/scan_list.h"

#include <stdio.h>
#include <string.h>

#include "report/text/escape.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/console/log.h"
#include "scanner/sandbox/sandbox.h"
#include "scanner/sweep/sweep.h"

static void put_word(const char *key, const char *value)
{
	printf(" %s=", key);
	escape_terminal(stdout, value);
}

/* A line that a target list may have. */
static bool put_target(const struct target *t, void *arg)
{
	const struct credentials *credentials = arg;

	printf(strchr(t->name, ':') ? "[%s]" : "%s", t->name);
	if (t->port != TARGET_PORT)
		printf(":%u", t->port);
	if (t->hint_known)
		put_word("role", role_word(t->hint));
	for (size_t i = 0; i < t->tag_count; i++)
		put_word("tag", t->tags[i]);
	if (t->credential)
		put_word("user", credentials_names(credentials)[t->credential]);
	putchar('\n');
	return !ferror(stdout);
}

static void give_up_the_rest(const struct options *o)
{
	struct sandbox box;

	sandbox_begin(&box);
	for (size_t i = 0; i < o->target_files.count; i++)
		sandbox_allow_read(&box, o->target_files.at[i]);
	if (o->ca_file)
		sandbox_allow_read(&box, o->ca_file);
	sandbox_enter(&box);
}

static int code_of(const struct sweep_result *result, const struct targets *targets)
{
	if (result->signal)
		return 128 + result->signal;
	if (ferror(stdout)) /* a reader that left, as head(1) does */
		return EXIT_COMPLIANT;
	if (targets_bad(targets) > targets_skipped(targets))
		return EXIT_USAGE;
	if (targets_bad(targets) || result->hosts || result->outcomes[HOST_NOT_ASKED])
		return EXIT_INCOMPLETE;
	return EXIT_COMPLIANT;
}

int scan_list(const struct options *o, struct targets *targets,
	      const struct credentials *credentials, struct directory_feed *directory)
{
	struct sweep_credential names[CREDENTIAL_SECTIONS_MAX] = { 0 };
	struct sweep_inputs inputs = { .settings = &o->settings,
				       .credentials = names,
				       .credential_count = credentials_count(credentials),
				       .directory = directory,
				       .list = put_target,
				       .list_arg = (void *)credentials };
	struct sweep_result result;

	for (size_t i = 0; i < inputs.credential_count; i++)
		names[i].name = credentials_names(credentials)[i];
	give_up_the_rest(o);
	if (!sweep_run(&inputs, targets, NULL, NULL, NULL, &result))
		return EXIT_USAGE;
	scan_say_skipped(targets);
	return command_flushes(code_of(&result, targets));
}

void scan_say_skipped(const struct targets *targets)
{
	unsigned long long skipped = targets_skipped(targets);

	if (skipped)
		log_say(LOG_ERRORS, NULL, NULL,
			"%llu bad %s of the target lists skipped: not assessed", skipped,
			skipped == 1 ? "line" : "lines");
}
