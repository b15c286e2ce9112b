/* SPDX-License-Identifier: Apache-2.0 */
#include "report/judge/drift.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct comparison {
	drift_fn found;
	void *arg;
	struct drift_totals *totals;
	struct drift_change change; /* host, port and role are set */
	bool out_of_memory;         /* some holders could not be compared */
};

static void compare_hosts(struct comparison *c, const struct facts *old,
			  const struct facts *new);
static void compare_right(struct comparison *c, const struct right_fact *old,
			  const struct right_fact *new);
static void compare_holders(struct comparison *c, const struct right_fact *old,
			    const struct right_fact *new);

const char *drift_kind_word(enum drift_kind k)
{
#define X(name, word, sentence) [name] = word,
	static const char *const words[] = { DRIFT_KINDS(X) };
#undef X
	return (unsigned)k < DRIFT_KIND_COUNT ? words[k] : "invalid";
}

size_t drift_total(const struct drift_totals *totals)
{
	size_t n = 0;

	for (size_t i = 0; i < DRIFT_KIND_COUNT; i++)
		n += totals->changes[i];
	return n;
}

static void emit(struct comparison *c, enum drift_kind kind, const char *before,
		 const char *after)
{
	struct drift_change change = c->change;

	change.kind = kind;
	change.before = before;
	change.after = after;
	c->totals->changes[kind]++;
	c->found(&change, c->arg);
}

static void about(struct comparison *c, const struct facts *f)
{
	c->change = (struct drift_change){ .host = f->host,
					   .port = f->port,
					   .role = f->role };
}

/* One side of the walk: the host it stands at, read ahead by one. */
struct side {
	const struct journal_set *set;
	size_t next;
	bool has;
	struct facts facts;
};

static bool advance(struct side *s, char *why, size_t why_size)
{
	if (s->has)
		facts_free(&s->facts);
	s->has = s->next < journal_set_hosts(s->set);
	if (!s->has)
		return true;
	facts_init(&s->facts);
	return journal_set_read(s->set, s->next++, &s->facts, why, why_size);
}

static int order_of(const struct side *old, const struct side *new)
{
	int by_name;

	if (!old->has || !new->has)
		return old->has ? -1 : 1;
	by_name = strcasecmp(old->facts.host, new->facts.host);
	if (by_name)
		return by_name;
	return (old->facts.port > new->facts.port) - (old->facts.port < new->facts.port);
}

bool drift_compare(const struct journal_set *old_set, const struct journal_set *new_set,
		   drift_fn found, void *arg, struct drift_totals *totals, char *why,
		   size_t why_size)
{
	struct side old = { .set = old_set }, new = { .set = new_set };
	struct comparison c = { .found = found, .arg = arg, .totals = totals };
	bool ok;

	memset(totals, 0, sizeof(*totals));
	totals->hosts_old = journal_set_hosts(old_set);
	totals->hosts_new = journal_set_hosts(new_set);
	ok = advance(&old, why, why_size) && advance(&new, why, why_size);
	while (ok && (old.has || new.has)) {
		int order = order_of(&old, &new);

		about(&c, order < 0 ? &old.facts : &new.facts);
		if (order < 0)
			emit(&c, DRIFT_HOST_GONE, host_outcome_word(old.facts.outcome),
			     NULL);
		else if (order > 0)
			emit(&c, DRIFT_HOST_NEW, NULL,
			     host_outcome_word(new.facts.outcome));
		else
			compare_hosts(&c, &old.facts, &new.facts);
		if (c.out_of_memory)
			snprintf(why, why_size, "out of memory");
		ok = !c.out_of_memory && (order > 0 || advance(&old, why, why_size)) &&
		     (order < 0 || advance(&new, why, why_size));
	}
	if (old.has)
		facts_free(&old.facts);
	if (new.has)
		facts_free(&new.facts);
	return ok;
}

static void compare_hosts(struct comparison *c, const struct facts *old,
			  const struct facts *new)
{
	bool was = old->outcome == HOST_ANSWERED, is = new->outcome == HOST_ANSWERED;

	c->totals->hosts_compared++;
	if (new->role == ROLE_UNKNOWN)
		c->change.role = old->role;
	if (was != is) {
		emit(c, was ? DRIFT_UNREADABLE : DRIFT_READABLE,
		     host_outcome_word(old->outcome), host_outcome_word(new->outcome));
		return;
	}
	if (!was)
		return;
	/* A role that is not known any more did not change. */
	if (old->role != new->role &&
	    old->role != ROLE_UNKNOWN &&new->role != ROLE_UNKNOWN)
		emit(c, DRIFT_ROLE_CHANGED, role_word(old->role), role_word(new->role));
	for (size_t i = 0; i < new->right_count && !c->out_of_memory; i++) {
		const struct right_fact *before = facts_right(old, new->rights[i].name);

		if (before)
			compare_right(c, before, &new->rights[i]);
		else
			c->totals->rights_not_compared++;
	}
	for (size_t i = 0; i < old->right_count; i++)
		if (!facts_right(new, old->rights[i].name))
			c->totals->rights_not_compared++;
}

static bool is_known(const struct right_fact *r)
{
	return r->outcome == RIGHT_HELD || r->outcome == RIGHT_NOBODY ||
	       r->outcome == RIGHT_UNDEFINED;
}

static void compare_right(struct comparison *c, const struct right_fact *old,
			  const struct right_fact *new)
{
	c->change.right = new->name;
	if (is_known(old) && is_known(new))
		compare_holders(c, old, new);
	else if (is_known(old) != is_known(new))
		emit(c, is_known(old) ? DRIFT_UNREADABLE : DRIFT_READABLE,
		     right_outcome_word(old->outcome), right_outcome_word(new->outcome));
	c->change.right = NULL;
}

static int compare_sid(const void *left, const void *right)
{
	const struct holder *const *a = left, *const *b = right;

	return strcasecmp((*a)->sid, (*b)->sid);
}

/* Pointers to the holders in the order of SIDs, each SID once, then NULL; NULL: out of
 * memory. */
static const struct holder **sorted(const struct right_fact *r)
{
	const struct holder **list = calloc(r->holder_count + 1, sizeof(*list));
	size_t kept = 0;

	if (!list)
		return NULL;
	for (size_t i = 0; i < r->holder_count; i++)
		list[i] = &r->holders[i];
	qsort(list, r->holder_count, sizeof(*list), compare_sid);
	for (size_t i = 0; i < r->holder_count; i++)
		if (kept == 0 || compare_sid(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
	list[kept] = NULL;
	return list;
}

static void emit_holder(struct comparison *c, enum drift_kind kind,
			const struct holder *h)
{
	c->change.sid = h->sid;
	c->change.name = h->name;
	emit(c, kind, NULL, NULL);
	c->change.sid = c->change.name = NULL;
}

static void compare_holders(struct comparison *c, const struct right_fact *old,
			    const struct right_fact *new)
{
	const struct holder **before = sorted(old), **after = sorted(new);
	const struct holder **a = before, **b = after;

	c->out_of_memory = !before || !after;
	while (!c->out_of_memory && (*a || *b)) {
		int order = !*a ? 1 : !*b ? -1 : compare_sid(a, b);

		if (order < 0)
			emit_holder(c, DRIFT_LOST, *a);
		else if (order > 0)
			emit_holder(c, DRIFT_GAINED, *b);
		a += order <= 0;
		b += order >= 0;
	}
	free(before);
	free(after);
}
