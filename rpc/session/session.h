/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - one conversation with one host, as bytes in and bytes out.
 *
 *     negotiate -> authenticate (n rounds) -> tree connect -> open pipe -> bind
 *               -> call ... call -> close, or probe
 *
 * or, on a share of files,
 *
 *     ... -> share connect -> (open file -> read file -> close file) ... -> close
 *
 * A session owns no socket, timer, thread or clock.  Each function says something or
 * takes in what the host said, and returns what must happen next; it never blocks and
 * never calls back.  SMB 2.0.2 to 3.1.1, signing always, encryption where due; DCE/RPC
 * with NDR32 over the pipes of rpc/calls/interface.h.  What a stub means is not known
 * here: rpc/calls/lsa.h and its neighbours make and read stubs.
 *
 * Everything a function returns by pointer or `struct bytes` is borrowed and lives until
 * the next call on the same session, unless said otherwise.
 */
#ifndef RPC_SESSION_SESSION_H
#define RPC_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/auth/auth.h"
#include "rpc/auth/ntlm_challenge.h"
#include "rpc/calls/interface.h"
#include "rpc/smb2/dialect.h"
#include "rpc/wire/fault.h"
#include "rpc/wire/wire.h"

struct session;

enum want {
	WANT_MORE,    /* the rest of this answer: session_hear(); earns no extra time.
		       * STATUS_PENDING is such a rest too */
	WANT_REPLY,   /* the answer to what is outgoing: session_hear() */
	WANT_TOKEN,   /* the next security token: session_token() */
	WANT_CALL,    /* idle: session_call() or session_bye(); look at session_reply() */
	WANT_NOTHING, /* said goodbye */
	WANT_ABORT,   /* failed: session_fault() says why */
};

/* In spoken order; the `dialogue` table in session.c has a row for each. */
enum session_step {
	STEP_NEGOTIATE,
	STEP_AUTHENTICATE,
	STEP_TREE,
	STEP_VALIDATE, /* below 3.1.1 */
	STEP_PIPE,
	STEP_BIND,
	STEP_CALL,
	STEP_SHARE, /* of files, in place of the tree of pipes */
	STEP_OPEN,
	STEP_READ,
	STEP_SHUT,
	STEP_BYE,
	STEP_PROBE,
	STEP_COUNT,
};

/* What a session needs to be born.  Copied, but for `server`, which is copied too. */
struct session_options {
	const char *server; /* for \\server\IPC$ and the NETNAME context; UTF-8 */
	/* NULL: IPC$, its pipes and session_call(); else a share of files ("SYSVOL";
	 * lives as long as the session) and session_read(). */
	const char *share;
	bool require_encryption;           /* seal everything after logon, or refuse */
	uint16_t dialect_min, dialect_max; /* 0: no bound */
	/* Open with SMB1's multi-protocol NEGOTIATE ([MS-SMB2] 3.2.4.2.1).  For a second
	 * connection after a host closed it on the first NEGOTIATE: an SMB1-only host
	 * then answers and is known as such.  SMB1 itself is never spoken. */
	bool multi_protocol;
	/* Take leave of a host that the logon did not make introduce itself (Kerberos
	 * does not) by an NTLM version probe: ask for an NTLM challenge and go no
	 * further.  No logon is attempted by that, and no password, hash or ticket is in
	 * it.  The probe comes last and under the session's own protection, because
	 * nothing would prove what an earlier one reported; whoever refuses it stays
	 * unintroduced. */
	bool probe;
	/* Random, of this connection alone: a server that supports multichannel takes a
	 * second connection with the same GUID for a further channel of the first client
	 * ([MS-SMB2] 3.3.5.5), and answers on either of them. */
	uint8_t client_guid[16];
	uint8_t salt[32]; /* random for each session (pre-auth integrity) */
};

/* What the host told of itself on the way; grows as the dialogue goes on.  Names and
 * version come from the NTLM challenge where one was seen and the logon has proved it,
 * or from the probe, and are empty otherwise; UTF-8. */
