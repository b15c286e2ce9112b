/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_list.h - `scan -sL`: what would be asked, as a target list on stdout.
 */
#ifndef SCANNER_CLI_SCAN_LIST_H
#define SCANNER_CLI_SCAN_LIST_H

#include "scanner/cli/options.h"
#include "scanner/targets/targets.h"

struct directory_feed;

/* `directory` is the source of targets that logs on, or NULL.  Lists all of `targets`,
 * the hosts of services by their names; asks name servers and no host.  The exit code. */
int scan_list(const struct options *o, struct targets *targets,
	      const struct credentials *credentials, struct directory_feed *directory);
/* How many lines were passed over, on stderr, if any were. */
void scan_say_skipped(const struct targets *targets);

#endif
