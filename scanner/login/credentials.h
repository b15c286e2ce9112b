/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials.h - whom we log on as, and where the secret comes from.
 *
 * Passwords come by prompt, file (-A), LSASWEEP_PASSWORD or
 * $CREDENTIALS_DIRECTORY/password; never by a flag.  They live in pages that are locked
 * in memory and left out of core dumps, and are wiped by credentials_close() and, apart
 * from that, as soon as their provider was made.
 *
 * An authentication file is smbclient's: `username = U`, `password = P`, `domain = D`,
 * a line each; `[name]` begins a section that a target's `user=name` asks for.  Sections
 * may also say `realm`, `keytab` and `principal`.  What stands before the first section
 * is the default.
 */
#ifndef SCANNER_LOGIN_CREDENTIALS_H
#define SCANNER_LOGIN_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "rpc/auth/auth_gss.h"

enum {
	CREDENTIAL_SECTIONS_MAX = 64,
	CREDENTIAL_TEXT_MAX = 512, /* bytes of a name or a password */
};

/* All strings live in locked memory; NULL: not given. */
struct credential {
	const char *name; /* "" for the default */
	const char *user, *domain, *realm, *password;
	const char *keytab, *principal;
};

struct credentials;

/* As the command line has it; NULL and false: not given. */
struct credentials_options {
	bool kerberos;         /* -k */
	bool no_ntlm;          /* --no-ntlm */
	bool ntlm_fallback;    /* --ntlm-fallback */
	const char *user;      /* -U: "USER", "DOMAIN\USER" or "USER@REALM" */
	const char *auth_file; /* -A */
	const char *keytab, *principal;
	bool names_only; /* no password is needed: ask for none */
};

/* Call first in main(): no core dumps, no debugger of the same user, and
 * LSASWEEP_PASSWORD taken out of the environment into locked memory. */
void credentials_harden(void);

/* Gather all credentials; asks on the terminal where a password is missing.  NULL with
 * `why` ("FILE:LINE: what was found, what was expected"; never a secret). */
struct credentials *credentials_open(const struct credentials_options *options, char *why,
				     size_t why_size);
/* Wipe the passwords: their providers are made.  Names stay. */
void credentials_forget(struct credentials *c);
void credentials_close(struct credentials *c);

size_t credentials_count(const struct credentials *c);
/* The first is the default. */
const struct credential *credentials_at(const struct credentials *c, size_t i);
/* Names in order, for targets_options.sections. */
const char *const *credentials_names(const struct credentials *c);
/* What auth_gss_new() wants for the i-th; strings are borrowed from `c`. */
struct auth_gss_options credentials_auth(const struct credentials *c, size_t i);
/* "Kerberos from the credential cache", "CORP\scan by password": for a reader. */
void credentials_describe(const struct credentials *c, size_t i, char *text, size_t size);

#endif
