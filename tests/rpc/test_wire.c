/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/wire/wire.h"
#include "tests/hex.h"

static void numbers_are_read_in_both_orders(void **state)
{
	static const uint8_t in[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
				      0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10,
				      0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18 };
	struct wire_in w = wire_in(in, sizeof(in));

	(void)state;
	assert_int_equal(get_u8(&w), 0x01);
	assert_int_equal(get_u16le(&w), 0x0302);
	assert_int_equal(get_u32le(&w), 0x07060504);
	assert_int_equal(get_u64le(&w), 0x0f0e0d0c0b0a0908);
	assert_int_equal(get_u16be(&w), 0x1011);
	assert_int_equal(get_u24be(&w), 0x121314);
	assert_int_equal(get_u32be(&w), 0x15161718);
	assert_int_equal(wire_in_offset(&w), sizeof(in));
	assert_true(wire_done(&w));
}

static void a_short_read_sticks_and_reads_zero(void **state)
{
	static const uint8_t in[] = { 0xff, 0xff, 0xff };
	struct wire_in w = wire_in(in, sizeof(in));
	uint8_t copy[2] = { 0xaa, 0xaa };

	(void)state;
	assert_int_equal(get_u32le(&w), 0);
	assert_true(w.bad);
	assert_int_equal(get_u8(&w), 0);
	get_copy(&w, copy, sizeof(copy));
	assert_int_equal(copy[0] | copy[1], 0);
	assert_null(get_bytes(&w, 1).at);
	assert_true(get_window(&w, 0).bad);
	assert_true(get_range(&w, 0, 1).bad);
	assert_int_equal(wire_in_offset(&w), 0);
	assert_false(wire_done(&w));
}

static void nothing_is_not_a_null_dereference(void **state)
{
	struct wire_in empty = wire_in(NULL, 0), lie = wire_in(NULL, 4);

	(void)state;
	assert_true(wire_done(&empty));
	assert_int_equal(get_bytes(&empty, 0).len, 0);
	assert_int_equal(get_u8(&empty), 0);
	assert_true(empty.bad);
	assert_true(lie.bad);
	assert_int_equal(get_u8(&lie), 0);
}

static void windows_and_ranges_stay_inside(void **state)
{
	static const uint8_t in[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct wire_in w = wire_in(in, sizeof(in)), window, range;

	(void)state;
	get_skip(&w, 3);
	window = get_window(&w, 4);
	assert_int_equal(get_u8(&window), 3);
	assert_int_equal(get_u32le(&window), 0);
	assert_true(window.bad);
	assert_false(w.bad);
	assert_int_equal(get_u8(&w), 7);
	range = get_range(&w, 1, 9); /* also what was read already */
	assert_int_equal(get_u8(&range), 1);
	assert_int_equal(range.left, 8);
	range = get_range(&w, 10, 0);
	assert_true(wire_done(&range));
	assert_false(w.bad);
	range = get_range(&w, 2, SIZE_MAX); /* offset + len overflows */
	assert_true(range.bad);
	assert_true(w.bad);
}

static void alignment_counts_from_the_start(void **state)
{
	static const uint8_t in[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct wire_in w = wire_in(in + 1, 9);

	(void)state;
	get_align(&w, 4);
	assert_int_equal(wire_in_offset(&w), 0);
	get_skip(&w, 1);
	get_align(&w, 4);
	assert_int_equal(get_u8(&w), 5);
	get_align(&w, 8);
	assert_int_equal(get_u8(&w), 9);
	get_align(&w, 2);
	assert_true(w.bad);
}

static void numbers_are_written_in_both_orders(void **state)
{
	struct bytes want = unhex("0103020706050403020100010203 04050607");
	struct wire_out w = wire_out(1000);

	(void)state;
	put_u8(&w, 0x01);
	put_u16le(&w, 0x0203);
	put_u32le(&w, 0x04050607);
	fill_u32le(&w, 3, 0x04050607);
	put_u24be(&w, 0x030201);
	put_u32be(&w, 0x00010203);
	put_u32be(&w, 0x04050607);
	assert_int_equal(w.len, want.len);
	assert_memory_equal(wire_written(&w).at, want.at, want.len);
	wire_reset(&w);
	put_u64le(&w, 0x0102030405060708);
	assert_memory_equal(w.at, "\x08\x07\x06\x05\x04\x03\x02\x01", 8);
	wire_drop(&w);
	hex_free(want);
}

static void holes_are_filled_where_they_lie(void **state)
{
	struct wire_out w = wire_out(1000);
	size_t hole;

	(void)state;
	put_u8(&w, 0xee);
	hole = put_hole(&w, 4);
	put_align(&w, 1, 8);
	put_u8(&w, 0xff);
	assert_int_equal(w.len, 10);
	fill_u16le(&w, hole, 0x1122);
	fill_u24be(&w, hole + 2, 0x334455);
	assert_memory_equal(w.at, "\xee\x22\x11\x33\x44\x55\0\0\0\xff", 10);
	fill_bytes(&w, 8, "ab", 2);
	assert_memory_equal(w.at + 8, "ab", 2);
	assert_false(w.bad);
	fill_u16le(&w, 9, 1); /* half outside */
	assert_true(w.bad);
	assert_null(wire_written(&w).at);
	wire_drop(&w);
}

static void no_writer_passes_its_ceiling(void **state)
{
	struct wire_out w = wire_out(300), none = { 0 };

	(void)state;
	put_zeros(&w, 299);
	put_u8(&w, 7);
	assert_int_equal(wire_written(&w).len, 300);
	assert_true(w.cap <= 300);
	put_u8(&w, 8);
	assert_true(w.bad);
	assert_int_equal(wire_written(&w).len, 0);
	wire_reset(&w);
	put_zeros(&w, SIZE_MAX);
	assert_true(w.bad);
	wire_drop(&w);
	assert_false(w.bad);
	put_u8(&none, 1);
	assert_true(none.bad);
}

static void consuming_keeps_the_rest(void **state)
{
	struct wire_out w = wire_out(1000);

	(void)state;
	put_bytes(&w, "abcdef", 6);
	wire_consume(&w, 4);
	assert_int_equal(w.len, 2);
	assert_memory_equal(w.at, "ef", 2);
	wire_consume(&w, 2);
	assert_int_equal(wire_written(&w).len, 0);
	assert_false(w.bad);
	wire_consume(&w, 1);
	assert_true(w.bad);
	wire_wipe(&w);
	assert_null(w.at);
	assert_int_equal(w.max, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_in_both_orders),
		cmocka_unit_test(a_short_read_sticks_and_reads_zero),
		cmocka_unit_test(nothing_is_not_a_null_dereference),
		cmocka_unit_test(windows_and_ranges_stay_inside),
		cmocka_unit_test(alignment_counts_from_the_start),
		cmocka_unit_test(numbers_are_written_in_both_orders),
		cmocka_unit_test(holes_are_filled_where_they_lie),
		cmocka_unit_test(no_writer_passes_its_ceiling),
		cmocka_unit_test(consuming_keeps_the_rest),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
