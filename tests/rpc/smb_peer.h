/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smb_peer.h - the other end of a dialogue, scripted: an SMB2 server with one pipe, or
 * one file, that answers each question of a session rightly, or wrongly in one place.
 *
 * For test_session.c and fuzz_session.c.  It has the same keys as the session, so that an
 * answer can be wrong and well signed, and it reads and writes by the cursors of
 * rpc/wire/wire.h.  Its calls answer with `stub_len` bytes 0, 1, 2... or those of `stub`.
 */
#ifndef RPC_SMB_PEER_H
#define RPC_SMB_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/session/session.h"
#include "rpc/smb2/smb2.h"
#include "rpc/smb2/frame.h"
#include "rpc/wire/ntstatus.h"
#include "rpc/smb2/keys.h"

enum { PEER_TREE = 0x77, PEER_FRAGMENT = 4280, PEER_FILE_TIME = 0x12345678 };
#define PEER_SESSION 0x1122334455667788u

struct peer;
typedef void (*peer_change_fn)(struct peer *p, struct wire_out *message);
/* Writes the answer's stub for a call; p->received has the question's. */
typedef void (*peer_call_fn)(struct peer *p, uint16_t context, uint16_t opnum,
			     struct wire_out *stub);

struct peer_plan {
	uint16_t dialect, signing, cipher; /* 0: 3.1.1, 0 as it is, none */
	uint16_t session_flags;
	uint32_t share_flags;
	bool share_is_disk; /* with one file under every name */
	uint32_t file_len;  /* its bytes: peer_file_byte() */
	uint32_t file_attributes;
	uint32_t read_max;    /* bytes in one READ; 0: as many as asked */
	unsigned pending;     /* interim answers before each final one */
	uint16_t credits;     /* granted with each answer; 0: one */
	uint32_t answer_max;  /* bytes of a PDU in one IOCTL or READ; 0: all */
	size_t fragment_stub; /* stub bytes in a response fragment; 0: 2,000 */
	size_t stub_len;      /* of each call's answer */
	const uint8_t *stub;  /* NULL: 0, 1, 2... */
	peer_call_fn call;    /* makes both for each call; NULL: as they are */
	bool refuse_alter, refuse_bind, nak_bind, one_pipe;
	uint32_t rpc_fault;  /* calls fault with this status; 0: they answer */
	uint32_t bind_fault; /* binds do */
	uint32_t validate_status;
	struct bytes challenge; /* the token that answers a probe */
	bool ntlm;              /* the logon's first round has it, too */
	/* The n-th answer (from 0) to `command` gets `status`, or is changed. */
	uint16_t command;
	unsigned nth;
	uint32_t status;
	peer_change_fn before; /* its signature: header and body are message-relative */
	peer_change_fn
		after; /* on the protected message: what a man in the middle does */
};

struct peer {
	struct peer_plan plan;
	struct session_key key;
	struct smb2_keys *keys;
	uint8_t preauth[SMB2_HASH_SIZE];
	struct wire_out heard, opened, message, saying;
	bool sealed; /* the question was */
	uint64_t nonce;
	unsigned rounds, pipes, answered[16];
	uint32_t largest_read;              /* bytes that a READ asked for */
	struct wire_out probed;             /* the token of the probe */
	uint8_t file_id[SMB2_FILE_ID_SIZE]; /* of the IOCTL that is answered */
	unsigned unprotected; /* questions that were neither signed rightly nor sealed */
	struct wire_out pdus; /* what the pipe holds of the PDU being read */
	struct wire_out received; /* request stubs, joined */
	struct wire_out made;     /* the stub that plan.call wrote */
	uint16_t context, opnum;  /* of the call */
	size_t stub_said;         /* of the answer that is being given */
	size_t pdu_at;
	uint32_t call_id, calls;
	const uint8_t *noise; /* the fuzzer's: exclusive-ored over answers */
	size_t noise_len;
};

