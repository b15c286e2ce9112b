/* SPDX-License-Identifier: Apache-2.0 */
/* Orders what a scorecard has added up; the words are left to the renderers. */
#include "report/render/ranking.h"

#include <stdlib.h>
#include <string.h>

static int compare_entry_sid(const void *key, const void *entry)
{
	return strcmp(key, ((const struct score_entry *)entry)->sid);
}

/* The worst entry of that principal and right in any role, or NULL. */
static const struct score_entry *worst_entry(const struct scorecard *s, const char *sid,
					     const char *right)
{
	const struct score_entry *worst = NULL;

	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		for (size_t i = 0; i < s->roles[role].right_count; i++) {
			const struct score_right *r = &s->roles[role].rights[i];
			const struct score_entry *e =
				strcmp(r->name, right) != 0 || !r->extra.count
					? NULL
					: bsearch(sid, r->extra.entries, r->extra.count,
						  sizeof(*e), compare_entry_sid);

			if (e && (!worst || e->severity > worst->severity))
				worst = e;
		}
	}
	return worst;
}

/* By severity first: hosts that invent holders may be many, and what they invent
 * widespread, but it is not the worst. */
static int compare_unexpected(const void *left, const void *right)
{
	const struct unexpected *a = left, *b = right;
	int by_sid;

	if (a->entry->severity != b->entry->severity)
		return a->entry->severity > b->entry->severity ? -1 : 1;
	if (a->hosts != b->hosts)
		return a->hosts > b->hosts ? -1 : 1;
	by_sid = strcmp(a->principal->sid, b->principal->sid);
	return by_sid ? by_sid : strcmp(a->grant->right, b->grant->right);
}

static size_t unexpected_on(const struct score_grant *g)
{
	size_t n = 0;

	for (unsigned role = 0; role < ROLE_COUNT; role++)
		n += g->unexpected[role];
	return n;
}

struct unexpected *ranking_unexpected(const struct scorecard *s, size_t most,
				      size_t *count, size_t *all)
{
	struct unexpected *list;
	size_t room = 0;

	*count = *all = 0;
	for (size_t i = 0; i < s->principal_count; i++)
		room += s->principals[i].grant_count;
	list = calloc(room + 1, sizeof(*list));
	for (size_t i = 0; list && i < s->principal_count; i++) {
		const struct score_principal *p = &s->principals[i];

		for (size_t g = 0; g < p->grant_count; g++) {
			const struct score_entry *e = worst_entry(s, p->sid,
								  p->grants[g].right);
			if (e && unexpected_on(&p->grants[g]))
				list[(*all)++] = (struct unexpected){
					p, &p->grants[g], e, unexpected_on(&p->grants[g])
				};
		}
	}
	if (list)
		qsort(list, *all, sizeof(*list), compare_unexpected);
	*count = *all < most ? *all : most;
	return list;
}

static int compare_rows(const void *left, const void *right)
{
	const struct finding_row *a = left, *b = right;
	int order;

	if (a->entry->severity != b->entry->severity)
		return a->entry->severity > b->entry->severity ? -1 : 1;
	if (a->entry->hosts != b->entry->hosts)
		return a->entry->hosts > b->entry->hosts ? -1 : 1;
	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	order = strcmp(a->right->name, b->right->name);
	return order ? order : strcmp(a->entry->sid, b->entry->sid);
}

static void add_rows(struct finding_row *rows, size_t *n, enum role role,
		     const struct score_right *right, const struct score_list *list,
		     bool missing)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->entries[i].hosts == 0 && list->entries[i].waived == 0)
			continue;
		if (rows)
			rows[*n] = (struct finding_row){ role, right, &list->entries[i],
							 missing };
		(*n)++;
	}
}

static size_t all_rows(const struct scorecard *s, struct finding_row *rows)
{
	size_t n = 0;

	for (unsigned role = 0; role < ROLE_COUNT; role++)
		for (size_t i = 0; i < s->roles[role].right_count; i++) {
			const struct score_right *r = &s->roles[role].rights[i];

			add_rows(rows, &n, (enum role)role, r, &r->extra, false);
			add_rows(rows, &n, (enum role)role, r, &r->missing, true);
		}
	return n;
}

struct finding_row *ranking_findings(const struct scorecard *s, size_t *count)
{
	size_t n = all_rows(s, NULL);
	struct finding_row *rows = calloc(n + 1, sizeof(*rows));

	*count = rows ? all_rows(s, rows) : 0;
	if (rows)
		qsort(rows, *count, sizeof(*rows), compare_rows);
	return rows;
}

static int compare_marks(const void *left, const void *right)
{
	const struct finding_row *a = left, *b = right;

	return (a->entry->hosts_mark > b->entry->hosts_mark) -
	       (a->entry->hosts_mark < b->entry->hosts_mark);
}

/* Rows with one mark are on the same hosts: they count once. */
size_t ranking_hosts_of(const struct finding_row *rows, size_t first, size_t count,
			size_t all_hosts)
{
	size_t room = count - first, hosts = 0;
	struct finding_row *by_mark = calloc(room + 1, sizeof(*by_mark));

	if (!by_mark)
		return all_hosts;
	memcpy(by_mark, rows + first, room * sizeof(*by_mark));
	qsort(by_mark, room, sizeof(*by_mark), compare_marks);
	for (size_t i = 0; i < room; i++)
		if (i == 0 || compare_marks(&by_mark[i - 1], &by_mark[i]) != 0)
			hosts += by_mark[i].entry->hosts + by_mark[i].entry->waived;
	free(by_mark);
	return hosts < all_hosts ? hosts : all_hosts;
}
