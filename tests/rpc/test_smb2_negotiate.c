/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE both ways, its contexts in every order, and its validation. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/session/session.h"
#include "rpc/smb2/smb2.h"
#include "rpc/smb2/keys.h"
#include "tests/hex.h"
#include "tests/rpc/smb2_vectors.h"

static struct smb2_offer everything(void)
{
	struct smb2_offer offer = { .security_mode = 3 };

	assert_true(smb2_offer_dialects(&offer, 0, 0));
	return offer;
}

static void bounds_choose_dialects(void **state)
{
	struct smb2_offer offer = everything();
	(void)state;

	assert_int_equal(offer.dialect_count, 5);
	assert_int_equal(offer.dialects[0], SMB_2_0_2);
	assert_int_equal(offer.dialects[4], SMB_3_1_1);
	assert_int_equal(offer.capabilities, 0x44);
	assert_true(smb2_offer_dialects(&offer, 0, SMB_2_1));
	assert_int_equal(offer.dialect_count, 2);
	assert_int_equal(offer.capabilities, 0);
	assert_true(smb2_offer_dialects(&offer, SMB_3_0_2, SMB_3_0_2));
	assert_int_equal(offer.dialect_count, 1);
	assert_int_equal(offer.dialects[0], SMB_3_0_2);
	assert_false(smb2_offer_dialects(&offer, SMB_3_0, SMB_2_1));
}

/* ---- what we say ---- */

static void request_without_contexts(void **state)
{
	struct smb2_offer offer = { .security_mode = 3 };
	struct wire_out w = wire_out(512);
	struct bytes golden;
	(void)state;

	smb2_offer_dialects(&offer, 0, SMB_2_1);
	memset(offer.client_guid, 0xab, sizeof offer.client_guid);
	put_zeros(&w, SMB2_HEADER_SIZE);
	smb2_put_negotiate(&w, &offer);
	golden = unhex("24000200030000000000000"
		       "0abababababababababababababababab"
		       "000000000000000002021002");
	assert_int_equal(w.len, 64 + golden.len);
	assert_memory_equal(w.at + 64, golden.at, golden.len);
	free((void *)golden.at);
	wire_drop(&w);
}

static void request_with_contexts(void **state)
{
	struct smb2_offer offer = everything();
	struct wire_out w = wire_out(512);
	struct bytes golden;
	(void)state;

	memset(offer.salt, 0xcd, sizeof offer.salt);
	offer.netname = (struct bytes){ (const uint8_t *)"h\0o", 4 };
	put_zeros(&w, SMB2_HEADER_SIZE);
	smb2_put_negotiate(&w, &offer);
	golden = unhex("240005000300000044000000"
		       "00000000000000000000000000000000"
		       "7000000004000000"
		       "02021002000302031103"
		       "0000"
		       "0100260000000000"
		       "010020000100"
		       "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
		       "0000"
		       "02000a0000000000"
		       "04000200010004000300"
		       "000000000000"
		       "0800080000000000"
		       "0300020001000000"
		       "0500040000000000"
		       "68006f00");
	assert_int_equal(w.len, 64 + golden.len);
	assert_memory_equal(w.at + 64, golden.at, golden.len);
	free((void *)golden.at);
	wire_drop(&w);
}

static void multi_protocol_request(void **state)
{
	struct wire_out w = wire_out(512);
	struct wire_in in;
	uint16_t count;
	(void)state;

	smb2_put_multi_protocol(&w, true);
	in = wire_in_bytes(wire_written(&w));
	assert_int_equal(get_u32le(&in), SMB1_MAGIC);
	assert_int_equal(get_u8(&in), 0x72);
	get_skip(&in, 27);
	assert_int_equal(get_u8(&in), 0);
	count = get_u16le(&in);
	assert_int_equal(count, in.left);
	assert_memory_equal(in.at, "\2NT LM 0.12\0\2SMB 2.002\0\2SMB 2.\?\?\?", in.left);
	wire_reset(&w);
	smb2_put_multi_protocol(&w, false);
	assert_null(memmem(w.at, w.len, "2.002", 5));
	wire_drop(&w);
}

/* ---- what we hear ---- */

static void published_answer(void **state)
{
	struct bytes message = unhex(negotiate_response);
	struct smb2_offer offer = everything();
	struct smb2_negotiated n;
	(void)state;

	assert_true(smb2_get_negotiate(message, &offer, &n));
	assert_int_equal(n.dialect, SMB_3_1_1);
	assert_int_equal(n.security_mode, 1);
	assert_int_equal(n.capabilities, 0x2f);
	assert_int_equal(n.max_transact, 0x800000);
	assert_int_equal(n.cipher, SMB2_AES_128_GCM);
	assert_int_equal(n.signing, SMB2_AES_128_CMAC);
	assert_int_equal(n.token.len, 0x140);
	assert_int_equal(n.system_time, 0x01d0aecbade5dad8);
	for (size_t len = 0; len < message.len; len++) {
		uint8_t *exact = malloc(len + 1);

		memcpy(exact, message.at, len);
		assert_false(
			smb2_get_negotiate((struct bytes){ exact, len }, &offer, &n));
		free(exact);
	}
	smb2_offer_dialects(&offer, 0, SMB_3_0_2);
	assert_false(smb2_get_negotiate(message, &offer, &n));
	free((void *)message.at);
}

