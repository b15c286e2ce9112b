/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe.h - the language a simulated domain is described in; README.md beside it
 * has the words.
 */
#ifndef LAB_DESCRIBE_H
#define LAB_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>

/* One line of a description; blank lines and what follows '#' mean nothing.  False: it is
 * not understood, and `complaint` says what. */
bool describe_line(const char *line, char *complaint, size_t room);
/* All lines of a file; complaints go to stderr with file and line. */
bool describe_file(const char *path);

#endif
