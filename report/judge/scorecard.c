/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of hosts, roles and rights; who holds them is scorecard_principals.c. */
#include "report/judge/scorecard.h"

#include <stdlib.h>
#include <string.h>

#include "report/judge/scorecard_internal.h"

static void add_counts(struct scorecard *s, const struct judgement *j);
static bool add_rights(struct scorecard *s, const struct judgement *j,
		       struct score_right **rows);

struct scorecard *scorecard_new(const struct baseline *b)
{
	struct scorecard *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->baseline = b;
	s->waivers = pool_take(&s->memory, b->waiver_count, sizeof(*s->waivers));
	s->index = score_index_new();
	if (s->waivers && s->index)
		return s;
	scorecard_free(s);
	return NULL;
}

void scorecard_free(struct scorecard *s)
{
	if (!s)
		return;
	score_index_free(s->index);
	pool_free(&s->memory);
	free(s);
}

bool scorecard_add(struct scorecard *s, const struct judgement *j)
{
	struct score_right **rows = calloc(j->right_count + 1, sizeof(*rows));
	bool ok;

	if (!rows)
		return false;
	add_counts(s, j);
	ok = add_rights(s, j, rows) && scorecard_add_principals(s, j, rows);
	free(rows);
	return ok;
}

static void count_verdict(struct score_counts *c, enum verdict v)
{
	c->hosts++;
	c->assessed += v == VERDICT_COMPLIANT || v == VERDICT_VIOLATION;
	c->compliant += v == VERDICT_COMPLIANT;
	c->violation += v == VERDICT_VIOLATION;
	c->unknown += v != VERDICT_COMPLIANT && v != VERDICT_VIOLATION;
}

static void add_counts(struct scorecard *s, const struct judgement *j)
{
	count_verdict(&s->total, j->verdict);
	count_verdict(&s->roles[j->facts->role].counts, j->verdict);
	s->outcomes[j->facts->outcome]++;
	s->conflicts += j->facts->conflict != NULL;
	s->directory_conflicts += j->directory_conflict != NULL;
	s->identity_conflicts += j->identity_conflict != NULL;
	if (!judgement_is_suspect(j))
		return;
	s->suspect++;
	s->suspect_assessed += j->verdict == VERDICT_VIOLATION;
}

/* The one copy of the right's name, so that pointers tell rights apart.  The catalogue's
 * spelling counts: templates write names in other cases. */
static const char *right_name(struct scorecard *s, const struct right_judgement *r)
{
	if (r->right)
		return r->right->name;
	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct score_role *other = &s->roles[role];

		for (size_t i = 0; i < other->right_count; i++)
			if (strcmp(other->rights[i].name, r->fact->name) == 0)
				return other->rights[i].name;
	}
	return pool_text(&s->memory, r->fact->name, strlen(r->fact->name));
}

static size_t unknown_rights(const struct score_role *role)
{
	size_t n = 0;

	for (size_t i = 0; i < role->right_count; i++)
		n += role->rights[i].right == NULL;
	return n;
}

/* The row of that right in the role's table; few enough to be looked for one by one.  A
 * right that is in no catalogue may find no place: then `*row` is NULL.  False: out of
 * memory. */
static bool right_row(struct scorecard *s, struct score_role *role,
		      const struct right_judgement *r, struct score_right **row)
{
	const char *name;

	*row = NULL;
	for (size_t i = 0; i < role->right_count; i++) {
		*row = &role->rights[i];
		if (r->right ? (*row)->right == r->right
			     : strcmp((*row)->name, r->fact->name) == 0)
			return true;
	}
	*row = NULL;
	if (!r->right && unknown_rights(role) >= SCORECARD_RIGHTS_MAX) {
		s->rights_unlisted++;
		return true;
	}
	name = right_name(s, r);
	if (name && role->right_count == role->right_room) {
		struct score_right *wider = pool_grow(&s->memory, role->rights,
						      &role->right_room, sizeof(*wider));

		if (!wider)
			return false;
		role->rights = wider;
	}
	if (!name)
		return false;
	*row = &role->rights[role->right_count++];
	**row = (struct score_right){ .name = name, .right = r->right, .rule = r->rule };
	return true;
}

