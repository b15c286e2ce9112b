/*
 * resolve.c - look-ups through c-ares on the loop.
 *
 * A look-up is either asking (c-ares holds a `struct question` that points at it) or
 * finished (it waits in a list for the loop to tell it).  c-ares has no way to cancel one
 * question, so a cancelled look-up leaves its question behind, which c-ares finishes
 * alone.  Nothing is ever told from within a call of ours or of c-ares.
 *
 * Time: c-ares is asked every TICK_MS, while something is asked, whether a question has
 * waited too long.  Its own ares_timeout() walks through all questions at each call.
 */
#include "scanner/resolve.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/resolve_parts.h"
#include "scanner/resolve_servers.h"

enum { TRY_MS = 2000, TRIES = 2, TICK_MS = 25, RECEIVE_BYTES = 1 << 20 };

/* A socket of c-ares on the loop. */
struct watch {
	uv_poll_t poll;
	struct resolver *resolver;
	ares_socket_t socket;
	struct watch *next;
};

struct name_lookup {
	struct lookup lookup;
	resolve_fn done;
	void *arg;
	uint16_t port;
	struct host_addresses addresses;
};

static void append(struct lookups *list, struct lookup *l)
{
	l->next = NULL;
	l->previous = list->last;
	*(list->last ? &list->last->next : &list->first) = l;
	list->last = l;
}

static void take_out(struct lookups *list, struct lookup *l)
{
	*(l->previous ? &l->previous->next : &list->first) = l->next;
	*(l->next ? &l->next->previous : &list->last) = l->previous;
}

/*
 * Begin
 */

static void on_socket(void *arg, ares_socket_t socket, int readable, int writable);

