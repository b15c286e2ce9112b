/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output_path.h - whether the way to a file is ours, where folders are shared by all
 * users.
 *
 * In a folder that all may write to, such as /tmp, somebody else may have planted a
 * link, a pipe or a file under the name that we are about to write: it would take what
 * we write to another place, or let others read it.
 */
#ifndef REPORT_FILES_OUTPUT_PATH_H
#define REPORT_FILES_OUTPUT_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* False when a part of `path` that lies in a folder all may write to belongs to somebody
 * else than us, root or the owner of that folder, or is a file with a second name; then
 * `why` names that part and the reason.  What does not exist yet is fine. */
bool output_path_is_ours(const char *path, char *why, size_t why_size);

#endif
