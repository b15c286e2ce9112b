/* SPDX-License-Identifier: Apache-2.0 */
/*
 * completion.c - what the scripts of all shells have in common.
 */
#include "scanner/cli/completion.h"

#include <string.h>

#include "report/baseline/baseline.h"
#include "report/render/explain.h"

bool completion_write(FILE *out, const char *shell)
{
	static const struct {
		const char *name;
		void (*write)(FILE *out);
	} shells[] = { { "bash", completion_bash },
		       { "zsh", completion_zsh },
		       { "fish", completion_fish } };

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(shells[i].name, shell) != 0)
			continue;
		shells[i].write(out);
		return true;
	}
	return false;
}

void completion_about(const struct option_row *row, char text[COMPLETION_TEXT_MAX])
{
	static const char *const ends[] = { ": ", "; ", " (", " {}" };
	size_t len = strlen(row->help);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const char *end = strstr(row->help, ends[i]);

		if (end && (size_t)(end - row->help) < len)
			len = (size_t)(end - row->help);
	}
	snprintf(text, COMPLETION_TEXT_MAX, "%.*s", (int)len, row->help);
}

void completion_quote(FILE *out, const char *text, const char *special)
{
	fputc('\'', out);
	for (const char *p = text; *p; p++) {
		if (strchr(special, *p))
			fputc('\\', out);
		if (*p == '\'')
			fputs("'\\''", out);
		else
			fputc(*p, out);
	}
	fputc('\'', out);
}

static void on_value(const char *value, const char *about, void *arg)
{
	(void)about;
	fprintf(arg, " %s", value);
}

void completion_values(FILE *out, const struct option_row *row, enum command command)
{
	option_values(row, command, on_value, out);
}

void completion_words(FILE *out, enum command command)
{
	if (command == COMMAND_EXPLAIN) {
		explain_each_topic(on_value, out);
		return;
	}
	fputs(" list show", out);
	for (size_t i = 0; baseline_shipped(i); i++)
		on_value(baseline_shipped(i), NULL, out);
}

bool completion_depends(const struct option_row *row)
{
	return option_shape(row) == VALUE_FORMAT;
}

enum completion_arguments completion_arguments(enum command command)
{
	switch (command) {
	case COMMAND_SCAN:
	case COMMAND_CHECK:
		return ARGUMENTS_HOSTS;
	case COMMAND_REPORT:
	case COMMAND_DIFF:
		return ARGUMENTS_FILES;
	case COMMAND_EXPLAIN:
	case COMMAND_BASELINE:
		return ARGUMENTS_WORDS;
	case COMMAND_DISCOVER:
	case COMMAND_POLICY:
	case COMMAND_COUNT:
		break;
	}
	return ARGUMENTS_NONE;
}
