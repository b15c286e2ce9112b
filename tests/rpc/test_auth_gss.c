/* SPDX-License-Identifier: Apache-2.0 */
/* Our logins against somebody else's acceptor (gss-ntlmssp), which checks the password
 * itself. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/rpc/auth_play.h"

static void test_right_password(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login l = { 0 };

	(void)state;
	log_in(p, "127.0.0.1", &l);
	assert_int_equal(l.fault.kind, FAULT_NONE);
	assert_true(l.accepted && l.completed);
	assert_int_equal(l.mechanism, AUTH_NTLM);
	assert_true(l.checksum);
	assert_string_equal(auth_gss_identity(p), "LAB\\sweep");
	assert_int_equal(l.ours.len, 16);
	assert_int_equal(l.theirs.len, 16);
	assert_memory_equal(l.ours.bytes, l.theirs.bytes, 16);
	auth_gss_free(p);
}

static enum kdc_outcome on_kdc_asked(struct kdc_link *link, const struct kdc_question *q,
				     struct bytes *reply)
{
	(void)link;
	(void)q;
	(void)reply;
	fail_msg("a KDC was asked");
	return KDC_NONE_KNOWN;
}

/* DOMAIN\USER is NTLM alone: the machine's own realm must not get to see the password. */
static void test_ntlm_asks_no_kdc(void **state)
{
	struct kdc_link link = { on_kdc_asked };
	struct auth_gss_options o = {
		.user = "sweep", .domain = "LAB", .password = "Pass-1", .kdc = &link
	};
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(&o, &fault);
	struct login l = { 0 };

	(void)state;
	assert_non_null(p);
	log_in(p, "srv1", &l);
	assert_true(l.accepted && l.completed);
	auth_gss_free(p);
}

static void test_wrong_password_is_sent_once(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-2");
	struct login l = { 0 };

	(void)state;
	log_in(p, "srv1.lab.example", &l);
	assert_false(l.accepted);
	assert_int_equal(l.tokens, 2); /* NEGOTIATE and one AUTHENTICATE */
	auth_gss_free(p);
}

static void test_each_login_has_its_own_key(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login one = { 0 }, two = { 0 };

	(void)state;
	log_in(p, "srv1", &one);
	log_in(p, "srv1", &two);
	assert_true(one.completed && two.completed);
	assert_memory_not_equal(one.ours.bytes, two.ours.bytes, 16);
	auth_gss_free(p);
}

/* What goes ahead of a login is bare NTLM's NEGOTIATE, the same each time. */
static void test_the_opening_is_one_for_all_hosts(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1"), *q = ntlm_provider("Pass-2");

	(void)state;
	assert_true(p->opening.len > 12);
	assert_memory_equal(p->opening.at, "NTLMSSP\0\1\0\0\0", 12);
	assert_int_equal(p->opening.len, q->opening.len);
	assert_memory_equal(p->opening.at, q->opening.at, p->opening.len);
	auth_gss_free(p);
	auth_gss_free(q);
}

/* Whoever alters our first message on the way is found out by the checksum. */
static void test_an_opening_altered_on_the_way_is_refused(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login l = { 0 };
	uint8_t opening[64];

	(void)state;
	assert_in_range(p->opening.len, 20, sizeof opening);
	memcpy(opening, p->opening.at, p->opening.len);
	opening[p->opening.len - 4] ^= 1; /* a byte that says nothing: reserved */
	log_in_after(p, (struct bytes){ opening, p->opening.len }, "srv1", &l);
	assert_false(l.accepted);
	auth_gss_free(p);
}

static void test_a_garbage_challenge_is_the_hosts_fault(void **state)
{
	static const uint8_t garbage[] = "\xa1\x03\x30\x01\x00 not a challenge";
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct fault fault = { 0 };
	struct bytes out;
	bool complete = false;
	struct auth *a = p->begin(p, "srv1", &fault);

	(void)state;
	assert_false(p->step(a, (struct bytes){ garbage, sizeof garbage }, &out,
			     &complete, &fault));
	assert_int_equal(fault.kind, FAULT_PROTOCOL);
	assert_string_equal(fault.step, "authenticate");
	assert_true(fault.what[0]);
	p->end(a);
	auth_gss_free(p);
}

static void test_an_empty_answer_is_the_hosts_fault(void **state)
{
	struct fault fault = { 0 };
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct auth *a = p->begin(p, "files.corp.test", &fault);
	struct bytes out;
	bool complete = false;

	(void)state;
	assert_false(p->step(a, (struct bytes){ 0 }, &out, &complete, &fault));
	assert_int_equal(fault.kind, FAULT_PROTOCOL);
	assert_string_equal(fault.step, "authenticate");
	p->end(a);
	auth_gss_free(p);
}