static inline void peer_init(struct peer *p, const struct peer_plan *plan)
{
	*p = (struct peer){ .plan = *plan };
	p->plan.dialect = plan->dialect ? plan->dialect : SMB_3_1_1;
	p->plan.credits = plan->credits ? plan->credits : 1;
	p->plan.fragment_stub = plan->fragment_stub ? plan->fragment_stub : 2000;
	p->key = (struct session_key){ .bytes = "0123456789abcdef", .len = 16 };
	p->heard = wire_out(1 << 20);
	p->opened = wire_out(1 << 20);
	p->message = wire_out(1 << 20);
	p->saying = wire_out(1 << 22);
	p->pdus = wire_out(1 << 20);
	p->received = wire_out(1 << 21);
	p->made = wire_out(1 << 17);
	p->probed = wire_out(1 << 16);
}

static inline void peer_drop(struct peer *p)
{
	smb2_keys_free(p->keys);
	wire_drop(&p->heard);
	wire_drop(&p->opened);
	wire_drop(&p->message);
	wire_drop(&p->saying);
	wire_drop(&p->pdus);
	wire_drop(&p->received);
	wire_drop(&p->made);
	wire_drop(&p->probed);
}

static inline void peer_make_keys(struct peer *p)
{
	struct smb2_agreed agreed = { .dialect = p->plan.dialect,
				      .signing = p->plan.signing,
				      .cipher = p->plan.cipher };

	memcpy(agreed.preauth, p->preauth, sizeof agreed.preauth);
	smb2_keys_free(p->keys);
	p->keys = smb2_keys_new(&agreed, &p->key, true);
}

/* ---- bodies ---- */

static inline void peer_put_contexts(struct wire_out *w, const struct peer_plan *plan)
{
	put_align(w, 0, 8);
	put_u16le(w, 1);
	put_u16le(w, 38);
	put_u32le(w, 0);
	put_u16le(w, 1);
	put_u16le(w, 32);
	put_u16le(w, 1);
	put_zeros(w, 32);
	put_align(w, 0, 8);
	put_u16le(w, 2);
	put_u16le(w, 4);
	put_u32le(w, 0);
	put_u16le(w, 1);
	put_u16le(w, plan->cipher);
	put_align(w, 0, 8);
	put_u16le(w, 8);
	put_u16le(w, 4);
	put_u32le(w, 0);
	put_u16le(w, 1);
	put_u16le(w, plan->signing);
}

static inline uint32_t peer_capabilities(const struct peer_plan *plan)
{
	bool by_flag = plan->dialect == SMB_3_0 || plan->dialect == SMB_3_0_2;

	return SMB2_CAP_LARGE_MTU | (by_flag && plan->cipher ? SMB2_CAP_ENCRYPTION : 0u);
}

static inline void peer_put_negotiate(struct peer *p, struct wire_out *w)
{
	bool contexts = p->plan.dialect == SMB_3_1_1;

	put_u16le(w, 65);
	put_u16le(w, 1);
	put_u16le(w, p->plan.dialect);
	put_u16le(w, contexts ? 3 : 0);
	put_bytes(w, "a server's guid.", 16);
	put_u32le(w, peer_capabilities(&p->plan));
	put_u32le(w, 1 << 20);
	put_u32le(w, 1 << 20);
	put_u32le(w, 1 << 20);
	put_u64le(w, 0x01d9000000000000);
	put_u64le(w, 0);
	put_u16le(w, 128);
	put_u16le(w, 5);
	put_u32le(w, contexts ? 136 : 0);
	put_bytes(w, "mechs", 5);
	if (contexts)
		peer_put_contexts(w, &p->plan);
}

static inline struct bytes peer_token(const struct peer *p)
{
	const char *words = p->rounds == 2 ? "token two" : "token one";

	if (p->rounds > 2 || (p->rounds == 1 && p->plan.ntlm))
		return p->plan.challenge;
	return (struct bytes){ (const uint8_t *)words, 9 };
}

static inline void peer_put_setup(struct peer *p, struct wire_out *w)
{
	struct bytes token = peer_token(p);

	put_u16le(w, 9);
	put_u16le(w, p->rounds == 2 ? p->plan.session_flags : 0);
	put_u16le(w, 72);
	put_u16le(w, (uint16_t)token.len);
	put_bytes(w, token.at, token.len);
}

static inline void peer_put_error(struct wire_out *w)
{
	put_u16le(w, 9);
	put_zeros(w, 7);
}

