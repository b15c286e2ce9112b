/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/pipe.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lab/stats.h"
#include "tests/lab/status.h"

enum {
	PDU_REQUEST = 0,
	PDU_RESPONSE = 2,
	PDU_FAULT = 3,
	PDU_BIND = 11,
	PDU_BIND_ACK = 12,
	PDU_BIND_NAK = 13,
	PDU_ALTER = 14,
	PDU_ALTER_ACK = 15,
};

enum { FIRST_FRAGMENT = 1, LAST_FRAGMENT = 2 };

enum {
	HEADER_LEN = 16,
	RESPONSE_LEN = 24,
	SYNTAX_LEN = 20,
	FRAGMENT_MIN = 128,
	FRAGMENT_MAX = 4280,
	STUB_MAX = 1 << 20,
	OUT_MAX = 4 << 20,
};

#define FAULT_BAD_STUB      0x000006f7u
#define FAULT_OPNUM_UNKNOWN 0x1c010002u
#define FAULT_UNKNOWN_IF    0x1c010003u
#define FAULT_PROTOCOL      0x1c01000bu

static const uint8_t syntaxes[INTERFACES][SYNTAX_LEN] = {
	[ON_LSARPC] = { 0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01,
			0x23, 0x45, 0x67, 0x89, 0xab },
	[ON_DSSETUP] = { 0x6a, 0x28, 0x19, 0x39, 0x0c, 0xb1, 0xd0, 0x11, 0x9b, 0xa8, 0x00,
			 0xc0, 0x4f, 0xd9, 0x2e, 0xf5 },
};
static const uint8_t ndr32[SYNTAX_LEN] = { 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c,
					   0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00,
					   0x2b, 0x10, 0x48, 0x60, 0x02 };

/* The common header of [C706] 12.6.3.1. */
struct pdu {
	uint8_t type, flags;
	uint16_t len;
	uint32_t call_id;
};

struct pipe *pipe_open(const struct host *h, const struct account *a)
{
	struct pipe *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->host = h;
	p->account = a;
	p->request = wire_out(STUB_MAX);
	p->out = wire_out(OUT_MAX);
	return p;
}

void pipe_close(struct pipe *p)
{
	if (!p)
		return;
	wire_drop(&p->request);
	wire_drop(&p->out);
	free(p);
}

static bool get_header(struct wire_in *in, struct pdu *pdu)
{
	uint8_t major = get_u8(in), minor = get_u8(in);
	uint32_t order;

	pdu->type = get_u8(in);
	pdu->flags = get_u8(in);
	order = get_u32le(in);
	pdu->len = get_u16le(in);
	get_skip(in, 2);
	pdu->call_id = get_u32le(in);
	return !in->bad && major == 5 && minor <= 1 && order == 0x10 &&
	       pdu->len == HEADER_LEN + in->left;
}

static size_t put_header(struct pipe *p, uint8_t type, uint8_t flags, uint32_t call_id)
{
	size_t start = p->out.len;

	put_u8(&p->out, 5);
	put_u8(&p->out, 0);
	put_u8(&p->out, type);
	put_u8(&p->out, flags);
	put_u32le(&p->out, 0x10);
	put_u16le(&p->out, 0);
	put_u16le(&p->out, 0);
	put_u32le(&p->out, call_id);
	return start;
}

static void end_pdu(struct pipe *p, size_t start)
{
	fill_u16le(&p->out, start + 8, (uint16_t)(p->out.len - start));
}

static void put_fault(struct pipe *p, uint32_t call_id, uint16_t context, uint32_t status)
{
	size_t start = put_header(p, PDU_FAULT, FIRST_FRAGMENT | LAST_FRAGMENT | 0x20,
				  call_id);

	put_u32le(&p->out, 0);
	put_u16le(&p->out, context);
	put_u16le(&p->out, 0);
	put_u32le(&p->out, status);
	put_u32le(&p->out, 0);
	end_pdu(p, start);
}

