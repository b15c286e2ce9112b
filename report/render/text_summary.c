/* SPDX-License-Identifier: Apache-2.0 */
/* The summary of the text report: coverage, roles, why hosts were not assessed, the most
 * widespread unexpected holders, the findings with their remediation. */
#include <stdlib.h>
#include <string.h>

#include "report/render/phrases.h"
#include "report/render/ranking.h"
#include "report/render/text_internal.h"
#include "report/text/escape.h"
#include "report/text/wrap.h"

static void put_masthead(struct rendering *r)
{
	const struct journal_info *journal = r->about->journal;
	const struct baseline *b = r->about->score->baseline;
	char text[2000];

	snprintf(text, sizeof(text), "User rights compared with baseline %s %s (%s)",
		 b->name, b->version, b->source);
	text_paint(r, r->out, BOLD);
	text_line(r->out, 0, text);
	text_paint(r, r->out, PLAIN);
	if (!journal->started && !journal->sweep)
		return;
	snprintf(text, sizeof(text), "Sweep %s, %s to %s",
		 journal->sweep ? journal->sweep : "without id",
		 journal->started ? journal->started : "?",
		 journal->finished ? journal->finished : "? (cut short)");
	text_line(r->out, 0, text);
}

static void put_compared(struct rendering *r)
{
	char share[100], text[400];

	for (size_t i = 0; i < r->about->compared_count; i++) {
		const struct scorecard *s = r->about->compared[i];

		snprintf(text, sizeof(text), "Also compared with %.200s: %s compliant.",
			 s->baseline->name,
			 phrase_share(s->total.compliant, s->total.assessed, "", share,
				      sizeof(share)));
		text_line(r->out, 0, text);
	}
}

static void put_coverage(struct rendering *r)
{
	const struct score_counts *t = &r->about->score->total;
	char assessed[100], compliant[100], text[PHRASE_ROOM];

	snprintf(text, sizeof(text), "Assessed %s. Of these, %s are compliant.",
		 phrase_share(t->assessed, t->hosts, "hosts", assessed, sizeof(assessed)),
		 phrase_share(t->compliant, t->assessed, "", compliant,
			      sizeof(compliant)));
	fputc('\n', r->out);
	text_line(r->out, 0, text);
	for (unsigned i = 0; i < PHRASE_NOTICES; i++)
		if (phrase_notice(r->about, (enum phrase_notice)i, text, sizeof(text)))
			text_line(r->out, 0, text);
	put_compared(r);
}

static void put_role(struct rendering *r, enum role role)
{
	const struct score_counts *c = &r->about->score->roles[role].counts;
	char n[4][32], share[100];

	fprintf(r->out, "%-18s %8s %9s ", role_title(role),
		phrase_count(c->hosts, n[0], sizeof(n[0])),
		phrase_count(c->assessed, n[1], sizeof(n[1])));
	text_paint(r, r->out, c->violation ? RED : PLAIN);
	fprintf(r->out, "%9s ", phrase_count(c->violation, n[2], sizeof(n[2])));
	text_paint(r, r->out, c->unknown ? YELLOW : PLAIN);
	fprintf(r->out, "%8s", phrase_count(c->unknown, n[3], sizeof(n[3])));
	text_paint(r, r->out, PLAIN);
	fprintf(r->out, "  %s\n",
		phrase_share(c->compliant, c->assessed, "", share, sizeof(share)));
}

static void put_roles(struct rendering *r)
{
	fputc('\n', r->out);
	text_paint(r, r->out, BOLD);
	fprintf(r->out, "%-18s %8s %9s %9s %8s  %s\n", "ROLE", "HOSTS", "ASSESSED",
		"VIOLATION", "UNKNOWN", "COMPLIANT");
	text_paint(r, r->out, PLAIN);
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		put_role(r, (enum role)i);
}

static void put_why(struct rendering *r, size_t hosts, const char *why)
{
	char number[32];

	fprintf(r->out, "  %9s ", phrase_count(hosts, number, sizeof(number)));
	wrap_words(r->out, why, TEXT_COLUMNS, 12, 12);
}

static void put_denied(struct rendering *r)
{
	char text[300];

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		for (size_t k = 0; k < r->about->score->roles[i].right_count; k++) {
			const struct score_right *right =
				&r->about->score->roles[i].rights[k];
			size_t denied = right->answered[RIGHT_DENIED];

			if (denied == 0)
				continue;
			snprintf(text, sizeof(text), "%s denied access to %.100s",
				 phrase_role((enum role)i, denied), right->name);
			put_why(r, denied, text);
		}
}

