/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.h - the credential guard: a wrong password never locks an account.
 *
 * There is one guard for each account.  A host asks for a seat before it logs on, and
 * asks again before it sends what proves the password; it is told to go, to wait, or that
 * the credential is stopped.
 *
 * Unproven: only one login at a time is made, the canary.  Refused logins are counted,
 * disabled accounts and expired passwords among them; at `limit` no further login is
 * made.  A login that ends without a verdict after the proof of the password was sent
 * (silence, a closed connection, nonsense, a code that says nothing of the credential)
 * may have raised the account's bad-password count just as well: the second one stops the
 * credential, or with a higher limit the one that makes as many as that together with the
 * refusals.  A locked account stops it at once.  When the canary ends for another reason,
 * the next host that waits becomes the canary.
 *
 * Whoever knows a place that gives a verdict lets `check` make the canary's login there
 * (guard_check_first()); a KDC or a directory that has accepted the credential is such a
 * place by nature (guard_prove()).
 *
 * Proven: any number of logins.  A counted refusal opens a doubt.  While it is open no
 * login begins and no proof is sent, but for one: `check` is asked for a login at a place
 * that accepted the credential before.  Accepted there, the refusal was that host's own,
 * and so was every other that came meanwhile.  Refused there too, it is confirmed: at
 * `limit` confirmed refusals, or when the account is locked, the credential is stopped;
 * below that it is unproven again.  Where no such place can be asked, the next host logs
 * on alone, and a second refusal in a row (`limit` of them, when that is more) stops it.
 * Without a doubt, logins without a verdict do not count.
 *
 * Never counted: what verdict.c has as the host's own or does not have, a host that makes
 * us a guest once the credential is proven, and, left out by the caller, what a host says
 * before it got the proof of a password: with Kerberos it never does.  Logon hours and
 * permitted workstations raise no count and are the same everywhere: the third host in a
 * row that refuses for them stops the credential.
 *
 * The bound.  A wrong password costs `limit` refused logins, or two without a verdict.  A
 * password that is changed in mid-sweep costs the proofs that were on their way when the
 * first refusal came, at most one a host in flight, and one for the check.
 *
 * Shared.  Where several processes use the account (guard_share()), a login without a
 * proof and one that settles a doubt also need the turn, which one process has at a time.
 * With it comes what the others found; it is given back when the login has ended.
 *
 * Loop's thread only.
 */
#ifndef SCANNER_LOGIN_GUARD_H
#define SCANNER_LOGIN_GUARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "rpc/wire/fault.h"

struct guard;

enum guard_answer {
	GUARD_GO,   /* log on, and report how it went */
	GUARD_WAIT, /* `told` will be called */
	GUARD_STOP, /* do not log on: the credential is stopped */
};

/* What is known of a credential, as processes that share it tell each other. */
struct guard_standing {
	uint32_t proven, stopped;              /* 0 or 1 */
	uint32_t refusals, unjudged, repeated; /* since the latest accepted login */
	uint32_t space, code;                  /* enum fault_space: what stopped it */
};

/* A host's place at the guard; zero it before first use.  Lives inside the host. */
struct guard_seat {
	struct guard *guard;
	TAILQ_ENTRY(guard_seat) others;
	/* GUARD_GO or GUARD_STOP; may be called from within any guard function of
	 * another seat, never of this one. */
	void (*told)(struct guard_seat *seat, enum guard_answer answer);
	bool checks; /* set by the caller: this is the login that `check` was asked for */
	bool waiting, logging_on;
	bool settles;    /* a doubt: it checks, or logs on alone in a doubt */
	bool proof_sent; /* by guard_proof_sent() since guard_ask() */
};

/* `name` is copied and named in messages ("" is the default credential); `limit` is the
 * number of refused logins that stop it, at least 1 (see above).  NULL: out of memory. */
struct guard *guard_new(const char *name, unsigned limit);
void guard_free(struct guard *g);
/* Who makes the login that settles a doubt: it is called once a doubt, and again after
 * guard_check_ended().  False: no place is left that accepted the credential before.  It
 * must not log on from within. */
void guard_set_check(struct guard *g, bool (*check)(void *arg), void *arg);
/* Begin with a login of `check`: nobody else logs on before it has ended. */
void guard_check_first(struct guard *g);
/* The login that `check` began has ended; the guard may ask for another place. */
void guard_check_ended(struct guard *g);

/* From now on the turn is needed.  `want` asks for it, once; the answer, never from
 * within, is guard_grant() or guard_stop_as().  `doubts`: a doubt is to be settled, so a
 * proof found by others is no answer.  `ended` follows a grant, also from within it. */
void guard_share(struct guard *g, void (*want)(void *arg, bool doubts),
		 void (*ended)(void *arg), void *arg);
/* The turn is ours; or, where `known` has a proof and no doubt is open, is not needed: no
 * `ended` follows then. */
void guard_grant(struct guard *g, const struct guard_standing *known);
/* The part `author`, counted from 0, was stopped, as the file `path` records. */
void guard_stop_as(struct guard *g, const struct guard_standing *known, uint32_t author,
		   const char *path);
/* What is to be recorded; false: a doubt is open, and nothing is. */
bool guard_get_standing(const struct guard *g, struct guard_standing *standing);

/* May a new host be started at all, or would it only wait? */
enum guard_answer guard_state(const struct guard *g);
/* Ask for a login.  After GUARD_GO one of guard_accepted(), guard_refused() or
 * guard_leave() must follow. */
enum guard_answer guard_ask(struct guard *g, struct guard_seat *seat);
/* Ask again before what proves a password is made: after GUARD_WAIT the seat stands in
 * line like one that never logged on.  And the same question at the last moment, which
 * puts nobody in line. */
enum guard_answer guard_ask_proof(struct guard_seat *seat);
enum guard_answer guard_may_prove(const struct guard_seat *seat);
/* What proves a password goes to the host with the next message. */
void guard_proof_sent(struct guard_seat *seat);
void guard_accepted(struct guard_seat *seat);
/* The host, the KDC or the directory answered with `fault`.  Its code decides whether it
 * counts; of another kind than FAULT_LOGON_REFUSED it is no verdict. */
void guard_refused(struct guard_seat *seat, const struct fault *fault);
/* Give the seat back without a verdict, which counts after guard_proof_sent(); harmless
 * when there is no seat. */
void guard_leave(struct guard_seat *seat);

/* The credential was accepted elsewhere: by a KDC, a directory, another process. */
void guard_prove(struct guard *g);

/* A host with this credential is done: was it refused its rights?  Tells on stderr, once,
 * when refusals rise after a good start. */
void guard_note_rights(struct guard *g, bool denied);

/* True while a login was accepted and no refusal was confirmed since. */
bool guard_proven(const struct guard *g);
/* True once the limit was reached. */
bool guard_stopped(const struct guard *g);
/* Logins that were refused for the credential's sake since the latest accepted one. */
unsigned guard_refusals(const struct guard *g);

#endif
