/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox.h - once everything is open, the process gives up what it no longer needs.
 *
 * A parser that a hostile host managed to subvert should find a process that can start
 * no program, ask no local daemon to start one, touch no other process, read none of the
 * user's files and write nothing but this sweep's results.  Landlock's rules hold for all
 * below a folder, too: where a result gets its name, files can be removed and empty ones
 * made, and none opened.  Three layers, each of them by itself:
 * Landlock for files and listening, a filter of system calls (libseccomp), and no
 * capabilities (but those by which root uses files of other users, where it was asked
 * to).  Where the kernel lacks one the others hold, and -v tells of it; nothing here ever
 * ends a sweep.
 *
 * What name look-ups, Kerberos, GSSAPI's mechanisms and OpenSSL read later stays
 * readable: /etc, /usr, libraries, and what their environment variables name.  Tickets
 * and keys do not: they were read before.
 *
 * Threads inherit it: enter before the first one starts.  It cannot be left again.
 */
#ifndef SCANNER_SANDBOX_SANDBOX_H
#define SCANNER_SANDBOX_SANDBOX_H

#include <stdbool.h>

struct sandbox {
	int ruleset; /* Landlock's; -1: this kernel has none */
	int version; /* of Landlock's interface */
	bool others; /* root was asked to use files of other users */
};

/* sandbox_enter() must follow. */
void sandbox_begin(struct sandbox *s);
/* A file, or a folder with all in it, that is read later.  What is not there is passed
 * over, here and below. */
void sandbox_allow_read(struct sandbox *s, const char *path);
/* A result that is written beside its name; or a pipe or a device that is written, as is
 * what a link leads to. */
void sandbox_allow_output(struct sandbox *s, const char *path);
/* A result that is written already, or to a file without a name: it gets its name in its
 * folder, which nothing else there is opened for. */
void sandbox_allow_naming(struct sandbox *s, const char *path);
/* A folder of temporary files, to be filled and removed. */
void sandbox_allow_scratch(struct sandbox *s, const char *folder);
/* From here on for this thread and all that it starts. */
void sandbox_enter(struct sandbox *s);

#endif
