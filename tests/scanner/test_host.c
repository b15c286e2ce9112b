/* SPDX-License-Identifier: Apache-2.0 */
/* One host's life against peers in the same loop, each wrong in its own way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/host/outcome.h"
#include "tests/scanner/host_play.h"

#define GOOD .hang_at = NEVER, .reset_at = NEVER

/* ---- each personality, its outcome ---- */

static void a_host_is_talked_to_to_the_end(void **state)
{
	struct fake fake = { GOOD, .plan = { .rpc_fault = 5 } };
	struct run r;

	(void)state;
	scan(&fake, &r);
	/* This one refuses every call, which ends neither the survey nor the host. */
	assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
	assert_string_equal(r.mechanism, "ntlm");
	assert_int_equal(r.right_count, 2);
	assert_int_equal(r.first_right, RIGHT_DENIED);
	assert_int_equal(fake.connections, 1);
	assert_int_equal(guard_state(guard), GUARD_GO);
	assert_false(r.may_retry);
}

static void a_host_that_hangs_is_stalled_at_its_step(void **state)
{
	static const struct {
		uint8_t command;
		const char *step;
	} rows[] = {
		{ 0, "negotiate" }, { 1, "authenticate" }, { 3, "tree connect" },
		{ 5, "open pipe" }, { 11, "bind" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fake fake = { GOOD };
		struct run r;

		fake.hang_at = rows[i].command;
		scan(&fake, &r);
		assert_int_equal(r.outcome, HOST_STALLED);
		assert_string_equal(r.step, rows[i].step);
		assert_true(r.may_retry);
		assert_true(r.total_ms >= 390);
	}
}

/* Nobody heard it meanwhile: it has its whole time, and what we took of it. */
static void time_that_we_were_busy_is_not_charged_to_a_host(void **state)
{
	struct fake fake = { GOOD };
	struct run r;

	(void)state;
	fake.hang_at = 3;
	fake.late_ms = 700;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_STALLED);
	assert_true(r.total_ms >= 390 + 700);
}

static void a_host_that_resets_is_disconnected_at_its_step(void **state)
{
	static const struct {
		uint8_t command;
		const char *step;
		unsigned connections;
	} rows[] = {
		/* Twice: the second time by the NEGOTIATE that SMB1 understands too. */
		{ 0, "negotiate", 2 }, { 1, "authenticate", 1 }, { 3, "tree connect", 1 },
		{ 5, "open pipe", 1 }, { 11, "bind", 1 },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		struct fake fake = { GOOD, .hang_up = i % 2 };
		struct run r;

		fake.reset_at = rows[i / 2].command;
		scan(&fake, &r);
		assert_int_equal(r.outcome, HOST_DISCONNECTED);
		assert_string_equal(r.step, rows[i / 2].step);
		assert_true(r.may_retry);
		assert_int_equal(fake.connections, rows[i / 2].connections);
	}
}

/* ---- a provider with an opening ---- */

static struct auth *begin_after_opening(const struct auth_provider *p, const char *host,
					struct fault *fault)
{
	struct auth *a = begin_auth(p, host, fault);

	if (a)
		a->steps = 1; /* "proof one" was sent */
	return a;
}

static const struct auth_provider opening_provider = {
	.opening = { (const uint8_t *)"proof one", 9 },
	.begin = begin_after_opening,
	.step = step_auth,
	.key = key_auth,
	.mechanism = mechanism_auth,
	.end = end_auth,
};

static void an_opening_goes_without_a_mechanism(void **state)
{
	struct fake good = { GOOD, .plan = { .rpc_fault = 5 } };
	struct fake silent = { .hang_at = 1, .reset_at = NEVER };
	struct run r;

	(void)state;
	login = &opening_provider;
	scan(&good, &r);
	assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
	assert_string_equal(r.mechanism, "ntlm");
	assert_int_equal(auths_begun, 1);
	auths_begun = 0;
	scan(&silent, &r);
	assert_int_equal(r.outcome, HOST_STALLED);
	assert_string_equal(r.step, "authenticate");
	assert_int_equal(auths_begun, 0);
}

