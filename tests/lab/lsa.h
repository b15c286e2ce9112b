/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lsa.h - what lsa.c and lookup.c share.
 */
#ifndef LAB_LSA_H
#define LAB_LSA_H

#include "tests/lab/ndr.h"

enum { OPNUM_OPEN_POLICY2 = 44, OPNUM_LOOKUP_SIDS2 = 57 };

/* [MS-LSAT] 3.1.4.10 and 3.1.4.11 */
bool lookup_sids(struct call *c);

#endif
