/* SPDX-License-Identifier: Apache-2.0 */
/*
 * completion_fish.c - the script for fish 3 or later.
 */
#include "scanner/cli/completion.h"

static const char functions[] =
	"# The value that is being typed, without \"--option=\".\n"
	"function __lsasweep_value\n"
	"    commandline -ct | string replace -r -- '^--[^=]*=' ''\n"
	"end\n"
	"\n"
	"# Words of a list, behind what stands before the last separator.\n"
	"function __lsasweep_words\n"
	"    set -l head (__lsasweep_value | string match -r -- \"^.*$argv[1]\")\n"
	"    for word in $argv[2..]\n"
	"        echo \"$head$word\"\n"
	"    end\n"
	"end\n"
	"\n"
	"function __lsasweep_format\n"
	"    set -l value (__lsasweep_value)\n"
	"    set -l head (string match -r -- '^[^=]*=' $value)\n"
	"    if test -z \"$head\"\n"
	"        string join \\n $argv\n"
	"        return\n"
	"    end\n"
	"    for path in (__fish_complete_path (string replace -- \"$head\" '' $value))\n"
	"        echo \"$head$path\"\n"
	"    end\n"
	"end\n"
	"\n";

/* What follows in the row's "complete" line: how its value is completed. */
static void put_value(FILE *out, const struct option_row *row, enum command command)
{
	static const char *const calls[] = {
		[VALUE_NONE] = NULL,
		[VALUE_ANY] = NULL,
		[VALUE_FILE] = NULL,
		[VALUE_WORD] = "string join \\n",
		[VALUE_WORDS] = "__lsasweep_words ,",
		[VALUE_SPAN] = "__lsasweep_words -",
		[VALUE_FORMAT] = "__lsasweep_format",
		[VALUE_WORD_OR_FILE] = "string join \\n",
	};
	enum value_shape shape = option_shape(row);

	if (shape == VALUE_FILE || shape == VALUE_WORD_OR_FILE)
		fputs(" -r -F", out);
	else if (shape != VALUE_NONE)
		fputs(" -x", out);
	if (!calls[shape])
		return;
	fprintf(out, " -a '(%s", calls[shape]);
	completion_values(out, row, command);
	fputs(")'", out);
}

static void put_name(FILE *out, const char *name)
{
	if (!name)
		return;
	if (name[1] == '-')
		fprintf(out, " -l %s", name + 2);
	else
		fprintf(out, " -%c %s", name[2] ? 'o' : 's', name + 1);
}

/* One line for the commands of `mask` that take the row. */
static void put_option(FILE *out, const struct option_row *row, unsigned mask)
{
	char about[COMPLETION_TEXT_MAX];
	unsigned first = COMMAND_COUNT;

	fputs("complete -c lsasweep -n '__fish_seen_subcommand_from", out);
	for (unsigned c = COMMAND_COUNT; c-- > 0;)
		if (row->commands & mask & 1u << c) {
			fprintf(out, " %s", command_word((enum command)c));
			first = c;
		}
	fputc('\'', out);
	put_name(out, row->name);
	put_name(out, row->other);
	put_value(out, row, (enum command)first);
	completion_about(row, about);
	fputs(" -d ", out);
	completion_quote(out, about, "\\");
	fputc('\n', out);
}

static void put_arguments(FILE *out, enum command command)
{
	enum completion_arguments kind = completion_arguments(command);

	if (kind == ARGUMENTS_NONE)
		return;
	fprintf(out, "complete -c lsasweep -n '__fish_seen_subcommand_from %s'",
		command_word(command));
	if (kind == ARGUMENTS_HOSTS)
		fputs(" -a '(__fish_print_hostnames)'", out);
	if (kind == ARGUMENTS_FILES)
		fputs(" -F", out);
	if (kind == ARGUMENTS_WORDS) {
		fputs(" -a '", out);
		completion_words(out, command);
		fputc('\'', out);
	}
	fputc('\n', out);
}

void completion_fish(FILE *out)
{
	fputs("# fish completion for lsasweep, made from its table of options.\n\n", out);
	fputs(functions, out);
	fputs("complete -c lsasweep -f\n", out);
	fputs("complete -c lsasweep -n __fish_use_subcommand -s h -l help -d 'Print "
	      "help'\n"
	      "complete -c lsasweep -n __fish_use_subcommand -s V -l version -d "
	      "'Print name and version'\n",
	      out);
#define X(constant, word, arguments, what)                                          \
	fputs("complete -c lsasweep -n __fish_use_subcommand -a " word " -d '" what \
	      "'\n",                                                                \
	      out);
	COMMANDS(X)
#undef X
	for (unsigned c = 0; c < COMMAND_COUNT; c++)
		put_arguments(out, (enum command)c);
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);

		if (!completion_depends(row))
			put_option(out, row, ~0u);
		else
			for (unsigned c = 0; c < COMMAND_COUNT; c++)
				if (row->commands & 1u << c)
					put_option(out, row, 1u << c);
	}
}
