/* SPDX-License-Identifier: Apache-2.0 */
/*
 * completion_bash.c - the script for bash 4.4 or later; it needs no other file.
 */
#include "scanner/cli/completion.h"

/* How a value is completed.  `list` is set by the case of its option. */
static const char functions[] =
	"# The words of the list $3 that go on with $2, behind the text $1.\n"
	"_lsasweep_words() {\n"
	"\tmapfile -t COMPREPLY < <(compgen -P \"$1\" -W \"$3\" -- \"$2\")\n"
	"}\n"
	"\n"
	"_lsasweep_files() {\n"
	"\tlocal file\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\twhile read -r file; do\n"
	"\t\tCOMPREPLY+=(\"$1$file\")\n"
	"\tdone < <(compgen -f -- \"$2\")\n"
	"}\n"
	"\n"
	"# The value $2 of an option, of the shape $1.\n"
	"_lsasweep_value() {\n"
	"\tlocal shape=$1 value=$2 list=$3 head=''\n"
	"\tcase $shape in\n"
	"\tfile) _lsasweep_files '' \"$value\" ;;\n"
	"\tword) _lsasweep_words '' \"$value\" \"$list\" ;;\n"
	"\twords | span)\n"
	"\t\t[ \"$shape\" = words ] && head=${value%\"${value##*,}\"}\n"
	"\t\t[ \"$shape\" = span ] && head=${value%\"${value##*-}\"}\n"
	"\t\t_lsasweep_words \"$head\" \"${value#\"$head\"}\" \"$list\"\n"
	"\t\t;;\n"
	"\tformat)\n"
	"\t\tcase $value in\n"
	"\t\t*=*) _lsasweep_files \"${value%%=*}=\" \"${value#*=}\" ;;\n"
	"\t\t*)\n"
	"\t\t\tcompopt -o nospace 2>/dev/null\n"
	"\t\t\t_lsasweep_words '' \"$value\" \"$list\"\n"
	"\t\t\t;;\n"
	"\t\tesac\n"
	"\t\t;;\n"
	"\tword_or_file)\n"
	"\t\t_lsasweep_words '' \"$value\" \"$list\"\n"
	"\t\t_lsasweep_files '' \"$value\"\n"
	"\t\t;;\n"
	"\tesac\n"
	"}\n"
	"\n";

static const char begin[] =
	"_lsasweep() {\n"
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous='' command='' cut='' "
	"joined='' i\n"
	"\tlocal -a words=()\n"
	"\tCOMPREPLY=()\n"
	"\t# bash breaks words at \"=\" and \":\"; here they are whole again.\n"
	"\tfor ((i = 1; i <= COMP_CWORD; i++)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n"
	"\t\t= | : | ::) joined=1 ;;\n"
	"\t\t*) [ \"$joined\" = 1 ] && joined=2 || joined= ;;\n"
	"\t\tesac\n"
	"\t\tif [ -n \"$joined\" ] && [ ${#words[@]} -gt 0 ]; then\n"
	"\t\t\twords[-1]+=${COMP_WORDS[i]}\n"
	"\t\telse\n"
	"\t\t\twords+=(\"${COMP_WORDS[i]}\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tcurrent=${words[-1]}\n"
	"\t[ ${#words[@]} -gt 1 ] && command=${words[0]} previous=${words[-2]}\n"
	"\t[[ $COMP_WORDBREAKS == *=* ]] && cut=${current%\"${current##*[=:]}\"}\n";

static const char end[] = "\tCOMPREPLY=(\"${COMPREPLY[@]#\"$cut\"}\")\n"
			  "}\n"
			  "complete -F _lsasweep lsasweep\n";

static const char *shape_word(const struct option_row *row)
{
	static const char *const words[] = {
		[VALUE_NONE] = "none",     [VALUE_ANY] = "any",
		[VALUE_FILE] = "file",     [VALUE_WORD] = "word",
		[VALUE_WORDS] = "words",   [VALUE_SPAN] = "span",
		[VALUE_FORMAT] = "format", [VALUE_WORD_OR_FILE] = "word_or_file",
	};

	return words[option_shape(row)];
}

