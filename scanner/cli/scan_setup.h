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
#include "scanner/targets/targets.h"

enum { UUID_TEXT = 37 };

struct scan_setup {
	char sweep_id[UUID_TEXT];
	struct kdc_link *kdc;
	struct identities identities;
	struct targets_options canary_options;
	struct targets *canary_targets; /* one, which `canary` borrows from */
	struct target canary;
	struct sweep_inputs sweep; /* points into this */
};

/* Providers for `credentials`, whose passwords are wiped then, and everything of
 * `a->sweep`.  False: it was said on stderr. */
bool scan_setup_open(struct scan_setup *a, const struct options *o,
		     struct credentials *credentials);
void scan_setup_close(struct scan_setup *a);

#endif
