/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_resolve.c - look-ups against a name server of our own on the same loop.
 *
 * What the server does is the first label of the name: "silent" nothing, "garbage" bytes
 * that are no DNS, "nx" NXDOMAIN, "fail" SERVFAIL, "many" twelve addresses, "both" IPv4
 * and IPv6, "empty" no record, "short" an answer cut off; all else one IPv4 address.
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

enum { TYPE_A = 1, TYPE_AAAA = 28 };

static uv_loop_t loop;
static uv_udp_t server;
static char server_text[32];
static char buffer[65536];
static unsigned questions;

static void on_room(uv_handle_t *handle, size_t hint, uv_buf_t *b)
{
	(void)handle;
	(void)hint;
	*b = uv_buf_init(buffer, sizeof buffer);
}

static size_t put_record(uint8_t *p, unsigned type, uint8_t last)
{
	size_t len = type == TYPE_A ? 4 : 16;
	const uint8_t head[] = { 0xc0, 12, 0, (uint8_t)type, 0, 1, 0, 0,
				 0,    9,  0, (uint8_t)len };

	memcpy(p, head, sizeof head);
	memset(p + sizeof head, 0, len);
	p[sizeof head] = type == TYPE_A ? 127 : 0;
	p[sizeof head + len - 1] = last;
	return sizeof head + len;
}

static bool is(const uint8_t *query, const char *label)
{
	return query[12] == strlen(label) && memcmp(query + 13, label, query[12]) == 0;
}

/* Without what newer resolvers add (EDNS). */
static size_t question_end(const uint8_t *q)
{
	size_t at = 12;

	while (q[at])
		at += 1u + q[at];
	return at + 5;
}

static size_t answer(uint8_t *q)
{
	size_t len = question_end(q), at = len;
	unsigned type = q[len - 3], records = 1;

	q[2] = 0x81; /* a response to a recursive query */
	q[3] = 0x80;
	q[10] = q[11] = 0;
	if (is(q, "silent") || (is(q, "noaaaa") && type == TYPE_AAAA) ||
	    (is(q, "noa") && type == TYPE_A))
		return 0;
	if (is(q, "garbage")) {
		memset(q + 2, 0xff, len - 2);
		return len;
	}
	if (is(q, "nx"))
		q[3] |= 3;
	if (is(q, "fail"))
		q[3] |= 2;
	if (is(q, "many"))
		records = 12;
	if (q[3] & 15 || is(q, "empty") ||
	    (type == TYPE_AAAA && !is(q, "both") && !is(q, "noa")))
		return len;
	q[7] = (uint8_t)records;
	for (unsigned i = 0; i < records; i++)
		at += put_record(q + at, type, (uint8_t)(i + 1));
	return is(q, "short") ? at - 3 : at;
}

static void on_question(uv_udp_t *udp, ssize_t n, const uv_buf_t *b,
			const struct sockaddr *from, unsigned flags)
{
	uint8_t q[1024];
	uv_buf_t out;
	size_t len;

	(void)flags;
	if (n < 17 || !from)
		return;
	questions++;
	memcpy(q, b->base, (size_t)n);
	len = answer(q);
	out = uv_buf_init((char *)q, (unsigned)len);
	if (len)
		uv_udp_try_send(udp, &out, 1, from);
}

static int start(void **state)
{
	struct sockaddr_in at;
	int len = sizeof at, size = 1 << 21;

	(void)state;
	uv_loop_init(&loop);
	uv_udp_init(&loop, &server);
	uv_ip4_addr("127.0.0.1", 0, &at);
	if (uv_udp_bind(&server, (struct sockaddr *)&at, 0) != 0)
		return -1;
	uv_recv_buffer_size((uv_handle_t *)&server, &size);
	uv_udp_getsockname(&server, (struct sockaddr *)&at, &len);
	snprintf(server_text, sizeof server_text, "127.0.0.1:%u", ntohs(at.sin_port));
	uv_udp_recv_start(&server, on_room, on_question);
	uv_unref((uv_handle_t *)&server);
	questions = 0;
	return 0;
}

