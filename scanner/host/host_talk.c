/* SPDX-License-Identifier: Apache-2.0 */
/* One host's dialogue: the session says what it wants next, and gets it. */
#include <stdlib.h>
#include <string.h>

#include "scanner/console/log.h"
#include "scanner/host/host_internal.h"
#include "scanner/host/outcome.h"
#include "scanner/login/membership.h"

static const char guard_had_stopped[] = "the credential guard had stopped";

static void converse(struct host *h, enum want want);
static void say(struct host *h);
static void on_said(uv_write_t *request, int status);
static void on_room(uv_handle_t *tcp, size_t hint, uv_buf_t *room);
static void on_heard(uv_stream_t *tcp, ssize_t n, const uv_buf_t *heard);
static void prove(struct host *h);
static void on_proved(struct authenticator *authenticator);
static void ask_next(struct host *h);

/* The build that the directory has needs no question to the host; and where NTLM is being
 * switched off, every question by NTLM is an event that somebody has to explain. */
static bool wants_probe(const struct host *h)
{
	const struct directory_fact *d = h->facts.directory;
	const bool *refused = h->context->ntlm_refused;

	return h->settings->session_probe && !(d && d->build) && !(refused && *refused);
}

static void note_probe(struct host *h)
{
	bool *refused = h->context->ntlm_refused;

	if (!refused || *refused || !session_peer(h->session)->refuses_ntlm)
		return;
	*refused = true;
	log_say(LOG_WARNINGS, h->facts.host, session_step_name(STEP_PROBE),
		"NTLM is refused here: no further host is asked for its build by an NTLM "
		"version probe");
}

void host_talk(struct host *h)
{
	struct session_options options = {
		.server = h->facts.host,
		.require_encryption = h->settings->require_encryption,
		.dialect_min = h->settings->dialect_min,
		.dialect_max = h->settings->dialect_max,
		.multi_protocol = h->multi_protocol,
		.probe = wants_probe(h),
	};
	uint64_t now = uv_hrtime();

	/* What earlier addresses came to is of no interest any more. */
	h->facts.outcome = HOST_NOT_ASKED;
	h->facts.error = (struct fact_error){ 0 };
	h->facts.timing.connect = (double)(now - h->connected) / 1e6;
	h->connected = now;
	if (uv_random(NULL, NULL, options.salt, sizeof(options.salt), 0, NULL) == 0 &&
	    uv_random(NULL, NULL, options.client_guid, sizeof(options.client_guid), 0,
		      NULL) == 0)
		h->session = session_new(&options);
	if (!h->session) {
		host_leave_with(h, HOST_LOCAL_ERROR, "out of memory or randomness");
		return;
	}
	uv_tcp_nodelay(&h->tcp, 1);
	uv_read_start((uv_stream_t *)&h->tcp, on_room, on_heard);
	converse(h, session_open(h->session));
}

/* The host has accepted us as soon as the dialogue goes beyond authentication. */
static void note_login(struct host *h)
{
	const struct session_peer *peer = session_peer(h->session);
	uint64_t now;

	if (h->proved || !h->authenticator.begun ||
	    session_step(h->session) <= STEP_AUTHENTICATE)
		return;
	now = h->proved = uv_hrtime();
	h->facts.timing.authenticate = (double)(now - h->connected) / 1e6;
	h->facts.mechanism = outcome_mechanism(h->authenticator.mechanism);
	host_trace(h, "authenticate", "accepted by %s, SMB %s, %s",
		   login_mechanism_word(h->facts.mechanism),
		   smb_dialect_name(peer->dialect),
		   peer->cipher ? smb_cipher_name(peer->cipher) : "signed");
	if (h->proof_sent && h->context->accepted)
		h->context->accepted(h->arg);
	guard_accepted(&h->seat);
}

static void leave_for_fault(struct host *h, const struct fault *fault)
{
	if (h->leaving)
		return;
	outcome_note_fault(&h->facts, fault);
	host_leave(h);
}

