/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.c - look-ups through c-ares on the loop.
 *
 * A look-up is either asking (c-ares holds a `struct dns_query` that points at it) or
 * finished (it waits in a list for the loop to tell it).  c-ares has no way to cancel one
 * question, so a cancelled look-up leaves its question behind, which c-ares finishes
 * alone.  Nothing is ever told from within a call of ours or of c-ares.
 *
 * Time: c-ares is asked every TICK_MS, while something is asked, whether a question has
 * waited too long.  Its own ares_timeout() walks through all questions at each call.
 *
 * c-ares tells A and AAAA together.  There are servers that leave AAAA unanswered, and
 * then both would be told only after all tries: a name that is late is asked for its A
 * records alone as well, and what comes first counts.
 */
#include "scanner/dns/resolve.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/dns/resolve_internal.h"
#include "scanner/dns/resolve_servers.h"

enum { TRY_MS = 2000, TRIES = 2, TICK_MS = 25, LATE_MS = 300, RECEIVE_BYTES = 1 << 20 };

struct name_lookup {
	struct lookup lookup;
	resolve_fn done;
	void *arg;
	uint16_t port;
	struct host_addresses addresses;
	char name[];
};

/*
 * Begin
 */

static bool open_channel(struct resolver *r, const char *const *servers, unsigned try_ms,
			 char *why, size_t why_size)
{
	struct ares_options options = { 0 };
	int status;

	options.timeout = (int)(try_ms ? try_ms : TRY_MS);
	options.tries = TRIES;
	options.lookups = (char[]){ "fb" }; /* /etc/hosts, then DNS */
	options.socket_receive_buffer_size = RECEIVE_BYTES;
	options.sock_state_cb = watch_socket;
	options.sock_state_cb_data = r;
	status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS)
		status = ares_init_options(
			&r->channel, &options,
			ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
				ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB);
	if (status != ARES_SUCCESS) {
		snprintf(why, why_size, "no resolver: %s", ares_strerror(status));
		return false;
	}
	if (!servers || resolve_set_servers(r->channel, servers, why, why_size))
		return true;
	ares_destroy(r->channel);
	return false;
}

struct resolver *resolve_begin(uv_loop_t *loop, const char *const *servers,
			       unsigned try_ms, char *why, size_t why_size)
{
	struct resolver *r = calloc(1, sizeof *r);

	if (!r) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	r->loop = loop;
	TAILQ_INIT(&r->asking);
	TAILQ_INIT(&r->late);
	TAILQ_INIT(&r->finished);
	if (!open_channel(r, servers, try_ms, why, why_size)) {
		free(r);
		return NULL;
	}
	uv_timer_init(loop, &r->tick);
	uv_timer_init(loop, &r->teller);
	r->tick.data = r->teller.data = r;
	r->handles = 2;
	return r;
}

/*
 * Ask
 */

static void on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *answer);
static void tell_addresses(struct lookup *l);
static void on_tick(uv_timer_t *timer);

void *lookup_new(struct resolver *r, size_t size, void (*tell)(struct lookup *))
{
	struct lookup *l = r->ending ? NULL : calloc(1, size);

	if (!l)
		return NULL;
	l->resolver = r;
	l->tell = tell;
	return l;
}

static struct dns_query *new_query(struct lookup *l)
{
	struct resolver *r = l->resolver;
	struct dns_query *q = malloc(sizeof *q);

	if (!q)
		return NULL;
	*q = (struct dns_query){ r, l };
	if (r->questions++ == 0) {
		uv_update_time(r->loop);
		uv_timer_start(&r->tick, on_tick, TICK_MS, TICK_MS);
	}
	return q;
}

struct dns_query *lookup_ask(struct lookup *l)
{
	l->question = new_query(l);
	if (!l->question)
		return NULL;
	l->asked = uv_now(l->resolver->loop);
	TAILQ_INSERT_TAIL(&l->resolver->asking, l, others);
	return l->question;
}

static bool literal(const char *name, uint16_t port, union host_address *address)
{
	return uv_ip4_addr(name, port, &address->v4) == 0 ||
	       uv_ip6_addr(name, port, &address->v6) == 0;
}

