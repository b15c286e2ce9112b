/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_internal.h - what a session is made of; for the session_*.c files alone.
 *
 * session.c holds the dialogue's table, NEGOTIATE, the tree and the way out,
 * session_logon.c SESSION_SETUP and the keys, session_rpc.c what is said through the
 * pipe, session_file.c what is read of a share, session_words.c what refusals mean.
 */
#ifndef RPC_SESSION_SESSION_INTERNAL_H
#define RPC_SESSION_SESSION_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/arena.h"
#include "rpc/dce/dcerpc.h"
#include "rpc/session/session.h"
#include "rpc/smb2/smb2.h"
#include "rpc/smb2/frame.h"
#include "rpc/smb2/keys.h"

/* One instance of a pipe and the RPC association on it. */
struct session_pipe {
	const char *name; /* interface_pipe() */
	struct smb2_file file;
	bool associated; /* a bind was answered: the next interface comes by alter */
	bool dead;       /* the association was refused or lost */
	uint16_t max_fragment;
};

/* Where an interface can be called. */
struct session_binding {
	enum { NOT_YET_BOUND, BOUND, NOT_TO_BE_HAD } state;
	uint32_t fault_status; /* of the RPC fault that answered a bind; 0: none did */
	size_t pipe;
};

struct session {
	struct smb2_line line;
	enum session_step step;
	struct session_options options; /* `server` is our own copy */
	struct session_peer peer;
	struct arena told; /* the names in `peer` and `challenge` */

	/* negotiate */
	struct smb2_offer offer;
	struct smb2_negotiated negotiated; /* its token is in `peer_token` */
	struct wire_out names; /* UTF-16LE: the server's name, the share's path */
	bool asked_in_smb1;
	uint8_t preauth[SMB2_HASH_SIZE];

	/* authenticate */
	struct wire_out peer_token;
	struct bytes token; /* ours; only during session_token() */
	struct session_key key;
	unsigned rounds;
	bool accepted;
	bool challenged;                 /* the host has introduced itself */
	struct ntlm_challenge challenge; /* not proved yet */
	uint16_t session_flags;
	struct wire_out acceptance; /* the whole answer, verified once there is a key */

	/* pipes and calls */
	struct session_pipe pipes[INTERFACE_COUNT];
	size_t pipe_count, binding; /* the latter: to the pipe at that place */
	struct session_binding bindings[INTERFACE_COUNT];
	struct dcerpc_reader reader;
	uint32_t call_id;
	bool calling; /* a session_call() is being answered */
	enum interface called;
	struct dcerpc_request request;
	struct wire_out question; /* the request's stub */
	struct wire_out pdu;      /* the PDU that is being said */
	struct session_reply reply;

	/* the file */
	struct smb2_opened opened;
	struct wire_out contents;
	uint32_t file_limit; /* bytes */
	unsigned reads;
	struct session_file file;
};

/* Take up a step and say what it says: the only assignment to `step` after birth. */
enum want session_speak(struct session *s, enum session_step step);
/* End with a fault that has no code of the host; in the reason's own words, or in words
 * that say more. */
enum want session_fail(struct session *s, enum fault_reason reason);
enum want session_fail_words(struct session *s, enum fault_reason reason,
			     const char *what);
/* The tree is connected and NEGOTIATE is proved. */
enum want session_begin_work(struct session *s);
/* End because the host answered with an error status. */
enum want session_refused(struct session *s, uint32_t status);

/* From here on everything is encrypted.  False with a fault: there is no cipher. */
bool session_seal(struct session *s);

/* The rows of the dialogue that log on, or seem to. */
bool say_setup(struct session *s);
enum want hear_setup(struct session *s, const struct smb2_answer *a);
bool say_probe(struct session *s);
enum want hear_probe(struct session *s, const struct smb2_answer *a);

/* The rows of the dialogue that speak through the pipe. */
bool say_pipe(struct session *s);
enum want hear_pipe(struct session *s, const struct smb2_answer *a);
bool say_bind(struct session *s);
enum want hear_bind(struct session *s, const struct smb2_answer *a);
bool say_call(struct session *s);
enum want hear_call(struct session *s, const struct smb2_answer *a);

/* The rows of the dialogue that read a file. */
bool say_share(struct session *s);
enum want hear_share(struct session *s, const struct smb2_answer *a);
bool say_open(struct session *s);
enum want hear_open(struct session *s, const struct smb2_answer *a);
bool say_read(struct session *s);
enum want hear_read(struct session *s, const struct smb2_answer *a);
bool say_shut(struct session *s);
enum want hear_shut(struct session *s, const struct smb2_answer *a);
/* Connect to `share` of the server. */
bool session_say_tree(struct session *s, const char *share);
/* Take up the tree that was connected; its messages are sealed where it says so. */
enum want session_take_tree(struct session *s, const struct smb2_answer *a,
			    const struct smb2_tree *tree);

#endif