static int stop(void **state)
{
	(void)state;
	uv_close((uv_handle_t *)&server, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

static struct resolver *begin(unsigned try_ms)
{
	const char *servers[] = { server_text, NULL };
	char why[128];
	struct resolver *r = resolve_begin(&loop, servers, try_ms, why, sizeof why);

	assert_non_null(r);
	return r;
}

struct result {
	unsigned calls;
	enum resolve_outcome outcome;
	struct host_addresses addresses;
	uint64_t when;
	char why[80];
};

static void on_done(enum resolve_outcome outcome, const struct host_addresses *addresses,
		    const char *why, void *arg)
{
	struct result *result = arg;

	result->calls++;
	result->outcome = outcome;
	result->addresses = *addresses;
	result->when = uv_now(&loop);
	snprintf(result->why, sizeof result->why, "%s", why);
}

static struct result look_up(struct resolver *r, const char *name)
{
	struct result result = { 0 };

	assert_non_null(resolve_name(r, name, 4445, on_done, &result));
	assert_int_equal(result.calls, 0); /* never from inside */
	while (!result.calls)
		uv_run(&loop, UV_RUN_ONCE);
	return result;
}

static void finds_addresses(void **state)
{
	struct resolver *r = begin(0);
	struct result got = look_up(r, "plain.test");
	bool v4 = false, v6 = false;
	char text[64];

	(void)state;
	assert_int_equal(got.outcome, RESOLVED);
	assert_int_equal(got.addresses.count, 1);
	uv_ip4_name(&got.addresses.at[0].v4, text, sizeof text);
	assert_string_equal(text, "127.0.0.1");
	assert_int_equal(ntohs(got.addresses.at[0].v4.sin_port), 4445);

	got = look_up(r, "both.test");
	assert_int_equal(got.addresses.count, 2);
	for (unsigned i = 0; i < 2; i++) {
		v4 |= got.addresses.at[i].any.sa_family == AF_INET;
		v6 |= got.addresses.at[i].any.sa_family == AF_INET6 &&
		      got.addresses.at[i].v6.sin6_port == htons(4445);
	}
	assert_true(v4 && v6);

	got = look_up(r, "many.test");
	assert_int_equal(got.addresses.count, HOST_ADDRESSES_MAX);
	resolve_end(r);
}

static void asks_nobody_about_literals(void **state)
{
	struct resolver *r = begin(0);
	struct result got = look_up(r, "127.1.2.3");

	(void)state;
	assert_int_equal(got.outcome, RESOLVED);
	assert_int_equal(got.addresses.at[0].any.sa_family, AF_INET);
	got = look_up(r, "::1");
	assert_int_equal(got.addresses.at[0].any.sa_family, AF_INET6);
	got = look_up(r, "localhost"); /* /etc/hosts */
	assert_int_equal(got.outcome, RESOLVED);
	assert_int_equal(questions, 0);
	resolve_end(r);
}

static void tells_failures_apart(void **state)
{
	struct resolver *r = begin(60000), *hasty = begin(100); /* ms */

	(void)state;
	assert_int_equal(look_up(r, "nx.test").outcome, RESOLVE_NO_NAME);
	assert_string_equal(look_up(r, "nx.test").why, "there is no such name");
	assert_int_equal(look_up(r, "empty.test").outcome, RESOLVE_NO_NAME);
	assert_int_equal(look_up(hasty, "silent.test").outcome, RESOLVE_NO_ANSWER);
	assert_string_equal(look_up(hasty, "silent.test").why, "no name server answered");
	assert_int_not_equal(look_up(hasty, "garbage.test").outcome, RESOLVED);
	assert_int_not_equal(look_up(hasty, "short.test").outcome, RESOLVED);
	assert_non_null(strstr(look_up(r, "fail.test").why, "or all of them failed"));
	assert_int_not_equal(look_up(r, "a..b").outcome, RESOLVED);
	resolve_end(r);
	resolve_end(hasty);
}

static void refuses_bad_servers(void **state)
{
	static const char *const bad[] = { "dns.corp", "10.0.0.0/8", "10.0.0.1:0", "" };
	char why[128];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *servers[] = { bad[i], NULL };

		assert_null(resolve_begin(&loop, servers, 0, why, sizeof why));
		assert_non_null(strstr(why, "not a name server; expected ADDRESS"));
	}
}

static unsigned count_told(const struct result *results, unsigned from, unsigned count)
{
	unsigned told = 0;

	for (unsigned i = from; i < count; i += 2)
		told += results[i].calls;
	return told;
}

/* The names that somebody answers for are all told while the others still wait. */
static void silence_delays_nobody(void **state)
{
	enum { COUNT = 1000, TRY = 60000 }; /* silent and plain ones in turn; ms */
	static struct result results[COUNT];
	static struct lookup *silent[COUNT];
	struct resolver *r = begin(TRY);
	char name[32];

	(void)state;
	memset(results, 0, sizeof results);
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(name, sizeof name, "%s.n%u.test", i % 2 ? "plain" : "silent", i);
		silent[i] = resolve_name(r, name, 1, on_done, &results[i]);
		assert_non_null(silent[i]);
	}
	while (count_told(results, 1, COUNT) < COUNT / 2)
		uv_run(&loop, UV_RUN_ONCE);
	for (unsigned i = 1; i < COUNT; i += 2) {
		assert_int_equal(results[i].calls, 1);
		assert_int_equal(results[i].outcome, RESOLVED);
	}
	assert_int_equal(count_told(results, 0, COUNT), 0);
	for (unsigned i = 0; i < COUNT; i += 2)
		resolve_cancel(silent[i]);
	resolve_end(r);
}

