/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dialogue, in the order it is spoken.
 *
 *   negotiate -> authenticate (n rounds) -> tree connect -> validate -> open pipe
 *             -> bind -> call ... call -> close, or probe
 *
 * Each step says one thing and hears one answer.  The `dialogue` table is the whole
 * protocol; the say_ and hear_ functions follow its order, those of the logon in
 * session_logon.c, those of the pipe in session_rpc.c, those of a file in session_file.c.
 */
#include "rpc/session/session.h"

#include <stdlib.h>
#include <string.h>

#include "rpc/session/session_internal.h"
#include "rpc/wire/ntstatus.h"
#include "rpc/wire/limits.h"
#include "rpc/wire/utf16.h"

enum {
	SERVER_NAME_MAX = 255,  /* bytes of UTF-8 */
	TRANSACT_LEAST = 1024,  /* a server that takes less is none */
	QUESTION_MAX = 1 << 20, /* lsarpc takes no larger stub */
	TOKEN_MAX = UINT16_MAX,
	NAMES_MAX = 2048,
	TOLD_MAX = 16384,
};

/* Four frames (what is said, heard, opened and accepted), those that wait to be sent, the
 * host's token, a question, two PDUs, the names. */
_Static_assert((4 + SMB2_AWAITED_MAX) * (SMB2_FRAME_MAX + SMB2_FRAMING_SIZE) + TOKEN_MAX +
			       (128 << 10) + 2 * UINT16_MAX + NAMES_MAX + TOLD_MAX <=
		       LIMIT_SESSION_BYTES,
	       "a session stays within its limit");

static bool say_negotiate(struct session *s);
static enum want hear_negotiate(struct session *s, const struct smb2_answer *a);
static bool say_tree(struct session *s);
static enum want hear_tree(struct session *s, const struct smb2_answer *a);
static bool say_validate(struct session *s);
static enum want hear_validate(struct session *s, const struct smb2_answer *a);
static bool say_bye(struct session *s);
static enum want hear_bye(struct session *s, const struct smb2_answer *a);

static const struct {
	const char *name;
	bool (*say)(struct session *s);
	enum want (*hear)(struct session *s, const struct smb2_answer *a);
	bool hears_errors; /* else an error status ends the session */
} dialogue[STEP_COUNT] = {
	[STEP_NEGOTIATE] = { "negotiate", say_negotiate, hear_negotiate, false },
	[STEP_AUTHENTICATE] = { "authenticate", say_setup, hear_setup, false },
	[STEP_TREE] = { "tree connect", say_tree, hear_tree, false },
	[STEP_VALIDATE] = { "validate", say_validate, hear_validate, true },
	[STEP_PIPE] = { "open pipe", say_pipe, hear_pipe, true },
	[STEP_BIND] = { "bind", say_bind, hear_bind, true },
	[STEP_CALL] = { "call", say_call, hear_call, false },
	[STEP_SHARE] = { "share connect", say_share, hear_share, false },
	[STEP_OPEN] = { "open file", say_open, hear_open, true },
	[STEP_READ] = { "read file", say_read, hear_read, true },
	[STEP_SHUT] = { "close file", say_shut, hear_shut, true },
	[STEP_BYE] = { "close", say_bye, hear_bye, true },
	[STEP_PROBE] = { "probe", say_probe, hear_probe, true },
};

/* ---- birth and death ---- */

struct session *session_new(const struct session_options *options)
{
	struct session *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	smb2_line_init(&s->line);
	s->line.step = dialogue[STEP_NEGOTIATE].name;
	s->names = wire_out(NAMES_MAX);
	s->peer_token = wire_out(TOKEN_MAX);
	s->acceptance = wire_out(SMB2_FRAME_MAX);
	s->question = wire_out(QUESTION_MAX);
	s->pdu = wire_out(UINT16_MAX);
	s->contents = wire_out(LIMIT_FILE_BYTES);
	s->reader = dcerpc_reader();
	s->told = arena(TOLD_MAX);
	s->peer.netbios_name = s->peer.netbios_domain = "";
	s->peer.dns_name = s->peer.dns_domain = s->peer.dns_forest = "";
	s->options = *options;
	s->options.server = strdup(options->server ? options->server : "");
	if (s->options.server)
		return s;
	session_free(s);
	return NULL;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	smb2_line_drop(&s->line);
	smb2_wipe(&s->key, sizeof s->key);
	wire_drop(&s->names);
	wire_wipe(&s->peer_token);
	wire_wipe(&s->acceptance);
	wire_drop(&s->question);
	wire_drop(&s->pdu);
	wire_drop(&s->contents);
	dcerpc_reader_drop(&s->reader);
	arena_drop(&s->told);
	free((void *)s->options.server);
	free(s);
}

size_t session_memory(const struct session *s)
{
	const struct wire_out *buffers[] = {
		&s->line.message, &s->line.outgoing, &s->line.incoming, &s->line.opened,
		&s->names,        &s->peer_token,    &s->acceptance,    &s->question,
		&s->pdu,          &s->contents,      &s->reader.pdu,    &s->reader.stub,
	};
	size_t size = sizeof(*s) + s->told.used;

	for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		size += buffers[i]->cap;
	return size;
}

