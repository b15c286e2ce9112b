/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account.h - which credentials are one account, however they are written.
 *
 * The domain controller counts wrong passwords for the account, whatever option, section
 * or spelling named it: "CORP\svc", "corp\SVC", "svc@corp.example" and a plain "svc".  A
 * guard for each of these would cost the account a failure each.
 */
#ifndef SCANNER_LOGIN_ACCOUNT_H
#define SCANNER_LOGIN_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/login/credentials.h"

/* May both be the same account?  Users are compared without case.  Domains are, too: a
 * NetBIOS domain is the same as a DNS domain or realm that begins with it
 * ([MS-ADTS] 6.1.6: the default), and a user without a domain may be of any.  "." and a
 * host's own name are domains like others.  A credential cache is nobody's but its own.
 */
bool account_may_be_same(const struct credential *a, const struct credential *b);
/* The same user of the same domain, both written out. */
bool account_is_same(const struct credential *a, const struct credential *b);
/* Do both prove themselves by the same secret?  A keytab's key is its account's. */
bool account_shares_secret(const struct credential *a, const struct credential *b);

/* A number by which other processes know the account: the same for all spellings of the
 * user and for a NetBIOS domain and the DNS domain that begins with it.  0: no secret is
 * tried, as with a credential cache. */
uint64_t account_key(const struct credential *c);

/* Give each credential the number of its account, from 1, in order of appearance.  Those
 * of one secret that may be the same account share a number; a user without a domain, or
 * written otherwise, who has another password is another one.  False with `why`: two
 * credentials name the very same account with different passwords, of which one is wrong.
 */
bool accounts_group(const struct credentials *c, size_t *groups, char *why,
		    size_t why_size);

#endif