/* Servers that leave one of the two questions about a name unanswered. */
static void half_an_answer_is_enough(void **state)
{
	enum { TRY = 60000 }; /* ms */
	struct resolver *r = begin(TRY), *hasty = begin(100);
	struct result got;
	uint64_t from;

	(void)state;
	uv_update_time(&loop);
	from = uv_now(&loop);
	got = look_up(r, "noaaaa.test");
	assert_int_equal(got.outcome, RESOLVED);
	assert_int_equal(got.addresses.count, 1);
	assert_int_equal(got.addresses.at[0].any.sa_family, AF_INET);
	assert_in_range(got.when - from, 250, TRY - 1);
	got = look_up(hasty, "noa.test");
	assert_int_equal(got.outcome, RESOLVED);
	assert_int_equal(got.addresses.at[0].any.sa_family, AF_INET6);
	resolve_end(r);
	resolve_end(hasty);
}

/* Random cancelling in every state: each is told exactly once, and nothing is left. */
static void cancels_in_every_state(void **state)
{
	enum { COUNT = 3000 };
	static struct result results[COUNT];
	static struct lookup *handles[COUNT];
	static const char *const kinds[] = { "plain", "silent", "noaaaa", "nx" };
	struct resolver *r = begin(50);
	char name[32];
	unsigned cancelled = 0;

	(void)state;
	memset(results, 0, sizeof results);
	srand(3);
	for (unsigned i = 0; i < COUNT; i++) {
		unsigned victim = (unsigned)rand() % (i + 1);

		snprintf(name, sizeof name, "%s.c%u.test", kinds[rand() % 4], i);
		handles[i] = resolve_name(r, rand() % 8 ? name : "127.0.0.9", 1, on_done,
					  &results[i]);
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
	}
	assert_in_range(cancelled, 100, COUNT);
}

static void on_done_end(enum resolve_outcome outcome,
			const struct host_addresses *addresses, const char *why,
			void *arg)
{
	struct resolver **r = arg;

	(void)outcome;
	(void)addresses;
	(void)why;
	if (*r) {
		resolve_end(*r);
		assert_null(resolve_name(*r, "late.test", 1, on_done_end, arg));
		*r = NULL;
	}
}

static void ends_from_within_an_answer(void **state)
{
	struct resolver *r = begin(0), *told = r;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_non_null(resolve_name(r, i % 2 ? "plain.test" : "silent.test", 1,
					     on_done_end, &told));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_null(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_addresses, start, stop),
		cmocka_unit_test_setup_teardown(asks_nobody_about_literals, start, stop),
		cmocka_unit_test_setup_teardown(tells_failures_apart, start, stop),
		cmocka_unit_test_setup_teardown(refuses_bad_servers, start, stop),
		cmocka_unit_test_setup_teardown(silence_delays_nobody, start, stop),
		cmocka_unit_test_setup_teardown(half_an_answer_is_enough, start, stop),
		cmocka_unit_test_setup_teardown(cancels_in_every_state, start, stop),
		cmocka_unit_test_setup_teardown(ends_from_within_an_answer, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
