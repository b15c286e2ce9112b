/* SPDX-License-Identifier: Apache-2.0 */
/* NTLMv2 by the examples of [MS-NLMP] 4.2.4 and the test vectors of its primitives. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/hmac.h>
#include <locale.h>
#include <string.h>
#include <wctype.h>

#include "rpc/auth/ntlm_client.h"
#include "rpc/auth/ntlm_message.h"
#include "rpc/auth/ntlm_seal.h"
#include "rpc/auth/ntlm_upcase.h"
#include "tests/hex.h"

static void assert_hex(const uint8_t *at, size_t len, const char *text)
{
	struct bytes wanted = unhex(text);

	assert_int_equal(len, wanted.len);
	assert_memory_equal(at, wanted.at, len);
	hex_free(wanted);
}

/* ---- primitives ---- */

static void assert_md4(const char *text, const char *digest)
{
	uint8_t got[NTLM_KEY_BYTES];

	ntlm_md4((struct bytes){ (const uint8_t *)text, strlen(text) }, got);
	assert_hex(got, sizeof got, digest);
}

/* [RFC 1320] A.5, and lengths on both sides of a block's end. */
static void md4_is_that_of_rfc_1320(void **state)
{
	(void)state;
	assert_md4("", "31d6cfe0d16ae931b73c59d7e0c089c0");
	assert_md4("a", "bde52cb31de33e46245e05fbdbd6fb24");
	assert_md4("abc", "a448017aaf21d8525fc10ae87aa6729d");
	assert_md4("message digest", "d9130a8164549fe818874806e1c7014b");
	assert_md4("abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9");
	assert_md4("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		   "043f8582f241db351ce627e153e7f0e4");
	assert_md4("12345678901234567890123456789012345678901234567890123456789012345678"
		   "901234567890",
		   "e33b4ddc9c38f2199c3e7b164fcc0536");
}

static void rc4_is_what_others_compute(void **state)
{
	static const uint8_t key[NTLM_KEY_BYTES] = { 1, 2,  3,  4,  5,  6,  7,  8,
						     9, 10, 11, 12, 13, 14, 15, 16 };
	uint8_t zeros[16] = { 0 };
	struct ntlm_rc4 stream;

	(void)state;
	ntlm_rc4_begin(&stream, key);
	ntlm_rc4_next(&stream, zeros, 5, zeros);
	ntlm_rc4_next(&stream, zeros + 5, 11, zeros + 5); /* [RFC 6229], 128 bits */
	assert_hex(zeros, sizeof zeros, "9ac7cc9a609d1ef7b2932899cde41b97");
}

/* ---- capitals ---- */

static void assert_capitals(uint16_t first, uint16_t last, locale_t unicode)
{
	for (unsigned unit = first; unit <= last; unit++)
		if (ntlm_upcase((uint16_t)unit) != towupper_l(unit, unicode))
			fail_msg("U+%04X becomes U+%04X, not U+%04X", unit,
				 ntlm_upcase((uint16_t)unit),
				 (unsigned)towupper_l(unit, unicode));
}

static void capitals_are_those_of_unicode(void **state)
{
	locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	(void)state;
	if (!unicode)
		skip();
	assert_capitals(0x20, 0xb4, unicode);
	assert_capitals(0xb6, 0x130, unicode);
	assert_capitals(0x132, 0x17e, unicode);
	assert_capitals(0x386, 0x3ce, unicode);
	assert_capitals(0x400, 0x52f, unicode);
	assert_capitals(0x531, 0x586, unicode);
	assert_capitals(0x1e00, 0x1e95, unicode);
	assert_capitals(0x1ea0, 0x1f7d, unicode);
	assert_capitals(0xff21, 0xff5a, unicode);
	freelocale(unicode);
}

static void what_windows_leaves_stays(void **state)
{
	static const uint16_t stay[] = { 0,      '1',    0xb5,   0xdf,   0xf7,  0x131,
					 0x17f,  0x1c5,  0x3d0,  0x3f5,  0x5d0, 0x1e9e,
					 0x4e00, 0xac00, 0xd83d, 0xde00, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
		assert_int_equal(ntlm_upcase(stay[i]), stay[i]);
	assert_int_equal(ntlm_upcase(0xff), 0x178);
	assert_int_equal(ntlm_upcase(0x3c2), 0x3a3); /* the last sigma of a word */
}

/* ---- [MS-NLMP] 4.2 ---- */

/* 4.2.4.3, CHALLENGE_MESSAGE */
#define CHALLENGE                                                                  \
	"4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef"         \
	"00000000000000002400240044000000060070170000000f530065007200760065007200" \
	"02000c0044006f006d00610069006e0001000c005300650072007600650072000000"     \
	"0000"

static struct ntlm_identity user_of_the_example(void)
{
	struct ntlm_identity who = { .user = "User",
				     .domain = "Domain",
				     .workstation = "COMPUTER" };

	assert_true(ntlm_hash_password("Password", who.nt_hash));
	return who;
}

static void the_hash_is_that_of_the_example(void **state)
{
	struct ntlm_identity who = user_of_the_example();
	uint8_t hash[NTLM_KEY_BYTES];

	(void)state;
	assert_hex(who.nt_hash, sizeof who.nt_hash, "a4f49c406510bdcab6824ee7c30fd852");
	assert_false(ntlm_hash_password("\xff", hash));
	assert_hex(hash, sizeof hash, "00000000000000000000000000000000");
}

struct spoken {
	struct bytes challenge;
	struct ntlm_offer offer;
	struct wire_out message;
	struct session_key key;
};

static void speak(struct spoken *s, const char *challenge)
{
	struct ntlm_identity who = user_of_the_example();
	struct fault fault = { 0 };
	struct ntlm_logon logon = { .offer = &s->offer, .service = "cifs/server" };

	memset(logon.nonce, 0xaa, sizeof logon.nonce);
	memset(logon.random_key, 0x55, sizeof logon.random_key);
	s->challenge = unhex(challenge);
	assert_true(ntlm_offer_read(s->challenge, &s->offer, &fault));
	s->message = wire_out(65536);
	assert_true(ntlm_put_authenticate(&s->message, &who, &logon, &s->key));
}

static void hush(struct spoken *s)
{
	hex_free(s->challenge);
	wire_drop(&s->message);
}

static struct bytes field_of(const struct spoken *s, size_t at)
{
	struct wire_in in = wire_in_bytes(wire_written(&s->message)), value;
	uint16_t len;

	get_skip(&in, at);
	len = get_u16le(&in);
	assert_int_equal(get_u16le(&in), len);
	value = get_range(&in, get_u32le(&in), len);
	return get_bytes(&value, len);
}

/* The answer as the specification has it, computed by libcrypto's own HMAC. */
static void hmac(const void *key, const void *at, size_t len, uint8_t *mac)
{
	assert_non_null(HMAC(EVP_md5(), key, 16, at, len, mac, NULL));
}

/* 4.2.4.1.1: NTOWFv2; 3.3.2: the proof over both challenges. */
static void the_answer_proves_the_password(void **state)
{
	struct bytes owf = unhex("0c868a403bfd7a93a3001ef22ef02e3f"), answer;
	uint8_t text[1000], proof[16], base[16], sent[16];
	struct ntlm_rc4 stream;
	struct spoken s;

	(void)state;
	speak(&s, CHALLENGE);
	answer = field_of(&s, 20);
	assert_in_range(answer.len, 60, sizeof text);
	memcpy(text, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
	memcpy(text + 8, answer.at + 16, answer.len - 16);
	hmac(owf.at, text, answer.len - 16 + 8, proof);
	assert_memory_equal(answer.at, proof, sizeof proof);
	assert_hex(answer.at + 16, 28,
		   "0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000");
	hmac(owf.at, proof, sizeof proof, base);
	ntlm_rc4_begin(&stream, base);
	ntlm_rc4_next(&stream, field_of(&s, 52).at, sizeof sent, sent);
	assert_memory_equal(sent, s.key.bytes, sizeof sent);
	assert_hex(s.key.bytes, s.key.len, "55555555555555555555555555555555");
	hex_free(owf);
	hush(&s);
}

static void names_and_answers_stand_in_their_fields(void **state)
{
	struct spoken s;

	(void)state;
	speak(&s, CHALLENGE);
	assert_hex(field_of(&s, 12).at, field_of(&s, 12).len,
		   "000000000000000000000000000000000000000000000000");
	assert_hex(field_of(&s, 28).at, field_of(&s, 28).len, "44006f006d00610069006e00");
	assert_hex(field_of(&s, 36).at, field_of(&s, 36).len, "5500730065007200");
	assert_hex(field_of(&s, 44).at, field_of(&s, 44).len,
		   "43004f004d0050005500540045005200");
	hush(&s);
}

/* The host's names, then ours: flags with the MIC, no channel, and the target. */
static void the_list_of_the_host_comes_back(void **state)
{
	struct bytes answer;
	struct spoken s;

	(void)state;
	speak(&s, CHALLENGE);
	answer = field_of(&s, 20);
	assert_hex(
		answer.at + 44, answer.len - 44,
		"02000c0044006f006d00610069006e00"
		"01000c0053006500720076006500720006000400020000000a00100000000000000000"
		"000000000000000000"
		"09001600"
		"63006900660073002f00730065007200760065007200"
		"00000000 00000000");
	hush(&s);
}

static void the_mic_covers_all_three_messages(void **state)
{
	struct bytes ours, opening = ntlm_negotiate(NTLM_USE_SIGN);
	uint8_t all[2000], mic[16];
	struct spoken s;

	(void)state;
	speak(&s, CHALLENGE);
	ours = wire_written(&s.message);
	assert_true(opening.len + s.challenge.len + ours.len < sizeof all);
	memcpy(all, opening.at, opening.len);
	memcpy(all + opening.len, s.challenge.at, s.challenge.len);
	memcpy(all + opening.len + s.challenge.len, ours.at, ours.len);
	memset(all + opening.len + s.challenge.len + 72, 0, 16);
	hmac(s.key.bytes, all, opening.len + s.challenge.len + ours.len, mic);
	assert_memory_equal(ours.at + 72, mic, sizeof mic);
	hush(&s);
}

/* Without key exchange the base key is the session key, and none is sent. */
static void without_key_exchange_no_key_is_sent(void **state)
{
	struct spoken s;

	(void)state;
	speak(&s,
	      "4e544c4d53535000020000000c000c003800000033828aa20123456789abcdef"
	      "00000000000000002400240044000000060070170000000f530065007200760065007200"
	      "02000c0044006f006d00610069006e0001000c005300650072007600650072000000"
	      "0000");
	assert_int_equal(field_of(&s, 52).len, 0);
	assert_int_equal(s.key.len, 16);
	assert_memory_not_equal(s.key.bytes, "UUUUUUUUUUUUUUUU", 16);
	hush(&s);
}

/* 4.2.4.4 */
static void a_message_is_sealed_as_in_the_example(void **state)
{
	struct session_key key = { .len = 16 };
	struct bytes text = unhex("50006c00610069006e007400650078007400");
	struct wire_out sealed = wire_out(100);
	struct ntlm_seal seal;

	(void)state;
	memset(key.bytes, 0x55, 16);
	assert_true(ntlm_seal_begin(&seal, &key));
	assert_true(ntlm_seal_message(&seal, text, &sealed));
	assert_hex(sealed.at, sealed.len,
		   "010000007fb38ec5c55d497600000000"
		   "54e50165bf1936dc996020c1811b0f06fb5f");
	hex_free(text);
	wire_drop(&sealed);
}

static void a_name_that_is_no_text_is_not_sent(void **state)
{
	struct ntlm_identity who = user_of_the_example();
	struct wire_out w = wire_out(65536);
	struct fault fault = { 0 };
	struct bytes challenge = unhex(CHALLENGE);
	struct ntlm_offer offer;
	struct ntlm_logon logon = { .offer = &offer, .service = "cifs/x" };
	struct session_key key;

	(void)state;
	who.user = "\xe4rger";
	assert_true(ntlm_offer_read(challenge, &offer, &fault));
	assert_false(ntlm_put_authenticate(&w, &who, &logon, &key));
	hex_free(challenge);
	wire_drop(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(md4_is_that_of_rfc_1320),
		cmocka_unit_test(rc4_is_what_others_compute),
		cmocka_unit_test(capitals_are_those_of_unicode),
		cmocka_unit_test(what_windows_leaves_stays),
		cmocka_unit_test(the_hash_is_that_of_the_example),
		cmocka_unit_test(the_answer_proves_the_password),
		cmocka_unit_test(names_and_answers_stand_in_their_fields),
		cmocka_unit_test(the_list_of_the_host_comes_back),
		cmocka_unit_test(the_mic_covers_all_three_messages),
		cmocka_unit_test(without_key_exchange_no_key_is_sent),
		cmocka_unit_test(a_message_is_sealed_as_in_the_example),
		cmocka_unit_test(a_name_that_is_no_text_is_not_sent),
	};

	return cmocka_run_group_tests_name("ntlm_client", tests, NULL, NULL);
}