struct session_peer {
	uint16_t dialect; /* 0 until negotiated */
	bool signing_required;
	bool validated;  /* below 3.1.1: it has confirmed what was negotiated, signed */
	uint16_t cipher; /* [MS-SMB2] 2.2.3.1.2 id in use for this session, or 0 */
	bool sealed;     /* everything after logon is encrypted */
	uint64_t system_time; /* FILETIME of NEGOTIATE, 0: not told */
	/* The probe was refused because NTLM is off there, under the session's
	 * protection. */
	bool refuses_ntlm;
	bool os_known;
	uint8_t os_major, os_minor;
	uint16_t os_build;
	const char *netbios_name, *netbios_domain, *dns_name, *dns_domain, *dns_forest;
};

/* The answer to the last session_call(). */
enum call_outcome {
	CALL_ANSWERED,    /* `stub` is the response's stub data */
	CALL_FAULTED,     /* the server's RPC fault is `fault_status` */
	CALL_UNAVAILABLE, /* the interface cannot be bound here; `fault_status`: the RPC
			   * fault that the bind was answered with, or 0 */
};

struct session_reply {
	enum call_outcome outcome;
	struct bytes stub;
	uint32_t fault_status;
};

/* What came of the last session_read(). */
enum file_outcome {
	FILE_WHOLE,     /* `data` is all of it */
	FILE_TOO_LARGE, /* larger than the limit: not read */
	FILE_CHANGED,   /* written to, or cut, while it was read */
	FILE_REFUSED,   /* by the status of CREATE, READ or CLOSE */
};

struct session_file {
	enum file_outcome outcome;
	uint32_t status; /* NTSTATUS of FILE_REFUSED */
	struct bytes data;
	uint64_t size;            /* as it was opened; 0: it was not */
	uint64_t last_write_time; /* FILETIME, 0: not told */
};

enum { SESSION_PATH_MAX = 1000 }; /* bytes of UTF-8 */

/* NULL when memory is out. */
struct session *session_new(const struct session_options *options);
void session_free(struct session *s);

/* Begin: a NEGOTIATE is outgoing. */
enum want session_open(struct session *s);
/* Take in `len` bytes as they came from the socket, cut anywhere.  May be called again
 * with the same session's leftovers only by giving new bytes; the session buffers. */
enum want session_hear(struct session *s, const void *bytes, size_t len);
/* The host's last security token (empty before the first answer): what WANT_TOKEN asks
 * the provider to step with. */
struct bytes session_peer_token(const struct session *s);
/* What the host told of itself in an NTLM challenge that nothing has proved yet; NULL:
 * there was none.  Names live as long as the session. */
const struct ntlm_challenge *session_challenge(const struct session *s);
/* True when the host has accepted and only our own completion is missing: then
 * session_token() is called with an empty token and the key. */
bool session_accepted(const struct session *s);
/* Our next token.  `key` is NULL until the provider is complete. */
enum want session_token(struct session *s, struct bytes token,
			const struct session_key *key);
/* Call `opnum` of `i` with `stub` (copied); binds the interface first where needed. */
enum want session_call(struct session *s, enum interface i, uint16_t opnum,
		       struct bytes stub);
/* Read the file at `path` of the share (UTF-8, copied; backslashes, none in front),
 * whole, if it has at most `limit` bytes (up to LIMIT_FILE_BYTES).  WANT_CALL:
 * session_file(). No link is followed and no DFS referral is asked for. */
enum want session_read(struct session *s, const char *path, uint32_t limit);
/* Take leave: close, disconnect, log off; or probe, and hang up on WANT_NOTHING. */
enum want session_bye(struct session *s);

/* Bytes to put on the wire, moved out: free() `at` when written.  {NULL, 0}: none. */
struct bytes session_take_outgoing(struct session *s);
struct session_reply session_reply(const struct session *s);
/* Bytes that the dialogue holds: what was heard and not yet taken, above all. */
size_t session_memory(const struct session *s);
struct session_file session_file(const struct session *s);
const struct session_peer *session_peer(const struct session *s);
/* NULL unless WANT_ABORT was returned. */
const struct fault *session_fault(const struct session *s);
enum session_step session_step(const struct session *s);
/* "negotiate"; what a fault and a record name. */
const char *session_step_name(enum session_step step);

#endif
