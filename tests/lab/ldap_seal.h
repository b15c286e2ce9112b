/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_seal.h - SASL's security layer (RFC 4422 3.7, RFC 4752 3.2) at the server's end:
 * four bytes of length, then one encrypted buffer, by NTLM or by a GSSAPI context.
 */
#ifndef LAB_LDAP_SEAL_H
#define LAB_LDAP_SEAL_H

#include <gssapi/gssapi.h>
#include <stdbool.h>

#include "rpc/wire/wire.h"
#include "tests/lab/ntlm.h"

/* Zero it: nothing is sealed. */
struct ldap_seal {
	bool on;
	bool kerberos;
	struct ntlm_direction in, out;
	gss_ctx_id_t context; /* owned */
};

/* `used`: how many signatures SPNEGO made and checked before; RC4 begins anew behind
 * them, their numbers do not. */
void ldap_seal_ntlm(struct ldap_seal *s, const struct ntlm *n,
		    const uint8_t key[static 16], uint32_t used);
/* Takes the context over. */
void ldap_seal_kerberos(struct ldap_seal *s, gss_ctx_id_t context);
/* `plain` as one buffer with its length behind what is in `to`. */
bool ldap_seal_put(struct ldap_seal *s, struct bytes plain, struct wire_out *to);
/* One buffer without its length, opened behind what is in `to`.  False: not sealed with
 * these keys. */
bool ldap_seal_get(struct ldap_seal *s, struct bytes sealed, struct wire_out *to);
void ldap_seal_end(struct ldap_seal *s);

#endif
