/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_protect.h - SASL's security layer below libldap: every byte after the bind is
 * encrypted (RFC 4422 3.7: four bytes of length, then one sealed buffer).
 *
 * It is put between libldap and the socket, as libldap's own binding to a SASL library
 * does it.  The mechanism is rpc/auth's, so that there is one login for SMB and LDAP and
 * the guard sees each step of it.
 */
#ifndef SCANNER_DISCOVER_LDAP_PROTECT_H
#define SCANNER_DISCOVER_LDAP_PROTECT_H

#include <ldap.h>
#include <stdbool.h>

#include "rpc/auth/auth.h"

/* `auth` is complete and can seal; it and `fault` (filled when a buffer cannot be opened)
 * are borrowed until ldap_unbind_ext().  A write that the socket does not take at once
 * waits up to `write_ms`.  False: out of memory. */
bool ldap_protect(LDAP *ld, struct auth *auth, int write_ms, struct fault *fault);

#endif
