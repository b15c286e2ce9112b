/* SPDX-License-Identifier: Apache-2.0 */
/*
 * temporary_file.h - temporary files without a name, for what must be read again.
 *
 * They are opened before the process gives up the folder they lie in.
 */
#ifndef REPORT_FILES_TEMPORARY_FILE_H
#define REPORT_FILES_TEMPORARY_FILE_H

#include <stddef.h>
#include <stdio.h>

/* Open `count` more of them beforehand, as far as they are to be had. */
void temporary_file_prepare(size_t count);
/* One of these, or one made now; the caller closes it.  NULL with errno. */
FILE *temporary_file_take(void);

#endif
