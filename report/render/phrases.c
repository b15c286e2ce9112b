/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/phrases.h"

#include <stdlib.h>
#include <string.h>

char *phrase_count(size_t n, char *out, size_t out_size)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%zu", n);
	size_t used = 0;

	for (int i = 0; i < length && used + 2 < out_size; i++) {
		if (i && (length - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	return out;
}

char *phrase_share(size_t part, size_t whole, const char *what, char *out,
		   size_t out_size)
{
	char a[32], b[32];
	/* Tenths of a per cent, rounded down: 4,999 of 5,000 is not 100 %. */
	size_t tenths = whole ? part * 1000 / whole : 0;

	phrase_count(part, a, sizeof(a));
	phrase_count(whole, b, sizeof(b));
	if (whole)
		snprintf(out, out_size, "%s of %s%s%s (%zu.%zu %%)", a, b,
			 *what ? " " : "", what, tenths / 10, tenths % 10);
	else
		snprintf(out, out_size, "%s of %s%s%s", a, b, *what ? " " : "", what);
	return out;
}

const char *phrase_role(enum role role, size_t n)
{
	static const char *const many[ROLE_COUNT] = {
		[ROLE_DOMAIN_CONTROLLER] = "domain controllers",
		[ROLE_MEMBER_SERVER] = "member servers",
		[ROLE_STANDALONE_SERVER] = "standalone servers",
		[ROLE_CLIENT] = "clients",
		[ROLE_UNKNOWN] = "hosts of unknown role",
	};

	if (n != 1)
		return many[role];
	return role == ROLE_UNKNOWN ? "host of unknown role" : role_title(role);
}

char *phrase_where(const size_t hosts[ROLE_COUNT], char *out, size_t out_size)
{
	unsigned left = 0;
	size_t used = 0;
	char number[32];

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		left += hosts[i] > 0;
	out[0] = '\0';
	for (unsigned i = 0; i < ROLE_COUNT && used < out_size; i++) {
		if (!hosts[i])
			continue;
		left--;
		used += (size_t)snprintf(out + used, out_size - used, "%s %s%s",
					 phrase_count(hosts[i], number, sizeof(number)),
					 phrase_role((enum role)i, hosts[i]),
					 left > 1    ? ", "
					 : left == 1 ? " and "
						     : "");
	}
	return out;
}

bool phrase_unexpected(const struct finding *f)
{
	return f->label == LABEL_EXTRA || f->label == LABEL_OBSOLETE || f->waived;
}

/* What a refusal nearly always means. */
static const char denied[] =
	"denied: not an administrator there, or remote UAC filtered a "
	"local account other than RID 500";

const char *phrase_unknown_right(const struct right_judgement *r)
{
	if (r->kind == FINDING_DENIED)
		return denied;
	if (r->reason)
		return r->reason;
	return r->kind == FINDING_NONE ? NULL : finding_title(r->kind);
}

const char *phrase_unknown_host(const struct judgement *j)
{
	if (j->facts->outcome != HOST_ANSWERED)
		return host_outcome_sentence(j->facts->outcome);
	if (j->kind == FINDING_DENIED)
		return denied;
	if (j->reason)
		return j->reason;
	for (size_t i = 0; i < j->right_count; i++)
		if (j->rights[i].verdict == VERDICT_UNKNOWN)
			return phrase_unknown_right(&j->rights[i]);
	return j->kind == FINDING_NONE ? NULL : finding_title(j->kind);
}

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

static int compare_unexpected(const void *left, const void *right)
{
	const struct unexpected *a = left, *b = right;
	int by_sid;

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

struct unexpected *phrase_unexpected_most(const struct scorecard *s, size_t most,
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

struct finding_row *phrase_findings(const struct scorecard *s, size_t *count)
{
	size_t n = all_rows(s, NULL);
	struct finding_row *rows = calloc(n + 1, sizeof(*rows));

	*count = rows ? all_rows(s, rows) : 0;
	if (rows)
		qsort(rows, *count, sizeof(*rows), compare_rows);
	return rows;
}

char *phrase_mend(const struct finding_row *row, char *out, size_t out_size)
{
	const struct score_entry *e = row->entry;
	char number[32];

	snprintf(out, out_size, "%s %s %s \"%s\" on %s %s. %s",
		 row->missing ? "Add" : "Remove", e->name ? e->name : e->sid,
		 row->missing ? "to" : "from",
		 row->right->right ? row->right->right->policy : row->right->name,
		 phrase_count(e->hosts, number, sizeof(number)),
		 phrase_role(row->role, e->hosts), finding_mend(e->kind));
	return out;
}
