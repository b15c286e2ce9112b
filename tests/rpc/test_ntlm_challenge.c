/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/auth/ntlm_challenge.h"
#include "tests/hex.h"
#include "tests/rpc/golden_ntlm.h"

/* Windows XP in a workgroup; no forest and no clock. */
#define WINDOWS_XP                                                                 \
	"4e544c4d53535000020000001e001e003800000005028a62ccc0bad0f47e17f000000000" \
	"0000000094009400560000000501280a0000000f54004500530054002d00460037004400" \
	"460042004300330046004500390002001e0054004500530054002d004600370044004600" \
	"42004300330046004500390001001e0054004500530054002d0046003700440046004200" \
	"4300330046004500390004001e0074006500730074002d00660037006400660062006300" \
	"330066006500390003001e0074006500730074002d006600370064006600620063003300" \
	"660065003900060004000100000000000000"

/* A domain controller of 2000: no version, the payload begins at 48. */
#define DC_2000                                                                    \
	"4e544c4d53535000020000000c000c003000000005828920b06a306d9fc9db0900000000" \
	"00000000240024003c00000043004e0041004d004900530002000c0043004e0041004d00" \
	"4900530001000c00530041005400550052004e0000000000"

/* Malformed on purpose: the list of names is not there, or has no end. */
#define EMPTY_LIST                                                                 \
	"4e544c4d53535000020000000c000c003000000005828920b06a306d9fc9db0900000000" \
	"00000000240024003c00000043004e0041004d0049005300"

#define UNENDED_LIST                                                               \
	"4e544c4d53535000020000000c000c003000000005828920b06a306d9fc9db0900000000" \
	"00000000240024003c00000043004e0041004d004900530002000c0043004e0041004d00" \
	"4900530001000c00530041005400550052004e00"

/* A NegTokenResp up to its responseToken. */
#define SPNEGO "a182010b30820107a0030a0101a10c060a2b06010401823702020aa281f10481ee"

static bool hear(const char *text, struct arena *a, struct ntlm_challenge *c)
{
	struct bytes token = unhex(text);
	bool found;

	*a = arena(10000);
	found = ntlm_challenge_read(token, a, c);
	hex_free(token);
	return found;
}

static bool refused(const char *text)
{
	struct ntlm_challenge c = { .build = 77 };
	struct arena a;
	bool found = hear(text, &a, &c);

	arena_drop(&a);
	assert_true(found || c.build == 77); /* untouched */
	return !found;
}

static void a_member_tells_all_its_names(void **state)
{
	struct ntlm_challenge c;
	struct arena a;

	(void)state;
	assert_true(hear(SERVER_2019, &a, &c));
	assert_int_equal(c.flags, 0xe2898215);
	assert_true(c.flags & NTLM_TARGET_IS_DOMAIN);
	assert_string_equal(c.target_name, "SVV");
	assert_string_equal(c.netbios_domain, "SVV");
	assert_string_equal(c.netbios_computer, "WIN-SVV-PC1");
	assert_string_equal(c.dns_domain, "svv.local");
	assert_string_equal(c.dns_computer, "win-svv-pc1.svv.local");
	assert_string_equal(c.dns_forest, "svv.local");
	assert_true(c.has_version);
	assert_int_equal(c.major, 10);
	assert_int_equal(c.minor, 0);
	assert_int_equal(c.build, 17763);
	assert_true(c.has_time);
	assert_int_equal(c.time, 0x01db56998b76ff6d);
	arena_drop(&a);
}

static void a_workgroup_host_is_found_inside_spnego(void **state)
{
	struct ntlm_challenge c;
	struct arena a;

	(void)state;
	assert_true(hear(SPNEGO WORKGROUP_10, &a, &c));
	assert_true(c.flags & NTLM_TARGET_IS_SERVER);
	assert_string_equal(c.netbios_domain, "DESKTOP-V1FA0UQ");
	assert_string_equal(c.netbios_computer, "DESKTOP-V1FA0UQ");
	assert_string_equal(c.dns_domain, "DESKTOP-V1FA0UQ");
	assert_null(c.dns_forest);
	assert_int_equal(c.build, 10586);
	arena_drop(&a);
}

