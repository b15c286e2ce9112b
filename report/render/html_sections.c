/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_sections.c - the parts of the page that need no script: coverage, roles,
 * findings, principals, matrix.
 */
#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"
#include "report/render/html_internal.h"
#include "report/render/phrases.h"
#include "report/render/ranking.h"

#define FINDINGS_MAX    100
#define PRINCIPALS_MAX  25
#define CARD_RIGHTS_MAX 8

static void number(FILE *out, size_t n)
{
	char text[32];

	fputs(phrase_count(n, text, sizeof(text)), out);
}

static void share(FILE *out, size_t part, size_t whole, const char *what)
{
	char text[100];

	fputs(phrase_share(part, whole, what, text, sizeof(text)), out);
}

/* A piece of a bar, in thousandths of its length; never too small to be seen. */
static unsigned piece(FILE *out, const char *class, size_t part, size_t whole,
		      unsigned from)
{
	unsigned width = whole ? (unsigned)(part * 1000 / whole) : 0;

	if (part && width < 4)
		width = 4;
	if (from + width > 1000)
		width = 1000 - from;
	if (width)
		fprintf(out,
			"<rect class=\"%s\" x=\"%u.%u%%\" width=\"%u.%u%%\" "
			"height=\"100%%\"/>",
			class, from / 10, from % 10, width / 10, width % 10);
	return from + width;
}

static void bar(FILE *out, const char *class, const struct score_counts *c)
{
	unsigned at;

	fprintf(out, "<svg class=\"%s\" role=\"img\" aria-label=\"%zu compliant, ", class,
		c->compliant);
	fprintf(out, "%zu in violation, %zu unknown\">", c->violation, c->unknown);
	at = piece(out, "compliant", c->compliant, c->hosts, 0);
	at = piece(out, "violation", c->violation, c->hosts, at);
	piece(out, "unknown", c->unknown, c->hosts, at);
	fputs("</svg>", out);
}

static void tally(FILE *out, const char *class, const char *title, size_t part,
		  size_t whole, const char *of)
{
	fprintf(out, "<div class=\"%s\"><dt>%s</dt><dd>", class, title);
	number(out, part);
	fputs(" <small>of ", out);
	number(out, whole);
	fprintf(out, " %s</small></dd></div>", of);
}

static void why_row(FILE *out, size_t n, const char *word, const char *sentence)
{
	fputs("<tr><td class=\"number\">", out);
	number(out, n);
	fputs("</td><td>", out);
	escape_html(out, word);
	fputs("<br><span class=\"soft\">", out);
	escape_html(out, sentence);
	fputs("</span></td></tr>\n", out);
}

static void put_why_not(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	size_t denied = 0, failed = 0;

	if (s->total.unknown == 0)
		return;
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		for (size_t k = 0; k < s->roles[i].right_count; k++) {
			denied += s->roles[i].rights[k].answered[RIGHT_DENIED];
			failed += s->roles[i].rights[k].answered[RIGHT_FAILED];
		}
	fputs("<div><h3>Why hosts were not assessed</h3><table class=\"plain\"><thead>"
	      "<tr class=\"visually-hidden\"><th scope=\"col\">Count</th>"
	      "<th scope=\"col\">Reason</th></tr></thead><tbody>",
	      r->out);
	for (unsigned i = 0; i < HOST_OUTCOME_COUNT; i++)
		if (s->outcomes[i] && i != HOST_ANSWERED)
			why_row(r->out, s->outcomes[i],
				host_outcome_word((enum host_outcome)i),
				host_outcome_sentence((enum host_outcome)i));
	if (denied)
		why_row(r->out, denied, "rights denied",
			"access denied: the account is not an administrator of the host, "
			"or remote UAC filters it (a local account other than RID 500)");
	if (failed)
		why_row(r->out, failed, "rights failed",
			"the host answered, but reading a right failed");
	fputs("</tbody></table></div>", r->out);
}

