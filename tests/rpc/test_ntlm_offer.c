/* SPDX-License-Identifier: Apache-2.0 */
/* Which NTLM challenges a login answers, and which it does not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rpc/auth/ntlm_offer.h"
#include "tests/hex.h"

#define SIGNATURE   "4e544c4d53535000 02000000"
#define NONCE       "0102030405060708 0000000000000000"
#define VERSION     "0a007c4f0000000f"
#define NB_DOMAIN   "0200080043004f0052005000" /* CORP */
#define NB_COMPUTER "0100080053005200560031 00"
#define TIME        "07000800 0011223344556677"
#define END         "00000000"
#define FLAGS       "158289e2" /* Windows' own to an SMB client */

/* A target name of 8 bytes at 56, and behind it at 64 a list of `len` bytes. */
#define WITH_LIST(len, list)                                                \
	SIGNATURE "0800080038000000" FLAGS NONCE len len "40000000" VERSION \
		  "43004f0052005000" list

static bool read_hex(const char *text, struct ntlm_offer *offer, struct fault *fault)
{
	struct bytes token = unhex(text);
	bool good = ntlm_offer_read(token, offer, fault);

	hex_free(token); /* what is borrowed of it is not looked at */
	return good;
}

static void assert_refused(const char *text, const char *why)
{
	struct ntlm_offer offer = { .flags = 77 };
	struct fault fault = { 0 };

	assert_false(read_hex(text, &offer, &fault));
	assert_int_equal(offer.flags, 77);
	assert_int_equal(fault.kind, FAULT_PROTOCOL);
	assert_string_equal(fault.step, "authenticate");
	if (!strstr(fault.what, why))
		fail_msg("\"%s\" does not say \"%s\"", fault.what, why);
}

static void a_whole_challenge_is_taken(void **state)
{
	struct bytes token = unhex(WITH_LIST("2800", NB_DOMAIN NB_COMPUTER TIME END));
	struct ntlm_offer offer;
	struct fault fault = { 0 };

	(void)state;
	assert_true(ntlm_offer_read(token, &offer, &fault));
	assert_int_equal(fault.kind, FAULT_NONE);
	assert_int_equal(offer.flags, 0xe2898215);
	assert_memory_equal(offer.nonce, "\1\2\3\4\5\6\7\10", 8);
	assert_true(offer.has_time);
	assert_true(offer.time == 0x7766554433221100);
	assert_int_equal(offer.av_flags, 0);
	assert_int_equal(offer.info.len, 36);
	assert_ptr_equal(offer.info.at, token.at + 64);
	assert_int_equal(offer.message.len, token.len);
	hex_free(token);
}

/* Fields in the other order, a payload that begins at 48, no time: old and foreign hosts
 * are within the specification. */
static void other_orders_are_taken_too(void **state)
{
	struct ntlm_offer offer;
	struct fault fault = { 0 };

	(void)state;
	assert_true(read_hex(SIGNATURE "0800080050000000" FLAGS NONCE
				       "1800180038000000" VERSION
				       "020008004300 4f00 5200 5000"
				       "06000400 0100 0000"
				       "00000000"
				       "43004f0052005000",
			     &offer, &fault));
	assert_int_equal(offer.av_flags, 1);
	assert_false(offer.has_time);
	assert_true(read_hex(SIGNATURE "0c000c0030000000 05828920 06a306d9fc9db090"
				       "0000000000000000 24002400 3c000000"
				       "43004e0041004d0049005300"
				       "02000c0043004e0041004d0049005300"
				       "01000c00530041005400550052004e00 00000000",
			     &offer, &fault)); /* a controller of 2000 */
}

static void a_challenge_without_names_is_refused(void **state)
{
	(void)state;
	assert_refused(SIGNATURE
		       "0000000038000000" FLAGS NONCE
		       "2800280038000000" VERSION NB_DOMAIN NB_COMPUTER TIME END,
		       "target name is empty");
	assert_refused(SIGNATURE "0700070038000000" FLAGS NONCE "2800280040000000" VERSION
				 "43004f0052005000" NB_DOMAIN NB_COMPUTER TIME END,
		       "half a character");
	assert_refused(SIGNATURE "0800080038000000" FLAGS NONCE "0000000040000000" VERSION
				 "43004f0052005000",
		       "target information is empty");
}

static void fields_elsewhere_are_refused(void **state)
{
	static const char *const places[] = {
		"00000000", "2f000000", "6c000000", "64000000", "ffffffff", "f8ffffff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char text[400];

		snprintf(text, sizeof text, "%s0800080038000000%s%s28002800%s%s%s%s",
			 SIGNATURE, FLAGS, NONCE, places[i], VERSION, "43004f0052005000",
			 NB_DOMAIN NB_COMPUTER TIME END);
		assert_refused(text, "outside");
		snprintf(text, sizeof text, "%s08000800%s%s%s2800280040000000%s%s%s",
			 SIGNATURE,
			 strcmp(places[i], "64000000") ? places[i] : "65000000", FLAGS,
			 NONCE, VERSION, "43004f0052005000",
			 NB_DOMAIN NB_COMPUTER TIME END);
		assert_refused(text, "outside");
	}
	assert_refused(SIGNATURE "0800080040000000" FLAGS NONCE "2800280040000000" VERSION
				 "43004f0052005000" NB_DOMAIN NB_COMPUTER TIME END,
		       "overlap");
	assert_refused(SIGNATURE "080008003e000000" FLAGS NONCE "2800280040000000" VERSION
				 "43004f0052005000" NB_DOMAIN NB_COMPUTER TIME END,
		       "overlap");
}

