/* SPDX-License-Identifier: Apache-2.0 */
/* Message ids, credits, frames cut and joined, compounds, envelopes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rpc/session/session.h"
#include "rpc/smb2/frame.h"

static struct smb2_line line(void)
{
	struct smb2_line l;

	smb2_line_init(&l);
	l.step = "test";
	return l;
}

static bool say(struct smb2_line *l, enum smb2_command command)
{
	smb2_put_logoff(smb2_begin(l, command));
	return smb2_say(l);
}

/* The header of the n-th frame that is outgoing. */
static struct smb2_header said(const struct smb2_line *l, unsigned n)
{
	struct wire_in in = wire_in_bytes(wire_written(&l->outgoing));
	struct smb2_header h;

	for (unsigned i = 0;; i++) {
		uint32_t len;

		assert_int_equal(get_u8(&in), 0);
		len = get_u24be(&in);
		if (i == n) {
			assert_true(smb2_get_header(get_bytes(&in, len), &h));
			return h;
		}
		get_skip(&in, len);
	}
}

static void put_answer(struct wire_out *w, uint64_t id, uint16_t command,
		       uint16_t credits, uint32_t next)
{
	struct smb2_header h = { .command = command,
				 .credits = credits,
				 .flags = SMB2_FLAG_RESPONSE,
				 .next_command = next,
				 .message_id = id };

	smb2_put_header(w, &h);
	put_u32le(w, 4);
}

static void put_frame(struct wire_out *w, struct bytes message)
{
	put_u32be(w, (uint32_t)message.len);
	put_bytes(w, message.at, message.len);
}

/* A LOGOFF answer in a frame of its own. */
static void put_plain_answer(struct wire_out *w, uint64_t id, uint16_t credits)
{
	struct wire_out m = wire_out(256);

	put_answer(&m, id, SMB2_LOGOFF, credits, 0);
	put_frame(w, wire_written(&m));
	wire_drop(&m);
}

static void header_as_published(void **state)
{
	struct smb2_header h = { .command = SMB2_CREATE,
				 .credit_charge = 1,
				 .credits = 8,
				 .message_id = 0x0102030405060708,
				 .tree_id = 0x11121314,
				 .session_id = 0x2122232425262728 };
	static const uint8_t golden[64] = {
		0xfe, 'S',  'M',  'B',  64,   0,    1,    0,    0,    0,    0,    0,
		5,    0,    8,    0,    0,    0,    0,    0,    0,    0,    0,    0,
		8,    7,    6,    5,    4,    3,    2,    1,    0,    0,    0,    0,
		0x14, 0x13, 0x12, 0x11, 0x28, 0x27, 0x26, 0x25, 0x24, 0x23, 0x22, 0x21
	};
	struct wire_out w = wire_out(64);
	struct smb2_header back;
	(void)state;

	smb2_put_header(&w, &h);
	assert_int_equal(w.len, 64);
	assert_memory_equal(w.at, golden, 64);
	assert_true(smb2_get_header(wire_written(&w), &back));
	assert_int_equal(back.tree_id, h.tree_id);
	assert_int_equal(back.session_id, h.session_id);
	assert_int_equal(back.message_id, h.message_id);
	w.at[4] = 63;
	assert_false(smb2_get_header(wire_written(&w), &back));
	w.at[4] = 64;
	w.at[0] = 0xff;
	assert_false(smb2_get_header(wire_written(&w), &back));
	wire_drop(&w);
}

