/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/dce/dcerpc.h"

#include <string.h>

enum {
	HEADER_BYTES = 16,
	REQUEST_BYTES = 24, /* header and request fields, without an object UUID */
	CALL_FIELDS = 8,    /* alloc_hint, p_cont_id, cancel_count, reserved */
	SLACK_BYTES = 8,    /* padding behind the last field that is tolerated */
};

enum { FLAG_FIRST = 0x01, FLAG_LAST = 0x02, FLAG_DID_NOT_EXECUTE = 0x20 };

static const struct dcerpc_syntax ndr32 = {
	{ 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b,
	  0x10, 0x48, 0x60 },
	2,
	0,
};

/* [C706] appendix A: the first three groups stand little-endian on the wire, the last
 * eight bytes in the order of the text. */
void dcerpc_uuid(const char *text, uint8_t uuid[static 16])
{
	static const uint8_t places[16] = { 3, 2, 1,  0,  5,  4,  7,  6,
					    8, 9, 10, 11, 12, 13, 14, 15 };

	for (size_t i = 0; i < sizeof(places); i++) {
		uint8_t byte = 0;

		for (int half = 0; half < 2; half++) {
			text += *text == '-';
			byte = (uint8_t)(byte << 4 |
					 (*text <= '9' ? *text - '0' : *text - 'a' + 10));
			text++;
		}
		uuid[places[i]] = byte;
	}
}

/* --- asking ------------------------------------------------------------------ */

/* [C706] 12.6.3.1; a hole of 2 bytes at offset 8 takes the length in end_pdu(). */
static size_t begin_pdu(struct wire_out *w, enum dcerpc_ptype ptype, uint8_t flags,
			uint32_t call_id)
{
	size_t start = w->len;

	put_u8(w, 5); /* rpc_vers */
	put_u8(w, 0); /* rpc_vers_minor */
	put_u8(w, (uint8_t)ptype);
	put_u8(w, flags);
	put_u32le(w, 0x10); /* little-endian, ASCII, IEEE */
	put_hole(w, 2);     /* frag_length */
	put_u16le(w, 0);    /* auth_length */
	put_u32le(w, call_id);
	return start;
}

static void end_pdu(struct wire_out *w, size_t start)
{
	fill_u16le(w, start + 8, (uint16_t)(w->len - start));
}

static void put_syntax(struct wire_out *w, const struct dcerpc_syntax *syntax)
{
	put_bytes(w, syntax->uuid, sizeof(syntax->uuid));
	put_u16le(w, syntax->major);
	put_u16le(w, syntax->minor);
}

/* [C706] 12.6.4.3 and 12.6.4.1: the two PDUs have the same fields. */
static void put_offer(struct wire_out *w, enum dcerpc_ptype ptype, uint32_t call_id,
		      uint16_t context_id, const struct dcerpc_syntax *interface)
{
	size_t start = begin_pdu(w, ptype, FLAG_FIRST | FLAG_LAST, call_id);

	put_u16le(w, DCERPC_FRAGMENT_MAX); /* max_xmit_frag */
	put_u16le(w, DCERPC_FRAGMENT_MAX); /* max_recv_frag */
	put_u32le(w, 0);                   /* assoc_group_id: a new one */
	put_u32le(w, 1);                   /* n_context_elem, reserved */
	put_u16le(w, context_id);
	put_u16le(w, 1); /* n_transfer_syn, reserved */
	put_syntax(w, interface);
	put_syntax(w, &ndr32);
	end_pdu(w, start);
}

void dcerpc_put_bind(struct wire_out *w, uint32_t call_id, uint16_t context_id,
		     const struct dcerpc_syntax *interface)
{
	put_offer(w, DCERPC_BIND, call_id, context_id, interface);
}

void dcerpc_put_alter_context(struct wire_out *w, uint32_t call_id, uint16_t context_id,
			      const struct dcerpc_syntax *interface)
{
	put_offer(w, DCERPC_ALTER_CONTEXT, call_id, context_id, interface);
}

/* [C706] 12.6.4.9.  A stub is cut at multiples of 8, so that every piece is aligned. */
bool dcerpc_put_request(struct wire_out *w, struct dcerpc_request *request)
{
	size_t max = request->max_fragment >= DCERPC_FRAGMENT_LEAST
			     ? request->max_fragment
			     : DCERPC_FRAGMENT_LEAST;
	size_t left = request->stub.len - request->sent, piece = left;
	uint8_t flags = request->sent == 0 ? FLAG_FIRST : 0;
	size_t start;

	if (piece > max - REQUEST_BYTES)
		piece = (max - REQUEST_BYTES) / 8 * 8;
	else
		flags |= FLAG_LAST;
	start = begin_pdu(w, DCERPC_REQUEST, flags, request->call_id);
	put_u32le(w, (uint32_t)left); /* alloc_hint: what is still to come */
	put_u16le(w, request->context_id);
	put_u16le(w, request->opnum);
	if (piece)
		put_bytes(w, request->stub.at + request->sent, piece);
	end_pdu(w, start);
	request->sent += piece;
	return flags & FLAG_LAST;
}

