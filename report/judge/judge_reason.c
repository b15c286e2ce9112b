/* SPDX-License-Identifier: Apache-2.0 */
/* Why somebody is there and what would cure it, in words. */
#include "report/judge/judge_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Words gathered in a buffer; what does not fit is cut. */
struct words {
	char text[600];
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

static void say_who(struct words *w, const struct right_judgement *r,
		    const struct principal *p)
{
	bool impersonation = r->right &&
			     strcmp(r->right->name, "SeImpersonatePrivilege") == 0;

	if (p->product)
		say(w, "%s: ", product_title(p->product));
	say(w, "%s", principal_class_sentence(p->class));
	if (impersonation && p->class == CLASS_SERVICE)
		say(w, "; redundant, services have this through SERVICE");
	if (p->class == CLASS_SERVICE && !p->name)
		say(w, "; only the host itself can name it");
}

/* What an `allow` entry wants that is not so here. */
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
	say(w, "; %s %s: %s", f->waived ? "waived until" : "a waiver ran out on",
	    f->waiver->expires, f->waiver->reason);
}

const char *judge_reason(struct bench *b, const struct right_judgement *r,
			 const struct finding *f, const struct baseline_allow *hint)
{
	struct words w = { .len = 0 };
	const char *text;

	if (f->label == LABEL_MISSING && !f->waiver)
		return f->kind == FINDING_SUSPECT ? "Windows never lets it go, so the "
						    "answer cannot be whole"
		       : r->right                 ? r->right->lack
						  : NULL;
	if (f->label == LABEL_MISSING)
		say(&w, "the baseline wants it");
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
		say(w, "%s", finding_mend(FINDING_SUSPECT));
		return;
	}
	say(w, "Add ");
	say_principal(w, f);
	if (f->alternatives)
		say(w, " or one of %s", f->alternatives);
	say(w, " to \"%s\".", policy);
}

static void say_extra(struct words *w, const struct finding *f, const char *policy)
{
	say(w, "Remove ");
	say_principal(w, f);
	say(w, " from \"%s\"", policy);
	if (f->kind == FINDING_WAIVER_EXPIRED)
		say(w, ", or have the waiver \"%.100s\" renewed%s%.100s",
		    f->waiver->reason, f->waiver->owner ? " by " : "",
		    f->waiver->owner ? f->waiver->owner : "");
	else if (f->kind == FINDING_ACCOUNT || f->kind == FINDING_GROUP)
		say(w, ", or record a waiver with an expiry");
	else if (f->kind == FINDING_SERVICE || f->kind == FINDING_APP_POOL)
		say(w, ", or allow it in your baseline where the product is installed");
	else if (f->kind == FINDING_OBSOLETE)
		say(w, ", then disable the account");
	say(w, ".");
}

char *judge_mend(const struct right_judgement *r, const struct finding *f, char *out,
		 size_t out_size)
{
	const char *policy = r->right ? r->right->policy : r->fact->name;
	struct words w = { .len = 0 };

	if (f->kind != FINDING_NONE && !f->waived) {
		if (f->label == LABEL_MISSING)
			say_missing(&w, f, policy);
		else
			say_extra(&w, f, policy);
	}
	snprintf(out, out_size, "%s", w.text);
	return out;
}