static inline void peer_put_validate(struct peer *p, struct wire_out *w)
{
	put_u16le(w, 49);
	put_u16le(w, 0);
	put_u32le(w, FSCTL_VALIDATE_NEGOTIATE_INFO);
	put_zeros(w, 16);
	put_u32le(w, 112);
	put_u32le(w, 0);
	put_u32le(w, 112);
	put_u32le(w, 24);
	put_zeros(w, 8);
	put_u32le(w, peer_capabilities(&p->plan));
	put_bytes(w, "a server's guid.", 16);
	put_u16le(w, 1);
	put_u16le(w, p->plan.dialect);
}

/* ---- the pipe ---- */

static inline void peer_begin_pdu(struct peer *p, uint8_t type, uint8_t flags)
{
	struct wire_out *w = &p->pdus;

	wire_reset(w);
	p->pdu_at = 0;
	put_u16le(w, 5);
	put_u8(w, type);
	put_u8(w, flags);
	put_u32le(w, 0x10);
	put_u32le(w, 0);
	put_u32le(w, p->call_id);
}

static inline void peer_end_pdu(struct peer *p)
{
	fill_u16le(&p->pdus, 8, (uint16_t)p->pdus.len);
}

static inline void peer_fault(struct peer *p, uint32_t status)
{
	peer_begin_pdu(p, 3, 3);
	put_zeros(&p->pdus, 8);
	put_u32le(&p->pdus, status);
	put_u32le(&p->pdus, 0);
	peer_end_pdu(p);
}

static inline void peer_answer_bind(struct peer *p, bool alter)
{
	struct wire_out *w = &p->pdus;
	bool refuse = alter ? p->plan.refuse_alter : p->plan.refuse_bind;

	if (p->plan.bind_fault) {
		peer_fault(p, p->plan.bind_fault);
		return;
	}
	if (!alter && p->plan.nak_bind) {
		peer_begin_pdu(p, 13, 3);
		put_u32le(w, 1 << 16 | 2);
		put_u32le(w, 0);
		peer_end_pdu(p);
		return;
	}
	peer_begin_pdu(p, alter ? 15 : 12, 3);
	put_u16le(w, PEER_FRAGMENT);
	put_u16le(w, PEER_FRAGMENT);
	put_u32le(w, 1);
	put_u16le(w, alter ? 0 : 12);
	if (!alter)
		put_bytes(w, "\\PIPE\\lsass", 12);
	put_align(w, 0, 4);
	put_u32le(w, 1);
	put_u16le(w, refuse ? 2 : 0);
	put_u16le(w, refuse ? 1 : 0);
	put_bytes(w, "\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60",
		  16);
	put_u32le(w, 2);
	peer_end_pdu(p);
}

static inline void peer_next_fragment(struct peer *p)
{
	struct wire_out *w = &p->pdus;
	size_t left = p->plan.stub_len - p->stub_said, piece = left;
	uint8_t flags = p->stub_said ? 0 : 1;

	if (piece > p->plan.fragment_stub)
		piece = p->plan.fragment_stub;
	else
		flags |= 2;
	peer_begin_pdu(p, 2, flags);
	put_u32le(w, (uint32_t)left);
	put_u32le(w, 0);
	for (size_t i = 0; i < piece; i++)
		put_u8(w, p->plan.stub ? p->plan.stub[p->stub_said + i]
				       : (uint8_t)(p->stub_said + i));
	p->stub_said += piece;
	peer_end_pdu(p);
}

static inline void peer_answer_request(struct peer *p)
{
	p->calls++;
	p->stub_said = 0;
	if (p->plan.call) {
		wire_reset(&p->made);
		p->plan.call(p, p->context, p->opnum, &p->made);
		p->plan.stub = p->made.at;
		p->plan.stub_len = p->made.len;
	}
	if (!p->plan.rpc_fault) {
		peer_next_fragment(p);
		return;
	}
	peer_fault(p, p->plan.rpc_fault);
}

static inline void peer_take_pdu(struct peer *p, struct bytes pdu)
{
	struct wire_in in = wire_in_bytes(pdu);
	uint8_t type, flags;

	get_skip(&in, 2);
	type = get_u8(&in);
	flags = get_u8(&in);
	get_skip(&in, 8);
	p->call_id = get_u32le(&in);
	if (type == 11 || type == 14) {
		peer_answer_bind(p, type == 14);
		return;
	}
	if (flags & 1)
		wire_reset(&p->received);
	get_skip(&in, 4);
	p->context = get_u16le(&in);
	p->opnum = get_u16le(&in);
	put_bytes(&p->received, in.at, in.left);
	if (flags & 2)
		peer_answer_request(p);
}