/* All it has to tell was told before. */
static void a_host_that_takes_a_probe_amiss_has_answered(void **state)
{
	struct fake fakes[] = { { GOOD, .cuts_probe = true },
				{ GOOD, .cuts_probe = true, .hang_up = true },
				{ GOOD, .deaf_to_probe = true } };

	(void)state;
	settings.session_probe = true;
	for (size_t i = 0; i < sizeof fakes / sizeof *fakes; i++) {
		struct run r;

		fakes[i].plan.rpc_fault = 5;
		scan(&fakes[i], &r);
		assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
		assert_int_equal(r.first_right, RIGHT_DENIED);
		assert_int_equal(fakes[i].connections, 1);
		assert_false(r.may_retry);
		assert_int_equal(r.total_ms >= 390, fakes[i].deaf_to_probe);
	}
}

/* Two hosts, the first of which answers the probe with `status`; how many probes. */
static unsigned probes_after(uint32_t status)
{
	struct fake fakes[] = {
		{ GOOD, .plan = { .command = 1, .nth = 2, .status = status } }, { GOOD }
	};
	bool refused = false;
	struct run r;

	context.ntlm_refused = &refused;
	for (size_t i = 0; i < 2; i++) {
		fakes[i].plan.rpc_fault = 5;
		scan(&fakes[i], &r);
		assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
	}
	context.ntlm_refused = NULL;
	return fakes[0].probes + fakes[1].probes;
}

static void no_build_is_asked_for_where_ntlm_is_refused(void **state)
{
	(void)state;
	settings.session_probe = true;
	assert_int_equal(probes_after(0xC00000BB), 1);
	assert_int_equal(probes_after(0xC0000418), 1);
	assert_int_equal(probes_after(0xC00000D0), 2); /* it is busy */
	assert_int_equal(probes_after(0xC000006D), 2);
	settings.session_probe = false;
	assert_int_equal(probes_after(0xC00000BB), 0);
}

static void a_partial_answer_earns_no_time(void **state)
{
	struct fake fake = { GOOD, .drip_ms = 20 };
	struct run r;

	(void)state;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_STALLED);
	assert_string_equal(r.step, "negotiate");
}

static void a_mail_server_is_not_smb(void **state)
{
	struct fake fake = { GOOD, .garbage = true };
	struct run r;

	(void)state;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_NOT_SMB);
	assert_false(r.may_retry);
}

static void a_closed_port_is_refused(void **state)
{
	struct fake fake = { GOOD };
	struct run r;

	(void)state;
	listen_as(&fake);
	uv_close((uv_handle_t *)&fake.listener, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
	scan_at(&r, "127.0.0.1", fake.port, NULL);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_REFUSED);
	assert_string_equal(r.step, "connect");
	assert_string_equal(r.code, "ECONNREFUSED");
}

static void a_refused_logon_is_counted_and_not_retried(void **state)
{
	struct fake fake = { GOOD,
			     .plan = { .command = 1, .nth = 1, .status = 0xC000006D } };
	struct run r;

	(void)state;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_LOGON_REFUSED);
	assert_string_equal(r.code, "STATUS_LOGON_FAILURE");
	assert_string_equal(r.mechanism, "");
	assert_int_equal(r.right_count, 0);
	assert_false(r.may_retry);
	assert_int_equal(guard_refusals(guard), 1);
	/* The next one is not even tried. */
	fake = (struct fake){ GOOD };
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_GUARDED);
}

static void access_denied_is_told_from_a_refused_logon(void **state)
{
	struct fake fake = { GOOD, .plan = { .command = 3, .status = 0xC0000022 } };
	struct run r;

	(void)state;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
	assert_string_equal(r.step, "tree connect");
	assert_int_equal(guard_refusals(guard), 0);
}

/* "Restrict Unauthenticated RPC clients: Authenticated without exceptions". */
static void an_rpc_policy_is_told_from_a_missing_interface(void **state)
{
	struct fake policy = { GOOD, .plan = { .bind_fault = 5 } };
	struct fake lacks = { GOOD, .plan = { .nak_bind = true } };
	struct run r;

	(void)state;
	scan(&policy, &r);
	assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
	assert_string_equal(r.code, "ERROR_ACCESS_DENIED");
	assert_string_equal(r.reason, "rpc_policy");
	scan(&lacks, &r);
	assert_int_equal(r.outcome, HOST_PROTOCOL_ERROR);
	assert_string_equal(r.reason, "no_lsa_interface");
}

