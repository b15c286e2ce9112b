/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_help.c - usage and --help, printed from the table in 80 columns.
 */
#include <stdarg.h>
#include <string.h>

#include "report/text/wrap.h"
#include "scanner/cli/options_values.h"

enum { HELP_COLUMN = 27, HELP_WIDTH = 80, HELP_MAX = 512 };

const char *command_word(enum command command)
{
	static const char *const words[COMMAND_COUNT] = {
#define X(constant, word, arguments, what) [constant] = word,
		COMMANDS(X)
#undef X
	};

	return words[command];
}

void options_usage(FILE *out)
{
	fputs("usage: lsasweep COMMAND [OPTIONS] ARGUMENTS\n"
	      "\n"
	      "Shows who holds each user right on every Windows machine of a domain.\n"
	      "\n"
	      "  lsasweep check dc1.corp.example\n"
	      "      log on to one host with your Kerberos ticket and show each step\n"
	      "  lsasweep scan -U 'CORP\\scan' -iL targets.txt --journal today.ndjson\n"
	      "      ask all hosts of a list, keep the facts, report per role\n"
	      "  lsasweep report today.ndjson --baseline cis -o html=report.html\n"
	      "      assess the same facts with another baseline, as a web page\n"
	      "\n"
	      "Commands: ",
	      out);
	for (unsigned c = 0; c < COMMAND_COUNT; c++)
		fprintf(out, "%s%s", c ? ", " : "", command_word((enum command)c));
	fputs(".\nlsasweep --help lists all options, lsasweep COMMAND --help those of "
	      "one "
	      "command.\n",
	      out);
}

/* Appends to what `text` holds already; what does not fit is left out. */
static void append(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void append(char *text, size_t size, const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + len, size - len, format, args);
	va_end(args);
}

/* The values of one command; for the whole program those of all commands that differ. */
static void append_values(char *text, size_t size, const struct option_row *row,
			  unsigned commands)
{
	char first[HELP_MAX] = "", values[HELP_MAX];

	for (unsigned c = 0; c < COMMAND_COUNT; c++) {
		if (!(row->commands & commands & 1u << c))
			continue;
		option_values_text(row, (enum command)c, values, sizeof values);
		if (!first[0]) {
			append(text, size, "%s", values);
			memcpy(first, values, sizeof first);
		} else if (strcmp(first, values) != 0) {
			append(text, size, "; %s: %s", command_word((enum command)c),
			       values);
		}
	}
}

void option_help_text(const struct option_row *row, unsigned commands, char *text,
		      size_t size)
{
	const char *gap = strstr(row->help, "{}");

	text[0] = '\0';
	append(text, size, "%.*s", gap ? (int)(gap - row->help) : (int)strlen(row->help),
	       row->help);
	if (gap) {
		append_values(text, size, row, commands);
		append(text, size, "%s", gap + 2);
	}
	if (row->fallback)
		append(text, size, " [%s]", row->fallback);
}

static void put_row(FILE *out, const struct option_row *row, unsigned commands)
{
	char text[HELP_MAX];
	int column = fprintf(out, "  %s", row->name);

	if (row->other)
		column += fprintf(out, ", %s", row->other);
	if (row->argument)
		column += fprintf(out, " %s", row->argument);
	if (column + 2 > HELP_COLUMN) {
		fputc('\n', out);
		column = 0;
	}
	fprintf(out, "%*s", HELP_COLUMN - column, "");
	option_help_text(row, commands, text, sizeof text);
	wrap_words(out, text, HELP_WIDTH, HELP_COLUMN, HELP_COLUMN);
}

static void put_group(FILE *out, enum option_group group, unsigned commands)
{
	static const char *const titles[] = {
#define X(constant, title) [constant] = title,
		OPTION_GROUPS(X)
#undef X
	};
	bool begun = false;

	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);

		if (row->group != group || !(row->commands & commands))
			continue;
		if (!begun)
			fprintf(out, "\n%s\n", titles[group]);
		begun = true;
		put_row(out, row, commands);
	}
}

static void put_commands(FILE *out)
{
	fputs("usage: lsasweep COMMAND [OPTIONS] ARGUMENTS\n\n"
	      "Shows who holds each user right on every Windows machine of a domain.\n\n"
	      "Commands\n",
	      out);
#define X(constant, word, arguments, what) \
	fprintf(out, "  %-8s %-11s  %s\n", word, arguments, what);
	COMMANDS(X)
#undef X
	fputs("\nlsasweep COMMAND --help shows the options of one command.\n", out);
}

static void put_command(FILE *out, enum command command)
{
#define X(constant, word, arguments, what)                                      \
	if (command == constant)                                                \
		fprintf(out, "usage: lsasweep %s [OPTIONS]%s%s\n\n%s.\n", word, \
			*(arguments) ? " " : "", arguments, what);
	COMMANDS(X)
#undef X
}

