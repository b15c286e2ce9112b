/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds what on how many hosts: rows of principals and of findings, their names, and
 * how many new ones a host may bring. */
#include "report/judge/scorecard_internal.h"

#include <stdio.h>
#include <string.h>

/* Owners in the index: principals, then the two lists of each right of each role. */
enum { OWNER_PRINCIPALS = 0, OWNER_LISTS = 1 };

enum { ENTRIES_MAX = 2 * SCORECARD_PRINCIPALS_MAX };

/* A principal as the scorecard names it. */
struct score_key {
	const char *sid, *name; /* name may be NULL */
	char sid_text[220], name_text[220];
};

static const char *keep(struct scorecard *s, const char *text)
{
	return text ? pool_text(&s->memory, text, strlen(text)) : NULL;
}

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

/* SplitMix64: a sum of these tells sets of hosts apart. */
static uint64_t mark_of_host(size_t ordinal)
{
	uint64_t z = ordinal * 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* A host counts once, whatever it lists twice under one key. */
static bool count_entry(struct scorecard *s, struct score_entry *entry,
			const struct finding *f)
{
	if (entry->hosts + entry->waived == 0 || f->severity > entry->severity) {
		entry->kind = f->kind;
		entry->severity = f->severity;
	}
	if (entry->last_host != s->total.hosts) {
		entry->last_host = s->total.hosts;
		entry->hosts_mark += mark_of_host(s->total.hosts);
		if (f->waived)
			entry->waived++;
		else
			entry->hosts++;
	}
	if (!entry->reason && f->reason)
		entry->reason = keep(s, f->reason);
	return entry->reason || !f->reason;
}

/* How many rows a host may bring that no host before it had: more than a host in order
 * ever does, and then so few that 10,000 hosts that invent principals do not fill it. */
static size_t allowance(size_t used, size_t most)
{
	if (used < most / 4)
		return 256;
	if (used < most / 4 * 3)
		return 4;
	return used < most ? 2 : 0;
}

/* True when the table has a row for that principal, or this host may bring one. */
static bool has_place(struct scorecard *s, uint32_t owner, const char *sid)
{
	bool is_entry = owner != OWNER_PRINCIPALS;
	size_t *brought = is_entry ? &s->new_entries : &s->new_principals;
	size_t used = is_entry ? s->entry_count : s->principal_count;
	size_t most = is_entry ? ENTRIES_MAX : SCORECARD_PRINCIPALS_MAX;
	size_t row;

	if (score_index_find(s->index, owner, sid, &row))
		return true;
	if (*brought >= allowance(used, most))
		return false;
	(*brought)++;
	return true;
}

static bool add_entry(struct scorecard *s, uint32_t owner, struct score_list *list,
		      const struct finding *f, const struct score_key *key, bool *listed)
{
	struct score_entry *entry;

	if (f->kind == FINDING_NONE)
		return true;
	*listed = has_place(s, owner, key->sid);
	if (!*listed)
		return true;
	entry = entry_of(s, owner, list, key);
	return entry && count_entry(s, entry, f);
}

/* The row of the principal, made when it is not there; NULL when memory is out. */
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
	*p = (struct score_principal){ .sid = keep(s, key->sid), .class = class };
	if (!p->sid ||
	    !score_index_add(s->index, OWNER_PRINCIPALS, p->sid, s->principal_count))
		return NULL;
	s->principal_count++;
	return p;
}

/* One vote a host. */
static bool vote_name(struct scorecard *s, struct score_principal *p, const char *name,
		      enum principal_class class)
{
	if (!name || p->last_host == s->total.hosts)
		return true;
	p->last_host = s->total.hosts;
	return score_votes_add(&p->votes, &s->memory, name, class);
}

/* `right` is the one copy of its name. */
static struct score_grant *grant_of(struct scorecard *s, struct score_principal *p,
				    const char *right)
{
	struct score_grant *grant;

	for (size_t i = 0; i < p->grant_count; i++)
		if (p->grants[i].right == right)
			return &p->grants[i];
	if (p->grant_count == 0) { /* most have one */
		p->grants = pool_take(&s->memory, 1, sizeof(*grant));
		p->grant_room = p->grants ? 1 : 0;
		if (!p->grants)
			return NULL;
	} else if (p->grant_count == p->grant_room) {
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

static bool add_principal(struct scorecard *s, const struct judgement *j,
			  const struct finding *f, const struct score_key *key,
			  const char *right, bool *listed)
{
	enum role role = j->facts->role;
	struct score_principal *p;
	struct score_grant *grant;

	*listed = has_place(s, OWNER_PRINCIPALS, key->sid);
	if (!*listed)
		return true;
	p = principal_of(s, key, f->class);
	grant = p ? grant_of(s, p, right) : NULL;
	if (!grant || !vote_name(s, p, key->name, f->class))
		return false;
	if (grant->last_host == s->total.hosts)
		return true;
	grant->last_host = s->total.hosts;
	grant->hosts[role]++;
	grant->unexpected[role] += is_unexpected(f);
	return true;
}

/* What the findings of one severity add to the row of their right. */
static bool add_severity(struct scorecard *s, const struct judgement *j,
			 const struct right_judgement *r, struct score_right *row,
			 enum severity severity, size_t *unlisted)
{
	const struct score_role *role = &s->roles[j->facts->role];
	uint32_t owner = (uint32_t)(OWNER_LISTS +
				    2 * ((size_t)(row - role->rights) * ROLE_COUNT +
					 (size_t)j->facts->role));

	for (size_t i = 0; i < r->holder_count + r->missing_count; i++) {
		bool missing = i >= r->holder_count, in_list = true, in_table = true;
		const struct finding *f = missing ? &r->missing[i - r->holder_count]
						  : &r->holders[i];
		struct score_key key;

		if (f->severity != severity)
			continue;
		count_finding(s, f);
		fold(j->facts, f->sid, f->name, &key);
		if ((!missing && !add_principal(s, j, f, &key, row->name, &in_table)) ||
		    !add_entry(s, owner + missing, missing ? &row->missing : &row->extra,
			       f, &key, &in_list))
			return false;
		*unlisted += !in_list || !in_table;
	}
	return true;
}

/* The worst first, so that what finds no place is the least severe. */
bool scorecard_add_principals(struct scorecard *s, const struct judgement *j,
			      struct score_right *const *rows)
{
	size_t unlisted = 0;

	s->new_principals = s->new_entries = 0;
	for (int severity = SEVERITY_COUNT - 1; severity >= 0; severity--)
		for (size_t i = 0; i < j->right_count; i++)
			if (rows[i] && !add_severity(s, j, &j->rights[i], rows[i],
						     (enum severity)severity, &unlisted))
				return false;
	s->principals_unlisted += unlisted;
	s->unlisted_hosts += unlisted > 0;
	return true;
}

const char *scorecard_principal_name(const struct scorecard *s, const char *sid)
{
	size_t row;

	if (!score_index_find(s->index, OWNER_PRINCIPALS, sid, &row))
		return NULL;
	return s->principals[row].name;
}
