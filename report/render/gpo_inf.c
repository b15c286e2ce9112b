/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpo_inf.c - the mend as a security template a role: [Privilege Rights] as the
 * baseline wants it, UTF-16LE with byte order mark, ready for secedit or the Group Policy
 * editor's "Import policy".  Written for people to review and apply; never applied here.
 *
 * Only rights that some host of the role violates.  What a template cannot say stands
 * as a comment: principals of a machine, of more than one domain, holders that are
 * allowed under a condition, waivers.
 */
#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"
#include "report/render/render.h"
#include "report/render/phrases.h"

void render_gpo_inf_begin(struct rendering *r)
{
	(void)r; /* the domain of the hosts is known at the end */
}

void render_gpo_inf_host(struct rendering *r, const struct judgement *j,
			 const struct judgement *beside)
{
	const char *sid = j->facts->domain_sid;

	(void)beside;
	if (j->facts->role != r->role || !sid || strlen(sid) >= sizeof(r->domain_sid))
		return;
	if (r->domain_sid[0] && strcmp(r->domain_sid, sid) != 0)
		r->domains_differ = true;
	snprintf(r->domain_sid, sizeof(r->domain_sid), "%s", sid);
}

/* A SID with its star, or a name; false when a template has no word for it. */
static bool member(const struct rendering *r, const struct reference *ref, char *out,
		   size_t out_size)
{
	struct facts f;
	char room[200];
	const char *sid;

	if (ref->form == REFERENCE_NAME) {
		snprintf(out, out_size, "%s", ref->text);
		return true;
	}
	if (ref->form == REFERENCE_PATTERN || ref->form == REFERENCE_MACHINE_RID ||
	    (ref->form == REFERENCE_DOMAIN_RID &&
	     (r->domains_differ || !r->domain_sid[0])))
		return false;
	facts_init(&f);
	f.domain_sid = r->domain_sid[0] ? r->domain_sid : NULL;
	sid = reference_sid(ref, &f, room, sizeof(room));
	if (sid)
		snprintf(out, out_size, "*%s", sid);
	facts_free(&f);
	return sid != NULL;
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

static void comment_members(FILE *text, const struct rendering *r, const char *right,
			    const struct reference *list, size_t count)
{
	char word[600];

	for (size_t i = 0; i < count; i++)
		if (!member(r, &list[i], word, sizeof(word)))
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

static void put_members(FILE *text, const struct rendering *r,
			const struct reference *list, size_t count, unsigned *written)
{
	char word[600];

	for (size_t i = 0; i < count; i++)
		if (member(r, &list[i], word, sizeof(word)))
			fprintf(text, "%s%s", (*written)++ ? "," : " ", word);
}

static void put_right(FILE *text, const struct rendering *r,
		      const struct score_right *right)
{
	const struct baseline_rule *rule = right->rule;
	unsigned written = 0;

	if (!rule || right->violation == 0)
		return;
	comment_allowed(text, right);
	comment_members(text, r, right->name, rule->principals, rule->principal_count);
	if (right->rules_differ)
		fprintf(text,
			"; %s: the rule differs between Windows generations; this "
			"is that of the first host judged\n",
			right->name);
	if (rule->match == MATCH_AT_LEAST)
		fprintf(text,
			"; %s: the baseline asks for at least these; a template "
			"sets exactly these\n",
			right->name);
	fprintf(text, "%s =", right->name);
	if (rule->match != MATCH_NONE) {
		put_members(text, r, rule->principals, rule->principal_count, &written);
		if (r->domain_sid[0])
			put_members(text, r, rule->domain_joined,
				    rule->domain_joined_count, &written);
		for (size_t i = 0; i < rule->any_of_count; i++)
			put_members(text, r, rule->any_of[i].members,
				    rule->any_of[i].count ? 1 : 0, &written);
	}
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

void render_gpo_inf_end(struct rendering *r)
{
	const struct score_role *role = &r->about->score->roles[r->role];
	const struct baseline *b = r->about->score->baseline;
	char *plain = NULL;
	size_t length = 0;
	FILE *text = open_memstream(&plain, &length);

	if (!text)
		return;
	fprintf(text, "; lsasweep %s: user rights of %s as the baseline wants them: ",
		LSASWEEP_VERSION, phrase_role(r->role, 2));
	escape_terminal(text, b->name);
	fputc(' ', text);
	escape_terminal(text, b->version);
	fputs("\n; For review; nothing was applied.\n"
	      "[Unicode]\nUnicode=yes\n[Version]\nsignature=\"$CHICAGO$\"\n"
	      "Revision=1\n[Privilege Rights]\n",
	      text);
	for (size_t i = 0; i < role->right_count; i++)
		put_right(text, r, &role->rights[i]);
	fclose(text);
	if (!plain)
		return;
	fwrite("\xFF\xFE", 1, 2, r->out);
	put_utf16(r->out, plain);
	free(plain);
}
