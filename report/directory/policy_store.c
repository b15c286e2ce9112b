/* SPDX-License-Identifier: Apache-2.0 */
/* The store of policies filled from the lines of a recorded directory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_limits.h"
#include "report/directory/dn.h"
#include "report/directory/policy_internal.h"

struct policy_store *policy_store_new(void)
{
	return calloc(1, sizeof(struct policy_store));
}

static void free_maps(struct policy_store *s)
{
	struct digest_map *maps[] = { &s->scope_of,  &s->site_of,    &s->object_of,
				      &s->filter_of, &s->trustee_of, &s->principal_of,
				      &s->right_of,  &s->chain_of,   &s->wmi_of,
				      &s->machine_of };

	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++)
		digest_map_free(maps[i]);
}

void policy_store_free(struct policy_store *s)
{
	if (!s)
		return;
	policy_forget(s);
	free_maps(s);
	free(s->answers);
	free(s->key);
	pool_free(&s->pool);
	pool_free(&s->scratch);
	pool_free(&s->chain_pool);
	free(s);
}

bool policy_store_is_empty(const struct policy_store *s)
{
	return !s->policies_count && !s->scope_count && !s->object_count;
}

bool policy_grow(struct policy_store *s, void *at, size_t count, size_t *room,
		 size_t size)
{
	void *old, *grown;

	if (count < *room)
		return true;
	memcpy(&old, at, sizeof(old));
	grown = pool_grow(&s->pool, old, room, size);
	if (!grown)
		return false;
	memcpy(at, &grown, sizeof(grown));
	return true;
}

/* ---- records ---- */

static const char no_memory[] = "out of memory";

/* A record of the same domain takes the place of an older one. */
static const char *take_policies(struct policy_store *s,
				 const struct directory_policies *p)
{
	const struct directory_policies *old = policy_policies_of(s, p->domain);

	if (old) {
		s->policies[old - s->policies] = *p;
		return NULL;
	}
	if (s->policies_count == LIMIT_SCOPES)
		return "more domains than any directory has";
	if (!policy_grow(s, &s->policies, s->policies_count, &s->policies_room,
			 sizeof(*s->policies)))
		return no_memory;
	s->policies[s->policies_count++] = *p;
	return NULL;
}

static bool name_site(struct policy_store *s, const struct directory_scope *scope,
		      uint32_t index)
{
	const char *rest = scope->dn;
	struct dn_part part;
	char name[POLICY_KEY_MAX];
	size_t len;

	if (!dn_next(&rest, &part))
		return true;
	len = dn_part_value(&part, name, sizeof(name));
	return len >= sizeof(name) || policy_set_name(&s->site_of, name, len, index);
}

static const char *take_scope(struct policy_store *s, const struct directory_scope *scope)
{
	struct directory_scope *kept = pool_take(&s->pool, 1, sizeof(*kept));
	size_t len = strlen(scope->dn);
	uint32_t index;

	if (!kept)
		return no_memory;
	*kept = *scope;
	if (policy_find_dn(&s->scope_of, scope->dn, len, &index)) {
		s->scopes[index].scope = kept;
		return NULL;
	}
	if (s->scope_count == LIMIT_SCOPES)
		return "more places than any directory has";
	index = (uint32_t)s->scope_count;
	if (!policy_grow(s, &s->scopes, index, &s->scope_room, sizeof(*s->scopes)) ||
	    !policy_set_dn(&s->scope_of, scope->dn, len, index))
		return no_memory;
	if (scope->type == SCOPE_SITE && !name_site(s, scope, index))
		return no_memory;
	s->scopes[s->scope_count++] = (struct policy_scope){ .scope = kept };
	return NULL;
}

static const char *take_gpo(struct policy_store *s, const struct directory_gpo *gpo)
{
	struct directory_gpo *kept = pool_take(&s->pool, 1, sizeof(*kept));
	size_t len = strlen(gpo->dn);
	uint32_t index;

	if (!kept)
		return no_memory;
	*kept = *gpo;
	if (policy_find_dn(&s->object_of, gpo->dn, len, &index)) {
		s->objects[index].gpo = kept;
		return NULL;
	}
	if (s->object_count == LIMIT_GPOS)
		return "more GPOs than any directory has";
	index = (uint32_t)s->object_count;
	if (!policy_grow(s, &s->objects, index, &s->object_room, sizeof(*s->objects)) ||
	    !policy_set_dn(&s->object_of, gpo->dn, len, index))
		return no_memory;
	s->objects[s->object_count++] = (struct policy_object){ .gpo = kept };
	return NULL;
}

static const char *take_filter(struct policy_store *s,
			       const struct directory_wmi_filter *f)
{
	const struct wmi_filter_name name = { f->domain, f->id, strlen(f->domain),
					      strlen(f->id) };
	uint32_t index;

	if (policy_find_filter(s, &name, &index)) {
		s->filters[index] = *f;
		return NULL;
	}
	if (s->filter_count == LIMIT_GPOS)
		return "more WMI filters than any directory has";
	index = (uint32_t)s->filter_count;
	if (!policy_grow(s, &s->filters, index, &s->filter_room, sizeof(*s->filters)) ||
	    !policy_set_filter(s, f, index))
		return no_memory;
	s->filters[s->filter_count++] = *f;
	return NULL;
}

