/* SPDX-License-Identifier: Apache-2.0 */
/*
 * advice.h - from what went wrong to the likely cause and the mend, in plain words.
 *
 * One table; the first row that fits an outcome, its code, its step and its text wins,
 * so rows go from the particular to the general and every outcome has a general one.
 */
#ifndef SCANNER_CLI_ADVICE_H
#define SCANNER_CLI_ADVICE_H

#include <stdbool.h>

#include "report/facts/facts.h"
#include "rpc/wire/fault.h"

struct advice {
	const char *cause, *mend; /* static; lower case, no full stop */
};

/* False: the host answered, there is nothing to mend. */
bool advice_for_host(const struct facts *f, struct advice *advice);
/* For rights that were denied or failed on a host that answered.  False: none was. */
bool advice_for_rights(const struct facts *f, struct advice *advice);
/* The mend of a fault that came before any host. */
const char *advice_for_fault(const struct fault *fault);

#endif
