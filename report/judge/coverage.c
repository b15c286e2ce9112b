/* SPDX-License-Identifier: Apache-2.0 */
#include "report/judge/coverage.h"

#include <string.h>
#include <strings.h>

void coverage_begin(struct coverage *c, const struct journal_info *journal)
{
	c->domains = journal->domains;
	c->domain_count = journal->domain_count;
	c->known = journal->domain_count > 0;
	for (size_t i = 0; i < journal->domain_count; i++)
		directory_counts_add(&c->computers, &journal->domains[i].counts);
}

void coverage_free(struct coverage *c)
{
	pool_free(&c->memory);
}

/* False: `*i` is behind this list, and less by its rows. */
static bool row_of_list(const struct coverage_list *list, const char *by, size_t *i,
			struct coverage_row *row)
{
	if (*i < list->count) {
		*row = (struct coverage_row){ by, list->groups[*i].name,
					      list->groups[*i].counts };
		return true;
	}
	*i -= list->count;
	if (!list->rest.asked)
		return false;
	if (*i == 0) {
		*row = (struct coverage_row){ by, "(others)", list->rest };
		return true;
	}
	--*i;
	return false;
}

bool coverage_row(const struct coverage *c, size_t i, struct coverage_row *row)
{
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		if (!c->roles[role].asked)
			continue;
		if (i-- == 0) {
			*row = (struct coverage_row){ "role", role_word((enum role)role),
						      c->roles[role] };
			return true;
		}
	}
	return row_of_list(&c->units, "organizational_unit", &i, row) ||
	       row_of_list(&c->sites, "site", &i, row) ||
	       row_of_list(&c->systems, "operating_system", &i, row);
}

static int compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcasecmp(a, b);
}

/* Where the group of that name stands, or would stand. */
static size_t place_of(const struct coverage_list *list, const char *name)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(list->groups[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool make_group(struct coverage *c, struct coverage_list *list, size_t at,
		       const char *name)
{
	struct coverage_group *grown;

	if (list->count == list->room) {
		grown = pool_grow(&c->memory, list->groups, &list->room, sizeof(*grown));
		if (!grown)
			return false;
		list->groups = grown;
	}
	memmove(&list->groups[at + 1], &list->groups[at],
		(list->count - at) * sizeof(*list->groups));
	list->groups[at] = (struct coverage_group){ 0 };
	if (name) {
		list->groups[at].name = pool_text(&c->memory, name, strlen(name));
		if (!list->groups[at].name)
			return false;
	}
	list->count++;
	return true;
}

static void count_one(struct coverage_counts *counts, bool assessed)
{
	counts->asked++;
	counts->assessed += assessed;
}

static bool count_in(struct coverage *c, struct coverage_list *list, const char *name,
		     bool assessed)
{
	size_t at = place_of(list, name);
	bool there = at < list->count && compare(list->groups[at].name, name) == 0;

	if (!there && list->count >= COVERAGE_GROUPS_MAX) {
		count_one(&list->rest, assessed);
		return true;
	}
	if (!there && !make_group(c, list, at, name))
		return false;
	count_one(&list->groups[at].counts, assessed);
	return true;
}

static bool keep_missed(struct coverage *c, const struct facts *f)
{
	struct coverage_missed *m;

	if (c->missed_count++ >= COVERAGE_MISSED_MAX)
		return true;
	m = &c->missed[c->missed_count - 1];
	m->outcome = f->outcome;
	m->host = pool_text(&c->memory, f->host, strlen(f->host));
	if (f->directory->last_logon)
		m->last_logon = pool_text(&c->memory, f->directory->last_logon,
					  strlen(f->directory->last_logon));
	return m->host != NULL;
}

bool coverage_add(struct coverage *c, const struct judgement *j)
{
	const struct facts *f = j->facts;
	const struct directory_fact *d = f->directory;
	bool assessed = j->verdict == VERDICT_COMPLIANT ||
			j->verdict == VERDICT_VIOLATION;

	if (!c->known)
		return true;
	if (!d) {
		c->strangers += f->outcome == HOST_ANSWERED;
		return true;
	}
	count_one(&c->total, assessed);
	count_one(&c->roles[f->role], assessed);
	return count_in(c, &c->units, d->ou, assessed) &&
	       count_in(c, &c->sites, d->site, assessed) &&
	       count_in(c, &c->systems, d->os, assessed) &&
	       (assessed || keep_missed(c, f));
}