static void count_right(struct score_right *row, const struct judgement *j,
			const struct right_judgement *r)
{
	row->compliant += r->verdict == VERDICT_COMPLIANT;
	row->violation += r->verdict == VERDICT_VIOLATION;
	row->unknown += r->verdict == VERDICT_UNKNOWN;
	row->not_applicable += r->verdict == VERDICT_NOT_APPLICABLE;
	row->suspect += r->collection_suspect;
	row->states[r->state]++;
	row->outcomes[r->fact->outcome]++;
	row->answered[r->fact->outcome] += j->facts->outcome == HOST_ANSWERED;
	if (!row->rule)
		row->rule = r->rule;
	else if (r->rule && r->rule != row->rule)
		row->rules_differ = true;
}

/* Rows do not move once all of the host's are made; `rows[i]` is that of its i-th right.
 */
static bool add_rights(struct scorecard *s, const struct judgement *j,
		       struct score_right **rows)
{
	struct score_role *role = &s->roles[j->facts->role];

	for (size_t i = 0; i < j->right_count; i++)
		if (!right_row(s, role, &j->rights[i], &rows[i]))
			return false;
	for (size_t i = 0; i < j->right_count; i++) {
		if (rows[i] && !right_row(s, role, &j->rights[i], &rows[i]))
			return false;
		if (rows[i])
			count_right(rows[i], j, &j->rights[i]);
	}
	return true;
}

/* ---- the end ---- */

static int compare_rights(const void *a, const void *b)
{
	return strcmp(((const struct score_right *)a)->name,
		      ((const struct score_right *)b)->name);
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct score_entry *)a)->sid,
		      ((const struct score_entry *)b)->sid);
}

static int compare_principals(const void *a, const void *b)
{
	return strcmp(((const struct score_principal *)a)->sid,
		      ((const struct score_principal *)b)->sid);
}

static int compare_grants(const void *a, const void *b)
{
	return strcmp(((const struct score_grant *)a)->right,
		      ((const struct score_grant *)b)->right);
}

static void sort(void *base, size_t count, size_t size,
		 int (*compare)(const void *, const void *))
{
	if (count > 1)
		qsort(base, count, size, compare);
}

static void finish_principal(struct score_principal *p)
{
	const struct score_candidate *winner = score_votes_winner(&p->votes);

	p->name = winner ? winner->text : NULL;
	p->names_differ = p->votes.differ;
	if (winner)
		p->class = (enum principal_class)winner->note;
	sort(p->grants, p->grant_count, sizeof(*p->grants), compare_grants);
	for (size_t i = 0; i < p->grant_count; i++) {
		size_t hosts = 0;

		for (int role = 0; role < ROLE_COUNT; role++)
			hosts += p->grants[i].hosts[role];
		if (hosts > p->hosts)
			p->hosts = hosts;
	}
}

static void finish_list(struct scorecard *s, struct score_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *name = scorecard_principal_name(s, list->entries[i].sid);

		if (name)
			list->entries[i].name = name;
	}
	sort(list->entries, list->count, sizeof(*list->entries), compare_entries);
}

void scorecard_finish(struct scorecard *s)
{
	for (size_t i = 0; i < s->principal_count; i++)
		finish_principal(&s->principals[i]);
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct score_role *r = &s->roles[role];

		for (size_t i = 0; i < r->right_count; i++) {
			finish_list(s, &r->rights[i].extra);
			finish_list(s, &r->rights[i].missing);
		}
		sort(r->rights, r->right_count, sizeof(*r->rights), compare_rights);
	}
	/* Last: the index knows them by their rows. */
	sort(s->principals, s->principal_count, sizeof(*s->principals),
	     compare_principals);
}

int scorecard_exit_code(const struct scorecard *s)
{
	enum { COMPLIANT = 0, VIOLATIONS = 1, INCOMPLETE = 3, BOTH = 4 };

	if (s->total.violation > 0)
		return s->total.unknown > 0 ? BOTH : VIOLATIONS;
	return s->total.unknown > 0 ? INCOMPLETE : COMPLIANT;
}
