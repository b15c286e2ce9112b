/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_siphash.c - SipHash-2-4 against the vectors of its authors: the key is 00 to 0f,
 * the input 00, 01, 02, ...
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/text/siphash.h"

static const struct siphash_key key = { UINT64_C(0x0706050403020100),
					UINT64_C(0x0f0e0d0c0b0a0908) };

static uint64_t of_length(size_t len)
{
	uint8_t input[64];

	for (size_t i = 0; i < sizeof input; i++)
		input[i] = (uint8_t)i;
	return siphash(&key, input, len);
}

static void test_the_published_64_bit_vectors_hold(void **state)
{
	(void)state;
	assert_true(of_length(0) == UINT64_C(0x726fdb47dd0e0e31));
	assert_true(of_length(1) == UINT64_C(0x74f839c593dc67fd));
	assert_true(of_length(7) == UINT64_C(0xab0200f58b01d137));
	assert_true(of_length(8) == UINT64_C(0x93f5f5799a932462));
	assert_true(of_length(15) == UINT64_C(0xa129ca6149be45e5));
	assert_true(of_length(63) == UINT64_C(0x958a324ceb064572));
}

static void test_the_published_128_bit_vector_holds(void **state)
{
	struct siphash_digest empty = siphash_wide(&key, "", 0);

	(void)state;
	assert_true(empty.low == UINT64_C(0xe6a825ba047f81a3));
	assert_true(empty.high == UINT64_C(0x930255c71472f66d));
}

static void test_two_drawn_keys_hash_differently(void **state)
{
	struct siphash_key a, b;

	(void)state;
	assert_true(siphash_draw_key(&a));
	assert_true(siphash_draw_key(&b));
	assert_false(a.k0 == b.k0 && a.k1 == b.k1);
	assert_false(siphash(&a, "srv1", 4) == siphash(&b, "srv1", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_published_64_bit_vectors_hold),
		cmocka_unit_test(test_the_published_128_bit_vector_holds),
		cmocka_unit_test(test_two_drawn_keys_hash_differently),
	};

	return cmocka_run_group_tests_name("siphash", tests, NULL, NULL);
}
