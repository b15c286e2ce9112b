/* SPDX-License-Identifier: Apache-2.0 */
/* Domain controllers by name and address, on a loop of their own. */
#include "scanner/discover/locate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct location {
	struct resolver *resolver;
	struct controllers *found;
	uint16_t port;
	char *names[CONTROLLERS_MAX];
	size_t name_count, asked;
	char *why;
	size_t why_size;
};

static void ask_next(struct location *l);

static void on_address(enum resolve_outcome outcome,
		       const struct host_addresses *addresses, const char *why, void *arg)
{
	struct location *l = arg;
	char *name = l->names[l->asked++];

	if (outcome == RESOLVED && addresses->count) {
		l->found->at[l->found->count].address = addresses->at[0];
		l->found->at[l->found->count++].name = name;
	} else {
		snprintf(l->why, l->why_size, "\"%s\": %s", name, why);
		free(name);
	}
	ask_next(l);
}

static void ask_next(struct location *l)
{
	while (l->asked < l->name_count) {
		if (resolve_name(l->resolver, l->names[l->asked], l->port, on_address, l))
			return;
		free(l->names[l->asked++]);
	}
	resolve_end(l->resolver);
}

static void add_name(struct location *l, const char *name)
{
	if (l->name_count < CONTROLLERS_MAX && (l->names[l->name_count] = strdup(name)))
		l->name_count++;
}

static void on_service(enum resolve_outcome outcome, const struct service_hosts *hosts,
		       const char *why, void *arg)
{
	struct location *l = arg;

	if (outcome != RESOLVED)
		snprintf(l->why, l->why_size,
			 "no domain controllers found in DNS: %s; name one with --dc",
			 why);
	for (size_t i = 0; i < hosts->count; i++)
		add_name(l, hosts->names[i]);
	ask_next(l);
}

bool locate_controllers(const char *domain, const char *const *named, uint16_t port,
			const char *const *dns_servers, struct controllers *found,
			char *why, size_t why_size)
{
	struct location l = {
		.found = found, .port = port, .why = why, .why_size = why_size
	};
	char service[300];
	uv_loop_t loop;

	if (uv_loop_init(&loop) != 0)
		return false;
	l.resolver = resolve_begin(&loop, dns_servers, 0, why, why_size);
	if (l.resolver) {
		for (size_t i = 0; named && named[i]; i++)
			add_name(&l, named[i]);
		snprintf(service, sizeof service, "_ldap._tcp.dc._msdcs.%s",
			 domain ? domain : "");
		if (l.name_count || !resolve_service(l.resolver, service, on_service, &l))
			ask_next(&l);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	uv_loop_close(&loop);
	return found->count > 0;
}

void controllers_free(struct controllers *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->at[i].name);
	c->count = 0;
}
