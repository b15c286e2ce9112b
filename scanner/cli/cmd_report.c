/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_report.c - facts of journals judged again.
 */
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/report_setup.h"
#include "scanner/sandbox/sandbox.h"

int command_report(const struct options *o)
{
	struct report_setup r;
	struct sandbox box;
	int code = EXIT_USAGE;

	if (!report_setup_open(&r, o))
		return EXIT_USAGE;
	sandbox_begin(&box);
	report_setup_allow(&r, o->arguments.at, o->arguments.count, &box);
	sandbox_enter(&box);
	if (report_setup_make(&r, o->arguments.at, o->arguments.count, &code))
		code = exit_code_at(code, o->fail_on);
	else
		code = EXIT_USAGE;
	report_setup_close(&r);
	return code;
}
