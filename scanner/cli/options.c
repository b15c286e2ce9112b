/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - reads argv by the table.
 */
#include "scanner/cli/options.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/policy_change.h"
#include "report/text/escape.h"
#include "report/text/wrap.h"
#include "scanner/cli/completion.h"
#include "scanner/cli/report_sources.h"

/* The words that are left to read. */
struct arguments {
	char **at;
	int left;
};

static const char *take(struct arguments *a)
{
	if (a->left == 0)
		return NULL;
	a->left--;
	return *a->at++;
}

static enum options_next wrong(const struct options *o, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One line on stderr, and where to read more. */
static enum options_next wrong(const struct options *o, const char *format, ...)
{
	bool any = o->command != COMMAND_COUNT;
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	fputs("lsasweep: ", stderr);
	escape_terminal(stderr, line);
	fprintf(stderr, "; see lsasweep %s%s--help\n",
		any ? command_word(o->command) : "", any ? " " : "");
	return OPTIONS_WRONG;
}

static enum options_next unknown(const struct options *o, const char *name, size_t len)
{
	static const char *const passwords[] = { "--password", "-P", "--pass", "-W" };
	const char *near = option_near(name, len, o->command);

	for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++)
		if (strlen(passwords[i]) == len && memcmp(passwords[i], name, len) == 0)
			return wrong(o,
				     "%.*s: no option takes a password; use -A FILE, "
				     "LSASWEEP_PASSWORD or the prompt",
				     (int)len, name);
	if (near)
		return wrong(o, "%.*s: no such option; did you mean %s?", (int)len, name,
			     near);
	return wrong(o, "%.*s: no such option", len < 60 ? (int)len : 60, name);
}

static void on_value(const char *value, const char *about, void *arg)
{
	enum { ABOUT = 28, WIDTH = 80 };
	int column = printf(about ? "%s " : "%s\n", value);

	(void)arg;
	if (!about)
		return;
	printf("%*s", column < ABOUT ? ABOUT - column : 0, "");
	wrap_words(stdout, about, WIDTH, ABOUT,
		   (size_t)(column < ABOUT ? ABOUT : column));
}

/* "-o help": what may stand behind the option.  False: its values are no closed list. */
static bool put_values(const struct options *o, const struct option_row *row)
{
	return option_values(row, o->command, on_value, NULL) > 0;
}

static enum options_next apply(struct options *o, const struct option_row *row,
			       const char *name, const char *value)
{
	char why[200];

	if (value && strcmp(value, "help") == 0 && put_values(o, row))
		return OPTIONS_ENOUGH;
	if (!row->set) {
		if (strcmp(row->name, "-V") == 0)
			puts("lsasweep " LSASWEEP_VERSION);
		else
			options_help(stdout, o->command);
		return OPTIONS_ENOUGH;
	}
	if (row->set(o, row, value, why, sizeof why))
		return OPTIONS_RUN;
	return wrong(o, "%s: \"%.80s\": %s", name, value, why);
}

static bool is_option(const char *word)
{
	const char *equals = strchr(word, '=');

	return word[0] == '-' &&
	       option_find(word, equals ? (size_t)(equals - word) : strlen(word));
}

/* `value` NULL: it is the next word. */
static enum options_next take_option(struct options *o, struct arguments *a,
				     const struct option_row *row, const char *name,
				     const char *value)
{
	if (!(row->commands & 1u << o->command))
		return wrong(o, "%s: not an option of %s", name,
			     command_word(o->command));
	if (!row->argument && value)
		return wrong(o, "%s: \"%.80s\": it takes no value", name, value);
	if (row->argument && !value) {
		if (a->left == 0 || is_option(*a->at))
			return wrong(o, "%s: expected %s after it%s", name, row->argument,
				     strcmp(row->argument, "D") == 0
					     ? ", such as 500ms, 4s, 2m or 1h"
					     : "");
		value = take(a);
	}
	return apply(o, row, name, value);
}

/* "-kqc64": flags, and the last may have its value behind it. */
static enum options_next take_cluster(struct options *o, struct arguments *a,
				      const char *word)
{
	for (const char *p = word + 1; *p; p++) {
		char name[] = { '-', *p, '\0' };
		const struct option_row *row = option_find(name, 2);
		const char *value = p[1] == '=' ? p + 2 : p + 1;
		enum options_next next;

		if (!row)
			return unknown(o, p == word + 1 ? word : name,
				       p == word + 1 ? strlen(word) : 2);
		if (row->argument)
			return take_option(o, a, row, name, p[1] ? value : NULL);
		next = take_option(o, a, row, name, NULL);
		if (next != OPTIONS_RUN)
			return next;
	}
	return OPTIONS_RUN;
}

