/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - the report for people, in 100 columns: roles first, then who holds
 * most, what to mend, each violation, each unknown with its likely cause.
 *
 * Hosts come once and in the order of names; unknown ones wait in a temporary file until
 * the violations are written.
 */
#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"
#include "report/render/render.h"
#include "report/files/temporary_file.h"
#include "report/render/phrases.h"

#define COLUMNS      100
#define FINDINGS_MAX 40
#define HOLDERS_MAX  15

enum colour { PLAIN, BOLD, RED, YELLOW, GREEN, FAINT };

static void paint(struct rendering *r, FILE *out, enum colour colour)
{
	static const char *const codes[] = { "0", "1", "31", "33", "32", "2" };

	if (r->colour)
		fprintf(out, "\033[%sm", codes[colour]);
}

static void heading(struct rendering *r, FILE *out, const char *text)
{
	fputc('\n', out);
	paint(r, out, BOLD);
	fputs(text, out);
	paint(r, out, PLAIN);
	fputc('\n', out);
}

/* Words of `text`, escaped, in lines of COLUMNS that begin with `indent` blanks; the
 * first line goes on at column `at`. */
static void wrap(FILE *out, const char *text, size_t indent, size_t at)
{
	char word[COLUMNS * 4 + 1];

	while (text && *text) {
		size_t length = strcspn(text, " ");
		size_t width;

		if (length >= sizeof(word))
			length = sizeof(word) - 1;
		memcpy(word, text, length);
		word[length] = '\0';
		text += length;
		text += strspn(text, " ");
		width = escape_terminal_width(word);
		if (width > COLUMNS - indent)
			width = COLUMNS - indent;
		if (at > indent && at + 1 + width > COLUMNS) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			fputc(' ', out);
			at++;
		}
		escape_terminal_cell(out, word, (unsigned)width);
		at += width;
	}
	fputc('\n', out);
}

static void line(FILE *out, size_t indent, const char *text)
{
	fprintf(out, "%*s", (int)indent, "");
	wrap(out, text, indent, indent);
}

static void put_masthead(struct rendering *r)
{
	const struct render_context *about = r->about;
	const struct baseline *b = about->score->baseline;
	char text[2000];

	snprintf(text, sizeof(text), "User rights against baseline %s %s (%s)", b->name,
		 b->version, b->source);
	paint(r, r->out, BOLD);
	line(r->out, 0, text);
	paint(r, r->out, PLAIN);
	if (about->journal->started || about->journal->sweep) {
		snprintf(text, sizeof(text), "Sweep %s, %s to %s",
			 about->journal->sweep ? about->journal->sweep : "without id",
			 about->journal->started ? about->journal->started : "?",
			 about->journal->finished ? about->journal->finished
						  : "? (cut short)");
		line(r->out, 0, text);
	}
}

static void put_coverage(struct rendering *r)
{
	const struct render_context *about = r->about;
	const struct score_counts *t = &about->score->total;
	char assessed[100], compliant[100], number[32], text[400];

	snprintf(text, sizeof(text), "Assessed %s. Of these, %s are compliant.",
		 phrase_share(t->assessed, t->hosts, "hosts", assessed, sizeof(assessed)),
		 phrase_share(t->compliant, t->assessed, "", compliant,
			      sizeof(compliant)));
	fputc('\n', r->out);
	line(r->out, 0, text);
	if (about->unrecorded) {
		snprintf(text, sizeof(text),
			 "%s more targets have no record in their journal: the sweep "
			 "was cut short.",
			 phrase_count(about->unrecorded, number, sizeof(number)));
		line(r->out, 0, text);
	}
	if (about->score->conflicts) {
		snprintf(text, sizeof(text),
			 "Sources disagree on the role of %s host%s; -o json names them.",
			 phrase_count(about->score->conflicts, number, sizeof(number)),
			 about->score->conflicts == 1 ? "" : "s");
		line(r->out, 0, text);
	}
	for (size_t i = 0; i < about->beside_count; i++) {
		const struct scorecard *s = about->beside[i];

		snprintf(text, sizeof(text), "Beside it, by %s: %s compliant.",
			 s->baseline->name,
			 phrase_share(s->total.compliant, s->total.assessed, "",
				      compliant, sizeof(compliant)));
		line(r->out, 0, text);
	}
}

