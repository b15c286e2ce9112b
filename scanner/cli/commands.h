/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands.h - what each word after `lsasweep` does.  Each returns the exit status
 * (exit_code.h); what was asked for goes to stdout, everything else to stderr.
 */
#ifndef SCANNER_CLI_COMMANDS_H
#define SCANNER_CLI_COMMANDS_H

#include "scanner/cli/options.h"

/* The command that `o` names, once no output would destroy an input. */
int command_run(const struct options *o);

int command_scan(const struct options *o);
int command_check(const struct options *o);
int command_discover(const struct options *o);
int command_policy(const struct options *o);
int command_report(const struct options *o);
int command_diff(const struct options *o);
int command_explain(const struct options *o);
int command_baseline(const struct options *o);

/* "lsasweep: WHAT" on stderr, made harmless for a terminal; returns EXIT_USAGE. */
int command_fails(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `code` when all of stdout was written, or its reader had seen enough (a closed pipe);
 * otherwise told on stderr, and EXIT_USAGE. */
int command_flushes(int code);

#endif
