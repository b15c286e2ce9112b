/* SPDX-License-Identifier: Apache-2.0 */
/*
 * markdown.c - a summary for a ticket or a wiki: coverage, roles, findings with their
 * remediation, the hosts in violation, waivers.
 *
 * Names stand in code spans, where nothing of them is markup; sentences are ours.
 */
#include <stdlib.h>
#include <string.h>

#include "report/render/phrases.h"
#include "report/render/ranking.h"
#include "report/render/render.h"
#include "report/text/escape.h"

enum {
	FINDINGS_MAX = 40,
	HOSTS_MAX = 100,
	HOST_FINDINGS_MAX = 5,
	WAIVERS_MAX = 40,
	GROUPS_MAX = 40
};

struct markdown {
	size_t violations; /* hosts in violation so far */
};

static void put_masthead(struct rendering *r)
{
	const struct journal_info *journal = r->about->journal;
	const struct baseline *b = r->about->score->baseline;

	fputs("# User rights compared with baseline ", r->out);
	escape_markdown_code(r->out, b->name);
	fputs("\n\nBaseline ", r->out);
	escape_markdown_code(r->out, b->name);
	fputc(' ', r->out);
	escape_markdown(r->out, b->version);
	fputs(" (", r->out);
	escape_markdown(r->out, b->source);
	fputs(").", r->out);
	if (journal->started) {
		fputs(" Sweep ", r->out);
		escape_markdown_code(r->out,
				     journal->sweep ? journal->sweep : "without id");
		fputs(", ", r->out);
		escape_markdown(r->out, journal->started);
		fputs(" to ", r->out);
		escape_markdown(r->out,
				journal->finished ? journal->finished : "? (cut short)");
		fputc('.', r->out);
	}
	fputs("\n\n", r->out);
}

static void put_coverage(struct rendering *r)
{
	const struct score_counts *t = &r->about->score->total;
	char assessed[100], compliant[100], text[PHRASE_ROOM];

	fprintf(r->out, "**Assessed %s. Of these, %s are compliant.**\n",
		phrase_share(t->assessed, t->hosts, "hosts", assessed, sizeof(assessed)),
		phrase_share(t->compliant, t->assessed, "", compliant,
			     sizeof(compliant)));
	for (unsigned i = 0; i < PHRASE_NOTICES; i++) {
		if (!phrase_notice(r->about, (enum phrase_notice)i, text, sizeof(text)))
			continue;
		fputs("\n- ", r->out);
		escape_markdown(r->out, text);
	}
	fputs("\n\n", r->out);
}

static void put_roles(struct rendering *r)
{
	char n[4][32], share[100];

	fputs("## Roles\n\n"
	      "| Role | Hosts | Assessed | Violation | Unknown | Compliant |\n"
	      "|---|--:|--:|--:|--:|--:|\n",
	      r->out);
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		const struct score_counts *c = &r->about->score->roles[i].counts;

		if (c->hosts == 0)
			continue;
		fprintf(r->out, "| %s | %s | %s | %s | %s | %s |\n",
			role_title((enum role)i),
			phrase_count(c->hosts, n[0], sizeof(n[0])),
			phrase_count(c->assessed, n[1], sizeof(n[1])),
			phrase_count(c->violation, n[2], sizeof(n[2])),
			phrase_count(c->unknown, n[3], sizeof(n[3])),
			phrase_share(c->compliant, c->assessed, "", share,
				     sizeof(share)));
	}
	fputc('\n', r->out);
}

/* Of a sweep of a directory: where its computers are. */
static void put_groups(struct rendering *r)
{
	const struct coverage *c = r->about->coverage;
	struct coverage_row row;
	char share[100];
	size_t count = 0;

	if (!c || !c->known)
		return;
	fputs("## Coverage of Active Directory\n\n| Group | Name | Assessed "
	      "|\n|---|---|--:|"
	      "\n",
	      r->out);
	for (; coverage_row(c, count, &row); count++) {
		if (count >= GROUPS_MAX)
			continue;
		fprintf(r->out, "| `%s` | ", row.by);
		escape_markdown(r->out, row.name ? row.name : "not in the directory");
		fprintf(r->out, " | %s |\n",
			phrase_share(row.counts.assessed, row.counts.asked, "", share,
				     sizeof(share)));
	}
	if (count > GROUPS_MAX)
		fprintf(r->out, "\nAnd %zu more: see `-o json`.\n", count - GROUPS_MAX);
	fputc('\n', r->out);
}

