/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_uses.h - which files a command reads and which it writes, so that no output can
 * destroy an input or another output.
 *
 * Two names are one file when device and inode agree, whatever links lead there; names
 * of files that do not exist yet when they stand in one folder under one name.  Pipes,
 * terminals and devices are no files in this sense.  stdin and stdout count where they
 * are redirected from and to files.
 */
#ifndef SCANNER_CLI_FILE_USES_H
#define SCANNER_CLI_FILE_USES_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/cli/options.h"

/* False, said on stderr: an output is also an input or another output, or memory is out.
 * Call it before anything is asked, written or prompted for. */
bool file_uses_check(const struct options *o);

#endif
