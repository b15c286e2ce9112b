/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kerberos_message.h - what must be right about a Kerberos message (RFC 4120) before
 * libkrb5 or GSSAPI gets to read it, and what we read of it ourselves.
 *
 * Contents are for the libraries.  Here a message is found whole: one value of the right
 * kind and version, everything inside of it within its bounds.
 */
#ifndef RPC_AUTH_KERBEROS_MESSAGE_H
#define RPC_AUTH_KERBEROS_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

/* RFC 4120 5.10: application tags, which are the message types, too. */
enum kerberos_message_type {
	KERBEROS_AS_REQ = 10,
	KERBEROS_AS_REP = 11,
	KERBEROS_TGS_REP = 13,
	KERBEROS_AP_REP = 15,
	KERBEROS_ERROR = 30
};

/* Error codes (RFC 4120 7.5.9) that are no verdict on a credential. */
enum kerberos_error_code {
	KERBEROS_PREAUTH_REQUIRED = 25,
	KERBEROS_SERVICE_UNAVAILABLE = 29,
	KERBEROS_RESPONSE_TOO_BIG = 52,
	KERBEROS_WRONG_REALM = 68,
	KERBEROS_MORE_PREAUTH_DATA = 91
};

/* A reply (not a request) of this type, whole. */
bool kerberos_message_is(struct bytes message, enum kerberos_message_type type);

/* True when `message` is a whole KRB-ERROR; its code.  What it carries for libkrb5
 * (e-data) is whole as well where the code says that it is read. */
bool kerberos_error_read(struct bytes message, int32_t *code);

/* Does our own AS-REQ carry what is made of the password or key?  A request that says so
 * must not be asked twice: each copy can count as a wrong password.  What we do not know
 * to be harmless is taken for a proof. */
bool kerberos_request_has_proof(struct bytes request);

/* A token of RFC 4121 4.1 that a host answers with: AP-REP or KRB-ERROR, whole. */
bool kerberos_token_is_whole(struct bytes token);

/* SPNEGO's answer to a login (RFC 4178 4.2.2), whole, with a whole Kerberos token
 * inside where there is one. */
bool spnego_answer_is_whole(struct bytes token);

#endif