static void ids_count_up_and_credits_are_spent(void **state)
{
	struct smb2_line l = line();
	struct wire_out w = wire_out(4096);
	struct smb2_answer a;
	struct wire_in in;
	(void)state;

	assert_int_equal(smb2_room(&l), 1);
	assert_true(say(&l, SMB2_LOGOFF));
	assert_int_equal(smb2_room(&l), 0);
	put_plain_answer(&w, 0, 3);
	in = wire_in_bytes(wire_written(&w));
	assert_int_equal(smb2_hear(&l, &in, &a), SMB2_HEARD_ANSWER);
	assert_int_equal(a.header.message_id, 0);
	assert_int_equal(smb2_hear(&l, &in, &a), SMB2_HEARD_PART);
	assert_int_equal(smb2_room(&l), 3);
	for (int i = 0; i < 3; i++)
		assert_true(say(&l, SMB2_LOGOFF));
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(said(&l, i).message_id, i);
	/* A host that grants nothing more is at fault, not we. */
	assert_false(say(&l, SMB2_LOGOFF));
	assert_int_equal(l.fault.kind, FAULT_PROTOCOL);
	smb2_line_drop(&l);
	wire_drop(&w);
}

static void charge_follows_dialect(void **state)
{
	struct smb2_line l = line();
	(void)state;

	l.credits = 4;
	assert_true(say(&l, SMB2_NEGOTIATE));
	l.dialect = SMB_2_0_2;
	assert_true(say(&l, SMB2_LOGOFF));
	l.dialect = SMB_2_1;
	assert_true(say(&l, SMB2_LOGOFF));
	assert_int_equal(said(&l, 0).credit_charge, 0);
	assert_int_equal(said(&l, 1).credit_charge, 0);
	assert_int_equal(said(&l, 2).credit_charge, 1);
	assert_true(said(&l, 0).credits > 1);
	smb2_line_drop(&l);
}

/* Hear `w` in pieces of `cut` bytes; how many answers came, and their ids, added. */
static unsigned hear_cut(struct smb2_line *l, const struct wire_out *w, size_t cut,
			 uint64_t *ids)
{
	struct wire_in all = wire_in_bytes(wire_written(w));
	unsigned heard = 0;

	while (all.left) {
		struct wire_in piece = get_window(&all, cut < all.left ? cut : all.left);
		struct smb2_answer a;

		while (smb2_hear(l, &piece, &a) == SMB2_HEARD_ANSWER) {
			heard++;
			*ids += a.header.message_id;
		}
	}
	return heard;
}

static void answers_come_cut_joined_and_in_any_order(void **state)
{
	struct wire_out w = wire_out(4096);
	(void)state;

	put_plain_answer(&w, 2, 1);
	put_plain_answer(&w, 0, 1);
	put_plain_answer(&w, 1, 1);
	for (size_t cut = 1; cut <= w.len; cut++) {
		struct smb2_line l = line();
		uint64_t ids = 0;

		l.credits = 3;
		for (int i = 0; i < 3; i++)
			say(&l, SMB2_LOGOFF);
		assert_int_equal(hear_cut(&l, &w, cut, &ids), 3);
		assert_int_equal(ids, 3);
		assert_int_equal(l.fault.kind, FAULT_NONE);
		assert_int_equal(l.credits, 3);
		smb2_line_drop(&l);
	}
	wire_drop(&w);
}

static void compound_answers_are_taken_apart(void **state)
{
	struct wire_out m = wire_out(4096), w = wire_out(4096);
	struct smb2_line l = line();
	uint64_t ids = 0;
	(void)state;

	l.credits = 2;
	say(&l, SMB2_LOGOFF);
	say(&l, SMB2_LOGOFF);
	put_answer(&m, 0, SMB2_LOGOFF, 1, 72);
	put_align(&m, 0, 8);
	put_answer(&m, 1, SMB2_LOGOFF, 1, 0);
	put_frame(&w, wire_written(&m));
	assert_int_equal(hear_cut(&l, &w, w.len, &ids), 2);
	assert_int_equal(ids, 1);
	smb2_line_drop(&l);
	wire_drop(&m);
	wire_drop(&w);
}

