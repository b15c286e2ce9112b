/* SPDX-License-Identifier: Apache-2.0 */
/* What is let through to libkrb5 and GSSAPI, and what of our own is a proof. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/auth/kerberos_message.h"
#include "tests/hex.h"

/* A real AP-REP in SPNEGO, of a Samba domain controller. */
static const char accepted[] =
	"a181b73081b4a0030a0100a10b06092a864886f712010202a2819f04819c60819906092a"
	"864886f71201020202006f8189308186a003020105a10302010fa27a3078a003020112a2"
	"71046fb144f82fc9c83b682e37dc7a32a7849a9684c37116125ee1ac24dd35f571743d35"
	"00ccfa13431e9b560410afb303fa1bfcbb586415a46ade7b1b50e7c84a02e4494d32bf30"
	"42ad94cdcf125bc4933b3acd0671c94169a09e38966174ce72dcdf3aa8bb077ecccfd64a"
	"3c7c0d1858c3";
/* KRB-ERROR 37 (clock skew) in SPNEGO, as Windows answers a ticket it does not take. */
static const char refused[] =
	"a1663064a0030a0101a25d045b605906092a864886f71201020203007e4a3048a0030201"
	"05a10302011ea411180f32303236313132373132303030305aa503020101a603020125a9"
	"051b034c4142aa183016a003020102a10f300d1b066b72627467741b034c4142";
/* KRB-ERROR 25 with METHOD-DATA: ETYPE-INFO2 and an empty PA-ENC-TIMESTAMP. */
static const char preauth_required[] =
	"7e793077a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020119a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142ac2d042b3029301ca103020113a21504133011300fa003020112a1081b064c41"
	"427376633009a103020102a2020400";
/* The same with an ETYPE-INFO2 that ends too early. */
static const char cut_info[] =
	"7e5f305da003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020119a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142ac130411300f300da103020113a206040430050201";
/* The same with METHOD-DATA of indefinite length. */
static const char endless_methods[] =
	"7e523050a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020119a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142ac06040430800201";
/* KRB-ERROR 24, plain and with data that is no DER. */
static const char preauth_failed[] =
	"7e4a3048a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020118a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142";
static const char odd_data[] =
	"7e543052a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020118a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142ac08040630806a756e6b";
static const char response_too_big[] =
	"7e4a3048a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020134a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142";
static const char negative_code[] =
	"7e4a3048a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a6030201ffa9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142";
static const char as_rep[] = "6b133011a003020105a10302010ba3051b034c4142";

/* AS-REQs with pre-authentication data of these types. */
static const struct {
	const char *what, *hex;
	bool proof;
} requests[] = {
	{ "none", "6a173015a103020105a20302010aa4093007a2051b034c4142", false },
	{ "PAC-REQUEST, ENC-PA-REP, FRESHNESS, COOKIE",
	  "6a50304ea103020105a20302010aa3373035300ca10402020080a20404023000300a"
	  "a10402020095a2020400300aa10402020096a2020400300da10402020085a2050403"
	  "4d4954a4093007a2051b034c4142",
	  false },
	{ "SPAKE, groups offered",
	  "6a2b3029a103020105a20302010aa3123010300ea10402020097a2060404a0023000"
	  "a4093007a2051b034c4142",
	  false },
	{ "ENC-PA-REP, ENC-TIMESTAMP",
	  "6a343032a103020105a20302010aa31b3019300aa10402020095a2020400300ba103"
	  "020102a20404023000a4093007a2051b034c4142",
	  true },
	{ "SPAKE, the answer",
	  "6a2b3029a103020105a20302010aa3123010300ea10402020097a2060404a2023000"
	  "a4093007a2051b034c4142",
	  true },
	{ "ENCRYPTED-CHALLENGE",
	  "6a273025a103020105a20302010aa30e300c300aa1040202008aa2020400a4093007"
	  "a2051b034c4142",
	  true },
	{ "FX-FAST, which hides what is inside",
	  "6a273025a103020105a20302010aa30e300c300aa10402020088a2020400a4093007"
	  "a2051b034c4142",
	  true },
	{ "9999",
	  "6a273025a103020105a20302010aa30e300c300aa1040202270fa2020400a4093007"
	  "a2051b034c4142",
	  true },
};

static bool token_is_whole(const char *hex)
{
	struct bytes b = unhex(hex);
	bool good = spnego_answer_is_whole(b);

	hex_free(b);
	return good;
}

static void the_tokens_of_hosts_are_let_through(void **state)
{
	(void)state;
	assert_true(token_is_whole(accepted));
	assert_true(token_is_whole(refused));
	assert_true(token_is_whole("a1073005a0030a0101")); /* a state alone */
	assert_true(token_is_whole("a1023000"));
}

