/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.h - one connection's messages: from requests to bytes, from bytes to
 * answers.
 *
 *     [ 0 | length, 3 bytes ] [ header, 64 ][ body ]                     a message
 *                             [ header ][ body ] pad [ header ][ body ]  a compound
 *                             [ transform, 52 ][ sealed message(s) ]     an envelope
 *
 * Owns the message ids, the credits, the signatures and the envelope ([MS-SMB2] 3.2.4.1,
 * 3.2.5.1).  Only here is decided whether an answer belongs to a question of ours and
 * whether it is protected as it must be: smb2_frame.c says, smb2_answer.c hears.  What
 * the bodies mean is not known here.
 */
#ifndef RPC_SMB2_FRAME_H
#define RPC_SMB2_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/fault.h"
#include "rpc/smb2/smb2.h"
#include "rpc/smb2/keys.h"
#include "rpc/wire/wire.h"

enum {
	SMB2_FRAME_MAX = 65536 + 2048, /* a 16-bit token or 64 KiB of data, and headers */
	SMB2_FRAMING_SIZE = 4,         /* a zero byte and the length */
	SMB2_AWAITED_MAX = 4,          /* questions open at once */
};

struct smb2_awaited {
	uint64_t message_id;
	uint16_t command;
};

/* Zero but for smb2_line_init.  The fields above the line are the session's to set. */
struct smb2_line {
	uint16_t dialect; /* 0 until negotiated */
	uint64_t session_id;
	uint32_t tree_id;
	struct smb2_keys *keys; /* owned; once set every answer must be protected */
	bool sealing;           /* from now on nothing goes or comes unencrypted */
	const char *step;       /* for faults; static */
	struct fault fault;     /* the first one; final */
	/* ---- */
	struct wire_out message;  /* the request being written, header first */
	struct wire_out outgoing; /* frames to be sent */
	struct wire_out incoming; /* the frame being gathered */
	struct wire_out opened;   /* what an envelope held */
	struct wire_in compound;  /* what of the last frame was not yet looked at */
	bool gathered, in_envelope;
	bool smb_heard; /* the peer has shown that it speaks SMB2 */
	uint64_t next_message_id, next_nonce;
	uint32_t credits;
	struct smb2_awaited awaited[SMB2_AWAITED_MAX];
	size_t awaited_count;
	unsigned idle_answers; /* interim and unsolicited ones, which have a ceiling */
};

struct smb2_answer {
	struct smb2_header header;
	struct bytes message; /* borrowed until the next smb2_hear or smb2_line_drop */
	bool is_error;        /* the body is an error's; the status says which */
	bool proved;          /* by signature or envelope; see smb2_answer.c */
};

enum smb2_heard {
	SMB2_HEARD_PART,   /* the bytes are used up and no answer is complete */
	SMB2_HEARD_ANSWER, /* `answer` is filled; there may be more in `bytes` */
	SMB2_HEARD_FAULT,  /* `line->fault` says why */
};

void smb2_line_init(struct smb2_line *l);
void smb2_line_drop(struct smb2_line *l);

/* Begin a request: its header is written, the body follows into what is returned. */
struct wire_out *smb2_begin(struct smb2_line *l, enum smb2_command command);
/* The message begun is done: number it, protect it, put it out, await its answer.
 * False with `line->fault`. */
bool smb2_say(struct smb2_line *l);
/* What smb2_say last sent, as it was before any envelope. */
struct bytes smb2_said(const struct smb2_line *l);
/* Put out the multi-protocol NEGOTIATE, which is no SMB2 message; an SMB2 one answers it
 * and it takes message id 0. */
bool smb2_say_raw(struct smb2_line *l, struct bytes message);
/* How many requests may be made before an answer is needed. */
size_t smb2_room(const struct smb2_line *l);

/* Take bytes until an answer is complete.  Call again until SMB2_HEARD_PART. */
enum smb2_heard smb2_hear(struct smb2_line *l, struct wire_in *bytes,
			  struct smb2_answer *answer);

/* Does the command run inside a tree connect, and carry its id? */
bool smb2_in_tree(uint16_t command);
void smb2_put_header(struct wire_out *w, const struct smb2_header *h);
/* False: too short, or not an SMB2 header. */
bool smb2_get_header(struct bytes message, struct smb2_header *h);

#endif
