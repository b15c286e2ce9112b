/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_explain.c - rights, principals, outcomes and findings in words; behind the outcome
 * of a host stand its known causes.
 */
#include <stdio.h>

#include "report/render/explain.h"
#include "report/text/wrap.h"
#include "scanner/cli/advice.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"

enum { COLUMNS = 80, INDENT = 7 };

/* "  Cause: the account is locked out" */
static void put_line(const char *key, const char *text)
{
	int at = printf("  %-*s", INDENT, key);

	wrap_words(stdout, text, COLUMNS, INDENT + 2, (size_t)at);
}

static void put_cause(const struct advice *advice, void *arg)
{
	(void)arg;
	put_line("Cause:", advice->cause);
	put_line("Fix:", advice->remediation);
	putchar('\n');
}

static void put_causes(const char *topic)
{
	enum host_outcome outcome;

	if (!host_outcome_from_word(topic, &outcome) || outcome == HOST_ANSWERED)
		return;
	puts("Causes, the particular ones first");
	advice_each(outcome, put_cause, NULL);
}

int command_explain(const struct options *o)
{
	char why[512];

	if (o->arguments.count == 0)
		explain_topics(stdout);
	else if (!explain(o->arguments.at[0], stdout, why, sizeof why))
		return command_fails("%s", why);
	else
		put_causes(o->arguments.at[0]);
	return command_flushes(EXIT_COMPLIANT);
}
