/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output_file.h - a report on its way to a file or to stdout.
 *
 * A file is written beside its name (NAME.XXXXXX, mode 0600 and what the caller adds)
 * and takes the name only when every byte is on the disk; so a reader sees the old
 * report or the new one, never half of one, and a full disk leaves the old one.
 * A file that was reserved has no name until then, so that a process that gave up the
 * right to open files can still write it.
 * Symbolic links are not followed: a link under the name is refused.  Pipes and devices
 * are written directly, unless somebody else put them there (place.h).
 */
#ifndef REPORT_FILES_OUTPUT_FILE_H
#define REPORT_FILES_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct output_file {
	FILE *stream; /* write here */
	char *path;   /* NULL: stdout */
	char *temporary;
	bool nameless; /* `temporary` is a name that it gets when it is whole */
	int folder;    /* with `nameless`: where it lies */
};

/* `path` NULL or "-" is stdout.  `mode` (0600, 0644) is that of the
 * file, whatever the umask: the program's own is narrow.  On false
 * `why` names the file and the reason, and nothing is left to close. */
bool output_file_open(struct output_file *o, const char *path, mode_t mode, char *why,
		      size_t why_size);
/* True when `path` looks as if it could be written: found before a sweep, a typing error
 * costs nothing.  On false `why` names the file and the reason. */
bool output_file_check(const char *path, mode_t mode, char *why, size_t why_size);
/* True when writing to stdout fails because its reader has seen enough and left. */
bool output_file_is_left(const struct output_file *o);
/* Opens a nameless file for `path`, which the next output_file_open() of that path writes
 * to: all it then needs in the folder is to link and to rename.  False: it is no regular
 * file's path, or this file system cannot; output_file_open() does without. */
bool output_file_reserve(const char *path);
/* Flush, sync, rename.  On false (disk full, closed pipe) the old file still stands. */
bool output_file_commit(struct output_file *o, char *why, size_t why_size);
/* Close and throw away what was written. */
void output_file_abandon(struct output_file *o);

#endif