static enum options_next take_word(struct options *o, struct arguments *a,
				   const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	const struct option_row *row = option_find(word, len);
	char name[40];

	if (word[0] != '-' || word[1] == '\0')
		return option_list_add(&o->arguments, word) ? OPTIONS_RUN
							    : wrong(o, "out of memory");
	if (!row && word[1] != '-')
		return take_cluster(o, a, word);
	if (!row)
		return unknown(o, word, len);
	snprintf(name, sizeof name, "%.*s", (int)len, word);
	return take_option(o, a, row, name, equals ? equals + 1 : NULL);
}

static enum options_next take_words(struct options *o, struct arguments *a)
{
	const char *word;

	while ((word = take(a))) {
		enum options_next next;

		if (strcmp(word, "--") == 0)
			break;
		next = take_word(o, a, word);
		if (next != OPTIONS_RUN)
			return next;
	}
	while ((word = take(a)))
		if (!option_list_add(&o->arguments, word))
			return wrong(o, "out of memory");
	return OPTIONS_RUN;
}

/* Computers of Active Directory are targets. */
static bool reads_directory(const struct options *o)
{
	return o->domain || o->forest;
}

/* What follows from several options: the settings are whole from here on. */
static void settle(struct options *o)
{
	struct settings *s = &o->settings;

	s->rights = o->rights.at;
	s->right_count = o->rights.count;
	s->dns_servers = o->dns_servers.count ? o->dns_servers.at : NULL;
	s->session_probe = !o->credentials.no_ntlm && !o->no_version_probe;
	o->credentials.names_only = o->list_only && !reads_directory(o);
	if (o->command != COMMAND_CHECK)
		return;
	/* One host, whose steps are the progress. */
	s->in_flight = 1;
	s->retries = 0;
	s->quiet = true;
}

static enum options_next check_directory(const struct options *o)
{
	const struct {
		bool given;
		const char *option;
	} narrower[] = { { o->controllers.count > 0, "--dc" },
			 { o->ldaps, "--ldaps" },
			 { o->bases.count > 0, "--base" },
			 { o->ldap_filter != NULL, "--ldap-filter" } };

	for (size_t i = 0; i < sizeof narrower / sizeof *narrower; i++)
		if (narrower[i].given && !reads_directory(o))
			return wrong(o, "%s: only together with --domain or --forest",
				     narrower[i].option);
	if (o->directory && reads_directory(o))
		return wrong(o,
			     "--directory: \"%.80s\": the computers come from there or "
			     "from --domain and --forest; leave one of them out",
			     o->directory);
	if (o->included && !o->directory && !reads_directory(o))
		return wrong(o, "--include: only together with --domain, --forest or "
				"--directory");
	return OPTIONS_RUN;
}

static enum options_next check_trust(const struct options *o)
{
	return o->ca_file && !o->ldaps ? wrong(o, "--ca: only together with --ldaps")
				       : OPTIONS_RUN;
}

/* What only the whole command line shows. */
static enum options_next check_scan(const struct options *o)
{
	enum options_next next = check_directory(o);

	if (next != OPTIONS_RUN)
		return next;
	next = check_trust(o);
	if (next != OPTIONS_RUN)
		return next;
	if (o->arguments.count == 0 && o->target_files.count == 0 && !o->directory &&
	    !reads_directory(o))
		return wrong(o, "scan: expected a TARGET, -iL FILE, --domain D or "
				"--directory FILE");
	if (o->retry_given && !o->resume)
		return wrong(o, "--retry: only together with --resume");
	if (o->journal && o->resume && strcmp(o->journal, o->resume) != 0)
		return wrong(o,
			     "--journal: \"%.80s\": --resume goes on in its own file; "
			     "leave one of them out",
			     o->journal);
	return OPTIONS_RUN;
}

static enum options_next check_baseline(const struct options *o)
{
	const char *what = o->arguments.count ? o->arguments.at[0] : "";
	bool list = strcmp(what, "list") == 0, show = strcmp(what, "show") == 0;

	if ((list && o->arguments.count == 1) || (show && o->arguments.count == 2))
		return OPTIONS_RUN;
	if (list)
		return wrong(o, "baseline list: \"%.60s\": expected nothing behind it",
			     o->arguments.at[1]);
	if (show)
		return wrong(o, "baseline show: expected one NAME, as \"baseline list\" "
				"has it");
	return wrong(o, "baseline: \"%.60s\": expected list or show NAME", what);
}

static enum options_next check_policy(const struct options *o)
{
	struct policy_change change;
	char why[300];

