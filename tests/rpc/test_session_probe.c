/* SPDX-License-Identifier: Apache-2.0 */
/* The probe at the end of a session whose logon made the host tell nothing of itself. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/hex.h"
#include "tests/rpc/session_play.h"
#include "tests/rpc/smb2_vectors.h"

enum { PROBE = 2 }; /* the third SESSION_SETUP */

/* What Windows answered to the token of setup_request_1, inside SPNEGO. */
static struct bytes windows_challenge;

static int read_challenge(void **state)
{
	struct bytes answer = unhex(setup_response_1);
	struct wire_in in = wire_in_bytes(answer);
	uint8_t *copy = malloc(answer.len);

	(void)state;
	get_skip(&in, 72);
	windows_challenge = (struct bytes){ memcpy(copy, in.at, in.left), in.left };
	free((void *)answer.at);
	return 0;
}

static int drop_challenge(void **state)
{
	(void)state;
	free((void *)windows_challenge.at);
	return 0;
}

static struct play looking(void)
{
	struct play play = { .calls = 2, .question_len = 20, .options.probe = true };

	play.plan.stub_len = 40;
	play.plan.challenge = windows_challenge;
	play.plan.command = SMB2_SESSION_SETUP;
	play.plan.nth = PROBE;
	return play;
}

static void assert_introduced(const struct play *play)
{
	assert_good(play);
	assert_true(play->peer.os_known);
	assert_int_equal(play->peer.os_major, 10);
	assert_int_equal(play->peer.os_minor, 0);
	assert_int_equal(play->peer.os_build, 10130);
	assert_string_equal(play->netbios_name, "SUT311");
	assert_string_equal(play->dns_name, "SUT311");
}

static void assert_unknown(const struct play *play)
{
	assert_false(play->peer.os_known);
	assert_int_equal(play->peer.os_build, 0);
	assert_string_equal(play->netbios_name, "");
	assert_string_equal(play->dns_name, "");
}

/* Keys of 3.1.1 hang on what was said before; that they are right here shows that the
 * probe leaves the logon alone. */
static void a_host_is_known_after_it(void **state)
{
	static const struct {
		uint16_t dialect, signing, cipher;
	} rows[] = {
		{ SMB_2_0_2, 0, 0 },
		{ SMB_2_1, 0, 0 },
		{ SMB_3_0, 0, 0 },
		{ SMB_3_0_2, 0, SMB2_AES_128_CCM },
		{ SMB_3_1_1, SMB2_HMAC_SHA256, 0 },
		{ SMB_3_1_1, SMB2_AES_128_GMAC, 0 },
		{ SMB_3_1_1, SMB2_AES_128_CMAC, SMB2_AES_128_CCM },
		{ SMB_3_1_1, SMB2_AES_128_GMAC, SMB2_AES_256_GCM },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (unsigned way = 0; way < 4; way++) {
			struct play play = looking();

			play.plan.dialect = rows[i].dialect;
			play.plan.signing = rows[i].signing;
			play.plan.cipher = rows[i].cipher;
			play.plan.pending = way & 1;
			play.cut = way & 1 ? 7 : 0;
			play.options.require_encryption = way & 2 && rows[i].cipher;
			perform(&play);
			assert_introduced(&play);
			assert_int_equal(play.rounds, 3);
			/* To seal the probe alone is no claim that all was sealed. */
			assert_int_equal(play.peer.sealed,
					 play.options.require_encryption);
			assert_int_equal(play.peer.cipher, play.options.require_encryption
								   ? rows[i].cipher
								   : 0);
		}
}

static bool was_sealed;

static void see_question(struct peer *p, struct wire_out *m)
{
	struct bytes golden = unhex(setup_request_1 + 2 * 88);

	(void)m;
	assert_int_equal(p->probed.len, golden.len);
	assert_memory_equal(p->probed.at, golden.at, golden.len);
	was_sealed = p->sealed;
	free((void *)golden.at);
}

static void it_asks_as_windows_does_and_sealed_where_it_can(void **state)
{
	(void)state;

	for (unsigned cipher = 0; cipher < 3; cipher++) {
		struct play play = looking();

		play.plan.cipher = (uint16_t)cipher;
		play.plan.before = see_question;
		was_sealed = cipher == 0;
		perform(&play);
		assert_introduced(&play);
		assert_int_equal(was_sealed, cipher != 0);
	}
}

static void it_is_not_made_unasked_nor_after_a_challenge(void **state)
{
	struct play unasked = looking(), ntlm = looking();
	(void)state;

	unasked.options.probe = false;
	perform(&unasked);
	assert_good(&unasked);
	assert_int_equal(unasked.rounds, 2);
	assert_unknown(&unasked);
	ntlm.plan.ntlm = true;
	perform(&ntlm);
	assert_introduced(&ntlm);
	assert_int_equal(ntlm.rounds, 2);
}

/* ---- hosts that do not answer it ---- */

static void a_refusal_is_no_failure(void **state)
{
	static const uint32_t statuses[] = { 0xC0000418, 0xC000006D, 0xC00000BB,
					     0xC00000D0, 0xC0000203, 0xC000035C };
	(void)state;

	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		for (uint16_t cipher = 0; cipher < 2; cipher++) {
			struct play play = looking();

			play.plan.cipher = cipher;
			play.plan.status = statuses[i];
			perform(&play);
			assert_good(&play);
			assert_unknown(&play);
			assert_int_equal(play.peer.refuses_ntlm, i == 0 || i == 2);
		}
}

static void a_token_without_challenge_tells_nothing(void **state)
{
	static const char *const tokens[] = { "", "no challenge at all",
					      "NTLMSSP, and then another word" };
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct play play = looking();

		play.plan.challenge = text(tokens[i]);
		perform(&play);
		assert_good(&play);
		assert_int_equal(play.rounds, 3);
		assert_unknown(&play);
	}
}