static void put_bind_nak(struct pipe *p, uint32_t call_id)
{
	size_t start = put_header(p, PDU_BIND_NAK, FIRST_FRAGMENT | LAST_FRAGMENT,
				  call_id);

	put_u16le(&p->out, 0);
	put_u8(&p->out, 1);
	put_u8(&p->out, 5);
	put_u8(&p->out, 0);
	end_pdu(p, start);
	p->broken = true;
}

static void refuse_protocol(struct pipe *p, uint32_t call_id)
{
	stats.protocol_errors++;
	put_fault(p, call_id, 0, FAULT_PROTOCOL);
	p->broken = true;
}

/* result and reason of [C706] 12.6.3.1 p_cont_def_result_t */
struct verdict {
	uint16_t result, reason;
};

/* One context element: the first new interface with NDR32 is taken, as Windows does. */
static struct verdict consider(struct pipe *p, struct wire_in *in, bool denied,
			       bool *taken)
{
	uint16_t id = get_u16le(in);
	uint8_t transfers = get_u8(in);
	struct bytes abstract, transfer;
	bool plain = false;
	int interface = INTERFACES;

	get_skip(in, 1);
	abstract = get_bytes(in, SYNTAX_LEN);
	for (unsigned i = 0; i < transfers; i++) {
		transfer = get_bytes(in, SYNTAX_LEN);
		plain |= transfer.at && memcmp(transfer.at, ndr32, SYNTAX_LEN) == 0;
	}
	for (int i = 0; i < INTERFACES && abstract.at; i++)
		if (memcmp(syntaxes[i], abstract.at, SYNTAX_LEN) == 0)
			interface = i;
	if (denied)
		return (struct verdict){ 2, 0 };
	if (interface == INTERFACES)
		return (struct verdict){ 2, 1 };
	if (!plain || *taken)
		return (struct verdict){ 2, 2 };
	if (p->context_count == CONTEXTS_MAX ||
	    (p->bound && p->host->manner.alter_refused))
		return (struct verdict){ 2, 3 };
	*taken = true;
	p->contexts[p->context_count].id = id;
	p->contexts[p->context_count++].interface = (enum lab_interface)interface;
	return (struct verdict){ 0, 0 };
}

static uint16_t agreed_fragment(const struct pipe *p, uint16_t theirs)
{
	uint16_t ours = p->host->manner.fragment ? p->host->manner.fragment
						 : FRAGMENT_MAX;
	uint16_t least = theirs < ours ? theirs : ours;

	least = least < FRAGMENT_MIN ? FRAGMENT_MIN : least;
	return (uint16_t)(least & ~7u);
}

/* bind and alter_context; a second bind on a pipe is refused. */
static void on_bind(struct pipe *p, const struct pdu *pdu, struct wire_in *in,
		    enum lab_fault armed)
{
	bool alter = pdu->type == PDU_ALTER, taken = false;
	uint16_t theirs;
	uint8_t count;
	size_t start;

	get_skip(in, 2);
	theirs = get_u16le(in);
	get_skip(in, 4);
	count = get_u8(in);
	get_skip(in, 3);
	if (in->bad || count == 0 || alter != p->bound || armed == FAULT_BIND_NAK) {
		put_bind_nak(p, pdu->call_id);
		return;
	}
	if (!alter)
		p->fragment = agreed_fragment(p, theirs);
	p->endless = armed == FAULT_ENDLESS_FRAGMENTS;
	start = put_header(p, alter ? PDU_ALTER_ACK : PDU_BIND_ACK,
			   (uint8_t)(FIRST_FRAGMENT | (p->endless ? 0 : LAST_FRAGMENT)),
			   pdu->call_id);
	/* The client's requests may be as long as ever. */
	put_u16le(&p->out, p->fragment);
	put_u16le(&p->out, FRAGMENT_MAX);
	put_u32le(&p->out, 0x53f0);
	put_u16le(&p->out, alter ? 0 : 12);
	put_bytes(&p->out, "\\PIPE\\lsass", alter ? 0 : 12);
	put_align(&p->out, start, 4);
	put_u32le(&p->out, count);
	for (unsigned i = 0; i < count; i++) {
		struct verdict v = consider(p, in, armed == FAULT_DENIED, &taken);

		put_u16le(&p->out, v.result);
		put_u16le(&p->out, v.reason);
		put_bytes(&p->out, ndr32, v.result ? 0 : SYNTAX_LEN);
		put_zeros(&p->out, v.result ? SYNTAX_LEN : 0);
	}
	end_pdu(p, start);
	p->bound = true;
}