/* The number of a SID that is a group or in one. */
static bool principal_number(struct policy_store *s, const char *sid, uint32_t *number)
{
	size_t len = strlen(sid);

	if (policy_find_name(&s->principal_of, sid, len, number))
		return true;
	*number = (uint32_t)s->principal_count;
	if (!policy_grow(s, &s->principals, *number, &s->principal_room,
			 sizeof(*s->principals)) ||
	    !policy_set_name(&s->principal_of, sid, len, *number))
		return false;
	s->principals[s->principal_count++] =
		(struct policy_principal){ .first_edge = POLICY_NO_INDEX };
	return true;
}

/* Members are kept as numbers: a group of 100,000 costs no 100,000 texts. */
static const char *take_group(struct policy_store *s, const struct directory_group *g)
{
	uint32_t group, member;

	if (!principal_number(s, g->sid, &group))
		return no_memory;
	s->principals[group].group = true;
	s->principals[group].complete |= g->complete;
	for (size_t i = 0; i < g->member_count; i++) {
		uint32_t edge = (uint32_t)s->edge_count;

		if (edge == UINT32_MAX - 1)
			return "more members of groups than any directory has";
		if (!principal_number(s, g->members[i], &member) ||
		    !policy_grow(s, &s->edges, edge, &s->edge_room, sizeof(*s->edges)))
			return no_memory;
		s->edges[s->edge_count++] =
			(struct policy_edge){ group, s->principals[member].first_edge };
		s->principals[member].first_edge = edge;
	}
	return NULL;
}

/* ---- lines ---- */

static const char *take_record(struct policy_store *s, const struct directory_line *line)
{
	switch (line->kind) {
	case DIRECTORY_POLICIES:
		return take_policies(s, &line->policies);
	case DIRECTORY_SCOPE:
		return take_scope(s, &line->scope);
	case DIRECTORY_GPO:
		return take_gpo(s, &line->gpo);
	default:
		return take_filter(s, &line->wmi_filter);
	}
}

static bool is_policy(enum directory_kind kind)
{
	return kind == DIRECTORY_POLICIES || kind == DIRECTORY_SCOPE ||
	       kind == DIRECTORY_GPO || kind == DIRECTORY_WMI_FILTER;
}

static enum policy_line refused(const struct directory_line *line)
{
	return line->no_memory ? POLICY_LINE_NO_MEMORY : POLICY_LINE_REFUSED;
}

enum policy_line policy_store_take(struct policy_store *s, const char *line, size_t len,
				   char *why, size_t why_size)
{
	struct directory_line read;
	const char *fault = NULL;

	pool_clear(&s->scratch);
	if (!directory_from_json(line, len, &s->scratch, &read, why, why_size))
		return refused(&read);
	if (read.kind == DIRECTORY_GROUP)
		fault = take_group(s, &read.group);
	else if (!is_policy(read.kind))
		return POLICY_LINE_OTHER;
	else if (directory_from_json(line, len, &s->pool, &read, why, why_size))
		fault = take_record(s, &read);
	else
		return refused(&read);
	if (!fault)
		return POLICY_LINE_TAKEN;
	snprintf(why, why_size, "%s", fault);
	return fault == no_memory ? POLICY_LINE_NO_MEMORY : POLICY_LINE_REFUSED;
}

/* ---- sealing ---- */

static bool is_known(struct policy_store *s, const uint8_t *open, uint32_t i)
{
	return !s->principals[i].group || (s->principals[i].complete && !open[i]);
}

/* A group's members are known when it is complete and each group in it is known.  What
 * is not known spreads to the groups that contain it, until nothing changes. */
static bool prepare_groups(struct policy_store *s)
{
	uint8_t *open = pool_take(&s->pool, s->principal_count + 1, 1);
	uint32_t *queue;
	size_t head = 0, tail = 0;

	queue = s->to_visit = pool_take(&s->pool, s->principal_count + 1, sizeof(*queue));
	if (!queue || !open)
		return false;
	for (uint32_t i = 0; i < s->principal_count; i++)
		if (s->principals[i].group && !s->principals[i].complete) {
			open[i] = 1;
			queue[tail++] = i;
		}
	while (head < tail) {
		uint32_t edge = s->principals[queue[head++]].first_edge;

		for (; edge != POLICY_NO_INDEX; edge = s->edges[edge].next) {
			uint32_t group = s->edges[edge].group;

			if (!open[group]) {
				open[group] = 1;
				queue[tail++] = group;
			}
		}
	}
	for (uint32_t i = 0; i < s->principal_count; i++)
		s->principals[i].known = is_known(s, open, i);
	return true;
}

static void prepare_scopes(struct policy_store *s)
{
	for (size_t i = 0; i < s->scope_count; i++) {
		struct policy_scope *scope = &s->scopes[i];

		scope->parent = POLICY_NO_INDEX;
		if (scope->scope->type == SCOPE_OU)
			scope->parent = policy_scope_above(s, scope->scope->dn,
							   &scope->missing_above);
	}
}

bool policy_store_seal(struct policy_store *s)
{
	prepare_scopes(s);
	if (!prepare_groups(s) || !policy_prepare_objects(s) || !policy_prepare_links(s))
		return false;
	s->members = pool_take(&s->pool, s->trustee_count + 1, sizeof(*s->members));
	s->trustee_stamps = pool_take(&s->pool, s->trustee_count + 1,
				      sizeof(*s->trustee_stamps));
	s->tallies = policy_tallies(s);
	s->sealed = s->members && s->trustee_stamps && s->tallies;
	return s->sealed;
}
