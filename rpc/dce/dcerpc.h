/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dcerpc.h - connection-oriented DCE/RPC as PDUs: bind, alter context, request and what
 * a server answers to them.
 *
 * [C706] chapter 12 and [MS-RPCE] 2.2.2.  NDR32 alone is offered (a server that is
 * offered NDR64 too takes it), without RPC authentication: over SMB the identity is the
 * SMB session's.  Nothing here knows a pipe: the session moves the bytes.
 *
 * Asking: `dcerpc_put_bind`, `dcerpc_put_alter_context`, or a `struct dcerpc_request`
 * that is cut into PDUs of the size the server takes.  Hearing: one `struct
 * dcerpc_reader` for one association; tell it what was asked, then feed it bytes as they
 * come, cut anywhere.
 */
#ifndef RPC_DCE_DCERPC_H
#define RPC_DCE_DCERPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/limits.h"
#include "rpc/wire/wire.h"

enum {
	DCERPC_FRAGMENT_MAX = 4280,   /* bytes of a PDU; what Windows uses over SMB */
	DCERPC_FRAGMENT_LEAST = 1432, /* [C706] 12.6.3.1: MustRecvFragSize */
	/* Bytes of a whole answer; more is refused.  The largest of use: 20,480 SIDs. */
	DCERPC_STUB_MAX = LIMIT_ANSWER_BYTES,
	DCERPC_STUB_KEPT = 64 << 10, /* of its memory from one answer to the next */
	DCERPC_FRAGMENTS_MAX = 1024, /* of an answer: full ones come to the same */
};

enum dcerpc_ptype {
	DCERPC_REQUEST = 0,
	DCERPC_RESPONSE = 2,
	DCERPC_FAULT = 3,
	DCERPC_BIND = 11,
	DCERPC_BIND_ACK = 12,
	DCERPC_BIND_NAK = 13,
	DCERPC_ALTER_CONTEXT = 14,
	DCERPC_ALTER_CONTEXT_RESP = 15,
};

/* An interface: its UUID as it stands on the wire, and its version. */
struct dcerpc_syntax {
	uint8_t uuid[16];
	uint16_t major, minor;
};

/* The bytes on the wire of "12345778-1234-abcd-ef00-0123456789ab": 32 lower-case digits,
 * never a host's. */
void dcerpc_uuid(const char *text, uint8_t uuid[static 16]);

/* Offer `interface` as presentation context `context_id`: by bind for the first of an
 * association, by alter context for each further one (a second bind is refused). */
void dcerpc_put_bind(struct wire_out *w, uint32_t call_id, uint16_t context_id,
		     const struct dcerpc_syntax *interface);
void dcerpc_put_alter_context(struct wire_out *w, uint32_t call_id, uint16_t context_id,
			      const struct dcerpc_syntax *interface);

/* One call on its way out.  `stub` is borrowed until the last PDU is put. */
struct dcerpc_request {
	uint32_t call_id;
	uint16_t context_id, opnum;
	uint16_t max_fragment; /* what the bind's answer said, or DCERPC_FRAGMENT_MAX */
	struct bytes stub;
	size_t sent; /* stub bytes already put; 0 at first */
};

/* Put the next PDU.  True: it is the last one (TRANSCEIVE it); false: another follows
 * (WRITE it).  Look at `w->bad` as ever. */
bool dcerpc_put_request(struct wire_out *w, struct dcerpc_request *request);

enum dcerpc_answer_kind {
	DCERPC_BOUND,     /* the interface was accepted */
	DCERPC_NOT_BOUND, /* refused by `result`, `reason`; the association lives */
	DCERPC_REFUSED,   /* the whole bind was refused by `reason`; close the pipe */
	DCERPC_ANSWERED,  /* `stub` is the response's stub data */
	DCERPC_FAULTED,   /* `fault_status`, of CODE_RPC or CODE_WIN32 look */
};

struct dcerpc_answer {
	enum dcerpc_answer_kind kind;
	uint16_t max_fragment; /* of BOUND: the largest PDU to send, for dcerpc_request */
	uint16_t result, reason; /* [C706] 12.6.3.1; of REFUSED 12.6.4.5 */
	uint32_t fault_status;
	bool did_not_execute; /* of a fault: a second try does no harm */
	struct bytes stub;    /* lives until the next dcerpc_expect() */
};

/* Gathers one answer.  Owns two buffers; drop it. */
struct dcerpc_reader {
	enum dcerpc_ptype asked;
	uint32_t call_id;
	bool whole;           /* the answer is complete */
	unsigned fragments;   /* of a response, seen so far */
	uint8_t ptype, flags; /* of the PDU that is being gathered */
	uint16_t frag_length;
	uint16_t max_fragment; /* what the bind's answer said */
	struct wire_out pdu, stub;
	const char *why;
};

enum dcerpc_progress {
	DCERPC_MORE,   /* the answer goes on: give the next bytes (READ) */
	DCERPC_WHOLE,  /* `answer` is filled */
	DCERPC_BROKEN, /* not what [C706] allows: `dcerpc_why`; drop the connection */
};

struct dcerpc_reader dcerpc_reader(void);
/* The next bytes answer a PDU of type `asked` (DCERPC_BIND, DCERPC_ALTER_CONTEXT or
 * DCERPC_REQUEST) with this call id.  Forgets the answer before. */
void dcerpc_expect(struct dcerpc_reader *r, enum dcerpc_ptype asked, uint32_t call_id);
/* Take in bytes as they came, any part of a PDU or several.  Refused are: another
 * version, byte order, call id or PDU type, a verifier nobody asked for, first and last
 * flags out of order, an empty fragment that is not the last, more than DCERPC_STUB_MAX
 * of stub or DCERPC_FRAGMENTS_MAX of fragments, bytes behind the end.  Not held against
 * the server: its context id, its allocation hint, its secondary address, a PDU longer
 * than we offered to take. */
enum dcerpc_progress dcerpc_hear(struct dcerpc_reader *r, struct bytes in,
				 struct dcerpc_answer *answer);
/* After DCERPC_BROKEN: what was wrong, static and lower case. */
const char *dcerpc_why(const struct dcerpc_reader *r);
void dcerpc_reader_drop(struct dcerpc_reader *r);

#endif
