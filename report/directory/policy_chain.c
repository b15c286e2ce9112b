/* SPDX-License-Identifier: Apache-2.0 */
/* The list of GPOs of all computers below one scope and in one site, lowest precedence
 * first ([MS-GPOL] 3.2.5.1.3 to 3.2.5.1.5):
 *
 *   plain links     site, domain, OU ... nearest OU; within a gPLink from left to right
 *   enforced links  nearest OU ... domain, site: the one highest in the tree comes last
 */
#include <string.h>
#include <strings.h>

#include "report/directory/dn.h"
#include "report/directory/policy_internal.h"

const struct directory_policies *policy_policies_of(const struct policy_store *s,
						    const char *domain)
{
	for (size_t i = 0; i < s->policies_count; i++)
		if (strcasecmp(s->policies[i].domain, domain) == 0)
			return &s->policies[i];
	return NULL;
}

/* Containers that are no OUs carry no links and are passed. */
uint32_t policy_scope_above(const struct policy_store *s, const char *dn, bool *missing)
{
	*missing = false;
	while ((dn = dn_parent(dn)) != NULL) {
		const char *rest = dn;
		struct dn_part part;
		uint32_t index;
		bool head;

		if (!dn_next(&rest, &part))
			break;
		head = dn_part_is(&part, "DC");
		if (!head && !dn_part_is(&part, "OU"))
			continue;
		if (policy_find_dn(&s->scope_of, dn, strlen(dn), &index))
			return index;
		if (head)
			break;
		*missing = true;
	}
	*missing = true;
	return POLICY_NO_INDEX;
}

/* ---- candidates ---- */

struct building {
	struct policy_store *s;
	size_t count; /* of the candidates in the scratch of `s` */
	bool failed;
};

static void add(struct building *b, const struct policy_candidate *c)
{
	b->failed |= !policy_grow(b->s, &b->s->candidates, b->count,
				  &b->s->candidate_room, sizeof(*c));
	if (!b->failed)
		b->s->candidates[b->count++] = *c;
}

/* What may be linked at a place that is not known. */
static void add_unknown(struct building *b, uint32_t scope, bool enforced,
			enum policy_reason reason)
{
	add(b, &(struct policy_candidate){ .object = POLICY_NO_INDEX,
					   .scope = scope,
					   .enforced = enforced,
					   .reason = reason });
}

/* The plain or the enforced links of a scope, in string order; `reason`: of the plain
 * ones, or of a site that may not be the computer's. */
static void add_links(struct building *b, uint32_t index, bool enforced,
		      enum policy_reason reason)
{
	const struct policy_scope *scope = &b->s->scopes[index];

	for (uint32_t i = 0; i < scope->link_count; i++) {
		const struct policy_link *link = &scope->links[i];

		if (link->enforced == enforced)
			add(b, &(struct policy_candidate){
				       .dn = link->dn,
				       .object = link->object,
				       .scope = index,
				       .enforced = enforced,
				       .reason = link->reason ? link->reason : reason,
			       });
	}
	if (scope->malformed && reason != POLICY_INHERITANCE_BLOCKED)
		add_unknown(b, index, enforced, POLICY_MALFORMED_LINK);
}

static void add_every_site(struct building *b, bool enforced)
{
	for (uint32_t i = 0; i < b->s->scope_count; i++)
		if (b->s->scopes[i].scope->type == SCOPE_SITE)
			add_links(b, i, enforced, POLICY_SITE_UNKNOWN);
}

/* ---- chains ---- */

enum site_kind { SITE_ONE, SITE_NONE, SITE_ANY, SITE_NOT_READ };

/* What decides the list: chains are told apart by it. */
struct place {
	uint32_t scope, site;
	enum site_kind kind;
	bool missing; /* below `scope` an OU has no record */
};

static void add_site(struct building *b, const struct place *at, bool enforced,
		     bool blocked)
{
	enum policy_reason reason = blocked && !enforced ? POLICY_INHERITANCE_BLOCKED
							 : POLICY_REASON_NONE;

	if (at->kind == SITE_ONE)
		add_links(b, at->site, enforced, reason);
	else if (at->kind == SITE_NOT_READ && !reason)
		add_unknown(b, POLICY_NO_INDEX, enforced, POLICY_SCOPE_NOT_READABLE);
	else if (at->kind == SITE_ANY && (enforced || !blocked))
		add_every_site(b, enforced);
}

enum { DEPTH_MAX = 128 };

/* The scopes above a place, nearest first; POLICY_NO_INDEX stands for what is missing. */
static size_t scopes_above(const struct policy_store *s, const struct place *at,
			   uint32_t scopes[DEPTH_MAX])
{
	uint32_t scope = at->scope;
	bool missing = at->missing;
	size_t count = 0;

	while (count + 2 < DEPTH_MAX) {
		if (missing)
			scopes[count++] = POLICY_NO_INDEX;
		if (scope == POLICY_NO_INDEX)
			return count;
		scopes[count++] = scope;
		missing = s->scopes[scope].missing_above;
		scope = s->scopes[scope].parent;
	}
	scopes[count++] = POLICY_NO_INDEX;
	return count;
}

static void add_scope(struct building *b, uint32_t scope, bool enforced, bool blocked)
{
	if (scope != POLICY_NO_INDEX)
		add_links(b, scope, enforced,
			  blocked && !enforced ? POLICY_INHERITANCE_BLOCKED
					       : POLICY_REASON_NONE);
	else if (enforced || !blocked)
		add_unknown(b, scope, enforced, POLICY_SCOPE_NOT_READABLE);
}

