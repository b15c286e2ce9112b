/* SPDX-License-Identifier: Apache-2.0 */
/* Why a principal holds a right, and the remediation, as sentences for people. */
#include "report/judge/judge_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Words gathered in a buffer; what does not fit is cut. */
struct words {
	char text[JUDGE_REMEDIATION_ROOM];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void say(struct words *w, const char *format,
						      ...)
{
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(w->text + w->len, sizeof(w->text) - w->len, format, arguments);
	va_end(arguments);
	if (len > 0)
		w->len += (size_t)len;
	if (w->len >= sizeof(w->text))
		w->len = sizeof(w->text) - 1;
}

/* Why nobody is named, and what can be said all the same. */
static void say_unidentified(struct words *w, const struct finding *f)
{
	const char *there;
	uint32_t rid;

	if (!principal_is_sid(f->sid)) {
		say(w, "unresolved: a name without a SID");
		return;
	}
	say(w, "unresolved: %s",
	    f->who.kind == KIND_NOT_TOLD ? "no host was asked who this SID is"
					 : "the host knows no name for this SID");
	there = judge_name_of_rid(f->sid, &rid);
	if (there)
		say(w, "; RID %u is %s in the domain that issued it", (unsigned)rid,
		    there);
}

static void say_who(struct words *w, const struct right_judgement *r,
		    const struct principal *p)
{
	bool impersonation = r->right &&
			     strcmp(r->right->name, "SeImpersonatePrivilege") == 0;

	if (p->product)
		say(w, "%s: ", product_title(p->product));
	say(w, "%s", principal_class_sentence(p->class));
	if (impersonation && p->class == CLASS_SERVICE)
		say(w, "; redundant: services hold this right through SERVICE");
	if (p->class == CLASS_SERVICE && !p->name)
		say(w, "; only the host itself can resolve its name");
}

/* The condition of an `allow` entry that does not hold here. */
static void say_hint(struct words *w, const struct baseline_allow *hint)
{
	const struct baseline_when *when = &hint->when;

	say(w, "; allowed");
	if (when->product)
		say(w, " where %s is installed (tag the host \"%s\")",
		    product_title(when->product), product_word(when->product));
	if (when->tag)
		say(w, " with the tag \"%s\"", when->tag);
	if (when->has_min_build)
		say(w, " from build %u on", (unsigned)when->min_build);
	if (when->has_max_build)
		say(w, " up to build %u", (unsigned)when->max_build);
	if (when->roles)
		say(w, " on another role");
}

static void say_waiver(struct words *w, const struct finding *f)
{
	if (!f->waiver)
		return;
	say(w, "; %s %s: %s", f->waived ? "waived until" : "a waiver expired on",
	    f->waiver->expires, f->waiver->reason);
}

const char *judge_reason(struct bench *b, const struct right_judgement *r,
			 const struct finding *f, const struct baseline_allow *hint)
{
	struct words w = { .len = 0 };
	const char *text;

	if (f->label == LABEL_MISSING && !f->waiver)
		return f->kind == FINDING_SUSPECT ? "Windows never removes it, so the "
						    "answer cannot be complete"
		       : r->right                 ? r->right->lack
						  : NULL;
	if (f->label == LABEL_MISSING)
		say(&w, "the baseline expects it");
	else if (f->class == CLASS_UNIDENTIFIED)
		say_unidentified(&w, f);
	else
		say_who(&w, r, &f->who);
	if (hint)
		say_hint(&w, hint);
	say_waiver(&w, f);
	text = pool_text(&b->judgement->memory, w.text, w.len);
	if (!text)
		b->out_of_memory = true;
	return text;
}

/* NAME (SID), or the one of them that is there. */
static void say_principal(struct words *w, const struct finding *f)
{
	if (f->name && strcmp(f->name, f->sid) != 0)
		say(w, "%.200s (%s)", f->name, f->sid);
	else
		say(w, "%s", f->sid);
}

static void say_missing(struct words *w, const struct finding *f, const char *policy)
{
	if (f->kind == FINDING_SUSPECT) {
		say(w, "%s", finding_remediation(FINDING_SUSPECT));
		return;
	}
	say(w, "Add ");
	say_principal(w, f);
	if (f->alternatives)
		say(w, " or one of %s", f->alternatives);
	say(w, " to \"%s\".", policy);
}

/* A default goes last: who needs the right comes first. */
static void say_stock(struct words *w, const struct right_judgement *r,
		      const struct finding *f, const char *policy)
{
	const char *before = "First add ";

	for (size_t i = 0; i < r->missing_count; i++) {
		say(w, "%s", before);
		say_principal(w, &r->missing[i]);
		before = ", ";
	}
	say(w, "%s", r->missing_count ? ", then remove " : "Remove ");
	say_principal(w, f);
	say(w, "%s \"%s\": it is there by default, so set the whole list in the policy.",
	    r->missing_count ? " in" : " from", policy);
}

static void say_extra(struct words *w, const struct finding *f, const char *policy)
{
	say(w, "Remove ");
	say_principal(w, f);
	say(w, " from \"%s\"", policy);
	if (f->kind == FINDING_WAIVER_EXPIRED)
		say(w, ", or renew the waiver \"%.100s\"%s%.100s%s", f->waiver->reason,
		    f->waiver->owner ? " (owner: " : "",
		    f->waiver->owner ? f->waiver->owner : "",
		    f->waiver->owner ? ")" : "");
	else if (f->kind == FINDING_ACCOUNT || f->kind == FINDING_GROUP)
		say(w, ", or record a waiver with an expiry date");
	else if (f->kind == FINDING_SERVICE || f->kind == FINDING_APP_POOL)
		say(w, ", or allow it in your baseline where the product is installed");
	else if (f->kind == FINDING_OBSOLETE)
		say(w, ", then disable the account");
	say(w, ".");
}

char *judge_remediation(const struct right_judgement *r, const struct finding *f,
			char *out, size_t out_size)
{
	const char *policy = r->right ? r->right->policy : r->fact->name;
	struct words w = { .len = 0 };

	if (f->kind != FINDING_NONE && !f->waived) {
		if (f->label == LABEL_MISSING)
			say_missing(&w, f, policy);
		else if (f->kind == FINDING_STOCK)
			say_stock(&w, r, f, policy);
		else
			say_extra(&w, f, policy);
	}
	snprintf(out, out_size, "%s", w.text);
	return out;
}
