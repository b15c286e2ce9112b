/* SPDX-License-Identifier: Apache-2.0 */
/* Where a realm's KDCs are: names of krb5.conf or of SRV records, and their addresses. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "scanner/kdc/kdc_internal.h"

enum { KDC_PORT = 88 };

/* ---- names ---- */

static bool parse_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)text[0]) || *end || n == 0 || n > UINT16_MAX)
		return false;
	*port = (uint16_t)n;
	return true;
}

static const char *take_prefix(const char *text, struct kdc_name *name)
{
	name->tcp = strncmp(text, "udp/", 4) != 0;
	name->udp = strncmp(text, "tcp/", 4) != 0;
	return name->tcp && name->udp ? text : text + 4;
}

bool kdc_name_parse(const char *text, struct kdc_name *name)
{
	const char *at = take_prefix(text, name), *end, *colon = strrchr(at, ':');
	size_t len;

	name->port = KDC_PORT;
	if (*at == '[') {
		end = strchr(++at, ']');
		if (!end || (end[1] && end[1] != ':'))
			return false;
		colon = end[1] ? end + 1 : NULL;
	} else {
		if (colon && strchr(at, ':') != colon) /* an IPv6 address, no port */
			colon = NULL;
		end = colon ? colon : at + strlen(at);
	}
	len = (size_t)(end - at);
	if (len == 0 || len >= sizeof name->host || strcspn(at, "/ \t") < len)
		return false;
	memcpy(name->host, at, len);
	name->host[len] = '\0';
	return !colon || parse_port(colon + 1, &name->port);
}

/* ---- look-ups ---- */

struct search;

/* A name and what becomes of it. */
struct place {
	struct search *search;
	struct kdc_name name;
	struct host_addresses addresses;
};

struct search {
	struct resolver *resolver;
	const struct kdc_question *question;
	struct place at[KDC_NAMES_MAX];
	size_t count, pending;
	bool by_udp; /* the second kind of SRV records is asked for */
};

static void ask_service(struct search *s);

static void end_when_done(struct search *s)
{
	if (s->pending == 0)
		resolve_end(s->resolver);
}

static void on_address(enum resolve_outcome outcome,
		       const struct host_addresses *addresses, const char *why, void *arg)
{
	struct place *p = arg;

	(void)why;
	if (outcome == RESOLVED)
		p->addresses = *addresses;
	p->search->pending--;
	end_when_done(p->search);
}

static void resolve_all(struct search *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct place *p = &s->at[i];

		p->search = s;
		if (resolve_name(s->resolver, p->name.host, p->name.port, on_address, p))
			s->pending++;
	}
	end_when_done(s);
}

static void add_service_host(struct search *s, const char *host, uint16_t port)
{
	struct kdc_name *name;

	if (s->count == KDC_NAMES_MAX || port == 0 || strlen(host) >= sizeof name->host)
		return;
	name = &s->at[s->count].name;
	snprintf(name->host, sizeof name->host, "%s", host);
	name->port = port;
	name->tcp = !s->by_udp;
	name->udp = true;
	s->count++;
}

static void on_service(enum resolve_outcome outcome, const struct service_hosts *hosts,
		       const char *why, void *arg)
{
	struct search *s = arg;

	(void)why;
	for (size_t i = 0; outcome == RESOLVED && i < hosts->count; i++)
		add_service_host(s, hosts->names[i], hosts->ports[i]);
	if (s->count == 0 && !s->by_udp) {
		s->by_udp = true;
		ask_service(s);
	} else {
		resolve_all(s);
	}
}

/* A realm may come from a KDC's referral, and is asked for only where it is a name. */
static bool is_domain_name(const char *realm)
{
	for (const char *at = realm; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-._", *at))
			return false;
	return realm[0] && strlen(realm) < 240;
}

static void ask_service(struct search *s)
{
	const char *realm = s->question->realm;
	char name[300];

	/* The final dot keeps search domains out. */
	snprintf(name, sizeof name, "_kerberos._%s.%s.", s->by_udp ? "udp" : "tcp",
		 realm);
	if (!resolve_service(s->resolver, name, on_service, s))
		resolve_all(s);
}

static void read_configured(struct search *s)
{
	char *const *at = s->question->configured;

	for (; at && *at && s->count < KDC_NAMES_MAX; at++)
		s->count += kdc_name_parse(*at, &s->at[s->count].name);
}

static void add_route(struct kdc_routes *found, const union host_address *address,
		      bool udp)
{
	if (found->count == KDC_ROUTES_MAX)
		return;
	found->at[found->count] = (struct kdc_route){ *address, udp,
						      (unsigned)found->count };
	found->count++;
}

static void add_routes(const struct search *s, bool udp, struct kdc_routes *found)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct place *p = &s->at[i];

		if (udp ? !p->name.udp : !p->name.tcp)
			continue;
		for (unsigned k = 0; k < p->addresses.count; k++)
			add_route(found, &p->addresses.at[k], udp);
	}
}

static void begin_search(struct search *s)
{
	const struct kdc_question *q = s->question;
	bool configured = q->configured && q->configured[0];

	read_configured(s);
	if (!configured && q->dns && is_domain_name(q->realm))
		ask_service(s);
	else
		resolve_all(s);
}

void kdc_routes_find(const struct kdc_question *q, const char *const *dns_servers,
		     struct kdc_routes *found)
{
	struct search *s = calloc(1, sizeof *s);
	uv_loop_t loop;
	char why[200];

	*found = (struct kdc_routes){ 0 };
	if (!s || uv_loop_init(&loop) != 0) {
		free(s);
		return;
	}
	s->question = q;
	s->resolver = resolve_begin(&loop, dns_servers, 0, why, sizeof why);
	if (s->resolver) {
		begin_search(s);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	uv_loop_close(&loop);
	found->known = s->count > 0;
	add_routes(s, false, found);
	add_routes(s, true, found);
	free(s);
}