/* What one IOCTL or READ gives of the PDU; `*more`: it did not fit. */
static inline struct bytes peer_read_pipe(struct peer *p, bool *more)
{
	struct wire_in in;
	size_t max = p->plan.answer_max ? p->plan.answer_max : PEER_FRAGMENT;
	size_t len;

	if (p->pdu_at == p->pdus.len && p->stub_said && p->stub_said < p->plan.stub_len)
		peer_next_fragment(p);
	in = wire_in_bytes(wire_written(&p->pdus));
	get_skip(&in, p->pdu_at);
	len = in.left < max ? in.left : max;
	p->pdu_at += len;
	*more = p->pdu_at < p->pdus.len;
	return get_bytes(&in, len);
}

/* ---- the file ---- */

static inline uint8_t peer_file_byte(uint32_t at)
{
	return (uint8_t)(at * 31 + (at >> 8));
}

static inline uint32_t peer_read_file(struct peer *p, struct wire_in question,
				      struct bytes *data)
{
	uint32_t len, most;
	uint64_t offset;

	get_skip(&question, 4);
	len = get_u32le(&question);
	offset = get_u64le(&question);
	p->largest_read = len > p->largest_read ? len : p->largest_read;
	if (offset >= p->plan.file_len)
		return STATUS_END_OF_FILE;
	most = p->plan.file_len - (uint32_t)offset;
	most = most < len ? most : len;
	if (p->plan.read_max && most > p->plan.read_max)
		most = p->plan.read_max;
	wire_reset(&p->pdus);
	for (uint32_t i = 0; i < most; i++)
		put_u8(&p->pdus, peer_file_byte((uint32_t)offset + i));
	*data = wire_written(&p->pdus);
	return 0;
}

static inline void peer_put_attributes(const struct peer *p, struct wire_out *w)
{
	put_zeros(w, 16);
	put_u64le(w, PEER_FILE_TIME);
	put_zeros(w, 16);
	put_u64le(w, p->plan.file_len);
	put_u32le(w, p->plan.file_attributes);
}

/* ---- one message ---- */

/* A refused logon; a probe is answered under the session's protection. */
static inline bool peer_is_bare(const struct peer *p, const struct smb2_header *h)
{
	return h->command == SMB2_SESSION_SETUP && h->status && p->rounds <= 2;
}

static inline void peer_protect(struct peer *p, struct smb2_header *h)
{
	bool plain = !p->keys || peer_is_bare(p, h);
	uint8_t signature[SMB2_SIGNATURE_SIZE];

	if (plain || p->sealed)
		return;
	smb2_sign(p->keys, wire_written(&p->message), signature);
	fill_bytes(&p->message, 48, signature, sizeof signature);
}

static inline void peer_send(struct peer *p)
{
	struct wire_out fields = wire_out(32);
	uint8_t tag[SMB2_SIGNATURE_SIZE];
	size_t len = p->message.len;

	put_u8(&p->saying, 0);
	if (!p->sealed) {
		put_u24be(&p->saying, (uint32_t)len);
		put_bytes(&p->saying, p->message.at, len);
		return;
	}
	put_u64le(&fields, ++p->nonce);
	put_u64le(&fields, 0);
	put_u32le(&fields, (uint32_t)len);
	put_u32le(&fields, 1 << 16);
	put_u64le(&fields, PEER_SESSION);
	smb2_seal(p->keys, fields.at, wire_written(&fields), p->message.at, len, tag);
	put_u24be(&p->saying, (uint32_t)len + SMB2_TRANSFORM_SIZE);
	put_u32le(&p->saying, SMB2_SEALED_MAGIC);
	put_bytes(&p->saying, tag, sizeof tag);
	put_bytes(&p->saying, fields.at, fields.len);
	put_bytes(&p->saying, p->message.at, len);
	wire_drop(&fields);
}

static inline void peer_put_interims(struct peer *p, struct smb2_header h)
{
	h.status = STATUS_PENDING;
	h.flags = SMB2_FLAG_RESPONSE | SMB2_FLAG_ASYNC;
	for (unsigned i = 0; i < p->plan.pending; i++) {
		wire_reset(&p->message);
		smb2_put_header(&p->message, &h);
		peer_put_error(&p->message);
		peer_send(p);
		h.credits = 0;
	}
}

