/* SPDX-License-Identifier: Apache-2.0 */
/* A refusal after a proof: it is settled where the credential was accepted before. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/scanner/guard_play.h"

static void a_refusal_that_is_not_confirmed_was_the_host_s_own(void **state)
{
	struct places places = { .left = 1 };
	struct guard *g = proven_guard(1, &places);
	struct guest liar = { 0 }, other = { 0 }, late = { 0 };
	struct guest place = { .seat = { .checks = true } };

	(void)state;
	begin(g, &liar);
	begin(g, &other);
	assert_int_equal(ask(g, &late), GUARD_GO);
	guard_refused(&liar.seat, &wrong_password);
	assert_int_equal(places.asked, 1);
	/* While it is open nobody begins, and no proof is sent. */
	assert_int_equal(guard_state(g), GUARD_WAIT);
	assert_int_equal(guard_may_prove(&late.seat), GUARD_WAIT);
	assert_int_equal(guard_ask_proof(&late.seat), GUARD_WAIT);
	/* What was on its way says nothing more, either way. */
	guard_accepted(&other.seat);
	assert_int_equal(guard_state(g), GUARD_WAIT);
	begin(g, &place);
	guard_accepted(&place.seat);
	guard_check_ended(g);
	assert_int_equal(late.answer, GUARD_GO);
	assert_int_equal(guard_may_prove(&late.seat), GUARD_GO);
	assert_int_equal(guard_state(g), GUARD_GO);
	assert_int_equal(guard_refusals(g), 0);
	assert_int_equal(places.asked, 1);
	guard_leave(&late.seat);
	guard_free(g);
}

static void many_refusals_at_once_are_one_doubt(void **state)
{
	struct places places = { .left = 9 };
	struct guard *g = proven_guard(1, &places);
	struct guest liars[8] = { 0 }, place = { .seat = { .checks = true } };

	(void)state;
	for (int i = 0; i < 8; i++)
		begin(g, &liars[i]);
	for (int i = 0; i < 8; i++)
		guard_refused(&liars[i].seat, &wrong_password);
	assert_int_equal(places.asked, 1);
	assert_false(guard_stopped(g));
	begin(g, &place);
	guard_accepted(&place.seat);
	guard_check_ended(g);
	assert_int_equal(guard_state(g), GUARD_GO);
	guard_free(g);
}

static void a_confirmed_refusal_stops(void **state)
{
	for (uint32_t code = 0xC000006D; code;
	     code = code == 0xC000006D ? 0xC0000234 : 0) {
		struct places places = { .left = 9 };
		struct guard *g = proven_guard(1, &places);
		struct guest place = { .seat = { .checks = true } }, late = { 0 };
		struct fault fault = wrong_password;

		(void)state;
		fault.code = code;
		refuse(g, code);
		assert_false(guard_stopped(g));
		assert_int_equal(ask(g, &late), GUARD_WAIT);
		begin(g, &place);
		guard_refused(&place.seat, &fault);
		assert_true(guard_stopped(g));
		assert_int_equal(late.answer, GUARD_STOP);
		guard_check_ended(g);
		assert_int_equal(places.asked, 1);
		guard_free(g);
	}
}

/* "--max-logon-failures 2": confirmed once, it is unproven as at the beginning. */
static void below_the_limit_a_confirmed_refusal_makes_unproven(void **state)
{
	struct places places = { .left = 9 };
	struct guard *g = proven_guard(2, &places);
	struct guest place = { .seat = { .checks = true } }, a = { 0 }, b = { 0 };

	(void)state;
	refuse(g, 0xC000006D);
	begin(g, &place);
	guard_refused(&place.seat, &wrong_password);
	guard_check_ended(g);
	assert_false(guard_stopped(g));
	assert_false(guard_proven(g));
	assert_int_equal(ask(g, &a), GUARD_GO);
	assert_int_equal(ask(g, &b), GUARD_WAIT);
	guard_refused(&a.seat, &wrong_password);
	assert_true(guard_stopped(g));
	assert_int_equal(places.asked, 1);
	guard_free(g);
}

static void a_place_that_says_nothing_gives_way_to_the_next(void **state)
{
	struct places places = { .left = 2 };
	struct guard *g = proven_guard(1, &places);
	struct guest place = { .seat = { .checks = true } }, alone = { 0 }, next = { 0 };

	(void)state;
	refuse(g, 0xC000006D);
	/* The first is gone, the second has lost its domain controller. */
	guard_check_ended(g);
	assert_int_equal(places.asked, 2);
	begin(g, &place);
	guard_refused(&place.seat, &(struct fault){ .kind = FAULT_LOGON_REFUSED,
						    .space = CODE_NTSTATUS,
						    .code = 0xC000005E });
	guard_check_ended(g);
	assert_int_equal(places.asked, 3);
	/* No third: whoever comes next settles it, alone. */
	assert_int_equal(ask(g, &alone), GUARD_GO);
	assert_int_equal(ask(g, &next), GUARD_WAIT);
	guard_proof_sent(&alone.seat);
	guard_refused(&alone.seat, &wrong_password);
	assert_true(guard_stopped(g));
	guard_free(g);
}

static void two_checks_without_a_verdict_stop(void **state)
{
	struct places places = { .left = 9 };
	struct guard *g = proven_guard(1, &places);

	(void)state;
	refuse(g, 0xC000006D);
	for (int n = 0; n < 2; n++) {
		struct guest place = { .seat = { .checks = true } };

		assert_false(guard_stopped(g));
		begin(g, &place);
		guard_leave(&place.seat);
		guard_check_ended(g);
	}
	assert_true(guard_stopped(g));
	guard_free(g);
}

static void who_was_under_way_does_not_settle_a_doubt(void **state)
{
	struct guard *g = guard_new("", 1);
	struct guest a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	accept(g);
	begin(g, &a);
	begin(g, &b);
	begin(g, &c);
	guard_refused(&a.seat, &wrong_password);
	guard_refused(&b.seat, &wrong_password);
	assert_false(guard_stopped(g));
	guard_accepted(&c.seat);
	refuse(g, 0xC000006D);
	assert_true(guard_stopped(g));
	guard_free(g);
}

static void a_kdc_s_word_proves_as_well_as_a_host_s(void **state)
{
	struct guard *g = guard_new("", 1);
	struct guest a = { 0 }, b = { 0 };

	(void)state;
	assert_false(guard_proven(g));
	guard_prove(g);
	assert_true(guard_proven(g));
	assert_int_equal(ask(g, &a), GUARD_GO);
	assert_int_equal(ask(g, &b), GUARD_GO);
	guard_leave(&a.seat);
	guard_leave(&b.seat);
	guard_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_that_is_not_confirmed_was_the_host_s_own),
		cmocka_unit_test(many_refusals_at_once_are_one_doubt),
		cmocka_unit_test(a_confirmed_refusal_stops),
		cmocka_unit_test(below_the_limit_a_confirmed_refusal_makes_unproven),
		cmocka_unit_test(a_place_that_says_nothing_gives_way_to_the_next),
		cmocka_unit_test(two_checks_without_a_verdict_stop),
		cmocka_unit_test(who_was_under_way_does_not_settle_a_doubt),
		cmocka_unit_test(a_kdc_s_word_proves_as_well_as_a_host_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