/* An answer of 3.1.1 with these contexts, as hexadecimal text. */
static bool with_contexts(const char *hex, uint16_t count, struct smb2_negotiated *n)
{
	struct smb2_offer offer = everything();
	struct bytes contexts = unhex(hex);
	struct wire_out w = wire_out(1024);
	bool good;

	put_zeros(&w, SMB2_HEADER_SIZE);
	put_u16le(&w, 65);
	put_u16le(&w, 1);
	put_u16le(&w, SMB_3_1_1);
	put_u16le(&w, count);
	put_zeros(&w, 48);
	put_u32le(&w, 0);
	put_u32le(&w, 128);
	put_bytes(&w, contexts.at, contexts.len);
	good = smb2_get_negotiate(wire_written(&w), &offer, n);
	wire_drop(&w);
	free((void *)contexts.at);
	return good;
}

#define PREAUTH            \
	"0100060000000000" \
	"010000000100"     \
	"0000"
#define GCM256             \
	"0200040000000000" \
	"01000400"         \
	"00000000"
#define NO_CIPHER          \
	"0200040000000000" \
	"01000000"         \
	"00000000"
#define GMAC               \
	"0800040000000000" \
	"01000200"         \
	"00000000"
#define UNKNOWN            \
	"9900030000000000" \
	"aabbcc"           \
	"0000000000"

static void contexts_come_in_any_order(void **state)
{
	struct smb2_negotiated n;
	(void)state;

	assert_true(with_contexts(PREAUTH, 1, &n));
	assert_int_equal(n.cipher, SMB2_NO_CIPHER);
	assert_int_equal(n.signing, SMB2_AES_128_CMAC);
	assert_true(with_contexts(GMAC UNKNOWN GCM256 PREAUTH, 4, &n));
	assert_int_equal(n.cipher, SMB2_AES_256_GCM);
	assert_int_equal(n.signing, SMB2_AES_128_GMAC);
	assert_true(with_contexts(NO_CIPHER PREAUTH, 2, &n));
	assert_int_equal(n.cipher, SMB2_NO_CIPHER);
}

static void wrong_contexts_are_refused(void **state)
{
	struct smb2_negotiated n = { .cipher = 99 };
	(void)state;

	assert_false(with_contexts("", 0, &n));
	assert_false(with_contexts(GCM256, 1, &n));
	assert_false(with_contexts(PREAUTH PREAUTH, 2, &n));
	assert_false(with_contexts(PREAUTH GCM256 GCM256, 3, &n));
	assert_false(with_contexts(PREAUTH GCM256, 3, &n));
	/* two choices, a cipher that does not exist, a signature that does not */
	assert_false(with_contexts(PREAUTH "0200060000000000"
					   "020001000200",
				   2, &n));
	assert_false(with_contexts(PREAUTH "0200040000000000"
					   "01000500",
				   2, &n));
	assert_false(with_contexts(PREAUTH "0800040000000000"
					   "01000300",
				   2, &n));
	/* another hash, a context that is too short, one that is too long */
	assert_false(with_contexts("0100060000000000"
				   "010000000200",
				   1, &n));
	assert_false(with_contexts(PREAUTH "0200020000000000"
					   "0100",
				   2, &n));
	assert_false(with_contexts(PREAUTH "0200050000000000"
					   "01000400",
				   2, &n));
	assert_false(with_contexts(PREAUTH, 65535, &n));
	assert_int_equal(n.cipher, 99);
}

/* ---- validation ---- */

static void validation_compares_all(void **state)
{
	struct smb2_negotiated n = { .security_mode = 1,
				     .dialect = SMB_3_0,
				     .capabilities = 0x44,
				     .server_guid = "a server's guid" };
	struct wire_out w = wire_out(64);
	(void)state;

	put_u32le(&w, 0x44);
	put_bytes(&w, n.server_guid, 16);
	put_u16le(&w, 1);
	put_u16le(&w, SMB_3_0);
	assert_true(smb2_same_negotiation(wire_written(&w), &n));
	for (size_t i = 0; i < w.len; i++) {
		w.at[i] ^= 4;
		assert_false(smb2_same_negotiation(wire_written(&w), &n));
		w.at[i] ^= 4;
	}
	assert_false(smb2_same_negotiation((struct bytes){ w.at, 23 }, &n));
	put_u8(&w, 0);
	assert_false(smb2_same_negotiation(wire_written(&w), &n));
	wire_drop(&w);
}

static void validation_repeats_the_offer(void **state)
{
	struct smb2_offer offer = everything();
	struct wire_out w = wire_out(64);
	struct bytes golden = unhex("44000000"
				    "00000000000000000000000000000000"
				    "0300"
				    "0500"
				    "02021002000302031103");
	(void)state;

	smb2_put_validate(&w, &offer);
	assert_int_equal(w.len, golden.len);
	assert_memory_equal(w.at, golden.at, golden.len);
	free((void *)golden.at);
	wire_drop(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds_choose_dialects),
		cmocka_unit_test(request_without_contexts),
		cmocka_unit_test(request_with_contexts),
		cmocka_unit_test(multi_protocol_request),
		cmocka_unit_test(published_answer),
		cmocka_unit_test(contexts_come_in_any_order),
		cmocka_unit_test(wrong_contexts_are_refused),
		cmocka_unit_test(validation_compares_all),
		cmocka_unit_test(validation_repeats_the_offer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
