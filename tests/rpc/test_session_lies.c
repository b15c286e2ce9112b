/* SPDX-License-Identifier: Apache-2.0 */
/* A session against a man in the middle, and against a host that lies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/rpc/session_play.h"

/* ---- what a man in the middle may try ---- */

static void flip_signature(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[48] ^= 1;
}

static void flip_last(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[m->len - 1] ^= 1;
}

static void strip_signature(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[16] &= (uint8_t)~SMB2_FLAG_SIGNED;
}

/* A signature does not stand in for encryption. */
static void unseal(struct peer *p, struct wire_out *m)
{
	uint8_t signature[SMB2_SIGNATURE_SIZE];

	p->sealed = false;
	m->at[16] |= SMB2_FLAG_SIGNED;
	smb2_sign(p->keys, wire_written(m), signature);
	fill_bytes(m, 48, signature, sizeof signature);
}

static void lower_dialect(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u16le(m, 68, SMB_3_0);
}

static void other_guid(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[72] ^= 1;
}

static void every_unprotected_answer_is_refused(void **state)
{
	static const struct {
		uint16_t command;
		unsigned nth;
		const char *step;
	} where[] = {
		{ SMB2_SESSION_SETUP, 1, "authenticate" },
		{ SMB2_TREE_CONNECT, 0, "tree connect" },
		{ SMB2_CREATE, 0, "open pipe" },
		{ SMB2_IOCTL, 0, "bind" },
		{ SMB2_IOCTL, 1, "call" },
		{ SMB2_READ, 0, "call" },
		{ SMB2_LOGOFF, 0, "close" },
	};
	static const peer_change_fn how[] = { flip_signature, flip_last,
					      strip_signature };
	(void)state;

	for (size_t i = 0; i < sizeof where / sizeof where[0]; i++)
		for (size_t j = 0; j < 3; j++) {
			struct play play = { .calls = 1 };

			play.plan.stub_len = 100;
			play.plan.fragment_stub = 60;
			play.plan.command = where[i].command;
			play.plan.nth = where[i].nth;
			play.plan.after = how[j];
			perform(&play);
			assert_fault(&play, where[i].step, FAULT_INTEGRITY);
		}
}

/* Well signed, but without the flag that says so. */
static void a_signature_must_be_declared(void **state)
{
	static const uint16_t commands[] = { SMB2_SESSION_SETUP, SMB2_CREATE };
	(void)state;

	for (unsigned i = 0; i < 2; i++) {
		struct play play = { .calls = 1 };

		play.plan.command = commands[i];
		play.plan.nth = 1 - i;
		play.plan.before = strip_signature;
		perform(&play);
		assert_fault(&play, i ? "open pipe" : "authenticate", FAULT_INTEGRITY);
	}
}

static void another_file(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[SMB2_HEADER_SIZE + 8] ^= 1;
}

static void the_answer_of_another_file_is_refused(void **state)
{
	(void)state;

	for (unsigned nth = 0; nth < 2; nth++) {
		struct play play = { .calls = 1 };

		play.plan.command = SMB2_IOCTL;
		play.plan.nth = nth;
		play.plan.before = another_file;
		perform(&play);
		assert_fault(&play, nth ? "call" : "bind", FAULT_PROTOCOL);
	}
}

static void unencrypted_answer_is_refused(void **state)
{
	struct play play = { .calls = 1 };
	(void)state;

	play.plan.cipher = SMB2_AES_128_GCM;
	play.plan.session_flags = SMB2_SESSION_ENCRYPT;
	play.plan.command = SMB2_CREATE;
	play.plan.after = unseal;
	perform(&play);
	assert_fault(&play, "open pipe", FAULT_INTEGRITY);
}

static void altered_negotiation_is_noticed(void **state)
{
	struct play play = { .calls = 1 }, lower = { .calls = 1 },
		    denied = { .calls = 1 };
	(void)state;

	/* 3.1.1: the keys come out different */
	play.plan.command = SMB2_NEGOTIATE;
	play.plan.after = other_guid;
	perform(&play);
	assert_fault(&play, "authenticate", FAULT_INTEGRITY);
	/* 3.0.2 made to look like 3.0: same keys, caught by validation */
	lower.plan.dialect = SMB_3_0_2;
	lower.plan.command = SMB2_NEGOTIATE;
	lower.plan.after = lower_dialect;
	perform(&lower);
	assert_fault(&lower, "validate", FAULT_INTEGRITY);
	denied.plan.dialect = SMB_2_1;
	denied.plan.validate_status = STATUS_ACCESS_DENIED;
	perform(&denied);
	assert_fault(&denied, "validate", FAULT_INTEGRITY);
}

/* A host that does not know the question says so under its signature. */
static void host_without_validation_is_taken(void **state)
{
	struct play play = { .calls = 1, .question_len = 4 };
	(void)state;

	play.plan.dialect = SMB_2_1;
	play.plan.validate_status = 0xC0000128;
	perform(&play);
	assert_good(&play);
}

