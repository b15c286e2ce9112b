/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ldap_server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/ber.h"
#include "tests/lab/ldap.h"
#include "tests/lab/stats.h"

enum {
	BACKLOG = 1024,
	READ_LEN = 64 << 10,
	CHUNK = 32 << 10, /* what is sealed at a time */
	TRICKLE = 2048,   /* so many bytes one by one */
	DRIP_MS = 100,
	NOISE_LEN = 256,
};

struct ldap_connection {
	uv_tcp_t tcp;
	uv_timer_t timer;
	struct ldap ldap;
	struct wire_out in;    /* as it comes from the socket */
	struct wire_out plain; /* opened, or the same */
	struct wire_out drip;  /* what is due, byte by byte */
	size_t dripped;
	unsigned handles; /* to close */
	unsigned writing;
	bool silent, closing;
};

/* A write that the socket did not take at once. */
struct ldap_write {
	uv_write_t request;
	struct ldap_connection *connection;
	uint8_t bytes[];
};

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf);
static void on_written(uv_write_t *request, int status);
static void on_drip(uv_timer_t *timer);
static void on_closed(uv_handle_t *handle);

static uv_tcp_t listener;
static char read_buffer[READ_LEN];
static struct wire_out out, sealed;

static void close_connection(struct ldap_connection *c, bool reset)
{
	if (c->closing)
		return;
	c->closing = true;
	c->handles = 2;
	uv_close((uv_handle_t *)&c->timer, on_closed);
	if (!reset || uv_tcp_close_reset(&c->tcp, on_closed) != 0)
		uv_close((uv_handle_t *)&c->tcp, on_closed);
}

/* ---- bytes out ---- */

static void write_bytes(struct ldap_connection *c, const uint8_t *at, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)at, (unsigned)len);
	int done = c->writing ? 0 : uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
	struct ldap_write *w;

	if (done < 0)
		done = 0;
	if (c->closing || (size_t)done == len)
		return;
	w = malloc(sizeof(*w) + len - (size_t)done);
	if (!w)
		abort();
	w->connection = c;
	memcpy(w->bytes, at + done, len - (size_t)done);
	buf = uv_buf_init((char *)w->bytes, (unsigned)(len - (size_t)done));
	if (uv_write(&w->request, (uv_stream_t *)&c->tcp, &buf, 1, on_written) == 0)
		c->writing++;
	else
		free(w);
}

/* Seals `len` bytes in buffers behind what is in `sealed`. */
static void seal_bytes(struct ldap_connection *c, const uint8_t *at, size_t len)
{
	while (len) {
		size_t part = len < CHUNK ? len : CHUNK;

		if (!ldap_seal_put(&c->ldap.seal, (struct bytes){ at, part }, &sealed))
			abort();
		at += part;
		len -= part;
	}
}

/* The bytes as they go over the wire, in `sealed`. */
static void prepare(struct ldap_connection *c, const uint8_t *at, size_t len, bool seal)
{
	wire_reset(&sealed);
	if (seal)
		seal_bytes(c, at, len);
	else
		put_bytes(&sealed, at, len);
}

static void send_prepared(struct ldap_connection *c)
{
	if (sealed.len)
		write_bytes(c, sealed.at, sealed.len);
}

static void trickle(struct ldap_connection *c)
{
	size_t at = 0;

	uv_tcp_nodelay(&c->tcp, 1);
	for (; at < sealed.len && at < TRICKLE; at++)
		write_bytes(c, sealed.at + at, 1);
	for (; at < sealed.len; at += 1000)
		write_bytes(c, sealed.at + at,
			    sealed.len - at < 1000 ? sealed.len - at : 1000);
}

static void start_drip(struct ldap_connection *c)
{
	put_bytes(&c->drip, sealed.at, sealed.len);
	uv_timer_start(&c->timer, on_drip, 0, DRIP_MS);
}

static void on_drip(uv_timer_t *timer)
{
	struct ldap_connection *c = timer->data;

	if (c->dripped < c->drip.len)
		write_bytes(c, c->drip.at + c->dripped++, 1);
}

