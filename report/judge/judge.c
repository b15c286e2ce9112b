/* SPDX-License-Identifier: Apache-2.0 */
#include "report/judge/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/directory_fact.h"
#include "report/facts/windows_build.h"
#include "report/judge/judge_internal.h"

static void notice_products(struct bench *b);
static void judge_right(struct bench *b, struct right_judgement *r);
static void conclude(struct bench *b);

void judgement_init(struct judgement *j)
{
	*j = (struct judgement){ 0 };
}

void judgement_free(struct judgement *j)
{
	pool_free(&j->memory);
	judgement_init(j);
}

bool judgement_is_suspect(const struct judgement *j)
{
	for (size_t i = 0; i < j->right_count; i++)
		if (j->rights[i].collection_suspect)
			return true;
	return false;
}

bool judge_host(struct judgement *j, const struct facts *f, const struct baseline *b,
		const char *today)
{
	struct pool memory = j->memory;
	struct bench bench = {
		.judgement = j, .facts = f, .baseline = b, .today = today
	};

	pool_clear(&memory);
	*j = (struct judgement){ .facts = f, .baseline = b, .memory = memory };
	j->rights = pool_take(&j->memory, f->right_count, sizeof(*j->rights));
	if (!j->rights)
		return false;
	bench.joined_known = facts_joined(f, &bench.joined);
	bench.build_known = facts_build(f, &bench.build);
	bench.last_build = windows_build_is_base(f) ? windows_branch_end(bench.build)
						    : bench.build;
	for (size_t i = 0; i < f->right_count && !bench.out_of_memory; i++) {
		j->rights[i].fact = &f->rights[i];
		judge_holders(&bench, &j->rights[i]);
		j->right_count++;
	}
	notice_products(&bench);
	for (size_t i = 0; i < j->right_count && !bench.out_of_memory; i++)
		judge_right(&bench, &j->rights[i]);
	conclude(&bench);
	return !bench.out_of_memory;
}

static void notice_trace(struct bench *b, const struct principal *p)
{
	if (p->class == CLASS_SERVICE || p->class == CLASS_APP_POOL ||
	    p->class == CLASS_VIRTUAL)
		b->products |= 1u << p->product;
	if (p->class == CLASS_APP_POOL)
		b->products |= 1u << PRODUCT_IIS;
}

/* A product is there when a tag says so, or when an identity that only its setup makes
 * holds a right.  Built-in groups such as IIS_IUSRS exist everywhere and prove nothing.
 */
static void notice_products(struct bench *b)
{
	const struct facts *f = b->facts;
	const struct judgement *j = b->judgement;
	enum product product;

	for (size_t i = 0; i < f->tag_count; i++)
		if (f->tags[i] && product_from_word(f->tags[i], &product))
			b->products |= 1u << product;
	for (size_t i = 0; i < j->right_count; i++)
		for (size_t k = 0; k < j->rights[i].holder_count; k++)
			notice_trace(b, &j->rights[i].holders[k].who);
}

void judge_verdict(struct right_judgement *r, enum verdict v, enum finding_kind kind,
		   const char *reason)
{
	r->verdict = v;
	r->kind = kind;
	r->reason = reason;
}

/* What the rule makes of a list that is known. */
static void judge_list(struct bench *b, struct right_judgement *r,
		       const struct baseline_rule *rule)
{
	r->rule = rule;
	judge_label(b, r, rule);
	if (!rule)
		judge_verdict(
			r, VERDICT_NOT_APPLICABLE, FINDING_NO_RULE,
			"the baseline has no rule for this right on this role and build");
	else if (r->wrong > 0)
		judge_verdict(r, VERDICT_VIOLATION,
			      r->collection_suspect ? FINDING_SUSPECT : FINDING_NONE,
			      NULL);
	else if (r->collection_suspect)
		judge_verdict(
			r, VERDICT_UNKNOWN, FINDING_SUSPECT,
			"the host does not list holders that Windows never removes");
	else
		judge_verdict(r, VERDICT_COMPLIANT, FINDING_NONE, NULL);
}

/* A right that this Windows does not have cannot be held by anybody; but which it has is
 * known by its build. */
static void judge_undefined(const struct bench *b, struct right_judgement *r)
{
	bool nobody_is_fine = r->rule->match == MATCH_NONE ||
			      r->rule->match == MATCH_AT_MOST;

	if (r->collection_suspect)
		judge_verdict(r, VERDICT_UNKNOWN, FINDING_SUSPECT,
			      "the host reported that it does not know a right that "
			      "every Windows "
			      "of its build knows");
	else if (r->right && !b->build_known)
		judge_verdict(
			r, VERDICT_UNKNOWN, FINDING_BUILD_UNKNOWN,
			"the host reported that it does not know the right, and did not "
			"report its build");
	else
		judge_verdict(
			r, nobody_is_fine ? VERDICT_COMPLIANT : VERDICT_NOT_APPLICABLE,
			nobody_is_fine ? FINDING_NONE : FINDING_NO_RULE,
			"this Windows does not know the right, so nobody can hold it");
}

