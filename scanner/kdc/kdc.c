/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the KDC that gets a request. */
#include "scanner/kdc/kdc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "scanner/kdc/kdc_internal.h"

/* How long one KDC may take to answer what proves nothing before another is asked, and
 * how long that may go on. */
enum { ANSWER_MS = 5000, ALL_MS = 30000, REALMS_MAX = 16 };

struct realm {
	char *name;
	struct kdc_routes routes; /* the one that answered last is the first */
};

struct link {
	struct kdc_link seam;
	struct kdc_options options;
	uv_mutex_t lock; /* of what follows */
	struct realm realms[REALMS_MAX];
	size_t count;
};

static enum kdc_outcome ask(struct kdc_link *seam, const struct kdc_question *q,
			    struct bytes *reply);

struct kdc_link *kdc_link_new(const struct kdc_options *options)
{
	struct link *l = calloc(1, sizeof *l);

	if (!l || uv_mutex_init(&l->lock) != 0) {
		free(l);
		return NULL;
	}
	l->seam.ask = ask;
	l->options = *options;
	return &l->seam;
}

void kdc_link_free(struct kdc_link *seam)
{
	struct link *l = (struct link *)seam;

	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		free(l->realms[i].name);
	uv_mutex_destroy(&l->lock);
	free(l);
}

/* ---- the ways to a realm's KDCs; under the lock ---- */

static struct realm *find_realm(struct link *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->realms[i].name, name) == 0)
			return &l->realms[i];
	return NULL;
}

/* Only what was found is kept: a name server may answer the next time. */
static void keep(struct link *l, const char *name, const struct kdc_routes *routes)
{
	struct realm *r;

	if (l->count == REALMS_MAX || routes->count == 0)
		return;
	r = &l->realms[l->count];
	r->name = strdup(name);
	r->routes = *routes;
	l->count += r->name != NULL;
}

/* Whoever comes second waits for what the name servers tell the first. */
static void get_routes(struct link *l, const struct kdc_question *q,
		       struct kdc_routes *routes)
{
	struct realm *r;

	uv_mutex_lock(&l->lock);
	r = find_realm(l, q->realm);
	if (r) {
		*routes = r->routes;
	} else {
		kdc_routes_find(q, l->options.dns_servers, routes);
		keep(l, q->realm, routes);
	}
	uv_mutex_unlock(&l->lock);
}

static void prefer(struct link *l, const char *name, const struct kdc_route *route)
{
	struct realm *r;
	size_t i = 0;

	uv_mutex_lock(&l->lock);
	r = find_realm(l, name);
	while (r && i < r->routes.count && r->routes.at[i].id != route->id)
		i++;
	if (r && i < r->routes.count) {
		memmove(&r->routes.at[1], &r->routes.at[0], i * sizeof *route);
		r->routes.at[0] = *route;
	}
	uv_mutex_unlock(&l->lock);
}

/* ---- one question ---- */

/* By TCP, then by UDP; but first by the way that is known to work. */
static int open_next(const struct kdc_routes *routes, bool *tried, size_t *chosen)
{
	int fd = -1;

	if (routes->count && (!routes->at[0].udp || tried[0]))
		fd = kdc_connect(routes, tried, chosen);
	for (size_t i = 0; fd < 0 && i < routes->count; i++)
		if (routes->at[i].udp && !tried[i]) {
			tried[i] = true;
			*chosen = i;
			fd = kdc_open_udp(&routes->at[i]);
		}
	return fd;
}

/* A reply that is not usable is none; it is freed. */
static enum kdc_talk talk_once(int fd, bool udp, const struct kdc_question *q,
			       unsigned wait_ms, struct bytes *reply)
{
	struct bytes got = { 0 };
	enum kdc_talk talk = kdc_talk(fd, udp, q->request, wait_ms, &got);

	if (talk == KDC_TALK_DONE && !kdc_reply_is_usable(got)) {
		free((void *)(uintptr_t)got.at);
		return KDC_TALK_SILENT;
	}
	if (talk == KDC_TALK_DONE)
		*reply = got;
	return talk;
}

static enum kdc_outcome ask(struct kdc_link *seam, const struct kdc_question *q,
			    struct bytes *reply)
{
	struct link *l = (struct link *)seam;
	unsigned wait_ms = q->proof ? l->options.proof_ms : ANSWER_MS;
	uint64_t end_ms = kdc_now() + ALL_MS;
	bool tried[KDC_ROUTES_MAX] = { 0 };
	struct kdc_routes routes;
	size_t chosen = 0;
	int fd;

	get_routes(l, q, &routes);
	if (!routes.known)
		return KDC_NONE_KNOWN;
	while (kdc_now() < end_ms && (fd = open_next(&routes, tried, &chosen)) >= 0) {
		enum kdc_talk talk = talk_once(fd, routes.at[chosen].udp, q, wait_ms,
					       reply);

		close(fd);
		if (talk == KDC_TALK_DONE) {
			prefer(l, q->realm, &routes.at[chosen]);
			return KDC_ANSWERED;
		}
		if (q->proof && talk == KDC_TALK_SILENT)
			return KDC_NO_VERDICT;
	}
	return KDC_NONE_ANSWERED;
}