static void send_noise(struct ldap_connection *c, bool seal)
{
	uint8_t noise[NOISE_LEN];

	crypt_random(noise, sizeof(noise));
	memset(noise, 0xff, 8); /* no BER, and no length of a buffer either */
	prepare(c, noise, sizeof(noise), seal);
	send_prepared(c);
}

static void send_oversize(struct ldap_connection *c, bool seal)
{
	static const uint8_t head[] = { 0x30, 0x84, 1, 0, 0, 0, 2, 1, 1 };

	prepare(c, head, sizeof(head), seal);
	send_prepared(c);
}

/* What a fault makes of bytes that were prepared.  False: nothing. */
static bool send_twisted(struct ldap_connection *c, const uint8_t *at, size_t len,
			 bool seal)
{
	switch (c->ldap.armed) {
	case LDAP_TRICKLE:
		trickle(c);
		return true;
	case LDAP_DRIP:
		start_drip(c);
		return true;
	case LDAP_CUT:
		write_bytes(c, sealed.at, sealed.len / 2);
		close_connection(c, false);
		return true;
	case LDAP_BAD_SEAL:
		sealed.at[sealed.len - 1] ^= 1;
		return false;
	case LDAP_REPLAYED:
		send_prepared(c);
		return false;
	case LDAP_UNSEALED:
		prepare(c, at, len, false);
		return false;
	default:
		(void)seal;
		return false;
	}
}

static void misbehave(struct ldap_connection *c, const uint8_t *at, size_t len, bool seal)
{
	switch (c->ldap.armed) {
	case LDAP_SILENCE:
		c->silent = true;
		break;
	case LDAP_RESET:
		close_connection(c, true);
		break;
	case LDAP_FIN:
		close_connection(c, false);
		break;
	case LDAP_NOISE:
		send_noise(c, false);
		break;
	case LDAP_GARBAGE:
		send_noise(c, seal);
		break;
	case LDAP_OVERSIZE:
		send_oversize(c, seal);
		break;
	default:
		prepare(c, at, len, seal);
		if (!send_twisted(c, at, len, seal))
			send_prepared(c);
	}
}

/* Brings `out` to the client: what comes before the fault as it is due, then the rest. */
static void deliver(struct ldap_connection *c, bool seal)
{
	size_t good = c->ldap.armed ? c->ldap.armed_at : out.len;

	if (out.bad)
		abort();
	prepare(c, out.at, good, seal);
	send_prepared(c);
	if (c->ldap.armed)
		misbehave(c, out.at + good, out.len - good, seal);
}

static void send_more(struct ldap_connection *c)
{
	wire_reset(&out);
	ldap_more(&c->ldap, &out);
	prepare(c, out.at, out.len, c->ldap.seal.on);
	send_prepared(c);
}

static void on_written(uv_write_t *request, int status)
{
	struct ldap_write *w = (struct ldap_write *)request;
	struct ldap_connection *c = w->connection;

	free(w);
	c->writing--;
	while (status == 0 && !c->closing && c->ldap.more && !c->writing)
		send_more(c);
}

/* ---- bytes in ---- */

static void hear(struct ldap_connection *c, struct bytes message)
{
	bool seal = c->ldap.seal.on, good;

	wire_reset(&out);
	good = ldap_hear(&c->ldap, message, &out);
	if (out.len || c->ldap.armed)
		deliver(c, seal);
	if (!good)
		close_connection(c, false);
	while (c->ldap.more && !c->writing && !c->closing)
		send_more(c);
}

/* Each whole message of `plain`. */
static void hear_messages(struct ldap_connection *c)
{
	while (!c->closing && !c->silent) {
		int64_t len = ber_whole(wire_written(&c->plain), LDAP_MESSAGE_MAX);

		if (len < 0) {
			stats.protocol_errors++;
			close_connection(c, false);
		}
		if (len <= 0)
			break;
		hear(c, (struct bytes){ c->plain.at, (size_t)len });
		if (!c->closing)
			wire_consume(&c->plain, (size_t)len);
	}
}

