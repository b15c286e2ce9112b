/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/text/escape.h"
#include "scanner/cli/exit_code.h"

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
