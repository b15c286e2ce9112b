/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/dce/ndr.h"
#include "tests/hex.h"

static void numbers_are_aligned_from_the_stub(void **state)
{
	static const uint8_t in[] = {
		0xee, 1, 0xaa, 2, 0, 3, 0xbb, 0xbb, 0xbb, 4, 0, 0, 0
	};
	struct wire_in w = wire_in(in + 1, sizeof(in) - 1);

	(void)state;
	assert_int_equal(get_u8(&w), 1);
	assert_int_equal(ndr_get_u16(&w), 2);
	assert_int_equal(get_u8(&w), 3);
	assert_int_equal(ndr_get_u32(&w), 4);
	assert_true(wire_done(&w));
}

static void only_zero_is_no_pointer(void **state)
{
	struct bytes in = unhex("000000000100000000000200ffffffff");
	struct wire_in w = wire_in_bytes(in);

	(void)state;
	assert_false(ndr_get_pointer(&w));
	assert_true(ndr_get_pointer(&w));
	assert_true(ndr_get_pointer(&w));
	assert_true(ndr_get_pointer(&w));
	assert_false(ndr_get_pointer(&w)); /* past the end */
	assert_true(w.bad);
	hex_free(in);
}

static size_t count_of(const char *text, size_t max, size_t least, bool *bad)
{
	struct bytes in = unhex(text);
	struct wire_in w = wire_in_bytes(in);
	size_t count = ndr_get_count(&w, max, least);

	*bad = w.bad;
	hex_free(in);
	return count;
}

static void counts_are_ranged_and_held_against_the_bytes(void **state)
{
	bool bad;

	(void)state;
	assert_int_equal(count_of("02000000 0000000000000000", 20480, 4, &bad), 2);
	assert_false(bad);
	assert_int_equal(count_of("02000000 00000000000000", 20480, 4, &bad), 0);
	assert_true(bad);
	assert_int_equal(count_of("02000000 0000000000000000", 1, 4, &bad), 0);
	assert_true(bad);
	assert_int_equal(count_of("ffffffff 0000000000000000", SIZE_MAX, 4, &bad), 0);
	assert_true(bad);
	assert_int_equal(count_of("00000000", 0, 4, &bad), 0);
	assert_false(bad);
}

static void sids_count_twice_the_same(void **state)
{
	struct bytes good = unhex("02000000 0102000000000005 20000000 20020000");
	struct bytes less = unhex("01000000 0102000000000005 20000000 20020000");
	struct sid sid = { .authority = 77 };
	struct wire_in w = wire_in_bytes(less);

	(void)state;
	ndr_get_sid(&w, &sid);
	assert_true(w.bad);
	assert_int_equal(sid.authority, 77);
	w = wire_in_bytes(good);
	ndr_get_sid(&w, &sid);
	assert_true(wire_done(&w));
	assert_int_equal(sid.authority, 5);
	assert_int_equal(sid.sub_count, 2);
	assert_int_equal(sid.sub[1], 544);
	hex_free(good);
	hex_free(less);
}

/* Header and buffer; true when well formed. */
static bool unicode(const char *text, char first, size_t len)
{
	struct bytes in = unhex(text);
	struct wire_in w = wire_in_bytes(in);
	struct ndr_unicode string = ndr_get_unicode(&w);
	struct bytes units = ndr_get_unicode_buffer(&w, string);
	bool good = wire_done(&w);

	if (good) {
		assert_int_equal(units.len, len);
		assert_true(!len || units.at[0] == first);
	}
	hex_free(in);
	return good;
}

static void unicode_strings_hold_together(void **state)
{
	(void)state;
	assert_true(unicode("0400 0600 01000000 03000000 00000000 02000000 41004200", 'A',
			    4));
	assert_true(unicode("0000 0000 00000000", 0, 0));
	assert_true(unicode("0000 0000 01000000 00000000 00000000 00000000", 0, 0));
	assert_true(unicode("0000 0200 01000000 01000000 00000000 00000000", 0, 0));
	/* Odd; above MaximumLength; text without a buffer. */
	assert_false(
		unicode("0300 0600 01000000 03000000 00000000 02000000 41004200", 0, 0));
	assert_false(
		unicode("0400 0300 01000000 03000000 00000000 02000000 41004200", 0, 0));
	assert_false(unicode("0400 0400 00000000", 0, 0));
	/* An offset; another length; above max_count; beyond the end. */
	assert_false(
		unicode("0400 0600 01000000 03000000 01000000 02000000 41004200", 0, 0));
	assert_false(
		unicode("0200 0600 01000000 03000000 00000000 02000000 41004200", 0, 0));
	assert_false(
		unicode("0400 0600 01000000 01000000 00000000 02000000 41004200", 0, 0));
	assert_false(
		unicode("feff feff 01000000 ff7f0000 00000000 ff7f0000 41004200", 0, 0));
	assert_false(unicode("0000 0000 01000000 00000000 00000000", 0, 0));
}

