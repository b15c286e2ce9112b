/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve_servers.h - name servers given by the user, for resolve.c alone.
 */
#ifndef SCANNER_DNS_RESOLVE_SERVERS_H
#define SCANNER_DNS_RESOLVE_SERVERS_H

#include <ares.h>
#include <stdbool.h>
#include <stddef.h>

/* `servers` end with NULL: ADDRESS, ADDRESS:PORT or [IPv6]:PORT, eight at most; none
 * leaves those of the system.  False: `why` says what was expected. */
bool resolve_set_servers(ares_channel channel, const char *const *servers, char *why,
			 size_t why_size);

#endif
