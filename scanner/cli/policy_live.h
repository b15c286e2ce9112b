/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_live.h - Group Policy read from Active Directory for `policy`, without a record.
 */
#ifndef SCANNER_CLI_POLICY_LIVE_H
#define SCANNER_CLI_POLICY_LIVE_H

#include "scanner/cli/options.h"
#include "scanner/cli/policy_source.h"

/* Reads it and makes `s` ready, which is begun already.  Returns an exit code:
 * EXIT_COMPLIANT, EXIT_INCOMPLETE where only part of it could be read, and others where
 * there is nothing to answer from; whatever went wrong is said on stderr.  `*ready`: `s`
 * can be asked. */
int policy_live_read(struct policy_source *s, const struct options *o, bool *ready);

#endif
