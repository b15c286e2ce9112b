/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_help.c - usage, printed from the table.
 */
#include <string.h>

#include "scanner/cli/options_table.h"

enum { HELP_COLUMN = 27, HELP_WIDTH = 90 };

void options_usage(FILE *out)
{
	fputs("usage: lsasweep COMMAND [OPTIONS] ARGUMENTS\n"
	      "\n"
	      "Who holds each user right on every Windows machine of a domain.\n"
	      "\n"
	      "  lsasweep check dc1.corp.example\n"
	      "      log on to one host with your Kerberos ticket and say each step\n"
	      "  lsasweep scan -U 'CORP\\scan' -iL targets.txt --journal today.ndjson\n"
	      "      sweep a list, keep the facts, report per role\n"
	      "  lsasweep report today.ndjson --baseline cis -o html=report.html\n"
	      "      judge the same facts by another baseline, as a page to read\n"
	      "\n"
	      "Commands: scan, check, report, diff, explain.  All of it: lsasweep "
	      "--help\n",
	      out);
}

/* `text` from HELP_COLUMN on, broken between words. */
static void put_wrapped(FILE *out, const char *text)
{
	int column = HELP_COLUMN;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > HELP_COLUMN && column + 1 + len > HELP_WIDTH) {
			fprintf(out, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (column > HELP_COLUMN) {
			column += fprintf(out, " ");
		}
		column += fprintf(out, "%.*s", len, text);
		text += len;
		text += *text == ' ';
	}
	fputc('\n', out);
}

static void put_row(FILE *out, const struct option_row *row)
{
	char text[400];
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
	snprintf(text, sizeof text, row->fallback ? "%s [%s]" : "%s", row->help,
		 row->fallback);
	put_wrapped(out, text);
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
		put_row(out, row);
	}
}

static void put_commands(FILE *out)
{
	fputs("usage: lsasweep COMMAND [OPTIONS] ARGUMENTS\n\n"
	      "Who holds each user right on every Windows machine of a domain.\n\n"
	      "Commands\n",
	      out);
#define X(constant, word, arguments, what) \
	fprintf(out, "  %-8s %-29s %s\n", word, arguments, what);
	COMMANDS(X)
#undef X
	fputs("  COMMAND --help                        the options of one command\n",
	      out);
}

static void put_command(FILE *out, enum command command)
{
#define X(constant, word, arguments, what)                                               \
	if (command == constant)                                                         \
		fprintf(out, "usage: lsasweep %s [OPTIONS] %s\n\n%s\n", word, arguments, \
			what);
	COMMANDS(X)
#undef X
}

static void put_targets(FILE *out)
{
	fputs("\nA TARGET is HOST, HOST:PORT, an address, [IPv6]:PORT, ADDRESS/BITS or\n"
	      "a.b.c.d-e.  _SERVICE._PROTOCOL.NAME stands for every host that its SRV "
	      "records\n"
	      "name, such as _ldap._tcp.dc._msdcs.corp.example for all domain "
	      "controllers.\n"
	      "Duplicates are asked once.\n",
	      out);
}

static void put_journals(FILE *out)
{
	fputs("\nA JOURNAL is what scan --journal wrote (\"-\": stdin), the export of a "
	      "host\n"
	      "(secedit /export) or of a policy (GptTmpl.inf).  Several are judged as "
	      "one.\n",
	      out);
}

static void put_exit_codes(FILE *out, enum command command)
{
	static const char judged[] =
		"0 every host assessed and compliant, 1 violations, 2 usage or\n"
		"configuration, 3 incomplete, 4 incomplete and violations, 5 stopped by "
		"the\n"
		"credential guard, 130 or 143 signal.";
	static const char *const codes[COMMAND_COUNT + 1] = {
		[COMMAND_SCAN] = judged,
		[COMMAND_CHECK] =
			"0 the host told every right, 2 usage or configuration, 3 "
			"it did\n"
			"not, 5 the credential was refused, 130 or 143 signal.",
		[COMMAND_DISCOVER] =
			"0 read to its end, 2 usage or configuration, 3 incomplete,\n"
			"5 the credential was refused.",
		[COMMAND_REPORT] =
			"0 every host assessed and compliant, 1 violations, 2 "
			"usage or\n"
			"configuration, 3 incomplete, 4 incomplete and violations.",
		[COMMAND_DIFF] = "0 no change, 1 changes, 2 usage or configuration.",
		[COMMAND_EXPLAIN] = "0 explained, 2 usage or nothing of that name.",
		[COMMAND_COUNT] = judged,
	};

	fprintf(out, "\nExit codes: %s%s\n", codes[command],
		command == COMMAND_COUNT ? "  diff: 0 no change, 1 changes, 2 usage."
					 : "");
}

void options_help(FILE *out, enum command command)
{
	unsigned commands = command == COMMAND_COUNT ? (1u << COMMAND_COUNT) - 1
						     : 1u << command;

	if (command == COMMAND_COUNT)
		put_commands(out);
	else
		put_command(out, command);
	if (commands & 1u << COMMAND_SCAN)
		put_targets(out);
	if (commands & (1u << COMMAND_REPORT | 1u << COMMAND_DIFF))
		put_journals(out);
	for (int group = 0; group < GROUP_COUNT; group++)
		put_group(out, (enum option_group)group, commands);
	if (commands & (1u << COMMAND_SCAN | 1u << COMMAND_CHECK))
		fputs("\nDefaults stand in [brackets]; a duration D is 500ms, 4s, 2m or "
		      "1h.\n",
		      out);
	put_exit_codes(out, command);
}
