/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpo_inf.c - the remediation as a security template a role: [Privilege Rights] as the
 * baseline expects it, UTF-16LE with byte order mark, ready for secedit or the Group
 * Policy editor's "Import policy".  Written for people to review and apply; never applied
 * here.
 *
 * Only rights that some host of the role violates.  What a template cannot say stands as
 * a comment: principals of a machine or of more than one domain, holders that are allowed
 * under a condition, waivers.  From a host comes nothing but its domain's SID, and that
 * only where it is one.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/files/memory_stream.h"
#include "report/render/phrases.h"
#include "report/render/render.h"
#include "report/text/escape.h"

struct gpo_inf {
	char domain_sid[80]; /* of the hosts of the role; "": none reported one */
	bool domains_differ;
	bool below_root; /* some host's domain is not known to be the forest's root */
};

/* Groups of the forest's root domain are below this host's domain SID, too. */
static bool is_in_root(const struct facts *f)
{
	return f->forest && f->dns_domain && strcasecmp(f->forest, f->dns_domain) == 0;
}

static void gpo_inf_host(struct rendering *r, const struct judgement *j,
			 const struct judgement *compared)
{
	struct gpo_inf *template = r->state;
	const char *sid = j->facts->domain_sid;

	(void)compared;
	if (j->facts->role != r->role || !sid || !principal_is_issuer(sid) ||
	    strlen(sid) >= sizeof(template->domain_sid))
		return;
	if (!template->domain_sid[0])
		memcpy(template->domain_sid, sid, strlen(sid) + 1);
	else if (strcmp(template->domain_sid, sid) != 0)
		template->domains_differ = true;
	template->below_root |= !is_in_root(j->facts);
}

/* A name may stand in a list where its grammar holds it. */
static bool is_template_name(const char *name)
{
	uint32_t c;

	for (const char *p = name; *p;) {
		p = escape_next(p, &c);
		if (escape_unsafe(c) || (c < 0x80 && strchr(",;=[]\"*%", (int)c)))
			return false;
	}
	return *name != '\0' && *name != ' ';
}

enum { MEMBER_ROOM = 600 };

/* A SID with its star, or a name, into `out`; false when a template has no word for it.
 */
static bool member(const struct gpo_inf *t, const struct reference *ref,
		   char out[MEMBER_ROOM])
{
	switch (ref->form) {
	case REFERENCE_NAME:
		return is_template_name(ref->text) &&
		       snprintf(out, MEMBER_ROOM, "%s", ref->text) < MEMBER_ROOM;
	case REFERENCE_SID:
		snprintf(out, MEMBER_ROOM, "*%s", ref->sid);
		return true;
	case REFERENCE_DOMAIN_RID:
		if (t->domains_differ || !t->domain_sid[0] ||
		    (t->below_root && reference_is_of_forest(ref)))
			return false;
		snprintf(out, MEMBER_ROOM, "*%s-%u", t->domain_sid, (unsigned)ref->rid);
		return true;
	default:
		return false; /* a pattern, or another SID on each machine */
	}
}

/* A comment is one line, whatever is in the words. */
static void comment(FILE *text, const char *right, const char *who, const char *what,
		    const char *reason)
{
	fprintf(text, "; %s: ", right);
	escape_terminal(text, who);
	fprintf(text, " %s%s", what, reason ? ": " : "");
	escape_terminal(text, reason);
	fputc('\n', text);
}

static void comment_members(FILE *text, const struct gpo_inf *t, const char *right,
			    const struct reference *list, size_t count)
{
	char word[MEMBER_ROOM];

	for (size_t i = 0; i < count; i++)
		if (!member(t, &list[i], word))
			comment(text, right, list[i].text,
				"has no SID common to these hosts; add it by hand", NULL);
}

static void comment_allowed(FILE *text, const struct score_right *right)
{
	const struct baseline_rule *rule = right->rule;

	for (size_t i = 0; i < rule->allow_count; i++)
		comment(text, right->name, rule->allow[i].principal.text,
			"is allowed under a condition and not in the list; keep it "
			"where that holds",
			rule->allow[i].reason);
	for (size_t i = 0; i < right->extra.count; i++)
		if (right->extra.entries[i].waived)
			comment(text, right->name, right->extra.entries[i].sid,
				"holds it under a waiver on some hosts and loses it by "
				"this",
				right->extra.entries[i].name);
}

/* What is written is counted in `written`; without `text` nothing is. */
static void put_members(FILE *text, const struct gpo_inf *t, const struct reference *list,
			size_t count, unsigned *written)
{
	char word[MEMBER_ROOM];

	for (size_t i = 0; i < count; i++) {
		if (!member(t, &list[i], word))
			continue;
		if (text)
			fprintf(text, "%s%s", *written ? "," : " ", word);
		(*written)++;
	}
}