/* Only who got the proof of a password can have tried it: a host that has not, or took a
 * ticket, says nothing of the credential. */
static void leave_for_answer(struct host *h, const struct fault *fault)
{
	if (host_awaits_verdict(h))
		guard_refused(&h->seat, fault);
	leave_for_fault(h, fault);
}

/* A call is named by what it asks. */
static const char *step_name(const struct host *h)
{
	enum session_step step = session_step(h->session);

	return h->asking && step == STEP_CALL ? survey_topic(h->survey)
					      : session_step_name(step);
}

/* What is behind us; logins and calls tell of themselves. */
static void trace_step(struct host *h, enum want want)
{
	static const char *const done[STEP_COUNT] = {
		[STEP_TREE] = "IPC$ connected",
		[STEP_PIPE] = "lsarpc opened",
		[STEP_BIND] = "accepted",
	};
	enum session_step behind = h->traced;

	if (want == WANT_TOKEN && !h->token_sent && !h->negotiated) {
		h->negotiated = true;
		host_trace(h, session_step_name(STEP_NEGOTIATE), "SMB %s",
			   smb_dialect_name(session_peer(h->session)->dialect));
	}
	h->traced = session_step(h->session);
	if (behind != h->traced && behind == STEP_VALIDATE)
		host_trace(
			h, session_step_name(behind), "%s",
			session_peer(h->session)->validated
				? "the negotiation was not changed on the way"
				: "the host is too old to confirm what was negotiated");
	if (behind != h->traced && done[behind])
		host_trace(h, session_step_name(behind), "%s", done[behind]);
}

static void leave_politely(struct host *h)
{
	note_probe(h);
	host_leave(h);
}

static void converse(struct host *h, enum want want)
{
	if (want == WANT_MORE)
		return; /* half an answer earns no extra time */
	if (want == WANT_ABORT) {
		h->facts.step = session_fault(h->session)->step;
		leave_for_answer(h, session_fault(h->session));
		return;
	}
	trace_step(h, want);
	note_login(h);
	if (h->proved && h->login_only) {
		host_leave(h);
		return;
	}
	if (want != WANT_CALL)
		host_begin(h, step_name(h),
			   host_awaits_verdict(h) ? h->settings->login_ms
						  : h->settings->request_ms);
	say(h);
	if (h->leaving)
		return;
	if (want == WANT_TOKEN)
		prove(h);
	else if (want == WANT_CALL)
		ask_next(h);
	else if (want == WANT_NOTHING)
		leave_politely(h);
}

/* Most requests fit the socket's buffer and are gone at once; what does not is written by
 * the loop, one write at a time. */
static void say(struct host *h)
{
	struct bytes out;
	uv_buf_t rest;
	int n;

	if (h->saying.at || h->leaving)
		return;
	out = session_take_outgoing(h->session);
	if (!out.at)
		return;
	rest = uv_buf_init((char *)out.at, (unsigned)out.len);
	n = uv_try_write((uv_stream_t *)&h->tcp, &rest, 1);
	if (n >= 0 && (size_t)n == out.len) {
		free((void *)out.at);
		return;
	}
	if (n > 0)
		rest = uv_buf_init((char *)out.at + n, (unsigned)(out.len - (size_t)n));
	h->saying = out;
	if (n >= 0 || n == UV_EAGAIN)
		n = uv_write(&h->writing, (uv_stream_t *)&h->tcp, &rest, 1, on_said);
	if (n < 0)
		host_leave_for_socket(h, n);
	else
		h->owed++;
}

static void on_said(uv_write_t *request, int status)
{
	struct host *h = container_of(request, struct host, writing);

	free((void *)h->saying.at);
	h->saying = (struct bytes){ 0 };
	if (status < 0)
		host_leave_for_socket(h, status);
	else
		say(h); /* the answer may have overtaken us */
	host_settle(h);
}

/* One buffer serves all hosts of a loop: libuv hands it back before it asks again, and
 * the session keeps what it needs of it.  Where the loop's turn has taken its time there
 * is none: what a host said stays where it is until the next turn, so that timers and
 * others come in between (turn.h). */
