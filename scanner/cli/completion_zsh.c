/* SPDX-License-Identifier: Apache-2.0 */
/*
 * completion_zsh.c - the script for zsh: an autoloaded function _lsasweep.
 */
#include "scanner/cli/completion.h"

static const char functions[] = "_lsasweep_format() {\n"
				"\tif compset -P '*='; then\n"
				"\t\t_files\n"
				"\telse\n"
				"\t\tcompadd -S '' -- \"$@\"\n"
				"\tfi\n"
				"}\n"
				"\n"
				"_lsasweep_span() {\n"
				"\tcompset -P '*-'\n"
				"\tcompadd -- \"$@\"\n"
				"}\n"
				"\n"
				"_lsasweep_words() {\n"
				"\tcompset -P '*,'\n"
				"\tcompadd -S '' -- \"$@\"\n"
				"}\n"
				"\n"
				"_lsasweep_word_or_file() {\n"
				"\tcompadd -- \"$@\"\n"
				"\t_files\n"
				"}\n"
				"\n";

/* What completes a value; a blank in front keeps _arguments from adding words. */
static void put_action(FILE *out, const struct option_row *row, enum command command)
{
	static const char *const actions[] = {
		[VALUE_NONE] = "",
		[VALUE_ANY] = " ",
		[VALUE_FILE] = "_files",
		[VALUE_WORD] = " compadd --",
		[VALUE_WORDS] = " _lsasweep_words",
		[VALUE_SPAN] = " _lsasweep_span",
		[VALUE_FORMAT] = " _lsasweep_format",
		[VALUE_WORD_OR_FILE] = " _lsasweep_word_or_file",
	};

	fprintf(out, "%s", actions[option_shape(row)]);
	completion_values(out, row, command);
}

/* One spelling of an option as _arguments reads it: '*-c+[about]:N: '. */
static void put_spelling(FILE *out, const struct option_row *row, const char *name,
			 enum command command)
{
	char about[COMPLETION_TEXT_MAX];
	bool is_long = name[1] == '-';

	completion_about(row, about);
	fputs(" \\\n\t\t\t", out);
	if (row->argument)
		fprintf(out, "'*%s%s['", name, is_long ? "=" : "+");
	else if (row->other)
		fprintf(out, "'(%s %s)%s['", row->name, row->other, name);
	else
		fprintf(out, "'%s['", name);
	completion_quote(out, about, "[]\\");
	fputs("']", out);
	if (row->argument) {
		fputc(':', out);
		for (const char *p = row->argument; *p; p++)
			fprintf(out, "%s%c", *p == ':' ? "\\" : "", *p);
		fputc(':', out);
		put_action(out, row, command);
	}
	fputc('\'', out);
}

static void put_command(FILE *out, enum command command)
{
	static const char *const arguments[] = {
		[ARGUMENTS_NONE] = "",
		[ARGUMENTS_HOSTS] = " \\\n\t\t\t'*:host:_hosts'",
		[ARGUMENTS_FILES] = " \\\n\t\t\t'*:file:_files'",
		[ARGUMENTS_WORDS] = " \\\n\t\t\t'*:word:(",
	};
	enum completion_arguments kind = completion_arguments(command);

	fprintf(out, "\t%s)\n\t\t_arguments -S", command_word(command));
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);

		if (!(row->commands & 1u << command))
			continue;
		put_spelling(out, row, row->name, command);
		if (row->other)
			put_spelling(out, row, row->other, command);
	}
	fputs(arguments[kind], out);
	if (kind == ARGUMENTS_WORDS) {
		completion_words(out, command);
		fputs(")'", out);
	}
	fputs("\n\t\t;;\n", out);
}

void completion_zsh(FILE *out)
{
	fputs("#compdef lsasweep\n"
	      "# zsh completion for lsasweep, made from its table of options.\n\n",
	      out);
	fputs(functions, out);
	fputs("_lsasweep() {\n"
	      "\tlocal curcontext=$curcontext state line\n"
	      "\tlocal -a commands\n"
	      "\t_arguments -C '(-)'{-h,--help}'[Print help]' "
	      "'(-)'{-V,--version}'[Print name and version]' \\\n"
	      "\t\t'1:command:->command' '*::argument:->arguments' && return\n"
	      "\tif [[ $state == command ]]; then\n"
	      "\t\tcommands=(\n",
	      out);
#define X(constant, word, arguments, what) fputs("\t\t\t'" word ":" what "'\n", out);
	COMMANDS(X)
#undef X
	fputs("\t\t)\n"
	      "\t\t_describe -t commands command commands\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tcase $words[1] in\n",
	      out);
	for (unsigned c = 0; c < COMMAND_COUNT; c++)
		put_command(out, (enum command)c);
	fputs("\tesac\n"
	      "}\n\n"
	      "# Autoloaded by compinit, or sourced.\n"
	      "if [[ $funcstack[1] == _lsasweep ]]; then\n"
	      "\t_lsasweep \"$@\"\n"
	      "else\n"
	      "\tcompdef _lsasweep lsasweep\n"
	      "fi\n",
	      out);
}