static void a_list_has_one_end_and_says_a_thing_once(void **state)
{
	(void)state;
	assert_refused(WITH_LIST("0c00", NB_DOMAIN), "has no end");
	assert_refused(WITH_LIST("0200", "0200"), "has no end");
	assert_refused(WITH_LIST("0e00", NB_DOMAIN "0000"), "has no end");
	assert_refused(WITH_LIST("1000", "0200ff0043004f0052005000" END), "has no end");
	assert_refused(WITH_LIST("1400", NB_DOMAIN END "00000000"), "behind its end");
	assert_refused(WITH_LIST("1200", NB_DOMAIN "000002004100"), "behind its end");
	assert_refused(WITH_LIST("1c00", NB_DOMAIN NB_DOMAIN END), "twice");
	assert_refused(WITH_LIST("1c00", TIME TIME END), "twice");
	assert_refused(WITH_LIST("0c00", "0b000000 0b000000" END), "twice");
	assert_refused(WITH_LIST("0800", "40000000" END), "unknown");
	assert_refused(WITH_LIST("0800", "ffff0000" END), "unknown");
}

static void values_have_their_lengths(void **state)
{
	(void)state;
	assert_refused(WITH_LIST("0f00", "0100070053005200560031" END), "half a char");
	assert_refused(WITH_LIST("0b00", "05000300410042" END), "half a char");
	assert_refused(WITH_LIST("0c00", "0700040000112233" END), "time has a wrong");
	assert_refused(WITH_LIST("0800", "06000000" END), "flags have a wrong");
}

/* What a client puts in front of its proof is not the host's to write. */
static void what_a_client_says_is_refused_from_a_host(void **state)
{
	(void)state;
	assert_refused(WITH_LIST("0800", "08000000" END), "only a client");
	assert_refused(WITH_LIST("0a00", "090002004100" END), "only a client");
	assert_refused(WITH_LIST("0800", "0a000000" END), "only a client");
}

static void refuse_flags(const char *flags, const char *why)
{
	char text[400];

	snprintf(text, sizeof text, "%s0800080038000000%s%s2800280040000000%s%s%s",
		 SIGNATURE, flags, NONCE, VERSION, "43004f0052005000",
		 NB_DOMAIN NB_COMPUTER TIME END);
	assert_refused(text, why);
}

static void weaker_offers_are_refused(void **state)
{
	(void)state;
	refuse_flags("168289e2", "Unicode"); /* OEM alone */
	refuse_flags("158281e2", "extended session security");
	refuse_flags("158289c2", "128-bit");
	refuse_flags("158209e2", "target information");
}

static void other_messages_are_refused(void **state)
{
	(void)state;
	assert_refused("", "cut short");
	assert_refused("4e544c4d53535000 01000000 158289e2", "cut short");
	assert_refused("4e544c4d53535000 03000000 0800080038000000" FLAGS NONCE
		       "2800280040000000" VERSION
		       "43004f0052005000" NB_DOMAIN NB_COMPUTER TIME END,
		       "another message");
	assert_refused("a12c" SIGNATURE "0800080038000000" FLAGS NONCE
		       "2800280040000000" VERSION
		       "43004f0052005000" NB_DOMAIN NB_COMPUTER TIME END,
		       "another message");
}

static void a_challenge_has_a_size(void **state)
{
	static uint8_t token[NTLM_OFFER_MAX + 1];
	struct bytes whole = unhex(WITH_LIST("2800", NB_DOMAIN NB_COMPUTER TIME END));
	struct ntlm_offer offer;
	struct fault fault = { 0 };

	(void)state;
	memcpy(token, whole.at, whole.len);
	assert_true(
		ntlm_offer_read((struct bytes){ token, NTLM_OFFER_MAX }, &offer, &fault));
	assert_false(
		ntlm_offer_read((struct bytes){ token, sizeof token }, &offer, &fault));
	assert_non_null(strstr(fault.what, "too long"));
	hex_free(whole);
}

static void every_cut_is_refused(void **state)
{
	struct bytes whole = unhex(WITH_LIST("2800", NB_DOMAIN NB_COMPUTER TIME END));

	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct bytes cut = hex_cut(whole, len);
		struct ntlm_offer offer;
		struct fault fault = { 0 };

		assert_false(ntlm_offer_read(cut, &offer, &fault));
		hex_free(cut);
	}
	hex_free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_challenge_is_taken),
		cmocka_unit_test(other_orders_are_taken_too),
		cmocka_unit_test(a_challenge_without_names_is_refused),
		cmocka_unit_test(fields_elsewhere_are_refused),
		cmocka_unit_test(a_list_has_one_end_and_says_a_thing_once),
		cmocka_unit_test(values_have_their_lengths),
		cmocka_unit_test(what_a_client_says_is_refused_from_a_host),
		cmocka_unit_test(weaker_offers_are_refused),
		cmocka_unit_test(other_messages_are_refused),
		cmocka_unit_test(a_challenge_has_a_size),
		cmocka_unit_test(every_cut_is_refused),
	};

	return cmocka_run_group_tests_name("ntlm_offer", tests, NULL, NULL);
}
