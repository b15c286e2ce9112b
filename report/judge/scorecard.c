/* SPDX-License-Identifier: Apache-2.0 */
#include "report/judge/scorecard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/judge/scorecard_index.h"

/* Owners in the index: principals, then the lists of each right of each role. */
enum {
	OWNER_PRINCIPALS = 0,
	OWNER_LISTS = 1,
	ENTRIES_MAX = 2 * SCORECARD_PRINCIPALS_MAX
};

/* A principal as the scorecard names it. */
struct score_key {
	const char *sid, *name; /* name may be NULL */
	char sid_text[220], name_text[220];
};

static void add_counts(struct scorecard *s, const struct judgement *j);
static bool add_right(struct scorecard *s, const struct judgement *j,
		      const struct right_judgement *r);
static bool add_list(struct scorecard *s, const struct judgement *j, uint32_t owner,
		     struct score_list *list, const struct finding *f, size_t count);
static bool add_principals(struct scorecard *s, const struct judgement *j,
			   const struct right_judgement *r, const char *right);

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
	add_counts(s, j);
	for (size_t i = 0; i < j->right_count; i++)
		if (!add_right(s, j, &j->rights[i]))
			return false;
	return true;
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
}

static const char *keep(struct scorecard *s, const char *text)
{
	return text ? pool_text(&s->memory, text, strlen(text)) : NULL;
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
	return keep(s, r->fact->name);
}

/* The row of that right in the role's table; few enough to be looked for one by one. */
static struct score_right *right_row(struct scorecard *s, struct score_role *role,
				     const struct right_judgement *r)
{
	const char *name = right_name(s, r);
	struct score_right *row;

	for (size_t i = 0; name && i < role->right_count; i++)
		if (role->rights[i].name == name)
			return &role->rights[i];
	if (role->right_count == role->right_room) {
		row = pool_grow(&s->memory, role->rights, &role->right_room,
				sizeof(*row));
		if (!row)
			return NULL;
		role->rights = row;
	}
	if (!name)
		return NULL;
	row = &role->rights[role->right_count++];
	*row = (struct score_right){ .name = name, .right = r->right, .rule = r->rule };
	return row;
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

static bool add_right(struct scorecard *s, const struct judgement *j,
		      const struct right_judgement *r)
{
	struct score_role *role = &s->roles[j->facts->role];
	struct score_right *row = right_row(s, role, r);
	uint32_t owner;

	if (!row)
		return false;
	count_right(row, j, r);
	owner = (uint32_t)(OWNER_LISTS + 2 * ((size_t)(row - role->rights) * ROLE_COUNT +
					      (size_t)j->facts->role));
	return add_list(s, j, owner, &row->extra, r->holders, r->holder_count) &&
	       add_list(s, j, owner + 1, &row->missing, r->missing, r->missing_count) &&
	       add_principals(s, j, r, row->name);
}

/* ---- principals ---- */

/* A machine's own accounts are one principal over all machines: by relative id where
 * that says who it is, else by name. */
static void fold(const struct facts *f, const char *sid, const char *name,
		 struct score_key *key)
{
	const char *bare = name ? strrchr(name, '\\') : NULL;
	uint32_t rid;

	key->sid = sid;
	key->name = name;
	if (f->role == ROLE_DOMAIN_CONTROLLER ||
	    !principal_rid(sid, f->machine_sid, &rid))
		return;
	bare = bare ? bare + 1 : name;
	if (rid < 1000 || !bare)
		snprintf(key->sid_text, sizeof(key->sid_text), "MACHINE-%u",
			 (unsigned)rid);
	else
		snprintf(key->sid_text, sizeof(key->sid_text), "MACHINE\\%.*s", 200,
			 bare);
	key->sid = key->sid_text;
	if (!bare)
		return;
	snprintf(key->name_text, sizeof(key->name_text), "MACHINE\\%.*s", 200, bare);
	key->name = key->name_text;
}

static void count_finding(struct scorecard *s, const struct finding *f)
{
	if (f->waived)
		s->findings_waived++;
	else if (f->kind != FINDING_NONE)
		s->findings[f->severity]++;
	if (!f->waiver)
		return;
	if (f->waived)
		s->waivers[f->waiver - s->baseline->waivers].used++;
	else
		s->waivers[f->waiver - s->baseline->waivers].expired++;
}

/* The entry of that principal in the list, made when it is not there; NULL when memory
 * is out. */
static struct score_entry *entry_of(struct scorecard *s, uint32_t owner,
				    struct score_list *list, const struct score_key *key)
{
	struct score_entry *entry;
	size_t row;

	if (score_index_find(s->index, owner, key->sid, &row))
		return &list->entries[row];
	if (list->count == list->room) {
		entry = pool_grow(&s->memory, list->entries, &list->room, sizeof(*entry));
		if (!entry)
			return NULL;
		list->entries = entry;
	}
	entry = &list->entries[list->count];
	*entry = (struct score_entry){ .sid = keep(s, key->sid),
				       .name = keep(s, key->name) };
	if (!entry->sid || (key->name && !entry->name) ||
	    !score_index_add(s->index, owner, entry->sid, list->count))
		return NULL;
	list->count++;
	s->entry_count++;
	return entry;
}

static bool count_entry(struct scorecard *s, struct score_entry *entry,
			const struct finding *f)
{
	if (entry->hosts + entry->waived == 0 || f->severity > entry->severity) {
		entry->kind = f->kind;
		entry->severity = f->severity;
	}
	if (f->waived)
		entry->waived++;
	else
		entry->hosts++;
	if (!entry->reason && f->reason)
		entry->reason = keep(s, f->reason);
	return entry->reason || !f->reason;
}

/* True when the list may still get a row for a principal it does not have. */
static bool has_place(struct scorecard *s, uint32_t owner, const char *sid, size_t count,
		      size_t most)
{
	size_t row;

	if (count < most || score_index_find(s->index, owner, sid, &row))
		return true;
	s->principals_unlisted++;
	return false;
}

static bool add_list(struct scorecard *s, const struct judgement *j, uint32_t owner,
		     struct score_list *list, const struct finding *f, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct score_entry *entry;
		struct score_key key;

		count_finding(s, &f[i]);
		if (f[i].kind == FINDING_NONE)
			continue;
		fold(j->facts, f[i].sid, f[i].name, &key);
		if (!has_place(s, owner, key.sid, s->entry_count, ENTRIES_MAX))
			continue;
		entry = entry_of(s, owner, list, &key);
		if (!entry || !count_entry(s, entry, &f[i]))
			return false;
	}
	return true;
}

