/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_tls.h - TLS below an LDAP connection: TLS 1.2 or later, a certificate that a
 * trusted authority has signed for this very name, and the binding of the login to it.
 */
#ifndef SCANNER_DISCOVER_LDAP_TLS_H
#define SCANNER_DISCOVER_LDAP_TLS_H

#include <ldap.h>
#include <stdbool.h>

#include "rpc/auth/channel_binding.h"
#include "rpc/wire/fault.h"

/* Shakes hands on a connection of which nothing was sent; bounded by its
 * LDAP_OPT_NETWORK_TIMEOUT.  False with `fault`: nothing may be sent on it. */
bool ldap_tls_start(LDAP *ld, const char *ca_file, struct channel_binding *binding,
		    struct fault *fault);

#endif
