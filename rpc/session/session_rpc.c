/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the dialogue that is spoken through the pipe: open it, bind an interface,
 * call.
 *
 * One PDU at a time goes out by TRANSCEIVE (all but the last of a long request by WRITE)
 * and its answer comes back with it; READ fetches what did not fit and the fragments
 * that follow.  The first interface of a pipe is bound, a second comes by alter context
 * on the same pipe, or over another instance of it where the host refuses that.
 */
#include <string.h>

#include "rpc/session/session_internal.h"
#include "rpc/wire/ntstatus.h"
#include "rpc/wire/utf16.h"

static enum want be_called(struct session *s);
static enum want find_pipe(struct session *s);
static enum want reply(struct session *s, enum call_outcome outcome);

/* ---- a call begins ---- */

enum want session_call(struct session *s, enum interface i, uint16_t opnum,
		       struct bytes stub)
{
	if (s->line.fault.kind != FAULT_NONE)
		return WANT_ABORT;
	s->calling = true;
	s->called = i;
	s->reply = (struct session_reply){ 0 };
	s->request = (struct dcerpc_request){ .opnum = opnum, .context_id = (uint16_t)i };
	wire_reset(&s->question);
	put_bytes(&s->question, stub.at, stub.len);
	if (s->question.bad)
		return session_fail(s, REASON_OUT_OF_MEMORY);
	s->request.stub = wire_written(&s->question);
	return be_called(s);
}

static enum want be_called(struct session *s)
{
	switch (s->bindings[s->called].state) {
	case BOUND:
		return session_speak(s, STEP_CALL);
	case NOT_YET_BOUND:
		return find_pipe(s);
	case NOT_TO_BE_HAD:
		break;
	}
	return reply(s, CALL_UNAVAILABLE);
}

/* Bind over the newest pipe of the interface, or over a new one when there is none or it
 * has died. */
static enum want find_pipe(struct session *s)
{
	size_t i = s->pipe_count;

	while (i > 0 && strcmp(s->pipes[i - 1].name, interface_pipe(s->called)) != 0)
		i--;
	if (i > 0 && !s->pipes[i - 1].dead) {
		s->binding = i - 1;
		return session_speak(s, STEP_BIND);
	}
	if (s->pipe_count < INTERFACE_COUNT)
		return session_speak(s, STEP_PIPE);
	s->bindings[s->called].state = NOT_TO_BE_HAD;
	return reply(s, CALL_UNAVAILABLE);
}

static enum want reply(struct session *s, enum call_outcome outcome)
{
	s->calling = false;
	s->reply.outcome = outcome;
	if (outcome == CALL_UNAVAILABLE)
		s->reply.fault_status = s->bindings[s->called].fault_status;
	return WANT_CALL;
}

/* ---- open pipe ---- */

bool say_pipe(struct session *s)
{
	struct wire_out *w = smb2_begin(&s->line, SMB2_CREATE);

	wire_reset(&s->names);
	put_utf16(&s->names, interface_pipe(s->called));
	smb2_put_create(w, wire_written(&s->names));
	return !s->names.bad && smb2_say(&s->line);
}

/* The first pipe is a must, a second one a help. */
enum want hear_pipe(struct session *s, const struct smb2_answer *a)
{
	struct session_pipe pipe = { .name = interface_pipe(s->called),
				     .max_fragment = DCERPC_FRAGMENT_MAX };

	if (a->is_error && s->calling) {
		s->bindings[s->called].state = NOT_TO_BE_HAD;
		return reply(s, CALL_UNAVAILABLE);
	}
	if (a->is_error)
		return session_refused(s, a->header.status);
	if (!smb2_get_create(a->message, &pipe.file))
		return session_fail(s, REASON_MALFORMED_ANSWER);
	s->binding = s->pipe_count;
	s->pipes[s->pipe_count++] = pipe;
	return s->calling ? session_speak(s, STEP_BIND) : WANT_CALL;
}

/* ---- one PDU there, one back ---- */

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static bool transceive(struct session *s, const struct session_pipe *pipe)
{
	struct wire_out *w = smb2_begin(&s->line, SMB2_IOCTL);

	smb2_put_ioctl(w, FSCTL_PIPE_TRANSCEIVE, &pipe->file, wire_written(&s->pdu),
		       smaller(DCERPC_FRAGMENT_MAX, s->negotiated.max_transact));
	return !s->pdu.bad && smb2_say(&s->line);
}

static bool write_pdu(struct session *s, const struct session_pipe *pipe)
{
	struct wire_out *w = smb2_begin(&s->line, SMB2_WRITE);

	smb2_put_write(w, &pipe->file, wire_written(&s->pdu));
	return !s->pdu.bad && smb2_say(&s->line);
}

static enum want read_on(struct session *s, const struct session_pipe *pipe)
{
	struct wire_out *w = smb2_begin(&s->line, SMB2_READ);

	smb2_put_read(w, &pipe->file,
		      smaller(DCERPC_FRAGMENT_MAX, s->negotiated.max_read));
	if (smb2_say(&s->line))
		return WANT_REPLY;
	return session_fail(s, REASON_OUT_OF_MEMORY);
}

/* An answer that could not be kept is the host's fault only when it is too long. */
static enum want hear_broken(struct session *s)
{
	const struct dcerpc_reader *r = &s->reader;
	bool too_long = r->stub.len > DCERPC_STUB_MAX - DCERPC_FRAGMENT_MAX;

