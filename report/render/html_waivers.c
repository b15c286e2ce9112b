/* SPDX-License-Identifier: Apache-2.0 */
/* Two tables of the HTML page: where violations can be fixed, and what waivers do. */
#include "report/render/html_internal.h"

#include "report/render/phrases.h"
#include "report/text/escape.h"

enum { WAIVERS_MAX = 200, FIXES_SHOWN = 100 };

static void cell(FILE *out, const char *text)
{
	fputs("<td>", out);
	escape_html(out, text);
	fputs("</td>", out);
}

static void waiver(FILE *out, const struct baseline_waiver *w,
		   const struct score_waiver *score)
{
	char effect[PHRASE_ROOM], where[700];

	fputs("<tr><th scope=\"row\"><span class=\"name\">", out);
	escape_html(out, w->principal.text);
	fputs("</span></th>", out);
	snprintf(where, sizeof(where), "%.300s on %.300s", w->right, w->host);
	cell(out, where);
	cell(out, phrase_waiver(w, score, effect, sizeof(effect)));
	fputs("<td>", out);
	escape_html(out, w->reason);
	if (w->owner) {
		fputs("<br><span class=\"soft\">owner: ", out);
		escape_html(out, w->owner);
		fputs("</span>", out);
	}
	fputs("</td><td>", out);
	escape_html(out, w->path);
	fprintf(out, ":%d</td></tr>\n", w->line);
}

static void fix(FILE *out, const struct fix *f)
{
	char place[PHRASE_ROOM], number[32];

	fprintf(out, "<tr><td class=\"number\">%s</td>",
		phrase_count(f->hosts, number, sizeof(number)));
	cell(out, f->right);
	cell(out, phrase_place(f, place, sizeof(place)));
	fputs("</tr>\n", out);
}

void html_fixes(struct rendering *r)
{
	const struct fixes *f = r->about->fixes;

	if (!f || f->count == 0)
		return;
	fputs("<section aria-labelledby=\"fixes\"><h2 id=\"fixes\">Where to fix it</h2>"
	      "<p class=\"lead\">The Group Policy Objects that set the rights which are "
	      "violated, those whose edit cures most hosts first.</p><div "
	      "class=\"table\" "
	      "tabindex=\"0\" role=\"region\" aria-labelledby=\"fixes\"><table "
	      "class=\"fixes\"><thead><tr><th scope=\"col\" class=\"number\">Hosts</th>"
	      "<th scope=\"col\">Right</th><th "
	      "scope=\"col\">Place</th></tr></thead><tbody>\n",
	      r->out);
	for (size_t i = 0; i < f->count && i < FIXES_SHOWN; i++)
		fix(r->out, &f->at[i]);
	fputs("</tbody></table></div>", r->out);
	if (f->count > FIXES_SHOWN)
		fprintf(r->out, "<p class=\"soft\">and %zu more: see the JSON report</p>",
			f->count - FIXES_SHOWN);
	fputs("</section>\n", r->out);
}

/* Those without effect first: they are what somebody should look at. */
void html_waivers(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	const struct baseline *b = s->baseline;
	size_t shown = 0;

	if (b->waiver_count == 0)
		return;
	fputs("<section aria-labelledby=\"waivers\"><h2 id=\"waivers\">Waivers</h2>"
	      "<p class=\"lead\">Findings that do not count, for a reason and until a "
	      "day; those without effect first.</p><div class=\"table\" tabindex=\"0\" "
	      "role=\"region\" aria-labelledby=\"waivers\"><table "
	      "class=\"waivers\"><thead>"
	      "<tr><th scope=\"col\">Principal</th><th scope=\"col\">Where</th>"
	      "<th scope=\"col\">Effect</th><th scope=\"col\">Reason</th>"
	      "<th scope=\"col\">File</th></tr></thead><tbody>\n",
	      r->out);
	for (int used = 0; used < 2; used++)
		for (size_t i = 0; i < b->waiver_count; i++)
			if ((s->waivers[i].used > 0) == used && shown++ < WAIVERS_MAX)
				waiver(r->out, &b->waivers[i], &s->waivers[i]);
	fputs("</tbody></table></div>", r->out);
	if (shown > WAIVERS_MAX)
		fprintf(r->out, "<p class=\"soft\">and %zu more: see the JSON report</p>",
			shown - WAIVERS_MAX);
	fputs("</section>\n", r->out);
}