static void put_outcomes(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	size_t answered = s->total.unknown;
	char number[32];

	if (s->total.unknown == 0)
		return;
	fputs("## Not assessed\n\n| Hosts | Outcome | Meaning |\n|--:|---|---|\n",
	      r->out);
	for (unsigned i = 0; i < HOST_OUTCOME_COUNT; i++) {
		if (!s->outcomes[i] || i == HOST_ANSWERED)
			continue;
		answered -= s->outcomes[i] < answered ? s->outcomes[i] : answered;
		fprintf(r->out, "| %s | `%s` | %s |\n",
			phrase_count(s->outcomes[i], number, sizeof(number)),
			host_outcome_word((enum host_outcome)i),
			host_outcome_sentence((enum host_outcome)i));
	}
	if (answered)
		fprintf(r->out,
			"| %s | `answered` | the answers do not decide the verdict |\n",
			phrase_count(answered, number, sizeof(number)));
	fputc('\n', r->out);
}

static void put_who(FILE *out, const char *name, const char *sid)
{
	escape_markdown_code(out, name ? name : sid);
	if (!name || strcmp(name, sid) == 0)
		return;
	fputs(" (", out);
	escape_markdown_code(out, sid);
	fputc(')', out);
}

static void put_finding(struct rendering *r, const struct finding_row *row)
{
	const struct score_entry *e = row->entry;
	size_t hosts = e->hosts ? e->hosts : e->waived;
	char number[32];

	fprintf(r->out, "| %s | ", e->hosts ? severity_word(e->severity) : "waived");
	put_who(r->out, e->name, e->sid);
	fprintf(r->out, " | %s ", row->missing ? "lacks" : "holds");
	escape_markdown_code(r->out, row->right->name);
	fprintf(r->out, ": %s | %s %s | %s |\n", finding_title(e->kind),
		phrase_count(hosts, number, sizeof(number)),
		phrase_role(row->role, hosts), finding_remediation(e->kind));
}

static void put_findings(struct rendering *r)
{
	size_t count;
	struct finding_row *rows = ranking_findings(r->about->score, &count);

	if (!rows) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	if (count)
		fprintf(r->out,
			"## Findings\n\nThe policy is under %s.\n\n"
			"| Severity | Principal | Finding | Hosts | Remediation |\n"
			"|---|---|---|--:|---|\n",
			rights_policy_path);
	for (size_t i = 0; i < count && i < FINDINGS_MAX; i++)
		put_finding(r, &rows[i]);
	if (count > FINDINGS_MAX)
		fprintf(r->out, "\nAnd %zu more, less severe: see `-o json`.\n",
			count - FINDINGS_MAX);
	if (count)
		fputc('\n', r->out);
	free(rows);
}

static void put_fixes(struct rendering *r)
{
	const struct fixes *f = r->about->fixes;
	char place[PHRASE_ROOM], number[32];

	if (!f || f->count == 0)
		return;
	fputs("## Where to fix it\n\n| Hosts | Right | Place |\n|--:|---|---|\n", r->out);
	for (size_t i = 0; i < f->count && i < FINDINGS_MAX; i++) {
		fprintf(r->out, "| %s | ",
			phrase_count(f->at[i].hosts, number, sizeof(number)));
		escape_markdown_code(r->out, f->at[i].right);
		fputs(" | ", r->out);
		escape_markdown(r->out, phrase_place(&f->at[i], place, sizeof(place)));
		fputs(" |\n", r->out);
	}
	if (f->count > FINDINGS_MAX)
		fprintf(r->out, "\nAnd %zu more: see `-o json`.\n",
			f->count - FINDINGS_MAX);
	fputc('\n', r->out);
}

