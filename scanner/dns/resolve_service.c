/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve_service.c - which hosts offer a service: SRV records, sorted and held to what a
 * name of a host may be.
 */
#include <stdlib.h>
#include <string.h>

#include "scanner/dns/resolve_internal.h"
#include "scanner/targets/target_spec.h"

struct service_lookup {
	struct lookup lookup;
	service_fn done;
	void *arg;
	struct service_answer answer;
};

static void on_reply(void *arg, int status, int timeouts, unsigned char *bytes, int len);
static void tell_hosts(struct lookup *l);

struct lookup *resolve_service(struct resolver *r, const char *name, service_fn done,
			       void *arg)
{
	struct service_lookup *l = lookup_new(r, sizeof *l, tell_hosts);
	struct dns_query *q = l ? lookup_ask(&l->lookup) : NULL;

	if (!q) {
		free(l);
		return NULL;
	}
	l->done = done;
	l->arg = arg;
	srv_search(r->channel, name, on_reply, q);
	return &l->lookup;
}

static int compare(const void *left, const void *right)
{
	const struct srv_record *a = left, *b = right;

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

/* The records that name a host, first and sorted; the others are counted, but for the
 * empty one, which says that there is none. */
static size_t sort(struct service_answer *answer)
{
	struct srv_records *records = &answer->records;
	size_t count = 0;

	for (size_t i = 0; i < records->count; i++)
		if (is_host(records->at[i].host))
			records->at[count++] = records->at[i];
		else if (records->at[i].host[0])
			answer->hosts.left_out++;
	qsort(records->at, count, sizeof *records->at, compare);
	return count;
}

/* False: out of memory. */
static bool take_hosts(struct service_answer *answer)
{
	struct service_hosts *hosts = &answer->hosts;
	size_t found = sort(answer);

	answer->names = calloc(SERVICE_HOSTS_MAX, sizeof *answer->names);
	answer->ports = calloc(SERVICE_HOSTS_MAX, sizeof *answer->ports);
	if (!answer->names || !answer->ports)
		return false;
	for (size_t i = 0; i < found; i++) {
		if (hosts->count == SERVICE_HOSTS_MAX) {
			hosts->left_out++;
			continue;
		}
		answer->names[hosts->count] = answer->records.at[i].host;
		answer->ports[hosts->count++] = answer->records.at[i].port;
	}
	hosts->names = answer->names;
	hosts->ports = answer->ports;
	return true;
}

int service_answer_parse(const unsigned char *bytes, int len,
			 struct service_answer *answer)
{
	int status;

	*answer = (struct service_answer){ 0 };
	status = srv_records_parse(bytes, len, &answer->records);
	if (status != ARES_SUCCESS)
		return status;
	return take_hosts(answer) ? ARES_SUCCESS : ARES_ENOMEM;
}

void service_answer_free(struct service_answer *answer)
{
	srv_records_free(&answer->records);
	free(answer->names);
	free(answer->ports);
}

static void on_reply(void *arg, int status, int timeouts, unsigned char *bytes, int len)
{
	struct lookup *l = lookup_answered(arg);
	struct service_answer *answer;

	(void)timeouts;
	if (!l)
		return;
	answer = &((struct service_lookup *)l)->answer;
	if (status == ARES_SUCCESS)
		status = service_answer_parse(bytes, len, answer);
	if (status != ARES_SUCCESS)
		lookup_finish_by_status(l, status, "the name has no SRV record");
	else if (answer->hosts.count)
		lookup_finish(l, RESOLVED, "");
	else if (answer->hosts.left_out)
		lookup_finish(l, RESOLVE_FAILED, "its SRV records name no host");
	else
		lookup_finish(l, RESOLVE_NO_NAME, "the service is not offered there");
}

static void tell_hosts(struct lookup *l)
{
	struct service_lookup *service = (struct service_lookup *)l;
	static const struct service_hosts none;

	service->done(l->outcome, l->outcome == RESOLVED ? &service->answer.hosts : &none,
		      l->why, service->arg);
	service_answer_free(&service->answer);
	free(service);
}
