/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discover_setup.h - what `discover` and `scan --domain` have in common: from options to
 * a reading of Active Directory.
 */
#ifndef SCANNER_CLI_DISCOVER_SETUP_H
#define SCANNER_CLI_DISCOVER_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/cli/identities.h"
#include "scanner/cli/options.h"
#include "scanner/discover/discover.h"

/* Which computers are in scope by today. */
struct computer_rules discover_setup_rules(const struct options *o);
/* The file of authorities that --ldaps trusts; NULL: no TLS. */
const char *discover_setup_ca(const struct options *o);
/* Everything but the events; it borrows from both.  False with `why`: nothing names a
 * domain, or the authorities cannot be read. */
bool discover_setup(struct discover_options *out, const struct options *o,
		    const struct identities *identities, char *why, size_t why_size);

/* Before the first byte of a domain controller: gives up everything but what a result
 * needs, which is written beside its name. */
void discover_setup_sandbox(const struct options *o);

#endif
