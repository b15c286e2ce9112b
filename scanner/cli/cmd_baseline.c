/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_baseline.c - the shipped baselines: a list of them, or one as it is.
 */
#include <stdio.h>
#include <string.h>

#include "report/baseline/baseline.h"
#include "report/text/wrap.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"

enum { WIDTH = 80, COLUMN = 27 };

static int list(void)
{
	const char *name;
	char why[400];

	for (size_t i = 0; (name = baseline_shipped(i)); i++) {
		struct baseline *b = baseline_load(name, why, sizeof why);

		if (!b)
			return command_fails("%s", why);
		printf("%-17s %-8s ", b->name, b->version);
		wrap_words(stdout, b->source, WIDTH, COLUMN, COLUMN);
		baseline_free(b);
	}
	return command_flushes(EXIT_COMPLIANT);
}

static int show(const char *name)
{
	char names[200];
	size_t len;
	const char *text = baseline_shipped_text(name, &len);

	if (!text) {
		baseline_shipped_names(names, sizeof names);
		return command_fails(
			"baseline show: \"%.60s\": no such baseline; expected one of: %s",
			name, names);
	}
	fwrite(text, 1, len, stdout);
	return command_flushes(EXIT_COMPLIANT);
}

int command_baseline(const struct options *o)
{
	return strcmp(o->arguments.at[0], "list") == 0 ? list()
						       : show(o->arguments.at[1]);
}
