/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_internal.h - what the files of one host's life share.
 *
 *     host.c         birth, resolve, connect, time, leave
 *     host_talk.c    converse { authenticate, ask }
 *     host_record.c  what is made of it
 *
 * Lifetime.  libuv owes one callback for each request started and each handle closed, the
 * resolver one for each look-up, a authenticator one for each step.  `owed` counts them,
 * and every counted callback ends with host_settle().  A host that is leaving and is owed
 * nothing is finished: the only place `done` is called from.
 */
#ifndef SCANNER_HOST_HOST_INTERNAL_H
#define SCANNER_HOST_HOST_INTERNAL_H

#include <stddef.h>

#include "rpc/session/session.h"
#include "scanner/login/guard.h"
#include "scanner/host/budget.h"
#include "scanner/host/host.h"
#include "scanner/login/authenticator.h"
#include "scanner/dns/resolve.h"
#include "scanner/host/survey.h"
#include "scanner/host/turn.h"

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer)-offsetof(type, member)))

struct host {
	const struct host_context *context;
	const struct settings *settings; /* of the context */
	struct facts facts;
	host_done_fn done;
	void *arg;

	unsigned owed; /* callbacks still to come */
	bool leaving;
	enum host_put_off put_off;
	uint64_t began_at, give_up_at;       /* loop time, ms */
	uint64_t started, connected, proved; /* uv_hrtime(), ns; 0: not yet */

	uv_timer_t deadline;
	uint64_t due, rings_at; /* of the step, of the timer; loop time, ms */
	uint64_t late;          /* of the context's late_ms, when the step began */
	struct lookup *lookup;
	struct turn_work work; /* to connect, to finish: in a turn with room for it */
	bool in_line;          /* to connect */
	bool unanswered;       /* by every name server: a lost datagram looks the same */
	struct host_addresses addresses;
	unsigned next; /* the address to try next */
	uv_tcp_t tcp;
	bool tcp_open, multi_protocol;
	uv_connect_t connecting;
	uv_write_t writing;
	struct bytes saying; /* owned while `writing` is in flight */

	struct session *session;
	struct host_budget dialogue; /* what the session holds of the pot */
	enum session_step traced;
	struct guard *guard;
	struct guard_seat seat;
	const char *account; /* of the credential; NULL: not known */
	const char *domain;  /* of the credential; NULL: any host will do */
	struct authenticator authenticator;
	struct survey *survey;
	bool asking;                 /* an answer to survey_next() is awaited */
	bool token_sent, proof_sent; /* any token; the proof of the password */
	bool login_only;             /* leave when accepted */
	bool negotiated;             /* and said so */
};

/* Take up a step.  One timer serves the whole life: the step's limit or what is left of
 * the host's own, whichever is less; 0 is no limit of its own. */
void host_begin(struct host *h, const char *step, uint64_t limit_ms);

/* Every way out; the first one counts, later ones do nothing. */
void host_leave(struct host *h);
void host_leave_with(struct host *h, enum host_outcome outcome, const char *why);
void host_leave_for(struct host *h, enum host_outcome outcome, enum fault_reason reason);
void host_leave_for_socket(struct host *h, int uv_error);
/* One owed callback has come. */
void host_settle(struct host *h);
/* Have the mechanism released on a worker thread, if there is one. */
void host_release_mechanism(struct host *h);

/* Connected: hold the dialogue. */
void host_talk(struct host *h);
/* A host that hangs up on an SMB2 NEGOTIATE may speak SMB1 only: it is asked once more,
 * by the NEGOTIATE that both understand.  False: that is not so, or was tried. */
bool host_try_multi_protocol(struct host *h, int uv_error);
/* The proof of the password was sent, and the host has not accepted us. */
bool host_awaits_verdict(const struct host *h);
/* The guard's answer to a host that asked for a login. */
void host_on_told(struct guard_seat *seat, enum guard_answer answer);
/* The authenticator has its place among those that log on. */
void host_on_authenticator_started(struct authenticator *authenticator);

/* Run it now, or in a turn of the loop that has room for it. */
void host_do(struct host *h, void (*run)(struct turn_work *work));
/* Pieces of work (turn.h) are done now. */
void host_spend(struct host *h, size_t pieces);

/* The record is made whole. */
void host_conclude(struct host *h);
void host_trace(struct host *h, const char *step, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