/* ---- a man in the middle ---- */

static void strip_signature(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[16] &= (uint8_t)~SMB2_FLAG_SIGNED;
	memset(m->at + 48, 0, SMB2_SIGNATURE_SIZE);
}

static void come_in_the_open(struct peer *p, struct wire_out *m)
{
	p->sealed = false;
	strip_signature(p, m);
}

static void sign_in_the_open(struct peer *p, struct wire_out *m)
{
	uint8_t signature[SMB2_SIGNATURE_SIZE];

	p->sealed = false;
	m->at[16] |= SMB2_FLAG_SIGNED;
	smb2_sign(p->keys, wire_written(m), signature);
	fill_bytes(m, 48, signature, sizeof signature);
}

static void flip_build(struct peer *p, struct wire_out *m)
{
	uint8_t *version = memmem(m->at, m->len, "\x0a\x00\x92\x27", 4);

	(void)p;
	assert_non_null(version);
	version[2] ^= 1;
}

static void alter_in_the_open(struct peer *p, struct wire_out *m)
{
	flip_build(p, m);
	come_in_the_open(p, m);
}

static void what_nothing_proves_is_not_believed(void **state)
{
	static const peer_change_fn bare[] = { come_in_the_open, alter_in_the_open };
	(void)state;

	for (unsigned i = 0; i < 4; i++) {
		struct play play = looking();

		play.plan.cipher = i & 2 ? SMB2_AES_128_GCM : 0;
		play.plan.after = bare[i & 1];
		perform(&play);
		assert_good(&play);
		assert_unknown(&play);
	}
}

static void what_nothing_proves_does_not_refuse_ntlm(void **state)
{
	(void)state;

	for (uint16_t cipher = 0; cipher < 2; cipher++) {
		struct play play = looking();

		play.plan.cipher = cipher;
		play.plan.status = 0xC00000BB;
		play.plan.after = come_in_the_open;
		perform(&play);
		assert_false(play.peer.refuses_ntlm);
	}
}

static void a_signature_proves_it_also_where_it_was_asked_sealed(void **state)
{
	struct play play = looking();
	(void)state;

	play.plan.cipher = SMB2_AES_128_GCM;
	play.plan.after = sign_in_the_open;
	perform(&play);
	assert_introduced(&play);
}

static void an_altered_answer_is_noticed(void **state)
{
	struct play play = looking();
	(void)state;

	play.plan.after = flip_build;
	perform(&play);
	assert_fault(&play, "probe", FAULT_INTEGRITY);
	assert_unknown(&play);
}

static void far_token(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u16le(m, 68, 0xfff0);
}

