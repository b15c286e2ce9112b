/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge_cases.c - a right under every rule that may be the machine's.
 *
 * A file, or a host that told little, leaves open which role the machine has, whether it
 * is joined to a domain, and which build it runs.  Each combination is a case.  What all
 * cases agree on is the verdict; where they differ nobody knows, and what would decide it
 * is said.
 */
#include "report/judge/judge_internal.h"

#include <string.h>

/* What one machine may be.  `rule` is NULL where the baseline is silent. */
struct machine_case {
	enum role role;
	uint32_t build; /* where one is known */
	bool joined;
	const struct baseline_rule *rule;
};

struct tally {
	struct bench *b;
	struct right_judgement *r;
	struct facts as_role;      /* the host's, with the role of the case */
	struct machine_case first; /* the first with a complaint, else the first */
	unsigned seen[ROLE_COUNT]; /* verdicts, bits 1 << enum verdict */
	unsigned seen_joined[2], all;
	size_t cases, complaints;
	bool *always; /* by holder: wrong in every case */
	const char **always_missing;
	size_t always_missing_count;
};

static void judge_case(struct tally *t, const struct machine_case *c)
{
	struct bench *b = t->b;
	const struct facts *told = b->facts;
	bool joined = b->joined;
	uint32_t build = b->build;

	if (c->role != told->role) {
		t->as_role = *told;
		t->as_role.role = c->role;
		b->facts = &t->as_role;
	}
	b->joined = c->joined;
	b->build = c->build;
	judge_under(b, t->r, c->rule);
	b->facts = told;
	b->joined = joined;
	b->build = build;
}

/* ---- what is wrong in every case ---- */

static bool is_wrong(const struct finding *f)
{
	return (f->label == LABEL_EXTRA || f->label == LABEL_OBSOLETE) && !f->waived;
}

static bool misses(const struct right_judgement *r, const char *sid)
{
	for (size_t i = 0; i < r->missing_count; i++)
		if (!r->missing[i].waived && strcmp(r->missing[i].sid, sid) == 0)
			return true;
	return false;
}

static void first_complaint(struct tally *t)
{
	const struct right_judgement *r = t->r;

	for (size_t i = 0; i < r->holder_count; i++)
		t->always[i] = is_wrong(&r->holders[i]);
	t->always_missing = pool_take(&t->b->judgement->memory, r->missing_count,
				      sizeof(*t->always_missing));
	if (!t->always_missing) {
		t->b->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < r->missing_count; i++)
		t->always_missing[t->always_missing_count++] = r->missing[i].sid;
}

static void next_complaint(struct tally *t)
{
	const struct right_judgement *r = t->r;
	size_t kept = 0;

	for (size_t i = 0; i < r->holder_count; i++)
		t->always[i] &= is_wrong(&r->holders[i]);
	for (size_t i = 0; i < t->always_missing_count; i++)
		if (misses(r, t->always_missing[i]))
			t->always_missing[kept++] = t->always_missing[i];
	t->always_missing_count = kept;
}

static bool always_missing(const struct tally *t, const char *sid)
{
	for (size_t i = 0; i < t->always_missing_count; i++)
		if (strcmp(t->always_missing[i], sid) == 0)
			return true;
	return false;
}

/* Of the findings under one case, those that stand under all. */
static void keep_common(struct tally *t)
{
	struct right_judgement *r = t->r;
	size_t kept = 0, common = t->always_missing_count;

	for (size_t i = 0; i < r->holder_count; i++)
		common += t->always[i];
	if (common == 0)
		return; /* each case has complaints of its own */
	r->wrong = 0;
	for (size_t i = 0; i < r->holder_count; i++) {
		if (t->always[i])
			r->wrong++;
		else if (is_wrong(&r->holders[i]))
			judge_clear_label(&r->holders[i]);
	}
	for (size_t i = 0; i < r->missing_count; i++) {
		if (!always_missing(t, r->missing[i].sid))
			continue;
		r->missing[kept++] = r->missing[i];
		r->wrong += !r->missing[kept - 1].waived;
	}
	r->missing_count = kept;
}

/* ---- all cases ---- */

static void count_case(struct tally *t, const struct machine_case *c)
{
	unsigned bit;

	judge_case(t, c);
	bit = 1u << t->r->verdict;
	t->seen[c->role] |= bit;
	t->seen_joined[c->joined] |= bit;
	t->all |= bit;
	if (t->cases++ == 0)
		t->first = *c;
	if (t->r->verdict != VERDICT_VIOLATION)
		return;
	if (t->complaints++ > 0) {
		next_complaint(t);
		return;
	}
	t->first = *c;
	first_complaint(t);
}

static void try_build(struct tally *t, struct machine_case c, uint32_t build)
{
	c.build = build;
	c.rule = baseline_rule(t->b->baseline, t->r->fact->name, c.role, build);
	count_case(t, &c);
}