static void put_roles(struct rendering *r)
{
	fputc('\n', r->out);
	paint(r, r->out, BOLD);
	fprintf(r->out, "%-20s %9s %9s %10s %10s %9s   %s\n", "ROLE", "HOSTS", "ASSESSED",
		"COMPLIANT", "VIOLATION", "UNKNOWN", "COMPLIANT");
	paint(r, r->out, PLAIN);
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		const struct score_counts *c = &r->about->score->roles[i].counts;
		char n[5][32], share[100];

		fprintf(r->out, "%-20s %9s %9s %10s ", role_title((enum role)i),
			phrase_count(c->hosts, n[0], sizeof(n[0])),
			phrase_count(c->assessed, n[1], sizeof(n[1])),
			phrase_count(c->compliant, n[2], sizeof(n[2])));
		paint(r, r->out, c->violation ? RED : PLAIN);
		fprintf(r->out, "%10s ", phrase_count(c->violation, n[3], sizeof(n[3])));
		paint(r, r->out, c->unknown ? YELLOW : PLAIN);
		fprintf(r->out, "%9s", phrase_count(c->unknown, n[4], sizeof(n[4])));
		paint(r, r->out, PLAIN);
		fprintf(r->out, "   %s\n",
			phrase_share(c->compliant, c->assessed, "", share,
				     sizeof(share)));
	}
}

static void put_why_not(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	size_t answered = s->total.unknown;
	char number[32];

	if (s->total.unknown == 0)
		return;
	heading(r, r->out, "WHY NOT ALL WERE ASSESSED");
	for (unsigned i = 0; i < HOST_OUTCOME_COUNT; i++) {
		if (!s->outcomes[i] || i == HOST_ANSWERED)
			continue;
		answered -= s->outcomes[i] < answered ? s->outcomes[i] : answered;
		fprintf(r->out, "  %9s %s: %s\n",
			phrase_count(s->outcomes[i], number, sizeof(number)),
			host_outcome_word((enum host_outcome)i),
			host_outcome_sentence((enum host_outcome)i));
	}
	if (answered)
		fprintf(r->out, "  %9s answered: what they told does not decide it\n",
			phrase_count(answered, number, sizeof(number)));
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		for (size_t k = 0; k < s->roles[i].right_count; k++) {
			const struct score_right *right = &s->roles[i].rights[k];

			if (right->answered[RIGHT_DENIED] == 0)
				continue;
			fprintf(r->out, "  %9s %s refused to tell ",
				phrase_count(right->answered[RIGHT_DENIED], number,
					     sizeof(number)),
				phrase_role((enum role)i, right->answered[RIGHT_DENIED]));
			escape_terminal(r->out, right->name);
			fputc('\n', r->out);
		}
}

static void put_most(struct rendering *r)
{
	size_t count, all;
	struct unexpected *list = phrase_unexpected_most(r->about->score, HOLDERS_MAX,
							 &count, &all);

	if (!list) {
		r->failed = true;
		return;
	}
	if (count)
		heading(r, r->out, "WHO HOLDS MOST, UNEXPECTED BY THE BASELINE");
	for (size_t i = 0; i < count; i++) {
		const struct unexpected *u = &list[i];
		char where[300], text[700];

		phrase_where(u->grant->unexpected, where, sizeof(where));
		fputs("  ", r->out);
		escape_terminal_cell(
			r->out,
			u->principal->name ? u->principal->name : u->principal->sid, 47);
		if (strcmp(u->grant->right, "SeImpersonatePrivilege") == 0)
			snprintf(text, sizeof(text), "can impersonate on %s", where);
		else
			snprintf(text, sizeof(text), "holds %.100s on %s",
				 u->grant->right, where);
		fputc(' ', r->out);
		wrap(r->out, text, 50, 50);
	}
	if (all > count)
		fprintf(r->out, "  and %zu more: see -o json\n", all - count);
	free(list);
}

static void put_finding_row(struct rendering *r, const struct finding_row *row)
{
	const struct score_entry *e = row->entry;
	char text[1600], number[32];

	fputs("  ", r->out);
	paint(r, r->out, e->severity >= SEVERITY_HIGH ? RED : YELLOW);
	fprintf(r->out, "%-8s", e->hosts ? severity_word(e->severity) : "waived");
	paint(r, r->out, PLAIN);
	bool both = e->name && strcmp(e->name, e->sid) != 0;

	snprintf(text, sizeof(text), "%.200s%s%.200s%s: %s %.100s on %s %s",
		 e->name ? e->name : e->sid, both ? " (" : "", both ? e->sid : "",
		 both ? ")" : "", row->missing ? "lacks" : "holds", row->right->name,
		 phrase_count(e->hosts ? e->hosts : e->waived, number, sizeof(number)),
		 phrase_role(row->role, e->hosts ? e->hosts : e->waived));
	fputc(' ', r->out);
	wrap(r->out, text, 11, 11);
	if (e->reason)
		line(r->out, 11, e->reason);
	paint(r, r->out, FAINT);
	line(r->out, 11, finding_mend(e->kind));
	paint(r, r->out, PLAIN);
}

