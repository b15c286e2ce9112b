/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_play.h - the server of a fuzzed session: two bytes choose what kind it is.
 */
#ifndef TESTS_FUZZ_SESSION_PLAY_H
#define TESTS_FUZZ_SESSION_PLAY_H

#include "tests/rpc/smb_peer.h"

/* A name, the time and the end of the list. */
static const uint8_t play_challenge[] = "NTLMSSP\0\2\0\0\0\0\0\0\0\x38\0\0\0\1\0\x80\2"
					"challengreserved\x16\0\x16\0\x38\0\0\0"
					"\x0a\0\x63\x45\0\0\0\x0f"
					"\1\0\2\0h\0\7\0\x08\0timetime\0\0\0\0";

static inline struct peer_plan play_server(struct wire_in *in,
					   struct session_options *options)
{
	static const uint16_t dialects[] = { SMB_3_1_1, SMB_2_0_2, SMB_2_1, SMB_3_0,
					     SMB_3_0_2 };
	struct peer_plan plan = { 0 };
	uint8_t kind = get_u8(in), ways = get_u8(in);

	plan.dialect = dialects[kind % 5];
	plan.signing = kind / 5 % 3;
	plan.cipher = plan.dialect < SMB_3_0 ? 0 : kind / 15 % 5;
	if (plan.dialect < SMB_3_1_1 && plan.cipher)
		plan.cipher = SMB2_AES_128_CCM;
	options->require_encryption = plan.cipher && ways & 1;
	options->probe = kind / 75 & 1;
	plan.ntlm = kind >= 150;
	options->multi_protocol = kind >= 225;
	plan.challenge = (struct bytes){ play_challenge, sizeof play_challenge - 1 };
	plan.refuse_alter = ways & 2;
	plan.one_pipe = ways & 4;
	plan.pending = ways & 8 ? 1 : 0;
	plan.answer_max = ways & 16 ? 20 : 0;
	plan.rpc_fault = ways & 32 ? 5 : 0;
	plan.fragment_stub = ways & 64 ? 16 : 0;
	plan.stub_len = 60;
	plan.share_flags = ways & 128 && plan.cipher ? SMB2_SHARE_ENCRYPT : 0;
	return plan;
}

static inline enum want play_exchange(struct session *s, struct peer *p)
{
	struct bytes said = session_take_outgoing(s);
	enum want want;

	wire_reset(&p->saying);
	peer_hear(p, said);
	if (said.len > 4 && said.at[4] == 0xFF) /* SMB1, which the server does not read */
		put_bytes(&p->saying, p->noise, p->noise_len);
	free((void *)said.at);
	if (!p->saying.len)
		return WANT_ABORT;
	want = session_hear(s, p->saying.at, p->saying.len);
	return want == WANT_MORE ? WANT_ABORT : want;
}

#endif