static void test_kerberos_alone_needs_a_realm(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(&(struct auth_gss_options){ .user = "sweep",
							     .domain = "LAB",
							     .password = "x",
							     .no_ntlm = true },
				 &fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_string_equal(
		fault.what,
		"Kerberos alone needs USER@REALM, and this is \"LAB\\sweep\"");
}

static void test_no_kdc_for_the_realm(void **state)
{
	struct auth_gss_options o = { .user = "sweep",
				      .realm = "NOWHERE.INVALID",
				      .password = "Pass-1",
				      .no_ntlm = true };
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(&o, &fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
}

static void test_no_ccache(void **state)
{
	char principal[64] = "untouched";
	struct fault fault = { 0 };

	(void)state;
	assert_false(auth_gss_have_ccache(principal, sizeof principal));
	assert_string_equal(principal, "untouched");
	assert_null(auth_gss_new(&(struct auth_gss_options){ 0 }, &fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_int_equal(fault.reason, REASON_NO_TICKET_CACHE);
	assert_string_equal(fault.what, "there is no ticket cache");
}

static void test_missing_keytab(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(
		&(struct auth_gss_options){ .keytab = "/nonexistent/keytab",
					    .principal = "sweep@NOWHERE.INVALID" },
		&fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_string_equal(fault.what,
			    "the keytab cannot be used: Keytab "
			    "FILE:/nonexistent/keytab is nonexistent or empty");
}

/* An NTLMv1 answer is 24 bytes; NTLMv2's holds the host's names as well. */
static void test_the_answer_is_of_ntlm_2(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login l = { 0 };

	(void)state;
	log_in(p, "srv1", &l);
	assert_true(l.accepted && l.completed);
	assert_true(l.nt_answer > 24);
	auth_gss_free(p);
}

/* No KDC was asked, so nothing was refused: NTLM is the one login, where it is allowed.
 */
static void test_a_realm_without_kdc_is_left_to_ntlm_where_allowed(void **state)
{
	struct auth_gss_options o = { .user = "sweep",
				      .realm = "LAB",
				      .ntlm_fallback = true,
				      .password = "Pass-1" };
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(&o, &fault);
	struct auth *a;

	(void)state;
	assert_non_null(p);
	a = p->begin(p, "srv1", &fault);
	assert_non_null(a);
	assert_int_equal(p->mechanism(a), AUTH_NTLM);
	p->end(a);
	auth_gss_free(p);
}

static void test_a_user_without_a_password(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(&(struct auth_gss_options){ .user = "sweep" }, &fault));
	assert_int_equal(fault.kind, FAULT_LOCAL);
	assert_string_equal(fault.what, "there is no password for \"sweep\"");
}

static void test_a_name_too_long_for_a_service(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct fault fault = { 0 };
	char name[400];

	(void)state;
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = 0;
	assert_null(p->begin(p, name, &fault));
	assert_int_equal(fault.kind, FAULT_LOCAL);
	auth_gss_free(p);
}

/* Ends the list: counts what all logins before it did. */
static void test_winbindd_was_never_asked(void **state)
{
	(void)state;
	assert_int_equal(winbindd_asked, 0);
}

/* One provider, many worker threads. */
static void *log_in_often(void *arg)
{
	uintptr_t good = 0;

	for (int i = 0; i < 25; i++) {
		struct login l = { 0 };

		log_in(arg, "srv1", &l);
		good += l.completed && l.accepted &&
			!memcmp(l.ours.bytes, l.theirs.bytes, 16);
	}
	return (void *)good;
}

static void test_one_provider_many_threads(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	pthread_t threads[4];
	void *good;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, log_in_often, p), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &good);
		assert_int_equal((uintptr_t)good, 25);
	}
	auth_gss_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right_password),
		cmocka_unit_test(test_ntlm_asks_no_kdc),
		cmocka_unit_test(test_wrong_password_is_sent_once),
		cmocka_unit_test(test_each_login_has_its_own_key),
		cmocka_unit_test(test_the_opening_is_one_for_all_hosts),
		cmocka_unit_test(test_an_opening_altered_on_the_way_is_refused),
		cmocka_unit_test(test_a_garbage_challenge_is_the_hosts_fault),
		cmocka_unit_test(test_an_empty_answer_is_the_hosts_fault),
		cmocka_unit_test(test_kerberos_alone_needs_a_realm),
		cmocka_unit_test(test_no_kdc_for_the_realm),
		cmocka_unit_test(test_no_ccache),
		cmocka_unit_test(test_missing_keytab),
		cmocka_unit_test(test_the_answer_is_of_ntlm_2),
		cmocka_unit_test(test_a_realm_without_kdc_is_left_to_ntlm_where_allowed),
		cmocka_unit_test(test_a_user_without_a_password),
		cmocka_unit_test(test_a_name_too_long_for_a_service),
		cmocka_unit_test(test_one_provider_many_threads),
		cmocka_unit_test(test_winbindd_was_never_asked),
	};

	return cmocka_run_group_tests(tests, know_one_user, forget_user);
}
