/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_setup.h - what `scan` and `check` have in common: from options to a sweep.
 */
#ifndef SCANNER_CLI_SCAN_SETUP_H
#define SCANNER_CLI_SCAN_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/cli/identities.h"
#include "scanner/cli/options.h"
#include "scanner/sweep/sweep.h"

enum { SCAN_SETUP_RIGHTS_MAX = 64, UUID_TEXT = 37 };

struct scan_setup {
	const char *rights[SCAN_SETUP_RIGHTS_MAX];
	size_t right_count;
	char sweep_id[UUID_TEXT];
	struct identities identities;
	struct sweep_options sweep; /* points into this */
};

/* Names, globs and lists of the options as rights of the catalogue, each once.  False:
 * told on stderr. */
bool scan_setup_rights(struct scan_setup *a, const struct options *o);
/* Providers for `credentials`, whose passwords are wiped then, and everything of
 * `a->sweep`.  scan_setup_rights() came first. False: told on stderr. */
bool scan_setup_open(struct scan_setup *a, const struct options *o,
		     struct credentials *credentials);
void scan_setup_close(struct scan_setup *a);

#endif