void judge_under(struct bench *b, struct right_judgement *r,
		 const struct baseline_rule *rule)
{
	r->rule = rule;
	if (r->fact->outcome == RIGHT_UNDEFINED && rule)
		judge_undefined(b, r);
	else
		judge_list(b, r, rule);
}

static void judge_right(struct bench *b, struct right_judgement *r)
{
	const struct right_fact *fact = r->fact;

	r->right = rights_find(fact->name);
	r->state = judge_state(b, r);
	r->collection_suspect = !facts_is_policy(b->facts) &&
				(judge_floor_missing(r) || judge_is_impossible(b, r));
	if (!judge_has_rules(b, fact->name))
		judge_verdict(r, VERDICT_NOT_APPLICABLE, FINDING_NO_RULE,
			      "the baseline has no rule for this right on this role");
	else if (fact->outcome == RIGHT_DENIED)
		judge_verdict(r, VERDICT_UNKNOWN, FINDING_DENIED, fact->error.text);
	else if (fact->outcome == RIGHT_FAILED)
		judge_verdict(r, VERDICT_UNKNOWN, FINDING_FAILED, fact->error.text);
	else
		judge_cases(b, r);
}

static void worst_finding(struct judgement *j, const struct finding *f, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!f[i].waived && f[i].severity > j->severity)
			j->severity = f[i].severity;
}

/* The first right with that verdict says why. */
static bool conclude_from_rights(struct judgement *j, enum verdict v)
{
	for (size_t i = 0; i < j->right_count; i++) {
		if (j->rights[i].verdict != v)
			continue;
		j->verdict = v;
		j->kind = j->rights[i].kind;
		j->reason = j->rights[i].reason;
		return true;
	}
	return false;
}

static void conclude_unanswered(struct judgement *j)
{
	const struct facts *f = j->facts;

	j->verdict = VERDICT_UNKNOWN;
	j->kind = FINDING_UNANSWERED;
	j->reason = f->error.text ? f->error.text : host_outcome_sentence(f->outcome);
}

static const char *other_host_words(struct bench *b)
{
	const struct facts *f = b->facts;
	char text[900];
	const char *kept;

	snprintf(
		text, sizeof(text),
		"asked as \"%.300s\", the host calls itself \"%.300s\": an alias, or the "
		"connection was redirected; only Kerberos proves which host answers",
		f->host, f->dns_name ? f->dns_name : f->netbios_name);
	kept = pool_text(&b->judgement->memory, text, strlen(text));
	b->out_of_memory |= !kept;
	return kept;
}

static const char *identity_words(struct bench *b, bool other)
{
	if (other)
		return other_host_words(b);
	if (b->facts->name_shared)
		return "another host of the sweep reported the same name";
	return b->facts->machine_sid_shared
		       ? "another host of the sweep reported the same machine SID"
		       : NULL;
}

/* What may be another host's facts is nobody's compliance. */
static void conclude_identity(struct bench *b)
{
	struct judgement *j = b->judgement;
	bool other = judge_is_other_host(b->facts);

	j->identity_conflict = identity_words(b, other);
	if (other && j->verdict == VERDICT_COMPLIANT)
		j->verdict = VERDICT_UNKNOWN;
	else if (!j->identity_conflict || j->kind != FINDING_NONE)
		return;
	j->kind = FINDING_IDENTITY;
	j->reason = j->identity_conflict;
}

static void conclude(struct bench *b)
{
	struct judgement *j = b->judgement;
	char text[400];

	for (size_t i = 0; i < j->right_count; i++) {
		const struct right_judgement *r = &j->rights[i];

		j->wrong += r->wrong;
		worst_finding(j, r->holders, r->holder_count);
		worst_finding(j, r->missing, r->missing_count);
	}
	if (conclude_from_rights(j, VERDICT_VIOLATION))
		; /* what is wrong is wrong, whatever else is not known */
	else if (b->facts->outcome != HOST_ANSWERED)
		conclude_unanswered(j);
	else if (!conclude_from_rights(j, VERDICT_UNKNOWN) &&
		 !conclude_from_rights(j, VERDICT_COMPLIANT)) {
		j->verdict = VERDICT_UNKNOWN;
		j->kind = FINDING_NO_RULE;
		j->reason = "no right that was asked for has a rule in the baseline";
	}
	conclude_identity(b);
	if (b->facts->conflict && j->kind == FINDING_NONE) {
		j->kind = FINDING_ROLE_CONFLICT;
		j->reason = b->facts->conflict;
	}
	if (directory_fact_conflict(b->facts, text, sizeof(text))) {
		j->directory_conflict = pool_text(&j->memory, text, strlen(text));
		if (j->kind == FINDING_NONE && j->directory_conflict) {
			j->kind = FINDING_DIRECTORY_CONFLICT;
			j->reason = j->directory_conflict;
		}
	}
}
