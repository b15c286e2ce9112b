/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_groups.c - who is in the groups that GPOs are filtered by, and in groups nested
 * in those: breadth first, each group once, so that rings end.
 *
 * `member` is read in ranges with the SID of each member; then users, of which no policy
 * of a computer speaks, are sorted out by asking which members are groups or computers.
 * Members by primary group stand in no `member`: computers tell them by themselves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory.h"
#include "report/directory/directory_limits.h"
#include "report/directory/ldap_time.h"
#include "report/facts/principals.h"
#include "rpc/wire/sid.h"
#include "scanner/discover/extended_dn.h"
#include "scanner/discover/policy_reader.h"
#include "scanner/targets/hash_set.h"

enum {
	BATCH = 100,              /* SIDs in one search */
	RANGE = 1500,             /* values in one answer: MaxValRange */
	SID_BYTES_MAX = 68,       /* 8 and 15 sub-authorities */
	MEMBERS_MAX = 10000,      /* of one group */
	ALL_MEMBERS_MAX = 500000, /* of all of them */
	RANGES_MAX = 1000,        /* of a server that never ends */
};

struct grouping {
	const struct policy_request *request;
	struct policy_set *set;
	struct sid domain; /* SID of the domain */
	struct hash_set seen;
	const char **wanted; /* SIDs of groups, in the set's pool */
	size_t wanted_count, wanted_room, next;
	size_t all_members;
	bool alive;

	/* the group in hand */
	struct directory_group group;
	size_t member_room;
	bool found;
	bool ranged, last; /* the range that came */
	uint32_t range_next;
	struct hash_set relevant; /* of a batch: groups and computers */
	bool whole;
};

static bool read_group(struct grouping *g, const char *sid);
static void sort_members(struct grouping *g);

/* ---- which groups ---- */

/* Of this domain: those of others are read there, and BUILTIN is each computer's own. */
static bool is_of_domain(const struct grouping *g, const char *text)
{
	struct sid sid;

	return sid_parse(text, &sid) && sid_in_domain(&sid, &g->domain);
}

static bool want(struct grouping *g, const char *sid)
{
	if (!is_of_domain(g, sid))
		return true;
	switch (hash_set_add_name(&g->seen, sid, 0)) {
	case HASH_SET_KNOWN:
		return true;
	case HASH_SET_NO_MEMORY:
		policy_set_note(g->set, "out of memory");
		return false;
	case HASH_SET_ADDED:
		break;
	}
	if (!policy_set_room(g->set, &g->wanted, g->wanted_count, &g->wanted_room,
			     sizeof *g->wanted, LIMIT_GROUPS))
		return false;
	g->wanted[g->wanted_count++] = sid;
	return true;
}

static bool want_trustees(struct grouping *g)
{
	for (size_t i = 0; i < g->set->gpo_count; i++) {
		const struct directory_gpo *gpo = &g->set->gpos[i];

		for (size_t j = 0; j < gpo->ace_count; j++)
			if (!want(g, gpo->aces[j].sid))
				return false;
	}
	return true;
}

static bool keep_group(struct grouping *g)
{
	struct policy_set *set = g->set;

	if (!policy_set_room(set, &set->groups, set->group_count, &set->group_room,
			     sizeof *set->groups, LIMIT_GROUPS))
		return false;
	set->groups[set->group_count++] = g->group;
	return true;
}

bool policy_read_groups(const struct policy_request *request, struct policy_set *set)
{
	struct grouping g = { .request = request, .set = set, .alive = true };
	bool good;

	if (!request->domain->sid || !sid_parse(request->domain->sid, &g.domain)) {
		policy_set_note(set, "groups: the domain's SID did not come");
		return true;
	}
	good = want_trustees(&g);
	while (good && g.alive && g.next < g.wanted_count)
		if (read_group(&g, g.wanted[g.next++])) {
			sort_members(&g);
			good = keep_group(&g);
		}
	hash_set_free(&g.seen);
	hash_set_free(&g.relevant);
	return g.alive;
}

