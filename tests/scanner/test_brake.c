/* SPDX-License-Identifier: Apache-2.0 */
/* Fewer hosts in flight while sockets lack, and as many as before once they are back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/sweep/brake.h"

static void it_is_pulled_to_what_there_are_sockets_for(void **state)
{
	struct brake b = brake_new(64);

	(void)state;
	assert_int_equal(b.cap, 64);
	assert_true(brake_pull(&b, 20, 100));
	assert_int_equal(b.cap, 20);
	assert_false(brake_pull(&b, 30, 100));
	assert_false(brake_pull(&b, 0, 100));
	assert_int_equal(b.cap, 20);
}

static void it_lets_go_by_and_by_and_never_further(void **state)
{
	struct brake b = brake_new(64);
	uint64_t now = 100;
	unsigned steps = 0;

	(void)state;
	brake_pull(&b, 1, now);
	brake_ease(&b, now + BRAKE_MS - 1);
	assert_int_equal(b.cap, 1);
	while (b.cap < 64 && ++steps < 100) {
		unsigned before = b.cap;

		now += BRAKE_MS;
		brake_ease(&b, now);
		assert_in_range(b.cap, before + 1, before + before / 8 + 1);
		brake_ease(&b, now);
		assert_in_range(b.cap, before + 1, before + before / 8 + 1);
	}
	assert_in_range(steps, 20, 40);
	brake_ease(&b, now + 10 * BRAKE_MS);
	assert_int_equal(b.cap, 64);
}

/* Whoever lacks a socket again begins to wait anew. */
static void it_stays_while_sockets_lack(void **state)
{
	struct brake b = brake_new(64);

	(void)state;
	brake_pull(&b, 8, 0);
	for (uint64_t now = 0; now < 20 * BRAKE_MS; now += BRAKE_MS / 2) {
		brake_pull(&b, 8, now);
		brake_ease(&b, now + BRAKE_MS / 2 - 1);
	}
	assert_int_equal(b.cap, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_pulled_to_what_there_are_sockets_for),
		cmocka_unit_test(it_lets_go_by_and_by_and_never_further),
		cmocka_unit_test(it_stays_while_sockets_lack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
