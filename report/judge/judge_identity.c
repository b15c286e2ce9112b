/* SPDX-License-Identifier: Apache-2.0 */
/* Who a holder is on the host that lists it, and no more than is known: a relative id
 * says who somebody is only in a domain that the host is of or can resolve. */
#include "report/judge/judge_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_below(const char *sid, const char *domain)
{
	uint32_t rid;

	return principal_rid(sid, domain, &rid);
}

/* The host issues such SIDs itself: one that it does not know was deleted. */
static bool is_own(const struct facts *f, const char *sid)
{
	return is_below(sid, f->machine_sid) ||
	       (f->role == ROLE_DOMAIN_CONTROLLER && is_below(sid, f->domain_sid));
}

static bool is_resolved(const struct holder *h)
{
	return h->name && h->kind != KIND_UNKNOWN && h->kind != KIND_INVALID &&
	       h->kind != KIND_DELETED;
}

/* The issuer of the SID says so: the machine itself by not knowing it, or the domain that
 * the host is in by calling it deleted. */
static bool was_deleted(const struct facts *f, const struct holder *h)
{
	if (h->kind == KIND_DELETED)
		return is_own(f, h->sid) || is_below(h->sid, f->domain_sid);
	return is_own(f, h->sid) && h->kind != KIND_NOT_TOLD;
}

enum { NETBIOS_NAME_MAX = 15 };

/* The last label of a DNS name is no number; of an IPv4 address it is. */
static bool is_address(const char *host)
{
	const char *dot = strrchr(host, '.');
	const char *last = dot && dot[1] ? dot + 1 : host;

	return strchr(host, ':') || strspn(last, "0123456789") == strlen(last);
}

/* Equal but for case, up to the end of either's label. */
static bool same_label(const char *a, const char *b)
{
	size_t len = strcspn(a, ".");

	return len == strcspn(b, ".") && strncasecmp(a, b, len) == 0;
}

static bool is_netbios_name(const char *host, const char *netbios)
{
	size_t len = strcspn(host, ".");

	if (len > NETBIOS_NAME_MAX)
		len = NETBIOS_NAME_MAX;
	return strlen(netbios) == len && strncasecmp(host, netbios, len) == 0;
}

static bool same_name(const char *a, const char *b)
{
	size_t len = strlen(a);

	if (len && a[len - 1] == '.')
		len--;
	return strlen(b) == len && strncasecmp(a, b, len) == 0;
}

/* A ticket of Kerberos is for the name that was asked for, and no other host can read it;
 * by NTLM whoever is reached answers, and says who it is. */
bool judge_is_other_host(const struct facts *f)
{
	bool whole = strchr(f->host, '.') && f->dns_name && strchr(f->dns_name, '.');

	if (f->mechanism != LOGIN_NTLM || is_address(f->host))
		return false;
	if (whole)
		return !same_name(f->host, f->dns_name);
	if (f->netbios_name && is_netbios_name(f->host, f->netbios_name))
		return false;
	return f->dns_name ? !same_label(f->host, f->dns_name) : f->netbios_name != NULL;
}

bool judge_is_nobody(const struct holder *h)
{
	return strcmp(h->sid, "S-1-0-0") == 0;
}

void judge_identify(const struct facts *f, const struct holder *h, struct principal *p)
{
	principal_identify(h, p);
	if (strncmp(h->sid, "S-1-5-21-", 9) != 0 || is_resolved(h))
		return;
	if (p->name && (is_own(f, h->sid) || is_below(h->sid, f->domain_sid)))
		return; /* by its relative id */
	*p = (struct principal){ .kind = h->kind, .class = CLASS_UNIDENTIFIED };
	if (was_deleted(f, h))
		p->class = CLASS_ORPHAN;
}

const char *judge_name_of_rid(const char *sid, uint32_t *rid)
{
	struct holder h = { .sid = sid, .kind = KIND_NOT_TOLD };
	const char *dash = strrchr(sid, '-');
	struct principal p;

	if (strncmp(sid, "S-1-5-21-", 9) != 0 || !dash ||
	    sscanf(dash + 1, "%" SCNu32, rid) != 1)
		return NULL;
	principal_identify(&h, &p);
	return p.name;
}
