/* SPDX-License-Identifier: Apache-2.0 */
#include "report/judge/fixes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/judge/policy_state.h"

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcasecmp(a, b) == 0);
}

static struct fix *find(struct fixes *f, const char *right,
			const struct directory_gpo *gpo)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->at[i].right, right) == 0 &&
		    (gpo ? f->at[i].id && is_same(f->at[i].id, gpo->id) &&
				     is_same(f->at[i].domain, gpo->domain)
			 : !f->at[i].id))
			return &f->at[i];
	return NULL;
}

/* NULL stays NULL; false: out of memory. */
static bool keep(struct pool *pool, const char *text, const char **kept)
{
	*kept = text ? pool_text(pool, text, strlen(text)) : NULL;
	return *kept || !text;
}

static bool add_place(struct fixes *f, const char *right, const struct policy_gpo *from)
{
	static const struct directory_gpo nobody = { .domain = NULL };
	const struct directory_gpo *gpo = from ? from->gpo : &nobody;
	const char *link = from && from->scope ? from->scope->dn : NULL;
	struct fix fix = { .hosts = 1, .enforced = from && from->enforced };

	if (f->count == FIXES_MAX) {
		f->unlisted++;
		return true;
	}
	if (f->count == f->room) {
		void *grown = pool_grow(&f->memory, f->at, &f->room, sizeof(*f->at));

		if (!grown)
			return false;
		f->at = grown;
	}
	if (!keep(&f->memory, right, &fix.right) ||
	    !keep(&f->memory, gpo->domain, &fix.domain) ||
	    !keep(&f->memory, gpo->id, &fix.id) ||
	    !keep(&f->memory, gpo->name, &fix.name) || !keep(&f->memory, link, &fix.link))
		return false;
	f->at[f->count++] = fix;
	return true;
}

/* The place that sets the right for certain; `*known` false: nobody knows. */
static const struct policy_gpo *place_of(const struct right_policy *rp, bool *known)
{
	const struct policy_gpo *from = NULL;

	*known = rp->right.state != POLICY_RIGHT_UNCERTAIN;
	if (rp->right.winner != POLICY_NOBODY)
		from = &rp->policy->gpos[rp->right.winner];
	*known = *known && (!from || (from->gpo && from->gpo->id));
	return from;
}

static bool add_right(struct fixes *f, const struct right_judgement *right)
{
	const struct policy_gpo *from;
	struct fix *place;
	bool known;

	if (right->verdict != VERDICT_VIOLATION || !right->policy)
		return true;
	from = place_of(right->policy, &known);
	if (!known)
		return true;
	place = find(f, right->fact->name, from ? from->gpo : NULL);
	if (!place)
		return add_place(f, right->fact->name, from);
	place->hosts++;
	return true;
}

bool fixes_add(struct fixes *f, const struct judgement *j)
{
	for (size_t i = 0; i < j->right_count; i++)
		if (!add_right(f, &j->rights[i]))
			return false;
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct fix *a = left, *b = right;
	int order;

	if (a->hosts != b->hosts)
		return a->hosts > b->hosts ? -1 : 1;
	order = strcmp(a->right, b->right);
	if (order)
		return order;
	return strcmp(a->id ? a->id : "", b->id ? b->id : "");
}

void fixes_finish(struct fixes *f)
{
	if (f->count)
		qsort(f->at, f->count, sizeof(*f->at), compare);
}

void fixes_free(struct fixes *f)
{
	pool_free(&f->memory);
	*f = (struct fixes){ 0 };
}
