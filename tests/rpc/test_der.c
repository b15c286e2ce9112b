/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "rpc/wire/der.h"
#include "tests/hex.h"

static bool well_formed(const char *hex)
{
	struct bytes b = unhex(hex);
	bool good = der_is_well_formed(b);

	hex_free(b);
	return good;
}

static void whole_values_are_well_formed(void **state)
{
	static const char *const good[] = {
		"0500",
		"020105",
		"3000",
		"30050201050500",
		"a003020105",
		"308103020105",       /* a length longer than it need be */
		"30840000000302017f", /* likewise */
		"6e0730053003020105",
		"0403a00980", /* what looks like a value inside of a string */
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(well_formed(good[i]));
}

static void what_is_cut_overlong_or_without_end_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"02",
		"0201",
		"020105ff",               /* bytes left over */
		"02010502",               /* likewise */
		"30040201",               /* inner value cut by its own parent */
		"3003020205",             /* inner value longer than its parent */
		"30020201",               /* inner length cut */
		"30010230",               /* and what follows would make it whole */
		"30800201050000",         /* indefinite length */
		"3085000000000302010500", /* five bytes of length */
		"30ffffffffff",           /* likewise, more */
		"3084ffffffff0201",       /* four billion bytes */
		"1f81000500",             /* a tag of several bytes */
		"3003bf0100",             /* likewise, inside */
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(well_formed(bad[i]));
}

/* `depth` sequences, one inside of the other. */
static bool nested(unsigned depth)
{
	uint8_t value[2 * 64], *at = value + sizeof value;

	for (unsigned i = 0; i < depth; i++) {
		at -= 2;
		at[0] = DER_SEQUENCE;
		at[1] = (uint8_t)(2 * i);
	}
	return der_is_well_formed((struct bytes){ at, (size_t)2 * depth });
}

static void nesting_has_a_limit(void **state)
{
	(void)state;
	assert_true(nested(DER_DEPTH_MAX));
	assert_false(nested(DER_DEPTH_MAX + 1));
	assert_false(nested(60));
}

static int32_t integer(const char *hex, bool *good)
{
	struct bytes b = unhex(hex);
	struct wire_in w = wire_in_bytes(b);
	int32_t v = get_der_integer(&w);

	*good = wire_done(&w);
	hex_free(b);
	return v;
}

static void integers_have_a_sign_and_four_bytes(void **state)
{
	bool good;

	(void)state;
	assert_int_equal(integer("020105", &good), 5);
	assert_int_equal(integer("020118", &good), 24);
	assert_int_equal(integer("0201ff", &good), -1);
	assert_int_equal(integer("02020080", &good), 128);
	assert_int_equal(integer("02047fffffff", &good), INT32_MAX);
	assert_int_equal(integer("020480000000", &good), INT32_MIN);
	assert_true(good);
	integer("0200", &good);
	assert_false(good);
	integer("02050000000001", &good);
	assert_false(good);
	integer("0a0105", &good);
	assert_false(good);
	integer("0202", &good);
	assert_false(good);
}

static void a_field_of_another_tag_turns_the_cursor_bad(void **state)
{
	struct bytes b = unhex("a003020105a103020106");
	struct wire_in w = wire_in_bytes(b), field;

	(void)state;
	assert_true(der_next_is(&w, DER_CONTEXT + 0));
	assert_false(der_next_is(&w, DER_CONTEXT + 1));
	field = get_der(&w, DER_CONTEXT + 0);
	assert_int_equal(get_der_integer(&field), 5);
	assert_true(wire_done(&field) && !w.bad);
	field = get_der(&w, DER_CONTEXT + 2);
	assert_true(w.bad && field.bad);
	hex_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_values_are_well_formed),
		cmocka_unit_test(what_is_cut_overlong_or_without_end_is_refused),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(integers_have_a_sign_and_four_bytes),
		cmocka_unit_test(a_field_of_another_tag_turns_the_cursor_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
