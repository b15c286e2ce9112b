/* SPDX-License-Identifier: Apache-2.0 */
/* The guard of one account: the first login, refusals, silence. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/scanner/guard_play.h"

static void only_one_logs_on_until_it_succeeds(void **state)
{
	struct guard *g = guard_new("", 1);
	struct guest a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	assert_int_equal(guard_state(g), GUARD_GO);
	assert_int_equal(ask(g, &a), GUARD_GO);
	assert_int_equal(guard_state(g), GUARD_WAIT);
	assert_int_equal(ask(g, &b), GUARD_WAIT);
	assert_int_equal(ask(g, &c), GUARD_WAIT);
	guard_accepted(&a.seat);
	assert_int_equal(b.told, 1);
	assert_int_equal(b.answer, GUARD_GO);
	assert_int_equal(c.told, 1);
	assert_int_equal(c.answer, GUARD_GO);
	assert_int_equal(guard_state(g), GUARD_GO);
	guard_leave(&b.seat);
	guard_leave(&c.seat);
	assert_int_equal(a.told, 0);
	guard_free(g);
}

static void a_refused_canary_stops_all(void **state)
{
	struct guard *g = guard_new("", 1);
	struct guest a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	ask(g, &a);
	ask(g, &b);
	guard_refused(&a.seat, &wrong_password);
	assert_true(guard_stopped(g));
	assert_int_equal(b.told, 1);
	assert_int_equal(b.answer, GUARD_STOP);
	assert_int_equal(ask(g, &c), GUARD_STOP);
	assert_int_equal(guard_may_prove(&b.seat), GUARD_STOP);
	assert_int_equal(guard_refusals(g), 1);
	guard_free(g);
}

static void a_limit_of_two_lets_one_more_try_alone(void **state)
{
	struct guard *g = guard_new("", 2);
	struct guest a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	ask(g, &a);
	ask(g, &b);
	ask(g, &c);
	guard_refused(&a.seat, &wrong_password);
	assert_false(guard_stopped(g));
	assert_int_equal(b.answer, GUARD_GO);
	assert_int_equal(c.told, 0);
	guard_refused(&b.seat, &wrong_password);
	assert_true(guard_stopped(g));
	assert_int_equal(c.answer, GUARD_STOP);
	guard_free(g);
}

static void a_host_that_hangs_up_passes_the_canary_on(void **state)
{
	struct guard *g = guard_new("", 1);
	struct guest a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	ask(g, &a);
	ask(g, &b);
	ask(g, &c);
	guard_leave(&a.seat);
	guard_leave(&a.seat);
	assert_int_equal(b.told, 1);
	assert_int_equal(b.answer, GUARD_GO);
	assert_int_equal(c.told, 0);
	/* One that only waited leaves without a word. */
	guard_leave(&c.seat);
	guard_accepted(&b.seat);
	assert_int_equal(c.told, 0);
	assert_false(guard_stopped(g));
	guard_free(g);
}

static void a_locked_account_stops_whatever_the_limit(void **state)
{
	struct guard *g = guard_new("", 1000);

	(void)state;
	refuse(g, 0xC0000234);
	assert_true(guard_stopped(g));
	guard_free(g);
}

static void an_accepted_login_clears_a_doubt(void **state)
{
	struct guard *g = guard_new("", 1);
	struct guest a = { 0 }, b = { 0 };

	(void)state;
	accept(g);
	for (int n = 0; n < 5; n++) {
		refuse(g, 0xC000006D);
		accept(g);
	}
	assert_false(guard_stopped(g));
	/* While in doubt only one logs on. */
	refuse(g, 0xC0000234);
	assert_int_equal(ask(g, &a), GUARD_GO);
	assert_int_equal(ask(g, &b), GUARD_WAIT);
	guard_accepted(&a.seat);
	assert_int_equal(b.answer, GUARD_GO);
	guard_leave(&b.seat);
	guard_free(g);
}

static void the_second_login_without_a_verdict_stops(void **state)
{
	struct guard *g = guard_new("", 1);

	(void)state;
	say_nothing(g);
	assert_false(guard_stopped(g));
	say_nothing(g);
	assert_true(guard_stopped(g));
	guard_free(g);

	g = guard_new("", 3);
	refuse(g, 0xC000006D);
	say_nothing(g);
	assert_false(guard_stopped(g));
	say_nothing(g);
	assert_true(guard_stopped(g));
	guard_free(g);
}

