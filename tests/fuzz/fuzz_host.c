/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_host.c - a host's whole dialogue, from NEGOTIATE to goodbye, with the real
 * questions and the answers a fuzzer chooses, and the record that comes of it.  No
 * socket: the same steps as scanner/host/host_talk.c, against the scripted server.
 *
 * Input: two bytes choose the server (session_play.h), two are the length of the noise
 * over its answers, which follows; the rest are the survey's answers (survey_play.h).
 */
#include "report/facts/role.h"
#include "scanner/host/outcome.h"
#include "tests/fuzz/session_play.h"
#include "tests/fuzz/survey_play.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 1000 };

struct life {
	struct session *session;
	struct survey *survey;
	struct peer peer;
	struct wire_in answers;
	bool asking;
};

/* The session brings an interface that cannot be bound to the survey by itself. */
static void script_answer(struct life *l)
{
	struct session_reply reply = play_answer(&l->answers);
	bool faults = reply.outcome == CALL_FAULTED && reply.fault_status;

	l->peer.plan.rpc_fault = faults ? reply.fault_status : 0;
	l->peer.plan.refuse_bind = reply.outcome == CALL_UNAVAILABLE;
	l->peer.plan.stub = reply.stub.at;
	l->peer.plan.stub_len = reply.stub.len;
}

static enum want ask(struct life *l)
{
	struct session_reply reply = session_reply(l->session);
	struct survey_call call;

	if (l->asking && !survey_hear(l->survey, &reply))
		return WANT_ABORT;
	l->asking = survey_next(l->survey, &call);
	if (!l->asking)
		return session_bye(l->session);
	script_answer(l);
	return session_call(l->session, call.interface, call.opnum, call.stub);
}

static enum want go_on(struct life *l, enum want want)
{
	static const uint8_t proof[24];
	struct bytes none = { NULL, 0 }, token = { proof, sizeof proof };

	switch (want) {
	case WANT_REPLY:
		return play_exchange(l->session, &l->peer);
	case WANT_TOKEN:
		if (session_peer_token(l->session).len &&
		    !session_peer_token(l->session).at)
			abort();
		return session_accepted(l->session)
			       ? session_token(l->session, none, &l->peer.key)
			       : session_token(l->session, token, NULL);
	case WANT_CALL:
		return ask(l);
	default:
		return want;
	}
}

static void live(struct life *l, struct facts *f)
{
	enum want want = session_open(l->session);
	const struct fault *fault;

	for (unsigned i = 0; i < ROUNDS_MAX; i++) {
		if (want == WANT_ABORT || want == WANT_NOTHING)
			break;
		want = go_on(l, want);
	}
	f->step = session_step_name(session_step(l->session));
	outcome_note_peer(f, session_peer(l->session));
	fault = session_fault(l->session);
	if (fault)
		outcome_note_fault(f, fault);
	else
		f->outcome = survey_answered(l->survey) ? HOST_ANSWERED
							: HOST_PROTOCOL_ERROR;
	if (fault && (f->outcome == HOST_ANSWERED || !fault->what[0]))
		abort();
}

static void check_record(struct facts *f)
{
	char when[OUTCOME_TIME_MAX];

	outcome_time(when);
	f->timestamp = when;
	facts_conclude_role(f);
	play_check_rights(f);
	play_check_record(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session_options options = { .server = "srv1.corp.example" };
	struct wire_in in = wire_in(data, size);
	struct peer_plan plan = play_server(&in, &options);
	struct bytes noise = get_bytes(&in, get_u16le(&in));
	struct life l = { .session = session_new(&options), .answers = in };
	struct facts f;

	facts_init(&f);
	f.host = options.server;
	f.port = 445;
	l.survey = survey_new(&f, play_rights, 3, NULL);
	peer_init(&l.peer, &plan);
	l.peer.noise = noise.at;
	l.peer.noise_len = noise.len;
	live(&l, &f);
	check_record(&f);
	peer_drop(&l.peer);
	survey_free(l.survey);
	session_free(l.session);
	facts_free(&f);
	return 0;
}
