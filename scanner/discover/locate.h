/* SPDX-License-Identifier: Apache-2.0 */
/*
 * locate.h - the domain controllers of a domain and their addresses: SRV records of
 * _ldap._tcp.dc._msdcs.DOMAIN, or the hosts that the user named.
 *
 * Blocks while the name servers are asked.
 */
#ifndef SCANNER_DISCOVER_LOCATE_H
#define SCANNER_DISCOVER_LOCATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/dns/resolve.h"

enum { CONTROLLERS_MAX = 16 };

struct controller {
	char *name;
	union host_address address; /* with its port */
};

struct controllers {
	struct controller at[CONTROLLERS_MAX];
	size_t count;
};

/* `named` NULL or empty: from DNS.  False with `why`: none was found. */
bool locate_controllers(const char *domain, const char *const *named, uint16_t port,
			const char *const *dns_servers, struct controllers *found,
			char *why, size_t why_size);
void controllers_free(struct controllers *c);

#endif
