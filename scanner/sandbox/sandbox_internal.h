/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox_internal.h - the sandbox's layers beside Landlock; nobody else includes it.
 */
#ifndef SCANNER_SANDBOX_SANDBOX_INTERNAL_H
#define SCANNER_SANDBOX_SANDBOX_INTERNAL_H

#include <stdbool.h>

/* Let the kernel refuse calls that only an intruder would make, with EPERM, to all
 * threads.  0, or the errno. */
int sandbox_refuse_calls(void);
/* Would a path that is there be closed to us (R_OK, W_OK, X_OK) but for root's
 * capabilities? */
bool sandbox_needs_capabilities(const char *path, int mode);
/* All, or all but those that use files of other users.  0, or the errno. */
int sandbox_drop_capabilities(bool keep_for_files);

#endif