/* Answer by body: `p->message` has the header already. */
static inline void peer_put_body(struct peer *p, struct smb2_header *h, struct bytes pipe)
{
	struct wire_out *w = &p->message;

	switch (h->command) {
	case SMB2_NEGOTIATE:
		peer_put_negotiate(p, w);
		break;
	case SMB2_SESSION_SETUP:
		peer_put_setup(p, w);
		break;
	case SMB2_TREE_CONNECT:
		put_u16le(w, 16);
		put_u16le(w, p->plan.share_is_disk ? 1 : 2);
		put_u32le(w, p->plan.share_flags);
		put_zeros(w, 8);
		break;
	case SMB2_CREATE:
		put_u16le(w, 89);
		put_zeros(w, 6);
		if (p->plan.share_is_disk)
			peer_put_attributes(p, w);
		else
			put_zeros(w, 52);
		put_zeros(w, 4);
		put_u64le(w, p->pipes);
		put_u64le(w, p->pipes);
		put_zeros(w, 8);
		break;
	case SMB2_CLOSE:
		put_u16le(w, 60);
		put_u16le(w, 1);
		put_u32le(w, 0);
		peer_put_attributes(p, w);
		break;
	case SMB2_WRITE:
		put_u16le(w, 17);
		put_u16le(w, 0);
		put_u32le(w, (uint32_t)pipe.len);
		put_zeros(w, 8);
		break;
	case SMB2_READ:
		put_u16le(w, 17);
		put_u16le(w, 80);
		put_u32le(w, (uint32_t)pipe.len);
		put_zeros(w, 8);
		put_bytes(w, pipe.at, pipe.len);
		break;
	case SMB2_IOCTL:
		put_u16le(w, 49);
		put_u16le(w, 0);
		put_u32le(w, FSCTL_PIPE_TRANSCEIVE);
		put_bytes(w, p->file_id, sizeof p->file_id);
		put_u32le(w, 112);
		put_u32le(w, 0);
		put_u32le(w, 112);
		put_u32le(w, (uint32_t)pipe.len);
		put_zeros(w, 8);
		put_bytes(w, pipe.at, pipe.len);
		break;
	default:
		put_u32le(w, 4);
		break;
	}
}

static inline bool peer_is_error(uint32_t status)
{
	return (status >> 30 == 3 && status != STATUS_MORE_PROCESSING_REQUIRED) ||
	       status >> 16 == 0x8009; /* SEC_E_... */
}

/* What the question asks of the pipe, and the status of the answer. */
static inline uint32_t peer_serve(struct peer *p, const struct smb2_header *asked,
				  struct bytes question, struct bytes *pipe)
{
	struct wire_in in = wire_in_bytes(question);
	bool more = false;

	get_skip(&in, SMB2_HEADER_SIZE);
	switch (asked->command) {
	case SMB2_SESSION_SETUP:
		smb2_hash_add(p->preauth, question);
		if (++p->rounds > 2) {
			get_skip(&in, 24);
			put_bytes(&p->probed, in.at, in.left);
		}
		if (p->rounds != 2)
			return STATUS_MORE_PROCESSING_REQUIRED;
		peer_make_keys(p);
		return 0;
	case SMB2_CREATE:
		return ++p->pipes > 1 && p->plan.one_pipe ? 0xC0000034 : 0;
	case SMB2_IOCTL:
		get_skip(&in, 8);
		get_copy(&in, p->file_id, sizeof p->file_id);
		get_skip(&in, 32);
		peer_take_pdu(p, get_bytes(&in, in.left));
		*pipe = peer_read_pipe(p, &more);
		break;
	case SMB2_WRITE:
		get_skip(&in, 48);
		*pipe = get_bytes(&in, in.left);
		peer_take_pdu(p, *pipe);
		break;
	case SMB2_READ:
		if (p->plan.share_is_disk)
			return peer_read_file(p, in, pipe);
		*pipe = peer_read_pipe(p, &more);
		break;
	default:
		break;
	}
	return more ? STATUS_BUFFER_OVERFLOW : 0;
}

