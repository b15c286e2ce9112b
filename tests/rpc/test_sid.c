/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "rpc/wire/sid.h"
#include "tests/hex.h"

struct pair {
	const char *hex, *text;
};

static const struct pair pairs[] = {
	{ "01020000000000052000000020020000", "S-1-5-32-544" },
	{ "0100000000000005", "S-1-5" }, /* NT AUTHORITY's domain SID */
	{ "010100000000000100000000", "S-1-1-0" },
	{ "010400000000000515000000aadc517b7a8dee6408298fd9",
	  "S-1-5-21-2068962474-1693355386-3650038024" },
	{ "0106000000000005500000006ebf1bbb45efd2b14a3b45db505b43270458d86b",
	  "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420" },
	{ "01010000ffffffffffffffff", "S-1-4294967295-4294967295" },
	{ "01010001000000000a000000", "S-1-0x000100000000-10" },
	{ "010fffffffffffff"
	  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
	  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	  "S-1-0xFFFFFFFFFFFF-4294967295-4294967295-4294967295-4294967295-4294967295"
	  "-4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-4294967295"
	  "-4294967295-4294967295-4294967295" },
};

static void bytes_and_text_go_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct bytes packed = unhex(pairs[i].hex);
		struct wire_in in = wire_in_bytes(packed);
		struct wire_out out = wire_out(100);
		struct sid from_wire = { 0 }, from_text = { 0 };
		char text[SID_TEXT_MAX];

		sid_get(&in, &from_wire);
		assert_true(wire_done(&in));
		sid_format(&from_wire, text);
		assert_string_equal(text, pairs[i].text);
		assert_true(sid_parse(text, &from_text));
		assert_true(sid_equal(&from_wire, &from_text));
		sid_put(&out, &from_text);
		assert_int_equal(wire_written(&out).len, packed.len);
		assert_memory_equal(out.at, packed.at, packed.len);
		wire_drop(&out);
		hex_free(packed);
	}
}

static void malformed_bytes_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"01",
		"0002000000000005",
		"0202000000000005",
		"0101000000000005",
		"01020000000000052000000020020000ff", /* leftover, for wire_done() */
		"0110000000000005"                    /* sixteen sub-authorities */
		"00000000000000000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000000000000000000000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bytes packed = unhex(bad[i]);
		struct wire_in in = wire_in_bytes(packed);
		struct sid sid = { .authority = 77 };

		sid_get(&in, &sid);
		assert_false(wire_done(&in));
		if (in.bad)
			assert_int_equal(sid.authority, 77);
		hex_free(packed);
	}
}

static void what_is_no_sid_is_not_parsed(void **state)
{
	static const char *const bad[] = {
		"",
		"S",
		"S-",
		"S-1",
		"S-1-",
		"S-2-5",
		"S-1-5-",
		"S-1-5-32-",
		"S-1-5--32",
		"S-1-5-32-544 ",
		" S-1-5",
		"S-1-5-4294967296",
		"S-1-4294967296-1",
		"S-1-5-00000000001",
		"S-1-0x-1",
		"S-1-0x1000000000000-1",
		"S-1-5-3x",
		"S-1-5-0x20",
		"S-1-+5",
		"DOMAIN-512",
		"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
	};
	struct sid sid = { .authority = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(sid_parse(bad[i], &sid));
	assert_int_equal(sid.authority, 77);
	assert_true(sid_parse("s-1-0x5-32", &sid));
	assert_int_equal(sid.authority, 5);
	assert_int_equal(sid.sub[0], 32);
	assert_true(sid_parse("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15", &sid));
	assert_int_equal(sid.sub_count, 15);
}

static void what_cannot_be_packed_is_refused(void **state)
{
	struct sid many = { .authority = 5, .sub_count = 16 };
	struct sid far = { .authority = UINT64_C(1) << 48 };
	struct wire_out w = wire_out(100);
	char text[SID_TEXT_MAX];

	(void)state;
	sid_put(&w, &many);
	assert_true(w.bad);
	wire_reset(&w);
	sid_put(&w, &far);
	assert_true(w.bad);
	sid_format(&many, text); /* stays inside */
	assert_string_equal(text, "S-1-5-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0");
	wire_drop(&w);
}

static void a_domain_has_one_number_less(void **state)
{
	struct sid domain, user, other, deeper;

	(void)state;
	assert_true(sid_parse("S-1-5-21-1-2-3", &domain));
	assert_true(sid_parse("S-1-5-21-1-2-3-500", &user));
	assert_true(sid_parse("S-1-5-21-1-2-4-500", &other));
	assert_true(sid_parse("S-1-5-21-1-2-3-500-1", &deeper));
	assert_true(sid_in_domain(&user, &domain));
	assert_false(sid_in_domain(&domain, &domain));
	assert_false(sid_in_domain(&other, &domain));
	assert_false(sid_in_domain(&deeper, &domain));
	assert_false(sid_in_domain(&domain, &user));
	assert_false(sid_equal(&user, &other));
	other = domain;
	other.authority = 6;
	assert_false(sid_equal(&domain, &other));
	assert_false(sid_in_domain(&user, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_and_text_go_both_ways),
		cmocka_unit_test(malformed_bytes_are_refused),
		cmocka_unit_test(what_is_no_sid_is_not_parsed),
		cmocka_unit_test(what_cannot_be_packed_is_refused),
		cmocka_unit_test(a_domain_has_one_number_less),
	};

	return cmocka_run_group_tests_name("sid", tests, NULL, NULL);
}