static void silence_at_a_login_has_a_reason(void **state)
{
	struct fake deaf = { .hang_at = 1, .reset_at = NEVER };
	struct fake shy = { .hang_at = NEVER, .reset_at = 1 };
	struct run r;

	(void)state;
	scan(&deaf, &r);
	assert_int_equal(r.outcome, HOST_STALLED);
	assert_string_equal(r.reason, "login_unanswered");
	scan(&shy, &r);
	assert_int_equal(r.outcome, HOST_DISCONNECTED);
	assert_string_equal(r.reason, "login_unanswered");
	assert_true(r.may_retry);
}

static enum auth_mechanism kerberos_auth(const struct auth *a)
{
	(void)a;
	return AUTH_KERBEROS;
}

/* A ticket is no offer of NTLM, and before the first answer nothing was offered. */
static void silence_before_a_login_and_at_a_ticket_has_its_own(void **state)
{
	struct fake deaf = { .hang_at = 1, .reset_at = NEVER };
	struct fake closed = { .hang_at = NEVER, .reset_at = 0, .hang_up = true };
	struct auth_provider by_ticket = provider;
	struct run r;

	(void)state;
	by_ticket.mechanism = kerberos_auth;
	login = &by_ticket;
	scan(&deaf, &r);
	assert_int_equal(r.outcome, HOST_STALLED);
	assert_string_equal(r.reason, "ticket_unanswered");
	scan(&closed, &r);
	assert_int_equal(r.outcome, HOST_DISCONNECTED);
	assert_string_equal(r.step, "negotiate");
	assert_string_equal(r.reason, "opening_unanswered");
}

static void flip_signature(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[48] ^= 1;
}

static void a_wrong_signature_ends_the_host(void **state)
{
	struct fake fake = { GOOD, .plan = { .command = 5, .after = flip_signature } };
	struct run r;

	(void)state;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_INTEGRITY_FAILED);
	assert_false(r.may_retry);
}

static void who_speaks_out_of_turn_breaks_the_protocol(void **state)
{
	struct fake fake = { GOOD, .twice = true };
	struct run r;

	(void)state;
	worker_pause_ms = 30;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_PROTOCOL_ERROR);
	assert_string_equal(r.step, "authenticate");
}

static void a_worker_that_hangs_is_not_the_host_s_fault(void **state)
{
	struct fake fake = { GOOD };
	struct run r;

	(void)state;
	worker_pause_ms = 700;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_KERBEROS_FAILED);
	assert_true(r.total_ms >= 690);
}

static struct host_addresses two(const char *first, uint16_t first_port,
				 const char *second, uint16_t second_port)
{
	struct host_addresses a = { .count = 2 };

	uv_ip4_addr(first, first_port, &a.at[0].v4);
	uv_ip4_addr(second, second_port, &a.at[1].v4);
	return a;
}

/* A socket whose queue is full: it takes no further connection and refuses none. */
static int full_listener(uint16_t *port, int fillers[4])
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bind(fd, (struct sockaddr *)&a, sizeof a);
	listen(fd, 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	for (int i = 0; i < 4; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fillers[i], (struct sockaddr *)&a, sizeof a);
	}
	*port = ntohs(a.sin_port);
	return fd;
}

static void a_silent_port_times_out_and_the_next_address_is_tried(void **state)
{
	struct fake fake = { GOOD, .plan = { .rpc_fault = 5 } };
	struct host_addresses addresses;
	uint16_t silent, closed = 1;
	int fillers[4], fd = full_listener(&silent, fillers);
	struct run r;

	(void)state;
	scan_at(&r, "127.0.0.1", silent, NULL);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_TIMEOUT);
	assert_true(r.may_retry);
	assert_true(r.total_ms >= 290);

	listen_as(&fake);
	addresses = two("127.0.0.1", silent, "127.0.0.1", fake.port);
	scan_at(&r, "two-addresses", silent, &addresses);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
	assert_true(r.total_ms >= 290); /* the first was waited for */
	uv_close((uv_handle_t *)&fake.listener, NULL);
	uv_run(loop, UV_RUN_NOWAIT);

	/* What says most about the host wins, in any order. */
	addresses = two("127.0.0.1", closed, "127.0.0.1", silent);
	scan_at(&r, "two-addresses", silent, &addresses);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_REFUSED);
	for (int i = 0; i < 4; i++)
		close(fillers[i]);
	close(fd);
}

