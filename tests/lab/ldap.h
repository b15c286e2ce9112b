/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap.h - a domain controller's LDAP: messages in, messages out, no sockets.
 *
 *     ldap.c         messages, and where a fault shows
 *     ldap_bind.c    SASL: GSSAPI, and GSS-SPNEGO by Kerberos or NTLM
 *     ldap_search.c  entries, ranges, pages
 *
 * As Active Directory does it ([MS-ADTS] 3.1.1.3, 5.1.1), but that binds must end
 * encrypted and not just signed: a search gives at most 1,000 entries and 1,500 values of
 * an attribute, a descriptor comes only to those who do not ask for the audit part.
 */
#ifndef LAB_LDAP_H
#define LAB_LDAP_H

#include <stdbool.h>

#include "rpc/wire/wire.h"
#include "tests/lab/ldap_faults.h"
#include "tests/lab/ldap_seal.h"
#include "tests/lab/world.h"

enum { LDAP_MESSAGE_MAX = 10 << 20, LDAP_OUT_MAX = 24 << 20, LDAP_ALL = 1 << 30 };

enum ldap_result_code {
	LDAP_SUCCESS = 0,
	LDAP_OPERATIONS_ERROR = 1,
	LDAP_PROTOCOL_ERROR = 2,
	LDAP_SIZE_LIMIT_EXCEEDED = 4,
	LDAP_AUTH_METHOD_NOT_SUPPORTED = 7,
	LDAP_STRONG_AUTH_REQUIRED = 8,
	LDAP_UNKNOWN_CRITICAL = 12,
	LDAP_SASL_IN_PROGRESS = 14,
	LDAP_NO_SUCH_OBJECT = 32,
	LDAP_INVALID_CREDENTIALS = 49,
	LDAP_UNWILLING_TO_PERFORM = 53,
};

struct ldap_bind;

struct ldap {
	const struct host *host;
	enum ldap_fault fault;
	enum ldap_step step;
	enum ldap_fault armed; /* shows in the bytes of this answer from `armed_at` on */
	size_t armed_at;
	bool more; /* this answer never ends: ldap_more() has the rest */
	bool gone; /* the client is done */
	bool met;  /* a fault that shows once did */

	struct ldap_seal seal;
	struct ldap_bind *bind; /* while one is under way */
	bool bound;

	int64_t id;  /* of the request in hand */
	size_t next; /* where the next page begins; a cookie is worth nothing without it
		      */
	uint32_t cookie;
};

void ldap_begin(struct ldap *l, const struct host *host);
void ldap_end(struct ldap *l);
/* One whole message; answers go behind what is in `out`.  False: a server would close the
 * connection. */
bool ldap_hear(struct ldap *l, struct bytes message, struct wire_out *out);
/* More of an answer that never ends. */
void ldap_more(struct ldap *l, struct wire_out *out);

/* ldap.c, for its neighbours */
/* Begins a message; ldap_close_message() ends it. */
size_t ldap_open_message(struct ldap *l, struct wire_out *out);
void ldap_close_message(struct wire_out *out, size_t message);
/* LDAPResult's fields (RFC 4511 4.1.9). */
void ldap_put_result(struct wire_out *out, int code, const char *text);
/* Arms the fault of this connection if it shows at `step`: from here on in `out`. */
enum ldap_fault ldap_arm(struct ldap *l, enum ldap_step step, const struct wire_out *out);
/* Writes a whole message that is nothing but a result. */
void ldap_answer(struct ldap *l, uint8_t tag, int code, const char *text,
		 struct wire_out *out);
/* ldap_bind.c */
bool ldap_bind_hear(struct ldap *l, struct wire_in body, struct wire_out *out);
void ldap_bind_end(struct ldap *l);
/* ldap_search.c; `controls` may be empty. */
bool ldap_search_hear(struct ldap *l, struct wire_in body, struct wire_in controls,
		      struct wire_out *out);

#endif
