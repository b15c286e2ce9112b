/* SPDX-License-Identifier: Apache-2.0 */
/*
 * derived_sid.h - the SIDs that are hashes of names: services and application pools.
 *
 * [MS-DTYP] 2.4.2.4: S-1-5-80- and the SHA-1 of the service's name in upper case;
 * S-1-5-82- and that of the application pool's in lower case; UTF-16LE, five numbers of
 * 32 bits.  Names outside of ASCII have none here: how Windows folds their letters is not
 * in any specification.
 */
#ifndef REPORT_FACTS_DERIVED_SID_H
#define REPORT_FACTS_DERIVED_SID_H

#include <stdbool.h>

enum { DERIVED_SID_MAX = 72 }; /* with the NUL */

/* "NT SERVICE\\W3SVC" and "IIS APPPOOL\\Shop", without regard to case, into `sid`.
 * False: a name of another domain, or one that has no SID here. */
bool derived_sid(const char *name, char sid[static DERIVED_SID_MAX]);

#endif
