/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_man.c - the options as roff, for the man page.
 */
#include <string.h>

#include "scanner/cli/completion.h"

enum { TEXT_MAX = 512 };

static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
}

/* "Of scan and check." where not every command takes the option. */
static void put_commands(FILE *out, const struct option_row *row)
{
	const unsigned every = (1u << COMMAND_COUNT) - 1;
	unsigned left = row->commands & every;

	if (left == every)
		return;
	fputs("\nCommands:", out);
	for (unsigned c = 0; c < COMMAND_COUNT; c++) {
		if (!(left & 1u << c))
			continue;
		left &= ~(1u << c);
		fprintf(out, " %s%s", command_word((enum command)c), left ? "," : ".");
	}
}

static void put_row(FILE *out, const struct option_row *row)
{
	char text[TEXT_MAX];

	fputs(".TP\n\\fB", out);
	put_text(out, row->name);
	if (row->other) {
		fputs("\\fR, \\fB", out);
		put_text(out, row->other);
	}
	if (row->argument) {
		fputs("\\fR \\fI", out);
		put_text(out, row->argument);
	}
	fputs("\\fR\n", out);
	option_help_text(row, (1u << COMMAND_COUNT) - 1, text, sizeof text);
	put_text(out, text);
	fputc('.', out);
	put_commands(out, row);
	fputc('\n', out);
}

void options_man(FILE *out)
{
	static const char *const titles[] = {
#define X(constant, title) [constant] = title,
		OPTION_GROUPS(X)
#undef X
	};

	for (unsigned group = 0; group < GROUP_COUNT; group++) {
		fprintf(out, ".SS %s\n", titles[group]);
		for (size_t i = 0; i < option_count(); i++)
			if (option_at(i)->group == group)
				put_row(out, option_at(i));
	}
}
