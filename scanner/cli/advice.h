/* SPDX-License-Identifier: Apache-2.0 */
/*
 * advice.h - from what went wrong to the likely cause and the remediation, in plain
 * words.
 *
 * One table; the first row that fits an outcome, its NTSTATUS and its reason wins, so
 * rows go from the particular to the general and every outcome has a general one.
 */
#ifndef SCANNER_CLI_ADVICE_H
#define SCANNER_CLI_ADVICE_H

#include <stdbool.h>

#include "report/facts/facts.h"
#include "rpc/wire/fault.h"

struct advice {
	const char *cause, *remediation; /* static; lower case, no full stop */
};

/* False: the host answered, and there is nothing to advise. */
bool advice_for_host(const struct facts *f, struct advice *advice);
/* For rights that were denied or failed on a host that answered.  False: none was. */
bool advice_for_rights(const struct facts *f, struct advice *advice);
/* Each cause that is known of an outcome, the general one last. */
void advice_each(enum host_outcome outcome,
		 void (*fn)(const struct advice *advice, void *arg), void *arg);
/* The remediation of a fault that came before any host: static. */
const char *advice_for_fault(const struct fault *fault);

#endif
