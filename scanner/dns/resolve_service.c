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
static size_t sort(struct service_answer *answer, const struct ares_srv_reply **sorted)
{
	size_t count = 0;

	for (const struct ares_srv_reply *r = answer->reply; r; r = r->next) {
		if (is_host(r->host))
			sorted[count++] = r;
		else if (r->host[0])
			answer->hosts.left_out++;
	}
	qsort(sorted, count, sizeof *sorted, compare);
	return count;
}

/* False: out of memory. */
static bool take_hosts(struct service_answer *answer)
{
	struct service_hosts *hosts = &answer->hosts;
	const struct ares_srv_reply **sorted;
	size_t records = 0, found;

	for (const struct ares_srv_reply *r = answer->reply; r; r = r->next)
		records++;
	sorted = calloc(records + 1, sizeof *sorted);
	answer->names = calloc(SERVICE_HOSTS_MAX, sizeof *answer->names);
	if (!sorted || !answer->names) {
		free(sorted);
		return false;
	}
	found = sort(answer, sorted);
	for (size_t i = 0; i < found; i++)
		if (hosts->count < SERVICE_HOSTS_MAX)
			answer->names[hosts->count++] = sorted[i]->host;
		else
			hosts->left_out++;
	hosts->names = answer->names;
	free(sorted);
	return true;
}

int service_answer_parse(const unsigned char *bytes, int len,
			 struct service_answer *answer)
{
	int status;

	*answer = (struct service_answer){ 0 };
	status = ares_parse_srv_reply(bytes, len, &answer->reply);
	if (status != ARES_SUCCESS)
		return status;
	if (!answer->reply) /* other records alone */
		return ARES_ENODATA;
	return take_hosts(answer) ? ARES_SUCCESS : ARES_ENOMEM;
}

void service_answer_free(struct service_answer *answer)
{
	if (answer->reply)
		ares_free_data(answer->reply);
	free(answer->names);
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
