/* SPDX-License-Identifier: Apache-2.0 */
/* The Group Policy of one computer as people read it: its GPOs in the order in which
 * they are applied, then each right with the GPO that sets it. */
#include <string.h>

#include "report/facts/principals.h"
#include "report/facts/rights.h"
#include "report/render/policy_write.h"
#include "report/text/escape.h"

enum { NAME_COLUMNS = 32 };

static void put_name(FILE *out, const struct policy_gpo *g)
{
	char id[POLICY_ID_MAX];

	policy_gpo_id(g, id);
	escape_terminal(out, g->gpo && g->gpo->name ? g->gpo->name
			     : id[0]                ? id
						    : "(unknown)");
}

static void put_link(FILE *out, const struct policy_gpo *g)
{
	fputs(g->enforced ? "enforced at " : "at ", out);
	escape_terminal(out, g->scope ? g->scope->dn : "a place that was not read");
}

static void put_place(FILE *out, const struct policy_gpo *g, size_t number)
{
	static const char *const words[POLICY_ANSWER_COUNT] = {
		[POLICY_NO] = "does not apply",
		[POLICY_YES] = "applies",
		[POLICY_UNCERTAIN] = "uncertain",
	};
	char id[POLICY_ID_MAX];

	policy_gpo_id(g, id);
	fprintf(out, "%5zu  %-14s  ", number, words[g->applies]);
	escape_terminal_cell(out,
			     g->gpo && g->gpo->name ? g->gpo->name
			     : id[0]                ? id
						    : "(unknown)",
			     NAME_COLUMNS);
	fputs("  ", out);
	put_link(out, g);
	if (g->reason)
		fprintf(out, "\n%*s%s: %s", 23, "", policy_reason_word(g->reason),
			policy_reason_sentence(g->reason));
	fputc('\n', out);
}

static void put_entry(FILE *out, const struct directory_entry *e)
{
	struct principal known;

	fputs("      ", out);
	escape_terminal(out, e->text);
	if (!e->sid)
		fputs("  (not resolved)", out);
	else if (principal_well_known(e->sid, &known))
		fprintf(out, "  %s", known.name);
	else if (e->text[0] != '*') {
		fputs("  ", out);
		escape_terminal(out, e->sid);
	}
	fputc('\n', out);
}

static void put_declared(FILE *out, const struct directory_declared *d)
{
	for (size_t i = 0; i < d->entry_count; i++)
		put_entry(out, &d->entries[i]);
	if (!d->entry_count)
		fputs("      nobody\n", out);
}

static void put_others(FILE *out, const struct policy *p, const struct policy_right *r)
{
	for (size_t i = 0; i < p->gpo_count; i++) {
		bool may = policy_may_win(p, r, i);

		if (!may && !policy_also_defines(p, r, i))
			continue;
		fprintf(out, "    %s ", may ? "may be set by" : "also defined by");
		put_name(out, &p->gpos[i]);
		fputs(", ", out);
		put_link(out, &p->gpos[i]);
		if (may)
			fprintf(out, " (%s)", policy_reason_word(p->gpos[i].reason));
		fputc('\n', out);
	}
}

static void put_right(FILE *out, const struct policy *p, const struct policy_right *r)
{
	const struct right *known = rights_find(r->name);

	fputs("  ", out);
	escape_terminal(out, r->name);
	if (known)
		fprintf(out, " (%s)", known->policy);
	fputs(r->state == POLICY_RIGHT_UNCERTAIN ? ": uncertain" : ":", out);
	if (r->winner != POLICY_NOBODY) {
		fputs(r->state == POLICY_RIGHT_UNCERTAIN ? ", set by " : " set by ", out);
		put_name(out, &p->gpos[r->winner]);
		fputs(", ", out);
		put_link(out, &p->gpos[r->winner]);
	}
	fputc('\n', out);
	if (r->declared)
		put_declared(out, r->declared);
	put_others(out, p, r);
}

static void put_rights(FILE *out, const struct policy *p)
{
	size_t left = 0;
	struct policy_right other;

	fputs("\nUSER RIGHTS\n", out);
	for (size_t i = 0; i < p->right_count; i++)
		put_right(out, p, &p->rights[i]);
	for (size_t i = 0; i < rights_count(); i++)
		left += policy_find_right(p, rights_at(i)->name, &other) == &other;
	if (left)
		fprintf(out, "  %zu %sright%s: %s\n", left,
			p->right_count ? "other " : "", left == 1 ? "" : "s",
			p->others == POLICY_RIGHT_UNCERTAIN
				? "uncertain, what some of these GPOs declare is not "
				  "known"
				: "not defined by any GPO that applies");
}

void policy_write_text(FILE *out, const struct policy_view *v)
{
	const struct policy *p = v->policy;

	escape_terminal(out, v->computer);
	fputs("\n  ", out);
	escape_terminal(out, v->dn);
	fputs("\n  Site: ", out);
	escape_terminal(out, v->site && *v->site ? v->site
			     : v->site           ? "none"
						 : "unknown");
	if (v->site)
		fprintf(out, " (%s)", policy_site_source_word(v->site_source));
	fputs("\n\nGROUP POLICY OBJECTS, the last that applies wins\n", out);
	for (size_t i = 0; i < p->gpo_count; i++)
		put_place(out, &p->gpos[i], i + 1);
	if (!p->gpo_count)
		fputs("  none\n", out);
	put_rights(out, p);
}

void policy_write_setter(FILE *out, const char *word, const struct policy *p,
			 const struct policy_right *r)
{
	fprintf(out, "    %s: %s", word, policy_right_state_word(r->state));
	if (r->winner != POLICY_NOBODY) {
		fputs(", set by ", out);
		put_name(out, &p->gpos[r->winner]);
		fputs(", ", out);
		put_link(out, &p->gpos[r->winner]);
	}
	fputc('\n', out);
	if (r->declared)
		put_declared(out, r->declared);
}