static void put_lists_by_command(FILE *out, const struct option_row *row)
{
	fputs("\t\tcase $command in\n", out);
	for (unsigned c = 0; c < COMMAND_COUNT; c++) {
		if (!(row->commands & 1u << c))
			continue;
		fprintf(out, "\t\t%s) list='", command_word((enum command)c));
		completion_values(out, row, (enum command)c);
		fputs("' ;;\n", out);
	}
	fputs("\t\tesac\n", out);
}

/* _lsasweep_option NAME VALUE: completes a value; false where the option takes none. */
static void put_options(FILE *out)
{
	fputs("# Completes the value $3 of the option $2 of the command $1; false: it "
	      "takes "
	      "none.\n"
	      "_lsasweep_option() {\n"
	      "\tlocal command=$1 shape='' list=''\n"
	      "\tcase $2 in\n",
	      out);
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);

		if (!row->argument)
			continue;
		fprintf(out, "\t%s%s%s)\n\t\tshape='%s'\n", row->name,
			row->other ? " | " : "", row->other ? row->other : "",
			shape_word(row));
		if (completion_depends(row)) {
			put_lists_by_command(out, row);
		} else if (option_is_listed(row)) {
			fputs("\t\tlist='", out);
			completion_values(out, row, COMMAND_SCAN);
			fputs("'\n", out);
		}
		fputs("\t\t;;\n", out);
	}
	fputs("\t*) return 1 ;;\n"
	      "\tesac\n"
	      "\t_lsasweep_value \"$shape\" \"$3\" \"$list\"\n"
	      "}\n\n",
	      out);
}

static void put_names(FILE *out, enum command command)
{
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);

		if (row->commands & 1u << command)
			fprintf(out, " %s%s%s", row->name, row->other ? " " : "",
				row->other ? row->other : "");
	}
}

/* _lsasweep_argument COMMAND CURRENT: an option's name, or an argument. */
static void put_commands(FILE *out)
{
	static const char *const arguments[] = {
		[ARGUMENTS_NONE] = ":",
		[ARGUMENTS_HOSTS] =
			"mapfile -t COMPREPLY < <(compgen -A hostname -- \"$2\")",
		[ARGUMENTS_FILES] = "_lsasweep_files '' \"$2\"",
		[ARGUMENTS_WORDS] = "_lsasweep_words '' \"$2\" '",
	};

	fputs("# Completes $2, a name of an option or an argument of the command $1.\n"
	      "_lsasweep_argument() {\n"
	      "\tcase $1:$2 in\n",
	      out);
	for (unsigned c = 0; c < COMMAND_COUNT; c++) {
		const char *word = command_word((enum command)c);
		enum completion_arguments kind = completion_arguments((enum command)c);

		fprintf(out, "\t%s:-*) _lsasweep_words '' \"$2\" '", word);
		put_names(out, (enum command)c);
		fprintf(out, "' ;;\n\t%s:*) %s", word, arguments[kind]);
		if (kind == ARGUMENTS_WORDS) {
			completion_words(out, (enum command)c);
			fputc('\'', out);
		}
		fputs(" ;;\n", out);
	}
	fputs("\tesac\n}\n\n", out);
}

void completion_bash(FILE *out)
{
	fputs("# bash completion for lsasweep, made from its table of options.\n\n", out);
	fputs(functions, out);
	put_options(out);
	put_commands(out);
	fputs(begin, out);
	fputs("\tif [ -z \"$command\" ]; then\n\t\t_lsasweep_words '' \"$current\" '",
	      out);
	for (unsigned c = 0; c < COMMAND_COUNT; c++)
		fprintf(out, "%s ", command_word((enum command)c));
	fputs("--help --version'\n"
	      "\telif [[ $current == --*=* ]]; then\n"
	      "\t\t_lsasweep_option \"$command\" \"${current%%=*}\" \"${current#*=}\"\n"
	      "\t\tCOMPREPLY=(\"${COMPREPLY[@]/#/${current%%=*}=}\")\n"
	      "\telif ! _lsasweep_option \"$command\" \"$previous\" \"$current\"; then\n"
	      "\t\t_lsasweep_argument \"$command\" \"$current\"\n"
	      "\tfi\n",
	      out);
	fputs(end, out);
}
