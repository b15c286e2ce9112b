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
static struct authenticator_pool pool = { .room = OTHERS };
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

static const char *mechanism(const struct auth *a)
{
	(void)a;
	return "ntlm";
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_sent_an_opening_goes_before_who_did_not_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