/* Every conformant varying count, and an array's first, becomes absurd. */
static void make_absurd(struct wire_out *stub)
{
	static const uint8_t absurd[] = { 0xf0, 0xff, 0xff, 0x7f };

	for (size_t i = 0; i + 16 <= stub->len; i += 4) {
		struct wire_in in = wire_in(stub->at + i, 12);
		uint32_t max = get_u32le(&in), zero = get_u32le(&in);
		uint32_t actual = get_u32le(&in);

		if (max && max < 0x1000 && !zero && actual && actual <= max) {
			fill_bytes(stub, i, absurd, 4);
			fill_bytes(stub, i + 8, absurd, 4);
		}
		/* { count, pointer, max_count } at the head of an answer */
		if (i == 0 && max && max == actual && zero >> 16 == 2) {
			fill_bytes(stub, 0, absurd, 4);
			fill_bytes(stub, 8, absurd, 4);
		}
	}
}

static void make_referents(struct wire_out *stub)
{
	wire_reset(stub);
	for (unsigned i = 0; i < 4096; i++)
		put_u32le(stub, 0x20000);
	put_u32le(stub, 0);
}

/* Cut a stub into fragments the client takes. */
static void put_response(struct pipe *p, uint32_t call_id, uint16_t context,
			 struct bytes stub)
{
	size_t most = (size_t)(p->fragment - RESPONSE_LEN) & ~(size_t)7, at = 0;

	do {
		size_t len = stub.len - at < most ? stub.len - at : most;
		bool last = at + len == stub.len && !p->endless;
		size_t start = put_header(
			p, PDU_RESPONSE,
			(uint8_t)((at ? 0 : FIRST_FRAGMENT) | (last ? LAST_FRAGMENT : 0)),
			call_id);

		put_u32le(&p->out, (uint32_t)(stub.len - at));
		put_u16le(&p->out, context);
		put_u16le(&p->out, 0);
		put_bytes(&p->out, stub.at + at, len);
		end_pdu(p, start);
		at += len;
	} while (at < stub.len);
}

static void answer(struct pipe *p, const struct pdu *pdu, uint16_t context,
		   uint16_t opnum, enum lab_fault armed)
{
	struct wire_out stub = wire_out(STUB_MAX);
	struct call c = { p,     opnum, armed, wire_in_bytes(wire_written(&p->request)),
			  &stub, 0,     0 };
	bool known = false, good = false, found = false;

	stats.calls++;
	for (size_t i = 0; i < p->context_count; i++)
		if (p->contexts[i].id == context) {
			found = true;
			good = p->contexts[i].interface == ON_DSSETUP
				       ? dssetup_answer(&c, &known)
				       : lsa_answer(&c, &known);
			break;
		}
	if (armed == FAULT_ABSURD_COUNT)
		make_absurd(&stub);
	if (armed == FAULT_REFERENTS)
		make_referents(&stub);
	p->endless = armed == FAULT_ENDLESS_FRAGMENTS;
	if (!found)
		put_fault(p, pdu->call_id, context, FAULT_UNKNOWN_IF);
	else if (!known || armed == FAULT_RPC_FAULT)
		put_fault(p, pdu->call_id, context, FAULT_OPNUM_UNKNOWN);
	else if (!good)
		put_fault(p, pdu->call_id, context, FAULT_BAD_STUB);
	else
		put_response(p, pdu->call_id, context, wire_written(&stub));
	wire_drop(&stub);
	wire_reset(&p->request);
}

