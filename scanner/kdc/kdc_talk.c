/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets to KDCs, and deadlines over each wait (RFC 4120 7.2). */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/kdc/kdc_internal.h"

enum { HEAD_START_MS = 300, CONNECT_MS = 10000, DATAGRAM_MAX = 65535 };

uint64_t kdc_now(void)
{
	return uv_hrtime() / 1000000;
}

static int open_socket(const struct kdc_route *route)
{
	int type = (route->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;

	return socket(route->address.any.sa_family, type, 0);
}

static int connect_socket(int fd, const struct kdc_route *route)
{
	socklen_t len = route->address.any.sa_family == AF_INET6
				? sizeof route->address.v6
				: sizeof route->address.v4;

	return connect(fd, &route->address.any, len);
}

int kdc_open_udp(const struct kdc_route *route)
{
	int fd = open_socket(route);

	if (fd >= 0 && connect_socket(fd, route) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* ---- the first that accepts ---- */

struct race {
	const struct kdc_routes *routes;
	struct pollfd fds[KDC_ROUTES_MAX];
	size_t route[KDC_ROUTES_MAX];
	nfds_t count;
	uint64_t next_ms, end_ms;
};

static void drop(struct race *r, nfds_t i)
{
	close(r->fds[i].fd);
	r->count--;
	r->fds[i] = r->fds[r->count];
	r->route[i] = r->route[r->count];
}

/* Starts a connection to the first route not tried yet; false: there is none. */
static bool start_next(struct race *r, bool *tried)
{
	for (size_t i = 0; i < r->routes->count; i++) {
		const struct kdc_route *route = &r->routes->at[i];
		int fd;

		if (tried[i] || route->udp)
			continue;
		tried[i] = true;
		fd = open_socket(route);
		if (fd < 0)
			continue;
		if (connect_socket(fd, route) != 0 && errno != EINPROGRESS) {
			close(fd);
			continue;
		}
		r->route[r->count] = i;
		r->fds[r->count++] = (struct pollfd){ .fd = fd, .events = POLLOUT };
		r->next_ms = kdc_now() + HEAD_START_MS;
		r->end_ms = kdc_now() + CONNECT_MS;
		return true;
	}
	r->next_ms = UINT64_MAX;
	return false;
}

/* The index of one that is connected; those that failed are dropped. */
static bool find_connected(struct race *r, nfds_t *winner)
{
	nfds_t i = 0;

	while (i < r->count) {
		int error = 0;
		socklen_t len = sizeof error;

		if (!r->fds[i].revents) {
			i++;
			continue;
		}
		if (getsockopt(r->fds[i].fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 &&
		    error == 0 && r->fds[i].revents & POLLOUT) {
			*winner = i;
			return true;
		}
		drop(r, i);
	}
	return false;
}

static int wait_time(const struct race *r)
{
	uint64_t until = r->next_ms < r->end_ms ? r->next_ms : r->end_ms;
	uint64_t now = kdc_now();

	return until > now ? (int)(until - now) : 0;
}

/* The losers have done nothing wrong and may be tried later. */
static int end_race(struct race *r, bool *tried, const nfds_t *winner, size_t *chosen)
{
	int fd = -1;

	for (nfds_t i = 0; i < r->count; i++)
		if (winner && i == *winner) {
			fd = r->fds[i].fd;
			*chosen = r->route[i];
		} else {
			close(r->fds[i].fd);
			if (winner)
				tried[r->route[i]] = false;
		}
	return fd;
}

int kdc_connect(const struct kdc_routes *routes, bool tried[KDC_ROUTES_MAX],
		size_t *chosen)
{
	struct race r = { .routes = routes };
	nfds_t winner;

	for (;;) {
		if (kdc_now() >= r.next_ms || r.count == 0)
			start_next(&r, tried);
		if (r.count == 0 || kdc_now() >= r.end_ms)
			return end_race(&r, tried, NULL, chosen);
		if (poll(r.fds, r.count, wait_time(&r)) > 0 &&
		    find_connected(&r, &winner))
			return end_race(&r, tried, &winner, chosen);
	}
}

/* ---- one request ---- */

/* False when the time is up first. */
static bool wait_for(int fd, short events, uint64_t end_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		uint64_t now = kdc_now();

		if (now >= end_ms)
			return false;
		if (poll(&p, 1, (int)(end_ms - now)) > 0)
			return true;
	}
}

static bool again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Sets `*sent` with the first byte that leaves. */
static bool send_all(int fd, struct bytes b, uint64_t end_ms, bool *sent)
{
	while (b.len > 0) {
		ssize_t n = send(fd, b.at, b.len, MSG_NOSIGNAL);

		if (n < 0 && !again())
			return false;
		if (n < 0 && !wait_for(fd, POLLOUT, end_ms))
			return false;
		if (n > 0) {
			*sent = true;
			b.at += n;
			b.len -= (size_t)n;
		}
	}
	return true;
}

static bool receive(int fd, uint8_t *to, size_t len, uint64_t end_ms)
{
	while (len > 0) {
		ssize_t n;

		if (!wait_for(fd, POLLIN, end_ms))
			return false;
		n = recv(fd, to, len, 0);
		if (n == 0 || (n < 0 && !again()))
			return false;
		if (n > 0) {
			to += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* The length of what follows, four bytes; its highest bit is reserved. */
static bool receive_reply(int fd, uint64_t end_ms, struct bytes *reply)
{
	uint32_t length;
	uint8_t *at;

	if (!receive(fd, (uint8_t *)&length, sizeof length, end_ms))
		return false;
	length = ntohl(length);
	if (length == 0 || length > KDC_REPLY_MAX)
		return false;
	at = malloc(length);
	if (!at || !receive(fd, at, length, end_ms)) {
		free(at);
		return false;
	}
	*reply = (struct bytes){ at, length };
	return true;
}

static bool receive_datagram(int fd, uint64_t end_ms, struct bytes *reply)
{
	uint8_t *at = malloc(DATAGRAM_MAX);
	ssize_t n = -1;

	if (at && wait_for(fd, POLLIN, end_ms))
		n = recv(fd, at, DATAGRAM_MAX, 0);
	if (n <= 0) {
		free(at);
		return false;
	}
	*reply = (struct bytes){ at, (size_t)n };
	return true;
}

enum kdc_talk kdc_talk(int fd, bool udp, struct bytes request, unsigned wait_ms,
		       struct bytes *reply)
{
	uint32_t length = htonl((uint32_t)request.len);
	uint64_t end_ms = kdc_now() + wait_ms;
	bool sent = false, ignored = false;
	/* The length alone tells nothing, but a request follows it at once. */
	bool good = udp || send_all(fd, (struct bytes){ (uint8_t *)&length, 4 }, end_ms,
				    &ignored);

	good = good && send_all(fd, request, end_ms, &sent);
	if (!sent)
		return KDC_TALK_NOT_SENT;
	if (good && (udp ? receive_datagram(fd, end_ms, reply)
			 : receive_reply(fd, end_ms, reply)))
		return KDC_TALK_DONE;
	return KDC_TALK_SILENT;
}
