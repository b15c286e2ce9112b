/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_resolve_service.c - SRV records of a name server of our own, over UDP and TCP.
 *
 * What the server answers is chosen by the first label of the service: see `kinds`.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "scanner/dns/resolve.h"

enum { TYPE_CNAME = 5, TYPE_SRV = 33, MANY = 1200, REPLY_MAX = 65000 };
enum { CUT = 1, ODD_BYTES = 2, TRUNCATED = 4, SILENT = 8, FEWER_BYTES = 16 };

static const struct kind {
	const char *label;
	unsigned code, flags; /* RCODE; what is wrong with the answer */
	/* "PRIORITY WEIGHT HOST" each; "" ends them. */
	const char *records[8];
} kinds[] = {
	{ "_sorted",
	  0,
	  0,
	  { "10 0 later.corp", "0 5 light.corp", "0 100 b.corp", "0 100 a.corp",
	    "0 100 a.corp" } },
	{ "_dot", 0, 0, { "0 0 ." } },
	{ "_mixed", 0, 0, { "0 0 .", "0 0 dc.corp" } },
	{ "_odd",
	  0,
	  0,
	  { "0 0 10.0.0.1", "0 0 _ldap._tcp.corp", "0 0 a b.corp", "0 0 h:1.corp",
	    "0 0 -x.corp", "0 0 *.corp", "0 0 dc.corp" } },
	{ "_useless", 0, 0, { "0 0 10.0.0.1" } },
	{ "_nx", 3, 0, { "" } },
	{ "_fail", 2, 0, { "" } },
	{ "_empty", 0, 0, { "" } },
	{ "_silent", 0, SILENT, { "" } },
	{ "_garbage", 0, ODD_BYTES, { "" } },
	{ "_short", 0, CUT, { "0 0 dc.corp" } },
	{ "_many", 0, TRUNCATED, { "" } },
	{ "_alias", 0, FEWER_BYTES, { "" } },
};

static uv_loop_t loop;
static uv_udp_t udp;
static uv_tcp_t tcp;
static char server_text[32], buffer[4096];
static uint8_t reply[REPLY_MAX + 2];
static unsigned by_tcp;

static uint8_t *put16(uint8_t *p, unsigned v)
{
	*p++ = (uint8_t)(v >> 8);
	*p++ = (uint8_t)v;
	return p;
}

static uint8_t *put_name(uint8_t *p, const char *name)
{
	while (*name && strcmp(name, ".") != 0) {
		size_t len = strcspn(name, ".");

		*p++ = (uint8_t)len;
		memcpy(p, name, len);
		p += len;
		name += len + (name[len] == '.');
	}
	*p++ = 0;
	return p;
}

/* About the name that was asked for; the length comes later. */
static uint8_t *put_head(uint8_t *p, unsigned type)
{
	p = put16(put16(put16(p, 0xc00c), type), 1);
	return put16(put16(p, 0), 60);
}

static uint8_t *put_srv(uint8_t *p, const char *text)
{
	unsigned priority = 0, weight = 0;
	uint8_t *length;
	int host = 0;

	sscanf(text, "%u %u %n", &priority, &weight, &host);
	length = put_head(p, TYPE_SRV);
	p = put16(put16(put16(length + 2, priority), weight), 389);
	p = put_name(p, text + host);
	put16(length, (unsigned)(p - length - 2));
	return p;
}

static const struct kind *kind_of(const uint8_t *query)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (query[12] == strlen(kinds[i].label) &&
		    memcmp(query + 13, kinds[i].label, query[12]) == 0)
			return &kinds[i];
	return NULL;
}

static uint8_t *put_records(uint8_t *p, const struct kind *kind, unsigned *count)
{
	char text[40];

	for (; *count < 8 && kind->records[*count] && *kind->records[*count]; ++*count)
		p = put_srv(p, kind->records[*count]);
	for (; kind->flags & TRUNCATED && *count < MANY; ++*count) {
		snprintf(text, sizeof text, "0 0 h%04u.corp", MANY - 1 - *count);
		p = put_srv(p, text);
	}
	if (kind->flags & FEWER_BYTES) { /* an alias, and nothing where it leads */
		uint8_t *length = put_head(p, TYPE_CNAME);

		p = put_name(length + 2, "elsewhere.corp");
		put16(length, (unsigned)(p - length - 2));
		++*count;
	}
	return p;
}

/* Into `reply`; the length, 0: say nothing. */
static size_t answer(const uint8_t *query, size_t len, bool stream)
{
	const struct kind *kind = kind_of(query);
	unsigned count = 0;
	uint8_t *p = reply;

	assert_non_null(kind);
	assert_int_equal(query[len - 3], TYPE_SRV);
	if (kind->flags & SILENT)
		return 0;
	memcpy(p, query, len);
	p[2] = 0x81;
	p[3] = (uint8_t)(0x80 | kind->code);
	p += len;
	if (kind->flags & TRUNCATED && !stream)
		reply[2] |= 2;
	else
		p = put_records(p, kind, &count);
	put16(reply + 6, count);
	put16(reply + 10, 0);
	if (kind->flags & ODD_BYTES)
		memset(reply + 2, 0xff, len - 2);
	return (size_t)(p - reply) - (kind->flags & CUT ? 5 : 0);
}

