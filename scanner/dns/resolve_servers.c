/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve_servers.c - name servers told by the user, in the words of c-ares.
 */
#include "scanner/dns/resolve_servers.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "scanner/targets/target_spec.h"

enum { SERVERS_MAX = 8, DNS_PORT = 53 };

static bool parse_server(const char *server, struct ares_addr_port_node *node)
{
	char text[ADDRESS_TEXT_MAX], why[160];
	struct spec spec;

	if (!spec_parse(server, &spec, why, sizeof why) || spec.kind != SPEC_ADDRESSES ||
	    address_compare(spec.first, spec.last) != 0)
		return false;
	address_text(spec.first, text);
	memset(node, 0, sizeof *node);
	node->family = address_is_v4(spec.first) ? AF_INET : AF_INET6;
	uv_inet_pton(node->family, text, &node->addr);
	node->udp_port = node->tcp_port = spec.port ? spec.port : DNS_PORT;
	return true;
}

bool resolve_set_servers(ares_channel channel, const char *const *servers, char *why,
			 size_t why_size)
{
	struct ares_addr_port_node nodes[SERVERS_MAX];
	size_t n = 0;

	for (; servers[n]; n++) {
		if (n == SERVERS_MAX) {
			snprintf(why, why_size, "more than %zu name servers", n);
			return false;
		}
		if (!parse_server(servers[n], &nodes[n])) {
			snprintf(why, why_size,
				 "\"%.60s\" is no name server; expected ADDRESS, "
				 "ADDRESS:PORT or [IPv6]:PORT",
				 servers[n]);
			return false;
		}
		if (n > 0)
			nodes[n - 1].next = &nodes[n];
	}
	if (n == 0 || ares_set_servers_ports(channel, nodes) == ARES_SUCCESS)
		return true;
	snprintf(why, why_size, "the name servers could not be set");
	return false;
}