/* --- hearing ----------------------------------------------------------------- */

struct dcerpc_reader dcerpc_reader(void)
{
	return (struct dcerpc_reader){
		.pdu = wire_out(UINT16_MAX),
		.stub = wire_out(DCERPC_STUB_MAX),
		.max_fragment = DCERPC_FRAGMENT_LEAST,
	};
}

void dcerpc_expect(struct dcerpc_reader *r, enum dcerpc_ptype asked, uint32_t call_id)
{
	r->asked = asked;
	r->call_id = call_id;
	r->fragments = 0;
	r->whole = false;
	r->why = NULL;
	wire_reset(&r->pdu);
	if (r->stub.cap > DCERPC_STUB_KEPT)
		wire_drop(&r->stub);
	wire_reset(&r->stub);
}

static enum dcerpc_progress broken(struct dcerpc_reader *r, const char *why)
{
	r->why = why;
	return DCERPC_BROKEN;
}

/* The header is judged as soon as it is there, before its PDU is waited for. */
static enum dcerpc_progress hear_header(struct dcerpc_reader *r)
{
	struct wire_in w = wire_in_bytes(wire_written(&r->pdu));
	uint8_t version = get_u8(&w), minor = get_u8(&w);
	uint32_t representation, call_id;
	uint16_t auth_length;

	r->ptype = get_u8(&w);
	r->flags = get_u8(&w);
	representation = get_u32le(&w);
	r->frag_length = get_u16le(&w);
	auth_length = get_u16le(&w);
	call_id = get_u32le(&w);
	if (w.bad || version != 5 || minor > 1)
		return broken(r, "not a DCE/RPC version 5 answer");
	if ((representation & 0xff) != 0x10)
		return broken(r, "an answer in another data representation");
	if (r->frag_length < HEADER_BYTES)
		return broken(r, "a fragment shorter than its own header");
	if (auth_length != 0)
		return broken(r, "a verifier nobody asked for");
	if (call_id != r->call_id)
		return broken(r, "an answer to another call");
	return DCERPC_MORE;
}

/* [C706] 12.6.4.4: the answer to the one context that was offered. */
static enum dcerpc_progress hear_ack(struct dcerpc_reader *r, struct wire_in *w,
				     struct dcerpc_answer *answer)
{
	uint16_t max_recv, major, minor;
	struct bytes uuid;

	get_skip(w, 2); /* max_xmit_frag */
	max_recv = get_u16le(w);
	get_skip(w, 4);                /* assoc_group_id */
	get_skip(w, get_u16le(w));     /* secondary address, with or without its NUL */
	get_align(w, 4);               /* from the start of the PDU */
	if (get_u8(w) != 1 && !w->bad) /* n_results */
		return broken(r, "another count of results than of offers");
	get_skip(w, 3);
	answer->result = get_u16le(w);
	answer->reason = get_u16le(w);
	uuid = get_bytes(w, sizeof(ndr32.uuid));
	major = get_u16le(w);
	minor = get_u16le(w);
	if (w->bad || w->left > SLACK_BYTES)
		return broken(r, "a malformed answer to a bind");
	answer->kind = answer->result == 0 ? DCERPC_BOUND : DCERPC_NOT_BOUND;
	if (answer->kind == DCERPC_NOT_BOUND)
		return DCERPC_WHOLE;
	if (memcmp(uuid.at, ndr32.uuid, uuid.len) != 0 || major != ndr32.major ||
	    minor != ndr32.minor)
		return broken(r, "a transfer syntax that was not offered");
	if (r->asked == DCERPC_BIND && max_recv < DCERPC_FRAGMENT_LEAST)
		return broken(r, "a fragment size below what everyone must take");
	/* The sizes in an alter context's answer mean nothing: the bind's go on. */
	if (r->asked == DCERPC_BIND)
		r->max_fragment = max_recv < DCERPC_FRAGMENT_MAX ? max_recv
								 : DCERPC_FRAGMENT_MAX;
	answer->max_fragment = r->max_fragment;
	return DCERPC_WHOLE;
}

/* [C706] 12.6.4.5; versions and extended error behind the reason are not needed. */
static enum dcerpc_progress hear_nak(struct dcerpc_reader *r, struct wire_in *w,
				     struct dcerpc_answer *answer)
{
	answer->kind = DCERPC_REFUSED;
	answer->reason = get_u16le(w);
	return w->bad ? broken(r, "a malformed refusal of a bind") : DCERPC_WHOLE;
}

