/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hearing half of smb2_frame.h: from bytes to answers that are ours, are due and are
 * protected as they must be.
 */
#include "rpc/smb2/frame.h"
#include "rpc/wire/ntstatus.h"

#include <string.h>

enum {
	FRAMING = SMB2_FRAMING_SIZE,
	CREDITS_MAX = 65535,
	IDLE_ANSWERS_MAX = 4096,
	ERROR_SIZE = 9,
	FLAG_ENCRYPTED = 1,
	SIGNATURE_AT = 48, /* in the header */
};

#define UNSOLICITED UINT64_MAX
/* Answers of a server that has forgotten us cannot be signed by it. */
#define STATUS_USER_SESSION_DELETED    0xC0000203u
#define STATUS_NETWORK_SESSION_EXPIRED 0xC000035Cu
/* And what else a server finds before it looks at a signature ([MS-SMB2] 3.3.5.2). */
#define STATUS_INVALID_PARAMETER    0xC000000Du
#define STATUS_NETWORK_NAME_DELETED 0xC00000C9u
#define STATUS_FILE_CLOSED          0xC0000128u

/* What an answer may be, as data: the size its body states and the statuses that come
 * with such a body.  Every other status must be an error and have an error's body. */
static const struct reply_rule {
	uint16_t size;
	uint32_t also; /* a second status with data; 0: none */
} reply_rules[] = {
	[SMB2_NEGOTIATE] = { 65, 0 },
	[SMB2_SESSION_SETUP] = { 9, STATUS_MORE_PROCESSING_REQUIRED },
	[SMB2_LOGOFF] = { 4, 0 },
	[SMB2_TREE_CONNECT] = { 16, 0 },
	[SMB2_CREATE] = { 89, 0 },
	[SMB2_CLOSE] = { 60, 0 },
	[SMB2_READ] = { 17, STATUS_BUFFER_OVERFLOW },
	[SMB2_WRITE] = { 17, 0 },
	[SMB2_IOCTL] = { 49, STATUS_BUFFER_OVERFLOW },
};

static enum smb2_heard hear_fault(struct smb2_line *l, enum fault_reason reason)
{
	fault_set(&l->fault, l->step, reason, CODE_NONE, 0);
	return SMB2_HEARD_FAULT;
}

static enum smb2_heard hear_fault_words(struct smb2_line *l, enum fault_reason reason,
					const char *what)
{
	fault_set_words(&l->fault, l->step, reason, CODE_NONE, 0, "%s", what);
	return SMB2_HEARD_FAULT;
}

/* A peer that never spoke SMB is not one that breaks it. */
static enum smb2_heard hear_nonsense(struct smb2_line *l, const char *what)
{
	return hear_fault_words(
		l, l->smb_heard ? REASON_MALFORMED_ANSWER : REASON_NOT_SMB, what);
}

static void take(struct smb2_line *l, struct wire_in *bytes, size_t due)
{
	size_t missing = due - l->incoming.len;
	struct bytes some = get_bytes(bytes,
				      missing < bytes->left ? missing : bytes->left);

	put_bytes(&l->incoming, some.at, some.len);
}

/* What a check of a message that went wrong says: of the message, or of this machine. */
static enum smb2_heard hear_unproved(struct smb2_line *l, enum fault_reason reason)
{
	return hear_fault(l, smb2_crypto_failed(l->keys) ? REASON_CRYPTO_FAILED : reason);
}

/* Gather one frame; `l->gathered` tells when it is whole. */
static enum smb2_heard gather(struct smb2_line *l, struct wire_in *bytes)
{
	struct wire_in head;
	uint32_t length;

	if (l->incoming.len < FRAMING)
		take(l, bytes, FRAMING);
	if (l->incoming.bad)
		return hear_fault(l, REASON_OUT_OF_MEMORY);
	head = wire_in_bytes(wire_written(&l->incoming));
	if (l->incoming.len && get_u8(&head) != 0)
		return hear_nonsense(l, "the answer is not framed as SMB");
	if (l->incoming.len < FRAMING)
		return SMB2_HEARD_PART;
	length = get_u24be(&head);
	if (length > SMB2_FRAME_MAX)
		return hear_fault(l, REASON_ANSWER_TOO_LARGE);
	if (length < 4)
		return hear_nonsense(l, "the answer is too short to be SMB");
	if (l->incoming.len < FRAMING + length)
		take(l, bytes, FRAMING + length);
	if (l->incoming.bad)
		return hear_fault(l, REASON_OUT_OF_MEMORY);
	l->gathered = l->incoming.len == FRAMING + length;
	return SMB2_HEARD_PART;
}

/* 3.2.5.1.1.1 */
static enum smb2_heard open_envelope(struct smb2_line *l, struct wire_in frame)
{
	struct bytes tag, associated, sealed;
	struct wire_in fields;
	uint8_t nonce[SMB2_NONCE_SIZE];
	uint32_t size;
	uint16_t flags;
	uint64_t session_id;

