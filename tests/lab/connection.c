/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/connection.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/smb.h"
#include "tests/lab/stats.h"

enum {
	FRAME_MAX = 128 << 10,
	READ_LEN = 64 << 10,
	OUT_MAX = 8 << 20,
	DRIP_MS = 1000,
	PROMISE_MS = 100,
	NOISE_LEN = 256,
};

/* What a slow host keeps for later, and the clock by which it gives it away. */
struct later {
	uv_timer_t timer;
	struct connection *connection;
	struct wire_out bytes;
	size_t sent;
};

struct connection {
	uv_tcp_t tcp;
	const struct host *host;
	struct smb smb;
	struct wire_out in;   /* a frame that has not come whole */
	struct wire_out last; /* what was said before, for a host that repeats itself */
	struct later *later;
	bool silent, closing;
};

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf);
static void on_drip(uv_timer_t *timer);
static void on_delay(uv_timer_t *timer);
static void on_promise(uv_timer_t *timer);
static void on_written(uv_write_t *request, int status);
static void on_closed(uv_handle_t *handle);
static void on_later_closed(uv_handle_t *handle);

/* One for all connections: nothing in it outlives a callback. */
static char read_buffer[READ_LEN];
static struct wire_out out;

static void close_connection(struct connection *c, bool reset)
{
	if (c->closing)
		return;
	c->closing = true;
	if (c->later)
		uv_close((uv_handle_t *)&c->later->timer, on_later_closed);
	c->later = NULL;
	if (!reset || uv_tcp_close_reset(&c->tcp, on_closed) != 0)
		uv_close((uv_handle_t *)&c->tcp, on_closed);
}

static const struct host *host_of(uv_tcp_t *tcp)
{
	struct sockaddr_in name;
	int len = sizeof(name);

	if (uv_tcp_getsockname(tcp, (struct sockaddr *)&name, &len) != 0)
		return NULL;
	return world_by_address(ntohl(name.sin_addr.s_addr));
}

static void send_noise(struct connection *c, bool framed);

/* What a host does that misbehaves before it is asked anything. */
static void misbehave_at_once(struct connection *c)
{
	switch (c->host->manner.fault) {
	case FAULT_RESET:
		close_connection(c, true);
		break;
	case FAULT_FIN:
		close_connection(c, false);
		break;
	case FAULT_GARBAGE:
		send_noise(c, true);
		break;
	case FAULT_NOISE:
		send_noise(c, false);
		break;
	default:
		c->silent = true;
	}
}

void connection_accept(uv_stream_t *listener)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	uv_tcp_init(listener->loop, &c->tcp);
	c->tcp.data = c;
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) != 0) {
		close_connection(c, false);
		return;
	}
	c->in = wire_out(FRAME_MAX + READ_LEN);
	c->last = wire_out(FRAME_MAX);
	c->host = host_of(&c->tcp);
	if (!c->host) {
		stats.strangers++;
		close_connection(c, true);
		return;
	}
	smb_begin(&c->smb, c->host);
	if (c->host->manner.fault && c->host->manner.step == STEP_ACCEPT)
		misbehave_at_once(c);
	if (!c->closing)
		uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)handle;
	(void)suggested;
	*buf = uv_buf_init(read_buffer, READ_LEN);
}

/* What the socket does not take now goes when it can. */
static void write_bytes(struct connection *c, const uint8_t *at, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)at, (unsigned)len);
	uv_write_t *request;
	int done;

	if (c->closing || !len)
		return;
	done = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
	if (done < 0)
		done = 0;
	if ((size_t)done == len)
		return;
	request = malloc(sizeof(*request) + len - (size_t)done);
	if (!request)
		abort();
	memcpy(request + 1, at + done, len - (size_t)done);
	buf = uv_buf_init((char *)(request + 1), (unsigned)(len - (size_t)done));
	if (uv_write(request, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0)
		free(request);
}

static void on_written(uv_write_t *request, int status)
{
	(void)status;
	free(request);
}

static void send_noise(struct connection *c, bool framed)
{
	uint8_t noise[NOISE_LEN];

	crypt_random(noise, sizeof(noise));
	if (framed) {
		memset(noise, 0, 4);
		noise[3] = NOISE_LEN - 4;
	} else {
		noise[0] |= 0x80;
	}
	write_bytes(c, noise, sizeof(noise));
}

static struct later *start_clock(struct connection *c, uv_timer_cb on_tick, unsigned ms,
				 bool again)
{
	struct later *l = c->later;

	if (l)
		return l;
	l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	l->connection = c;
	l->bytes = wire_out(OUT_MAX);
	l->timer.data = l;
	uv_timer_init(c->tcp.loop, &l->timer);
	uv_timer_start(&l->timer, on_tick, ms, again ? ms : 0);
	c->later = l;
	return l;
}

static void send_later(struct connection *c, uv_timer_cb on_tick, unsigned ms, bool again)
{
	struct later *l = start_clock(c, on_tick, ms, again);

	if (!uv_is_active((uv_handle_t *)&l->timer))
		uv_timer_start(&l->timer, on_tick, ms, again ? ms : 0);
	put_bytes(&l->bytes, out.at, out.len);
}

static void on_drip(uv_timer_t *timer)
{
	struct later *l = timer->data;

	if (l->sent < l->bytes.len)
		write_bytes(l->connection, l->bytes.at + l->sent++, 1);
}

static void on_delay(uv_timer_t *timer)
{
	struct later *l = timer->data;

	write_bytes(l->connection, l->bytes.at, l->bytes.len);
	wire_reset(&l->bytes);
}