void html_coverage(struct rendering *r)
{
	const struct score_counts *t = &r->about->score->total;
	FILE *out = r->out;

	fputs("<div class=\"coverage\"><div><p class=\"statement\"><strong>", out);
	share(out, t->assessed, t->hosts, "hosts");
	fputs("</strong> were assessed. ", out);
	if (t->assessed && t->violation == 0)
		fputs("All of these are compliant.", out);
	else if (t->violation) {
		fputs("<strong>", out);
		number(out, t->violation);
		fprintf(out, "</strong> of these %s the baseline.",
			t->violation == 1 ? "violates" : "violate");
	}
	fputs("</p>\n", out);
	bar(out, "bar tall", t);
	fputs("<dl class=\"tally\">", out);
	tally(out, "compliant", "Compliant", t->compliant, t->assessed, "assessed");
	tally(out, "violation", "In violation", t->violation, t->assessed, "assessed");
	tally(out, "unknown", "Unknown", t->unknown, t->hosts, "hosts");
	fputs("</dl>", out);
	for (unsigned i = 0; i < PHRASE_NOTICES; i++) {
		char text[PHRASE_ROOM];

		if (!phrase_notice(r->about, (enum phrase_notice)i, text, sizeof(text)))
			continue;
		fputs("<p class=\"notice\">", out);
		escape_html(out, text);
		fputs("</p>", out);
	}
	fputs("</div>", out);
	put_why_not(r);
	fputs("</div>", out);
	html_directory(r);
}

static void card_right(FILE *out, const struct score_right *right)
{
	size_t assessed = right->compliant + right->violation;

	fputs("<li><span>", out);
	escape_html(out, right->right ? right->right->policy : right->name);
	fputs("</span><span class=\"number\">", out);
	number(out, right->compliant);
	fputs(" of ", out);
	number(out, assessed);
	fputs(" compliant</span></li>", out);
}

/* In which order a card lists its rights; RANK_NONE: it has no rule, or nobody of the
 * role was asked for it. */
enum card_rank { RANK_FIRST, RANK_VIOLATED, RANK_KEPT, RANK_NONE };

static enum card_rank rank_of(const struct score_right *right)
{
	if (right->compliant + right->violation + right->unknown == 0)
		return RANK_NONE;
	if (strcmp(right->name, "SeImpersonatePrivilege") == 0)
		return RANK_FIRST;
	return right->violation ? RANK_VIOLATED : RANK_KEPT;
}

static void card_rights(FILE *out, const struct score_role *role)
{
	size_t shown = 0, none = 0;

	if (role->right_count == 0)
		return;
	fputs("<ul>", out);
	for (int rank = RANK_FIRST; rank < RANK_NONE; rank++)
		for (size_t k = 0; k < role->right_count; k++)
			if (rank_of(&role->rights[k]) == (enum card_rank)rank &&
			    shown++ < CARD_RIGHTS_MAX)
				card_right(out, &role->rights[k]);
	none = role->right_count - shown;
	if (shown > CARD_RIGHTS_MAX)
		fprintf(out, "<li class=\"soft\">and %zu more rights</li>",
			shown - CARD_RIGHTS_MAX);
	if (none)
		fprintf(out, "<li class=\"soft\">%zu right%s without a rule</li>", none,
			none == 1 ? "" : "s");
	fputs("</ul>", out);
}

void html_cards(struct rendering *r)
{
	FILE *out = r->out;

	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		const struct score_role *role = &r->about->score->roles[i];
		const struct score_counts *c = &role->counts;

		fprintf(out,
			"<article class=\"card%s\"><header><h3>%s</h3>"
			"<span class=\"soft\">",
			c->hosts ? "" : " empty", phrase_role((enum role)i, 2));
		number(out, c->hosts);
		fprintf(out, " host%s</span></header>", c->hosts == 1 ? "" : "s");
		if (c->hosts) {
			bar(out, "bar", c);
			fputs("<div class=\"soft\">", out);
			share(out, c->compliant, c->assessed, "");
			fputs(" compliant, ", out);
			number(out, c->unknown);
			fputs(" unknown</div>", out);
		}
		card_rights(out, role);
		fputs("</article>\n", out);
	}
}

static void who(FILE *out, const char *name, const char *sid)
{
	fputs("<span class=\"name\">", out);
	escape_html(out, name ? name : "(no name)");
	fputs("</span>", out);
	if (name && strcmp(name, sid) == 0)
		return;
	fputs("<span class=\"name sid\">", out);
	escape_html(out, sid);
	fputs("</span>", out);
}

static void finding(FILE *out, const struct finding_row *row)
{
	const struct score_entry *e = row->entry;
	const char *severity = e->hosts ? severity_word(e->severity) : "waived";

	fprintf(out, "<tr><td><span class=\"severity %s\">%s</span></td><td>", severity,
		severity);
	who(out, e->name, e->sid);
	fprintf(out, "</td><td>%s ", row->missing ? "lacks" : "holds");
	escape_html(out, row->right->name);
	fputs("<br><span class=\"soft\">", out);
	escape_html(out, e->reason ? e->reason : finding_title(e->kind));
	fputs("</span></td><td class=\"number\">", out);
	number(out, e->hosts ? e->hosts : e->waived);
	fprintf(out, "<br><span class=\"soft\">%s</span></td><td>",
		phrase_role(row->role, e->hosts ? e->hosts : e->waived));
	escape_html(out, finding_remediation(e->kind));
	fputs("</td></tr>\n", out);
}

