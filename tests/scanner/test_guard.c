/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/login/guard.h"
#include "scanner/console/log.h"

/* A seat that remembers what it was told. */
struct guest {
	struct guard_seat seat;
	int told; /* times */
	enum guard_answer answer;
};

static void note(struct guard_seat *seat, enum guard_answer answer)
{
	struct guest *guest = (struct guest *)seat;

	guest->told++;
	guest->answer = answer;
}

static const struct fault wrong_password = {
	.step = "authenticate",
	.kind = FAULT_LOGON_REFUSED,
	.space = CODE_NTSTATUS,
	.code = 0xC000006D,
	.what = "the logon was refused",
};

static enum guard_answer ask(struct guard *g, struct guest *guest)
{
	guest->seat.told = note;
	return guard_ask(g, &guest->seat);
}

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
	assert_false(guard_open(&b.seat));
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

static void what_speaks_against_the_host_does_not_count(void **state)
{
	static const uint32_t place[] = { 0xC000015B, 0xC000018D, 0xC0000418,
					  0xC000005E };
	static const uint32_t credential[] = { 0xC000006D, 0xC000006A, 0xC0000064,
					       0xC0000071, 0xC0000072, 0xC000006E,
					       0xC0000234 };
	struct fault fault = wrong_password;

	(void)state;
	for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
		struct guard *g = guard_new("", 1);
		struct guest a = { 0 };

		fault.code = place[i];
		ask(g, &a);
		guard_refused(&a.seat, &fault);
		assert_false(guard_stopped(g));
		assert_int_equal(guard_refusals(g), 0);
		guard_free(g);
	}
	for (size_t i = 0; i < sizeof credential / sizeof *credential; i++) {
		struct guard *g = guard_new("", 1);
		struct guest a = { 0 };

		fault.code = credential[i];
		ask(g, &a);
		guard_refused(&a.seat, &fault);
		assert_true(guard_stopped(g));
		guard_free(g);
	}
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
		cmocka_unit_test(what_speaks_against_the_host_does_not_count),
		cmocka_unit_test(a_missing_ticket_is_no_refused_password),
		cmocka_unit_test(a_guest_counts_until_the_credential_is_proven),
		cmocka_unit_test(answers_may_nest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