static void another_key_is_refused(void **state)
{
	struct play play = { .calls = 1, .lie = true };
	(void)state;

	perform(&play);
	assert_fault(&play, "authenticate", FAULT_INTEGRITY);
}

/* ---- what a broken or hostile host may say, well signed ---- */

static void other_message_id(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[24] ^= 0x40;
}

static void other_command(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[12] ^= 1;
}

static void other_session(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[40] ^= 1;
}

static void other_tree(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[36] ^= 1;
}

static void no_response(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[16] &= (uint8_t)~SMB2_FLAG_RESPONSE;
}

static void other_size(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[64]++;
}

static void no_body(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->len = 65;
}

static void odd_compound(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[20] = 65;
}

static void endless_compound(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 20, 0x7ffffff8);
}

static void long_output(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 100, 0xffffffff);
}

static void far_output(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 96, 0xfffffff0);
}

static void no_output(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 100, 0);
}

static void warning_status(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 8, 0x80000006);
}

static void pending_in_the_open(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 8, STATUS_PENDING);
}

static void more_to_come(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 8, STATUS_BUFFER_OVERFLOW);
}

static void one_byte_less(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[68]--;
}

static void any_dialect(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u16le(m, 68, SMB2_DIALECT_ANY);
}

static void twice(struct peer *p, struct wire_out *m)
{
	(void)m;
	peer_send(p);
}

static void every_nonsense_is_refused(void **state)
{
	static const struct {
		uint16_t command;
		const char *step;
		peer_change_fn before, after;
		const char *what; /* part of the sentence; NULL: any */
	} rows[] = {
		{ SMB2_CREATE, "open pipe", other_message_id, NULL, NULL },
		{ SMB2_CREATE, "open pipe", other_command, NULL, "another command" },
		{ SMB2_CREATE, "open pipe", other_session, NULL, NULL },
		{ SMB2_CREATE, "open pipe", other_tree, NULL, NULL },
		{ SMB2_CREATE, "open pipe", no_response, NULL, NULL },
		{ SMB2_CREATE, "open pipe", other_size, NULL, NULL },
		{ SMB2_CREATE, "open pipe", no_body, NULL, NULL },
		{ SMB2_CREATE, "open pipe", odd_compound, NULL, NULL },
		{ SMB2_CREATE, "open pipe", endless_compound, NULL, NULL },
		{ SMB2_CREATE, "open pipe", warning_status, NULL, NULL },
		{ SMB2_CREATE, "open pipe", pending_in_the_open, NULL, NULL },
		{ SMB2_CREATE, "open pipe", NULL, twice, NULL },
		{ SMB2_TREE_CONNECT, "open pipe", NULL, twice, NULL },
		{ SMB2_TREE_CONNECT, "tree connect", no_body, NULL, NULL },
		{ SMB2_SESSION_SETUP, "authenticate", other_message_id, NULL, NULL },
		{ SMB2_IOCTL, "bind", long_output, NULL, NULL },
		{ SMB2_IOCTL, "bind", far_output, NULL, NULL },
		{ SMB2_IOCTL, "bind", no_output, NULL, NULL },
		{ SMB2_IOCTL, "bind", no_body, NULL, NULL },
		{ SMB2_IOCTL, "bind", more_to_come, NULL, "more than one answer" },
		{ SMB2_WRITE, "call", one_byte_less, NULL, "a part of a fragment" },
		{ SMB2_NEGOTIATE, "negotiate", any_dialect, NULL, "not offered" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct play play = { .calls = 1, .question_len = 5000 };

		play.plan.command = rows[i].command;
		play.plan.before = rows[i].before;
		play.plan.after = rows[i].after;
		perform(&play);
		assert_fault(&play, rows[i].step, FAULT_PROTOCOL);
		if (rows[i].what)
			assert_non_null(strstr(play.fault.what, rows[i].what));
	}
}

/* [MS-SMB2] 2.2.4: MaxTransactSize, MaxReadSize and MaxWriteSize. */
static const size_t limit_at[] = { 64 + 28, 64 + 32, 64 + 36 };
static size_t limit;
static uint32_t limit_is;

static void set_limit(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, limit_at[limit], limit_is);
}

static void a_host_that_takes_less_than_a_question_needs_is_refused(void **state)
{
	(void)state;

	for (limit = 0; limit < 3; limit++) {
		struct play play = { .calls = 1, .question_len = 4 };

		play.plan.command = SMB2_NEGOTIATE;
		play.plan.before = set_limit;
		limit_is = 1023;
		perform(&play);
		assert_fault(&play, "negotiate", FAULT_PROTOCOL);
		assert_int_equal(play.fault.reason, REASON_LIMITS_TOO_SMALL);
		limit_is = 1024;
		perform(&play);
		assert_good(&play);
	}
}