static void on_request(struct pipe *p, const struct pdu *pdu, struct wire_in *in,
		       enum lab_fault armed)
{
	uint16_t context, opnum;
	struct bytes stub;

	get_skip(in, 4);
	context = get_u16le(in);
	opnum = get_u16le(in);
	if (pdu->flags & 0x80)
		get_skip(in, 16);
	if (in->bad || !p->bound) {
		refuse_protocol(p, pdu->call_id);
		return;
	}
	if (pdu->flags & FIRST_FRAGMENT)
		wire_reset(&p->request);
	stub = get_bytes(in, in->left);
	put_bytes(&p->request, stub.at, stub.len);
	if (pdu->flags & LAST_FRAGMENT)
		answer(p, pdu, context, opnum, armed);
}

void pipe_write(struct pipe *p, struct bytes bytes, enum lab_fault armed)
{
	struct wire_in in = wire_in_bytes(bytes);
	struct pdu pdu = { 0 };

	if (p->broken)
		return;
	if (!get_header(&in, &pdu) || pdu.len > FRAGMENT_MAX)
		refuse_protocol(p, pdu.call_id);
	else if (pdu.type == PDU_BIND || pdu.type == PDU_ALTER)
		on_bind(p, &pdu, &in, armed);
	else if (pdu.type == PDU_REQUEST)
		on_request(p, &pdu, &in, armed);
	else
		refuse_protocol(p, pdu.call_id);
}

/* A host without end says the same again and again. */
static void go_on(struct pipe *p)
{
	struct wire_in in = wire_in(p->out.at, p->out.len);
	struct bytes pdu;

	if (!p->endless || p->read < p->out.len || p->out.len < RESPONSE_LEN)
		return;
	get_skip(&in, 8);
	pdu = (struct bytes){ p->out.at, get_u16le(&in) };
	p->out.at[3] = 0;
	p->out.len = pdu.len;
	p->read = 0;
}

uint32_t pipe_read(struct pipe *p, size_t max, struct wire_out *to)
{
	struct wire_in in;
	size_t message, left, len;

	go_on(p);
	if (p->read == p->out.len)
		return p->broken ? STATUS_PIPE_BROKEN : STATUS_PENDING;
	/* The message whose turn it is begins at the front of `out`. */
	in = wire_in(p->out.at, p->out.len);
	get_skip(&in, 8);
	message = get_u16le(&in);
	left = message - p->read;
	len = left < max ? left : max;
	put_bytes(to, p->out.at + p->read, len);
	p->read += len;
	if (len < left)
		return STATUS_BUFFER_OVERFLOW;
	if (!p->endless || message < p->out.len) {
		wire_consume(&p->out, message);
		p->read = 0;
	}
	return STATUS_SUCCESS;
}

enum lab_step pipe_step(const struct pipe *p, struct bytes bytes)
{
	struct wire_in in = wire_in_bytes(bytes);
	struct pdu pdu;
	uint16_t context, opnum;

	if (!get_header(&in, &pdu))
		return STEP_BIND;
	if (pdu.type != PDU_REQUEST)
		return pdu.type == PDU_ALTER ? STEP_ALTER : STEP_BIND;
	get_skip(&in, 4);
	context = get_u16le(&in);
	opnum = get_u16le(&in);
	for (size_t i = 0; i < p->context_count; i++)
		if (p->contexts[i].id == context &&
		    p->contexts[i].interface == ON_DSSETUP)
			return STEP_DSSETUP;
	return lsa_step(opnum);
}