static void silence_counts_while_unproven_or_in_doubt(void **state)
{
	struct guard *g = guard_new("", 1);

	(void)state;
	say_nothing(g);
	accept(g);
	for (int n = 0; n < 5; n++)
		say_nothing(g);
	assert_false(guard_stopped(g));
	refuse(g, 0xC000006D);
	say_nothing(g);
	assert_false(guard_stopped(g));
	say_nothing(g);
	assert_true(guard_stopped(g));
	guard_free(g);
}

static void nonsense_after_the_proof_is_no_verdict(void **state)
{
	struct guard *g = guard_new("", 1);
	struct fault fault = { .step = "authenticate", .kind = FAULT_PROTOCOL };

	(void)state;
	for (int n = 0; n < 2; n++) {
		struct guest a = { 0 };

		assert_false(guard_stopped(g));
		ask(g, &a);
		guard_proof_sent(&a.seat);
		guard_refused(&a.seat, &fault);
	}
	assert_true(guard_stopped(g));
	guard_free(g);
}

static void a_missing_ticket_is_no_refused_password(void **state)
{
	struct guard *g = guard_new("", 1);
	struct fault skew = { .step = "authenticate",
			      .kind = FAULT_KERBEROS,
			      .space = CODE_GSS,
			      .code = 37,
			      .what = "the clocks differ" };
	struct guest a = { 0 };

	(void)state;
	ask(g, &a);
	guard_refused(&a.seat, &skew);
	assert_false(guard_stopped(g));
	assert_int_equal(guard_state(g), GUARD_GO);
	guard_free(g);
}

static void a_guest_counts_until_the_credential_is_proven(void **state)
{
	struct fault guest_fault = { 0 };
	struct guard *g = guard_new("admins", 1);
	struct guest a = { 0 }, b = { 0 };

	(void)state;
	fault_set(&guest_fault, "authenticate", REASON_GUEST_SESSION, CODE_NONE, 0);
	ask(g, &a);
	guard_accepted(&a.seat);
	ask(g, &b);
	guard_refused(&b.seat, &guest_fault);
	assert_false(guard_stopped(g));
	guard_free(g);

	g = guard_new("admins", 1);
	a = (struct guest){ 0 };
	ask(g, &a);
	guard_refused(&a.seat, &guest_fault);
	assert_true(guard_stopped(g));
	guard_free(g);
}

static struct guard *same_guard;
static struct guest nested;

static void ask_again(struct guard_seat *seat, enum guard_answer answer)
{
	assert_int_equal(answer, GUARD_GO);
	guard_leave(seat);
	nested.seat.told = note;
	assert_int_equal(guard_ask(same_guard, &nested.seat), GUARD_GO);
}

/* `told` may leave and ask within the call that answers the waiting. */
static void answers_may_nest(void **state)
{
	struct guest a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	same_guard = guard_new("", 1);
	ask(same_guard, &a);
	b.seat.told = ask_again;
	assert_int_equal(guard_ask(same_guard, &b.seat), GUARD_WAIT);
	assert_int_equal(ask(same_guard, &c), GUARD_WAIT);
	guard_accepted(&a.seat);
	assert_int_equal(c.answer, GUARD_GO);
	guard_free(same_guard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_one_logs_on_until_it_succeeds),
		cmocka_unit_test(a_refused_canary_stops_all),
		cmocka_unit_test(a_limit_of_two_lets_one_more_try_alone),
		cmocka_unit_test(a_host_that_hangs_up_passes_the_canary_on),
		cmocka_unit_test(a_locked_account_stops_whatever_the_limit),
		cmocka_unit_test(an_accepted_login_clears_a_doubt),
		cmocka_unit_test(the_second_login_without_a_verdict_stops),
		cmocka_unit_test(silence_counts_while_unproven_or_in_doubt),
		cmocka_unit_test(nonsense_after_the_proof_is_no_verdict),
		cmocka_unit_test(a_missing_ticket_is_no_refused_password),
		cmocka_unit_test(a_guest_counts_until_the_credential_is_proven),
		cmocka_unit_test(answers_may_nest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