/* ---- the two moves ---- */

enum want session_fail(struct session *s, enum fault_reason reason)
{
	fault_set(&s->line.fault, s->line.step, reason, CODE_NONE, 0);
	return WANT_ABORT;
}

enum want session_fail_words(struct session *s, enum fault_reason reason,
			     const char *what)
{
	fault_set_words(&s->line.fault, s->line.step, reason, CODE_NONE, 0, "%s", what);
	return WANT_ABORT;
}

enum want session_speak(struct session *s, enum session_step step)
{
	s->step = step;
	s->line.step = dialogue[step].name;
	if (dialogue[step].say(s))
		return WANT_REPLY;
	return session_fail(s, REASON_OUT_OF_MEMORY);
}

/* ---- negotiate ---- */

enum want session_open(struct session *s)
{
	const struct session_options *o = &s->options;

	put_utf16(&s->names, o->server);
	if (strlen(o->server) > SERVER_NAME_MAX || s->names.bad)
		return session_fail(s, REASON_BAD_SERVER_NAME);
	if (!smb2_offer_dialects(&s->offer, o->dialect_min, o->dialect_max))
		return session_fail(s, REASON_NO_DIALECT_OFFERED);
	s->offer.security_mode = SMB2_SIGNING_ENABLED | SMB2_SIGNING_REQUIRED;
	memcpy(s->offer.client_guid, o->client_guid, sizeof s->offer.client_guid);
	memcpy(s->offer.salt, o->salt, sizeof s->offer.salt);
	return session_speak(s, STEP_NEGOTIATE);
}

/* Both ways in, [MS-SMB2] 3.2.4.2.1 and 3.2.4.2.2.  The SMB1 message is not hashed. */
static bool say_negotiate(struct session *s)
{
	struct wire_out *w;

	if (s->options.multi_protocol && !s->asked_in_smb1) {
		s->asked_in_smb1 = true;
		smb2_put_multi_protocol(&s->pdu, s->offer.dialects[0] == SMB_2_0_2);
		return !s->pdu.bad && smb2_say_raw(&s->line, wire_written(&s->pdu));
	}
	w = smb2_begin(&s->line, SMB2_NEGOTIATE);
	s->offer.netname = wire_written(&s->names);
	smb2_put_negotiate(w, &s->offer);
	return smb2_say(&s->line) && smb2_hash_add(s->preauth, smb2_said(&s->line));
}

/* 3.2.5.2: note what was agreed on. */
static enum want accept_negotiation(struct session *s, const struct smb2_negotiated *n)
{
	s->negotiated = *n;
	s->negotiated.token = (struct bytes){ NULL, 0 };
	s->line.dialect = n->dialect;
	s->peer.dialect = n->dialect;
	s->peer.signing_required = n->security_mode & SMB2_SIGNING_REQUIRED;
	s->peer.system_time = n->system_time;
	put_bytes(&s->peer_token, n->token.at, n->token.len);
	if (s->peer_token.bad)
		return session_fail(s, REASON_OUT_OF_MEMORY);
	if (n->max_transact < TRANSACT_LEAST || n->max_read < TRANSACT_LEAST ||
	    n->max_write < TRANSACT_LEAST)
		return session_fail(s, REASON_LIMITS_TOO_SMALL);
	if (s->options.require_encryption && n->cipher == SMB2_NO_CIPHER)
		return session_fail(s, REASON_NO_ENCRYPTION);
	return WANT_TOKEN;
}

static enum want hear_negotiate(struct session *s, const struct smb2_answer *a)
{
	bool to_smb1 = s->asked_in_smb1 && !smb2_said(&s->line).len;
	struct smb2_negotiated n;

	if (!smb2_get_negotiate(a->message, &s->offer, &n))
		return session_fail_words(s, REASON_MALFORMED_ANSWER,
					  "the answer is malformed, or chooses what was "
					  "not offered");
	if (to_smb1 && n.dialect == SMB2_DIALECT_ANY)
		return session_speak(s, STEP_NEGOTIATE);
	if (n.dialect == SMB2_DIALECT_ANY || (to_smb1 && n.dialect != SMB_2_0_2))
		return session_fail(s, REASON_UNOFFERED_DIALECT);
	if (!smb2_hash_add(s->preauth, a->message))
		return session_fail(s, REASON_CRYPTO_FAILED);
	return accept_negotiation(s, &n);
}

/* ---- tree connect ---- */

bool session_say_tree(struct session *s, const char *share)
{
	struct wire_out *w = smb2_begin(&s->line, SMB2_TREE_CONNECT);

	wire_reset(&s->names);
	put_utf16(&s->names, "\\\\");
	put_utf16(&s->names, s->options.server);
	put_utf16(&s->names, "\\");
	put_utf16(&s->names, share);
	smb2_put_tree_connect(w, wire_written(&s->names));
	return !s->names.bad && smb2_say(&s->line);
}

static bool say_tree(struct session *s)
{
	return session_say_tree(s, "IPC$");
}

enum want session_begin_work(struct session *s)
{
	return s->options.share ? WANT_CALL : session_speak(s, STEP_PIPE);
}

