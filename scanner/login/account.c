/* SPDX-License-Identifier: Apache-2.0 */
/* Names of accounts, compared as a domain controller would. */
#include "scanner/login/account.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A user and a domain as they were written; `domain` NULL: none was. */
struct name {
	const char *user, *domain;
	size_t user_len;
};

/* "scan@CORP.EXAMPLE", the principal of a keytab; "host/srv1@CORP.EXAMPLE" too. */
static struct name name_of(const struct credential *c)
{
	struct name name = { c->user, c->domain ? c->domain : c->realm, 0 };
	const char *at;

	if (!name.user && c->principal) {
		at = strrchr(c->principal, '@');
		name.user = c->principal;
		name.domain = at && at[1] ? at + 1 : NULL;
		name.user_len = at ? (size_t)(at - c->principal) : strlen(c->principal);
	} else if (name.user) {
		name.user_len = strlen(name.user);
	}
	return name;
}

static bool same_user(const struct name *a, const struct name *b)
{
	return a->user && b->user && a->user_len == b->user_len &&
	       strncasecmp(a->user, b->user, a->user_len) == 0;
}

/* "CORP" begins "corp.example". */
static bool begins(const char *label, const char *dns_name)
{
	size_t len = strlen(label);

	return !strchr(label, '.') && strncasecmp(label, dns_name, len) == 0 &&
	       dns_name[len] == '.';
}

bool account_is_same(const struct credential *a, const struct credential *b)
{
	struct name x = name_of(a), y = name_of(b);

	return same_user(&x, &y) && x.domain && y.domain &&
	       strcasecmp(x.domain, y.domain) == 0;
}

bool account_may_be_same(const struct credential *a, const struct credential *b)
{
	struct name x = name_of(a), y = name_of(b);

	if (!same_user(&x, &y))
		return false;
	return !x.domain || !y.domain || strcasecmp(x.domain, y.domain) == 0 ||
	       begins(x.domain, y.domain) || begins(y.domain, x.domain);
}

bool account_shares_secret(const struct credential *a, const struct credential *b)
{
	if (!a->password || !b->password)
		return true;
	return strcmp(a->password, b->password) == 0;
}

static bool refuse(const struct credential *a, const struct credential *b, char *why,
		   size_t why_size)
{
	snprintf(why, why_size,
		 "%s%s%s and [%s] name the same account (\"%s\") with different "
		 "passwords; expected one password an account",
		 *a->name ? "[" : "", *a->name ? a->name : "the default credential",
		 *a->name ? "]" : "", b->name, b->user);
	return false;
}

bool accounts_group(const struct credentials *c, size_t *groups, char *why,
		    size_t why_size)
{
	size_t last = 0;

	for (size_t i = 0; i < credentials_count(c); i++) {
		const struct credential *one = credentials_at(c, i);

		groups[i] = 0;
		for (size_t k = 0; k < i; k++) {
			const struct credential *other = credentials_at(c, k);
			bool one_secret = account_shares_secret(one, other);

			if (!one_secret && account_is_same(one, other))
				return refuse(other, one, why, why_size);
			if (!groups[i] && one_secret && account_may_be_same(one, other))
				groups[i] = groups[k];
		}
		if (!groups[i])
			groups[i] = ++last;
	}
	return true;
}

/* FNV-1a over the lower-case text, as every machine computes it. */
static uint64_t hash_text(uint64_t v, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c | 0x20);
		v = (v ^ c) * 0x100000001b3;
	}
	return v;
}

uint64_t account_key(const struct credential *c)
{
	struct name name = name_of(c);
	uint64_t v = 0xcbf29ce484222325;

	if (!name.user || (!c->password && !c->keytab))
		return 0;
	v = hash_text(v, name.user, name.user_len);
	v = hash_text(v, "@", 1);
	if (name.domain)
		v = hash_text(v, name.domain, strcspn(name.domain, "."));
	return v;
}
