/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/calls/dssetup.h"
#include "rpc/wire/ntstatus.h"
#include "tests/hex.h"

/* Standalone workstation of the XP era, "WORKGROUP"; padding is garbage. */
#define DSSETUP_XP                                                                 \
	"a8e80b000100455c000061730000000030010c0000000000000000000000000000000000" \
	"00000000000000000a000000000000000a00000057004f0052004b00470052004f005500" \
	"5000000000000000"

/* Primary domain controller. */
#define DSSETUP_SAMBA                                                              \
	"0000020001000000050000000100000104000200080002000c00020035f979cce4e46d46" \
	"bda78f83710a858e0400000000000000040000004c004100420000000c00000000000000" \
	"0c0000006c00610062002e006500780061006d0070006c00650000000c00000000000000" \
	"0c0000006c00610062002e006500780061006d0070006c006500000000000000"

static bool hear(const char *text, struct arena *a, struct dssetup_basic *info,
		 uint32_t *win32)
{
	struct bytes stub = unhex(text);
	bool well_formed;

	*a = arena(10000);
	well_formed = dssetup_get_basic(stub, a, info, win32);
	hex_free(stub);
	return well_formed;
}

static bool refused(const char *text)
{
	struct dssetup_basic info = { .machine_role = 77 };
	uint32_t win32 = 77;
	struct arena a;
	bool well_formed = hear(text, &a, &info, &win32);

	if (!well_formed) {
		assert_int_equal(info.machine_role, 77);
		assert_int_equal(win32, 77);
	}
	arena_drop(&a);
	return !well_formed;
}

static void the_question_is_two_bytes(void **state)
{
	struct wire_out w = wire_out(100);

	(void)state;
	dssetup_put_basic(&w);
	assert_int_equal(w.len, 2);
	assert_memory_equal(w.at, "\1\0", 2);
	wire_drop(&w);
}

static void a_workstation_of_a_workgroup(void **state)
{
	struct dssetup_basic info;
	uint32_t win32 = 77;
	struct arena a;

	(void)state;
	assert_true(hear(DSSETUP_XP, &a, &info, &win32));
	assert_int_equal(win32, ERROR_SUCCESS);
	assert_int_equal(info.machine_role, DSROLE_STANDALONE_WORKSTATION);
	assert_int_equal(info.flags, 0);
	assert_string_equal(info.domain_flat, "WORKGROUP");
	assert_null(info.domain_dns);
	assert_null(info.forest_dns);
	arena_drop(&a);
}

static void a_primary_domain_controller(void **state)
{
	struct dssetup_basic info;
	uint32_t win32 = 77;
	struct arena a;

	(void)state;
	assert_true(hear(DSSETUP_SAMBA, &a, &info, &win32));
	assert_int_equal(info.machine_role, DSROLE_PRIMARY_DC);
	assert_int_equal(info.flags, DSROLE_DOMAIN_GUID_PRESENT | 1);
	assert_string_equal(info.domain_flat, "LAB");
	assert_string_equal(info.domain_dns, "lab.example");
	assert_string_equal(info.forest_dns, "lab.example");
	arena_drop(&a);
}

static void a_refusal_has_a_null_and_a_win32_error(void **state)
{
	struct dssetup_basic info = { .machine_role = 77 };
	uint32_t win32 = 0;
	struct arena a;

	(void)state;
	assert_true(hear("0000000005000000", &a, &info, &win32));
	assert_int_equal(win32, ERROR_ACCESS_DENIED);
	assert_int_equal(info.machine_role, 77);  /* untouched */
	assert_true(refused("0000000000000000")); /* success without data */
}

#define BASIC(level, flat, string)                                          \
	"00000200" level "aaaa 0300 aaaa 00000000" flat "00000000 00000000" \
	"00000000000000000000000000000000" string

static void strings_must_end_where_they_say(void **state)
{
	struct dssetup_basic info;
	uint32_t win32;
	struct arena a;

	(void)state;
	assert_true(hear(BASIC("0100", "04000200",
			       "03000000 00000000 03000000 41004200 0000 aaaa 00000000"),
			 &a, &info, &win32));
	assert_int_equal(info.machine_role, DSROLE_MEMBER_SERVER);
	assert_string_equal(info.domain_flat, "AB");
	arena_drop(&a);
	/* No terminator; no character at all; an offset; more than max_count. */
	assert_true(refused(BASIC("0100", "04000200",
				  "02000000 00000000 02000000 41004200 00000000")));
	assert_true(refused(
		BASIC("0100", "04000200", "00000000 00000000 00000000 00000000")));
	assert_true(
		refused(BASIC("0100", "04000200",
			      "03000000 01000000 03000000 41004200 0000 aaaa 00000000")));
	assert_true(
		refused(BASIC("0100", "04000200",
			      "02000000 00000000 03000000 41004200 0000 aaaa 00000000")));
	assert_true(
		refused(BASIC("0100", "04000200",
			      "ffffffff 00000000 ffffffff 41004200 0000 aaaa 00000000")));
	/* Another level than was asked for. */
	assert_true(refused(BASIC("0300", "00000000", "00000000")));
	assert_false(refused(BASIC("0100", "00000000", "00000000")));
}

static void a_name_that_is_no_text_spoils_nothing(void **state)
{
	struct dssetup_basic info;
	uint32_t win32;
	struct arena a;

	(void)state;
	assert_true(hear(BASIC("0100", "04000200",
			       "03000000 00000000 03000000 00d84200 0000 aaaa 00000000"),
			 &a, &info, &win32));
	assert_int_equal(info.machine_role, DSROLE_MEMBER_SERVER);
	assert_null(info.domain_flat);
	arena_drop(&a);
}

static void every_cut_is_refused(void **state)
{
	static const char *const goldens[] = { DSSETUP_XP, DSSETUP_SAMBA,
					       "0000000005000000" };

	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		struct bytes whole = unhex(goldens[i]);

		for (size_t len = 0; len < whole.len; len++) {
			struct bytes cut = hex_cut(whole, len);
			struct dssetup_basic info;
			struct arena a = arena(10000);
			uint32_t win32 = 77;

			assert_false(dssetup_get_basic(cut, &a, &info, &win32));
			assert_int_equal(win32, 77);
			arena_drop(&a);
			hex_free(cut);
		}
		hex_free(whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_question_is_two_bytes),
		cmocka_unit_test(a_workstation_of_a_workgroup),
		cmocka_unit_test(a_primary_domain_controller),
		cmocka_unit_test(a_refusal_has_a_null_and_a_win32_error),
		cmocka_unit_test(strings_must_end_where_they_say),
		cmocka_unit_test(a_name_that_is_no_text_spoils_nothing),
		cmocka_unit_test(every_cut_is_refused),
	};

	return cmocka_run_group_tests_name("dssetup", tests, NULL, NULL);
}