/* The header alone tells, before its buffer is looked for. */
static void an_odd_length_is_refused_in_place(void **state)
{
	struct bytes in = unhex("0300 0600 01000000");
	struct wire_in w = wire_in_bytes(in);

	(void)state;
	ndr_get_unicode(&w);
	assert_true(w.bad);
	hex_free(in);
}

static bool string(const char *text, size_t len)
{
	struct bytes in = unhex(text);
	struct wire_in w = wire_in_bytes(in);
	struct bytes units = ndr_get_string(&w);
	bool good = wire_done(&w);

	assert_true(!good || units.len == len);
	hex_free(in);
	return good;
}

static void strings_have_a_terminator(void **state)
{
	(void)state;
	assert_true(string("03000000 00000000 03000000 410042000000", 4));
	assert_true(string("04000000 00000000 01000000 0000", 0));
	assert_false(string("02000000 00000000 02000000 41004200", 0));
	assert_false(string("01000000 00000000 01000000 0001", 0)); /* U+0100 */
	assert_false(string("00000000 00000000 00000000", 0));
	assert_false(string("02000000 01000000 01000000 0000", 0));
	assert_false(string("00000000 00000000 01000000 0000", 0));
	assert_false(string("01000000 00000000 01000000 00", 0));
}

static void handles_are_opaque_and_aligned(void **state)
{
	struct bytes in = unhex("01ffffff 000102030405060708090a0b0c0d0e0f10111213");
	struct wire_in w = wire_in_bytes(in);
	uint8_t handle[NDR_HANDLE_BYTES];

	(void)state;
	get_u8(&w);
	ndr_get_handle(&w, handle);
	assert_true(wire_done(&w));
	assert_memory_equal(handle, in.at + 4, sizeof(handle));
	hex_free(in);
}

static void padding_at_the_end_is_tolerated_but_no_more(void **state)
{
	static const uint8_t in[4 + NDR_SLACK_BYTES + 1];
	struct wire_in w = wire_in(in, 4 + NDR_SLACK_BYTES);

	(void)state;
	ndr_get_u32(&w);
	assert_true(ndr_done(&w));
	w = wire_in(in, 4 + NDR_SLACK_BYTES + 1);
	ndr_get_u32(&w);
	assert_false(ndr_done(&w));
	w = wire_in(in, 3);
	ndr_get_u32(&w);
	assert_false(ndr_done(&w));
}

static void stubs_are_written_from_where_they_begin(void **state)
{
	struct bytes want = unhex("ee 0700 0000 00000200 04000200 00000000 "
				  "0600 0600 08000200 03000000 00000000 03000000 "
				  "410042004300 0000 02000000 0102000000000005 20000000 "
				  "20020000");
	const struct sid administrators = {
		.authority = 5,
		.sub_count = 2,
		.sub = { 32, 544 },
	};
	struct wire_out w = wire_out(1000);
	struct ndr_out n;

	(void)state;
	put_u8(&w, 0xee);
	n = ndr_out(&w);
	ndr_put_u16(&n, 7);
	ndr_put_pointer(&n);
	ndr_put_pointer(&n);
	ndr_put_null(&n);
	ndr_put_unicode(&n, "ABC");
	ndr_put_sid(&n, &administrators);
	assert_false(w.bad);
	assert_int_equal(w.len, want.len);
	assert_memory_equal(w.at, want.at, want.len);
	wire_drop(&w);
	hex_free(want);
}

static void text_too_long_for_its_length_is_refused(void **state)
{
	enum { UNITS = 0x7fff };
	struct wire_out w = wire_out(1 << 20);
	struct ndr_out n = ndr_out(&w);
	char *text = calloc(1, UNITS + 2);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', UNITS);
	ndr_put_unicode(&n, text);
	assert_false(w.bad);
	text[UNITS] = 'a';
	ndr_put_unicode(&n, text);
	assert_true(w.bad);
	free(text);
	wire_drop(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_aligned_from_the_stub),
		cmocka_unit_test(only_zero_is_no_pointer),
		cmocka_unit_test(counts_are_ranged_and_held_against_the_bytes),
		cmocka_unit_test(sids_count_twice_the_same),
		cmocka_unit_test(unicode_strings_hold_together),
		cmocka_unit_test(an_odd_length_is_refused_in_place),
		cmocka_unit_test(strings_have_a_terminator),
		cmocka_unit_test(handles_are_opaque_and_aligned),
		cmocka_unit_test(padding_at_the_end_is_tolerated_but_no_more),
		cmocka_unit_test(stubs_are_written_from_where_they_begin),
		cmocka_unit_test(text_too_long_for_its_length_is_refused),
	};

	return cmocka_run_group_tests_name("ndr", tests, NULL, NULL);
}