/* [C706] 12.6.4.7.  Always the end of an answer, also behind fragments of a response. */
static enum dcerpc_progress hear_fault(struct dcerpc_reader *r, struct wire_in *w,
				       struct dcerpc_answer *answer)
{
	get_skip(w, CALL_FIELDS);
	answer->kind = DCERPC_FAULTED;
	answer->fault_status = get_u32le(w);
	answer->did_not_execute = r->flags & FLAG_DID_NOT_EXECUTE;
	return w->bad ? broken(r, "a malformed fault") : DCERPC_WHOLE;
}

/* [C706] 12.6.4.10 */
static enum dcerpc_progress hear_response(struct dcerpc_reader *r, struct wire_in *w,
					  struct dcerpc_answer *answer)
{
	bool first = r->flags & FLAG_FIRST, last = r->flags & FLAG_LAST;
	struct bytes piece;

	get_skip(w, CALL_FIELDS);
	if (w->bad)
		return broken(r, "a malformed response");
	if (first != !r->fragments)
		return broken(r, "fragments out of order");
	if (++r->fragments > DCERPC_FRAGMENTS_MAX)
		return broken(r, "an answer in too many fragments");
	piece = get_bytes(w, w->left);
	if (piece.len == 0 && !last)
		return broken(r, "an empty fragment that is not the last");
	put_bytes(&r->stub, piece.at, piece.len);
	if (r->stub.bad)
		return broken(r, "an answer that is too long");
	if (!last)
		return DCERPC_MORE;
	answer->kind = DCERPC_ANSWERED;
	answer->stub = wire_written(&r->stub);
	return DCERPC_WHOLE;
}

/* Which answers each question may have. */
static enum dcerpc_progress hear_pdu(struct dcerpc_reader *r,
				     struct dcerpc_answer *answer)
{
	struct wire_in w = wire_in_bytes(wire_written(&r->pdu));

	get_skip(&w, HEADER_BYTES);
	switch (r->ptype) {
	case DCERPC_BIND_ACK:
		if (r->asked == DCERPC_BIND)
			return hear_ack(r, &w, answer);
		break;
	case DCERPC_BIND_NAK:
		if (r->asked != DCERPC_REQUEST)
			return hear_nak(r, &w, answer);
		break;
	case DCERPC_ALTER_CONTEXT_RESP:
		if (r->asked == DCERPC_ALTER_CONTEXT)
			return hear_ack(r, &w, answer);
		break;
	case DCERPC_RESPONSE:
		if (r->asked == DCERPC_REQUEST)
			return hear_response(r, &w, answer);
		break;
	case DCERPC_FAULT:
		return hear_fault(r, &w, answer);
	}
	return broken(r, "an answer to another question");
}

/* Gather the header, then the PDU it announces. */
static enum dcerpc_progress gather(struct dcerpc_reader *r, struct wire_in *in,
				   struct dcerpc_answer *answer)
{
	bool in_header = r->pdu.len < HEADER_BYTES;
	size_t missing = (in_header ? HEADER_BYTES : r->frag_length) - r->pdu.len;
	struct bytes part = get_bytes(in, missing < in->left ? missing : in->left);
	enum dcerpc_progress progress = DCERPC_MORE;

	put_bytes(&r->pdu, part.at, part.len);
	if (r->pdu.bad)
		return broken(r, "no memory for an answer");
	if (part.len < missing)
		return DCERPC_MORE;
	if (in_header)
		progress = hear_header(r);
	if (progress != DCERPC_MORE || r->pdu.len < r->frag_length)
		return progress;
	progress = hear_pdu(r, answer);
	wire_reset(&r->pdu);
	return progress;
}

enum dcerpc_progress dcerpc_hear(struct dcerpc_reader *r, struct bytes in,
				 struct dcerpc_answer *answer)
{
	struct wire_in w = wire_in_bytes(in);
	struct dcerpc_answer found = { 0 };
	enum dcerpc_progress progress = DCERPC_MORE;

	if (r->why)
		return DCERPC_BROKEN;
	if (r->whole)
		return broken(r, "bytes nobody asked for");
	while (progress == DCERPC_MORE && w.left > 0)
		progress = gather(r, &w, &found);
	if (progress != DCERPC_WHOLE)
		return progress;
	if (w.left > 0)
		return broken(r, "bytes behind the end of the answer");
	r->whole = true;
	*answer = found;
	return DCERPC_WHOLE;
}

const char *dcerpc_why(const struct dcerpc_reader *r)
{
	return r->why ? r->why : "";
}

void dcerpc_reader_drop(struct dcerpc_reader *r)
{
	wire_drop(&r->pdu);
	wire_drop(&r->stub);
}
