/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve_watch.c - the sockets of c-ares on the loop.
 */
#include <stdlib.h>

#include "scanner/dns/resolve_internal.h"

struct watch {
	uv_poll_t poll;
	struct resolver *resolver;
	ares_socket_t socket;
	LIST_ENTRY(watch) others;
};

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
	LIST_INSERT_HEAD(&r->watches, w, others);
	r->handles++;
	return w;
}

static void drop_watch(struct watch *w)
{
	LIST_REMOVE(w, others);
	uv_close((uv_handle_t *)&w->poll, on_watch_closed);
}

/* c-ares says what it waits for at `socket`; nothing: it is about to close it. */
void watch_socket(void *arg, ares_socket_t socket, int readable, int writable)
{
	struct resolver *r = arg;
	struct watch *w;

	LIST_FOREACH(w, &r->watches, others)
	if (w->socket == socket)
		break;
	if (!readable && !writable) {
		if (w)
			drop_watch(w);
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

static void on_watch_closed(uv_handle_t *handle)
{
	struct watch *w = (struct watch *)handle;
	struct resolver *r = w->resolver;

	free(w);
	resolver_closed_one(r);
}
