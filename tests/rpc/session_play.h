/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_play.h - one dialogue of a session with the scripted server of smb_peer.h, from
 * its plan to its end.  For test_session.c and test_session_lies.c; include cmocka first.
 */
#ifndef RPC_SESSION_PLAY_H
#define RPC_SESSION_PLAY_H

#include "rpc/session/session_internal.h"
#include "tests/rpc/smb_peer.h"

/* What a dialogue is to do, and what came of it. */
struct play {
	struct peer_plan plan;
	struct session_options options;
	size_t cut;          /* bytes a session_hear(); 0: all there are */
	size_t question_len; /* of each call's stub */
	unsigned calls;      /* made to LSARPC and DSSETUP in turn, or files read */
	bool lie;            /* our key is not the host's */
	/* ---- */
	enum want end;
	struct fault fault;
	struct session_peer peer; /* its names are gone but for these */
	char netbios_name[32], dns_name[64];
	unsigned answered, faulted, unavailable, unprotected, pipes, rounds;
	bool calls_right; /* every stub came over whole, both ways */
};

static inline struct bytes text(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

static inline enum want prove(struct session *s, struct peer *p, const struct play *play)
{
	static const struct session_key wrong = { .bytes = "another key than",
						  .len = 16 };

	if (!session_accepted(s)) {
		assert_int_equal(session_peer_token(s).len,
				 p->rounds ? peer_token(p).len : 5);
		return session_token(s, text(p->rounds ? "proof two" : "proof one"),
				     NULL);
	}
	assert_int_equal(session_peer_token(s).len, 9);
	return session_token(s, text(""), play->lie ? &wrong : &p->key);
}

static inline void check_file_read(struct session *s, struct peer *p, struct play *play)
{
	struct session_file file = session_file(s);

	play->answered += file.outcome == FILE_WHOLE;
	play->calls_right &= file.data.len == p->plan.file_len;
	for (size_t i = 0; i < file.data.len; i++)
		play->calls_right &= file.data.at[i] == peer_file_byte((uint32_t)i);
}

static inline void check_call(struct session *s, struct peer *p, struct play *play)
{
	struct session_reply r = session_reply(s);

	if (play->options.share) {
		check_file_read(s, p, play);
		return;
	}
	play->answered += r.outcome == CALL_ANSWERED;
	play->faulted += r.outcome == CALL_FAULTED;
	play->unavailable += r.outcome == CALL_UNAVAILABLE;
	if (r.outcome == CALL_FAULTED)
		assert_int_equal(r.fault_status, p->plan.rpc_fault);
	if (r.outcome != CALL_ANSWERED)
		return;
	play->calls_right &= r.stub.len == play->plan.stub_len &&
			     p->received.len == play->question_len;
	for (size_t i = 0; i < r.stub.len; i++)
		play->calls_right &= r.stub.at[i] == (uint8_t)i;
	for (size_t i = 0; i < p->received.len; i++)
		play->calls_right &= p->received.at[i] == (uint8_t)(i * 7);
}

static inline enum want next_call(struct session *s, const struct play *play, unsigned n)
{
	uint8_t *stub;
	enum want want;

	if (play->options.share)
		return session_read(s, "a\\file", UINT32_MAX);
	stub = malloc(play->question_len + 1);
	for (size_t i = 0; i < play->question_len; i++)
		stub[i] = (uint8_t)(i * 7);
	want = session_call(s, n % 2 ? INTERFACE_DSSETUP : INTERFACE_LSARPC, 35,
			    (struct bytes){ stub, play->question_len });
	free(stub);
	return want;
}

/* Move what was said to the other end, and its answer back, in pieces. */
static inline enum want converse(struct session *s, struct peer *p,
				 const struct play *play)
{
	struct bytes said = session_take_outgoing(s), heard;
	struct wire_in in;
	enum want want = WANT_MORE;

	assert_null(session_take_outgoing(s).at);
	wire_reset(&p->saying);
	peer_hear(p, said);
	free((void *)said.at);
	heard = wire_written(&p->saying);
	in = wire_in_bytes(heard);
	while (in.left && want != WANT_ABORT) {
		size_t len = play->cut && play->cut < in.left ? play->cut : in.left;
		struct bytes some = get_bytes(&in, len);
		uint8_t *exact = malloc(len);
		enum want now;

		memcpy(exact, some.at, len);
		now = session_hear(s, exact, len);
		free(exact);
		want = now == WANT_MORE ? want : now;
	}
	return want;
}

static inline void perform(struct play *play)
{
	struct session *s;
	struct peer p;
	unsigned made = 0;
	enum want want;

	play->options.server = "host.example";
	play->calls_right = true;
	peer_init(&p, &play->plan);
	s = session_new(&play->options);
	assert_non_null(s);
	want = session_open(s);
	while (want == WANT_REPLY || want == WANT_TOKEN || want == WANT_CALL) {
		if (want == WANT_REPLY) {
			want = converse(s, &p, play);
			continue;
		}
		if (want == WANT_TOKEN) {
			want = prove(s, &p, play);
			continue;
		}
		if (made)
			check_call(s, &p, play);
		want = made < play->calls ? next_call(s, play, made) : session_bye(s);
		made++;
	}
	play->end = want;
	if (session_fault(s))
		play->fault = *session_fault(s);
	play->peer = *session_peer(s);
	strncpy(play->netbios_name, play->peer.netbios_name,
		sizeof play->netbios_name - 1);
	strncpy(play->dns_name, play->peer.dns_name, sizeof play->dns_name - 1);
	play->unprotected = p.unprotected;
	play->pipes = p.pipes;
	play->rounds = p.rounds;
	peer_drop(&p);
	session_free(s);
}

static inline void assert_good(const struct play *play)
{
	if (play->end != WANT_NOTHING)
		print_error("%s: %s\n", play->fault.step, play->fault.what);
	assert_int_equal(play->end, WANT_NOTHING);
	assert_int_equal(play->answered, play->calls);
	assert_true(play->calls_right);
	assert_int_equal(play->unprotected, 0);
}

static inline void assert_fault(const struct play *play, const char *step,
				enum fault_kind kind)
{
	if (play->fault.kind != kind)
		print_error("%s: %s\n", play->fault.step, play->fault.what);
	assert_int_equal(play->end, WANT_ABORT);
	assert_int_equal(play->fault.kind, kind);
	assert_string_equal(play->fault.step, step);
}

#endif
