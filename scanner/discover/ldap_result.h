/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_result.h - what an LDAP result says, as a fault (RFC 4511 4.1.9, [MS-ADTS]).
 *
 * The server's diagnostic text is its own and hostile; of it only the number behind
 * "data " is read, which is a Win32 error ([MS-ERREF] 2.2), and the DSID-free reason of a
 * missing channel binding.
 */
#ifndef SCANNER_DISCOVER_LDAP_RESULT_H
#define SCANNER_DISCOVER_LDAP_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/fault.h"

/* A refused bind.  invalidCredentials is FAULT_LOGON_REFUSED with CODE_WIN32 and the data
 * code (0: none came), unless the bind was by `kerberos`: then the KDC has judged the
 * credential, and it is FAULT_KERBEROS.  `diagnostic` may be NULL. */
void ldap_result_bind_fault(struct fault *f, int result, const char *diagnostic,
			    bool kerberos);
/* A failed search or another request; `step` is static. */
void ldap_result_fault(struct fault *f, const char *step, int result);
/* The Win32 error of "..., data 52e, v4563"; false: there is none. */
bool ldap_result_data(const char *diagnostic, uint32_t *code);
/* The words of a data code; NULL: it is not known. */
const char *ldap_result_data_words(uint32_t code);

#endif
