/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resume.h - the command that goes on with a sweep which ended early.
 */
#ifndef SCANNER_CLI_RESUME_H
#define SCANNER_CLI_RESUME_H

/* The command line as it was, with --resume in place of --journal, quoted for a POSIX
 * shell; control bytes as $'\033'.  `argv` ends with NULL.  NULL: out of memory; free()
 * it. */
char *resume_command(char *const *argv);

#endif
