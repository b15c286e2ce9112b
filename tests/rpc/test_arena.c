/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdalign.h>
#include <cmocka.h>
#include <string.h>

#include "rpc/wire/arena.h"

static void pieces_are_zeroed_apart_and_aligned(void **state)
{
	struct arena a = arena(100000);

	(void)state;
	for (size_t size = 1; size < 300; size++) {
		unsigned char *piece = arena_take(&a, 1, size);

		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(piece[i], 0);
		memset(piece, 0xff, size); /* the next piece must not see it */
	}
	arena_drop(&a);
	assert_int_equal(a.used, 0);
}

static void the_ceiling_holds_and_sticks(void **state)
{
	struct arena a = arena(64);

	(void)state;
	assert_non_null(arena_take(&a, 3, 16));
	assert_null(arena_take(&a, 2, 16));
	assert_true(arena_bad(&a));
	assert_null(arena_take(&a, 1, 1)); /* although it would fit */
	arena_drop(&a);
	assert_false(arena_bad(&a));
	assert_non_null(arena_take(&a, 4, 16));
	arena_drop(&a);
}

static void a_product_that_overflows_is_refused(void **state)
{
	struct arena a = arena(SIZE_MAX);

	(void)state;
	assert_null(arena_take(&a, SIZE_MAX / 2, 3));
	assert_true(arena_bad(&a));
	arena_drop(&a);
	assert_null(arena_take(&a, 1, SIZE_MAX));
	arena_drop(&a);
	assert_null(arena_text(&a, "", SIZE_MAX));
	arena_drop(&a);
}

static void nothing_is_a_piece_that_costs(void **state)
{
	struct arena a = arena(160);
	int taken = 0;

	(void)state;
	while (arena_take(&a, 0, 8) && taken < 1000)
		taken++;
	assert_in_range(taken, 1, 160);
	arena_drop(&a);
}

static void text_is_copied_and_terminated(void **state)
{
	struct arena a = arena(100000);
	const char *text = arena_text(&a, "BUILTIN\\Administrators", 7);
	char *big = arena_take(&a, 1, 50000);

	(void)state;
	assert_string_equal(text, "BUILTIN");
	assert_non_null(big);
	big[49999] = 1;
	assert_string_equal(arena_text(&a, NULL, 0), "");
	assert_string_equal(text, "BUILTIN");
	arena_drop(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_apart_and_aligned),
		cmocka_unit_test(the_ceiling_holds_and_sticks),
		cmocka_unit_test(a_product_that_overflows_is_refused),
		cmocka_unit_test(nothing_is_a_piece_that_costs),
		cmocka_unit_test(text_is_copied_and_terminated),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
