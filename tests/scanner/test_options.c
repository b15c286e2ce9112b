/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_options.c - the command line: what is taken, what is refused and in which words.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/facts/rights.h"
#include "rpc/session/session.h"
#include "scanner/cli/options_values.h"

static char told[65536]; /* on the stream that was captured */

/* Parses a blank-separated line; what goes to `descriptor` meanwhile is kept. */
static enum options_next parse(struct options *o, int descriptor, const char *line)
{
	static char copy[1024];
	char *argv[64], *save = NULL;
	int argc = 0, saved = dup(descriptor);
	FILE *file = tmpfile(), *stream = descriptor == 1 ? stdout : stderr;
	enum options_next next;
	size_t n;

	strcpy(copy, line);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	fflush(stream);
	dup2(fileno(file), descriptor);
	next = options_parse(o, argc, argv);
	fflush(stream);
	dup2(saved, descriptor);
	close(saved);
	rewind(file);
	n = fread(told, 1, sizeof told - 1, file);
	told[n] = '\0';
	fclose(file);
	return next;
}

static void takes_defaults(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, 2, "lsasweep scan srv1"), OPTIONS_RUN);
	assert_string_equal(told, "");
	assert_int_equal(o.command, COMMAND_SCAN);
	assert_int_equal(o.settings.in_flight, 256);
	assert_int_equal(o.settings.rate, 0);
	assert_int_equal(o.settings.per_subnet, 0);
	assert_int_equal(o.settings.connect_ms, 4000);
	assert_int_equal(o.settings.login_ms, 30000);
	assert_int_equal(o.settings.request_ms, 10000);
	assert_int_equal(o.settings.host_ms, 60000);
	assert_int_equal(o.settings.runtime_ms, 0);
	assert_int_equal(o.settings.retries, 1);
	assert_int_equal(o.settings.max_logon_failures, 1);
	assert_int_equal(o.settings.stats_ms, 10000);
	assert_int_equal(o.port, 445);
	assert_int_equal(o.settings.dialect_min, SMB_2_0_2);
	assert_int_equal(o.settings.dialect_max, SMB_3_1_1);
	assert_int_equal(o.fail_on, FAIL_ON_INCOMPLETE);
	assert_int_equal(o.rights.count, 1);
	assert_string_equal(o.rights.at[0], "SeImpersonatePrivilege");
	assert_string_equal(o.outputs.at[0], "text");
	assert_string_equal(o.baselines.at[0], "microsoft");
	assert_false(o.settings.quiet);
	options_free(&o);
}

static void takes_every_spelling(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, 2,
			       "lsasweep scan -kqc64 --rate=100 --timeout 500ms -iL - "
			       "--host-timeout=2m --max-runtime 1h -r all -r=Se* -o json "
			       "-ohtml=x.html --baseline cis --baseline=mine.json "
			       "--smb 3.0-3.0.2 -U CORP\\scan --exclude a,b --resume j "
			       "--retry timeout,stalled --fail-on violation --shard 1/4 "
			       "--dns 10.0.0.1 --dns 10.0.0.2:5353 srv1 -- -odd"),
			 OPTIONS_RUN);
	assert_string_equal(told, "");
	assert_true(o.credentials.kerberos);
	assert_true(o.settings.quiet);
	assert_int_equal(o.settings.in_flight, 64);
	assert_int_equal(o.settings.rate, 100);
	assert_int_equal(o.settings.request_ms, 500);
	assert_int_equal(o.settings.host_ms, 120000);
	assert_int_equal(o.settings.runtime_ms, 3600000);
	assert_string_equal(o.target_files.at[0], "-");
	assert_int_equal(o.settings.right_count, rights_count());
	assert_int_equal(o.outputs.count, 2);
	assert_string_equal(o.outputs.at[1], "html=x.html");
	assert_int_equal(o.baselines.count, 2);
	assert_string_equal(o.baselines.at[0], "cis");
	assert_int_equal(o.settings.dialect_min, SMB_3_0);
	assert_int_equal(o.settings.dialect_max, SMB_3_0_2);
	assert_string_equal(o.credentials.user, "CORP\\scan");
	assert_true(o.retry[HOST_TIMEOUT] && o.retry[HOST_STALLED]);
	assert_false(o.retry[HOST_UNREACHABLE]);
	assert_int_equal(o.fail_on, FAIL_ON_VIOLATION);
	assert_int_equal(o.shard.part, 1);
	assert_int_equal(o.shard.parts, 4);
	assert_int_equal(o.dns_servers.count, 2);
	assert_int_equal(o.arguments.count, 2);
	assert_string_equal(o.arguments.at[0], "srv1");
	assert_string_equal(o.arguments.at[1], "-odd");
	options_free(&o);
}