static void replayed_answer_is_refused(void **state)
{
	struct wire_out w = wire_out(4096);
	struct smb2_line l = line();
	uint64_t ids = 0;
	(void)state;

	l.credits = 2;
	say(&l, SMB2_LOGOFF);
	say(&l, SMB2_LOGOFF);
	put_plain_answer(&w, 0, 1);
	put_plain_answer(&w, 0, 1);
	assert_int_equal(hear_cut(&l, &w, w.len, &ids), 1);
	assert_int_equal(l.fault.kind, FAULT_PROTOCOL);
	smb2_line_drop(&l);
	wire_drop(&w);
}

static void credits_have_a_ceiling(void **state)
{
	struct wire_out w = wire_out(4096);
	struct smb2_line l = line();
	uint64_t ids = 0;
	(void)state;

	l.credits = 3;
	for (uint64_t i = 0; i < 3; i++) {
		say(&l, SMB2_LOGOFF);
		put_plain_answer(&w, i, 0xffff);
	}
	assert_int_equal(hear_cut(&l, &w, w.len, &ids), 3);
	assert_int_equal(l.credits, 65535);
	smb2_line_drop(&l);
	wire_drop(&w);
}

/* ---- envelopes ---- */

static struct smb2_keys *keys(bool as_server)
{
	struct smb2_agreed agreed = { .dialect = SMB_3_1_1, .cipher = SMB2_AES_128_GCM };
	struct session_key key = { .bytes = "0123456789abcdef", .len = 16 };

	return smb2_keys_new(&agreed, &key, as_server);
}

static void put_envelope(struct wire_out *w, struct smb2_keys *k, struct wire_out *m,
			 uint64_t session_id, uint16_t flags, uint32_t size)
{
	struct wire_out fields = wire_out(32);
	uint8_t tag[16];

	put_zeros(&fields, 16);
	put_u32le(&fields, size);
	put_u16le(&fields, 0);
	put_u16le(&fields, flags);
	put_u64le(&fields, session_id);
	assert_true(smb2_seal(k, fields.at, wire_written(&fields), m->at, m->len, tag));
	put_u32be(w, (uint32_t)m->len + 52);
	put_u32le(w, SMB2_SEALED_MAGIC);
	put_bytes(w, tag, sizeof tag);
	put_bytes(w, fields.at, fields.len);
	put_bytes(w, m->at, m->len);
	wire_drop(&fields);
}

static enum fault_kind hear_envelope(uint64_t outer, uint64_t inner, uint16_t flags,
				     int size_error)
{
	struct smb2_header h = { .command = SMB2_LOGOFF,
				 .flags = SMB2_FLAG_RESPONSE,
				 .session_id = inner };
	struct wire_out m = wire_out(256), w = wire_out(512);
	struct smb2_keys *server = keys(true);
	struct smb2_line l = line();
	enum fault_kind kind;
	uint64_t ids = 0;
	unsigned heard;

	l.keys = keys(false);
	l.sealing = true;
	l.smb_heard = true;
	l.session_id = 7;
	say(&l, SMB2_LOGOFF);
	smb2_put_header(&m, &h);
	put_u32le(&m, 4);
	put_envelope(&w, server, &m, outer, flags, (uint32_t)((int)m.len + size_error));
	heard = hear_cut(&l, &w, 10, &ids);
	kind = l.fault.kind;
	assert_int_equal(heard, kind == FAULT_NONE);
	smb2_line_drop(&l);
	smb2_keys_free(server);
	wire_drop(&m);
	wire_drop(&w);
	return kind;
}

static void envelopes_must_be_for_this_session(void **state)
{
	(void)state;

	assert_int_equal(hear_envelope(7, 7, 1, 0), FAULT_NONE);
	assert_int_equal(hear_envelope(8, 7, 1, 0), FAULT_PROTOCOL);
	assert_int_equal(hear_envelope(7, 8, 1, 0), FAULT_PROTOCOL);
	assert_int_equal(hear_envelope(7, 7, 0, 0), FAULT_PROTOCOL);
	assert_int_equal(hear_envelope(7, 7, 1, 1), FAULT_PROTOCOL);
	assert_int_equal(hear_envelope(7, 7, 1, -1), FAULT_PROTOCOL);
}

