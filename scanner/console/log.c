/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/console/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "report/text/escape.h"

static enum log_level shown = LOG_WARNINGS;
static void (*before_line)(void *arg);
static void *before_arg;

void log_set_level(enum log_level level)
{
	shown = level;
}

void log_set_before(void (*before)(void *arg), void *arg)
{
	before_line = before;
	before_arg = arg;
}

static void prefix(const char *text)
{
	if (!text)
		return;
	escape_terminal(stderr, text);
	fputs(": ", stderr);
}

void log_say(enum log_level level, const char *host, const char *step, const char *format,
	     ...)
{
	char text[1024];
	va_list args;

	if (level > shown)
		return;
	if (before_line)
		before_line(before_arg);
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	prefix(host);
	prefix(step);
	escape_terminal(stderr, text);
	fputc('\n', stderr);
}

void log_host(const struct facts *facts)
{
	const struct fact_error *error = &facts->error;
	const char *step = error->step ? error->step : facts->step;
	const char *text = error->text ? error->text
				       : host_outcome_sentence(facts->outcome);

	if (error->code)
		log_say(LOG_STEPS, facts->host, step, "%s: %s (%s)",
			host_outcome_word(facts->outcome), text, error->code);
	else
		log_say(LOG_STEPS, facts->host, step, "%s: %s",
			host_outcome_word(facts->outcome), text);
}
