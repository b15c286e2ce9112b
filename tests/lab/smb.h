/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smb.h - one connection as a Windows host hears it: frames in, frames out.
 *
 * Owns no socket.  smb_hear() takes a frame and writes what the host answers; server.c
 * brings it to the client in the manner the host's fault asks for.
 */
#ifndef LAB_SMB_H
#define LAB_SMB_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"
#include "tests/lab/crypt.h"
#include "tests/lab/ntlm.h"
#include "tests/lab/pipe.h"
#include "tests/lab/share.h"
#include "tests/lab/spnego.h"
#include "tests/lab/world.h"

/* [MS-SMB2] 2.2.1.2 */
enum smb_command {
	SMB_NEGOTIATE = 0,
	SMB_SESSION_SETUP = 1,
	SMB_LOGOFF = 2,
	SMB_TREE_CONNECT = 3,
	SMB_TREE_DISCONNECT = 4,
	SMB_CREATE = 5,
	SMB_CLOSE = 6,
	SMB_READ = 8,
	SMB_WRITE = 9,
	SMB_IOCTL = 11,
	SMB_CANCEL = 12,
	SMB_ECHO = 13,
};

enum {
	SMB_FLAG_RESPONSE = 0x1,
	SMB_FLAG_ASYNC = 0x2,
	SMB_FLAG_RELATED = 0x4,
	SMB_FLAG_SIGNED = 0x8,
};

enum { SMB_HEADER_LEN = 64, PIPES_MAX = 4, DIALECTS_MAX = 8, SMB_OUT_MAX = 1 << 20 };

/* A logon under way; gone once it is decided. */
struct login {
	struct ntlm ntlm;
	struct spnego spnego;
	bool challenged;
};

struct smb {
	const struct host *host;
	uint16_t dialect; /* 0 until negotiated */
	uint8_t signing, cipher;
	bool multi_protocol; /* began with an SMB1 NEGOTIATE */
	bool logged_on, nameless, seal_due, gone;
	bool pending_forever; /* see FAULT_ENDLESS_PENDING */
	bool hang_up;         /* the client did what a server hangs up on */
	enum lab_step step;   /* of the last request */
	enum lab_fault armed; /* the host's fault, when this is its step */
	uint64_t session_id, nonce;
	uint32_t tree_id; /* 0: none */
	/* What the client may use: ids below `granted`, but for those in `used`, which
	 * counts from `low`. */
	uint64_t low, granted, used;
	uint64_t pending_id;
	uint16_t pending_command;
	uint8_t preauth[64], session_preauth[64];
	uint8_t key[16], signing_key[16], seal_key[32], open_key[32];
	bool seal_keys;
	/* What the client's NEGOTIATE said, for FSCTL_VALIDATE_NEGOTIATE_INFO. */
	uint32_t capabilities;
	uint8_t client_guid[16];
	uint16_t client_mode, dialect_count, dialects[DIALECTS_MAX];
	const struct account *account;
	struct login *login;
	struct pipe *pipes[PIPES_MAX];
	bool on_share;                      /* the tree is SYSVOL */
	struct share_file files[PIPES_MAX]; /* descriptor 0: none */
};

/* A request as it came; `at` is the whole message, header included. */
struct request {
	struct bytes at;
	uint16_t command, credit_charge, credits;
	uint32_t flags, tree_id, next;
	uint64_t message_id, session_id;
	bool sealed;
	uint8_t file_id[16]; /* of the chain it stands in */
};

void smb_begin(struct smb *s, const struct host *h);
void smb_end(struct smb *s);
/* One frame without its length, decrypted in place where sealed; answers are appended to
 * `out` as whole frames.  False: hang up, as Windows does. */
bool smb_hear(struct smb *s, uint8_t *frame, size_t len, struct wire_out *out);
/* The interim answer once more, for a host that promises for ever. */
void smb_promise_again(struct smb *s, struct wire_out *out);

/* In smb_negotiate.c, smb_setup.c and smb_files.c: each writes a response's body and
 * returns its status; an error without a body gets the usual one. */
uint32_t smb_negotiate(struct smb *s, const struct request *r, struct wire_out *w);
/* The 24 bytes that vouch for the negotiation. */
void smb_put_validation(const struct smb *s, struct wire_out *w);
/* The SMB1 NEGOTIATE that asks for SMB2; false: it does not. */
bool smb_multi_protocol(struct smb *s, struct bytes frame, struct wire_out *out);
uint32_t smb_session_setup(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_logoff(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_tree_connect(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_tree_disconnect(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_create(struct smb *s, struct request *r, struct wire_out *w);
uint32_t smb_close(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_read(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_write(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_ioctl(struct smb *s, const struct request *r, struct wire_out *w);
/* In smb_share.c: the same on SYSVOL. */
bool smb_share_wanted(const struct smb *s, struct bytes path);
uint8_t smb_share_type(const struct smb *s);
uint32_t smb_share_create(struct smb *s, struct request *r, struct wire_out *w);
uint32_t smb_share_read(struct smb *s, const struct request *r, struct wire_out *w);
uint32_t smb_share_close(struct smb *s, const struct request *r, struct wire_out *w);
void smb_share_end(struct smb *s);
/* The step a request belongs to; looks into pipes. */
enum lab_step smb_step(const struct smb *s, const struct request *r);

/* In smb_faults.c: an answer at `start` of `w` as the host's fault would have it, before
 * it is signed. */
void smb_spoil(const struct smb *s, uint16_t command, struct wire_out *w, size_t start);

/* In smb_seal.c: keys and what is done with them. */
void smb_derive_keys(struct smb *s);
/* Open a transform in place: the message within, or {NULL, 0}. */
struct bytes smb_open(struct smb *s, uint8_t *frame, size_t len);
/* Append `message` to `out` as a sealed frame. */
void smb_seal(struct smb *s, struct bytes message, struct wire_out *out);
bool smb_signature_right(const struct smb *s, struct bytes message);
/* Sign the message of `len` bytes that stands in `w` at `at`. */
void smb_sign(const struct smb *s, struct wire_out *w, size_t at, size_t len);

#endif