enum want session_take_tree(struct session *s, const struct smb2_answer *a,
			    const struct smb2_tree *tree)
{
	s->line.tree_id = a->header.tree_id;
	if (tree->share_flags & SMB2_SHARE_ENCRYPT && !session_seal(s))
		return WANT_ABORT;
	return s->peer.dialect < SMB_3_1_1 ? session_speak(s, STEP_VALIDATE)
					   : session_begin_work(s);
}

static enum want hear_tree(struct session *s, const struct smb2_answer *a)
{
	struct smb2_tree tree;

	if (!smb2_get_tree_connect(a->message, &tree))
		return session_fail(s, REASON_MALFORMED_ANSWER);
	if (tree.share_type != SMB2_SHARE_PIPE)
		return session_fail(s, REASON_NOT_A_PIPE_SHARE);
	return session_take_tree(s, a, &tree);
}

/* ---- validate: was NEGOTIATE heard as it was said?  3.2.5.5 ---- */

static bool say_validate(struct session *s)
{
	static const struct smb2_file none = { .id = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						       0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						       0xff, 0xff, 0xff, 0xff } };
	struct wire_out *w = smb2_begin(&s->line, SMB2_IOCTL);

	wire_reset(&s->pdu);
	smb2_put_validate(&s->pdu, &s->offer);
	smb2_put_ioctl(w, FSCTL_VALIDATE_NEGOTIATE_INFO, &none, wire_written(&s->pdu),
		       24);
	return smb2_say(&s->line);
}

/* A host that does not know the question answers with an error.  That error is signed,
 * and 3.1.1 hosts know it, so that nobody between us can have made it up.  Access
 * denied is the one that a host gives on finding a difference. */
static enum want hear_validate(struct session *s, const struct smb2_answer *a)
{
	struct bytes output;

	if (a->is_error && a->header.status == STATUS_ACCESS_DENIED)
		return session_fail(s, REASON_NEGOTIATION_ALTERED);
	if (a->is_error)
		return session_begin_work(s);
	if (!smb2_get_ioctl(a->message, FSCTL_VALIDATE_NEGOTIATE_INFO, NULL, &output) ||
	    !smb2_same_negotiation(output, &s->negotiated))
		return session_fail(s, REASON_NEGOTIATION_ALTERED);
	s->peer.validated = true;
	return session_begin_work(s);
}

/* ---- close: LOGOFF frees the tree and its pipes, too; 3.3.5.6 ---- */

enum want session_bye(struct session *s)
{
	if (s->line.fault.kind != FAULT_NONE)
		return WANT_ABORT;
	if (s->options.probe && s->line.keys && !s->challenged)
		return session_speak(s, STEP_PROBE);
	return session_speak(s, STEP_BYE);
}

static bool say_bye(struct session *s)
{
	smb2_put_logoff(smb2_begin(&s->line, SMB2_LOGOFF));
	return smb2_say(&s->line);
}

static enum want hear_bye(struct session *s, const struct smb2_answer *a)
{
	(void)s;
	(void)a;
	return WANT_NOTHING;
}

/* ---- what the outside may do ---- */

static enum want hear_answer(struct session *s, const struct smb2_answer *a)
{
	if (s->line.outgoing.len)
		return session_fail(s, REASON_UNEXPECTED_ANSWER);
	if (a->is_error && !dialogue[s->step].hears_errors)
		return session_refused(s, a->header.status);
	return dialogue[s->step].hear(s, a);
}

enum want session_hear(struct session *s, const void *bytes, size_t len)
{
	struct wire_in in = wire_in(bytes, len);
	enum want want = WANT_MORE;

	while (s->line.fault.kind == FAULT_NONE) {
		struct smb2_answer answer;
		enum smb2_heard heard = smb2_hear(&s->line, &in, &answer);

		if (heard == SMB2_HEARD_PART)
			return want;
		if (heard == SMB2_HEARD_ANSWER)
			want = hear_answer(s, &answer);
	}
	return WANT_ABORT;
}

struct bytes session_peer_token(const struct session *s)
{
	return wire_written(&s->peer_token);
}

const struct ntlm_challenge *session_challenge(const struct session *s)
{
	return s->challenged ? &s->challenge : NULL;
}

bool session_accepted(const struct session *s)
{
	return s->accepted;
}

struct bytes session_take_outgoing(struct session *s)
{
	struct wire_out *out = &s->line.outgoing;
	struct bytes taken = wire_written(out);

	if (!taken.len)
		return (struct bytes){ NULL, 0 };
	*out = wire_out(out->max);
	return taken;
}

struct session_reply session_reply(const struct session *s)
{
	return s->reply;
}

struct session_file session_file(const struct session *s)
{
	return s->file;
}

const struct session_peer *session_peer(const struct session *s)
{
	return &s->peer;
}

const struct fault *session_fault(const struct session *s)
{
	return s->line.fault.kind == FAULT_NONE ? NULL : &s->line.fault;
}

enum session_step session_step(const struct session *s)
{
	return s->step;
}

const char *session_step_name(enum session_step step)
{
	return dialogue[step].name;
}
