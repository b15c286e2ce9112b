/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_explain.c - rights, principals and findings in words.
 */
#include <stdio.h>

#include "report/render/explain.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"

int command_explain(const struct options *o)
{
	char why[512];

	if (o->arguments.count == 0)
		explain_topics(stdout);
	else if (!explain(o->arguments.at[0], stdout, why, sizeof why))
		return command_fails("%s", why);
	return command_flushes(EXIT_COMPLIANT);
}