/* What the command's arguments are. */
static void put_arguments(FILE *out, unsigned commands)
{
	static const struct {
		unsigned commands;
		const char *text;
	} paragraphs[] = {
		{ 1u << COMMAND_SCAN,
		  "A TARGET is HOST, HOST:PORT, an address, [IPv6]:PORT, ADDRESS/BITS or "
		  "a.b.c.d-e. _SERVICE._PROTOCOL.NAME stands for every host that its SRV "
		  "records name, such as _ldap._tcp.dc._msdcs.corp.example for all "
		  "domain "
		  "controllers. Duplicates are asked once." },
		{ 1u << COMMAND_CHECK,
		  "A HOST is a name, HOST:PORT, an address or [IPv6]:PORT." },
		{ 1u << COMMAND_POLICY,
		  "A COMPUTER is its DNS name, its NetBIOS name or its account." },
		{ 1u << COMMAND_REPORT | 1u << COMMAND_DIFF,
		  "A FILE is a journal that scan wrote (\"-\": stdin), the export of a "
		  "host "
		  "(secedit /export), a policy (GptTmpl.inf), or a folder of these. "
		  "report "
		  "merges several files; OLD and NEW of diff are two of them. Say what a "
		  "file cannot behind it: role=member_server joined=yes build=20348 "
		  "domain=NAME host=NAME tag=WORD, or in the file as a comment: "
		  "; lsasweep: role=member_server" },
		{ 1u << COMMAND_EXPLAIN,
		  "A TOPIC is a right (a name or a pattern), a principal (a SID or a "
		  "well-known name), a finding id or a shipped baseline. Without a "
		  "TOPIC, "
		  "explain lists them." },
		{ 1u << COMMAND_BASELINE,
		  "list shows the shipped baselines, each with its version and source. "
		  "show NAME prints one whole, to begin a baseline of one's own with; a "
		  "file "
		  "that says \"extend\": \"NAME\" needs only what differs." },
	};

	for (size_t i = 0; i < sizeof paragraphs / sizeof *paragraphs; i++) {
		if (!(paragraphs[i].commands & commands))
			continue;
		fputc('\n', out);
		wrap_words(out, paragraphs[i].text, HELP_WIDTH, 0, 0);
	}
}

/* How values are written that several options take. */
static void put_notations(FILE *out, unsigned commands)
{
	bool durations = commands & (1u << COMMAND_SCAN | 1u << COMMAND_CHECK |
				     1u << COMMAND_DISCOVER | 1u << COMMAND_POLICY);
	const unsigned explaining = 1u << COMMAND_EXPLAIN | 1u << COMMAND_BASELINE;
	bool outputs = commands & ~(1u << COMMAND_CHECK | explaining);

	if (commands & ~explaining)
		fprintf(out, "\nDefaults stand in [brackets].%s\n",
			durations ? " A duration D is written 500ms, 4s, 2m or 1h." : "");
	if (outputs)
		fputs("\"-o help\" lists the formats; \"help\" does so for every option "
		      "with a list.\n",
		      out);
}

static void put_exit_codes(FILE *out, enum command command)
{
	static const char assessed[] =
		"0 every host assessed and compliant, 1 violations, 2 usage or "
		"configuration, 3 incomplete, 4 incomplete and violations, 5 stopped by "
		"the credential guard, 130 or 143 ended by a signal.";
	static const char *const codes[COMMAND_COUNT + 1] = {
		[COMMAND_SCAN] = assessed,
		[COMMAND_CHECK] = "0 the host answered for every right, 2 usage or "
				  "configuration, 3 it did not, 5 the credential was "
				  "refused, 130 or 143 ended by a signal.",
		[COMMAND_DISCOVER] = "0 read completely, 2 usage or configuration, 3 "
				     "incomplete, 5 the credential was refused.",
		[COMMAND_POLICY] = "0 every right is decided, 2 usage or configuration, "
				   "3 a right is uncertain, a computer was not found, or "
				   "the directory was not read to its end, 5 the "
				   "credential was refused. With --what-if: 0 no right "
				   "would change, 1 some would.",
		[COMMAND_REPORT] = "0 every host assessed and compliant, 1 violations, 2 "
				   "usage or configuration, 3 incomplete, 4 incomplete "
				   "and violations.",
		[COMMAND_DIFF] = "0 no change, 1 changes, 2 usage or configuration.",
		[COMMAND_EXPLAIN] = "0 explained, 2 usage or no such topic.",
		[COMMAND_BASELINE] = "0 printed, 2 usage or no such baseline.",
		[COMMAND_COUNT] = assessed,
	};

	fputs("\nExit codes: ", out);
	wrap_words(out, codes[command], HELP_WIDTH, 0, strlen("Exit codes: "));
	if (command == COMMAND_COUNT)
		fputs("diff: 0 no change, 1 changes, 2 usage or configuration.\n", out);
}

void options_help(FILE *out, enum command command)
{
	unsigned commands = command == COMMAND_COUNT ? (1u << COMMAND_COUNT) - 1
						     : 1u << command;

	if (command == COMMAND_COUNT)
		put_commands(out);
	else
		put_command(out, command);
	put_arguments(out, commands);
	for (int group = 0; group < GROUP_COUNT; group++)
		put_group(out, (enum option_group)group, commands);
	put_notations(out, commands);
	put_exit_codes(out, command);
}
