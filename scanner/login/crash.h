/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash.h - a crash ends a sweep in order: with a valid journal, a sentence on stderr and
 * the exit status of an incomplete sweep.
 *
 * Logins run in libraries that were not all written for hostile hosts.  A thread that
 * makes them is watched: when it crashes it stands still for good and somebody is told,
 * who records its host and ends the sweep.  Any other crash, and one after which the
 * sweep does not come to its end within CRASH_PATIENCE_S seconds (locks or the heap may
 * be broken), ends the process at once.
 *
 * A crash is SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT.  Where a sanitizer has handlers
 * of its own for them they stay, and nothing here is in force.
 */
#ifndef SCANNER_LOGIN_CRASH_H
#define SCANNER_LOGIN_CRASH_H

#include <stdbool.h>

enum { CRASH_PATIENCE_S = 20 };

/* Called by the thread that crashed, in a signal handler, once.  False: nobody can be
 * told, and the process ends at once. */
typedef bool (*crash_fn)(void *arg);

/* From now on; before any other thread starts.  `last_words` (copied, cut to 300 bytes)
 * go to stderr when a process ends at once, with `exit_status`. */
void crash_contain(int exit_status, const char *last_words);
/* Watch this thread.  False: out of memory, it is not watched. */
bool crash_watch(crash_fn crashed, void *arg);
/* Before the thread ends. */
void crash_unwatch(void);
/* The journal has its end: a thread that crashed may stand still for as long as the
 * process needs. */
void crash_survived(void);

#endif
