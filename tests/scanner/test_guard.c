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

/* One login that the host refuses with `code`. */
static void refuse(struct guard *g, uint32_t code)
{
	struct fault fault = wrong_password;
	struct guest a = { 0 };

	fault.code = code;
	assert_int_equal(ask(g, &a), GUARD_GO);
	guard_proof_sent(&a.seat);
	guard_refused(&a.seat, &fault);
	guard_leave(&a.seat);
}

/* One login that ends in silence. */
static void say_nothing(struct guard *g)
{
	struct guest a = { 0 };

	assert_int_equal(ask(g, &a), GUARD_GO);
	guard_proof_sent(&a.seat);
	guard_leave(&a.seat);
}

static void accept(struct guard *g)
{
	struct guest a = { 0 };

	assert_int_equal(ask(g, &a), GUARD_GO);
	guard_proof_sent(&a.seat);
	guard_accepted(&a.seat);
	guard_leave(&a.seat);
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

/* ---- a doubt is settled where the credential was accepted before ---- */

/* Places left to check at, and how often one was asked for. */
struct places {
	int left, asked;
};

static bool check(void *arg)
{
	struct places *places = arg;

	places->asked++;
	return places->left-- > 0;
}

static struct guard *proven_guard(unsigned limit, struct places *places)
{
	struct guard *g = guard_new("", limit);

	guard_set_check(g, check, places);
	accept(g);
	return g;
}

/* A login is under way, and its proof was sent. */
static void begin(struct guard *g, struct guest *guest)
{
	assert_int_equal(ask(g, guest), GUARD_GO);
	guard_proof_sent(&guest->seat);
}

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

/* ---- shared with other processes ---- */

struct share {
	unsigned wants, ended;
	bool doubts;
};

static void on_want(void *arg, bool doubts)
{
	struct share *share = arg;

	share->wants++;
	share->doubts = doubts;
}

static void on_ended(void *arg)
{
	((struct share *)arg)->ended++;
}

static struct guard *shared_guard(struct share *share)
{
	struct guard *g = guard_new("", 1);

	guard_share(g, on_want, on_ended, share);
	return g;
}

static const struct guard_standing nothing_known;

static void without_the_turn_nobody_logs_on(void **state)
{
	struct share share = { 0 };
	struct guard *g = shared_guard(&share);
	struct guard_standing standing;
	struct guest a = { 0 }, b = { 0 };

	(void)state;
	assert_int_equal(guard_state(g), GUARD_GO);
	assert_int_equal(ask(g, &a), GUARD_WAIT);
	assert_int_equal(ask(g, &b), GUARD_WAIT);
	assert_int_equal(share.wants, 1);
	assert_int_equal(guard_state(g), GUARD_WAIT);
	guard_grant(g, &nothing_known);
	assert_int_equal(a.answer, GUARD_GO);
	assert_int_equal(a.told, 1);
	assert_int_equal(b.told, 0);
	assert_int_equal(share.ended, 0);
	guard_accepted(&a.seat);
	assert_int_equal(b.told, 1);
	guard_leave(&b.seat);
	assert_int_equal(share.ended, 1);
	assert_int_equal(share.wants, 1);
	assert_true(guard_get_standing(g, &standing));
	assert_true(standing.proven);
	guard_free(g);
}

static void a_proof_of_others_lets_all_log_on(void **state)
{
	static const struct guard_standing proven = { .proven = 1 };
	struct share share = { 0 };
	struct guard *g = shared_guard(&share);
	struct guest a = { 0 }, b = { 0 };

	(void)state;
	ask(g, &a);
	ask(g, &b);
	guard_grant(g, &proven);
	assert_int_equal(a.told + b.told, 2);
	assert_int_equal(share.ended, 0);
	guard_leave(&a.seat);
	guard_leave(&b.seat);
	guard_free(g);
}

static void logins_of_others_without_a_verdict_count_here(void **state)
{
	static const struct guard_standing once = { .unjudged = 1 };
	struct share share = { 0 };
	struct guard *g = shared_guard(&share);
	struct guard_standing standing;
	struct guest a = { 0 };

	(void)state;
	log_set_level(LOG_ERRORS);
	ask(g, &a);
	guard_grant(g, &once);
	guard_proof_sent(&a.seat);
	guard_leave(&a.seat);
	assert_true(guard_stopped(g));
	assert_int_equal(share.ended, 1);
	assert_true(guard_get_standing(g, &standing));
	assert_true(standing.stopped && !standing.proven);
	guard_free(g);
}

static void what_stopped_others_stops_here(void **state)
{
	struct share share = { 0 };
	struct guard *g = shared_guard(&share);
	struct guard_standing refused = { .stopped = 1 };
	struct guest a = { 0 };

	(void)state;
	ask(g, &a);
	guard_stop_as(g, &refused, 3, "out/x.lock");
	assert_int_equal(a.answer, GUARD_STOP);
	assert_true(guard_stopped(g));
	assert_int_equal(share.ended, 0);
	guard_free(g);
}

/* The turn comes back after a login that ended without a verdict: the next one waits. */
static void each_login_without_a_proof_needs_the_turn(void **state)
{
	struct share share = { 0 };
	struct guard *g = shared_guard(&share);
	struct guest a = { 0 }, b = { 0 };

	(void)state;
	ask(g, &a);
	ask(g, &b);
	guard_grant(g, &nothing_known);
	guard_leave(&a.seat);
	assert_int_equal(b.told, 0);
	assert_int_equal(share.ended, 1);
	assert_int_equal(share.wants, 2);
	guard_grant(g, &nothing_known);
	assert_int_equal(b.answer, GUARD_GO);
	guard_leave(&b.seat);
	assert_int_equal(share.ended, 2);
	guard_free(g);
}

static void a_doubt_is_settled_with_the_turn(void **state)
{
	struct share share = { 0 };
	struct guard *g = shared_guard(&share);
	struct guest a = { 0 }, b = { 0 };

	(void)state;
	guard_prove(g);
	assert_int_equal(ask(g, &a), GUARD_GO);
	guard_refused(&a.seat, &wrong_password);
	assert_int_equal(share.wants, 1);
	assert_true(share.doubts);
	assert_int_equal(guard_state(g), GUARD_WAIT);
	assert_int_equal(ask(g, &b), GUARD_WAIT);
	guard_grant(g, &(struct guard_standing){ .proven = 1 });
	assert_int_equal(b.answer, GUARD_GO);
	guard_accepted(&b.seat);
	assert_true(guard_proven(g));
	assert_int_equal(share.ended, 1);
	guard_free(g);
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
		cmocka_unit_test(a_refusal_that_is_not_confirmed_was_the_host_s_own),
		cmocka_unit_test(many_refusals_at_once_are_one_doubt),
		cmocka_unit_test(a_confirmed_refusal_stops),
		cmocka_unit_test(below_the_limit_a_confirmed_refusal_makes_unproven),
		cmocka_unit_test(a_place_that_says_nothing_gives_way_to_the_next),
		cmocka_unit_test(two_checks_without_a_verdict_stop),
		cmocka_unit_test(who_was_under_way_does_not_settle_a_doubt),
		cmocka_unit_test(a_kdc_s_word_proves_as_well_as_a_host_s),
		cmocka_unit_test(the_second_login_without_a_verdict_stops),
		cmocka_unit_test(silence_counts_while_unproven_or_in_doubt),
		cmocka_unit_test(nonsense_after_the_proof_is_no_verdict),
		cmocka_unit_test(a_missing_ticket_is_no_refused_password),
		cmocka_unit_test(a_guest_counts_until_the_credential_is_proven),
		cmocka_unit_test(answers_may_nest),
		cmocka_unit_test(without_the_turn_nobody_logs_on),
		cmocka_unit_test(a_proof_of_others_lets_all_log_on),
		cmocka_unit_test(logins_of_others_without_a_verdict_count_here),
		cmocka_unit_test(what_stopped_others_stops_here),
		cmocka_unit_test(each_login_without_a_proof_needs_the_turn),
		cmocka_unit_test(a_doubt_is_settled_with_the_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
