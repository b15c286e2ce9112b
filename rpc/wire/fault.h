/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h - why a dialogue with a host ended early.
 *
 * A fault is made where it is detected and never rewritten: it keeps the step, the
 * reason, the sentence and the peer's own status to the end, so that a report can say
 * what the host answered.  Programs act on kind, reason and code; the sentence is for
 * people alone.
 *
 * To add a kind, add a row here; scanner/host/outcome.c maps kinds to host outcomes and
 * does not compile until the new kind has a row there too.
 */
#ifndef RPC_WIRE_FAULT_H
#define RPC_WIRE_FAULT_H

#include <stdint.h>

#include "rpc/wire/fault_reason.h"

/* X(kind, what it means) */
#define FAULT_KINDS(X)                                                          \
	X(FAULT_NONE, "no fault")                                               \
	X(FAULT_NOT_SMB, "the peer does not speak SMB")                         \
	X(FAULT_SMB1_ONLY, "the host speaks SMB1 only")                         \
	X(FAULT_NO_ENCRYPTION, "encryption was required and the host has none") \
	X(FAULT_LOGON_REFUSED, "the host or the KDC refused this login")        \
	X(FAULT_KERBEROS, "no Kerberos ticket could be obtained or used")       \
	X(FAULT_ACCESS_DENIED, "logged on, but not allowed further")            \
	X(FAULT_INTEGRITY, "an answer was unsigned, wrongly signed or altered") \
	X(FAULT_PROTOCOL, "the host broke the protocol")                        \
	X(FAULT_REFUSED, "the host answered with an error")                     \
	X(FAULT_BUSY, "the host is out of resources; try again later")          \
	X(FAULT_LOCAL, "something failed on this machine")

enum fault_kind {
#define X(name, words) name,
	FAULT_KINDS(X)
#undef X
};

/* Which list of codes `code` belongs to: the number 5 means different things. */
enum fault_space {
	CODE_NONE,     /* no code */
	CODE_NTSTATUS, /* [MS-ERREF] 2.3, what SMB and LSA answer */
	CODE_WIN32,    /* [MS-ERREF] 2.2, what DSSETUP answers */
	CODE_RPC,      /* [C706] and [MS-RPCE] fault status */
	CODE_GSS,      /* a GSSAPI major or mechanism status */
};

enum { FAULT_TEXT_MAX = 192 };

struct fault {
	const char *step;     /* static: "negotiate", "authenticate", ... */
	enum fault_kind kind; /* the reason's kind */
	enum fault_reason reason;
	enum fault_space space;
	uint32_t code;             /* the peer's own status, or 0 */
	char what[FAULT_TEXT_MAX]; /* lower case, ends with no full stop */
};

enum fault_kind fault_reason_kind(enum fault_reason reason);

/* Fill `f` in one go with the reason's own sentence.  Does nothing when `f` already holds
 * a fault: the first cause wins. */
void fault_set(struct fault *f, const char *step, enum fault_reason reason,
	       enum fault_space space, uint32_t code);
/* The same with a sentence that says more than the reason's own; printf-like. */
void fault_set_words(struct fault *f, const char *step, enum fault_reason reason,
		     enum fault_space space, uint32_t code, const char *what, ...)
	__attribute__((format(printf, 6, 7)));

#endif