/* A build of the branch with which something of the rule begins. */
static void try_border(struct tally *t, struct machine_case c, uint32_t build)
{
	if (build > t->b->build && build <= t->b->last_build)
		try_build(t, c, build);
}

static void try_branch(struct tally *t, struct machine_case c,
		       const struct baseline_rule *rules)
{
	try_build(t, c, t->b->build);
	if (t->b->last_build == t->b->build)
		return;
	for (; rules; rules = rules->next) {
		try_border(t, c, rules->min_build);
		for (size_t i = 0; i < rules->allow_count; i++) {
			const struct baseline_when *when = &rules->allow[i].when;

			if (when->has_min_build)
				try_border(t, c, when->min_build);
			if (when->has_max_build)
				try_border(t, c, when->max_build + 1);
		}
	}
}

static void try_builds(struct tally *t, struct machine_case c)
{
	const struct bench *b = t->b;
	const char *right = t->r->fact->name;
	const struct baseline_rule *rules = baseline_rules(b->baseline, right, c.role);

	if (b->build_known) {
		try_branch(t, c, rules);
		return;
	}
	if (!rules || rules->min_build > 0)
		count_case(t, &c); /* what is older has no rule */
	for (c.rule = rules; c.rule; c.rule = c.rule->next)
		count_case(t, &c);
}

static void try_joined(struct tally *t, struct machine_case c)
{
	bool client = c.role == ROLE_CLIENT;

	if (t->b->joined_known) {
		c.joined = t->b->joined;
		try_builds(t, c);
		return;
	}
	c.joined = c.role == ROLE_DOMAIN_CONTROLLER || c.role == ROLE_MEMBER_SERVER;
	try_builds(t, c);
	if (client) {
		c.joined = true;
		try_builds(t, c);
	}
}

static void try_roles(struct tally *t)
{
	enum role told = t->b->facts->role;

	for (int role = 0; role < ROLE_UNKNOWN; role++)
		if (told == ROLE_UNKNOWN || told == (enum role)role)
			try_joined(t, (struct machine_case){ .role = (enum role)role });
}

/* What would decide it. */
static void undecided(struct tally *t)
{
	const struct bench *b = t->b;
	bool by_role = false;

	for (int role = 1; role < ROLE_UNKNOWN; role++)
		by_role |= t->seen[role] != t->seen[0];
	if (b->facts->role == ROLE_UNKNOWN && by_role)
		judge_verdict(t->r, VERDICT_UNKNOWN, FINDING_ROLE_UNKNOWN,
			      "the role is not known, and the rule depends on it");
	else if (!b->joined_known && t->seen_joined[0] != t->seen_joined[1])
		judge_verdict(t->r, VERDICT_UNKNOWN, FINDING_JOINED_UNKNOWN,
			      "whether it is joined to a domain is not known, and the "
			      "rule depends on it");
	else if (b->build_known)
		judge_verdict(t->r, VERDICT_UNKNOWN, FINDING_BUILD_UNKNOWN,
			      "NTLM reports the first build of a branch, and the verdict "
			      "depends on which one of the branch it is");
	else
		judge_verdict(t->r, VERDICT_UNKNOWN, FINDING_BUILD_UNKNOWN,
			      "the host did not report its build, and the verdict "
			      "depends on it");
}

static void conclude(struct tally *t)
{
	bool one = (t->all & (t->all - 1)) == 0;

	if (one) {
		judge_case(t, &t->first);
		if (t->complaints > 1)
			keep_common(t);
		return;
	}
	judge_label(t->b, t->r, NULL);
	t->r->rule = NULL;
	if (t->all & (1u << VERDICT_VIOLATION | 1u << VERDICT_UNKNOWN) ||
	    t->b->build_known || t->b->facts->role == ROLE_UNKNOWN)
		undecided(t);
	else
		judge_verdict(t->r, VERDICT_NOT_APPLICABLE, FINDING_NO_RULE,
			      "the host did not report its build, and older builds have "
			      "no rule");
}

void judge_cases(struct bench *b, struct right_judgement *r)
{
	struct tally t = { .b = b, .r = r };

	t.always = pool_take(&b->judgement->memory, r->holder_count, sizeof(*t.always));
	if (!t.always) {
		b->out_of_memory = true;
		return;
	}
	try_roles(&t);
	if (!b->out_of_memory)
		conclude(&t);
}

bool judge_has_rules(const struct bench *b, const char *right)
{
	for (int role = 0; role < ROLE_UNKNOWN; role++)
		if ((b->facts->role == ROLE_UNKNOWN ||
		     b->facts->role == (enum role)role) &&
		    baseline_rules(b->baseline, right, (enum role)role))
			return true;
	return false;
}