/* One sealed buffer of `in` opened into `plain`; false: none is whole. */
static bool open_buffer(struct ldap_connection *c)
{
	struct wire_in in = wire_in_bytes(wire_written(&c->in));
	size_t len = get_u32be(&in);
	struct bytes buffer = get_bytes(&in, len);

	if (len > LDAP_MESSAGE_MAX) {
		stats.protocol_errors++;
		close_connection(c, false);
	}
	if (in.bad || c->closing)
		return false;
	if (!ldap_seal_get(&c->ldap.seal, buffer, &c->plain)) {
		stats.bad_signatures++;
		close_connection(c, false);
		return false;
	}
	stats.sealed_requests++;
	wire_consume(&c->in, 4 + len);
	return true;
}

static void take_bytes(struct ldap_connection *c)
{
	bool sealed_before = c->ldap.seal.on;

	if (!sealed_before) {
		put_bytes(&c->plain, c->in.at, c->in.len);
		wire_reset(&c->in);
		hear_messages(c);
		return;
	}
	while (!c->closing && !c->silent && open_buffer(c))
		hear_messages(c);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)handle;
	(void)suggested;
	*buf = uv_buf_init(read_buffer, READ_LEN);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	struct ldap_connection *c = stream->data;

	if (len < 0) {
		close_connection(c, false);
		return;
	}
	if (c->silent || c->closing)
		return;
	put_bytes(&c->in, buf->base, (size_t)len);
	take_bytes(c);
}

/* ---- accept ---- */

static const struct host *controller_of(uv_tcp_t *tcp)
{
	struct sockaddr_in name;
	int len = sizeof(name);
	const struct host *h;

	if (uv_tcp_getsockname(tcp, (struct sockaddr *)&name, &len) != 0)
		return NULL;
	h = world_by_address(ntohl(name.sin_addr.s_addr));
	return h && h->role == ROLE_DC ? h : NULL;
}

static void on_connection(uv_stream_t *from, int status)
{
	struct ldap_connection *c = calloc(1, sizeof(*c));
	const struct host *host;

	if (!c)
		abort();
	uv_tcp_init(from->loop, &c->tcp);
	uv_timer_init(from->loop, &c->timer);
	c->tcp.data = c->timer.data = c;
	c->in = wire_out(LDAP_MESSAGE_MAX + READ_LEN);
	c->plain = wire_out(LDAP_MESSAGE_MAX + READ_LEN);
	c->drip = wire_out(LDAP_OUT_MAX);
	if (status < 0 || uv_accept(from, (uv_stream_t *)&c->tcp) != 0) {
		close_connection(c, false);
		return;
	}
	stats.ldap_connections++;
	host = controller_of(&c->tcp);
	if (!host) {
		stats.strangers++;
		close_connection(c, true);
		return;
	}
	ldap_begin(&c->ldap, host);
	if (ldap_arm(&c->ldap, AT_ACCEPT, &out))
		misbehave(c, NULL, 0, false);
	if (!c->closing)
		uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void on_closed(uv_handle_t *handle)
{
	struct ldap_connection *c = handle->data;

	if (--c->handles)
		return;
	if (c->ldap.host)
		ldap_end(&c->ldap);
	wire_drop(&c->in);
	wire_drop(&c->plain);
	wire_drop(&c->drip);
	free(c);
}

bool ldap_server_start(uv_loop_t *loop, int port)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons((uint16_t)port) };
	int error;

	out = wire_out(LDAP_OUT_MAX);
	sealed = wire_out(LDAP_OUT_MAX + (LDAP_OUT_MAX >> 4));
	uv_tcp_init(loop, &listener);
	error = uv_tcp_bind(&listener, (struct sockaddr *)&any, 0);
	if (!error)
		error = uv_listen((uv_stream_t *)&listener, BACKLOG, on_connection);
	if (error)
		fprintf(stderr, "lsasweep-lab: LDAP port %d: %s\n", port,
			uv_strerror(error));
	return !error;
}

int ldap_server_port(void)
{
	struct sockaddr_in name;
	int len = sizeof(name);

	return uv_tcp_getsockname(&listener, (struct sockaddr *)&name, &len)
		       ? -1
		       : ntohs(name.sin_port);
}
