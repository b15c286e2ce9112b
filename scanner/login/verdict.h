/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.h - what a refused login says of the credential, as one table.
 *
 * Only a comparison with the account's secret that went wrong can have raised its
 * bad-password count ([MS-APDS] 3.1.5, [MS-SAMR] 3.1.5.14.6), and few codes say so.  The
 * list is closed: a code that is not in it says nothing, and is handled as silence is.
 * Each row names its source.  NTSTATUS and SEC_E codes come in a SESSION_SETUP, Kerberos
 * errors from a KDC, Win32 errors as the data code of a refused LDAP bind.
 */
#ifndef SCANNER_LOGIN_VERDICT_H
#define SCANNER_LOGIN_VERDICT_H

#include <stddef.h>

#include "rpc/wire/fault.h"

enum verdict {
	VERDICT_NONE,    /* nothing was said of the credential */
	VERDICT_COUNTS,  /* it was refused: by password, or because it is good nowhere */
	VERDICT_LOCKED,  /* the account is locked: not one login more */
	VERDICT_UNKNOWN, /* the host does not know the account and made us a guest */
	VERDICT_REPEATS, /* the password is right, and other hosts will say the same */
	VERDICT_PLACE,   /* the host refused for a reason of its own */
};

struct verdict_row {
	enum fault_space space;
	uint32_t code; /* of CODE_GSS: the KDC's error, [RFC4120] 7.5.9 */
	enum verdict verdict;
	const char *source; /* document and section */
};

/* A fault of another kind than FAULT_LOGON_REFUSED never speaks against a credential. */
enum verdict verdict_of(const struct fault *fault);
/* The i-th row of the table; NULL behind the last. */
const struct verdict_row *verdict_row(size_t i);
/* The krb5 library's code for a KDC's error. */
uint32_t verdict_krb5_code(uint32_t kdc_error);

#endif
