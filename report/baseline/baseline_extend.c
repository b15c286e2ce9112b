/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline_extend.c - a baseline laid over the shipped one that it extends.
 */
#include "report/baseline/baseline.h"

#include <stdio.h>
#include <string.h>

#include "report/baseline/baseline_internal.h"

/* What an addition is being joined with. */
struct joint {
	struct baseline *b;
	char *why;
	size_t why_size;
};

static bool no_memory(const struct joint *j)
{
	snprintf(j->why, j->why_size, "%s: out of memory", j->b->path);
	return false;
}

static const struct baseline_right *find(const struct baseline *b,
					 const struct right *right)
{
	for (size_t i = 0; i < b->right_count; i++)
		if (b->rights[i].right == right)
			return &b->rights[i];
	return NULL;
}

/* `rule` with the entries of `more` behind its own. */
static struct baseline_rule *widened(const struct joint *j,
				     const struct baseline_rule *rule,
				     const struct baseline_rule *more)
{
	size_t count = rule->allow_count + more->allow_count;
	struct baseline_rule *copy = pool_take(&j->b->memory, 1, sizeof *copy);
	struct baseline_allow *allow = pool_take(&j->b->memory, count, sizeof *allow);

	if (!copy || !allow)
		return NULL;
	*copy = *rule;
	if (rule->allow_count)
		memcpy(allow, rule->allow, rule->allow_count * sizeof *allow);
	if (more->allow_count)
		memcpy(allow + rule->allow_count, more->allow,
		       more->allow_count * sizeof *allow);
	copy->allow = allow;
	copy->allow_count = count;
	return copy;
}

/* Every generation of `rules` widened, in place of the addition in `*slot`. */
static bool widen(const struct joint *j, struct baseline_rule **slot,
		  const struct baseline_rule *rules)
{
	const struct baseline_rule *more = *slot;

	for (; rules; rules = rules->next) {
		*slot = widened(j, rules, more);
		if (!*slot)
			return no_memory(j);
		slot = &(*slot)->next;
	}
	*slot = NULL;
	return true;
}

static bool join_role(const struct joint *j, struct baseline_right *right,
		      const struct baseline_right *under, enum role role)
{
	struct baseline_rule **slot = &right->rules[role];
	struct baseline_rule *rules = under ? under->rules[role] : NULL;

	if (*slot && !(*slot)->adds)
		return true;
	if (*slot && rules)
		return widen(j, slot, rules);
	if (!*slot) {
		*slot = rules;
		return true;
	}
	snprintf(j->why, j->why_size,
		 "%s: rights.%s.%s: found an \"allow\" alone, expected a whole rule: %s "
		 "has none to add to",
		 j->b->path, right->right->name, role_word(role), j->b->extends);
	return false;
}

static bool join_rights(const struct joint *j)
{
	for (size_t i = 0; i < j->b->right_count; i++) {
		struct baseline_right *right = &j->b->rights[i];
		const struct baseline_right *under = find(j->b->base, right->right);

		for (int role = 0; role < ROLE_UNKNOWN; role++)
			if (!join_role(j, right, under, (enum role)role))
				return false;
	}
	return true;
}

/* The rights that `b` does not name, behind its own. */
static bool inherit(const struct joint *j)
{
	struct baseline *b = j->b;
	size_t count = 0;
	struct baseline_right *all = pool_take(
		&b->memory, b->right_count + b->base->right_count, sizeof *all);

	if (!all)
		return no_memory(j);
	for (; count < b->right_count; count++)
		all[count] = b->rights[count];
	for (size_t i = 0; i < b->base->right_count; i++)
		if (!find(b, b->base->rights[i].right))
			all[count++] = b->base->rights[i];
	b->rights = all;
	b->right_count = count;
	return true;
}

bool baseline_join(struct baseline *b, char *why, size_t why_size)
{
	const struct joint j = { b, why, why_size };

	if (!b->extends)
		return true;
	b->base = baseline_load(b->extends, why, why_size);
	return b->base && join_rights(&j) && inherit(&j);
}
