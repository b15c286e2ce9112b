/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/text/escape.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/file_uses.h"

int command_run(const struct options *o)
{
	static int (*const commands[COMMAND_COUNT])(const struct options *o) = {
		[COMMAND_SCAN] = command_scan,
		[COMMAND_CHECK] = command_check,
		[COMMAND_DISCOVER] = command_discover,
		[COMMAND_POLICY] = command_policy,
		[COMMAND_REPORT] = command_report,
		[COMMAND_DIFF] = command_diff,
		[COMMAND_EXPLAIN] = command_explain,
		[COMMAND_BASELINE] = command_baseline,
	};

	return file_uses_check(o) ? commands[o->command](o) : EXIT_USAGE;
}

int command_fails(const char *format, ...)
{
	char text[1200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	fputs("lsasweep: ", stderr);
	escape_terminal(stderr, text);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

int command_flushes(int code)
{
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return code;
	return command_fails("stdout cannot be written: %s", strerror(errno));
}