	tag = get_bytes(&frame, SMB2_SIGNATURE_SIZE);
	fields = frame;
	associated = get_bytes(&frame, 32);
	get_copy(&fields, nonce, sizeof nonce);
	size = get_u32le(&fields);
	get_skip(&fields, 2);
	flags = get_u16le(&fields);
	session_id = get_u64le(&fields);
	sealed = get_bytes(&frame, frame.left);
	if (frame.bad || size != sealed.len || size < SMB2_HEADER_SIZE ||
	    flags != FLAG_ENCRYPTED || !l->keys || session_id != l->session_id)
		return hear_nonsense(l,
				     "the encrypted answer belongs to another session");
	wire_reset(&l->opened);
	put_zeros(&l->opened, sealed.len);
	if (l->opened.bad)
		return hear_fault(l, REASON_OUT_OF_MEMORY);
	if (!smb2_open(l->keys, nonce, associated, sealed, tag.at, l->opened.at))
		return hear_unproved(l, REASON_ALTERED_ENCRYPTION);
	l->in_envelope = true;
	l->compound = wire_in_bytes(wire_written(&l->opened));
	return SMB2_HEARD_PART;
}

/* A whole frame: whose language is it? */
static enum smb2_heard unwrap(struct smb2_line *l)
{
	struct wire_in frame = wire_in_bytes(wire_written(&l->incoming));
	struct wire_in contents;

	get_skip(&frame, FRAMING);
	contents = frame;
	l->in_envelope = false;
	switch (get_u32le(&frame)) {
	case SMB2_MAGIC:
		l->smb_heard = true;
		l->compound = contents;
		return SMB2_HEARD_PART;
	case SMB2_SEALED_MAGIC:
		return open_envelope(l, frame);
	case SMB1_MAGIC:
		if (l->smb_heard)
			return hear_fault(l, REASON_SMB1_FALLBACK);
		return hear_fault(l, REASON_SMB1_ONLY);
	default:
		return hear_nonsense(l, "the answer is not SMB");
	}
}

/* The next message of the frame, up to NextCommand or to its end. */
static bool next_message(struct smb2_line *l, struct smb2_answer *a)
{
	struct bytes rest = { l->compound.at, l->compound.left };
	uint32_t next;

	if (!smb2_get_header(rest, &a->header))
		return false;
	next = a->header.next_command;
	if (next && (next % 8 || next < SMB2_HEADER_SIZE || next >= rest.len))
		return false;
	a->message = get_bytes(&l->compound, next ? next : rest.len);
	return true;
}

static size_t find_awaited(const struct smb2_line *l, uint64_t message_id)
{
	size_t i = 0;

	while (i < l->awaited_count && l->awaited[i].message_id != message_id)
		i++;
	return i;
}

static bool is_interim(const struct smb2_header *h)
{
	return h->status == STATUS_PENDING && h->flags & SMB2_FLAG_ASYNC;
}

/* Without a signature the one thing to take from such an answer is that it is over. */
static enum smb2_heard hear_forgotten(struct smb2_line *l, uint32_t status)
{
	fault_set(&l->fault, l->step, REASON_SESSION_ENDED, CODE_NTSTATUS, status);
	return SMB2_HEARD_FAULT;
}

static bool is_early(uint32_t status)
{
	return status == STATUS_USER_SESSION_DELETED ||
	       status == STATUS_NETWORK_SESSION_EXPIRED ||
	       status == STATUS_NETWORK_NAME_DELETED || status == STATUS_FILE_CLOSED ||
	       status == STATUS_INVALID_PARAMETER;
}

/* Such an answer is unsigned, or has zeros for a signature, or our own one back. */
static bool has_no_signature(const struct smb2_line *l, const struct smb2_answer *a)
{
	static const uint8_t zeros[SMB2_SIGNATURE_SIZE];
	struct bytes said = smb2_said(l);
	const uint8_t *signature = a->message.at + SIGNATURE_AT;

	if (!(a->header.flags & SMB2_FLAG_SIGNED) ||
	    memcmp(signature, zeros, sizeof zeros) == 0)
		return true;
	return said.len >= SMB2_HEADER_SIZE &&
	       memcmp(signature, said.at + SIGNATURE_AT, sizeof zeros) == 0;
}

/* Protected as it must be?  Interim answers carry no signature that means anything. Hosts
 * need not protect each answer to a logon anew (3.3.4.1.1 says "should"); a bare one is
 * heard and proves nothing. */
static enum smb2_heard check_protection(struct smb2_line *l, struct smb2_answer *a)
{
	const struct smb2_header *h = &a->header;
	bool is_signed = h->flags & SMB2_FLAG_SIGNED;

