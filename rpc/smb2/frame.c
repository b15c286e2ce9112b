/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The saying half of smb2_frame.h: requests are numbered, protected and framed.
 */
#include "rpc/smb2/frame.h"

#include "rpc/smb2/dialect.h"

enum {
	CREDITS_WANTED = 16,
	SIGNATURE_AT = 48,
	FLAG_ENCRYPTED = 1,
};

void smb2_line_init(struct smb2_line *l)
{
	*l = (struct smb2_line){ .credits = 1, .next_nonce = 1 };
	l->message = wire_out(SMB2_FRAME_MAX);
	l->outgoing = wire_out((size_t)SMB2_AWAITED_MAX *
			       (SMB2_FRAME_MAX + SMB2_FRAMING_SIZE));
	l->incoming = wire_out(SMB2_FRAME_MAX + SMB2_FRAMING_SIZE);
	l->opened = wire_out(SMB2_FRAME_MAX);
}

void smb2_line_drop(struct smb2_line *l)
{
	wire_wipe(&l->message);
	wire_wipe(&l->outgoing);
	wire_wipe(&l->incoming);
	wire_wipe(&l->opened);
	smb2_keys_free(l->keys);
	l->keys = NULL;
}

/* ---- the header ---- */

void smb2_put_header(struct wire_out *w, const struct smb2_header *h)
{
	put_u32le(w, SMB2_MAGIC);
	put_u16le(w, SMB2_HEADER_SIZE);
	put_u16le(w, h->credit_charge);
	put_u32le(w, h->status);
	put_u16le(w, h->command);
	put_u16le(w, h->credits);
	put_u32le(w, h->flags);
	put_u32le(w, h->next_command);
	put_u64le(w, h->message_id);
	put_u32le(w, 0);
	put_u32le(w, h->tree_id);
	put_u64le(w, h->session_id);
	put_zeros(w, SMB2_SIGNATURE_SIZE);
}

bool smb2_get_header(struct bytes message, struct smb2_header *h)
{
	struct wire_in in = wire_in_bytes(message);
	uint32_t magic = get_u32le(&in);
	uint16_t size = get_u16le(&in);

	*h = (struct smb2_header){ 0 };
	h->credit_charge = get_u16le(&in);
	h->status = get_u32le(&in);
	h->command = get_u16le(&in);
	h->credits = get_u16le(&in);
	h->flags = get_u32le(&in);
	h->next_command = get_u32le(&in);
	h->message_id = get_u64le(&in);
	get_skip(&in, 4); /* reserved, or half of an AsyncId */
	h->tree_id = get_u32le(&in);
	if (h->flags & SMB2_FLAG_ASYNC)
		h->tree_id = 0;
	h->session_id = get_u64le(&in);
	get_skip(&in, SMB2_SIGNATURE_SIZE);
	return !in.bad && magic == SMB2_MAGIC && size == SMB2_HEADER_SIZE;
}

/* ---- what we say ---- */

static bool say_fault(struct smb2_line *l, enum fault_reason reason)
{
	fault_set(&l->fault, l->step, reason, CODE_NONE, 0);
	return false;
}

bool smb2_in_tree(uint16_t command)
{
	return command >= SMB2_CREATE;
}

struct wire_out *smb2_begin(struct smb2_line *l, enum smb2_command command)
{
	struct smb2_header h = {
		.command = (uint16_t)command,
		.credit_charge = l->dialect > SMB_2_0_2,
		.credits = l->credits < CREDITS_WANTED
				   ? (uint16_t)(CREDITS_WANTED - l->credits + 1)
				   : 1,
		.message_id = l->next_message_id,
		.session_id = l->session_id,
		.tree_id = smb2_in_tree((uint16_t)command) ? l->tree_id : 0,
	};

	if (l->keys && !l->sealing)
		h.flags |= SMB2_FLAG_SIGNED;
	wire_reset(&l->message);
	smb2_put_header(&l->message, &h);
	return &l->message;
}

static bool sign_message(struct smb2_line *l)
{
	uint8_t signature[SMB2_SIGNATURE_SIZE];

	if (!smb2_sign(l->keys, wire_written(&l->message), signature))
		return say_fault(l, REASON_CRYPTO_FAILED);
	fill_bytes(&l->message, SIGNATURE_AT, signature, sizeof signature);
	return true;
}

/* 2.2.41: the associated data begin behind the tag.  The nonce is a counter; the key is
 * this session's and this direction's alone. */
static bool put_envelope(struct smb2_line *l)
{
	struct wire_out *w = &l->outgoing;
	uint8_t tag[SMB2_SIGNATURE_SIZE], associated[32];
	struct wire_out fields = wire_out(sizeof associated);
	size_t len = l->message.len;
	bool ok;

	put_u64le(&fields, l->next_nonce++);
	put_zeros(&fields, 8);
	put_u32le(&fields, (uint32_t)len);
	put_u16le(&fields, 0);
	put_u16le(&fields, FLAG_ENCRYPTED);
	put_u64le(&fields, l->session_id);
	ok = !fields.bad && !l->message.bad &&
	     smb2_seal(l->keys, fields.at, wire_written(&fields), l->message.at, len,
		       tag);
	if (ok) {
		put_u24be(w, (uint32_t)(SMB2_TRANSFORM_SIZE + len));
		put_u32le(w, SMB2_SEALED_MAGIC);
		put_bytes(w, tag, sizeof tag);
		put_bytes(w, fields.at, fields.len);
		put_bytes(w, l->message.at, len);
	}
	wire_drop(&fields);
	return ok || say_fault(l, REASON_CRYPTO_FAILED);
}

static bool put_plain(struct smb2_line *l, struct bytes message)
{
	put_u24be(&l->outgoing, (uint32_t)message.len);
	put_bytes(&l->outgoing, message.at, message.len);
	return true;
}

bool smb2_say(struct smb2_line *l)
{
	struct bytes message = wire_written(&l->message);
	struct wire_in in = wire_in_bytes(message);
	uint16_t command;
	bool ok;

	get_skip(&in, 12);
	command = get_u16le(&in);
	if (l->message.bad || in.bad)
		return say_fault(l, REASON_OUT_OF_MEMORY);
	if (!smb2_room(l))
		return say_fault(l, REASON_OUT_OF_CREDITS);
	if (l->keys && !l->sealing && !sign_message(l))
		return false;
	put_u8(&l->outgoing, 0);
	ok = l->keys && l->sealing ? put_envelope(l) : put_plain(l, message);
	l->awaited[l->awaited_count++] = (struct smb2_awaited){ l->next_message_id++,
								command };
	l->credits--;
	return ok && (!l->outgoing.bad || say_fault(l, REASON_OUT_OF_MEMORY));
}

struct bytes smb2_said(const struct smb2_line *l)
{
	return wire_written(&l->message);
}

bool smb2_say_raw(struct smb2_line *l, struct bytes message)
{
	put_u8(&l->outgoing, 0);
	put_plain(l, message);
	l->awaited[l->awaited_count++] = (struct smb2_awaited){ 0, SMB2_NEGOTIATE };
	l->next_message_id = 1;
	l->credits--;
	return !l->outgoing.bad || say_fault(l, REASON_OUT_OF_MEMORY);
}

size_t smb2_room(const struct smb2_line *l)
{
	size_t places = SMB2_AWAITED_MAX - l->awaited_count;

	return l->credits < places ? l->credits : places;
}
