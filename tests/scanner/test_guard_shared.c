/* SPDX-License-Identifier: Apache-2.0 */
/* The guard of an account that other processes use, too. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/scanner/guard_play.h"

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
		cmocka_unit_test(without_the_turn_nobody_logs_on),
		cmocka_unit_test(a_proof_of_others_lets_all_log_on),
		cmocka_unit_test(logins_of_others_without_a_verdict_count_here),
		cmocka_unit_test(what_stopped_others_stops_here),
		cmocka_unit_test(each_login_without_a_proof_needs_the_turn),
		cmocka_unit_test(a_doubt_is_settled_with_the_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
