/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth_ntlm.h - logins by NTLMv2, with a user and a password.
 *
 * Of the password its NT hash stays, in one place, until the credential is freed: each
 * logon derives its keys from it and wipes them.  A credential is shared by all threads.
 */
#ifndef RPC_AUTH_AUTH_NTLM_H
#define RPC_AUTH_AUTH_NTLM_H

#include "rpc/auth/auth_internal.h"

struct ntlm_credential;

/* Everything is copied; `domain` may be NULL.  NULL with `fault` filled (FAULT_LOCAL): a
 * text is not UTF-8, or memory is out. */
struct ntlm_credential *ntlm_credential_new(const char *user, const char *domain,
					    const char *password, struct fault *fault);
/* Wipes the hash; NULL is allowed. */
void ntlm_credential_free(struct ntlm_credential *c);

/* A login at `host`.  NULL with `fault` filled. */
struct auth *ntlm_login_begin(const struct ntlm_credential *c, const char *host,
			      const struct auth_purpose *purpose, struct fault *fault);

#endif