static void on_room(uv_handle_t *tcp, size_t hint, uv_buf_t *room)
{
	static _Thread_local char shared[1 << 16];
	const struct turn *turn = container_of(tcp, struct host, tcp)->context->turn;

	(void)hint;
	*room = uv_buf_init(shared, turn && turn_is_over(turn) ? 0 : sizeof(shared));
}

/* Before the login the ceilings of its messages are enough: what ends it would have to be
 * settled. */
static void hear(struct host *h, const char *bytes, size_t n)
{
	enum want want = session_hear(h->session, bytes, n);

	if (h->proved && !budget_have(&h->dialogue, session_memory(h->session)))
		host_leave_for(h, HOST_PROTOCOL_ERROR, REASON_ANSWER_TOO_LARGE);
	else
		converse(h, want);
}

static void on_heard(uv_stream_t *tcp, ssize_t n, const uv_buf_t *heard)
{
	struct host *h = container_of(tcp, struct host, tcp);

	if (h->leaving || !h->session || n == 0 || n == UV_ENOBUFS)
		return;
	if (h->seat.waiting || authenticator_in_line(&h->authenticator)) {
		h->put_off = PUT_OFF_CREDENTIAL; /* it grew tired before its turn */
		host_leave(h);
	} else if (n < 0) {
		if (!host_try_multi_protocol(h, (int)n))
			host_leave_for_socket(h, (int)n);
	} else if (authenticator_busy(&h->authenticator)) {
		host_leave_for(h, HOST_PROTOCOL_ERROR, REASON_UNEXPECTED_ANSWER);
	} else {
		host_spend(h, 1 + (size_t)n / TURN_HEARD_BYTES);
		hear(h, heard->base, (size_t)n);
	}
}

/* ---- authenticate: security tokens are made off the loop ---- */

/* A host outside of the account's domain does not know it, and is not given what a
 * password can be guessed from.  Left without a proof, it says nothing to the guard. */
static bool is_foreign(struct host *h)
{
	const struct ntlm_challenge *challenge = session_challenge(h->session);
	enum membership membership = MEMBERSHIP_UNKNOWN;
	char what[200];

	if (challenge && !h->proof_sent)
		membership = membership_of(challenge, h->domain);
	if (membership == MEMBERSHIP_NONE) {
		host_leave_for(h, HOST_FOREIGN, REASON_NO_DOMAIN);
	} else if (membership == MEMBERSHIP_OTHER) {
		snprintf(what, sizeof what, "the host belongs to the domain \"%.80s\"",
			 challenge->netbios_domain ? challenge->netbios_domain
						   : challenge->dns_domain);
		host_leave_with(h, HOST_FOREIGN, facts_text(&h->facts, what));
		h->facts.error.reason = fault_reason_word(REASON_OTHER_DOMAIN);
	}
	return membership == MEMBERSHIP_NONE || membership == MEMBERSHIP_OTHER;
}

/* The first token waits for the guard; a later one may have to again, and is not sent
 * with a credential that was stopped meanwhile. */
static void prove(struct host *h)
{
	enum guard_answer answer;

	if (is_foreign(h))
		return;
	if (h->guard && !h->seat.logging_on)
		answer = guard_ask(h->guard, &h->seat);
	else
		answer = guard_ask_proof(&h->seat);
	if (answer == GUARD_WAIT)
		host_begin(h, "authenticate", h->context->patience_ms);
	else
		host_on_told(&h->seat, answer);
}

void host_on_told(struct guard_seat *seat, enum guard_answer answer)
{
	struct host *h = container_of(seat, struct host, seat);
	struct bytes opening;

	if (answer == GUARD_STOP) {
		host_leave_with(h, HOST_GUARDED, guard_had_stopped);
		return;
	}
	if (!h->authenticator.begun && authenticator_open(&h->authenticator, &opening)) {
		h->token_sent = true;
		converse(h, session_token(h->session, opening, NULL));
		return;
	}
	host_begin(h, "authenticate",
		   h->authenticator.begun ? h->settings->request_ms : 0);
	if (authenticator_step(&h->authenticator, session_peer_token(h->session),
			       on_proved))
		h->owed++;
	else
		host_leave_with(h, HOST_PROTOCOL_ERROR,
				"the host asks for a token too many");
}