	if (o->arguments.count == 0 && o->what_if.count == 0)
		return wrong(o, "policy: expected a COMPUTER");
	if (o->what_if.count && (!o->directory || strcmp(o->directory, "-") == 0))
		return wrong(o, "--what-if: only together with --directory FILE");
	for (size_t i = 0; i < o->what_if.count; i++)
		if (!policy_change_parse(o->what_if.at[i], &change, why, sizeof why))
			return wrong(o, "--what-if: %s", why);
	if (o->directory && (reads_directory(o) || o->controllers.count || o->ldaps))
		return wrong(o,
			     "--directory: \"%.80s\": it is read instead of Active "
			     "Directory; leave --domain, --forest, --dc and --ldaps out",
			     o->directory);
	return check_trust(o);
}

static enum options_next check_whole(const struct options *o)
{
	size_t n = o->arguments.count;

	switch (o->command) {
	case COMMAND_SCAN:
		return check_scan(o);
	case COMMAND_CHECK:
		return n == 1 ? OPTIONS_RUN : wrong(o, "check: expected one HOST");
	case COMMAND_DISCOVER:
		return n == 0 ? check_trust(o)
			      : wrong(o, "discover: expected no target; --domain "
					 "names the domain");
	case COMMAND_POLICY:
		return check_policy(o);
	case COMMAND_REPORT:
		return n >= 1 || o->target_files.count
			       ? OPTIONS_RUN
			       : wrong(o, "report: expected a FILE");
	case COMMAND_DIFF:
		return report_sources_paths(o->arguments.at, n) == 2
			       ? OPTIONS_RUN
			       : wrong(o, "diff: expected two journals, OLD and NEW");
	case COMMAND_EXPLAIN:
		return n <= 1 ? OPTIONS_RUN : wrong(o, "explain: expected one topic");
	case COMMAND_BASELINE:
		return check_baseline(o);
	case COMMAND_COUNT:
		break;
	}
	return OPTIONS_RUN;
}

static bool find_command(const char *word, enum command *command)
{
#define X(constant, name, arguments, what) \
	if (strcmp(word, name) == 0) {     \
		*command = constant;       \
		return true;               \
	}
	COMMANDS(X)
#undef X
	return false;
}

/* What stands before a command: help, version, or a slip. */
static enum options_next without_command(struct options *o, const char *word)
{
	const struct option_row *row = option_find(word, strlen(word));
	const char *near = command_near(word);
	char known[COMMAND_COUNT * 16];
	size_t len = 0;

	if (row && !row->set)
		return apply(o, row, word, NULL);
	if (word[0] == '-')
		return wrong(o, "%.60s: expected a command first, such as \"scan\"",
			     word);
	if (near)
		return wrong(o, "\"%.60s\": no such command; did you mean %s?", word,
			     near);
	for (unsigned c = 0; c < COMMAND_COUNT; c++)
		len += (size_t)snprintf(known + len, sizeof known - len, "%s%s",
					c ? ", " : "", command_word((enum command)c));
	return wrong(o, "\"%.60s\": no such command; expected one of: %s", word, known);
}

static enum options_next print_completion(const struct options *o, const char *shell)
{
	if (!shell || !completion_write(stdout, shell))
		return wrong(o, "completion: \"%.60s\": expected bash, zsh or fish",
			     shell ? shell : "");
	return OPTIONS_ENOUGH;
}

enum options_next options_parse(struct options *o, int argc, char **argv)
{
	struct arguments a = { argv + 1, argc > 0 ? argc - 1 : 0 };
	enum options_next next;
	const char *word = take(&a);

	options_defaults(o);
	o->argv = argv;
	o->command = COMMAND_COUNT;
	if (!word) {
		options_usage(stderr);
		return OPTIONS_WRONG;
	}
	if (strcmp(word, "completion") == 0)
		return print_completion(o, take(&a));
	if (strcmp(word, "help") == 0) {
		word = take(&a);
		if (word && strcmp(word, "man") == 0) {
			options_man(stdout);
			return OPTIONS_ENOUGH;
		}
		if (word && !find_command(word, &o->command))
			return without_command(o, word);
		options_help(stdout, o->command);
		return OPTIONS_ENOUGH;
	}
	if (!find_command(word, &o->command))
		return without_command(o, word);
	next = take_words(o, &a);
	if (next == OPTIONS_RUN && !options_default_lists(o))
		next = wrong(o, "out of memory");
	if (next != OPTIONS_RUN)
		return next;
	settle(o);
	return check_whole(o);
}

void options_free(struct options *o)
{
	struct option_list *lists[] = {
		&o->arguments, &o->target_files,  &o->excludes,    &o->controllers,
		&o->bases,     &o->exclude_files, &o->dns_servers, &o->rights,
		&o->outputs,   &o->baselines,     &o->waivers,     &o->what_if
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		free(lists[i]->at);
		*lists[i] = (struct option_list){ 0 };
	}
}