static void on_room(uv_handle_t *handle, size_t hint, uv_buf_t *b)
{
	(void)handle;
	(void)hint;
	*b = uv_buf_init(buffer, sizeof buffer);
}

static void on_datagram(uv_udp_t *server, ssize_t n, const uv_buf_t *b,
			const struct sockaddr *from, unsigned flags)
{
	uv_buf_t out = uv_buf_init((char *)reply, 0);

	(void)flags;
	if (n < 17 || !from)
		return;
	out.len = answer((const uint8_t *)b->base, (size_t)n, false);
	if (out.len)
		uv_udp_try_send(server, &out, 1, from);
}

static void on_freed(uv_handle_t *handle)
{
	free(handle);
}

static void on_bytes(uv_stream_t *peer, ssize_t n, const uv_buf_t *b)
{
	uint8_t head[2];
	uv_buf_t out[2] = { uv_buf_init((char *)head, 2), uv_buf_init((char *)reply, 0) };

	if (n < 0) {
		uv_close((uv_handle_t *)peer, on_freed);
		return;
	}
	if (n < 19)
		return;
	by_tcp++;
	out[1].len = answer((const uint8_t *)b->base + 2, (size_t)n - 2, true);
	put16(head, (unsigned)out[1].len);
	assert_int_equal(uv_try_write(peer, out, 2), out[1].len + 2);
}

static void on_peer(uv_stream_t *server, int status)
{
	uv_tcp_t *peer = calloc(1, sizeof *peer);

	assert_int_equal(status, 0);
	assert_non_null(peer);
	uv_tcp_init(&loop, peer);
	assert_int_equal(uv_accept(server, (uv_stream_t *)peer), 0);
	uv_read_start((uv_stream_t *)peer, on_room, on_bytes);
}

