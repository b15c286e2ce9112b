/* SPDX-License-Identifier: Apache-2.0 */
/*
 * role.h - from what a host told to the role it plays, and why.
 *
 * Pure.  Order of trust: DSSETUP, server type bits, LSA policy, the directory, the target
 * list's hint.
 * Where two sources disagree the better one wins and the disagreement is said.
 */
#ifndef REPORT_FACTS_ROLE_H
#define REPORT_FACTS_ROLE_H

#include "report/facts/facts.h"

/* Sets role, evidence and conflict of `f` from its raw evidence. */
void facts_conclude_role(struct facts *f);

#endif
