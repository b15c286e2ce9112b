/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_file.h - the file of a journal, before it is one; journal.c alone includes it.
 */
#ifndef SCANNER_JOURNAL_JOURNAL_FILE_H
#define SCANNER_JOURNAL_JOURNAL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define JOURNAL_FILE_EXISTS "exists; go on with it by --resume"

/* As journal_open() has it; a descriptor, or -1 with `why`. */
int journal_file_open(const char *path, char *why, size_t why_size);
/* True when it begins as a journal does, or is empty. */
bool journal_file_is_one(int fd);

#endif
