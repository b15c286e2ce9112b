/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/dns.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rpc/wire/wire.h"
#include "tests/lab/server.h"
#include "tests/lab/stats.h"
#include "tests/lab/world.h"

enum { QUERY_MAX = 512, ANSWER_MAX = 1232, NAME_MAX_LEN = 255, SRV_MAX = 16 };
enum { TYPE_A = 1, TYPE_AAAA = 28, TYPE_SRV = 33, CLASS_IN = 1 };
enum { NO_ERROR = 0, NO_SUCH_NAME = 3 };

static struct {
	uv_udp_t udp;
	int port;
	unsigned delay_ms;
	char buffer[QUERY_MAX];
} dns;

/* An answer to be sent late. */
struct late {
	uv_timer_t timer;
	struct sockaddr_in to;
	struct wire_out answer;
};

struct dns_question {
	char name[NAME_MAX_LEN + 1]; /* without the last dot */
	uint16_t id, type;
	struct bytes raw; /* from the name to the class */
};

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)handle;
	(void)suggested;
	*buf = uv_buf_init(dns.buffer, sizeof(dns.buffer));
}

/* RFC 1035 4.1.2; no compression in a question. */
static bool get_question(struct bytes query, struct dns_question *q)
{
	struct wire_in in = wire_in_bytes(query);
	size_t len = 0, start;
	uint8_t label;

	q->id = (uint16_t)get_u16be(&in);
	get_skip(&in, 10);
	start = wire_in_offset(&in);
	while ((label = get_u8(&in)) != 0 && !in.bad) {
		if (label > 63 || len + label + 1 > NAME_MAX_LEN)
			return false;
		if (len)
			q->name[len++] = '.';
		get_copy(&in, q->name + len, label);
		len += label;
	}
	q->name[len] = '\0';
	q->type = get_u16be(&in);
	get_skip(&in, 2);
	q->raw = (struct bytes){ query.at + start, wire_in_offset(&in) - start };
	return !in.bad;
}

static void put_u16be(struct wire_out *w, unsigned v)
{
	put_u8(w, (uint8_t)(v >> 8));
	put_u8(w, (uint8_t)v);
}

static void put_head(struct wire_out *w, const struct dns_question *q, unsigned code,
		     unsigned answers)
{
	put_u16be(w, q->id);
	put_u16be(w, 0x8580 | code);
	put_u16be(w, 1);
	put_u16be(w, answers);
	put_zeros(w, 4);
	put_bytes(w, q->raw.at, q->raw.len);
}

/* A record about the name asked for. */
static void put_record(struct wire_out *w, unsigned type, unsigned len)
{
	put_u16be(w, 0xc00c);
	put_u16be(w, type);
	put_u16be(w, CLASS_IN);
	put_u32be(w, 60);
	put_u16be(w, len);
}

static void put_name(struct wire_out *w, const char *name)
{
	while (*name) {
		size_t len = strcspn(name, ".");

		put_u8(w, (uint8_t)len);
		put_bytes(w, name, len);
		name += len + (name[len] == '.');
	}
	put_u8(w, 0);
}

/* _ldap._tcp... and _kerberos._tcp... tell the controllers. */
static void put_controllers(struct wire_out *w, const struct dns_question *q)
{
	char name[HOST_NAME_MAX_LEN];
	const struct host *found[SRV_MAX];
	unsigned count = 0;

	for (size_t i = 0; i < world.count && count < SRV_MAX; i++)
		if (world.hosts[i].role == ROLE_DC)
			found[count++] = &world.hosts[i];
	put_head(w, q, NO_ERROR, count);
	for (unsigned i = 0; i < count; i++) {
		host_dns_name(found[i], name);
		put_record(w, TYPE_SRV, 6 + (unsigned)strlen(name) + 2);
		put_u16be(w, 0);
		put_u16be(w, 100);
		put_u16be(w, (unsigned)server_port());
		put_name(w, name);
	}
}

