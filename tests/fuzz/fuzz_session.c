/*
 * A whole session against a server that answers rightly but for some changed bytes.  It
 * signs or seals what it changed, so that the fuzzer reaches as deep as a hostile host
 * that knows its own keys.  The first bytes choose what kind of server it is; the others
 * are pairs of place and change, up to a change of 0 for each answer.
 */
#include "rpc/session_parts.h"
#include "tests/smb_peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 200, CALLS = 3 };

/* One name and the end of the list. */
static const uint8_t challenge[] = "NTLMSSP\0\2\0\0\0\0\0\0\0\x38\0\0\0\1\0\x80\2"
				   "challengereserved\x0a\0\x0a\0\x38\0\0\0"
				   "\x0a\0\x63\x45\0\0\0\x0f"
				   "\1\0\2\0h\0\0\0\0";

static struct peer_plan choose(struct wire_in *in, struct session_options *options)
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
	options->look = kind / 75 & 1;
	plan.challenge = (struct bytes){ challenge, sizeof challenge };
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

static enum want exchange(struct session *s, struct peer *p)
{
	struct bytes said = session_take_outgoing(s);
	enum want want;

	wire_reset(&p->saying);
	peer_hear(p, said);
	free((void *)said.at);
	if (!p->saying.len)
		return WANT_ABORT;
	want = session_hear(s, p->saying.at, p->saying.len);
	return want == WANT_MORE ? WANT_ABORT : want;
}

static enum want go_on(struct session *s, struct peer *p, enum want want, unsigned *calls)
{
	static const uint8_t stub[24];
	struct bytes none = { NULL, 0 }, proof = { stub, sizeof stub };

	switch (want) {
	case WANT_REPLY:
		return exchange(s, p);
	case WANT_TOKEN:
		return session_accepted(s) ? session_token(s, none, &p->key)
					   : session_token(s, proof, NULL);
	case WANT_CALL:
		if (++*calls > CALLS)
			return session_bye(s);
		return session_call(s, *calls % INTERFACE_COUNT, 35, proof);
	default:
		return want;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session_options options = { .server = "host" };
	struct wire_in in = wire_in(data, size);
	struct peer_plan plan = choose(&in, &options);
	struct session *s = session_new(&options);
	unsigned calls = 0;
	struct peer p;
	enum want want;

	peer_init(&p, &plan);
	p.noise = in.at;
	p.noise_len = in.left;
	want = session_open(s);
	for (unsigned i = 0; i < ROUNDS_MAX; i++) {
		if (want == WANT_ABORT || want == WANT_NOTHING)
			break;
		want = go_on(s, &p, want, &calls);
	}
	peer_drop(&p);
	session_free(s);
	return 0;
}