static void put_ip6(struct host_addresses *a, size_t i, const char *address)
{
	assert_int_equal(uv_ip6_addr(address, 445, &a->at[i].v6), 0);
}

/* Of two failures that tell as much the last one stands: it is of the address that stands
 * in the record.  Nothing is sent: the kernel has no way to either address. */
static void the_last_of_two_equal_failures_stands(void **state)
{
	struct host_addresses addresses = two("127.255.255.255", 445, "0.0.0.0", 445);
	struct run r;

	(void)state;
	put_ip6(&addresses, 1, "fe80::1");
	scan_at(&r, "two-addresses", 445, &addresses);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_UNREACHABLE);
	assert_string_equal(r.address, "fe80::1");
	assert_string_not_equal(r.code, "ENETUNREACH");

	addresses = two("0.0.0.0", 445, "127.255.255.255", 445);
	put_ip6(&addresses, 0, "fe80::1");
	scan_at(&r, "two-addresses", 445, &addresses);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_UNREACHABLE);
	assert_string_equal(r.address, "127.255.255.255");
	assert_string_equal(r.code, "ENETUNREACH");
}

/* As when a host was put off: it is not resolved again. */
static void known_addresses_are_used_as_they_are(void **state)
{
	struct fake fake = { GOOD, .plan = { .rpc_fault = 5 } };
	struct host_addresses known;
	struct run r;

	(void)state;
	listen_as(&fake);
	known = two("127.0.0.1", fake.port, "127.0.0.2", fake.port);
	known.count = 1;
	scan_at(&r, "known.example", fake.port, &known);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_ACCESS_DENIED);
	assert_string_equal(r.address, "127.0.0.1");
	assert_int_equal(fake.connections, 1);
	uv_close((uv_handle_t *)&fake.listener, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
}

static void a_malformed_answer_ends_the_host(void **state)
{
	struct fake fake = { GOOD, .plan = { .stub_len = 40 } };
	struct run r;

	(void)state;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_PROTOCOL_ERROR);
	assert_string_equal(r.step, "role");
	assert_false(r.may_retry);
}

static void a_name_that_is_none_is_unresolvable(void **state)
{
	struct run r;

	(void)state;
	scan_at(&r, "no..such", 445, NULL);
	run_until_done(&r);
	assert_int_equal(r.outcome, HOST_UNRESOLVABLE);
	assert_string_equal(r.step, "resolve");
}

static void who_waits_too_long_for_the_canary_is_put_off(void **state)
{
	struct fake fake = { .hang_at = 1, .reset_at = NEVER };
	struct run canary, second;

	(void)state;
	listen_as(&fake);
	scan_at(&canary, "127.0.0.1", fake.port, NULL);
	scan_at(&second, "127.0.0.1", fake.port, NULL);
	run_until_done(&second);
	assert_int_equal(second.put_off, PUT_OFF_CREDENTIAL);
	assert_int_equal(canary.dones, 0);
	run_until_done(&canary);
	assert_int_equal(canary.put_off, PUT_OFF_NOT);
	assert_int_equal(canary.outcome, HOST_STALLED);
	uv_close((uv_handle_t *)&fake.listener, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
}

static enum host_admission never(const struct sockaddr *address, void *arg)
{
	(void)address;
	(void)arg;
	return ADMIT_NEVER;
}

static enum host_admission later(const struct sockaddr *address, void *arg)
{
	(void)address;
	(void)arg;
	return ADMIT_LATER;
}

static void an_address_that_is_not_admitted_is_not_connected_to(void **state)
{
	struct fake fake = { GOOD };
	struct run r;

	(void)state;
	context.admit = never;
	scan(&fake, &r);
	assert_int_equal(r.outcome, HOST_NOT_ASKED);
	assert_int_equal(fake.connections, 0);
	context.admit = later;
	fake = (struct fake){ GOOD };
	scan(&fake, &r);
	assert_int_equal(r.put_off, PUT_OFF_SUBNET);
	assert_int_equal(fake.connections, 0);
}

/* ---- any moment ---- */

enum { STORM = 300 };
static struct run storm[STORM];
static unsigned storm_seed = 1;

static void on_storm(uv_timer_t *timer)
{
	(void)timer;
	for (unsigned n = 0; n < 4; n++) {
		struct run *r;

		storm_seed = storm_seed * 1103515245 + 12345;
		r = &storm[storm_seed / 65536 % STORM];
		if (r->host)
			host_abandon(r->host, "cancelled");
	}
}

static unsigned done_in_storm(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < STORM; i++)
		n += storm[i].dones;
	return n;
}