/* Each envelope has a nonce of its own, and what it hides is not seen. */
static void sealed_requests_never_repeat_a_nonce(void **state)
{
	struct smb2_line l = line();
	struct bytes out;
	(void)state;

	l.keys = keys(false);
	l.sealing = true;
	l.credits = 2;
	say(&l, SMB2_LOGOFF);
	say(&l, SMB2_LOGOFF);
	out = wire_written(&l.outgoing);
	assert_int_equal(out.len, 2 * (4 + 52 + 68));
	assert_memory_equal(out.at + 4, "\xfdSMB", 4);
	assert_memory_not_equal(out.at + 24, out.at + 124 + 24, 16);
	assert_null(memmem(out.at, out.len, "\xfeSMB", 4));
	smb2_line_drop(&l);
}

/* [MS-SMB2] 3.3.5.2: what a server finds before it looks at the signature it sends
 * unsigned, or with zeros or the request's own signature in its place. */
static void hear_early(uint32_t status, uint32_t flags, int signature,
		       enum fault_reason expected)
{
	struct smb2_header h = { .command = SMB2_LOGOFF,
				 .status = status,
				 .flags = SMB2_FLAG_RESPONSE | flags };
	struct wire_out m = wire_out(256), w = wire_out(512);
	struct smb2_line l = line();
	uint64_t ids = 0;

	l.keys = keys(false);
	say(&l, SMB2_LOGOFF);
	smb2_put_header(&m, &h);
	put_u64le(&m, 9);
	if (signature == 'e')
		fill_bytes(&m, 48, smb2_said(&l).at + 48, 16);
	else if (signature)
		m.at[50] = (uint8_t)signature;
	put_frame(&w, wire_written(&m));
	assert_int_equal(hear_cut(&l, &w, 10, &ids), 0);
	assert_int_equal(l.fault.reason, expected);
	assert_int_equal(l.fault.code, expected == REASON_SESSION_ENDED ? status : 0);
	smb2_line_drop(&l);
	wire_drop(&m);
	wire_drop(&w);
}

static void an_early_error_is_no_tampering(void **state)
{
	static const uint32_t early[] = { 0xC0000203, 0xC000035C, 0xC00000C9, 0xC0000128,
					  0xC000000D };

	(void)state;
	for (size_t i = 0; i < sizeof early / sizeof *early; i++) {
		hear_early(early[i], 0, 0, REASON_SESSION_ENDED);
		hear_early(early[i], SMB2_FLAG_SIGNED, 0, REASON_SESSION_ENDED);
		hear_early(early[i], SMB2_FLAG_SIGNED, 'e', REASON_SESSION_ENDED);
		hear_early(early[i], SMB2_FLAG_SIGNED, 7, REASON_BAD_SIGNATURE);
	}
	hear_early(0xC0000022, 0, 0, REASON_UNSIGNED_ANSWER);
	hear_early(0xC0000022, SMB2_FLAG_SIGNED, 0, REASON_BAD_SIGNATURE);
	hear_early(0, 0, 0, REASON_UNSIGNED_ANSWER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_as_published),
		cmocka_unit_test(ids_count_up_and_credits_are_spent),
		cmocka_unit_test(charge_follows_dialect),
		cmocka_unit_test(answers_come_cut_joined_and_in_any_order),
		cmocka_unit_test(compound_answers_are_taken_apart),
		cmocka_unit_test(replayed_answer_is_refused),
		cmocka_unit_test(credits_have_a_ceiling),
		cmocka_unit_test(envelopes_must_be_for_this_session),
		cmocka_unit_test(sealed_requests_never_repeat_a_nonce),
		cmocka_unit_test(an_early_error_is_no_tampering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
