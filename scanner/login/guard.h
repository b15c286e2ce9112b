/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.h - the credential guard: a wrong password never locks an account.
 *
 * There is one guard for each credential.  Until one login with it has succeeded, only
 * one is made at a time: the canary.  A host that wants to log on asks for a seat; it is
 * told to go, to wait, or that the credential is stopped.  When the canary ends for
 * another reason than its credential, the next host that waits becomes the canary.
 *
 * Unproven: refused logins are counted, disabled accounts and expired passwords among
 * them; at `limit` no further login is made.  A login that ends without a verdict after
 * the proof of the password was sent (silence, a closed connection, nonsense) may have
 * raised the account's bad-password count just as well: the second one stops the
 * credential, or with a higher limit the one that makes as many as that together with
 * the refusals.  A locked account stops it at once.
 *
 * Proven: a refused login is checked by the next ones, made one at a time again.  One
 * that is accepted clears the doubt; as many refusals in a row as `limit`, two at least,
 * stop the credential.  So does that number of logins without a verdict while in doubt;
 * otherwise these no longer count.
 *
 * Never counted: what a refusal says about the host or the place alone (NTLM switched
 * off, no logon server, a broken trust: verdict.c has the closed list of what counts), a
 * host that makes us a guest once the credential is proven, and, left out by the caller,
 * what a host says before it got the proof of a password: with Kerberos it never does.
 * A refusal with a code that is not in the list is a login without a verdict.  Logon
 * hours and permitted workstations raise no count and are the same everywhere: the third
 * host in a row that refuses for them stops the credential.
 *
 * Logins that were already on the wire when the limit was reached cannot be taken back:
 * after a first success up to the number of hosts in flight may be refused at once.
 * Every login asks again (guard_open) before it sends what proves the password.
 *
 * Loop's thread only.
 */
#ifndef SCANNER_LOGIN_GUARD_H
#define SCANNER_LOGIN_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/fault.h"

struct guard;

enum guard_answer {
	GUARD_GO,   /* log on, and report how it went */
	GUARD_WAIT, /* `told` will be called */
	GUARD_STOP, /* do not log on: the credential is stopped */
};

/* A host's place at the guard; zero it before first use.  Lives inside the host. */
struct guard_seat {
	struct guard *guard;
	struct guard_seat *next, *previous;
	/* GUARD_GO or GUARD_STOP; may be called from within any guard function of
	 * another seat, never of this one. */
	void (*told)(struct guard_seat *seat, enum guard_answer answer);
	bool waiting, logging_on;
	bool proof_sent; /* by guard_proof_sent() since guard_ask() */
};

/* `name` is copied and named in messages ("" is the default credential); `limit` is the
 * number of refused logins that stop it, at least 1 (see above).  NULL: out of memory. */
struct guard *guard_new(const char *name, unsigned limit);
void guard_free(struct guard *g);

/* May a new host be started at all, or would it only wait? */
enum guard_answer guard_state(const struct guard *g);
/* Ask for a login.  After GUARD_GO one of guard_accepted(), guard_refused() or
 * guard_leave() must follow. */
enum guard_answer guard_ask(struct guard *g, struct guard_seat *seat);
/* False when the credential was stopped since guard_ask(). */
bool guard_open(const struct guard_seat *seat);
/* What proves a password goes to the host with the next message. */
void guard_proof_sent(struct guard_seat *seat);
void guard_accepted(struct guard_seat *seat);
/* The host, the KDC or the directory answered with `fault`.  Its code decides whether it
 * counts; of another kind than FAULT_LOGON_REFUSED it is no verdict. */
void guard_refused(struct guard_seat *seat, const struct fault *fault);
/* Give the seat back without a verdict, which counts after guard_proof_sent(); harmless
 * when there is no seat. */
void guard_leave(struct guard_seat *seat);

/* A host with this credential is done: was it refused its rights?  Tells on stderr, once,
 * when refusals rise after a good start. */
void guard_note_rights(struct guard *g, bool denied);

/* True once the limit was reached. */
bool guard_stopped(const struct guard *g);
/* Logins that were refused for the credential's sake since the latest accepted one. */
unsigned guard_refusals(const struct guard *g);

#endif