void html_findings(struct rendering *r)
{
	size_t count;
	struct finding_row *rows = ranking_findings(r->about->score, &count);

	if (!rows) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	if (count == 0) {
		fputs("<p>Nothing was found that differs from the baseline.</p>", r->out);
		free(rows);
		return;
	}
	fputs("<p class=\"lead\">Worst first. Rights are set in Group Policy under ",
	      r->out);
	escape_html(r->out, rights_policy_path);
	fputs("; <code>-o gpo-inf=fix.inf</code> writes the expected lists as security "
	      "templates to review and import.</p><div class=\"table\" tabindex=\"0\" "
	      "role=\"region\" aria-labelledby=\"findings\"><table "
	      "class=\"findings\"><thead><tr>"
	      "<th scope=\"col\">Severity</th><th scope=\"col\">Principal</th>"
	      "<th scope=\"col\">Finding</th><th scope=\"col\" "
	      "class=\"number\">Hosts</th>"
	      "<th scope=\"col\">Remediation</th></tr></thead><tbody>\n",
	      r->out);
	for (size_t i = 0; i < count && i < FINDINGS_MAX; i++)
		finding(r->out, &rows[i]);
	fputs("</tbody></table></div>", r->out);
	if (count > FINDINGS_MAX)
		fprintf(r->out,
			"<p class=\"soft\">and %zu more, less severe: see the JSON "
			"report</p>",
			count - FINDINGS_MAX);
	free(rows);
}

static void principal(FILE *out, const struct unexpected *u, size_t most)
{
	char where[300];
	bool impersonate = strcmp(u->grant->right, "SeImpersonatePrivilege") == 0;

	fputs("<tr><th scope=\"row\">", out);
	who(out, u->principal->name, u->principal->sid);
	fprintf(out, "</th><td>%s ", impersonate ? "can impersonate" : "holds");
	if (!impersonate)
		escape_html(out, u->grant->right);
	fputs(" on ", out);
	fputs(phrase_where(u->grant->unexpected, where, sizeof(where)), out);
	fputs("<br><span class=\"soft\">", out);
	escape_html(out,
		    u->entry->reason ? u->entry->reason : finding_title(u->entry->kind));
	fprintf(out,
		"</span></td><td><span class=\"severity %s\">%s</span></td>"
		"<td class=\"number\">",
		severity_word(u->entry->severity), severity_word(u->entry->severity));
	number(out, u->hosts);
	fputs("<svg class=\"bar\" aria-hidden=\"true\">", out);
	piece(out, "hold", u->hosts, most, 0);
	fputs("</svg></td></tr>\n", out);
}

void html_principals(struct rendering *r)
{
	size_t count, all, most = 1;
	struct unexpected *list = ranking_unexpected(r->about->score, PRINCIPALS_MAX,
						     &count, &all);

	if (!list) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	if (count == 0) {
		fputs("<p>No principal holds a right that the baseline does not "
		      "allow.</p>",
		      r->out);
		free(list);
		return;
	}
	fputs("<p class=\"lead\">Holders that the baseline does not allow: the most "
	      "severe "
	      "first, and of these the most widespread.</p><div class=\"table\" "
	      "tabindex=\"0\" role=\"region\" "
	      "aria-labelledby=\"principals\"><table class=\"principals\"><thead><tr>"
	      "<th scope=\"col\">Principal</th><th scope=\"col\">Where</th>"
	      "<th scope=\"col\">Severity</th>"
	      "<th scope=\"col\" class=\"number\">Hosts</th></tr></thead><tbody>\n",
	      r->out);
	for (size_t i = 0; i < count; i++)
		most = list[i].hosts > most ? list[i].hosts : most;
	for (size_t i = 0; i < count; i++)
		principal(r->out, &list[i], most);
	fputs("</tbody></table></div>", r->out);
	if (all > count)
		fprintf(r->out, "<p class=\"soft\">and %zu more: see the JSON report</p>",
			all - count);
	free(list);
}

void html_matrix(struct rendering *r)
{
	fputs("<p class=\"soft\">This table needs JavaScript; the JSON report has the "
	      "same numbers under <code>principals</code>.</p>",
	      r->out);
}
