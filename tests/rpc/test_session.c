/* SPDX-License-Identifier: Apache-2.0 */
/* A session against a scripted server: whole dialogues, and refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/rpc/session_play.h"

/* ---- whole dialogues ---- */

static void every_dialect_and_cipher(void **state)
{
	static const struct {
		uint16_t dialect, signing, cipher;
	} rows[] = {
		{ SMB_2_0_2, 0, 0 },
		{ SMB_2_1, 0, 0 },
		{ SMB_3_0, 0, 0 },
		{ SMB_3_0, 0, SMB2_AES_128_CCM },
		{ SMB_3_0_2, 0, SMB2_AES_128_CCM },
		{ SMB_3_1_1, SMB2_HMAC_SHA256, 0 },
		{ SMB_3_1_1, SMB2_AES_128_CMAC, SMB2_AES_128_CCM },
		{ SMB_3_1_1, SMB2_AES_128_GMAC, SMB2_AES_128_GCM },
		{ SMB_3_1_1, SMB2_AES_128_GMAC, SMB2_AES_256_CCM },
		{ SMB_3_1_1, SMB2_AES_128_GMAC, SMB2_AES_256_GCM },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int sealed = 0; sealed <= (rows[i].cipher != 0); sealed++) {
			struct play play = { .calls = 3, .question_len = 20 };

			play.plan.dialect = rows[i].dialect;
			play.plan.signing = rows[i].signing;
			play.plan.cipher = rows[i].cipher;
			play.plan.stub_len = 100;
			play.options.require_encryption = sealed;
			perform(&play);
			assert_good(&play);
			assert_int_equal(play.peer.dialect, rows[i].dialect);
			assert_int_equal(play.peer.cipher, sealed ? rows[i].cipher : 0);
			assert_int_equal(play.peer.sealed, sealed);
			assert_false(play.peer.signing_required);
			assert_int_equal(play.peer.system_time, 0x01d9000000000000);
			assert_int_equal(play.pipes, 1);
		}
}

static void cut_anywhere(void **state)
{
	(void)state;

	for (size_t cut = 1; cut < 90; cut += cut < 8 ? 1 : 27) {
		struct play play = { .calls = 2, .question_len = 9, .cut = cut };

		play.plan.stub_len = 300;
		play.plan.pending = 2;
		play.plan.cipher = SMB2_AES_128_GCM;
		play.options.require_encryption = cut % 2;
		perform(&play);
		assert_good(&play);
	}
}

static void interim_answers_and_few_credits(void **state)
{
	(void)state;

	for (unsigned pending = 0; pending < 4; pending++) {
		struct play play = { .calls = 5, .question_len = 40 };

		play.plan.pending = pending;
		play.plan.credits = pending == 3 ? 600 : 1;
		play.plan.stub_len = 64;
		perform(&play);
		assert_good(&play);
	}
}

static void answers_in_pieces(void **state)
{
	static const uint32_t answer_max[] = { 0, 16, 1024, 1999 };
	static const size_t fragment[] = { 0, 1, 9, 500 };
	(void)state;

	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++) {
			struct play play = { .calls = 2, .question_len = 24 };

			play.plan.answer_max = answer_max[i];
			play.plan.fragment_stub = fragment[j];
			play.plan.stub_len = fragment[j] == 1 ? 50 : 9000;
			perform(&play);
			assert_good(&play);
		}
}

static void questions_in_fragments(void **state)
{
	static const size_t lengths[] = { 0, 1, 4256, 4257, 8512, 100000 };
	(void)state;

	for (size_t i = 0; i < 6; i++) {
		struct play play = { .calls = 2, .question_len = lengths[i] };

		play.plan.stub_len = 4;
		play.plan.pending = i % 2;
		perform(&play);
		assert_good(&play);
	}
}

/* ---- interfaces ---- */

static void alter_refused_takes_a_second_pipe(void **state)
{
	struct play play = { .calls = 4, .question_len = 8 };
	(void)state;

	play.plan.refuse_alter = true;
	perform(&play);
	assert_good(&play);
	assert_int_equal(play.pipes, 2);
}

static void no_second_pipe_is_no_interface(void **state)
{
	struct play play = { .calls = 4, .question_len = 8 };
	(void)state;

	play.plan.refuse_alter = play.plan.one_pipe = true;
	perform(&play);
	assert_int_equal(play.end, WANT_NOTHING);
	assert_int_equal(play.answered, 2);
	assert_int_equal(play.unavailable, 2);
	assert_true(play.calls_right);
}

static void bind_refused(void **state)
{
	struct play play = { .calls = 2 }, nak = { .calls = 2 };
	(void)state;

	play.plan.refuse_bind = play.plan.refuse_alter = true;
	perform(&play);
	assert_int_equal(play.end, WANT_NOTHING);
	assert_int_equal(play.unavailable, 2);
	nak.plan.nak_bind = true;
	perform(&nak);
	assert_int_equal(nak.end, WANT_NOTHING);
	assert_int_equal(nak.unavailable, 2);
	assert_int_equal(nak.pipes, 2);
}

