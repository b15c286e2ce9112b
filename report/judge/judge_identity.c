/* SPDX-License-Identifier: Apache-2.0 */
/* Who a holder is on the host that lists it, and no more than is known: a relative id
 * says who somebody is only in a domain that the host is of or can resolve. */
#include "report/judge/judge_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
