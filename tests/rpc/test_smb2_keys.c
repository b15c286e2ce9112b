/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, signatures and encryption, held against published and recorded vectors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/session/session.h"
#include "rpc/smb2/keys.h"
#include "tests/hex.h"
#include "tests/rpc/smb2_vectors.h"

static struct session_key session_key(const char *hex)
{
	struct session_key key = { .len = strlen(hex) / 2 };

	unhex_to(key.bytes, key.len, hex);
	return key;
}

static void assert_hex(const uint8_t *at, const char *hex)
{
	struct bytes expected = unhex(hex);

	assert_memory_equal(at, expected.at, expected.len);
	free((void *)expected.at);
}

/* ---- derivation ---- */

static void keys_of_3_0(void **state)
{
	static const struct {
		const char *key, *signing, *to_server, *to_client;
	} rows[] = {
		{ "7CD451825D0450D235424E44BA6E78CC", "0B7E9C5CAC36C0F6EA9AB275298CEDCE",
		  "FAD27796665B313EBB578F388632B4F7",
		  "B0F0427F7CEB416D1D9DCC0CD4F99447" },
		{ "4E01A2B313BCF660CC250BEF021AEDE6", "BA1A17DBBFEC349BCA105563D598952F",
		  NULL, NULL },
		{ "B4546771B515F766A86735532DD6C4F0", "F773CD23C18FD1E08EE510CADA7CF852",
		  "261B72350558F2E9DCF613070383EDBF",
		  "8FE2B57EC34D2DB5B1A9727F526BBDB5" },
	};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct smb2_agreed agreed = { .dialect = SMB_3_0,
					      .cipher = SMB2_AES_128_CCM };
		struct session_key key = session_key(rows[i].key);
		struct smb2_derived d;

		assert_true(smb2_derive(&agreed, &key, &d));
		assert_int_equal(d.cipher_len, 16);
		assert_hex(d.signing, rows[i].signing);
		if (!rows[i].to_server)
			continue;
		assert_hex(d.to_server, rows[i].to_server);
		assert_hex(d.to_client, rows[i].to_client);
	}
}

static void keys_of_3_1_1(void **state)
{
	static const struct {
		const char *key, *preauth;
		uint16_t cipher;
		const char *signing, *to_server, *to_client;
	} rows[] = {
		{ "419FDDF34C1E001909D362AE7FB6AF79",
		  "B23F3CBFD69487D9832B79B1594A367CDD950909B774C3A4C412B4FCEA9EDDDBA7DB25"
		  "6B"
		  "A2EA30E977F11F9B113247578E0E915C6D2A513B8F2FCA5707DC8770",
		  SMB2_AES_128_GCM, "8765949DFEAEE105CE9118B45BE988F0",
		  "A2F5E80E5D59103034F32E52F698E5EC",
		  "748C50868C90F302962A5C35F5F9A8BF" },
		/* AES-256 from the 16 bytes that NTLM gives */
		{ "22590a990580a530e926e246c6603f7e",
		  "3262136a4a3dd23a292007931c40c0ec37ac1bcdbe6b5843f8490ad80358e349135052"
		  "12"
		  "b9b818715c9ddb730177321d5bd25d393f6b8df0493261087a08dafa",
		  SMB2_AES_256_GCM, "d9a243f3ff1c3526d9019d6823a6ab8d",
		  "eb350f5bae0cbdeedfcf58345cd65cb0700bfff3c78e507b935933775ce795e3",
		  "9facd0307f97da0e7861cfe72151f469c06d0161721481aa86a0139d1db6e4b9" },
		/* AES-256 from the 32 bytes that Kerberos gives */
		{ "c9afac39fe9169b742e2b0d457728a55bee9eb46cb5839f0866f05874fa14f7e",
		  "4c8177d40ccd98a445933a7d4a00575961d37ac5bb50685052a4b5165e99f0fdcfadd5"
		  "76"
		  "9b87e88b6647668472c1e78a44110d60cc43c636e934849c99c327ec",
		  SMB2_AES_256_GCM, "aff92bdd9ff4183ca00a61dff3a88a88",
		  "2d415fa4b7966a4af670f822e269e379332d6d5eeec6aec4297aa0d1a095a42c",
		  "48ac3f62fd05e1da9c9c618ddf3f3e3baf9578767453b9b1b43a6fb98fb6fe44" },
		/* AES-128 from the first 16 of them */
		{ "6d436faf6de07bbbfa062fd1cd1449cc690917374eebd90a21e10c5f214381bb",
		  "6a221eb265c443b4bcd02ca55b28fc86ccfe3736fdae69f7622810c763ec23af729874"
		  "f9"
		  "f6f0c3c470e418ed774a81ce8f64ff8a89c7a5485c9a67451db1f4ec",
		  SMB2_AES_128_GCM, "603c66b222648b2df37f694d7035b53e",
		  "2d1a4d71d2fbe56a7a6b81fda95e50ce",
		  "ea82534a98823387c97e7bb8a122cf6c" },
	};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		struct smb2_agreed agreed = { .dialect = SMB_3_1_1,
					      .cipher = rows[i].cipher };
		struct session_key key = session_key(rows[i].key);
		struct smb2_derived d;

		unhex_to(agreed.preauth, sizeof agreed.preauth, rows[i].preauth);
		assert_true(smb2_derive(&agreed, &key, &d));
		assert_int_equal(d.cipher_len,
				 rows[i].cipher == SMB2_AES_256_GCM ? 32 : 16);
		assert_hex(d.signing, rows[i].signing);
		assert_hex(d.to_server, rows[i].to_server);
		assert_hex(d.to_client, rows[i].to_client);
	}
}

