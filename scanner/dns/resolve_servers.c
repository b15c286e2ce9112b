/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve_servers.c - name servers given by the user, in the words of c-ares.
 */
#include "scanner/dns/resolve_servers.h"

#include <stdio.h>

#include "scanner/targets/target_spec.h"

enum { SERVERS_MAX = 8, DNS_PORT = 53, SERVER_TEXT_MAX = ADDRESS_TEXT_MAX + 10 };

/* One server as c-ares writes it, ADDRESS:PORT or [IPv6]:PORT. */
static bool parse_server(const char *server, char *text, size_t text_size)
{
	char address[ADDRESS_TEXT_MAX], why[160];
	struct spec spec;

	if (!spec_parse(server, &spec, why, sizeof why) || spec.kind != SPEC_ADDRESSES ||
	    address_compare(spec.first, spec.last) != 0)
		return false;
	address_text(spec.first, address);
	snprintf(text, text_size, address_is_v4(spec.first) ? "%s:%u" : "[%s]:%u",
		 address, spec.port ? spec.port : DNS_PORT);
	return true;
}

bool resolve_set_servers(ares_channel channel, const char *const *servers, char *why,
			 size_t why_size)
{
	char list[SERVERS_MAX * (SERVER_TEXT_MAX + 1)] = "", text[SERVER_TEXT_MAX];
	size_t n = 0, len = 0;

	for (; servers[n]; n++) {
		if (n == SERVERS_MAX) {
			snprintf(why, why_size, "more than %zu name servers", n);
			return false;
		}
		if (!parse_server(servers[n], text, sizeof text)) {
			snprintf(why, why_size,
				 "\"%.60s\" is not a name server; expected ADDRESS, "
				 "ADDRESS:PORT or [IPv6]:PORT",
				 servers[n]);
			return false;
		}
		len += (size_t)snprintf(list + len, sizeof list - len, "%s%s",
					n > 0 ? "," : "", text);
	}
	if (n == 0 || ares_set_servers_ports_csv(channel, list) == ARES_SUCCESS)
		return true;
	snprintf(why, why_size, "the name servers could not be set");
	return false;
}