static void fault_leaves_session_usable(void **state)
{
	struct play play = { .calls = 3, .question_len = 22 };
	(void)state;

	play.plan.rpc_fault = 0x1C010002;
	perform(&play);
	assert_int_equal(play.end, WANT_NOTHING);
	assert_int_equal(play.faulted, 3);
}

/* ---- refusals, and what they mean ---- */

static void refusals_have_their_kind(void **state)
{
	static const struct {
		uint16_t command;
		uint32_t status;
		const char *step;
		enum fault_kind kind;
	} rows[] = {
		{ SMB2_NEGOTIATE, 0xC00000BB, "negotiate", FAULT_REFUSED },
		{ SMB2_SESSION_SETUP, 0xC000006D, "authenticate", FAULT_LOGON_REFUSED },
		{ SMB2_SESSION_SETUP, 0xC0000234, "authenticate", FAULT_LOGON_REFUSED },
		{ SMB2_SESSION_SETUP, 0xC0000418, "authenticate", FAULT_LOGON_REFUSED },
		{ SMB2_SESSION_SETUP, 0xC0000022, "authenticate", FAULT_LOGON_REFUSED },
		{ SMB2_SESSION_SETUP, 0xC0000133, "authenticate", FAULT_KERBEROS },
		{ SMB2_SESSION_SETUP, 0xC00000D0, "authenticate", FAULT_BUSY },
		{ SMB2_SESSION_SETUP, 0xC0000205, "authenticate", FAULT_BUSY },
		{ SMB2_TREE_CONNECT, 0xC0000022, "tree connect", FAULT_ACCESS_DENIED },
		{ SMB2_TREE_CONNECT, 0xC00000CC, "tree connect", FAULT_REFUSED },
		{ SMB2_CREATE, 0xC0000022, "open pipe", FAULT_ACCESS_DENIED },
		{ SMB2_CREATE, 0xC00000AC, "open pipe", FAULT_BUSY },
		{ SMB2_CREATE, 0xC00000AB, "open pipe", FAULT_BUSY },
		{ SMB2_CREATE, 0xC0000034, "open pipe", FAULT_REFUSED },
		{ SMB2_CREATE, 0xC0000203, "open pipe", FAULT_BUSY },
		{ SMB2_TREE_CONNECT, 0xC00000CA, "tree connect", FAULT_ACCESS_DENIED },
		{ SMB2_TREE_CONNECT, 0xC00000BD, "tree connect", FAULT_REFUSED },
		{ SMB2_TREE_CONNECT, 0xC0000466, "tree connect", FAULT_BUSY },
		{ SMB2_IOCTL, 0xC00000B0, "bind", FAULT_REFUSED },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct play play = { .calls = 1 };

		play.plan.command = rows[i].command;
		play.plan.status = rows[i].status;
		perform(&play);
		assert_fault(&play, rows[i].step, rows[i].kind);
		assert_int_equal(play.fault.space, CODE_NTSTATUS);
		assert_int_equal(play.fault.code, rows[i].status);
	}
}

static void guests_and_nobody_are_refused(void **state)
{
	struct play guest = { .calls = 1 }, nobody = { .calls = 1 };
	(void)state;

	guest.plan.session_flags = SMB2_SESSION_GUEST;
	perform(&guest);
	assert_fault(&guest, "authenticate", FAULT_LOGON_REFUSED);
	assert_non_null(strstr(guest.fault.what, "guest"));
	assert_int_equal(guest.pipes, 0);
	nobody.plan.session_flags = SMB2_SESSION_NULL;
	perform(&nobody);
	assert_fault(&nobody, "authenticate", FAULT_LOGON_REFUSED);
	assert_non_null(strstr(nobody.fault.what, "null session"));
}

static void encryption_where_due_or_not_at_all(void **state)
{
	struct play wanted = { .calls = 1 }, old = { .calls = 1 };
	struct play session = { .calls = 1 }, share = { .calls = 1 };
	struct play demanded = { .calls = 1 };
	(void)state;

	wanted.options.require_encryption = true;
	perform(&wanted);
	assert_fault(&wanted, "negotiate", FAULT_NO_ENCRYPTION);
	old.options.require_encryption = true;
	old.plan.dialect = SMB_2_1;
	perform(&old);
	assert_fault(&old, "negotiate", FAULT_NO_ENCRYPTION);
	session.plan.session_flags = SMB2_SESSION_ENCRYPT;
	session.plan.cipher = SMB2_AES_256_GCM;
	perform(&session);
	assert_good(&session);
	assert_true(session.peer.sealed);
	share.plan.share_flags = SMB2_SHARE_ENCRYPT;
	share.plan.cipher = SMB2_AES_128_CCM;
	perform(&share);
	assert_good(&share);
	assert_false(share.peer.sealed);
	assert_int_equal(share.peer.cipher, SMB2_AES_128_CCM);
	demanded.plan.share_flags = SMB2_SHARE_ENCRYPT;
	perform(&demanded);
	assert_fault(&demanded, "tree connect", FAULT_NO_ENCRYPTION);
}