static void no_key_derives_nothing(void **state)
{
	struct smb2_agreed agreed = { .dialect = SMB_3_1_1 };
	struct session_key none = { .len = 0 }, huge = { .len = SESSION_KEY_MAX + 1 };
	struct session_key some = session_key("00112233445566778899aabbccddeeff");
	struct smb2_derived d;
	(void)state;

	assert_false(smb2_derive(&agreed, &none, &d));
	assert_false(smb2_derive(&agreed, &huge, &d));
	agreed.cipher = 5;
	assert_false(smb2_derive(&agreed, &some, &d));
	agreed.cipher = 0;
	agreed.signing = 3;
	assert_null(smb2_keys_new(&agreed, &some, false));
}

/* A key shorter than 16 bytes is padded with zeros (DES). */
static void short_key_is_padded(void **state)
{
	struct smb2_agreed agreed = { .dialect = SMB_2_1 };
	struct session_key key = session_key("0123456789abcdef");
	struct smb2_derived d;
	(void)state;

	assert_true(smb2_derive(&agreed, &key, &d));
	assert_hex(d.signing, "0123456789abcdef0000000000000000");
	assert_int_equal(d.cipher_len, 0);
}

/* ---- the pre-authentication chain, and the answer it signs ---- */

static void add_and_check(uint8_t hash[static SMB2_HASH_SIZE], const char *message,
			  const char *after)
{
	struct bytes b = unhex(message);

	assert_true(smb2_hash_add(hash, b));
	assert_hex(hash, after);
	free((void *)b.at);
}

static void published_dialogue_of_3_1_1(void **state)
{
	struct smb2_agreed agreed = { .dialect = SMB_3_1_1,
				      .signing = SMB2_AES_128_CMAC };
	struct session_key key = session_key("270E1BA896585EEB7AF3472D3B4C75A7");
	struct bytes last = unhex(setup_response_2);
	struct smb2_keys *k;
	(void)state;

	add_and_check(agreed.preauth, negotiate_request, hash_after_negotiate_request);
	add_and_check(agreed.preauth, negotiate_response, hash_after_negotiate_response);
	add_and_check(agreed.preauth, setup_request_1, hash_after_setup_request_1);
	add_and_check(agreed.preauth, setup_response_1, hash_after_setup_response_1);
	add_and_check(agreed.preauth, setup_request_2, hash_after_setup_request_2);
	k = smb2_keys_new(&agreed, &key, false);
	assert_non_null(k);
	assert_true(smb2_verify(k, last));
	smb2_keys_free(k);

	/* One bit of NEGOTIATE changed on its way is one key nobody knows. */
	agreed.preauth[17] ^= 1;
	k = smb2_keys_new(&agreed, &key, false);
	assert_non_null(k);
	assert_false(smb2_verify(k, last));
	smb2_keys_free(k);
	free((void *)last.at);
}

/* ---- signatures ---- */

static struct smb2_keys *signer(const char *key, uint16_t signing)
{
	struct smb2_derived d = { 0 };

	unhex_to(d.signing, sizeof d.signing, key);
	return smb2_keys_from(&d, signing, SMB2_NO_CIPHER, false);
}