static void ask_for(int family, struct dns_query *q, const char *name)
{
	const struct ares_addrinfo_hints hints = { .ai_family = family,
						   .ai_socktype = SOCK_STREAM };

	ares_getaddrinfo(q->resolver->channel, name, NULL, &hints, on_answer, q);
}

/* Leaves the look-up finished or asking. */
static bool ask(struct name_lookup *l)
{
	struct dns_query *q = lookup_ask(&l->lookup);

	if (q)
		ask_for(AF_UNSPEC, q, l->name);
	return q != NULL;
}

/* Without memory for a second question the first one goes on. */
static void ask_late(struct lookup *l)
{
	TAILQ_REMOVE(&l->resolver->asking, l, others);
	TAILQ_INSERT_TAIL(&l->resolver->late, l, others);
	l->late = true;
	if (l->tell != tell_addresses)
		return;
	l->second = new_query(l);
	if (l->second)
		ask_for(AF_INET, l->second, ((struct name_lookup *)l)->name);
}

struct lookup *resolve_name(struct resolver *r, const char *name, uint16_t port,
			    resolve_fn done, void *arg)
{
	size_t size = strlen(name) + 1;
	struct name_lookup *l = lookup_new(r, sizeof *l + size, tell_addresses);

	if (!l)
		return NULL;
	memcpy(l->name, name, size);
	l->done = done;
	l->arg = arg;
	l->port = port;
	if (literal(name, port, &l->addresses.at[0])) {
		l->addresses.count = 1;
		TAILQ_INSERT_TAIL(&r->asking, &l->lookup, others);
		lookup_finish(&l->lookup, RESOLVED, "");
	} else if (!ask(l)) {
		free(l);
		return NULL;
	}
	return &l->lookup;
}

static void on_tick(uv_timer_t *timer)
{
	struct resolver *r = timer->data;
	uint64_t now = uv_now(r->loop);
	struct lookup *first;

	ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	while ((first = TAILQ_FIRST(&r->asking)) && first->asked + LATE_MS <= now)
		ask_late(first);
}

/*
 * Answer
 */

static void take_addresses(struct name_lookup *l, const struct ares_addrinfo *answer)
{
	const struct ares_addrinfo_node *node = answer->nodes;

	for (; node && l->addresses.count < HOST_ADDRESSES_MAX; node = node->ai_next) {
		union host_address *a = &l->addresses.at[l->addresses.count];

		if (node->ai_family == AF_INET && node->ai_addrlen == sizeof a->v4) {
			memcpy(&a->v4, node->ai_addr, sizeof a->v4);
			a->v4.sin_port = htons(l->port);
		} else if (node->ai_family == AF_INET6 &&
			   node->ai_addrlen == sizeof a->v6) {
			memcpy(&a->v6, node->ai_addr, sizeof a->v6);
			a->v6.sin6_port = htons(l->port);
		} else {
			continue;
		}
		l->addresses.count++;
	}
}

void lookup_finish_by_status(struct lookup *l, int status, const char *no_data)
{
	switch (status) {
	case ARES_SUCCESS:
	case ARES_ENODATA:
		lookup_finish(l, RESOLVE_NO_NAME, no_data);
		return;
	case ARES_ENOTFOUND:
		lookup_finish(l, RESOLVE_NO_NAME, "there is no such name");
		return;
	case ARES_EBADNAME:
		lookup_finish(l, RESOLVE_NO_NAME, "not a name that DNS could know");
		return;
	case ARES_ETIMEOUT:
		if (l->resolver->deaf)
			lookup_finish(l, RESOLVE_STARVED,
				      "no name server could be heard: out of memory");
		else
			lookup_finish(l, RESOLVE_NO_ANSWER, "no name server answered");
		return;
	case ARES_ECONNREFUSED: /* before c-ares 1.28 also for SERVFAIL from the last */
	case ARES_ESERVFAIL:
		lookup_finish(l, RESOLVE_NO_ANSWER,
			      "no name server could be reached, or all of them failed");
		return;
	case ARES_EREFUSED:
		lookup_finish(l, RESOLVE_FAILED, "the name server refused to answer");
		return;
	case ARES_ENOMEM:
		lookup_finish(l, RESOLVE_STARVED, "out of memory");
		return;
	default:
		lookup_finish(l, RESOLVE_FAILED, ares_strerror(status));
	}
}

