/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth_gss_internal.h - what the files of auth_gss share; nobody else includes it.
 *
 * auth_gss_kerberos.c gets tickets through libkrb5, because only there an error keeps its
 * own number: SPNEGO hands on numbers of its own making.  kerberos_exchange.c asks the
 * KDCs, auth_gss_login.c carries the login, auth_gss.c chooses.
 */
#ifndef RPC_AUTH_AUTH_GSS_INTERNAL_H
#define RPC_AUTH_AUTH_GSS_INTERNAL_H

#include <gssapi/gssapi.h>
#include <krb5.h>

#include <stdbool.h>

#include "rpc/auth/auth_gss.h"
#include "rpc/auth/auth_internal.h"
#include "rpc/auth/kdc.h"
#include "rpc/wire/fault.h"

/* One initial ticket, held in memory.  Made once; read by all threads. */
struct kerberos;

/* From a password, a keytab or the default ccache, whichever `o` names.  What proves the
 * password or key goes to one KDC, once.  NULL with `fault` filled. */
struct kerberos *kerberos_new(const struct auth_gss_options *o, struct fault *fault);
void kerberos_free(struct kerberos *k);

/* What a code of the KDC or of libkrb5 means. */
enum fault_reason kerberos_reason(krb5_error_code code);
void kerberos_fault(struct fault *fault, krb5_context krb5, krb5_error_code code);

/* Carries an exchange to its end through `link` (NULL: no KDC answers).  A code, and
 * `fault` filled where the code says too little. */
krb5_error_code kerberos_exchange_initial(krb5_context krb5,
					  krb5_init_creds_context asked,
					  struct kdc_link *link, struct fault *fault);
krb5_error_code kerberos_exchange_ticket(krb5_context krb5, krb5_tkt_creds_context asked,
					 struct kdc_link *link, struct fault *fault);

/* "svc-sweep@CORP.EXAMPLE"; lives as long as `k`. */
const char *kerberos_identity(const struct kerberos *k);

/* What one login needs: a ticket for one host in a ccache of its own.  A shared ccache
 * would grow by a ticket a host, and each login would search all of it. */
struct ticket {
	krb5_context krb5;
	krb5_ccache ccache;
	gss_name_t target;
	gss_cred_id_t credential; /* that SPNEGO may use for Kerberos and nothing else */
};

/* For `service`/`host`.  False with `fault` filled and `t` empty. */
bool ticket_get(const struct kerberos *k, const char *service, const char *host,
		struct ticket *t, struct fault *fault);
void ticket_free(struct ticket *t);

/* True when the KDC answered that it knows no such host: nothing was tried at the host.
 */
bool ticket_host_is_unknown(const struct fault *fault);

/* A login at `host`: asks the KDC for a ticket.  NULL with `fault` filled. */
struct auth *kerberos_login_begin(const struct kerberos *k, const char *host,
				  const struct auth_purpose *purpose,
				  struct fault *fault);

/* The library's own sentences for a failed call. */
void gss_fault(struct fault *fault, OM_uint32 major, OM_uint32 minor);

extern gss_OID_desc auth_spnego, auth_kerberos;

#endif