static void a_version_probe_is_made_unless_ntlm_or_the_probe_is_unwanted(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, 2, "lsasweep scan srv1"), OPTIONS_RUN);
	assert_true(o.settings.session_probe);
	options_free(&o);
	assert_int_equal(parse(&o, 2, "lsasweep scan srv1 --no-version-probe"),
			 OPTIONS_RUN);
	assert_false(o.settings.session_probe);
	options_free(&o);
	assert_int_equal(parse(&o, 2, "lsasweep check srv1 --no-ntlm"), OPTIONS_RUN);
	assert_false(o.settings.session_probe);
	options_free(&o);
}

static void refuses_with_a_reason(void **state)
{
	static const struct {
		const char *line, *words;
	} bad[] = {
		{ "scan srv1 -c 0", "-c: \"0\": expected a number from 1 to 65536" },
		{ "scan srv1 -c x", "-c: \"x\": expected a number" },
		{ "scan srv1 -c-1", "-c: \"-1\": expected a number" },
		{ "scan srv1 --rate 99999999999999999999", "--rate: " },
		{ "scan srv1 --timeout 4", "--timeout: \"4\": expected a unit" },
		{ "scan srv1 --timeout 4d", "expected a unit: ms, s, m or h" },
		{ "scan srv1 --timeout -4s", "expected a duration such as" },
		{ "scan srv1 --timeout 0s", "expected 1ms to 1h" },
		{ "scan srv1 --timeout 99h", "expected 1ms to 1h" },
		{ "scan srv1 --timeot 4s",
		  "--timeot: no such option; did you mean --timeout?" },
		{ "scan srv1 --journal", "--journal: expected FILE" },
		{ "scan srv1 --journal --resume x", "--journal: expected FILE" },
		{ "scan srv1 -q=1", "-q" },
		{ "scan srv1 --quiet=1", "--quiet: \"1\": it takes no value" },
		{ "scan srv1 -Z", "-Z: no such option" },
		{ "scan srv1 --password x", "no option takes a password" },
		{ "scan srv1 --retry timeout", "only together with --resume" },
		{ "scan srv1 --resume a --retry timeoutt",
		  "\"timeoutt\" is not an outcome" },
		{ "scan srv1 --journal a --resume b", "leave one of them out" },
		{ "scan srv1 --smb 1.0", "SMB1 is never spoken" },
		{ "scan srv1 --smb 3.1.1-2.1", "the lower version first" },
		{ "scan srv1 --fail-on all", "one of: none, violation, incomplete" },
		{ "scan srv1 --shard 3/3",
		  "--shard: \"3/3\": expected a part from 0 to 2" },
		{ "scan srv1 --dns dc1.corp",
		  "--dns: \"dc1.corp\": expected the address" },
		{ "scan srv1 -p 70000", "1 to 65535" },
		{ "scan", "expected a TARGET, -iL FILE, --domain D or --directory FILE" },
		{ "scan --include stale srv1", "--include: only together with" },
		{ "scan --dc dc1 srv1", "--dc: only together with --domain" },
		{ "scan --base DC=a srv1", "--base: only together with --domain" },
		{ "scan --ldaps srv1", "--ldaps: only together with --domain" },
		{ "scan --domain a --ca f", "--ca: only together with --ldaps" },
		{ "discover --ca f", "--ca: only together with --ldaps" },
		{ "scan --ldap-filter a=b srv1", "--ldap-filter: only together" },
		{ "scan --domain a --directory f", "--directory: \"f\": the computers" },
		{ "check", "expected one HOST" },
		{ "check a b", "expected one HOST" },
		{ "check a --journal x", "--journal: not an option of check" },
		{ "report", "expected a FILE" },
		{ "diff a", "two journals, OLD and NEW" },
		{ "explain a b", "expected one topic" },
		{ "scna srv1", "\"scna\": no such command; did you mean scan?" },
		{ "completion", "\"\": expected bash, zsh or fish" },
		{ "completion csh", "\"csh\": expected bash, zsh or fish" },
		{ "frobnicate", "no such command; expected one of: scan, check" },
		{ "--journal x scan", "expected a command first" },
		{ "scan srv1 --\x1b[31m", "no such option" },
	};
	struct options o;
	char line[160];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(line, sizeof line, "lsasweep %s", bad[i].line);
		assert_int_equal(parse(&o, 2, line), OPTIONS_WRONG);
		if (!strstr(told, bad[i].words))
			fail_msg("%s: %s", line, told);
		/* one line, which says where to read on, and no control bytes */
		assert_ptr_equal(strchr(told, '\n'), told + strlen(told) - 1);
		assert_non_null(strstr(told, "--help\n"));
		assert_null(strchr(told, '\x1b'));
		options_free(&o);
	}
}

