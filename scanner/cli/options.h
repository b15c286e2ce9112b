/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - the command line: one table of flags, from which usage is printed too.
 *
 * To add an option, add a field to `struct options` and a row to the table in
 * options_table.c; parsing, ranges, messages and --help follow from the row.
 */
#ifndef SCANNER_CLI_OPTIONS_H
#define SCANNER_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report/directory/computer.h"
#include "scanner/login/credentials.h"
#include "scanner/settings/settings.h"
#include "scanner/targets/targets.h"

/* X(constant, word, arguments, what it does) */
#define COMMANDS(X)                                                                   \
	X(COMMAND_SCAN, "scan", "TARGET...",                                          \
	  "Ask hosts who holds each right; assess and report")                        \
	X(COMMAND_CHECK, "check", "HOST", "Ask one host and show each step")          \
	X(COMMAND_DISCOVER, "discover", "", "Read the computers of Active Directory") \
	X(COMMAND_POLICY, "policy", "COMPUTER...",                                    \
	  "Show which Group Policy sets each right on a computer")                    \
	X(COMMAND_REPORT, "report", "FILE...", "Assess recorded facts again")         \
	X(COMMAND_DIFF, "diff", "OLD NEW", "Show what changed between two journals")  \
	X(COMMAND_EXPLAIN, "explain", "[TOPIC]",                                      \
	  "Explain a right, an outcome, a principal or a finding")                    \
	X(COMMAND_BASELINE, "baseline", "list|show",                                  \
	  "List the shipped baselines, or print one as JSON")

#define X(constant, word, arguments, what) constant,
enum command { COMMANDS(X) COMMAND_COUNT };
#undef X

/* What makes the exit code other than 0.  X(constant, word, about) */
#define FAIL_ONS(X)                                       \
	X(FAIL_ON_NONE, "none", "nothing that was found") \
	X(FAIL_ON_VIOLATION, "violation", "a violation")  \
	X(FAIL_ON_INCOMPLETE, "incomplete", "a violation, or a host that is not assessed")

#define X(constant, word, about) constant,
enum fail_on { FAIL_ONS(X) FAIL_ON_COUNT };
#undef X

/* A growing list of strings, borrowed from argv; a NULL stands behind the last. */
struct option_list {
	const char **at;
	size_t count, room;
};

struct options {
	enum command command;
	char *const *argv;            /* the whole command line */
	struct option_list arguments; /* what is no option */

	/* targets */
	struct option_list target_files, excludes, exclude_files;
	bool list_only; /* -sL */
	bool skip_bad_lines;
	uint16_t port;
	struct shard shard;

	/* Active Directory */
	const char *domain, *ldap_filter;
	const char *directory; /* a recorded one */
	struct option_list controllers, bases;
	struct option_list what_if; /* changes of policies (policy_change.h) */
	bool forest, ldaps;
	bool no_policy;            /* leave Group Policy out of the record */
	const char *ca_file;       /* for `ldaps`; NULL: the system's */
	uint32_t stale_days;       /* 0: nothing is stale */
	computer_reasons included; /* of what is left out by default */

	/* credentials and protection */
	struct credentials_options credentials;
	bool no_version_probe;
	const char *canary; /* a host; NULL: any is good enough */

	/* how a sweep asks; its lists are the two below, complete after parsing */
	struct settings settings;
	struct option_list rights; /* names of the catalogue, each once */
	struct option_list dns_servers;

	/* where the facts are kept, how they are assessed and shown */
	const char *journal, *resume;
	bool retry[HOST_OUTCOME_COUNT]; /* not final when resuming */
	bool retry_given;
	struct option_list outputs, baselines; /* never empty */
	struct option_list waivers;            /* files */
	bool full;                             /* the text report has everything */
	enum fail_on fail_on;
};

enum options_next {
	OPTIONS_RUN,    /* go on with `command` */
	OPTIONS_ENOUGH, /* help, version or a list was printed on stdout: exit 0 */
	OPTIONS_WRONG,  /* the error is on stderr: exit 2 */
};

/* Parse the whole command line; `o` is filled with defaults first and freed by
 * options_free() in every case. */
enum options_next options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

/* False: out of memory. */
bool option_list_add(struct option_list *list, const char *text);

/* All of --help for one command, or for the program with COMMAND_COUNT. */
void options_help(FILE *out, enum command command);
/* What is printed when nothing was asked. */
void options_usage(FILE *out);

#endif
