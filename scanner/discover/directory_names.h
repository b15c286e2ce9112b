/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_names.h - SIDs of the domains that were read, named by their directory.
 *
 * Hosts would each ask a domain controller for the same names; so the connections of the
 * reading stay open, and every SID is asked for once, a hundred in one search.
 *
 * On the worker thread.
 */
#ifndef SCANNER_DISCOVER_DIRECTORY_NAMES_H
#define SCANNER_DISCOVER_DIRECTORY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/directory.h"
#include "report/directory/directory_name.h"
#include "report/facts/facts.h"
#include "report/text/pool.h"
#include "scanner/discover/entry.h"
#include "scanner/discover/ldap_link.h"

/* SIDs of one call of directory_names_read(). */
enum { NAMES_A_SEARCH = 100, NAMES_DOMAINS_MAX = 200 };

struct directory_names_domain {
	const char *sid, *netbios_name, *dn;
	struct ldap_link *link; /* NULL: it broke */
};

/* Zero it. */
struct directory_names {
	struct directory_names_domain domains[NAMES_DOMAINS_MAX];
	size_t count;
	struct pool pool; /* private */
};

/* Takes over `link`; a domain without SID or name, or one too many, is not named. */
void directory_names_add(struct directory_names *n, const struct directory_domain *d,
			 struct ldap_link *link);
/* Reads a little from each, before a domain controller ends what is idle (15 minutes). */
void directory_names_keep_alive(struct directory_names *n);
/* Up to NAMES_A_SEARCH SIDs as lines of the record, newlines between them, to be freed;
 * one that no account has is named so.  `*named` is how many there are; the others are of
 * no domain here, or its connection broke: `fault` says why.  NULL: there is none. */
char *directory_names_read(struct directory_names *n, char *const *sids, size_t count,
			   size_t *named, struct fault *fault);
void directory_names_close(struct directory_names *n);

/* True when `sid` is of an account of `domain`. */
bool directory_names_holds(const char *domain, const char *sid);
/* Private but for tests: "(|(objectSid=\01\05...)...)" to be freed; NULL: memory is out,
 * or one is no SID. */
char *directory_names_filter(char *const *sids, size_t count);
/* One account; a name that this credential may not read is KIND_NOT_TOLD, which is not
 * the same as no account.  False: it has no SID, or memory is out. */
bool directory_names_of_entry(const struct entry *e, const char *netbios_name,
			      struct pool *pool, struct directory_name *name);
/* SAM_ACCOUNT types ([MS-ADTS] 2.2.17 sAMAccountType) as the kind of a holder. */
enum holder_kind directory_names_kind(int64_t account_type);

#endif
