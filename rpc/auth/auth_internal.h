/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth_internal.h - a login of any mechanism, as auth_gss.c sees it; for this folder.
 */
#ifndef RPC_AUTH_AUTH_INTERNAL_H
#define RPC_AUTH_AUTH_INTERNAL_H

#include "rpc/auth/auth.h"

/* As in `struct auth_provider`, for one mechanism. */
struct auth_methods {
	enum auth_mechanism mechanism;
	bool (*step)(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		     struct fault *fault);
	bool (*key)(struct auth *a, struct session_key *key, struct fault *fault);
	void (*end)(struct auth *a); /* never NULL */
	/* As auth_gss_seals(), auth_gss_seal() and auth_gss_unseal(). */
	bool (*seals)(struct auth *a);
	bool (*seal)(struct auth *a, struct bytes in, struct bytes *out,
		     struct fault *fault);
	bool (*unseal)(struct auth *a, struct bytes in, struct bytes *out,
		       struct fault *fault);
};

/* What a login is for. */
struct auth_purpose {
	const char *service;  /* static: "cifs" or "ldap" */
	struct bytes channel; /* borrowed; empty: no binding to a TLS channel */
	bool seal;            /* what follows is sealed by the mechanism */
	bool opened;          /* the provider's opening was sent already */
};

/* FAULT_INTEGRITY: what followed a login was not sealed, or not by the host. */
void auth_unseal_fault(struct fault *fault);

/* The first member of every login. */
struct auth {
	const struct auth_methods *methods;
};

#endif