/* Both on one port, which somebody else may have taken of the second kind. */
static bool bind_both(struct sockaddr_in *at)
{
	int len = sizeof *at;

	uv_udp_init(&loop, &udp);
	uv_tcp_init(&loop, &tcp);
	uv_ip4_addr("127.0.0.1", 0, at);
	if (uv_tcp_bind(&tcp, (struct sockaddr *)at, 0) == 0 &&
	    uv_listen((uv_stream_t *)&tcp, 8, on_peer) == 0 &&
	    uv_tcp_getsockname(&tcp, (struct sockaddr *)at, &len) == 0 &&
	    uv_udp_bind(&udp, (struct sockaddr *)at, 0) == 0)
		return true;
	uv_close((uv_handle_t *)&udp, NULL);
	uv_close((uv_handle_t *)&tcp, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	return false;
}

static int start(void **state)
{
	struct sockaddr_in at;
	unsigned tries = 0;

	(void)state;
	by_tcp = 0;
	uv_loop_init(&loop);
	while (!bind_both(&at))
		if (++tries == 8)
			return -1;
	snprintf(server_text, sizeof server_text, "127.0.0.1:%u", ntohs(at.sin_port));
	uv_udp_recv_start(&udp, on_room, on_datagram);
	uv_unref((uv_handle_t *)&udp);
	uv_unref((uv_handle_t *)&tcp);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	uv_close((uv_handle_t *)&udp, NULL);
	uv_close((uv_handle_t *)&tcp, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

static struct resolver *begin(void)
{
	const char *servers[] = { server_text, NULL };
	char why[128];
	struct resolver *r = resolve_begin(&loop, servers, 50, why, sizeof why);

	assert_non_null(r);
	return r;
}

struct result {
	unsigned calls;
	enum resolve_outcome outcome;
	size_t count, left_out;
	char names[400]; /* the first ones, separated by blanks */
	char why[80];
};

static void on_done(enum resolve_outcome outcome, const struct service_hosts *hosts,
		    const char *why, void *arg)
{
	struct result *result = arg;

	result->calls++;
	result->outcome = outcome;
	result->count = hosts->count;
	result->left_out = hosts->left_out;
	for (size_t i = 0; i < hosts->count && i < 8; i++) {
		strcat(result->names, i ? " " : "");
		strcat(result->names, hosts->names[i]);
		assert_int_equal(hosts->ports[i], 389);
	}
	snprintf(result->why, sizeof result->why, "%s", why);
}

static struct result look_up(struct resolver *r, const char *name)
{
	struct result result = { 0 };

	assert_non_null(resolve_service(r, name, on_done, &result));
	assert_int_equal(result.calls, 0); /* never from inside */
	while (!result.calls)
		uv_run(&loop, UV_RUN_ONCE);
	return result;
}

static void sorts_by_priority_weight_and_name(void **state)
{
	struct resolver *r = begin();
	struct result got = look_up(r, "_sorted._tcp.corp");

	(void)state;
	assert_int_equal(got.outcome, RESOLVED);
	assert_string_equal(got.names, "a.corp a.corp b.corp light.corp later.corp");
	assert_int_equal(got.count, 5);
	assert_int_equal(got.left_out, 0);
	assert_string_equal(got.why, "");
	resolve_end(r);
}

static void takes_names_of_hosts_alone(void **state)
{
	struct resolver *r = begin();
	struct result got = look_up(r, "_odd._tcp.corp");

	(void)state;
	assert_int_equal(got.outcome, RESOLVED);
	assert_string_equal(got.names, "dc.corp");
	assert_int_equal(got.left_out, 6);
	got = look_up(r, "_useless._tcp.corp");
	assert_int_equal(got.outcome, RESOLVE_FAILED);
	assert_string_equal(got.why, "its SRV records name no host");
	assert_int_equal(got.count, 0);
	resolve_end(r);
}

static void knows_a_service_that_is_not_offered(void **state)
{
	struct resolver *r = begin();
	struct result got = look_up(r, "_dot._tcp.corp");

	(void)state;
	assert_int_equal(got.outcome, RESOLVE_NO_NAME);
	assert_string_equal(got.why, "the service is not offered there");
	got = look_up(r, "_mixed._tcp.corp");
	assert_string_equal(got.names, "dc.corp");
	assert_int_equal(got.left_out, 0);
	resolve_end(r);
}

static void tells_failures_apart(void **state)
{
	struct resolver *r = begin();

	(void)state;
	assert_string_equal(look_up(r, "_nx._tcp.corp").why, "there is no such name");
	assert_int_equal(look_up(r, "_nx._tcp.corp").outcome, RESOLVE_NO_NAME);
	assert_string_equal(look_up(r, "_empty._tcp.corp").why,
			    "the name has no SRV record");
	assert_string_equal(look_up(r, "_alias._tcp.corp").why,
			    "the name has no SRV record");
	assert_int_equal(look_up(r, "_alias._tcp.corp").outcome, RESOLVE_NO_NAME);
	assert_int_equal(look_up(r, "_silent._tcp.corp").outcome, RESOLVE_NO_ANSWER);
	assert_int_equal(look_up(r, "_fail._tcp.corp").outcome, RESOLVE_NO_ANSWER);
	assert_int_not_equal(look_up(r, "_garbage._tcp.corp").outcome, RESOLVED);
	assert_int_equal(look_up(r, "_short._tcp.corp").outcome, RESOLVE_FAILED);
	resolve_end(r);
}

/* Too many for a datagram: c-ares asks again over TCP; too many for a sweep: said. */
static void many_come_over_tcp_and_are_capped(void **state)
{
	struct resolver *r = begin();
	struct result got = look_up(r, "_many._tcp.corp");

	(void)state;
	assert_int_equal(got.outcome, RESOLVED);
	assert_int_equal(by_tcp, 1);
	assert_int_equal(got.count, SERVICE_HOSTS_MAX);
	assert_int_equal(got.left_out, MANY - SERVICE_HOSTS_MAX);
	assert_memory_equal(got.names, "h0000.corp h0001.corp h0002.corp", 32);
	resolve_end(r);
}

/* Random cancelling in every state: each is told exactly once, and nothing is left. */
static void cancels_in_every_state(void **state)
{
	enum { COUNT = 1000 };
	static const char *const names[] = { "_sorted._tcp.a", "_silent._tcp.b",
					     "_nx._tcp.c", "_many._tcp.d" };
	static struct result results[COUNT];
	static struct lookup *handles[COUNT];
	struct resolver *r = begin();
	unsigned cancelled = 0, resolved = 0;

	(void)state;
	memset(results, 0, sizeof results);
	srand(5);
	for (unsigned i = 0; i < COUNT; i++) {
		unsigned victim = (unsigned)rand() % (i + 1);
		unsigned name = rand() % 50 ? (unsigned)rand() % 3 : 3;

		handles[i] = resolve_service(r, names[name], on_done, &results[i]);
		if (results[victim].calls == 0)
			resolve_cancel(handles[victim]);
		if (i % 16 == 0)
			uv_run(&loop, UV_RUN_NOWAIT);
	}
	resolve_end(r); /* what still waits is cancelled and told */
	uv_run(&loop, UV_RUN_DEFAULT);
	for (unsigned i = 0; i < COUNT; i++) {
		assert_int_equal(results[i].calls, 1);
		cancelled += results[i].outcome == RESOLVE_CANCELLED;
		resolved += results[i].outcome == RESOLVED;
		if (results[i].outcome != RESOLVED)
			assert_int_equal(results[i].count, 0);
	}
	assert_in_range(cancelled, 30, COUNT);
	assert_in_range(resolved, 30, COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
		TEST(sorts_by_priority_weight_and_name),
		TEST(takes_names_of_hosts_alone),
		TEST(knows_a_service_that_is_not_offered),
		TEST(tells_failures_apart),
		TEST(many_come_over_tcp_and_are_capped),
		TEST(cancels_in_every_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
