/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html.c - one self-contained page: report/render/html/report.html with its {{slots}}
 * filled.  The JSON report (json.c) is embedded; the page's script draws the
 * list of hosts from it, and everything above that list is plain markup.
 *
 * The Content-Security-Policy of the page allows the one style and the one script whose
 * hashes it names, and nothing else; so nothing here may write a style attribute or an
 * event handler.
 */
#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"
#include "report/render/html_assets.h"
#include "report/render/html_internal.h"
#include "report/render/json_internal.h"
#include "report/render/phrases.h"

static const struct {
	const char *name;
	void (*fill)(struct rendering *r);
} slots[] = {
	{ "policy", html_policy },
	{ "title", html_title },
	{ "css", html_css },
	{ "masthead", html_masthead },
	{ "coverage", html_coverage },
	{ "cards", html_cards },
	{ "findings", html_findings },
	{ "fixes", html_fixes },
	{ "waivers", html_waivers },
	{ "principals", html_principals },
	{ "matrix", html_matrix },
	{ "footer", html_footer },
	{ "js", html_js },
};

/* Writes the template from `from` up to the slot `stop` (NULL: to its end) and returns
 * what follows that slot. */
static const char *fill_until(struct rendering *r, const char *from, const char *stop)
{
	const char *open, *close;

	while ((open = strstr(from, "{{")) && (close = strstr(open, "}}"))) {
		size_t length = (size_t)(close - open) - 2;

		fwrite(from, 1, (size_t)(open - from), r->out);
		from = close + 2;
		if (stop && strlen(stop) == length && memcmp(open + 2, stop, length) == 0)
			return from;
		for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
			if (strlen(slots[i].name) == length &&
			    memcmp(open + 2, slots[i].name, length) == 0)
				slots[i].fill(r);
	}
	fputs(from, r->out);
	return NULL;
}

static void html_begin(struct rendering *r)
{
	fill_until(r, (const char *)html_asset_html, "json");
	json_report_begin(r);
}

static void html_end(struct rendering *r)
{
	const char *json = strstr((const char *)html_asset_html, "{{json}}");

	json_report_end(r);
	fill_until(r, json + strlen("{{json}}"), NULL);
}

void html_policy(struct rendering *r)
{
	fprintf(r->out,
		"default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; "
		"form-action 'none'",
		html_asset_css_hash, html_asset_js_hash);
}

void html_title(struct rendering *r)
{
	escape_html(r->out, r->about->score->baseline->name);
}

void html_css(struct rendering *r)
{
	fputs((const char *)html_asset_css, r->out);
}

void html_js(struct rendering *r)
{
	fputs((const char *)html_asset_js, r->out);
}

static void fact(FILE *out, const char *name, const char *value, const char *more)
{
	if (!value)
		return;
	fprintf(out, "<div><dt>%s</dt><dd>", name);
	escape_html(out, value);
	if (more)
		fputc(' ', out);
	escape_html(out, more);
	fputs("</dd></div>", out);
}

void html_masthead(struct rendering *r)
{
	const struct journal_info *info = r->about->journal;
	const struct baseline *b = r->about->score->baseline;
	char compared[300], share[100];

	fact(r->out, "Baseline", b->name, b->version);
	fact(r->out, "Source", b->source, NULL);
	fact(r->out, "Began", info->started, NULL);
	fact(r->out, "Ended",
	     info->finished     ? info->finished
	     : info->unfinished ? "cut short"
				: NULL,
	     NULL);
	fact(r->out, "Sweep", info->sweep, NULL);
	for (size_t i = 0; i < r->about->compared_count; i++) {
		const struct scorecard *s = r->about->compared[i];

		snprintf(compared, sizeof(compared), "%.100s: %s compliant",
			 s->baseline->name,
			 phrase_share(s->total.compliant, s->total.assessed, "", share,
				      sizeof(share)));
		fact(r->out, "Also compared with", compared, NULL);
	}
}

void html_footer(struct rendering *r)
{
	fprintf(r->out, "<p>lsasweep %s. ", LSASWEEP_VERSION);
	fputs("Unknown is never counted as compliant. Names are those that the hosts "
	      "reported; invisible characters are shown as &lt;U+202E&gt;.</p>",
	      r->out);
}

const struct renderer renderer_html = {
	.name = "html",
	.suffix = "html",
	.about = "one self-contained page",
	.mode = 0600,
	.state_size = JSON_REPORT_STATE,
	.begin = html_begin,
	.host = json_report_host,
	.end = html_end,
};
