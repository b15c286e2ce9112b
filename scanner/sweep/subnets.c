/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/sweep/subnets.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum { BUCKETS = 4096 };

struct subnet {
	LIST_ENTRY(subnet) others; /* in its bucket */
	uint64_t key;
	unsigned in_flight;
	struct job_line waiting;
};

struct subnets {
	unsigned cap;
	LIST_HEAD(bucket, subnet) buckets[BUCKETS];
};

struct subnets *subnets_new(unsigned cap)
{
	struct subnets *s = calloc(1, sizeof(*s));

	if (s)
		s->cap = cap;
	return s;
}

void subnets_free(struct subnets *s)
{
	free(s);
}

/* A /24 and a /64 cannot be the same number: the former has its upper half set, which
 * lies in multicast space. */
static uint64_t key_of(const struct sockaddr *address)
{
	uint64_t key = 0;

	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;

		return UINT64_C(0xFFFFFFFF00000000) | ntohl(v4->sin_addr.s_addr) >> 8;
	}
	for (int i = 0; i < 8; i++)
		key = key << 8 |
		      ((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr[i];
	return key;
}

static struct bucket *bucket_of(struct subnets *s, uint64_t key)
{
	return &s->buckets[(key * UINT64_C(0x9E3779B97F4A7C15)) >> 52];
}

static struct subnet *find(struct subnets *s, uint64_t key)
{
	struct bucket *bucket = bucket_of(s, key);
	struct subnet *net;

	LIST_FOREACH(net, bucket, others)
	if (net->key == key)
		return net;
	net = calloc(1, sizeof(*net));
	if (!net)
		return NULL;
	net->key = key;
	job_line_init(&net->waiting);
	LIST_INSERT_HEAD(bucket, net, others);
	return net;
}

static void drop_if_idle(struct subnet *net)
{
	if (net->in_flight || net->waiting.count)
		return;
	LIST_REMOVE(net, others);
	free(net);
}

bool subnets_take(struct subnets *s, struct job *job, const struct sockaddr *address,
		  bool force)
{
	struct subnet *net = s->cap ? find(s, key_of(address)) : NULL;

	if (!net || net == job->subnet)
		return true;
	if (net->in_flight >= s->cap && !force) {
		job->refused = net->key;
		return false;
	}
	net->in_flight++;
	job->subnet = net;
	return true;
}

bool subnets_wait(struct subnets *s, struct job *job)
{
	struct subnet *net = find(s, job->refused);

	if (!net)
		return false;
	if (net->in_flight < s->cap) {
		drop_if_idle(net);
		return false;
	}
	job_line_add(&net->waiting, job);
	return true;
}

struct job *subnets_leave(struct subnets *s, struct job *job)
{
	struct subnet *net = job->subnet;
	struct job *next;

	if (!net)
		return NULL;
	job->subnet = NULL;
	net->in_flight--;
	next = net->in_flight < s->cap ? job_line_take(&net->waiting) : NULL;
	drop_if_idle(net);
	return next;
}

struct job *subnets_drain(struct subnets *s)
{
	struct subnet *net;

	for (size_t i = 0; i < BUCKETS; i++)
		LIST_FOREACH(net, &s->buckets[i], others)
	if (net->waiting.count) {
		struct job *job = job_line_take(&net->waiting);

		drop_if_idle(net);
		return job;
	}
	return NULL;
}
