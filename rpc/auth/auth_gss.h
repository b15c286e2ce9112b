/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth_gss.h - who we are, proved by Kerberos in SPNEGO (MIT krb5 through GSSAPI) or by
 * bare NTLMv2 (auth_ntlm.h), as hosts take it, too ([MS-SMB2] 3.3.5.5).
 *
 * One provider is one credential.  It is made once, shared by all worker threads, and
 * never tries two mechanisms in one login: a refused login counts once.
 */
#ifndef RPC_AUTH_AUTH_GSS_H
#define RPC_AUTH_AUTH_GSS_H

#include <stdbool.h>
#include <stddef.h>

#include "rpc/auth/auth.h"
#include "rpc/auth/kdc.h"

/* Everything that stays is copied, and of a password only what the mechanisms make of it
 * stays: wipe yours afterwards. */
struct auth_gss_options {
	/* A user and a password; `user` NULL: the ccache or the keytab. */
	const char *user, *password;
	const char *domain; /* NetBIOS domain of DOMAIN\USER, or NULL */
	const char *realm;  /* Kerberos realm of USER@REALM, in any case, or NULL */
	/* A keytab and its principal; NULL: not used. */
	const char *keytab, *principal;
	/* Asks KDCs; borrowed by the provider for as long as it lives.  NULL: none is
	 * asked, as if none answered. */
	struct kdc_link *kdc;
	bool no_ntlm;       /* Kerberos alone, literal addresses too */
	bool ntlm_fallback; /* of USER@REALM: NTLM where the KDC knows no such host, or
			     * no KDC answers at all */
};

/* NULL with `fault` filled (kind FAULT_KERBEROS, FAULT_LOGON_REFUSED or FAULT_LOCAL) when
 * the credential cannot be had.  May block (a KDC is asked): worker thread or start-up.
 */
struct auth_provider *auth_gss_new(const struct auth_gss_options *options,
				   struct fault *fault);
void auth_gss_free(struct auth_provider *p);

/* A login at an LDAP server, for SASL's GSS-SPNEGO: Kerberos wrapped in SPNEGO, or bare
 * NTLM.  step(), mechanism() and end() of the seam carry it on; there is no opening and
 * no key.  `channel` is the channel binding of the TLS connection the login goes through
 * (borrowed until the last step), or empty; inside of TLS nothing is sealed again
 * ([MS-ADTS] 5.1.2.1).  NULL with `fault` filled. */
struct auth *auth_gss_begin_ldap(const struct auth_provider *p, const char *host,
				 struct bytes channel, struct fault *fault);
/* True when the complete login can encrypt what follows. */
bool auth_gss_seals(struct auth *a);
/* One buffer of SASL's security layer (RFC 4752 3.2, without its length) made or opened;
 * always encrypted.  `out` is borrowed until the next call on `a`.  False with `fault`
 * filled. */
bool auth_gss_seal(struct auth *a, struct bytes in, struct bytes *out,
		   struct fault *fault);
bool auth_gss_unseal(struct auth *a, struct bytes in, struct bytes *out,
		     struct fault *fault);

/* Whom a provider proves us to be: "CORP\\svc-sweep", "svc-sweep@CORP.EXAMPLE". */
const char *auth_gss_identity(const struct auth_provider *p);

/* True when a KDC gave a ticket for this credential, so that it needs no further proof.
 */
bool auth_gss_has_ticket(const struct auth_provider *p);

/* True when the default ccache holds an unexpired ticket-granting ticket; then its
 * principal is in `principal` (cut to `size`). */
bool auth_gss_have_ccache(char *principal, size_t size);

#endif