static void a_host_may_be_abandoned_at_any_moment(void **state)
{
	struct fake fakes[] = {
		{ GOOD, .plan = { .rpc_fault = 5 } },
		{ GOOD, .plan = { .stub_len = 40 } },
		{ GOOD, .drip_ms = 1 },
		{ GOOD, .twice = true },
		{ .hang_at = 1, .reset_at = NEVER },
		{ .hang_at = NEVER, .reset_at = 5 },
		{ .hang_at = NEVER, .reset_at = 0 },
	};
	enum { FAKES = sizeof fakes / sizeof *fakes };
	uv_timer_t timer;

	(void)state;
	worker_pause_ms = 1;
	for (unsigned i = 0; i < FAKES; i++)
		listen_as(&fakes[i]);
	for (unsigned i = 0; i < STORM; i++)
		scan_at(&storm[i], i % 20 ? "127.0.0.1" : "no-such-host.invalid",
			fakes[i % FAKES].port, NULL);
	uv_timer_init(loop, &timer);
	uv_timer_start(&timer, on_storm, 1, 1);
	while (done_in_storm() < STORM)
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	for (unsigned i = 0; i < FAKES; i++)
		uv_close((uv_handle_t *)&fakes[i].listener, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
	for (unsigned i = 0; i < STORM; i++)
		assert_int_equal(storm[i].dones, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_loop, close_loop)

/* As where IPv6 is switched off: it is that address's, and no sign of a full machine. */
static void test_an_address_without_a_route_is_unreachable(void **state)
{
	(void)state;
	assert_int_equal(outcome_of_socket(UV_EADDRNOTAVAIL), HOST_UNREACHABLE);
	assert_false(outcome_is_exhaustion(UV_EADDRNOTAVAIL));
	assert_true(outcome_is_exhaustion(UV_EMFILE));
	assert_true(outcome_is_exhaustion(UV_ENOBUFS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_address_without_a_route_is_unreachable),
		TEST(a_host_is_talked_to_to_the_end),
		TEST(a_host_that_hangs_is_stalled_at_its_step),
		TEST(time_that_we_were_busy_is_not_charged_to_a_host),
		TEST(an_opening_goes_without_a_mechanism),
		TEST(a_host_that_resets_is_disconnected_at_its_step),
		TEST(a_host_that_takes_a_probe_amiss_has_answered),
		TEST(no_build_is_asked_for_where_ntlm_is_refused),
		TEST(a_partial_answer_earns_no_time),
		TEST(a_mail_server_is_not_smb),
		TEST(a_closed_port_is_refused),
		TEST(an_rpc_policy_is_told_from_a_missing_interface),
		TEST(silence_at_a_login_has_a_reason),
		TEST(silence_before_a_login_and_at_a_ticket_has_its_own),
		TEST(a_refused_logon_is_counted_and_not_retried),
		TEST(access_denied_is_told_from_a_refused_logon),
		TEST(a_wrong_signature_ends_the_host),
		TEST(who_speaks_out_of_turn_breaks_the_protocol),
		TEST(a_worker_that_hangs_is_not_the_host_s_fault),
		TEST(a_silent_port_times_out_and_the_next_address_is_tried),
		TEST(the_last_of_two_equal_failures_stands),
		TEST(known_addresses_are_used_as_they_are),
		TEST(a_malformed_answer_ends_the_host),
		TEST(a_name_that_is_none_is_unresolvable),
		TEST(who_waits_too_long_for_the_canary_is_put_off),
		TEST(an_address_that_is_not_admitted_is_not_connected_to),
		TEST(a_host_may_be_abandoned_at_any_moment),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