/* To stand in line for a login is not the host's fault: its time begins after it. */
void host_on_authenticator_started(struct authenticator *authenticator)
{
	struct host *h = container_of(authenticator, struct host, authenticator);

	host_begin(h, "authenticate", h->settings->request_ms);
}

/* The guard may have changed its mind while the token was made. */
static bool may_prove(struct host *h)
{
	enum guard_answer answer = guard_may_prove(&h->seat);

	if (answer == GUARD_STOP) {
		host_leave_with(h, HOST_GUARDED, guard_had_stopped);
	} else if (answer == GUARD_WAIT) {
		h->put_off = PUT_OFF_CREDENTIAL;
		host_leave(h);
	}
	return answer == GUARD_GO;
}

/* Any token but the first proves the password to the host, unless a ticket is the proof:
 * NTLM's AUTHENTICATE is the second. */
static void send_token(struct host *h)
{
	struct authenticator *a = &h->authenticator;

	if ((h->token_sent || a->complete) && a->mechanism != AUTH_KERBEROS) {
		if (!may_prove(h))
			return;
		h->proof_sent = true;
		guard_proof_sent(&h->seat);
	}
	h->token_sent = true;
	host_spend(h, TURN_LOGIN);
	converse(h, session_token(h->session, a->token, a->complete ? &a->key : NULL));
}

/* A mechanism that fails for the credential's sake passes on what the KDC said. */
static void leave_for_mechanism(struct host *h, const struct fault *fault)
{
	if (fault->kind == FAULT_LOGON_REFUSED)
		guard_refused(&h->seat, fault);
	leave_for_fault(h, fault);
}

static void on_proved(struct authenticator *authenticator)
{
	struct host *h = container_of(authenticator, struct host, authenticator);

	if (h->leaving)
		host_release_mechanism(h);
	else if (authenticator->failed)
		leave_for_mechanism(h, &authenticator->fault);
	else
		send_token(h);
	authenticator_wipe(authenticator);
	host_settle(h);
}

/* ---- ask ---- */

/* False: the answer makes no sense, and the host is left. */
static bool hear_answer(struct host *h)
{
	struct session_reply reply = session_reply(h->session);
	bool sense = survey_hear(h->survey, &reply);

	host_spend(h, reply.stub.len / TURN_ANSWER_BYTES);
	if (*survey_told(h->survey))
		host_trace(h, survey_topic(h->survey), "%s", survey_told(h->survey));
	if (!sense && survey_starved(h->survey))
		host_leave_for(h, HOST_LOCAL_ERROR, REASON_OUT_OF_MEMORY);
	else if (!sense)
		host_leave_for(h, HOST_PROTOCOL_ERROR, REASON_MALFORMED_ANSWER);
	return sense;
}

static void ask_next(struct host *h)
{
	struct survey_call call;

	if (!h->survey)
		h->survey = survey_new(&h->facts, h->settings->rights,
				       h->settings->right_count, h->context->pot);
	if (!h->survey) {
		host_leave_for(h, HOST_LOCAL_ERROR, REASON_OUT_OF_MEMORY);
		return;
	}
	if (!h->asking)
		survey_name_elsewhere(h->survey, h->context->named_elsewhere,
				      h->context->named_arg);
	if (h->asking && !hear_answer(h))
		return;
	h->asking = survey_next(h->survey, &call);
	if (h->asking)
		converse(h,
			 session_call(h->session, call.interface, call.opnum, call.stub));
	else if (survey_starved(h->survey))
		host_leave_for(h, HOST_LOCAL_ERROR, REASON_OUT_OF_MEMORY);
	else
		converse(h, session_bye(h->session));
}
