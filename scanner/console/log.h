/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - one line on stderr: "HOST: STEP: what (STATUS)".
 *
 * Loop's thread only.  What is printed may come from a host: it is made harmless for
 * terminals here.  Never give it a secret.
 */
#ifndef SCANNER_CONSOLE_LOG_H
#define SCANNER_CONSOLE_LOG_H

#include "report/facts/facts.h"

enum log_level {
	LOG_ERRORS,   /* what ends the run or makes its answer incomplete */
	LOG_WARNINGS, /* the default: what a reader should know */
	LOG_STEPS,    /* -v: every step of every host */
};

/* Lines above `level` are dropped. */
void log_set_level(enum log_level level);
/* Called before each line, so that a progress line can be taken away; NULL: none. */
void log_set_before(void (*before)(void *arg), void *arg);
/* `host` and `step` may be NULL. */
void log_say(enum log_level level, const char *host, const char *step, const char *format,
	     ...) __attribute__((format(printf, 4, 5)));
/* How a host ended, in one line: quiet about `answered` unless LOG_STEPS. */
void log_host(const struct facts *facts);

#endif
