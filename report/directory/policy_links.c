/* SPDX-License-Identifier: Apache-2.0 */
/* gPLink of every scope parsed once, with the GPO that each link leads to. */
#include <string.h>

#include "report/directory/directory_limits.h"
#include "report/directory/dn.h"
#include "report/directory/gplink.h"
#include "report/directory/policy_internal.h"

/* A GPO that has no record is gone, where the GPOs of its domain were read. */
static enum policy_reason reason_without_record(const struct policy_store *s,
						const char *dn)
{
	char domain[POLICY_KEY_MAX];
	const struct directory_policies *p =
		dn_is_valid(dn) && dn_to_domain(dn, domain, sizeof(domain))
			? policy_policies_of(s, domain)
			: NULL;

	return p && p->gpos_complete ? POLICY_ORPHANED_LINK : POLICY_NOT_READABLE;
}

static bool set_link(struct policy_store *s, const struct gplink *from,
		     struct policy_link *link)
{
	*link = (struct policy_link){ .object = POLICY_NO_INDEX,
				      .enforced = from->enforced };
	link->dn = pool_text(&s->pool, from->dn, from->dn_len);
	if (!link->dn)
		return false;
	if (from->disabled)
		link->reason = POLICY_LINK_DISABLED;
	if (!policy_find_dn(&s->object_of, from->dn, from->dn_len, &link->object) &&
	    !from->disabled)
		link->reason = reason_without_record(s, link->dn);
	return true;
}

/* How many there are, up to the end, the limit or what is no link (`*malformed`). */
static uint32_t count_links(const char *text, bool *malformed)
{
	enum gplink_answer answer = GPLINK_END;
	struct gplink link;
	uint32_t count = 0;

	while (text && (answer = gplink_next(&text, &link)) == GPLINK_ONE &&
	       count < LIMIT_LINKS_A_SCOPE)
		count++;
	*malformed = answer != GPLINK_END;
	return count;
}

static bool prepare(struct policy_store *s, struct policy_scope *scope)
{
	const char *rest = scope->scope->gp_link;
	uint32_t count = count_links(rest, &scope->malformed);
	struct policy_link *links = pool_take(&s->pool, count, sizeof(*links));
	struct gplink link;

	if (!links)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (gplink_next(&rest, &link) != GPLINK_ONE ||
		    !set_link(s, &link, &links[i]))
			return false;
	scope->links = links;
	scope->link_count = count;
	/* On a site it has no meaning; anything but 1 is 0. */
	scope->blocks = scope->scope->type != SCOPE_SITE &&
			scope->scope->gp_options_known && scope->scope->gp_options == 1;
	return true;
}

bool policy_prepare_links(struct policy_store *s)
{
	for (size_t i = 0; i < s->scope_count; i++)
		if (!prepare(s, &s->scopes[i]))
			return false;
	return true;
}
