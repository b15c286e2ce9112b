/* SPDX-License-Identifier: Apache-2.0 */
/* The searches of one domain's Group Policy: scopes, GPOs, WMI filters, then groups. */
#include "scanner/discover/policy_reader.h"

#include <stdio.h>
#include <string.h>

#include "report/directory/directory_limits.h"
#include "report/directory/dn.h"
#include "scanner/discover/policy_entry.h"

enum { FILTERS_MAX = 10000 };

struct reading {
	const struct policy_request *request;
	struct policy_set *set;
	const char *domain; /* of the records being read, in the set's pool */
	enum directory_scope_type type;
	bool whole; /* of the search under way: no entry was left out */
	bool alive; /* the connection */
};

static const char *keep(struct reading *r, const char *text)
{
	const char *kept = text ? pool_text(&r->set->pool, text, strlen(text)) : NULL;

	if (text && !kept)
		policy_set_note(r->set, "out of memory");
	return kept;
}

/* A refused search leaves the connection, everything else ends it. */
static bool search(struct reading *r, const struct ldap_query *query, const char *what)
{
	struct fault fault = { 0 };

	if (!r->alive)
		return false;
	r->whole = true;
	if (ldap_link_search(r->request->link, query, &fault))
		return r->whole;
	policy_set_note(r->set, "%s: %s", what, fault.what);
	r->alive = fault.reason == REASON_DIRECTORY_REFUSED ||
		   fault.reason == REASON_ACCESS_DENIED;
	return false;
}

static void leave_out(struct reading *r, const struct entry *e, const char *what)
{
	r->whole = false;
	policy_set_note(r->set, "%s \"%.200s\" cannot be read", what, e->dn);
}

/* ---- scopes ---- */

static bool on_scope(const struct entry *e, void *arg)
{
	struct reading *r = arg;
	struct policy_set *set = r->set;

	if (!policy_set_room(set, &set->scopes, set->scope_count, &set->scope_room,
			     sizeof *set->scopes, LIMIT_SCOPES)) {
		r->whole = false;
		return false;
	}
	if (scope_from_entry(e, r->domain, r->type, &set->pool,
			     &set->scopes[set->scope_count]))
		set->scope_count++;
	else
		leave_out(r, e, "the scope");
	return true;
}

static bool read_scopes(struct reading *r, const char *base, enum ldap_scope scope,
			const char *filter, enum directory_scope_type type)
{
	const struct ldap_query query = { .base = base,
					  .scope = scope,
					  .filter = filter,
					  .attributes = scope_attributes,
					  .paged = scope != LDAP_THE_BASE,
					  .each = on_scope,
					  .arg = r };

	r->type = type;
	return search(r, &query, "scopes");
}

/* Sites are the forest's, and are recorded under the name of its root domain. */
static bool read_sites(struct reading *r)
{
	const char *of_domain = r->domain;
	char base[ENTRY_DN_MAX];
	bool good;

	if (!r->request->configuration)
		return true;
	snprintf(base, sizeof base, "CN=Sites,%s", r->request->configuration);
	r->domain = keep(r, r->request->domain->forest ? r->request->domain->forest
						       : r->request->domain->dns_name);
	good = r->domain &&
	       read_scopes(r, base, LDAP_ONE_LEVEL, "(objectClass=site)", SCOPE_SITE);
	r->domain = of_domain;
	return good;
}

static bool read_all_scopes(struct reading *r)
{
	const char *dn = r->request->domain->dn;
	bool head = read_scopes(r, dn, LDAP_THE_BASE, "(objectClass=*)", SCOPE_DOMAIN);
	bool units = read_scopes(r, dn, LDAP_BELOW, "(objectClass=organizationalUnit)",
				 SCOPE_OU);

	return read_sites(r) && head && units;
}

/* ---- GPOs ---- */

static bool on_gpo(const struct entry *e, void *arg)
{
	struct reading *r = arg;
	struct policy_set *set = r->set;

	if (!policy_set_room(set, &set->gpos, set->gpo_count, &set->gpo_room,
			     sizeof *set->gpos, LIMIT_GPOS)) {
		r->whole = false;
		return false;
	}
	if (gpo_from_entry(e, r->domain, &set->pool, &set->gpos[set->gpo_count]))
		set->gpo_count++;
	else
		leave_out(r, e, "the object");
	return true;
}

/* By no class: of an object that may not be read its class may not be read either. */
static bool read_gpos(struct reading *r)
{
	char base[ENTRY_DN_MAX];
	const struct ldap_query query = { .base = base,
					  .scope = LDAP_ONE_LEVEL,
					  .filter = "(objectClass=*)",
					  .attributes = gpo_attributes,
					  .paged = true,
					  .dacl = true,
					  .each = on_gpo,
					  .arg = r };

	snprintf(base, sizeof base, "CN=Policies,CN=System,%s", r->request->domain->dn);
	return search(r, &query, "Group Policy Objects");
}

/* ---- WMI filters ---- */

static bool on_wmi_filter(const struct entry *e, void *arg)
{
	struct reading *r = arg;
	struct policy_set *set = r->set;

	if (!policy_set_room(set, &set->filters, set->filter_count, &set->filter_room,
			     sizeof *set->filters, FILTERS_MAX)) {
		r->whole = false;
		return false;
	}
	if (wmi_filter_from_entry(e, r->domain, &set->pool,
				  &set->filters[set->filter_count]))
		set->filter_count++;
	else
		leave_out(r, e, "the WMI filter");
	return true;
}

static bool read_filters(struct reading *r)
{
	char base[ENTRY_DN_MAX];
	const struct ldap_query query = { .base = base,
					  .scope = LDAP_ONE_LEVEL,
					  .filter = "(objectClass=msWMI-Som)",
					  .attributes = wmi_filter_attributes,
					  .paged = true,
					  .each = on_wmi_filter,
					  .arg = r };

	snprintf(base, sizeof base, "CN=SOM,CN=WMIPolicy,CN=System,%s",
		 r->request->domain->dn);
	return search(r, &query, "WMI filters");
}

/* ---- all of it ---- */

void policy_read(const struct policy_request *request, struct policy_set *set)
{
	struct reading r = { .request = request, .set = set, .alive = true };
	struct directory_policies *p = &set->policies;

	r.domain = keep(&r, request->domain->dns_name);
	p->domain = r.domain;
	p->controller = keep(&r, request->domain->controller);
	if (!r.domain || !request->domain->dn)
		return;
	p->scopes_complete = read_all_scopes(&r);
	p->gpos_complete = read_gpos(&r);
	p->filters_complete = read_filters(&r);
	if (r.alive)
		policy_read_groups(request, set);
}