static inline bool peer_asks_validate(const struct smb2_header *h, struct bytes question)
{
	struct wire_in in = wire_in_bytes(question);

	get_skip(&in, 68);
	return h->command == SMB2_IOCTL &&
	       get_u32le(&in) == FSCTL_VALIDATE_NEGOTIATE_INFO;
}

static inline void peer_add_noise(struct peer *p)
{
	for (size_t i = 0; i < 24 && p->noise_len >= 2; i++) {
		size_t at = (size_t)p->noise[0] + 4;
		uint8_t change = p->noise[1];

		p->noise += 2;
		p->noise_len -= 2;
		if (!change)
			break;
		if (at < p->message.len)
			p->message.at[at] ^= change;
	}
}

static inline void peer_answer(struct peer *p, struct bytes question)
{
	struct smb2_header h;
	struct bytes pipe = { NULL, 0 };
	bool chosen, validate;

	if (!smb2_get_header(question, &h))
		return;
	if (h.command == SMB2_NEGOTIATE)
		smb2_hash_add(p->preauth, question);
	if (p->keys && !p->sealed && !smb2_verify(p->keys, question))
		p->unprotected++;
	chosen = h.command == p->plan.command &&
		 p->answered[h.command]++ == p->plan.nth &&
		 (p->plan.status || p->plan.before || p->plan.after);
	validate = peer_asks_validate(&h, question);
	h.status = validate ? p->plan.validate_status
			    : peer_serve(p, &h, question, &pipe);
	if (chosen && p->plan.status)
		h.status = p->plan.status;
	h.flags = SMB2_FLAG_RESPONSE;
	h.credits = p->plan.credits;
	h.session_id = h.command == SMB2_NEGOTIATE ? 0 : PEER_SESSION;
	h.tree_id = h.command == SMB2_TREE_CONNECT ? PEER_TREE : h.tree_id;
	peer_put_interims(p, h);
	if (p->plan.pending) {
		h.flags |= SMB2_FLAG_ASYNC;
		h.credits = 0;
		if (h.command == SMB2_TREE_CONNECT)
			h.flags &= ~(uint32_t)SMB2_FLAG_ASYNC;
	}
	if (p->keys && !p->sealed && !peer_is_bare(p, &h))
		h.flags |= SMB2_FLAG_SIGNED;
	wire_reset(&p->message);
	smb2_put_header(&p->message, &h);
	if (peer_is_error(h.status))
		peer_put_error(&p->message);
	else if (validate)
		peer_put_validate(p, &p->message);
	else
		peer_put_body(p, &h, pipe);
	peer_add_noise(p);
	if (chosen && p->plan.before)
		p->plan.before(p, &p->message);
	if (h.command == SMB2_NEGOTIATE || h.status == STATUS_MORE_PROCESSING_REQUIRED)
		smb2_hash_add(p->preauth, wire_written(&p->message));
	peer_protect(p, &h);
	if (chosen && p->plan.after)
		p->plan.after(p, &p->message);
	peer_send(p);
}

static inline void peer_open(struct peer *p, struct wire_in frame)
{
	struct bytes tag, associated, sealed;
	uint8_t nonce[SMB2_NONCE_SIZE];
	struct wire_in fields;

	tag = get_bytes(&frame, SMB2_SIGNATURE_SIZE);
	fields = frame;
	get_copy(&fields, nonce, sizeof nonce);
	associated = get_bytes(&frame, 32);
	sealed = get_bytes(&frame, frame.left);
	wire_reset(&p->opened);
	put_zeros(&p->opened, sealed.len);
	p->sealed = true;
	if (!frame.bad && p->keys &&
	    smb2_open(p->keys, nonce, associated, sealed, tag.at, p->opened.at))
		peer_answer(p, wire_written(&p->opened));
}

/* Hear what the session said and have the answers in `p->saying`. */
static inline void peer_hear(struct peer *p, struct bytes said)
{
	struct wire_in in = wire_in_bytes(said);

	while (in.left >= 4) {
		struct wire_in frame, contents;

		get_skip(&in, 1);
		frame = get_window(&in, get_u24be(&in));
		contents = frame;
		p->sealed = false;
		if (get_u32le(&frame) == SMB2_SEALED_MAGIC)
			peer_open(p, frame);
		else
			peer_answer(p, get_bytes(&contents, contents.left));
	}
}

#endif