/* Returns how many there are. */
static unsigned put_list(FILE *text, const struct gpo_inf *t,
			 const struct baseline_rule *rule)
{
	unsigned written = 0;

	if (rule->match == MATCH_NONE)
		return 0;
	put_members(text, t, rule->principals, rule->principal_count, &written);
	put_members(text, t, rule->domain_joined, rule->domain_joined_count, &written);
	for (size_t i = 0; i < rule->any_of_count; i++)
		put_members(text, t, rule->any_of[i].members,
			    rule->any_of[i].count ? 1 : 0, &written);
	return written;
}

static bool wants_somebody(const struct baseline_rule *rule)
{
	return rule->match != MATCH_NONE &&
	       rule->principal_count + rule->domain_joined_count + rule->any_of_count > 0;
}

static void comment_rule(FILE *text, const struct gpo_inf *t,
			 const struct score_right *right)
{
	const struct baseline_rule *rule = right->rule;

	comment_allowed(text, right);
	comment_members(text, t, right->name, rule->principals, rule->principal_count);
	comment_members(text, t, right->name, rule->domain_joined,
			rule->domain_joined_count);
	for (size_t i = 0; i < rule->any_of_count; i++)
		comment_members(text, t, right->name, rule->any_of[i].members,
				rule->any_of[i].count ? 1 : 0);
	if (right->rules_differ)
		fprintf(text,
			"; %s: the rule differs between Windows builds; this is that of "
			"the first host assessed\n",
			right->name);
	if (rule->match == MATCH_AT_LEAST)
		fprintf(text,
			"; %s: the baseline asks for at least these; a template sets "
			"exactly these\n",
			right->name);
}

/* A right with a rule is one of the catalogue's, so its name is not a host's. */
static void put_right(FILE *text, const struct gpo_inf *t,
		      const struct score_right *right)
{
	if (!right->rule || !right->right || right->violation == 0)
		return;
	comment_rule(text, t, right);
	if (wants_somebody(right->rule) && put_list(NULL, t, right->rule) == 0) {
		/* An empty list would take the right from everybody. */
		fprintf(text, "; %s: not set here: add its line by hand\n", right->name);
		return;
	}
	fprintf(text, "%s =", right->name);
	put_list(text, t, right->rule);
	fputc('\n', text);
}

/* A baseline's texts are its author's; here only line breaks could do harm. */
static void put_utf16(FILE *out, const char *text)
{
	for (const char *p = text; *p;) {
		uint32_t c;

		p = escape_next(p, &c);
		if (c == '\n')
			fwrite("\r\0", 1, 2, out);
		if (c > 0xFFFF) {
			uint32_t high = 0xD800 + ((c - 0x10000) >> 10);

			fputc((int)(high & 0xFF), out);
			fputc((int)(high >> 8), out);
			c = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		fputc((int)(c & 0xFF), out);
		fputc((int)(c >> 8), out);
	}
}

static void put_template(FILE *text, const struct rendering *r)
{
	const struct score_role *role = &r->about->score->roles[r->role];
	const struct baseline *b = r->about->score->baseline;

	fprintf(text, "; lsasweep %s: user rights of %s as the baseline expects them: ",
		LSASWEEP_VERSION, phrase_role(r->role, 2));
	escape_terminal(text, b->name);
	fputc(' ', text);
	escape_terminal(text, b->version);
	fputs("\n; For review; nothing was applied.\n"
	      "[Unicode]\nUnicode=yes\n[Version]\nsignature=\"$CHICAGO$\"\n"
	      "Revision=1\n[Privilege Rights]\n",
	      text);
	for (size_t i = 0; i < role->right_count; i++)
		put_right(text, r->state, &role->rights[i]);
}

static void gpo_inf_end(struct rendering *r)
{
	struct memory_stream text;
	char *plain = NULL;

	if (memory_stream_open(&text)) {
		put_template(text.out, r);
		plain = memory_stream_close(&text);
	}
	if (!plain) {
		r->fault = RENDERING_NO_MEMORY;
	} else {
		fwrite("\xFF\xFE", 1, 2, r->out);
		put_utf16(r->out, plain);
	}
	free(plain);
}

const struct renderer renderer_gpo_inf = {
	.name = "gpo-inf",
	.suffix = "inf",
	.about = "the remediation as security templates, one a role",
	.mode = 0600,
	.per_role = true,
	.state_size = sizeof(struct gpo_inf),
	.host = gpo_inf_host,
	.end = gpo_inf_end,
};