static void disk_is_no_pipe(void **state)
{
	struct play play = { .calls = 1 };
	(void)state;

	play.plan.share_is_disk = true;
	perform(&play);
	assert_fault(&play, "tree connect", FAULT_PROTOCOL);
}

/* ---- peers that are no SMB2 hosts ---- */

static void strangers_are_told_apart(void **state)
{
	static const struct {
		const char *said;
		size_t len;
		enum fault_kind kind;
	} rows[] = {
		{ "SSH-2.0-OpenSSH\r\n", 17, FAULT_NOT_SMB },
		{ "HTTP/1.1 400 Bad\r\n", 18, FAULT_NOT_SMB },
		{ "\0\0\0\x04\xffSMB", 8, FAULT_SMB1_ONLY },
		{ "\0\0\0\x04\xfdSMB", 8, FAULT_NOT_SMB },
		{ "\0\0\0\x04\xfeSMB", 8, FAULT_PROTOCOL },
		{ "\0\0\0\x04"
		  "abcd",
		  8, FAULT_NOT_SMB },
		{ "\0\0\0\x00", 4, FAULT_NOT_SMB },
		{ "\0\xff\xff\xff", 4, FAULT_PROTOCOL },
		{ "\x83\0\0\1\x80", 5, FAULT_NOT_SMB },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct session_options options = { .server = "h" };
		struct session *s = session_new(&options);

		assert_int_equal(session_open(s), WANT_REPLY);
		free((void *)session_take_outgoing(s).at);
		assert_null(session_fault(s));
		assert_int_equal(session_hear(s, rows[i].said, rows[i].len), WANT_ABORT);
		assert_int_equal(session_fault(s)->kind, rows[i].kind);
		assert_string_equal(session_fault(s)->step, "negotiate");
		assert_int_equal(session_hear(s, "", 0), WANT_ABORT);
		session_free(s);
	}
}

static void bounds_without_dialect_fail_here(void **state)
{
	struct session_options options = { .server = "h",
					   .dialect_min = SMB_3_1_1,
					   .dialect_max = SMB_2_1 };
	struct session *s = session_new(&options);
	(void)state;

	assert_int_equal(session_open(s), WANT_ABORT);
	assert_int_equal(session_fault(s)->kind, FAULT_LOCAL);
	session_free(s);
}

static void dialect_that_was_not_offered_is_refused(void **state)
{
	struct play play = { .calls = 1 };
	(void)state;

	play.options.dialect_min = SMB_3_1_1;
	play.plan.dialect = SMB_3_0;
	perform(&play);
	assert_fault(&play, "negotiate", FAULT_PROTOCOL);
}

static void an_answer_before_its_question(void **state)
{
	struct peer_plan plan = { .dialect = 0 };
	struct session_options options = { .server = "h" };
	struct session *s = session_new(&options);
	struct bytes said;
	struct peer p;
	(void)state;

	peer_init(&p, &plan);
	session_open(s);
	said = session_take_outgoing(s);
	peer_hear(&p, said);
	free((void *)said.at);
	assert_int_equal(session_hear(s, p.saying.at, p.saying.len), WANT_TOKEN);
	assert_int_equal(session_token(s, text("proof one"), NULL), WANT_REPLY);
	/* The question waits to be taken; its answer is here already. */
	said = wire_written(&s->line.outgoing);
	wire_reset(&p.saying);
	peer_hear(&p, said);
	assert_int_equal(session_hear(s, p.saying.at, p.saying.len), WANT_ABORT);
	assert_int_equal(session_fault(s)->kind, FAULT_PROTOCOL);
	peer_drop(&p);
	session_free(s);
}

static void names(void **state)
{
	(void)state;

	assert_string_equal(smb_dialect_name(SMB_3_1_1), "3.1.1");
	assert_string_equal(smb_dialect_name(SMB_2_0_2), "2.0.2");
	assert_string_equal(smb_dialect_name(0), "");
	assert_string_equal(smb_cipher_name(SMB2_AES_128_GCM), "AES-128-GCM");
	assert_string_equal(smb_cipher_name(0), "");
	assert_string_equal(smb_cipher_name(5), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dialect_and_cipher),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(interim_answers_and_few_credits),
		cmocka_unit_test(answers_in_pieces),
		cmocka_unit_test(questions_in_fragments),
		cmocka_unit_test(alter_refused_takes_a_second_pipe),
		cmocka_unit_test(no_second_pipe_is_no_interface),
		cmocka_unit_test(bind_refused),
		cmocka_unit_test(fault_leaves_session_usable),
		cmocka_unit_test(refusals_have_their_kind),
		cmocka_unit_test(guests_and_nobody_are_refused),
		cmocka_unit_test(encryption_where_due_or_not_at_all),
		cmocka_unit_test(disk_is_no_pipe),
		cmocka_unit_test(strangers_are_told_apart),
		cmocka_unit_test(bounds_without_dialect_fail_here),
		cmocka_unit_test(dialect_that_was_not_offered_is_refused),
		cmocka_unit_test(an_answer_before_its_question),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