static void usage_shows_examples(void **state)
{
	struct options o;
	unsigned examples = 0;

	(void)state;
	assert_int_equal(parse(&o, 2, "lsasweep"), OPTIONS_WRONG);
	for (const char *p = told; (p = strstr(p, "\n  lsasweep ")); p++)
		examples++;
	assert_int_equal(examples, 3);
	options_free(&o);
}

static void help_names_every_option(void **state)
{
	static const char *const lines[] = {
		[COMMAND_SCAN] = "lsasweep scan --help",
		[COMMAND_CHECK] = "lsasweep check -h",
		[COMMAND_DISCOVER] = "lsasweep discover --help",
		[COMMAND_POLICY] = "lsasweep policy --help",
		[COMMAND_REPORT] = "lsasweep help report",
		[COMMAND_DIFF] = "lsasweep diff x --help y",
		[COMMAND_EXPLAIN] = "lsasweep explain --help",
		[COMMAND_BASELINE] = "lsasweep baseline --help",
		[COMMAND_COUNT] = "lsasweep --help",
	};
	struct options o;
	char wanted[128];

	(void)state;
	for (unsigned c = 0; c <= COMMAND_COUNT; c++) {
		assert_int_equal(parse(&o, 1, lines[c]), OPTIONS_ENOUGH);
		for (size_t i = 0; i < option_count(); i++) {
			const struct option_row *row = option_at(i);
			bool due = c == COMMAND_COUNT || row->commands & 1u << c;

			snprintf(wanted, sizeof wanted, "\n  %s%s%s%s%s", row->name,
				 row->other ? ", " : "", row->other ? row->other : "",
				 row->argument ? " " : "",
				 row->argument ? row->argument : "");
			if (due != (strstr(told, wanted) != NULL))
				fail_msg("%s: %s", lines[c], wanted);
			snprintf(wanted, sizeof wanted, "[%s]\n",
				 row->fallback ? row->fallback : "");
			if (due && row->fallback && !strstr(told, wanted))
				fail_msg("%s: %s: %s", lines[c], row->name, wanted);
		}
		for (char *p = told, *end; (end = strchr(p, '\n')); p = end + 1)
			assert_in_range(end - p, 0, 80);
		options_free(&o);
	}
	assert_int_equal(parse(&o, 1, "lsasweep --version"), OPTIONS_ENOUGH);
	assert_string_equal(told, "lsasweep " LSASWEEP_VERSION "\n");
	options_free(&o);
}

/* What the contract with users names must be there. */
static void has_every_promised_option(void **state)
{
	static const char *const promised[] = {
		"-iL",
		"--exclude",
		"--excludefile",
		"-sL",
		"-k",
		"--keytab",
		"--principal",
		"-U",
		"-A",
		"--no-ntlm",
		"--ntlm-fallback",
		"--require-encryption",
		"-c",
		"--rate",
		"--per-subnet",
		"--connect-timeout",
		"--login-timeout",
		"--timeout",
		"--host-timeout",
		"--max-runtime",
		"--retries",
		"--max-logon-failures",
		"-r",
		"--journal",
		"--resume",
		"--retry",
		"--shard",
		"--stats-every",
		"-q",
		"-o",
		"--baseline",
		"--fail-on",
		"--version",
		"--help",
	};

	(void)state;
	for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
		if (!option_find(promised[i], strlen(promised[i])))
			fail_msg("%s", promised[i]);
}