/* The signature verifies; with any one byte changed it does not. */
static void check_signed(struct smb2_keys *k, const char *message)
{
	struct bytes b = unhex(message);
	uint8_t *at = (uint8_t *)b.at, signature[SMB2_SIGNATURE_SIZE];

	assert_true(smb2_verify(k, b));
	assert_true(smb2_sign(k, b, signature));
	assert_memory_equal(signature, at + 48, sizeof signature);
	for (size_t i = 0; i < b.len; i++) {
		at[i] ^= 0x40;
		assert_false(smb2_verify(k, b));
		at[i] ^= 0x40;
	}
	assert_true(smb2_verify(k, b));
	for (size_t len = 0; len < 65; len++)
		assert_false(smb2_verify(k, (struct bytes){ b.at, len }));
	free((void *)b.at);
}

static void recorded_signatures(void **state)
{
	static const struct {
		uint16_t signing;
		const char *key, *asked, *answered;
	} rows[] = {
		{ SMB2_HMAC_SHA256, "2c6e849ebbf6319b49af7137e03b4875", hmac_2_1_c2s,
		  hmac_2_1_s2c },
		{ SMB2_AES_128_CMAC, "bbdf3857f3ddf0be73ff919cece83188", cmac_3_0_c2s,
		  cmac_3_0_s2c },
		{ SMB2_AES_128_GMAC, "31a42ddd501c0ec831b73da6164def4e", gmac_c2s,
		  gmac_s2c },
		{ SMB2_AES_128_CMAC, "2226412e4796673823169ab278f7cd5a", cmac_3_1_1_c2s,
		  cmac_3_1_1_s2c },
		{ SMB2_HMAC_SHA256, "0dcfd1caf55db7f7036c9dc8396dde85", hmac_3_1_1_c2s,
		  hmac_3_1_1_s2c },
	};
	(void)state;

	for (size_t i = 0; i < 5; i++) {
		struct smb2_keys *k = signer(rows[i].key, rows[i].signing);

		assert_non_null(k);
		check_signed(k, rows[i].asked);
		check_signed(k, rows[i].answered);
		smb2_keys_free(k);
	}
}

/* The dialect decides the algorithm below 3.1.1, whatever was said of signing. */
static void dialect_decides_algorithm(void **state)
{
	struct smb2_agreed agreed = { .dialect = SMB_2_1, .signing = SMB2_AES_128_GMAC };
	struct session_key key = session_key("2c6e849ebbf6319b49af7137e03b4875");
	struct smb2_keys *k = smb2_keys_new(&agreed, &key, false);
	(void)state;

	check_signed(k, hmac_2_1_s2c);
	smb2_keys_free(k);
	agreed.dialect = SMB_3_0;
	key = session_key("bf789430ced38f2bda34e317d187a89c");
	k = smb2_keys_new(&agreed, &key, false);
	check_signed(k, cmac_3_0_s2c);
	smb2_keys_free(k);
}

/* ---- encryption ---- */

struct envelope {
	struct bytes whole, associated, sealed;
	uint8_t tag[SMB2_SIGNATURE_SIZE], nonce[SMB2_NONCE_SIZE];
};

static struct envelope envelope(const char *hex)
{
	struct envelope e = { .whole = unhex(hex) };
	struct wire_in in = wire_in_bytes(e.whole), nonce;

	get_skip(&in, 4);
	get_copy(&in, e.tag, sizeof e.tag);
	nonce = in;
	get_copy(&nonce, e.nonce, sizeof e.nonce);
	e.associated = get_bytes(&in, 32);
	e.sealed = get_bytes(&in, in.left);
	assert_false(in.bad);
	return e;
}

/* Opens to `plain`; not with one bit of it, of its header or of its tag changed. */
static void check_opens(struct smb2_keys *k, const char *sealed, const char *plain)
{
	struct envelope e = envelope(sealed);
	uint8_t *text = malloc(e.sealed.len);

	for (int twice = 0; twice < 2; twice++) {
		assert_true(smb2_open(k, e.nonce, e.associated, e.sealed, e.tag, text));
		assert_int_equal(e.sealed.len, strlen(plain) / 2);
		assert_hex(text, plain);
	}
	for (size_t i = 36; i < e.whole.len; i++) {
		((uint8_t *)e.whole.at)[i] ^= 1;
		assert_false(smb2_open(k, e.nonce, e.associated, e.sealed, e.tag, text));
		((uint8_t *)e.whole.at)[i] ^= 1;
	}
	e.tag[15] ^= 0x80;
	assert_false(smb2_open(k, e.nonce, e.associated, e.sealed, e.tag, text));
	e.tag[15] ^= 0x80;
	assert_true(smb2_open(k, e.nonce, e.associated, e.sealed, e.tag, text));
	free(text);
	free((void *)e.whole.at);
}