static void old_hosts_tell_less(void **state)
{
	struct ntlm_challenge c;
	struct arena a;

	(void)state;
	assert_true(hear(WINDOWS_XP, &a, &c));
	assert_string_equal(c.netbios_computer, "TEST-F7DFBC3FE9");
	assert_string_equal(c.dns_computer, "test-f7dfbc3fe9");
	assert_null(c.dns_forest);
	assert_false(c.has_time);
	assert_int_equal(c.major, 5);
	assert_int_equal(c.minor, 1);
	assert_int_equal(c.build, 2600);
	arena_drop(&a);
	assert_true(hear(DC_2000, &a, &c));
	assert_string_equal(c.netbios_domain, "CNAMIS");
	assert_string_equal(c.netbios_computer, "SATURN");
	assert_null(c.dns_domain);
	assert_false(c.has_version);
	arena_drop(&a);
	/* As old as can be: no target information, 40 bytes, a name of some code page. */
	assert_true(hear("4e544c4d5353500002000000020002002800000002000000"
			 "01020304050607080000000000000000 4142",
			 &a, &c));
	assert_null(c.target_name);
	assert_null(c.netbios_computer);
	arena_drop(&a);
}

#define CHALLENGE(flags, name, info, payload) \
	"4e544c4d5353500002000000" name flags \
	"01020304050607080000000000000000" info payload

static void the_version_needs_room_and_its_flag(void **state)
{
	struct ntlm_challenge c;
	struct arena a;

	(void)state;
	/* The flag says version, but the name begins where it would be. */
	assert_true(hear(CHALLENGE("010080 02", "0400040030000000", "0000000000000000",
				   "410042000000"
				   "0000"),
			 &a, &c));
	assert_string_equal(c.target_name, "AB");
	assert_false(c.has_version);
	arena_drop(&a);
	/* Room but no flag. */
	assert_true(hear(CHALLENGE("01008000", "0400040038000000", "0000000000000000",
				   "0a0063450000000f41004200"),
			 &a, &c));
	assert_false(c.has_version);
	arena_drop(&a);
}

static void malformed_challenges_are_refused(void **state)
{
	(void)state;
	assert_true(refused(EMPTY_LIST));
	assert_true(refused(UNENDED_LIST));
	assert_true(refused(""));
	assert_true(refused("4e544c4d53535000010000000000000000000000")); /* NEGOTIATE */
	/* The name outside: beyond the end, and so far that an offset overflows. */
	assert_true(refused(
		CHALLENGE("01000000", "0400040031000000", "", "0000000000000000000000")));
	assert_true(refused(
		CHALLENGE("01000000", "04000400ffffffff", "", "0000000000000000000000")));
	/* A clock of four bytes; a value beyond its list. */
	assert_true(refused(CHALLENGE("01008000", "0000000030000000", "0c000c0030000000",
				      "070004000102030400000000")));
	assert_true(refused(CHALLENGE("01008000", "0000000030000000", "0c000c0030000000",
				      "010009000102030400000000")));
	assert_false(refused(CHALLENGE("01008000", "0000000030000000", "0c000c0030000000",
				       "010004004100420000000000")));
}

static void a_name_that_is_no_text_is_not_told(void **state)
{
	struct ntlm_challenge c;
	struct arena a;

	(void)state;
	assert_true(hear(CHALLENGE("01008000", "0000000030000000", "1500150030000000",
				   "0100040000d84200"
				   "020003004100ff"
				   "030002004100"
				   "00000000"),
			 &a, &c) == false); /* 21 bytes end before the list does */
	arena_drop(&a);
	assert_true(hear(CHALLENGE("01008000", "0000000030000000", "1900190030000000",
				   "0100040000d84200"
				   "020003004100ff"
				   "030002004100"
				   "00000000"),
			 &a, &c));
	assert_null(c.netbios_computer); /* an unpaired surrogate */
	assert_null(c.netbios_domain);   /* an odd length */
	assert_string_equal(c.dns_computer, "A");
	arena_drop(&a);
}

static void every_cut_is_refused(void **state)
{
	static const char *const goldens[] = { SERVER_2019, WORKGROUP_10, WINDOWS_XP,
					       DC_2000, SPNEGO WORKGROUP_10 };

	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		struct bytes whole = unhex(goldens[i]);

		for (size_t len = 0; len < whole.len; len++) {
			struct bytes cut = hex_cut(whole, len);
			struct ntlm_challenge c = { .build = 77 };
			struct arena a = arena(10000);

			assert_false(ntlm_challenge_read(cut, &a, &c));
			assert_int_equal(c.build, 77);
			arena_drop(&a);
			hex_free(cut);
		}
		hex_free(whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_tells_all_its_names),
		cmocka_unit_test(a_workgroup_host_is_found_inside_spnego),
		cmocka_unit_test(old_hosts_tell_less),
		cmocka_unit_test(the_version_needs_room_and_its_flag),
		cmocka_unit_test(malformed_challenges_are_refused),
		cmocka_unit_test(a_name_that_is_no_text_is_not_told),
		cmocka_unit_test(every_cut_is_refused),
	};

	return cmocka_run_group_tests_name("ntlm_challenge", tests, NULL, NULL);
}
