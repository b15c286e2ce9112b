/* SPDX-License-Identifier: Apache-2.0 */
/* The waivers of the HTML page: what each does, why and how long. */
#include "report/render/html_internal.h"

#include "report/render/phrases.h"
#include "report/text/escape.h"

enum { WAIVERS_MAX = 200 };

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
