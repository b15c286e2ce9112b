/* SPDX-License-Identifier: Apache-2.0 */
/* Holders and missing holders under one rule. */
#include "report/judge/judge_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/text/glob.h"

enum { SID_TEXT = 200 };

static void label_holder(struct bench *b, struct right_judgement *r, struct finding *f,
			 const struct baseline_rule *rule);
static void find_missing(struct bench *b, struct right_judgement *r,
			 const struct baseline_rule *rule);

void judge_label(struct bench *b, struct right_judgement *r,
		 const struct baseline_rule *rule)
{
	r->wrong = 0;
	r->missing_count = 0;
	for (size_t i = 0; i < r->holder_count; i++)
		label_holder(b, r, &r->holders[i], rule);
	if (rule)
		find_missing(b, r, rule);
}

static int compare_findings(const void *a, const void *b)
{
	return strcmp(((const struct finding *)a)->sid, ((const struct finding *)b)->sid);
}

static void put_holder(struct finding *f, const struct holder *h,
		       const struct facts *facts)
{
	f->sid = h->sid;
	f->holder = h;
	judge_identify(facts, h, &f->who);
	f->name = h->name ? h->name : f->who.name;
	f->class = f->who.class;
	f->label = (enum label)LABEL_NONE;
}

void judge_holders(struct bench *b, struct right_judgement *r)
{
	const struct right_fact *fact = r->fact;
	size_t count = 0;

	r->holders = pool_take(&b->judgement->memory, fact->holder_count,
			       sizeof(*r->holders));
	if (!r->holders) {
		b->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < fact->holder_count; i++)
		put_holder(&r->holders[i], &fact->holders[i], b->facts);
	if (fact->holder_count > 1)
		qsort(r->holders, fact->holder_count, sizeof(*r->holders),
		      compare_findings);
	for (size_t i = 0; i < fact->holder_count; i++)
		if (count == 0 ||
		    strcmp(r->holders[count - 1].sid, r->holders[i].sid) != 0)
			r->holders[count++] = r->holders[i];
	r->holder_count = count;
}

/* ---- who is wanted ---- */

static bool among(const struct bench *b, const struct reference *list, size_t count,
		  const struct holder *h)
{
	for (size_t i = 0; i < count; i++)
		if (reference_means(&list[i], h, b->facts))
			return true;
	return false;
}

static bool wanted(const struct bench *b, const struct baseline_rule *rule,
		   const struct holder *h)
{
	if (among(b, rule->principals, rule->principal_count, h))
		return true;
	if (b->joined && among(b, rule->domain_joined, rule->domain_joined_count, h))
		return true;
	for (size_t i = 0; i < rule->any_of_count; i++)
		if (among(b, rule->any_of[i].members, rule->any_of[i].count, h))
			return true;
	return false;
}

static bool has_tag(const struct facts *f, const char *tag)
{
	for (size_t i = 0; i < f->tag_count; i++)
		if (f->tags[i] && strcasecmp(f->tags[i], tag) == 0)
			return true;
	return false;
}

/* A condition on a build holds only where the build is known. */
static bool holds(const struct bench *b, const struct baseline_when *when)
{
	if (when->tag && !has_tag(b->facts, when->tag))
		return false;
	if (when->roles && !(when->roles & 1u << b->facts->role))
		return false;
	if (when->has_min_build && !(b->build_known && b->build >= when->min_build))
		return false;
	if (when->has_max_build && !(b->build_known && b->build <= when->max_build))
		return false;
	return !when->product || b->products & 1u << when->product;
}

/* The entry that allows the holder; else, in `*hint`, one that would elsewhere. */
static const struct baseline_allow *allowed(const struct bench *b,
					    const struct baseline_rule *rule,
					    const struct holder *h,
					    const struct baseline_allow **hint)
{
	for (size_t i = 0; i < rule->allow_count; i++) {
		const struct baseline_allow *allow = &rule->allow[i];

		if (!reference_means(&allow->principal, h, b->facts))
			continue;
		if (holds(b, &allow->when))
			return allow;
		*hint = allow;
	}
	return NULL;
}