static void list_candidates(struct building *b, const struct place *at)
{
	uint32_t scopes[DEPTH_MAX];
	size_t count = scopes_above(b->s, at, scopes);
	bool blocked[DEPTH_MAX + 1] = { false };

	for (size_t i = 0; i < count; i++)
		blocked[i + 1] = blocked[i] || (scopes[i] != POLICY_NO_INDEX &&
						b->s->scopes[scopes[i]].blocks);
	add_site(b, at, false, blocked[count]);
	for (size_t i = count; i-- > 0;)
		add_scope(b, scopes[i], false, blocked[i]);
	for (size_t i = 0; i < count; i++)
		add_scope(b, scopes[i], true, blocked[i]);
	add_site(b, at, true, blocked[count]);
}

/* Calls for each trustee of the chain's GPOs once; returns how many. */
static uint32_t each_trustee(struct policy_store *s, struct policy_chain *chain,
			     uint32_t *into)
{
	uint32_t count = 0, stamp = ++s->chain_stamp;

	for (size_t i = 0; i < chain->candidate_count; i++) {
		const struct policy_object *o;

		if (chain->candidates[i].object == POLICY_NO_INDEX)
			continue;
		o = &s->objects[chain->candidates[i].object];
		chain->uses_wmi |= o->wmi_filter != POLICY_NO_INDEX;
		for (size_t k = 0; k < o->gpo->ace_count; k++) {
			uint32_t t = o->aces[k].trustee;

			if (s->trustee_stamps[t] == stamp)
				continue;
			s->trustee_stamps[t] = stamp;
			if (into)
				into[count] = t;
			count++;
		}
	}
	return count;
}

/* Chains are cheap to make again: when they have become many, all are forgotten. */
static void limit_chains(struct policy_store *s)
{
	enum { CHAIN_BYTES_MAX = 8 << 20 };

	if (pool_size(&s->chain_pool) < CHAIN_BYTES_MAX)
		return;
	policy_forget(s);
	pool_free(&s->chain_pool);
	digest_map_free(&s->chain_of);
	s->chains = NULL;
	s->chain_count = s->chain_room = 0;
}

static struct policy_chain *keep(struct policy_store *s, size_t candidates)
{
	struct policy_chain *chain = pool_take(&s->chain_pool, 1, sizeof(*chain));
	size_t bytes = candidates * sizeof(*chain->candidates);

	if (!chain)
		return NULL;
	chain->candidate_count = (uint32_t)candidates;
	chain->candidates = pool_take(&s->chain_pool, candidates,
				      sizeof(*chain->candidates));
	if (!chain->candidates)
		return NULL;
	if (bytes)
		memcpy(chain->candidates, s->candidates, bytes);
	chain->trustee_count = each_trustee(s, chain, NULL);
	chain->trustees = pool_take(&s->chain_pool, chain->trustee_count,
				    sizeof(*chain->trustees));
	if (!chain->trustees)
		return NULL;
	each_trustee(s, chain, chain->trustees);
	return chain;
}

static struct policy_chain *build(struct policy_store *s, const struct place *at)
{
	struct building b = { .s = s };
	struct policy_chain *chain;
	struct policy_chain **grown;

	limit_chains(s);
	list_candidates(&b, at);
	chain = b.failed ? NULL : keep(s, b.count);
	if (!chain)
		return NULL;
	if (s->chain_count == s->chain_room) {
		grown = pool_grow(&s->chain_pool, s->chains, &s->chain_room,
				  sizeof(struct policy_chain *));
		if (!grown)
			return NULL;
		s->chains = grown;
	}
	chain->id = (uint32_t)s->chain_count;
	s->chains[s->chain_count++] = chain;
	return chain;
}

static void find_site(const struct policy_store *s, const struct policy_computer *c,
		      struct place *at)
{
	at->site = POLICY_NO_INDEX;
	at->kind = SITE_NOT_READ;
	if (!s->site_of.count)
		return;
	if (!c->site)
		at->kind = SITE_ANY;
	else if (!*c->site)
		at->kind = SITE_NONE;
	else if (policy_find_name(&s->site_of, c->site, strlen(c->site), &at->site))
		at->kind = SITE_ONE;
}

const struct policy_chain *policy_chain_of(struct policy_store *s,
					   const struct policy_computer *c)
{
	struct policy_chain *chain;
	struct place at;
	uint32_t key[3], found;

	at.scope = policy_scope_above(s, c->dn, &at.missing);
	find_site(s, c, &at);
	key[0] = at.scope;
	key[1] = at.site;
	key[2] = (uint32_t)at.kind << 1 | at.missing;
	if (digest_map_find(&s->chain_of, key, sizeof(key), &found))
		return s->chains[found];
	chain = build(s, &at);
	if (!chain || !digest_map_set(&s->chain_of, key, sizeof(key), chain->id))
		return NULL;
	return chain;
}

bool policy_only_site(const struct policy_store *s, char *name, size_t size)
{
	const struct directory_scope *site = NULL;
	bool complete = s->policies_count > 0;
	const char *rest;
	struct dn_part part;

	for (size_t i = 0; i < s->policies_count; i++)
		complete = complete && s->policies[i].scopes_complete;
	for (size_t i = 0; i < s->scope_count && complete; i++) {
		if (s->scopes[i].scope->type != SCOPE_SITE)
			continue;
		complete = !site;
		site = s->scopes[i].scope;
	}
	rest = site ? site->dn : NULL;
	return complete && rest && dn_next(&rest, &part) &&
	       dn_part_value(&part, name, size) < size;
}