static void put_waivers(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	const struct baseline *b = s->baseline;
	char effect[PHRASE_ROOM];

	if (b->waiver_count == 0)
		return;
	fputs("## Waivers\n\n| Principal | Right | Hosts | Effect | Reason |\n"
	      "|---|---|---|---|---|\n",
	      r->out);
	for (size_t i = 0; i < b->waiver_count && i < WAIVERS_MAX; i++) {
		const struct baseline_waiver *w = &b->waivers[i];

		fputs("| ", r->out);
		escape_markdown_code(r->out, w->principal.text);
		fputs(" | ", r->out);
		escape_markdown_code(r->out, w->right);
		fputs(" | ", r->out);
		escape_markdown_code(r->out, w->host);
		fprintf(r->out, " | %s | ",
			phrase_waiver(w, &s->waivers[i], effect, sizeof(effect)));
		escape_markdown(r->out, w->reason);
		fputs(" |\n", r->out);
	}
	if (b->waiver_count > WAIVERS_MAX)
		fprintf(r->out, "\nAnd %zu more: see `-o json`.\n",
			b->waiver_count - WAIVERS_MAX);
	fputc('\n', r->out);
}

static void markdown_begin(struct rendering *r)
{
	put_masthead(r);
	put_coverage(r);
	put_roles(r);
	put_groups(r);
	put_findings(r);
	put_fixes(r);
	put_outcomes(r);
	put_waivers(r);
}

/* "; `CORP\x` holds `SeY` (high)"; false: it is no finding, or not shown any more. */
static bool put_host_finding(FILE *out, const struct right_judgement *right,
			     const struct finding *f, size_t before)
{
	if (f->kind == FINDING_NONE || f->waived)
		return false;
	if (before >= HOST_FINDINGS_MAX)
		return true;
	fputs(before ? "; " : ": ", out);
	escape_markdown_code(out, f->name ? f->name : f->sid);
	fprintf(out, " %s ", f->holder ? "holds" : "lacks");
	escape_markdown_code(out, right->fact->name);
	fprintf(out, " (%s)", severity_word(f->severity));
	return true;
}

static void put_host(FILE *out, const struct judgement *j)
{
	const char *alias = phrase_alias(j->facts);
	size_t shown = 0;

	fputs("- ", out);
	escape_markdown_code(out, j->facts->host);
	if (alias) {
		fputs(" (", out);
		escape_markdown_code(out, alias);
		fputc(')', out);
	}
	fprintf(out, ", %s", role_title(j->facts->role));
	for (size_t i = 0; i < j->right_count; i++) {
		const struct right_judgement *right = &j->rights[i];

		for (size_t k = 0; k < right->holder_count; k++)
			shown += put_host_finding(out, right, &right->holders[k], shown);
		for (size_t k = 0; k < right->missing_count; k++)
			shown += put_host_finding(out, right, &right->missing[k], shown);
	}
	if (shown > HOST_FINDINGS_MAX)
		fprintf(out, " and %zu more", shown - HOST_FINDINGS_MAX);
	fputc('\n', out);
}

static void markdown_host(struct rendering *r, const struct judgement *j,
			  const struct judgement *compared)
{
	struct markdown *state = r->state;

	(void)compared;
	if (j->verdict != VERDICT_VIOLATION)
		return;
	if (state->violations == 0)
		fputs("## Hosts in violation\n\n", r->out);
	if (state->violations++ < HOSTS_MAX)
		put_host(r->out, j);
}

static void markdown_end(struct rendering *r)
{
	const struct markdown *state = r->state;

	if (state->violations > HOSTS_MAX)
		fprintf(r->out, "\nAnd %zu more hosts: see `-o json`.\n",
			state->violations - HOSTS_MAX);
}

const struct renderer renderer_markdown = {
	.name = "markdown",
	.suffix = "md",
	.about = "a summary for a ticket",
	.mode = 0600,
	.state_size = sizeof(struct markdown),
	.begin = markdown_begin,
	.host = markdown_host,
	.end = markdown_end,
};