	a->proved = l->in_envelope;
	if (!l->keys || l->in_envelope ||
	    (h->command == SMB2_SESSION_SETUP && !is_signed))
		return SMB2_HEARD_ANSWER;
	if (is_early(h->status) && has_no_signature(l, a))
		return hear_forgotten(l, h->status);
	if (l->sealing && h->command != SMB2_SESSION_SETUP)
		return hear_fault(l, REASON_UNENCRYPTED_ANSWER);
	if (is_interim(h))
		return SMB2_HEARD_ANSWER;
	if (!is_signed)
		return hear_fault(l, REASON_UNSIGNED_ANSWER);
	if (!smb2_verify(l->keys, a->message))
		return hear_unproved(l, REASON_BAD_SIGNATURE);
	a->proved = true;
	return SMB2_HEARD_ANSWER;
}

/* Of our session and tree?  A refused logon may come without a session. */
static bool is_ours(const struct smb2_line *l, const struct smb2_answer *a)
{
	const struct smb2_header *h = &a->header;
	bool refused_logon = h->command == SMB2_SESSION_SETUP && a->is_error;

	if (l->session_id && h->session_id != l->session_id && !refused_logon)
		return false;
	return !smb2_in_tree(h->command) || h->flags & SMB2_FLAG_ASYNC ||
	       h->tree_id == l->tree_id;
}

/* A login may also be refused by a code of the security provider (SEC_E_...), which is of
 * severity 2: [MS-SMB2] 3.3.5.5 and its note 272.  So is the answer to a CREATE whose
 * path leads through a symbolic link (2.2.2.2.1). */
static bool is_error_status(uint16_t command, uint32_t status)
{
	return status >> 30 == 3 ||
	       (command == SMB2_SESSION_SETUP && status >> 30 == 2) ||
	       (command == SMB2_CREATE && status == STATUS_STOPPED_ON_SYMLINK);
}

static bool body_fits(const struct reply_rule *rule, struct smb2_answer *a)
{
	struct wire_in in = wire_in_bytes(a->message);
	uint32_t status = a->header.status;
	uint16_t size;

	get_skip(&in, SMB2_HEADER_SIZE);
	size = get_u16le(&in);
	if (in.bad)
		return false;
	if (status == STATUS_SUCCESS || (rule->also && status == rule->also))
		return size == rule->size;
	a->is_error = true;
	return is_error_status(a->header.command, status) &&
	       (size == ERROR_SIZE || size == rule->size);
}

static void add_credits(struct smb2_line *l, uint16_t granted)
{
	l->credits = l->credits + granted > CREDITS_MAX ? CREDITS_MAX
							: l->credits + granted;
}

/* Judge one message.  SMB2_HEARD_PART: it was an interim or an unsolicited one. */
static enum smb2_heard judge(struct smb2_line *l, struct smb2_answer *a)
{
	const struct smb2_header *h = &a->header;
	size_t at = find_awaited(l, h->message_id);
	bool idle = h->message_id == UNSOLICITED || is_interim(h);
	enum smb2_heard protection;

	if (idle && ++l->idle_answers > IDLE_ANSWERS_MAX)
		return hear_fault(l, REASON_ENDLESS_ANSWER);
	if (h->message_id == UNSOLICITED)
		return SMB2_HEARD_PART;
	if (!(h->flags & SMB2_FLAG_RESPONSE))
		return hear_fault_words(l, REASON_UNEXPECTED_ANSWER,
					"the host sent a request in place of an answer");
	if (at == l->awaited_count)
		return hear_fault(l, REASON_UNEXPECTED_ANSWER);
	if (h->command != l->awaited[at].command)
		return hear_fault_words(l, REASON_UNEXPECTED_ANSWER,
					"the host answered another command");
	protection = check_protection(l, a);
	if (protection != SMB2_HEARD_ANSWER)
		return protection;
	if (!is_interim(h) && !body_fits(&reply_rules[h->command], a))
		return hear_fault_words(l, REASON_MALFORMED_ANSWER,
					"the answer's status or body does not fit the "
					"request");
	if (!is_ours(l, a))
		return hear_fault_words(l, REASON_UNEXPECTED_ANSWER,
					"the answer belongs to another session or tree");
	add_credits(l, h->credits);
	if (is_interim(h))
		return SMB2_HEARD_PART;
	l->awaited[at] = l->awaited[--l->awaited_count];
	return SMB2_HEARD_ANSWER;
}

enum smb2_heard smb2_hear(struct smb2_line *l, struct wire_in *bytes,
			  struct smb2_answer *answer)
{
	for (;;) {
		struct smb2_answer a = { 0 };
		enum smb2_heard heard;

		if (l->gathered && !l->compound.left) {
			wire_reset(&l->incoming);
			l->gathered = false;
		}
		if (!l->gathered) {
			heard = gather(l, bytes);
			if (heard == SMB2_HEARD_PART && !l->gathered)
				return heard;
			if (heard == SMB2_HEARD_PART)
				heard = unwrap(l);
			if (heard == SMB2_HEARD_FAULT)
				return heard;
		}
		if (!next_message(l, &a))
			return hear_nonsense(l, "malformed SMB2 header");
		heard = judge(l, &a);
		if (heard == SMB2_HEARD_ANSWER)
			*answer = a;
		if (heard != SMB2_HEARD_PART)
			return heard;
	}
}