	if (r->pdu.bad || (r->stub.bad && !too_long))
		return session_fail(s, REASON_OUT_OF_MEMORY);
	return session_fail_words(s, REASON_MALFORMED_ANSWER, dcerpc_why(r));
}

/* What came through the pipe.  WANT_CALL: `answer` is whole; other wants go out as they
 * are.  An empty success would let us read for ever, so it is refused. */
static enum want hear_pdu(struct session *s, const struct session_pipe *pipe,
			  const struct smb2_answer *a, struct dcerpc_answer *answer)
{
	bool waiting = a->header.status == STATUS_BUFFER_OVERFLOW;
	struct bytes data = { NULL, 0 };
	bool good = a->header.command == SMB2_READ
			    ? smb2_get_read(a->message, &data)
			    : smb2_get_ioctl(a->message, FSCTL_PIPE_TRANSCEIVE,
					     &pipe->file, &data);

	if (!good)
		return session_fail(s, REASON_MALFORMED_ANSWER);
	if (!data.len)
		return session_fail_words(s, REASON_MALFORMED_ANSWER,
					  "the pipe's answer is empty");
	switch (dcerpc_hear(&s->reader, data, answer)) {
	case DCERPC_MORE:
		return read_on(s, pipe);
	case DCERPC_WHOLE:
		if (!waiting)
			return WANT_CALL;
		return session_fail_words(s, REASON_MALFORMED_ANSWER,
					  "the pipe holds more than one answer");
	case DCERPC_BROKEN:
		break;
	}
	return hear_broken(s);
}

/* ---- bind ---- */

bool say_bind(struct session *s)
{
	const struct session_pipe *pipe = &s->pipes[s->binding];
	const struct dcerpc_syntax syntax = interface_syntax(s->called);
	uint16_t context_id = (uint16_t)s->called;

	s->call_id++;
	wire_reset(&s->pdu);
	if (pipe->associated)
		dcerpc_put_alter_context(&s->pdu, s->call_id, context_id, &syntax);
	else
		dcerpc_put_bind(&s->pdu, s->call_id, context_id, &syntax);
	dcerpc_expect(&s->reader, pipe->associated ? DCERPC_ALTER_CONTEXT : DCERPC_BIND,
		      s->call_id);
	return transceive(s, pipe);
}

/* Refused where another interface is bound already: a pipe of its own may do. */
static enum want bind_elsewhere(struct session *s, bool altered)
{
	if (altered && s->pipe_count < INTERFACE_COUNT)
		return session_speak(s, STEP_PIPE);
	s->bindings[s->called].state = NOT_TO_BE_HAD;
	return reply(s, CALL_UNAVAILABLE);
}

enum want hear_bind(struct session *s, const struct smb2_answer *a)
{
	struct session_pipe *pipe = &s->pipes[s->binding];
	bool altered = pipe->associated;
	struct dcerpc_answer answer = { 0 };
	enum want want;

	if (a->is_error) {
		pipe->dead = true;
		return altered ? bind_elsewhere(s, altered)
			       : session_refused(s, a->header.status);
	}
	want = hear_pdu(s, pipe, a, &answer);
	if (want != WANT_CALL)
		return want;
	pipe->dead = answer.kind == DCERPC_REFUSED;
	pipe->associated = true;
	s->bindings[s->called].fault_status = answer.kind == DCERPC_FAULTED
						      ? answer.fault_status
						      : 0;
	if (answer.kind != DCERPC_BOUND)
		return bind_elsewhere(s, altered);
	if (!altered)
		pipe->max_fragment = answer.max_fragment;
	s->bindings[s->called].state = BOUND;
	s->bindings[s->called].pipe = s->binding;
	return session_speak(s, STEP_CALL);
}

/* ---- call ---- */

static const struct session_pipe *called_pipe(const struct session *s)
{
	return &s->pipes[s->bindings[s->called].pipe];
}

/* Says one PDU; hear_call comes back here while there are more. */
bool say_call(struct session *s)
{
	const struct session_pipe *pipe = called_pipe(s);
	bool last;

	if (!s->request.sent) {
		s->request.call_id = ++s->call_id;
		s->request.max_fragment = pipe->max_fragment;
		dcerpc_expect(&s->reader, DCERPC_REQUEST, s->call_id);
	}
	wire_reset(&s->pdu);
	last = dcerpc_put_request(&s->pdu, &s->request);
	return last ? transceive(s, pipe) : write_pdu(s, pipe);
}

enum want hear_call(struct session *s, const struct smb2_answer *a)
{
	struct dcerpc_answer answer = { 0 };
	uint32_t written;
	enum want want;

	if (a->header.command == SMB2_WRITE) {
		if (!smb2_get_write(a->message, &written) || written != s->pdu.len)
			return session_fail_words(s, REASON_MALFORMED_ANSWER,
						  "the pipe accepted a part of a "
						  "fragment only");
		return session_speak(s, STEP_CALL);
	}
	want = hear_pdu(s, called_pipe(s), a, &answer);
	if (want != WANT_CALL)
		return want;
	s->reply.fault_status = answer.fault_status;
	s->reply.stub = answer.stub;
	if (answer.kind == DCERPC_FAULTED)
		s->reply.stub = (struct bytes){ NULL, 0 };
	return reply(s, answer.kind == DCERPC_FAULTED ? CALL_FAULTED : CALL_ANSWERED);
}