static struct score_principal *principal_of(struct scorecard *s,
					    const struct score_key *key,
					    enum principal_class class)
{
	struct score_principal *p;
	size_t row;

	if (score_index_find(s->index, OWNER_PRINCIPALS, key->sid, &row))
		return &s->principals[row];
	if (s->principal_count == s->principal_room) {
		p = pool_grow(&s->memory, s->principals, &s->principal_room, sizeof(*p));
		if (!p)
			return NULL;
		s->principals = p;
	}
	p = &s->principals[s->principal_count];
	*p = (struct score_principal){ .sid = keep(s, key->sid),
				       .name = keep(s, key->name),
				       .class = class };
	if (!p->sid || (key->name && !p->name) ||
	    !score_index_add(s->index, OWNER_PRINCIPALS, p->sid, s->principal_count))
		return NULL;
	s->principal_count++;
	return p;
}

/* `right` is the one copy of its name. */
static struct score_grant *grant_of(struct scorecard *s, struct score_principal *p,
				    const char *right)
{
	struct score_grant *grant;

	for (size_t i = 0; i < p->grant_count; i++)
		if (p->grants[i].right == right)
			return &p->grants[i];
	if (p->grant_count == p->grant_room) {
		grant = pool_grow(&s->memory, p->grants, &p->grant_room, sizeof(*grant));
		if (!grant)
			return NULL;
		p->grants = grant;
	}
	grant = &p->grants[p->grant_count++];
	*grant = (struct score_grant){ .right = right };
	return grant;
}

static bool is_unexpected(const struct finding *f)
{
	return f->label == LABEL_EXTRA || f->label == LABEL_OBSOLETE || f->waived;
}

static bool add_principals(struct scorecard *s, const struct judgement *j,
			   const struct right_judgement *r, const char *right)
{
	for (size_t i = 0; i < r->holder_count; i++) {
		const struct finding *f = &r->holders[i];
		struct score_principal *p;
		struct score_grant *grant;
		struct score_key key;

		fold(j->facts, f->sid, f->name, &key);
		if (!has_place(s, OWNER_PRINCIPALS, key.sid, s->principal_count,
			       SCORECARD_PRINCIPALS_MAX))
			continue;
		p = principal_of(s, &key, f->class);
		grant = p ? grant_of(s, p, right) : NULL;
		if (!grant)
			return false;
		grant->hosts[j->facts->role]++;
		grant->unexpected[j->facts->role] += is_unexpected(f);
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
	sort(p->grants, p->grant_count, sizeof(*p->grants), compare_grants);
	for (size_t i = 0; i < p->grant_count; i++) {
		size_t hosts = 0;

		for (int role = 0; role < ROLE_COUNT; role++)
			hosts += p->grants[i].hosts[role];
		if (hosts > p->hosts)
			p->hosts = hosts;
	}
}

void scorecard_finish(struct scorecard *s)
{
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct score_role *r = &s->roles[role];

		sort(r->rights, r->right_count, sizeof(*r->rights), compare_rights);
		for (size_t i = 0; i < r->right_count; i++) {
			struct score_right *row = &r->rights[i];

			sort(row->extra.entries, row->extra.count,
			     sizeof(*row->extra.entries), compare_entries);
			sort(row->missing.entries, row->missing.count,
			     sizeof(*row->missing.entries), compare_entries);
		}
	}
	for (size_t i = 0; i < s->principal_count; i++)
		finish_principal(&s->principals[i]);
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