/* Who may not ask hears so when the pipe is opened, or from LSA.  On an open pipe it is
 * what a host answers to a request that was altered on its way ([MS-SMB2] 3.3.5.2.4). */
static void access_denied_on_an_open_pipe_is_an_altered_request(void **state)
{
	static const struct {
		uint16_t command;
		unsigned nth;
		const char *step;
		enum fault_kind kind;
	} rows[] = {
		{ SMB2_TREE_CONNECT, 0, "tree connect", FAULT_ACCESS_DENIED },
		{ SMB2_CREATE, 0, "open pipe", FAULT_ACCESS_DENIED },
		{ SMB2_IOCTL, 0, "bind", FAULT_INTEGRITY },
		{ SMB2_IOCTL, 1, "call", FAULT_INTEGRITY },
		{ SMB2_READ, 0, "call", FAULT_INTEGRITY },
		{ SMB2_WRITE, 0, "call", FAULT_INTEGRITY },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct play play = { .calls = 1 };

		play.plan.stub_len = 100;
		play.plan.fragment_stub = 60;
		play.question_len = rows[i].command == SMB2_WRITE ? 5000 : 0;
		play.plan.command = rows[i].command;
		play.plan.nth = rows[i].nth;
		play.plan.status = STATUS_ACCESS_DENIED;
		perform(&play);
		assert_fault(&play, rows[i].step, rows[i].kind);
		assert_int_equal(play.fault.space, CODE_NTSTATUS);
		assert_int_equal(play.fault.code, STATUS_ACCESS_DENIED);
		assert_int_equal(strstr(play.fault.what, "altered") != NULL,
				 rows[i].kind == FAULT_INTEGRITY);
		assert_int_equal(play.answered, 0);
	}
}

/* A login may be refused by a code of the host's security provider ([MS-SMB2] 3.3.5.5,
 * note 272): of severity 2, which elsewhere is no answer. */
static void a_provider_s_code_refuses_a_login_and_nothing_else(void **state)
{
	static const struct {
		uint16_t command;
		uint32_t status;
		const char *step;
		enum fault_kind kind;
	} rows[] = {
		{ SMB2_SESSION_SETUP, 0x8009030C, "authenticate", FAULT_LOGON_REFUSED },
		{ SMB2_SESSION_SETUP, 0x80090302, "authenticate", FAULT_LOGON_REFUSED },
		{ SMB2_SESSION_SETUP, 0x80090399, "authenticate", FAULT_LOGON_REFUSED },
		{ SMB2_SESSION_SETUP, 0x80090308, "authenticate", FAULT_REFUSED },
		{ SMB2_TREE_CONNECT, 0x8009030C, "tree connect", FAULT_PROTOCOL },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct play play = { .calls = 1 };

		play.plan.command = rows[i].command;
		play.plan.nth = rows[i].command == SMB2_SESSION_SETUP;
		play.plan.status = rows[i].status;
		perform(&play);
		assert_fault(&play, rows[i].step, rows[i].kind);
		assert_int_equal(play.fault.code,
				 rows[i].kind == FAULT_PROTOCOL ? 0 : rows[i].status);
	}
}

static void endless_interims_end(void **state)
{
	struct play play = { .calls = 1 };
	(void)state;

	play.plan.pending = 5000;
	perform(&play);
	assert_fault(&play, "negotiate", FAULT_PROTOCOL);
}

static void add_unsolicited(struct peer *p, struct wire_out *m)
{
	uint8_t id[8];

	memcpy(id, m->at + 24, 8);
	memset(m->at + 24, 0xff, 8);
	peer_send(p);
	memcpy(m->at + 24, id, 8);
}

static void unsolicited_messages_are_ignored(void **state)
{
	struct play play = { .calls = 2 };
	(void)state;

	play.plan.command = SMB2_IOCTL;
	play.plan.nth = 1;
	play.plan.after = add_unsolicited;
	perform(&play);
	assert_good(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_unprotected_answer_is_refused),
		cmocka_unit_test(a_signature_must_be_declared),
		cmocka_unit_test(the_answer_of_another_file_is_refused),
		cmocka_unit_test(unencrypted_answer_is_refused),
		cmocka_unit_test(altered_negotiation_is_noticed),
		cmocka_unit_test(host_without_validation_is_taken),
		cmocka_unit_test(another_key_is_refused),
		cmocka_unit_test(every_nonsense_is_refused),
		cmocka_unit_test(a_host_that_takes_less_than_a_question_needs_is_refused),
		cmocka_unit_test(access_denied_on_an_open_pipe_is_an_altered_request),
		cmocka_unit_test(a_provider_s_code_refuses_a_login_and_nothing_else),
		cmocka_unit_test(endless_interims_end),
		cmocka_unit_test(unsolicited_messages_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