struct lookup *lookup_answered(struct dns_query *q)
{
	struct lookup *l = q->lookup;

	if (--q->resolver->questions == 0 && !q->resolver->ending)
		uv_timer_stop(&q->resolver->tick);
	if (l && l->second == q)
		l->second = NULL;
	else if (l)
		l->question = NULL;
	free(q);
	return l;
}

static void on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *answer)
{
	struct lookup *l = lookup_answered(arg);
	struct name_lookup *name = (struct name_lookup *)l;

	(void)timeouts;
	if (l && status == ARES_SUCCESS)
		take_addresses(name, answer);
	if (l && name->addresses.count > 0)
		lookup_finish(l, RESOLVED, "");
	else if (l && !l->question) /* there may be no A record, yet AAAA */
		lookup_finish_by_status(l, status, "the name has no address");
	if (answer)
		ares_freeaddrinfo(answer);
}

void resolve_cancel(struct lookup *l)
{
	if (l->question)
		lookup_finish(l, RESOLVE_CANCELLED, "cancelled");
}

/*
 * Tell
 */

static void on_teller(uv_timer_t *timer);

/* c-ares finishes it alone. */
static void leave_behind(struct dns_query **q)
{
	if (*q)
		(*q)->lookup = NULL;
	*q = NULL;
}

void lookup_finish(struct lookup *l, enum resolve_outcome outcome, const char *why)
{
	struct resolver *r = l->resolver;

	TAILQ_REMOVE(l->late ? &r->late : &r->asking, l, others);
	TAILQ_INSERT_TAIL(&r->finished, l, others);
	leave_behind(&l->question);
	leave_behind(&l->second);
	l->outcome = outcome;
	l->why = why;
	uv_timer_start(&r->teller, on_teller, 0, 0);
}

static void settle(struct resolver *r);

static void tell_addresses(struct lookup *l)
{
	struct name_lookup *name = (struct name_lookup *)l;

	name->done(l->outcome, &name->addresses, l->why, name->arg);
	free(name);
}

/* Only what was finished before: `done` may begin and cancel others. */
static void on_teller(uv_timer_t *timer)
{
	struct resolver *r = timer->data;
	struct lookups finished = TAILQ_HEAD_INITIALIZER(finished);
	struct lookup *l;

	TAILQ_CONCAT(&finished, &r->finished, others);
	r->telling = true;
	while ((l = TAILQ_FIRST(&finished))) {
		TAILQ_REMOVE(&finished, l, others);
		l->tell(l);
	}
	r->telling = false;
	settle(r);
}

/*
 * End
 */

static void on_closed(uv_handle_t *handle);

void resolve_end(struct resolver *r)
{
	r->ending = true;
	while (!TAILQ_EMPTY(&r->asking))
		resolve_cancel(TAILQ_FIRST(&r->asking));
	while (!TAILQ_EMPTY(&r->late))
		resolve_cancel(TAILQ_FIRST(&r->late));
	/* Finishes the questions left behind and closes all sockets. */
	ares_destroy(r->channel);
	uv_close((uv_handle_t *)&r->tick, on_closed);
	settle(r);
}

/* When ending, the teller leaves last. */
static void settle(struct resolver *r)
{
	if (!r->ending || r->telling || !TAILQ_EMPTY(&r->finished))
		return;
	if (!uv_is_closing((uv_handle_t *)&r->teller))
		uv_close((uv_handle_t *)&r->teller, on_closed);
}

void resolver_closed_one(struct resolver *r)
{
	if (--r->handles > 0)
		return;
	ares_library_cleanup();
	free(r);
}

static void on_closed(uv_handle_t *handle)
{
	resolver_closed_one(handle->data);
}
