/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - lsasweep: asks every Windows host of a domain who holds each user right.
 *
 * Prepares the process, then hands over to the command: nothing else is done here.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/login/crash.h"

/* A descriptor of ours must never become 0, 1 or 2, where others read and write. */
static void open_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(EXIT_USAGE);
}

static void prepare_process(void)
{
	open_standard_streams();
	credentials_harden();
	/* What is written may tell who holds what. */
	umask(077);
	/* A reader or a host that left is an error code, not a death; nor is a file that
	 * may not grow any further. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* For commands that talk to hosts; a crash of another one is that of any program. */
static void contain_crashes(void)
{
	char last[300];

	snprintf(last, sizeof last,
		 "lsasweep: the program crashed; what the journal holds stays valid\n"
		 "lsasweep: exit %d: %s\n",
		 EXIT_INCOMPLETE, exit_code_words(EXIT_INCOMPLETE));
	crash_contain(EXIT_INCOMPLETE, last);
}

static int run(const struct options *o)
{
	if (o->command == COMMAND_SCAN || o->command == COMMAND_CHECK ||
	    o->command == COMMAND_DISCOVER || o->command == COMMAND_POLICY)
		contain_crashes();
	return command_run(o);
}

/* explain judges nothing, a quiet success needs no words, and a difference is no
 * violation. */
static void tell(const struct options *o, int code)
{
	bool quiet = (o->settings.quiet || o->list_only) && code == EXIT_COMPLIANT;

	if (o->command == COMMAND_SCAN || o->command == COMMAND_REPORT) {
		if (!quiet)
			exit_code_tell(code);
	} else if (code >= EXIT_USAGE) {
		exit_code_tell(code);
	}
}

int main(int argc, char **argv)
{
	struct options o;
	int code = EXIT_USAGE;

	prepare_process();
	switch (options_parse(&o, argc, argv)) {
	case OPTIONS_ENOUGH:
		code = fflush(stdout) == 0 ? EXIT_COMPLIANT : EXIT_USAGE;
		break;
	case OPTIONS_RUN:
		code = run(&o);
		tell(&o, code);
		break;
	case OPTIONS_WRONG:
		break;
	}
	options_free(&o);
	return code;
}