/* ---- one group ---- */

static bool search(struct grouping *g, const struct ldap_query *query)
{
	struct fault fault = { 0 };

	if (ldap_link_search(g->request->link, query, &fault))
		return true;
	g->alive = fault.reason == REASON_DIRECTORY_REFUSED ||
		   fault.reason == REASON_ACCESS_DENIED;
	if (!g->alive)
		policy_set_note(g->set, "groups: %s", fault.what);
	return false;
}

static bool add_member(struct grouping *g, const struct sid *sid)
{
	struct directory_group *group = &g->group;
	char text[SID_TEXT_MAX];

	sid_format(sid, text);
	if (!principal_is_sid(text))
		return true;
	if (group->member_count == MEMBERS_MAX || g->all_members == ALL_MEMBERS_MAX)
		return false;
	if (group->member_count == g->member_room) {
		void *grown = pool_grow(&g->set->pool, group->members, &g->member_room,
					sizeof *group->members);

		if (!grown)
			return false;
		group->members = grown;
	}
	group->members[group->member_count] = pool_text(&g->set->pool, text,
							strlen(text));
	if (!group->members[group->member_count])
		return false;
	group->member_count++;
	g->all_members++;
	return true;
}

/* What has no SID is in no token. */
static void add_members(struct grouping *g, const struct entry_attribute *a)
{
	struct sid sid;

	for (size_t i = 0; i < a->count && g->group.complete; i++)
		if (extended_dn_sid(a->values[i], &sid))
			g->group.complete = add_member(g, &sid);
}

/* "CORP\\Filter" */
static const char *name_of(struct grouping *g, const struct entry *e)
{
	const char *account = entry_text(e, "sAMAccountName", &g->set->pool);
	const char *netbios = g->request->domain->netbios_name;
	char name[ENTRY_TEXT_MAX];
	int len;

	if (!account || !netbios)
		return account;
	len = snprintf(name, sizeof name, "%s\\%s", netbios, account);
	return len > 0 && (size_t)len < sizeof name
		       ? pool_text(&g->set->pool, name, (size_t)len)
		       : account;
}

static bool on_group(const struct entry *e, void *arg)
{
	struct grouping *g = arg;
	struct pool *pool = &g->set->pool;
	const struct entry_attribute *members = entry_find(e, "member");
	const char *changed = entry_text(e, "whenChanged", pool);

	if (!g->found) {
		struct bytes dn = extended_dn_name(
			(struct bytes){ (const uint8_t *)e->dn, strlen(e->dn) });

		g->group.dn = pool_text(pool, (const char *)dn.at, dn.len);
		g->group.name = name_of(g, e);
		g->group.changed = changed ? ldap_time_generalized(changed)
					   : TIME_NOT_GIVEN;
	}
	g->found = true;
	g->last = true;
	if (e->cut)
		g->group.complete = false;
	if (!members)
		return false;
	add_members(g, members);
	if (!entry_range(members, &g->range_next, &g->last))
		g->last = true;
	return false;
}

/* One range of `member` after the other; a server that knows no ranges gives all. */
static bool read_group(struct grouping *g, const char *sid)
{
	char base[SID_TEXT_MAX + 8], range[48];
	const char *attributes[] = { "sAMAccountName", "whenChanged", range, NULL };
	const struct ldap_query query = { .base = base,
					  .filter = "(objectClass=group)",
					  .scope = LDAP_THE_BASE,
					  .attributes = attributes,
					  .extended_dn = true,
					  .each = on_group,
					  .arg = g };

	g->group = (struct directory_group){ .sid = sid, .complete = true };
	g->member_room = 0;
	g->found = g->last = false;
	g->range_next = 0;
	snprintf(base, sizeof base, "<SID=%s>", sid);
	for (unsigned ranges = 0; !g->last; ranges++) {
		snprintf(range, sizeof range, "member;range=%u-%u",
			 (unsigned)g->range_next, (unsigned)g->range_next + RANGE - 1);
		g->last = true;
		if (ranges == RANGES_MAX || !search(g, &query))
			g->group.complete = false;
	}
	return g->found;
}