/* ---- who is too many ---- */

static enum finding_kind kind_of_class(enum principal_class class)
{
	static const enum finding_kind kinds[] = {
		[CLASS_BROAD] = FINDING_BROAD,
		[CLASS_SYSTEM] = FINDING_BUILTIN,
		[CLASS_ADMIN_GROUP] = FINDING_BUILTIN,
		[CLASS_BUILTIN_GROUP] = FINDING_BUILTIN,
		[CLASS_SERVICE] = FINDING_SERVICE,
		[CLASS_APP_POOL] = FINDING_APP_POOL,
		[CLASS_VIRTUAL] = FINDING_VIRTUAL,
		[CLASS_OBSOLETE] = FINDING_OBSOLETE,
		[CLASS_GROUP] = FINDING_GROUP,
		[CLASS_ACCOUNT] = FINDING_ACCOUNT,
		[CLASS_ORPHAN] = FINDING_ORPHAN,
		[CLASS_CLOUD] = FINDING_ACCOUNT,
		[CLASS_UNIDENTIFIED] = FINDING_UNIDENTIFIED,
	};

	return kinds[class];
}

static bool right_matches(const char *pattern, const char *name)
{
	return strcasecmp(pattern, "all") == 0 || glob_match(pattern, name);
}

/* The waiver for that principal; one that still counts before one that expired. */
static void find_waiver(const struct bench *b, const struct right_judgement *r,
			struct finding *f, const struct holder *h)
{
	for (size_t i = 0; i < b->baseline->waiver_count; i++) {
		const struct baseline_waiver *w = &b->baseline->waivers[i];

		if (!glob_match(w->host, b->facts->host) ||
		    !right_matches(w->right, r->fact->name) ||
		    !reference_means(&w->principal, h, b->facts))
			continue;
		f->waiver = w;
		f->waived = strncmp(b->today, w->expires, 10) <= 0;
		if (f->waived)
			return;
	}
}

/* Grades what is wrong, unless a waiver covers it. */
static void grade(const struct bench *b, struct right_judgement *r, struct finding *f)
{
	f->severity = judge_severity(b, r, f);
	if (f->waiver && !f->waived) {
		enum severity expired = finding_severity(FINDING_WAIVER_EXPIRED);

		f->kind = FINDING_WAIVER_EXPIRED;
		if (f->severity < expired)
			f->severity = expired;
	}
	if (!f->waived)
		r->wrong++;
}

static void label_extra(struct bench *b, struct right_judgement *r, struct finding *f,
			const struct baseline_allow *hint)
{
	f->label = f->class == CLASS_OBSOLETE ? LABEL_OBSOLETE : LABEL_EXTRA;
	if (r->right && r->right->denies)
		f->kind = FINDING_DENY_EXTRA;
	else if (judge_is_stock(b, r, f->holder))
		f->kind = FINDING_STOCK;
	else
		f->kind = kind_of_class(f->class);
	find_waiver(b, r, f, f->holder);
	grade(b, r, f);
	f->reason = judge_reason(b, r, f, hint);
	if (f->waived)
		f->label = LABEL_ALLOWED;
}

/* Another rule may have labelled it before. */
void judge_clear_label(struct finding *f)
{
	f->label = (enum label)LABEL_NONE;
	f->kind = FINDING_NONE;
	f->severity = SEVERITY_NONE;
	f->reason = NULL;
	f->waiver = NULL;
	f->waived = false;
}

static void label_holder(struct bench *b, struct right_judgement *r, struct finding *f,
			 const struct baseline_rule *rule)
{
	const struct baseline_allow *hint = NULL, *allow;

	judge_clear_label(f);
	if (!rule)
		return;
	if (judge_is_nobody(f->holder)) {
		f->label = LABEL_ALLOWED;
		f->reason =
			"the NULL SID: no token carries it, so nobody holds the right "
			"by it";
		return;
	}
	if (wanted(b, rule, f->holder)) {
		f->label = rule->match == MATCH_AT_MOST ? LABEL_ALLOWED : LABEL_REQUIRED;
		return;
	}
	allow = allowed(b, rule, f->holder, &hint);
	if (allow || rule->match == MATCH_AT_LEAST) {
		f->label = LABEL_ALLOWED;
		f->reason = allow ? allow->reason : NULL;
		return;
	}
	label_extra(b, r, f, hint);
}

