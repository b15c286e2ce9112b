/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_report.c - facts of journals judged again.
 */
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/report_setup.h"
#include "scanner/cli/report_sources.h"
#include "scanner/sandbox/sandbox.h"

static int make(struct report_setup *r, const struct report_sources *sources,
		const struct options *o)
{
	struct sandbox box;
	int code;

	sandbox_begin(&box);
	report_setup_allow(r, sources->at, sources->count, &box);
	sandbox_enter(&box);
	if (!report_setup_make(r, sources->at, sources->count, &code))
		return EXIT_USAGE;
	return exit_code_at(code, o->fail_on);
}

int command_report(const struct options *o)
{
	struct report_sources sources;
	struct report_setup r;
	int code = EXIT_USAGE;

	if (!report_setup_open(&r, o))
		return EXIT_USAGE;
	if (report_sources_open(&sources, o->arguments.at, o->arguments.count,
				o->target_files.at, o->target_files.count))
		code = make(&r, &sources, o);
	report_sources_close(&sources);
	report_setup_close(&r);
	return code;
}