static void a_token_cut_anywhere_is_refused(void **state)
{
	struct bytes whole = unhex(accepted);

	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct bytes cut = hex_cut(whole, len);

		assert_false(spnego_answer_is_whole(cut));
		hex_free(cut);
	}
	hex_free(whole);
}

static void other_tokens_are_refused(void **state)
{
	static const char *const bad[] = {
		"a10230000000",                 /* bytes left over */
		"a0023000",                     /* what a client says */
		"3000",                         /* no choice */
		"a1093007a0050a03010101",       /* a state of three bytes */
		"a1073005a003020101",           /* a state that is an INTEGER */
		"a10e300ca2030401ffa0050a0301", /* fields in the wrong order */
		"a10b3009a0030a0101a0020a00",   /* a field twice */
		"a1083006a20404026161",         /* a token of no mechanism */
		"a1083006a20404026000",         /* a token without anything inside */
		"a1803000",                     /* indefinite length */
		"a1093007a4050403010203",       /* an unknown field */
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(token_is_whole(bad[i]));
}

/* The length of each value in turn made longer or shorter by one. */
static void a_length_that_lies_is_refused(void **state)
{
	/* of the token itself, its sequence, the mechanism, the Kerberos token, AP-REP */
	static const size_t lengths[] = { 2, 5, 12, 26, 29, 32, 48, 51 };
	struct bytes whole = unhex(accepted);

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		for (int by = -1; by <= 1; by += 2) {
			struct bytes token = hex_cut(whole, whole.len);

			((uint8_t *)(uintptr_t)token.at)[lengths[i]] += (uint8_t)by;
			assert_false(spnego_answer_is_whole(token));
			hex_free(token);
		}
	hex_free(whole);
}

static bool error_is(const char *hex, int32_t expected)
{
	struct bytes b = unhex(hex);
	int32_t code = 12345;
	bool good = kerberos_error_read(b, &code) && code == expected;

	hex_free(b);
	return good;
}

static bool error_is_refused(const char *hex)
{
	struct bytes b = unhex(hex);
	int32_t code = 12345;
	bool good = kerberos_error_read(b, &code);

	hex_free(b);
	return !good && code == 12345;
}

static void errors_give_their_code(void **state)
{
	(void)state;
	assert_true(error_is(preauth_required, KERBEROS_PREAUTH_REQUIRED));
	assert_true(error_is(preauth_failed, 24));
	assert_true(error_is(odd_data, 24));
	assert_true(error_is(response_too_big, KERBEROS_RESPONSE_TOO_BIG));
	assert_true(error_is(negative_code, -1));
	assert_true(error_is_refused(as_rep));
	assert_true(error_is_refused(""));
}

/* What libkrb5 would go on to read is looked at as well. */
static void data_that_is_read_must_be_whole(void **state)
{
	(void)state;
	assert_true(error_is_refused(cut_info));
	assert_true(error_is_refused(endless_methods));
}

static void an_error_cut_anywhere_is_refused(void **state)
{
	struct bytes whole = unhex(preauth_required);
	int32_t code;

	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct bytes cut = hex_cut(whole, len);

		assert_false(kerberos_error_read(cut, &code));
		hex_free(cut);
	}
	hex_free(whole);
}

static void a_reply_is_of_one_type(void **state)
{
	struct bytes b = unhex(as_rep);

	(void)state;
	assert_true(kerberos_message_is(b, KERBEROS_AS_REP));
	assert_false(kerberos_message_is(b, KERBEROS_TGS_REP));
	assert_false(kerberos_message_is(b, KERBEROS_ERROR));
	hex_free(b);
}

static void what_is_made_of_the_key_is_a_proof(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		struct bytes b = unhex(requests[i].hex);

		if (kerberos_request_has_proof(b) != requests[i].proof)
			fail_msg("%s", requests[i].what);
		hex_free(b);
	}
}

/* A request that cannot be read to its end may carry anything. */
static void a_request_that_is_not_understood_counts_as_a_proof(void **state)
{
	struct bytes b = unhex(requests[0].hex), cut = hex_cut(b, b.len - 1);

	(void)state;
	assert_true(kerberos_request_has_proof(cut));
	assert_true(kerberos_request_has_proof((struct bytes){ 0 }));
	hex_free(cut);
	hex_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tokens_of_hosts_are_let_through),
		cmocka_unit_test(a_token_cut_anywhere_is_refused),
		cmocka_unit_test(other_tokens_are_refused),
		cmocka_unit_test(a_length_that_lies_is_refused),
		cmocka_unit_test(errors_give_their_code),
		cmocka_unit_test(data_that_is_read_must_be_whole),
		cmocka_unit_test(an_error_cut_anywhere_is_refused),
		cmocka_unit_test(a_reply_is_of_one_type),
		cmocka_unit_test(what_is_made_of_the_key_is_a_proof),
		cmocka_unit_test(a_request_that_is_not_understood_counts_as_a_proof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