/* ---- who is missing ---- */

static bool held(const struct bench *b, const struct right_judgement *r,
		 const struct reference *reference)
{
	for (size_t i = 0; i < r->holder_count; i++)
		if (reference_means(reference, r->holders[i].holder, b->facts))
			return true;
	return false;
}

static const char *keep(struct bench *b, const char *text)
{
	const char *copy = pool_text(&b->judgement->memory, text, strlen(text));

	if (!copy)
		b->out_of_memory = true;
	return copy ? copy : "";
}

/* The SID here; what has none keeps the baseline's text. */
static const char *missing_sid(struct bench *b, const struct reference *reference)
{
	char text[SID_TEXT];
	const char *sid = reference_sid(reference, b->facts, text, sizeof(text));

	if (!sid)
		return reference->text;
	return sid == text ? keep(b, sid) : sid;
}

/* A relative id says who is meant also where the domain is not known. */
static void identify_reference(const struct reference *reference, const struct holder *h,
			       struct principal *p)
{
	char sid[40];
	struct holder relative = { sid, NULL, KIND_NOT_TOLD };

	snprintf(sid, sizeof(sid), "S-1-5-21-0-0-0-%u", (unsigned)reference->rid);
	principal_identify(reference->rid ? &relative : h, p);
}

static void put_missing(struct bench *b, struct right_judgement *r,
			const struct reference *reference, const char *alternatives)
{
	struct finding *f = &r->missing[r->missing_count++];
	struct holder h = { missing_sid(b, reference), NULL, KIND_NOT_TOLD };
	struct principal p;

	identify_reference(reference, &h, &p);
	if (reference->form == REFERENCE_NAME)
		h.name = reference->text;
	*f = (struct finding){ .sid = h.sid,
			       .name = h.name ? h.name : p.name,
			       .label = LABEL_MISSING,
			       .kind = judge_is_floor(r->right, h.sid) &&
						       !facts_is_policy(b->facts)
					       ? FINDING_SUSPECT
					       : FINDING_MISSING,
			       .class = p.class,
			       .who = p,
			       .alternatives = alternatives };
	find_waiver(b, r, f, &h);
	grade(b, r, f);
	f->reason = judge_reason(b, r, f, NULL);
}

static void find_missing_of(struct bench *b, struct right_judgement *r,
			    const struct reference *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!held(b, r, &list[i]))
			put_missing(b, r, &list[i], NULL);
}

static void find_missing_group(struct bench *b, struct right_judgement *r,
			       const struct baseline_group *group)
{
	char others[1000] = "";
	size_t len = 0;

	for (size_t i = 0; i < group->count; i++)
		if (held(b, r, &group->members[i]))
			return;
	for (size_t i = 1; i < group->count && len < sizeof(others); i++)
		len += (size_t)snprintf(others + len, sizeof(others) - len, "%s%s",
					len ? " " : "",
					missing_sid(b, &group->members[i]));
	put_missing(b, r, &group->members[0], keep(b, others));
}

static void find_missing(struct bench *b, struct right_judgement *r,
			 const struct baseline_rule *rule)
{
	size_t most = rule->principal_count + rule->domain_joined_count +
		      rule->any_of_count;

	if (rule->match != MATCH_EXACTLY && rule->match != MATCH_AT_LEAST)
		return;
	r->missing = pool_take(&b->judgement->memory, most, sizeof(*r->missing));
	if (!r->missing) {
		b->out_of_memory = true;
		return;
	}
	find_missing_of(b, r, rule->principals, rule->principal_count);
	if (b->joined)
		find_missing_of(b, r, rule->domain_joined, rule->domain_joined_count);
	for (size_t i = 0; i < rule->any_of_count; i++)
		find_missing_group(b, r, &rule->any_of[i]);
	if (r->missing_count > 1)
		qsort(r->missing, r->missing_count, sizeof(*r->missing),
		      compare_findings);
}
