/*
 * resolve_service.c - which hosts offer a service: SRV records, sorted and held to what a
 * name of a host may be.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/resolve_parts.h"
#include "scanner/target_spec.h"

struct service_lookup {
	struct lookup lookup;
	service_fn done;
	void *arg;
	struct ares_srv_reply *reply; /* owns the names */
	const char **names;
	struct service_hosts hosts;
};

static void on_reply(void *arg, int status, int timeouts, unsigned char *bytes, int len);
static void tell_hosts(struct lookup *l);

struct lookup *resolve_service(struct resolver *r, const char *name, service_fn done,
			       void *arg)
{
	struct service_lookup *l = lookup_new(r, sizeof *l, tell_hosts);
	struct question *q = l ? lookup_ask(&l->lookup) : NULL;

	if (!q) {
		free(l);
		return NULL;
	}
	l->done = done;
	l->arg = arg;
	/* Class IN, type SRV; search domains hold as for names. */
	ares_search(r->channel, name, 1, 33, on_reply, q);
	return &l->lookup;
}

static int compare(const void *left, const void *right)
{
	const struct ares_srv_reply *a = *(const struct ares_srv_reply *const *)left;
	const struct ares_srv_reply *b = *(const struct ares_srv_reply *const *)right;

	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return strcmp(a->host, b->host);
}

/* What a name server says may be anything; only a plain name of a host is asked, never
 * an address, a network or another service. */
static bool is_host(const char *name)
{
	struct spec spec;
	char why[160];

	return spec_parse(name, &spec, why, sizeof why) && spec.kind == SPEC_NAME &&
	       spec.port == 0 && !strpbrk(name, ":%") && !target_is_service(name);
}

/* The records that name a host, sorted; the others are counted, but for ".", which says
 * that there is none. */
static size_t sort(struct service_lookup *l, const struct ares_srv_reply **sorted)
{
	size_t count = 0;

	for (const struct ares_srv_reply *r = l->reply; r; r = r->next) {
		if (is_host(r->host))
			sorted[count++] = r;
		else if (r->host[0])
			l->hosts.left_out++;
	}
	qsort(sorted, count, sizeof *sorted, compare);
	return count;
}

/* False: out of memory. */
static bool take_hosts(struct service_lookup *l)
{
	const struct ares_srv_reply **sorted;
	size_t records = 0, found;

	for (const struct ares_srv_reply *r = l->reply; r; r = r->next)
		records++;
	sorted = calloc(records + 1, sizeof *sorted);
	l->names = calloc(SERVICE_HOSTS_MAX, sizeof *l->names);
	if (!sorted || !l->names) {
		free(sorted);
		return false;
	}
	found = sort(l, sorted);
	for (size_t i = 0; i < found; i++)
		if (l->hosts.count < SERVICE_HOSTS_MAX)
			l->names[l->hosts.count++] = sorted[i]->host;
		else
			l->hosts.left_out++;
	l->hosts.names = l->names;
	free(sorted);
	return true;
}

static void on_reply(void *arg, int status, int timeouts, unsigned char *bytes, int len)
{
	struct lookup *l = lookup_answered(arg);
	struct service_lookup *service = (struct service_lookup *)l;

	(void)timeouts;
	if (!l)
		return;
	if (status == ARES_SUCCESS)
		status = ares_parse_srv_reply(bytes, len, &service->reply);
	if (status != ARES_SUCCESS || !service->reply)
		lookup_finish_by_status(l, status, "the name has no SRV record");
	else if (!take_hosts(service))
		lookup_finish(l, RESOLVE_FAILED, "out of memory");
	else if (service->hosts.count)
		lookup_finish(l, RESOLVED, "");
	else if (service->hosts.left_out)
		lookup_finish(l, RESOLVE_FAILED, "its SRV records name no host");
	else
		lookup_finish(l, RESOLVE_NO_NAME, "the service is not offered there");
}

static void tell_hosts(struct lookup *l)
{
	struct service_lookup *service = (struct service_lookup *)l;
	static const struct service_hosts none;

	service->done(l->outcome, l->outcome == RESOLVED ? &service->hosts : &none,
		      l->why, service->arg);
	if (service->reply)
		ares_free_data(service->reply);
	free(service->names);
	free(service);
}
