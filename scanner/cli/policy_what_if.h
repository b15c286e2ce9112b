/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_what_if.h - `policy --what-if`: which rights would change on which computers of
 * a recorded directory, before anybody edits anything.
 */
#ifndef SCANNER_CLI_POLICY_WHAT_IF_H
#define SCANNER_CLI_POLICY_WHAT_IF_H

#include "scanner/cli/options.h"
#include "scanner/cli/policy_outputs.h"

/* Writes what changes to `outputs`; without computers in `o`, of all.  The exit code: 0
 * nothing changes, 1 something does, 2 usage, 3 a computer was not found. */
int policy_what_if(const struct options *o, struct policy_outputs *outputs);

#endif