static void check_seals(struct smb2_keys *k, const char *plain, const char *sealed)
{
	struct envelope e = envelope(sealed);
	struct bytes text = unhex(plain);
	uint8_t tag[SMB2_SIGNATURE_SIZE];

	for (int twice = 0; twice < 2; twice++) {
		unhex_to((uint8_t *)text.at, text.len, plain);
		assert_true(smb2_seal(k, e.nonce, e.associated, (uint8_t *)text.at,
				      text.len, tag));
		assert_memory_equal(text.at, e.sealed.at, text.len);
		assert_memory_equal(tag, e.tag, sizeof tag);
	}
	free((void *)text.at);
	free((void *)e.whole.at);
}

static struct smb2_keys *sealer(const char *to_server, const char *to_client,
				uint16_t cipher)
{
	struct smb2_derived d = { .cipher_len = strlen(to_server) / 2 };

	unhex_to(d.to_server, d.cipher_len, to_server);
	unhex_to(d.to_client, d.cipher_len, to_client);
	return smb2_keys_from(&d, SMB2_AES_128_CMAC, cipher, false);
}

static void ccm_of_3_0(void **state)
{
	struct smb2_agreed agreed = { .dialect = SMB_3_0, .cipher = SMB2_AES_128_CCM };
	struct session_key key = session_key("B4546771B515F766A86735532DD6C4F0");
	struct smb2_keys *client = smb2_keys_new(&agreed, &key, false);
	struct smb2_keys *server = smb2_keys_new(&agreed, &key, true);
	(void)state;

	check_seals(client, ccm_write_plain, ccm_write_sent);
	check_opens(server, ccm_write_sent, ccm_write_plain);
	check_opens(client, ccm_answer_recv, ccm_answer_plain);
	check_opens(client, ccm_read_recv, ccm_read_plain);
	smb2_keys_free(client);
	smb2_keys_free(server);
}

static void gcm_of_3_1_1(void **state)
{
	struct smb2_keys *k = sealer("A2F5E80E5D59103034F32E52F698E5EC",
				     "748C50868C90F302962A5C35F5F9A8BF",
				     SMB2_AES_128_GCM);
	(void)state;

	check_seals(k, gcm_write_plain, gcm_write_sent);
	check_opens(k, gcm_answer_recv, gcm_answer_plain);
	smb2_keys_free(k);
}

static void aes_256(void **state)
{
	struct smb2_keys *k = sealer(
		"eb350f5bae0cbdeedfcf58345cd65cb0700bfff3c78e507b935933775ce795e3",
		"9facd0307f97da0e7861cfe72151f469c06d0161721481aa86a0139d1db6e4b9",
		SMB2_AES_256_GCM);
	(void)state;

	check_seals(k, gcm256_sent_plain, gcm256_sent);
	check_opens(k, gcm256_recv, gcm256_recv_plain);
	smb2_keys_free(k);
	k = sealer("64b3a483f15a290a01365678ea9eb3f06bbfe774671d595e61482c55b054a331",
		   "e130f4d6e6a56fe46afbf0dc8d1f60cc5b13350858ac7a715b53af781fea2c02",
		   SMB2_AES_256_CCM);
	check_seals(k, ccm256_sent_plain, ccm256_sent);
	smb2_keys_free(k);
}

static void without_cipher_nothing_opens(void **state)
{
	struct smb2_keys *k = signer("2c6e849ebbf6319b49af7137e03b4875", 0);
	struct envelope e = envelope(gcm_answer_recv);
	uint8_t text[512], tag[SMB2_SIGNATURE_SIZE];
	(void)state;

	assert_false(smb2_open(k, e.nonce, e.associated, e.sealed, e.tag, text));
	assert_false(smb2_seal(k, e.nonce, e.associated, text, 16, tag));
	smb2_keys_free(k);
	free((void *)e.whole.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_3_0),
		cmocka_unit_test(keys_of_3_1_1),
		cmocka_unit_test(no_key_derives_nothing),
		cmocka_unit_test(short_key_is_padded),
		cmocka_unit_test(published_dialogue_of_3_1_1),
		cmocka_unit_test(recorded_signatures),
		cmocka_unit_test(dialect_decides_algorithm),
		cmocka_unit_test(ccm_of_3_0),
		cmocka_unit_test(gcm_of_3_1_1),
		cmocka_unit_test(aes_256),
		cmocka_unit_test(without_cipher_nothing_opens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
