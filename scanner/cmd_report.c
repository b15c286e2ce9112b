/*
 * cmd_report.c - facts of journals judged again.
 */
#include "scanner/commands.h"
#include "scanner/exit_code.h"
#include "scanner/reporting.h"
#include "scanner/sandbox.h"

int command_report(const struct options *o)
{
	struct reporting r;
	struct sandbox box;
	int code = EXIT_USAGE;

	if (!reporting_open(&r, o))
		return EXIT_USAGE;
	sandbox_begin(&box);
	reporting_allow(&r, o->arguments.at, o->arguments.count, &box);
	sandbox_enter(&box);
	if (reporting_make(&r, o->arguments.at, o->arguments.count, &code))
		code = exit_code_at(code, o->fail_on);
	else
		code = EXIT_USAGE;
	reporting_close(&r);
	return code;
}
