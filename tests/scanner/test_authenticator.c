/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is among logins that wait for a thread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdatomic.h>

#include "scanner/login/authenticator.h"

enum { OTHERS = 4 };

struct auth {
	unsigned order;
};

static uv_loop_t loop;
static struct workers *workers;
static struct authenticator_pool pool;
static struct auth auths[OTHERS + 1];
static atomic_uint begun;
static unsigned told;

/* The host's name is the number of its mechanism. */
static struct auth *begin(const struct auth_provider *p, const char *host,
			  struct fault *fault)
{
	struct auth *a = &auths[host[0] - '0'];

	(void)p;
	(void)fault;
	a->order = atomic_fetch_add(&begun, 1);
	return a;
}

static bool step(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		 struct fault *fault)
{
	(void)a;
	(void)in;
	(void)fault;
	*out = (struct bytes){ 0 };
	*complete = true;
	return true;
}

static bool key(struct auth *a, struct session_key *k, struct fault *fault)
{
	(void)a;
	(void)fault;
	k->len = 16;
	return true;
}

static enum auth_mechanism mechanism(const struct auth *a)
{
	(void)a;
	return AUTH_NTLM;
}

static void end(struct auth *a)
{
	(void)a;
}

static const struct auth_provider first_by_step = {
	.begin = begin, .step = step, .key = key, .mechanism = mechanism, .end = end
};
static const struct auth_provider with_opening = { .opening = { (const uint8_t *)"hello",
								5 },
						   .begin = begin,
						   .step = step,
						   .key = key,
						   .mechanism = mechanism,
						   .end = end };

static void on_started(struct authenticator *p)
{
	(void)p;
}

static void on_done(struct authenticator *p)
{
	assert_false(p->failed);
	authenticator_wipe(p);
	told++;
}

/* It has heard the host's answer already, and the host's clock runs; the others have said
 * nothing yet. */
static void test_who_sent_an_opening_goes_before_who_did_not_begin(void **state)
{
	static const char *const names[] = { "0", "1", "2", "3", "4" };
	struct authenticator all[OTHERS + 1], *late = &all[OTHERS];
	struct bytes token;
	char why[200];

	(void)state;
	authenticator_pool_init(&pool, OTHERS);
	uv_loop_init(&loop);
	workers = workers_begin(&loop, 1, why, sizeof why);
	assert_non_null(workers);
	for (size_t i = 0; i < OTHERS; i++) {
		authenticator_init(&all[i], workers, &pool, &first_by_step, names[i],
				   on_started);
		assert_true(authenticator_step(&all[i], (struct bytes){ 0 }, on_done));
	}
	authenticator_init(late, workers, &pool, &with_opening, names[OTHERS],
			   on_started);
	assert_true(authenticator_open(late, &token));
	assert_int_equal(token.len, 5);
	assert_true(authenticator_step(late, token, on_done));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(told, OTHERS + 1);
	/* One of the others may have been taken up before it came. */
	assert_in_range(auths[OTHERS].order, 0, 1);
	workers_end(workers);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

/* ---- a place in the pool ---- */

static bool says_more; /* a token goes with the completion */

static bool step_once_more(struct auth *a, struct bytes in, struct bytes *out,
			   bool *complete, struct fault *fault)
{
	bool last = in.len > 0;

	step(a, in, out, complete, fault);
	*complete = last;
	if (says_more)
		*out = (struct bytes){ (const uint8_t *)"token", 5 };
	return true;
}

static const struct auth_provider in_two_steps = { .begin = begin,
						   .step = step_once_more,
						   .key = key,
						   .mechanism = mechanism,
						   .end = end };

static unsigned started;

static void on_place(struct authenticator *p)
{
	(void)p;
	started++;
}

static void on_step(struct authenticator *p)
{
	assert_false(p->failed);
	told++;
}

static void open_workers(void)
{
	char why[200];

	uv_loop_init(&loop);
	workers = workers_begin(&loop, 1, why, sizeof why);
	assert_non_null(workers);
	started = told = 0;
}

static void close_workers(void)
{
	workers_end(workers);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

/* Half a login has its place until its end; who waits comes in turn, without those that
 * left. */
static void test_a_login_waits_for_a_place_in_the_pool(void **state)
{
	static const char *const names[] = { "0", "1", "2", "3" };
	struct authenticator_pool small;
	struct authenticator all[4];

	(void)state;
	open_workers();
	authenticator_pool_init(&small, 1);
	for (size_t i = 0; i < 4; i++) {
		authenticator_init(&all[i], workers, &small, &in_two_steps, names[i],
				   on_place);
		assert_true(authenticator_step(&all[i], (struct bytes){ 0 }, on_step));
		assert_int_equal(authenticator_in_line(&all[i]), i > 0);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(started, 1);
	assert_int_equal(told, 1);
	/* The last of the line, then one in its middle. */
	assert_true(authenticator_cancel(&all[3]));
	assert_true(authenticator_cancel(&all[1]));
	assert_false(authenticator_busy(&all[1]));
	assert_true(authenticator_step(&all[0], (struct bytes){ (const uint8_t *)"x", 1 },
				       on_step));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(all[0].complete);
	assert_int_equal(started, 2);
	assert_int_equal(told, 3);
	/* And one that gives up in mid-login. */
	assert_true(authenticator_end(&all[2], on_step));
	assert_false(authenticator_end(&all[0], on_step));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(small.live, 0);
	assert_true(TAILQ_EMPTY(&small.line));
	close_workers();
}

static void test_the_token_of_the_last_step_outlives_its_mechanism(void **state)
{
	struct authenticator one;

	(void)state;
	open_workers();
	says_more = true;
	authenticator_init(&one, workers, NULL, &in_two_steps, "0", on_place);
	assert_true(authenticator_step(&one, (struct bytes){ 0 }, on_step));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(authenticator_step(&one, (struct bytes){ (const uint8_t *)"x", 1 },
				       on_step));
	uv_run(&loop, UV_RUN_DEFAULT);
	says_more = false;
	assert_true(one.complete);
	assert_null(one.auth);
	assert_int_equal(one.token.len, 5);
	assert_memory_equal(one.token.at, "token", 5);
	assert_int_equal(one.key.len, 16);
	assert_false(authenticator_step(&one, (struct bytes){ 0 }, on_step));
	authenticator_wipe(&one);
	assert_null(one.token.at);
	assert_int_equal(one.key.len, 0);
	close_workers();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_sent_an_opening_goes_before_who_did_not_begin),
		cmocka_unit_test(test_a_login_waits_for_a_place_in_the_pool),
		cmocka_unit_test(test_the_token_of_the_last_step_outlives_its_mechanism),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