static void other_session(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[40] ^= 1;
}

static void nonsense_is_refused(void **state)
{
	static const peer_change_fn nonsense[] = { far_token, other_session };
	(void)state;

	for (unsigned i = 0; i < 4; i++) {
		struct play play = looking();

		play.plan.cipher = i & 2 ? SMB2_AES_128_GCM : 0;
		play.plan.before = nonsense[i & 1];
		perform(&play);
		assert_fault(&play, "probe", FAULT_PROTOCOL);
		assert_unknown(&play);
	}
}

/* ---- the challenge of a logon by NTLM: told long before it can be proved ---- */

static struct play logging_on_by_ntlm(uint16_t dialect)
{
	struct play play = looking();

	play.plan.ntlm = true;
	play.plan.dialect = dialect;
	play.plan.command = SMB2_SESSION_SETUP;
	play.plan.nth = 1; /* the answer that accepts or refuses us */
	return play;
}

static void names_are_believed_only_when_the_logon_proves_them(void **state)
{
	static const struct {
		bool lie;
		uint16_t session_flags;
		uint32_t status;
		peer_change_fn after;
		enum fault_kind kind;
	} rows[] = {
		{ .lie = true, .kind = FAULT_INTEGRITY },
		{ .after = strip_signature, .kind = FAULT_INTEGRITY },
		{ .status = 0xC000006D, .kind = FAULT_LOGON_REFUSED },
		{ .session_flags = SMB2_SESSION_GUEST, .kind = FAULT_LOGON_REFUSED },
		{ .session_flags = SMB2_SESSION_NULL, .kind = FAULT_LOGON_REFUSED },
	};
	static const uint16_t dialects[] = { SMB_2_0_2, SMB_3_0_2, SMB_3_1_1 };
	(void)state;

	for (size_t d = 0; d < sizeof dialects / sizeof dialects[0]; d++) {
		struct play proved = logging_on_by_ntlm(dialects[d]);

		perform(&proved);
		assert_introduced(&proved);
		for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
			struct play play = logging_on_by_ntlm(dialects[d]);

			play.lie = rows[i].lie;
			play.plan.session_flags = rows[i].session_flags;
			play.plan.status = rows[i].status;
			play.plan.after = rows[i].after;
			perform(&play);
			assert_fault(&play, "authenticate", rows[i].kind);
			assert_unknown(&play);
		}
	}
}

/* Below 3.1.1 only a challenge that tells the time is under a checksum of both sides. */
static void a_challenge_without_time_is_believed_with_3_1_1_alone(void **state)
{
	static const uint8_t told[] = { 7, 0, 8, 0 }; /* MsvAvTimestamp, of 8 bytes */
	struct bytes whole = windows_challenge;
	uint8_t *copy = malloc(whole.len), *at;
	(void)state;

	memcpy(copy, whole.at, whole.len);
	at = memmem(copy, whole.len, told, sizeof told);
	assert_non_null(at);
	at[0] = 0x77;
	for (unsigned newest = 0; newest < 2; newest++) {
		struct play play = logging_on_by_ntlm(newest ? SMB_3_1_1 : SMB_3_0_2);

		play.plan.challenge = (struct bytes){ copy, whole.len };
		perform(&play);
		if (newest)
			assert_introduced(&play);
		else
			assert_unknown(&play);
		assert_good(&play);
	}
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_is_known_after_it),
		cmocka_unit_test(names_are_believed_only_when_the_logon_proves_them),
		cmocka_unit_test(a_challenge_without_time_is_believed_with_3_1_1_alone),
		cmocka_unit_test(it_asks_as_windows_does_and_sealed_where_it_can),
		cmocka_unit_test(it_is_not_made_unasked_nor_after_a_challenge),
		cmocka_unit_test(a_refusal_is_no_failure),
		cmocka_unit_test(a_token_without_challenge_tells_nothing),
		cmocka_unit_test(what_nothing_proves_is_not_believed),
		cmocka_unit_test(what_nothing_proves_does_not_refuse_ntlm),
		cmocka_unit_test(a_signature_proves_it_also_where_it_was_asked_sealed),
		cmocka_unit_test(an_altered_answer_is_noticed),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, read_challenge, drop_challenge);
}
