/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/wire/utf16.h"
#include "tests/hex.h"

struct pair {
	const char *hex, *text;
};

static const struct pair pairs[] = {
	{ "", "" },
	{ "4c0041004200", "LAB" },
	{ "7f008000ff070008", "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80" },
	{ "4e0054002d004100550054004f00520049005400c4005400", "NT-AUTORIT\xc3\x84T" },
	{ "ffd700e0ffff", "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf" },
	{ "00d800dc", "\xf0\x90\x80\x80" }, /* U+10000 */
	{ "ffdbffdf", "\xf4\x8f\xbf\xbf" }, /* U+10FFFF */
	{ "3dd800de2100", "\xf0\x9f\x98\x80!" },
};

static void text_goes_both_ways(void **state)
{
	struct arena a = arena(10000);

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct bytes utf16 = unhex(pairs[i].hex);
		struct wire_out w = wire_out(100);

		assert_string_equal(utf16_to_text(utf16, &a), pairs[i].text);
		assert_string_equal(utf16_to_name(utf16, &a), pairs[i].text);
		put_utf16(&w, pairs[i].text);
		assert_false(w.bad);
		assert_true(utf8_is_valid(pairs[i].text));
		assert_int_equal(w.len, utf16.len);
		if (utf16.len)
			assert_memory_equal(w.at, utf16.at, utf16.len);
		wire_drop(&w);
		hex_free(utf16);
	}
	arena_drop(&a);
}

static void what_is_no_utf16_is_refused(void **state)
{
	static const char *const bad[] = {
		"41",           /* odd */
		"00d8",         /* a high surrogate at the end */
		"00d84100",     /* a high surrogate alone */
		"00dc",         /* a low surrogate alone */
		"00dc00d8",     /* the wrong way round */
		"00d800d800dc", /* two high ones */
		"410000004200", /* a NUL inside */
		"41000000",     /* a NUL at the end */
		"00d8ff",       /* half a low surrogate */
	};
	struct arena a = arena(10000);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bytes utf16 = unhex(bad[i]);

		assert_null(utf16_to_text(utf16, &a));
		assert_string_equal(utf16_to_name(utf16, &a), "");
		hex_free(utf16);
	}
	assert_false(arena_bad(&a)); /* a refusal is not a lack of memory */
	assert_int_equal(a.used, 0);
	arena_drop(&a);
}

static void a_full_arena_is_told_apart(void **state)
{
	struct arena a = arena(32);
	struct bytes utf16 = unhex("ffffffffffffffffffffffffffffffffffffffffffff");

	(void)state;
	assert_null(utf16_to_name(utf16, &a));
	assert_true(arena_bad(&a));
	arena_drop(&a);
	hex_free(utf16);
}

static void what_is_no_utf8_is_refused(void **state)
{
	static const char *const bad[] = {
		"\x80",             /* a continuation alone */
		"\xc3",             /* cut */
		"\xc3!",            /* no continuation */
		"\xc0\x80",         /* overlong NUL */
		"\xc1\xbf",         /* overlong */
		"\xe0\x9f\xbf",     /* overlong */
		"\xf0\x8f\xbf\xbf", /* overlong */
		"\xed\xa0\x80",     /* a surrogate */
		"\xf4\x90\x80\x80", /* beyond U+10FFFF */
		"\xf8\x88\x80\x80\x80",
		"\xff",
		"ok\xe2\x82",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wire_out w = wire_out(100);

		put_utf16(&w, bad[i]);
		assert_true(w.bad);
		assert_false(utf8_is_valid(bad[i]));
		wire_drop(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_goes_both_ways),
		cmocka_unit_test(what_is_no_utf16_is_refused),
		cmocka_unit_test(a_full_arena_is_told_apart),
		cmocka_unit_test(what_is_no_utf8_is_refused),
	};

	return cmocka_run_group_tests_name("utf16", tests, NULL, NULL);
}