static void put_why_not(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	size_t answered = s->total.unknown;
	char text[300];

	if (s->total.unknown == 0)
		return;
	text_heading(r, r->out, "WHY HOSTS WERE NOT ASSESSED");
	for (unsigned i = 0; i < HOST_OUTCOME_COUNT; i++) {
		if (!s->outcomes[i] || i == HOST_ANSWERED)
			continue;
		answered -= s->outcomes[i] < answered ? s->outcomes[i] : answered;
		snprintf(text, sizeof(text), "%s: %s",
			 host_outcome_word((enum host_outcome)i),
			 host_outcome_sentence((enum host_outcome)i));
		put_why(r, s->outcomes[i], text);
	}
	if (answered)
		put_why(r, answered, "answered: the answers do not decide the verdict");
	put_denied(r);
}

static void put_widespread(struct rendering *r, const struct unexpected *u)
{
	const struct score_principal *p = u->principal;
	char where[300], text[700];

	phrase_where(u->grant->unexpected, where, sizeof(where));
	snprintf(
		text, sizeof(text), "%.200s %s%.100s on %s%s", p->name ? p->name : p->sid,
		strcmp(u->grant->right, "SeImpersonatePrivilege") == 0 ? "can impersonate"
								       : "holds ",
		strcmp(u->grant->right, "SeImpersonatePrivilege") == 0 ? ""
								       : u->grant->right,
		where, p->names_differ ? " (hosts disagree on its name)" : "");
	fputs("  ", r->out);
	wrap_words(r->out, text, TEXT_COLUMNS, 4, 4 - 2);
}

static void put_most_widespread(struct rendering *r)
{
	size_t count, all;
	struct unexpected *list = ranking_unexpected(
		r->about->score, text_limits(r)->holders, &count, &all);

	if (!list) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	if (count)
		text_heading(r, r->out, "UNEXPECTED HOLDERS, WORST FIRST");
	for (size_t i = 0; i < count; i++)
		put_widespread(r, &list[i]);
	if (all > count)
		fprintf(r->out, "  and %zu more: see -o json\n", all - count);
	free(list);
}

static void put_finding(struct rendering *r, const struct finding_row *row)
{
	const struct score_entry *e = row->entry;
	size_t hosts = e->hosts ? e->hosts : e->waived;
	bool both = e->name && strcmp(e->name, e->sid) != 0;
	char text[1600], number[32];

	fputs("  ", r->out);
	text_severity(r, e->severity, e->hosts ? severity_word(e->severity) : "waived");
	snprintf(text, sizeof(text), "%.200s%s%.200s%s: %s %.100s on %s %s",
		 e->name ? e->name : e->sid, both ? " (" : "", both ? e->sid : "",
		 both ? ")" : "", row->missing ? "lacks" : "holds", row->right->name,
		 phrase_count(hosts, number, sizeof(number)),
		 phrase_role(row->role, hosts));
	fputc(' ', r->out);
	wrap_words(r->out, text, TEXT_COLUMNS, 11, 11);
	if (e->reason)
		text_line(r->out, 11, e->reason);
	text_paint(r, r->out, FAINT);
	snprintf(text, sizeof(text), "Fix: %s", finding_remediation(e->kind));
	text_line(r->out, 11, text);
	text_paint(r, r->out, PLAIN);
}

static void put_findings(struct rendering *r)
{
	size_t count, most = text_limits(r)->findings;
	struct finding_row *rows = ranking_findings(r->about->score, &count);

	if (!rows) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	if (count)
		text_heading(r, r->out, "FINDINGS AND REMEDIATION");
	for (size_t i = 0; i < count && i < most; i++)
		put_finding(r, &rows[i]);
	if (count > most) {
		size_t hosts = ranking_hosts_of(rows, most, count,
						r->about->score->total.hosts);

		fprintf(r->out, "  and %zu more on at most %zu host%s: see -o json\n",
			count - most, hosts, hosts == 1 ? "" : "s");
	}
	free(rows);
}