static void on_promise(uv_timer_t *timer)
{
	struct later *l = timer->data;

	wire_reset(&out);
	smb_promise_again(&l->connection->smb, &out);
	write_bytes(l->connection, out.at, out.len);
}

static void on_later_closed(uv_handle_t *handle)
{
	struct later *l = handle->data;

	wire_drop(&l->bytes);
	free(l);
}

/* Frame what is in `out` anew, shorter or only seemingly longer. */
static void send_reframed(struct connection *c, uint32_t announced, size_t len)
{
	fill_u24be(&out, 1, announced);
	write_bytes(c, out.at, len);
}

static void send_http(struct connection *c)
{
	static const char page[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n"
				   "Connection: close\r\n\r\n";

	write_bytes(c, (const uint8_t *)page, sizeof(page) - 1);
	close_connection(c, false);
}

/* [MS-CIFS] 2.2.4.52.2 with "NT LM 0.12" chosen; to SMB2 such a host says nothing. */
static void send_smb1(struct connection *c, struct bytes frame)
{
	uint8_t answer[4 + 32 + 37] = { 0, 0, 0, 32 + 37, 0xff, 'S', 'M', 'B', 0x72 };

	if (frame.len > 4 && frame.at[0] == 0xff) {
		answer[13] = 0x80;
		answer[36] = 17;
		write_bytes(c, answer, sizeof(answer));
	}
	close_connection(c, false);
}

static void trickle(struct connection *c)
{
	uv_tcp_nodelay(&c->tcp, 1);
	for (size_t i = 0; i < out.len; i++)
		write_bytes(c, out.at + i, 1);
}

/* An answer that is none: other bytes, too few, or too many announced.  False: the host's
 * fault is of another kind. */
static bool deliver_broken(struct connection *c)
{
	size_t two_thirds = 2 * (out.len - 4) / 3;

	switch (c->smb.armed) {
	case FAULT_GARBAGE:
		send_noise(c, true);
		return true;
	case FAULT_NOISE:
		send_noise(c, false);
		return true;
	case FAULT_TRUNCATED:
		write_bytes(c, out.at, out.len / 2);
		close_connection(c, false);
		return true;
	case FAULT_SHORT:
		send_reframed(c, (uint32_t)two_thirds, 4 + two_thirds);
		return true;
	case FAULT_OVERSIZE:
		send_reframed(c, 0xffffff, out.len);
		return true;
	case FAULT_REPLAYED:
		write_bytes(c, c->last.at, c->last.len);
		return true;
	case FAULT_HTTP:
		send_http(c);
		return true;
	default:
		return false;
	}
}

/* Bring `out` to the client in the manner of the host's fault. */
static void deliver(struct connection *c)
{
	switch (c->smb.armed) {
	case FAULT_HANG:
		c->silent = true;
		break;
	case FAULT_RESET:
		close_connection(c, true);
		break;
	case FAULT_FIN:
		close_connection(c, false);
		break;
	case FAULT_TRICKLE:
		trickle(c);
		break;
	case FAULT_DRIP:
		send_later(c, on_drip, DRIP_MS, true);
		break;
	case FAULT_ENDLESS_PENDING:
		write_bytes(c, out.at, out.len);
		start_clock(c, on_promise, PROMISE_MS, true);
		break;
	default:
		if (deliver_broken(c))
			break;
		if (c->host->manner.delay_ms)
			send_later(c, on_delay, c->host->manner.delay_ms, false);
		else
			write_bytes(c, out.at, out.len);
	}
}

static void hear_frame(struct connection *c, uint8_t *frame, size_t len)
{
	bool good;

	if (c->host->manner.fault == FAULT_SMB1_ONLY) {
		send_smb1(c, (struct bytes){ frame, len });
		return;
	}
	wire_reset(&out);
	good = smb_hear(&c->smb, frame, len, &out);
	if (out.len)
		deliver(c);
	if (!good)
		close_connection(c, false);
	if (c->host->manner.fault == FAULT_REPLAYED) {
		wire_reset(&c->last);
		put_bytes(&c->last, out.at, out.len);
	}
}

/* Every whole frame in `at`; returns the bytes used up. */
static size_t hear_frames(struct connection *c, uint8_t *at, size_t len)
{
	size_t used = 0;

	while (!c->closing && !c->silent && len - used >= 4) {
		size_t frame = (size_t)at[used + 1] << 16 | (size_t)at[used + 2] << 8 |
			       at[used + 3];

		if (at[used] != 0 || frame > FRAME_MAX) {
			stats.protocol_errors++;
			close_connection(c, false);
			break;
		}
		if (len - used - 4 < frame)
			break;
		hear_frame(c, at + used + 4, frame);
		used += 4 + frame;
	}
	return used;
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	struct connection *c = stream->data;
	size_t used;

	if (len < 0) {
		close_connection(c, false);
		return;
	}
	if (c->silent)
		return;
	if (!out.max)
		out = wire_out(OUT_MAX);
	if (c->in.len == 0) {
		used = hear_frames(c, (uint8_t *)buf->base, (size_t)len);
		if (!c->closing)
			put_bytes(&c->in, buf->base + used, (size_t)len - used);
		return;
	}
	put_bytes(&c->in, buf->base, (size_t)len);
	used = hear_frames(c, c->in.at, c->in.len);
	if (!c->closing)
		wire_consume(&c->in, used);
}

static void on_closed(uv_handle_t *handle)
{
	struct connection *c = handle->data;

	if (c->host)
		smb_end(&c->smb);
	wire_drop(&c->in);
	wire_drop(&c->last);
	free(c);
}