static bool ends_with(const char *name, const char *tail)
{
	size_t len = strlen(name), tail_len = strlen(tail);

	return len >= tail_len && strcasecmp(name + len - tail_len, tail) == 0;
}

/* False: say nothing, ever. */
static bool put_answer(struct wire_out *w, const struct dns_question *q, bool *late)
{
	const struct host *h = world_by_name(q->name, strlen(q->name));
	bool service = strncasecmp(q->name, "_ldap._tcp.", 11) == 0 ||
		       strncasecmp(q->name, "_kerberos._tcp.", 15) == 0;

	if (q->type == TYPE_SRV && service && ends_with(q->name, world.dns)) {
		put_controllers(w, q);
		return true;
	}
	if (h && h->manner.fault == FAULT_SILENT_DNS)
		return false;
	if (!h || h->manner.fault == FAULT_UNRESOLVABLE) {
		put_head(w, q, NO_SUCH_NAME, 0);
		return true;
	}
	*late = h->manner.fault == FAULT_SLOW_DNS;
	put_head(w, q, NO_ERROR, q->type == TYPE_A);
	if (q->type == TYPE_A) {
		put_record(w, TYPE_A, 4);
		put_u32be(w, h->address);
	}
	return true;
}

static void send_now(const struct wire_out *w, const struct sockaddr_in *to)
{
	uv_buf_t buf = uv_buf_init((char *)w->at, (unsigned)w->len);

	uv_udp_try_send(&dns.udp, &buf, 1, (const struct sockaddr *)to);
}

static void on_late_closed(uv_handle_t *handle)
{
	struct late *l = handle->data;

	wire_drop(&l->answer);
	free(l);
}

static void on_late(uv_timer_t *timer)
{
	struct late *l = timer->data;

	send_now(&l->answer, &l->to);
	uv_close((uv_handle_t *)timer, on_late_closed);
}

/* Takes over the bytes of `w`. */
static void send_late(const struct wire_out *w, const struct sockaddr_in *to)
{
	struct late *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	l->answer = *w;
	l->to = *to;
	l->timer.data = l;
	uv_timer_init(dns.udp.loop, &l->timer);
	uv_timer_start(&l->timer, on_late, dns.delay_ms, 0);
}

static void on_query(uv_udp_t *udp, ssize_t len, const uv_buf_t *buf,
		     const struct sockaddr *from, unsigned flags)
{
	struct wire_out w = wire_out(ANSWER_MAX);
	const struct sockaddr_in *to = (const struct sockaddr_in *)(const void *)from;
	struct dns_question q;
	bool late = false;

	(void)udp;
	(void)flags;
	if (len <= 0 || !from)
		return;
	stats.dns_queries++;
	if (!get_question((struct bytes){ (uint8_t *)buf->base, (size_t)len }, &q))
		return;
	if (put_answer(&w, &q, &late) && late) {
		send_late(&w, to);
		return;
	}
	if (w.len)
		send_now(&w, to);
	wire_drop(&w);
}

bool dns_start(uv_loop_t *loop, int port, unsigned delay_ms)
{
	struct sockaddr_in at;
	int error, len = sizeof(at);

	dns.delay_ms = delay_ms;
	uv_ip4_addr("127.0.0.1", port, &at);
	uv_udp_init(loop, &dns.udp);
	error = uv_udp_bind(&dns.udp, (struct sockaddr *)&at, 0);
	if (!error)
		error = uv_udp_recv_start(&dns.udp, on_alloc, on_query);
	if (!error)
		error = uv_udp_getsockname(&dns.udp, (struct sockaddr *)&at, &len);
	if (error)
		fprintf(stderr, "lsasweep-lab: name server on port %d: %s\n", port,
			uv_strerror(error));
	dns.port = ntohs(at.sin_port);
	return error == 0;
}

int dns_port(void)
{
	return dns.port;
}
