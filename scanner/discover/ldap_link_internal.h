/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_link_internal.h - what the files of one connection share.
 *
 *     ldap_link.c    connect, log on
 *     ldap_search.c  paged searches
 */
#ifndef SCANNER_DISCOVER_LDAP_LINK_INTERNAL_H
#define SCANNER_DISCOVER_LDAP_LINK_INTERNAL_H

#include <ldap.h>

#include "rpc/auth/channel_binding.h"
#include "scanner/discover/ldap_link.h"

struct ldap_link {
	struct ldap_link_options options;
	LDAP *ld;
	struct auth *auth;
	struct channel_binding channel; /* of TLS; empty without */
	struct fault broken;            /* what the security layer found */
};

/* The next message of request `id` by `deadline` (dial_now()).  NULL with `fault`:
 * silence, the end of the connection, nonsense, or abandoned. */
LDAPMessage *ldap_link_wait(struct ldap_link *l, int id, uint64_t deadline,
			    const char *step, struct fault *fault);

#endif