static bool open_channel(struct resolver *r, const char *const *servers, unsigned try_ms,
			 char *why, size_t why_size)
{
	struct ares_options options = { 0 };
	int status;

	options.timeout = (int)(try_ms ? try_ms : TRY_MS);
	options.tries = TRIES;
	options.lookups = (char[]){ "fb" }; /* /etc/hosts, then DNS */
	options.socket_receive_buffer_size = RECEIVE_BYTES;
	options.sock_state_cb = on_socket;
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

struct question *lookup_ask(struct lookup *l)
{
	struct resolver *r = l->resolver;
	struct question *q = malloc(sizeof *q);

	if (!q)
		return NULL;
	*q = (struct question){ r, l };
	l->question = q;
	append(&r->asking, l);
	if (r->questions++ == 0) {
		uv_update_time(r->loop);
		uv_timer_start(&r->tick, on_tick, TICK_MS, TICK_MS);
	}
	return q;
}

static bool literal(const char *name, uint16_t port, union host_address *address)
{
	return uv_ip4_addr(name, port, &address->v4) == 0 ||
	       uv_ip6_addr(name, port, &address->v6) == 0;
}

/* Leaves the look-up finished or asking. */
static bool ask(struct name_lookup *l, const char *name)
{
	static const struct ares_addrinfo_hints hints = { .ai_family = AF_UNSPEC,
							  .ai_socktype = SOCK_STREAM };
	struct question *q = lookup_ask(&l->lookup);

	if (q)
		ares_getaddrinfo(q->resolver->channel, name, NULL, &hints, on_answer, q);
	return q != NULL;
}

struct lookup *resolve_name(struct resolver *r, const char *name, uint16_t port,
			    resolve_fn done, void *arg)
{
	struct name_lookup *l = lookup_new(r, sizeof *l, tell_addresses);

	if (!l)
		return NULL;
	l->done = done;
	l->arg = arg;
	l->port = port;
	if (literal(name, port, &l->addresses.at[0])) {
		l->addresses.count = 1;
		append(&r->asking, &l->lookup);
		lookup_finish(&l->lookup, RESOLVED, "");
	} else if (!ask(l, name)) {
		free(l);
		return NULL;
	}
	return &l->lookup;
}

static void on_ready(uv_poll_t *poll, int status, int events);
static void on_watch_closed(uv_handle_t *handle);

static struct watch *new_watch(struct resolver *r, ares_socket_t socket)
{
	struct watch *w = calloc(1, sizeof *w);

	r->deaf = !w || uv_poll_init_socket(r->loop, &w->poll, socket) != 0;
	if (r->deaf) {
		free(w); /* the question will time out */
		return NULL;
	}
	w->resolver = r;
	w->socket = socket;
	w->next = r->watches;
	r->watches = w;
	r->handles++;
	return w;
}

static void drop_watch(struct resolver *r, struct watch *w)
{
	struct watch **at = &r->watches;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	uv_close((uv_handle_t *)&w->poll, on_watch_closed);
}

/* c-ares says what it waits for at `socket`; nothing: it is about to close it. */
static void on_socket(void *arg, ares_socket_t socket, int readable, int writable)
{
	struct resolver *r = arg;
	struct watch *w = r->watches;

	while (w && w->socket != socket)
		w = w->next;
	if (!readable && !writable) {
		if (w)
			drop_watch(r, w);
		return;
	}
	if (!w)
		w = new_watch(r, socket);
	if (w)
		uv_poll_start(&w->poll,
			      (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0),
			      on_ready);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct watch *w = (struct watch *)poll;
	bool readable = status < 0 || events & UV_READABLE;
	bool writable = status < 0 || events & UV_WRITABLE;

	ares_process_fd(w->resolver->channel, readable ? w->socket : ARES_SOCKET_BAD,
			writable ? w->socket : ARES_SOCKET_BAD);
}

static void on_tick(uv_timer_t *timer)
{
	struct resolver *r = timer->data;

	ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
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
	case ARES_ECONNREFUSED: /* also for SERVFAIL from the last server there is */
		lookup_finish(l, RESOLVE_NO_ANSWER,
			      "no name server could be reached, or all of them failed");
		return;
	case ARES_ESERVFAIL:
		lookup_finish(l, RESOLVE_FAILED, "the name server failed");
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

struct lookup *lookup_answered(struct question *q)
{
	struct lookup *l = q->lookup;

	if (--q->resolver->questions == 0 && !q->resolver->ending)
		uv_timer_stop(&q->resolver->tick);
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
	else if (l)
		lookup_finish_by_status(l, status, "the name has no address");
	if (answer)
		ares_freeaddrinfo(answer);
}

void resolve_cancel(struct lookup *l)
{
	if (l->question) {
		l->question->lookup = NULL;
		lookup_finish(l, RESOLVE_CANCELLED, "cancelled");
	}
}

/*
 * Tell
 */

static void on_teller(uv_timer_t *timer);

void lookup_finish(struct lookup *l, enum resolve_outcome outcome, const char *why)
{
	struct resolver *r = l->resolver;

	take_out(&r->asking, l);
	append(&r->finished, l);
	l->question = NULL;
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
	struct lookup *l = r->finished.first;

	r->finished = (struct lookups){ 0 };
	r->telling = true;
	while (l) {
		struct lookup *next = l->next;

		l->tell(l);
		l = next;
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
	while (r->asking.first)
		resolve_cancel(r->asking.first);
	/* Finishes the questions left behind and closes all sockets. */
	ares_destroy(r->channel);
	uv_close((uv_handle_t *)&r->tick, on_closed);
	settle(r);
}

/* When ending, the teller leaves last. */
static void settle(struct resolver *r)
{
	if (!r->ending || r->telling || r->finished.first)
		return;
	if (!uv_is_closing((uv_handle_t *)&r->teller))
		uv_close((uv_handle_t *)&r->teller, on_closed);
}

static void one_closed(struct resolver *r)
{
	if (--r->handles > 0)
		return;
	ares_library_cleanup();
	free(r);
}

static void on_closed(uv_handle_t *handle)
{
	one_closed(handle->data);
}

static void on_watch_closed(uv_handle_t *handle)
{
	struct watch *w = (struct watch *)handle;
	struct resolver *r = w->resolver;

	free(w);
	one_closed(r);
}
