/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_link.h - one connection to one domain controller: connect, log on, search.
 *
 * On one worker thread; every call may block, each wait has a limit of its own (libldap's
 * options do not bound an answer) and ends early when `abandon` is set.  Always
 * encrypted: by SASL's GSS-SPNEGO, or by TLS with a verified certificate and channel
 * binding.  Never a simple bind, no referrals, and no ldap.conf, .ldaprc or LDAP*
 * variable is read.
 */
#ifndef SCANNER_DISCOVER_LDAP_LINK_H
#define SCANNER_DISCOVER_LDAP_LINK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "rpc/auth/auth.h"
#include "rpc/wire/fault.h"
#include "scanner/discover/entry.h"

enum { LDAP_PORT_PLAIN = 389, LDAP_PORT_TLS = 636 };

struct ldap_link_options {
	const char *host; /* name for the Kerberos ticket and the certificate */
	const struct sockaddr *address; /* with its port */
	bool tls;                       /* TLS from the first byte (--ldaps) */
	const char *ca_file;            /* of trusted authorities, with `tls` */
	const struct auth_provider *provider;
	uint64_t connect_ms, login_ms, request_ms; /* at least 1 */
	uint64_t page_ms; /* one page, however its entries trickle */
	const atomic_bool *abandon;
};

/* How far a login came: what the guard must know. */
enum ldap_login {
	LDAP_NOT_TRIED,     /* nothing that proves the password was sent */
	LDAP_NO_VERDICT,    /* it was, and the connection ended or stayed silent */
	LDAP_REFUSED_LOGIN, /* by the server or the KDC; `fault` says why */
	LDAP_ACCEPTED,
};

struct ldap_link;

/* A process needs this once, before the first connection and before any thread. */
void ldap_link_prepare_process(void);

/* The system's file of trusted certificate authorities. */
const char *ldap_link_system_ca(void);

/* Connect and log on; `provider` and `abandon` are borrowed until ldap_link_close(), the
 * rest of `options` for the call.  NULL with
 * `fault`; `*login` is filled in any case. */
struct ldap_link *ldap_link_open(const struct ldap_link_options *options,
				 enum ldap_login *login, struct fault *fault);
void ldap_link_close(struct ldap_link *l);
enum auth_mechanism ldap_link_mechanism(const struct ldap_link *l);

enum ldap_scope { LDAP_THE_BASE, LDAP_ONE_LEVEL, LDAP_BELOW };

/* Returns false to end the search; `e` is borrowed for the call. */
typedef bool (*ldap_entry_fn)(const struct entry *e, void *arg);

struct ldap_query {
	const char *base, *filter;
	enum ldap_scope scope;
	const char *const *attributes; /* NULL-terminated */
	bool paged;                    /* for searches whose number of answers is open */
	bool dacl;                     /* of nTSecurityDescriptor the DACL alone */
	bool extended_dn;              /* DNs as "<GUID=...>;<SID=...>;CN=..." */
	ldap_entry_fn each;
	void *arg;
	void (*page)(void *arg); /* after each page; may be NULL */
};

/* All entries, or false with `fault`: what `each` got by then stays true. */
bool ldap_link_search(struct ldap_link *l, const struct ldap_query *q,
		      struct fault *fault);

#endif
