/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spnego.h - the wrapping around NTLM tokens: RFC 4178 and [MS-SPNG], as DER.
 */
#ifndef LAB_SPNEGO_H
#define LAB_SPNEGO_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

enum { MECHANISMS_MAX = 128 };

/* What the first token said and the last one vouches for. */
struct spnego {
	uint8_t mechanisms[MECHANISMS_MAX]; /* the DER SEQUENCE of mechanisms */
	size_t mechanisms_len;
	bool bare; /* tokens come and go without wrapping */
};

enum spnego_state { SPNEGO_COMPLETED = 0, SPNEGO_INCOMPLETE = 1, SPNEGO_REJECT = 2 };

/* The token of a NEGOTIATE answer: the mechanisms a host knows. */
void spnego_put_hint(struct wire_out *w, bool kerberos);
/* Unwrap a client's token; empty fields are {NULL, 0}.  False: malformed. */
bool spnego_get(struct spnego *s, struct bytes token, struct bytes *inner,
		struct bytes *mic);
/* Wrap an answer; names NTLM when it is not complete. */
void spnego_put(const struct spnego *s, struct wire_out *w, enum spnego_state state,
		struct bytes inner, struct bytes mic);

#endif
