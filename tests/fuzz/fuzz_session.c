/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole session against a server that answers rightly but for some changed bytes.  It
 * signs or seals what it changed, so that the fuzzer reaches as deep as a hostile host
 * that knows its own keys.  The first bytes choose what kind of server it is; the others
 * are pairs of place and change, up to a change of 0 for each answer.
 */
#include "rpc/session/session_internal.h"
#include "tests/fuzz/session_play.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 200, CALLS = 3 };

static enum want go_on(struct session *s, struct peer *p, enum want want, unsigned *calls)
{
	static const uint8_t stub[24];
	struct bytes none = { NULL, 0 }, proof = { stub, sizeof stub };

	switch (want) {
	case WANT_REPLY:
		return play_exchange(s, p);
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
	struct peer_plan plan = play_server(&in, &options);
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