static void spells_nothing_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count(); i++) {
		const struct option_row *row = option_at(i);

		assert_ptr_equal(option_find(row->name, strlen(row->name)), row);
		if (row->other)
			assert_ptr_equal(option_find(row->other, strlen(row->other)),
					 row);
	}
}

/* A value that is proposed, and the line in which it must be taken. */
struct proposing {
	const struct option_row *row;
	enum command command;
	const char *listed; /* what "help" printed */
};

static void takes_value(const char *value, const char *about, void *arg)
{
	static const char *const arguments[COMMAND_COUNT] = {
		[COMMAND_SCAN] = "srv1 --resume j --directory d",
		[COMMAND_CHECK] = "srv1",
		[COMMAND_DISCOVER] = "",
		[COMMAND_POLICY] = "srv1 --directory d",
		[COMMAND_REPORT] = "j",
		[COMMAND_DIFF] = "a b",
	};
	const struct proposing *p = arg;
	struct options o;
	char line[200];

	(void)about;
	if (strncmp(p->listed, value, strlen(value)) != 0) {
		snprintf(line, sizeof line, "\n%s", value);
		assert_non_null(strstr(p->listed, line));
	}
	snprintf(line, sizeof line, "lsasweep %s %s %s %s", command_word(p->command),
		 p->row->name, value, arguments[p->command]);
	if (parse(&o, 2, line) != OPTIONS_RUN)
		fail_msg("%s: %s", line, told);
	options_free(&o);
}

static void takes_every_value_that_help_lists(void **state)
{
	static char listed[sizeof told];
	struct options o;
	unsigned lists = 0;
	char line[200];

	(void)state;
	for (size_t i = 0; i < option_count(); i++)
		for (unsigned c = 0; c < COMMAND_COUNT; c++) {
			struct proposing p = { option_at(i), (enum command)c, listed };

			if (!(p.row->commands & 1u << c) ||
			    option_value_find(p.row, p.command, "", 0) == 0)
				continue;
			snprintf(line, sizeof line, "lsasweep %s %s help",
				 command_word(p.command), p.row->name);
			assert_int_equal(parse(&o, 1, line), OPTIONS_ENOUGH);
			memcpy(listed, told, sizeof listed);
			options_free(&o);
			lists++;
			assert_int_not_equal(option_shape(p.row), VALUE_ANY);
			option_values(p.row, p.command, takes_value, &p);
		}
	/* -o of four commands, --baseline and --fail-on of two, -r, --smb, --retry,
	 * --include */
	assert_true(lists >= 14);
}

/* The bare name: fish writes "-l retry" for --retry. */
static void every_script_knows_every_option(void **state)
{
	static const char *const lines[] = {
		"lsasweep completion bash",
		"lsasweep completion zsh",
		"lsasweep completion fish",
		"lsasweep help man",
	};
	struct options o;

	(void)state;
	for (size_t l = 0; l < sizeof lines / sizeof *lines; l++) {
		assert_int_equal(parse(&o, 1, lines[l]), OPTIONS_ENOUGH);
		for (size_t i = 0; i < option_count(); i++) {
			const char *name = option_at(i)->name;
			const char *part = strrchr(name, '-') + 1;

			if (!strstr(told, part))
				fail_msg("%s: %s", lines[l], name);
		}
		options_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_defaults),
		cmocka_unit_test(takes_every_spelling),
		cmocka_unit_test(refuses_with_a_reason),
		cmocka_unit_test(
			a_version_probe_is_made_unless_ntlm_or_the_probe_is_unwanted),
		cmocka_unit_test(usage_shows_examples),
		cmocka_unit_test(help_names_every_option),
		cmocka_unit_test(has_every_promised_option),
		cmocka_unit_test(spells_nothing_twice),
		cmocka_unit_test(takes_every_value_that_help_lists),
		cmocka_unit_test(every_script_knows_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