/* In the order of how many hosts one edit cures. */
static void put_fixes(struct rendering *r)
{
	const struct fixes *f = r->about->fixes;
	size_t most = text_limits(r)->findings;
	char text[PHRASE_ROOM + 300], place[PHRASE_ROOM], number[32];

	if (!f || f->count == 0)
		return;
	text_heading(r, r->out, "WHERE TO FIX IT, MOST HOSTS FIRST");
	for (size_t i = 0; i < f->count && i < most; i++) {
		snprintf(text, sizeof(text), "%s host%s: %.100s: %s",
			 phrase_count(f->at[i].hosts, number, sizeof(number)),
			 f->at[i].hosts == 1 ? "" : "s", f->at[i].right,
			 phrase_place(&f->at[i], place, sizeof(place)));
		fputs("  ", r->out);
		wrap_words(r->out, text, TEXT_COLUMNS, 4, 2);
	}
	if (f->count > most)
		fprintf(r->out, "  and %zu more: see -o json\n", f->count - most);
}

static void put_waiver(struct rendering *r, const struct baseline_waiver *w,
		       const struct score_waiver *score)
{
	char text[1600], effect[PHRASE_ROOM];

	snprintf(text, sizeof(text), "%.100s on %.100s, %.200s: %s", w->right, w->host,
		 w->principal.text, phrase_waiver(w, score, effect, sizeof(effect)));
	fputs("  ", r->out);
	wrap_words(r->out, text, TEXT_COLUMNS, 4, 2);
	snprintf(text, sizeof(text), "%.600s%s%.200s%s (%.300s:%d)", w->reason,
		 w->owner ? " (owner: " : "", w->owner ? w->owner : "",
		 w->owner ? ")" : "", w->path, w->line);
	text_line(r->out, 4, text);
}

/* Those without effect first: they are what somebody should look at. */
static void put_waivers(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	size_t shown = 0, most = text_limits(r)->waivers;

	if (s->baseline->waiver_count == 0)
		return;
	text_heading(r, r->out, "WAIVERS");
	for (int used = 0; used < 2; used++)
		for (size_t i = 0; i < s->baseline->waiver_count; i++)
			if ((s->waivers[i].used > 0) == used && shown++ < most)
				put_waiver(r, &s->baseline->waivers[i], &s->waivers[i]);
	if (shown > most)
		fprintf(r->out, "  and %zu more: see -o json\n", shown - most);
}

static void put_group(struct rendering *r, const char *name,
		      const struct coverage_counts *counts)
{
	char share[100], text[400];

	if (counts->assessed == counts->asked)
		return;
	snprintf(text, sizeof(text), "%s: %.250s",
		 phrase_share(counts->assessed, counts->asked, "", share, sizeof(share)),
		 name ? name : "(not in the directory)");
	fputs("  ", r->out);
	wrap_words(r->out, text, TEXT_COLUMNS, 2, 4);
}

/* Only where something is missing; the whole tables are those of -o json. */
static void put_groups(struct rendering *r, const char *by,
		       const struct coverage_list *list)
{
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct coverage_group *g = &list->groups[i];

		if (g->counts.assessed == g->counts.asked)
			continue;
		if (shown == 0)
			fprintf(r->out, "Assessed, by %s:\n", by);
		if (shown++ < text_limits(r)->groups)
			put_group(r, g->name, &g->counts);
		else
			more++;
	}
	if (more)
		fprintf(r->out, "  and %zu more: see -o json\n", more);
}

static void put_missed(struct rendering *r, const struct coverage *c)
{
	size_t most = text_limits(r)->missed;
	char text[400];

	fputs("Not assessed, with the last logon:\n", r->out);
	for (size_t i = 0; i < c->missed_count && i < most; i++) {
		const struct coverage_missed *m = &c->missed[i];

		snprintf(text, sizeof(text), "%.150s: %s, %s", m->host,
			 host_outcome_word(m->outcome),
			 m->last_logon ? m->last_logon : "unknown");
		fputs("  ", r->out);
		wrap_words(r->out, text, TEXT_COLUMNS, 2, 4);
	}
	if (c->missed_count > most)
		fprintf(r->out, "  and %zu more: see -o json\n", c->missed_count - most);
}

static void put_directory(struct rendering *r)
{
	const struct coverage *c = r->about->coverage;

	if (!c || !c->known || !c->missed_count)
		return;
	text_heading(r, r->out, "COMPUTERS OF ACTIVE DIRECTORY NOT ASSESSED");
	put_groups(r, "operating system", &c->systems);
	put_groups(r, "organizational unit", &c->units);
	if (c->sites.count > 1)
		put_groups(r, "site", &c->sites);
	put_missed(r, c);
}

void text_summary(struct rendering *r)
{
	put_masthead(r);
	put_coverage(r);
	put_roles(r);
	put_why_not(r);
	put_directory(r);
	put_most_widespread(r);
	put_findings(r);
	put_fixes(r);
	put_waivers(r);
}