/* ---- its members: no users ---- */

static bool on_relevant(const struct entry *e, void *arg)
{
	struct grouping *g = arg;
	struct pool pool = { 0 };
	const char *sid = entry_sid(e, "objectSid", &pool);
	const struct entry_attribute *classes = entry_find(e, "objectClass");
	bool group = false;

	for (size_t i = 0; classes && i < classes->count; i++)
		group = group || (classes->values[i].len == 5 &&
				  memcmp(classes->values[i].at, "group", 5) == 0);
	if (!sid || hash_set_add_name(&g->relevant, sid, 0) == HASH_SET_NO_MEMORY)
		g->whole = false;
	if (sid && group) {
		const char *kept = pool_text(&g->set->pool, sid, strlen(sid));

		g->whole = kept && want(g, kept) && g->whole;
	}
	pool_free(&pool);
	return true;
}

/* "(objectSid=\01\05...)": bytes, which every server takes. */
static void put_term(char *filter, size_t size, size_t *len, const char *text)
{
	struct wire_out bytes = wire_out(SID_BYTES_MAX);
	struct sid sid;

	if (sid_parse(text, &sid))
		sid_put(&bytes, &sid);
	*len += (size_t)snprintf(filter + *len, size - *len, "(objectSid=");
	for (size_t i = 0; i < bytes.len; i++)
		*len += (size_t)snprintf(filter + *len, size - *len, "\\%02x",
					 bytes.at[i]);
	*len += (size_t)snprintf(filter + *len, size - *len, ")");
	wire_drop(&bytes);
}

/* Asks for members `from` on of this domain, a batch of them; returns where it stopped.
 */
static size_t ask_batch(struct grouping *g, size_t from)
{
	enum { SIZE = BATCH * (3 * SID_BYTES_MAX + 16) + 128 };
	static const char *const attributes[] = { "objectSid", "objectClass", NULL };
	char *filter = malloc(SIZE);
	const struct ldap_query query = { .base = g->request->domain->dn,
					  .filter = filter,
					  .scope = LDAP_BELOW,
					  .attributes = attributes,
					  .paged = true,
					  .each = on_relevant,
					  .arg = g };
	size_t len, terms = 0;

	if (!filter) {
		g->whole = false;
		return g->group.member_count;
	}
	len = (size_t)snprintf(filter, SIZE,
			       "(&(|(objectClass=group)(objectClass=computer))(|");
	for (; from < g->group.member_count && terms < BATCH; from++)
		if (is_of_domain(g, g->group.members[from])) {
			put_term(filter, SIZE, &len, g->group.members[from]);
			terms++;
		}
	snprintf(filter + len, SIZE - len, "))");
	if (terms && !search(g, &query))
		g->whole = false;
	free(filter);
	return from;
}

/* Where that cannot be told they all stay, and the group is not complete: a nested one
 * may be missing. */
static void sort_members(struct grouping *g)
{
	struct directory_group *group = &g->group;
	size_t kept = 0;

	hash_set_free(&g->relevant);
	g->relevant = (struct hash_set){ 0 };
	g->whole = true;
	for (size_t from = 0; from < group->member_count && g->alive;)
		from = ask_batch(g, from);
	if (!g->whole || !g->alive) {
		group->complete = false;
		return;
	}
	for (size_t i = 0; i < group->member_count; i++)
		if (!is_of_domain(g, group->members[i]) ||
		    hash_set_holds_name(&g->relevant, group->members[i], 0))
			group->members[kept++] = group->members[i];
	group->member_count = kept;
}