static void put_findings(struct rendering *r)
{
	size_t count;
	struct finding_row *rows = phrase_findings(r->about->score, &count);

	if (!rows) {
		r->failed = true;
		return;
	}
	if (count)
		heading(r, r->out, "FINDINGS AND THEIR MEND");
	for (size_t i = 0; i < count && i < FINDINGS_MAX; i++)
		put_finding_row(r, &rows[i]);
	if (count > FINDINGS_MAX)
		fprintf(r->out, "  and %zu more: see -o json\n", count - FINDINGS_MAX);
	free(rows);
}

void render_text_begin(struct rendering *r)
{
	put_masthead(r);
	put_coverage(r);
	put_roles(r);
	put_why_not(r);
	put_most(r);
	put_findings(r);
	if (r->about->score->total.unknown)
		r->failed |= !(r->spool[0] = temporary_file_take());
}

static void put_host_name(FILE *out, const struct judgement *j)
{
	size_t width = escape_terminal_width(j->facts->host);

	fputs("  ", out);
	escape_terminal_cell(out, j->facts->host, width < 64 ? (unsigned)width : 64);
	if (j->facts->port != 445)
		fprintf(out, ":%u", j->facts->port);
	fprintf(out, " (%s)\n", role_title(j->facts->role));
}

static void put_violation(struct rendering *r, const struct right_judgement *right,
			  const struct finding *f)
{
	char mend[1200];
	const char *who = f->name ? f->name : f->sid;
	size_t width = escape_terminal_width(who);

	if (f->kind == FINDING_NONE || f->waived)
		return;
	fputs("    ", r->out);
	paint(r, r->out, f->severity >= SEVERITY_HIGH ? RED : YELLOW);
	fprintf(r->out, "%-8s", severity_word(f->severity));
	paint(r, r->out, PLAIN);
	fprintf(r->out, " %-8s ", label_word(f->label));
	escape_terminal_cell(r->out, who, width < 47 ? (unsigned)width : 47);
	fputs(" ", r->out);
	escape_terminal_cell(r->out, right->fact->name,
			     strlen(right->fact->name) < 27
				     ? (unsigned)escape_terminal_width(right->fact->name)
				     : 27);
	fputc('\n', r->out);
	if (f->reason)
		line(r->out, 13, f->reason);
	line(r->out, 13, judge_mend(right, f, mend, sizeof(mend)));
}

static void put_violations(struct rendering *r, const struct judgement *j)
{
	if (r->written++ == 0)
		heading(r, r->out, "VIOLATIONS");
	put_host_name(r->out, j);
	if (j->facts->conflict)
		line(r->out, 4, j->facts->conflict);
	for (size_t i = 0; i < j->right_count; i++) {
		const struct right_judgement *right = &j->rights[i];

		for (size_t k = 0; k < right->holder_count; k++)
			put_violation(r, right, &right->holders[k]);
		for (size_t k = 0; k < right->missing_count; k++)
			put_violation(r, right, &right->missing[k]);
	}
}

static void put_unknown(struct rendering *r, const struct judgement *j)
{
	const struct fact_error *e = &j->facts->error;
	char text[900];

	if (!r->spool[0])
		return;
	put_host_name(r->spool[0], j);
	snprintf(text, sizeof(text), "%s: %.600s", host_outcome_word(j->facts->outcome),
		 phrase_unknown_host(j) ? phrase_unknown_host(j) : "");
	line(r->spool[0], 4, text);
	if (!e->step && !e->code && !e->text)
		return;
	snprintf(text, sizeof(text), "%.200s%s%.200s%s%.400s", e->step ? e->step : "",
		 e->code ? ": " : "", e->code ? e->code : "", e->text ? ": " : "",
		 e->text ? e->text : "");
	line(r->spool[0], 4, text);
}

void render_text_host(struct rendering *r, const struct judgement *j,
		      const struct judgement *beside)
{
	(void)beside;
	if (j->verdict == VERDICT_VIOLATION)
		put_violations(r, j);
	else if (j->verdict == VERDICT_UNKNOWN)
		put_unknown(r, j);
}

void render_text_end(struct rendering *r)
{
	char buffer[1 << 14];
	size_t got;

	if (!r->spool[0])
		return;
	heading(r, r->out, "UNKNOWN, WHICH IS NOT A PASS");
	rewind(r->spool[0]);
	while ((got = fread(buffer, 1, sizeof(buffer), r->spool[0])) > 0)
		fwrite(buffer, 1, got, r->out);
}
