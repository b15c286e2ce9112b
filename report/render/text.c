/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - the report for people, in 80 columns: a summary (text_summary.c), then each
 * violation, then each host that was not assessed with its likely cause.
 *
 * Hosts come once and in the order of names; those not assessed wait in a temporary file
 * until the violations are written.
 */
#include <stdlib.h>
#include <string.h>

#include "report/files/temporary_file.h"
#include "report/judge/policy_state.h"
#include "report/render/phrases.h"
#include "report/render/text_internal.h"
#include "report/text/escape.h"
#include "report/text/wrap.h"

struct text {
	FILE *unknown; /* hosts not assessed; NULL: there are none */
	bool violations_begun;
};

void text_paint(const struct rendering *r, FILE *out, enum text_colour colour)
{
	static const char *const codes[] = { "0", "1", "31", "33", "32", "2" };

	if (r->colour)
		fprintf(out, "\033[%sm", codes[colour]);
}

void text_heading(const struct rendering *r, FILE *out, const char *text)
{
	fputc('\n', out);
	text_paint(r, out, BOLD);
	fputs(text, out);
	text_paint(r, out, PLAIN);
	fputc('\n', out);
}

void text_line(FILE *out, size_t indent, const char *text)
{
	wrap_paragraph(out, text, TEXT_COLUMNS, indent);
}

void text_severity(const struct rendering *r, enum severity severity, const char *word)
{
	text_paint(r, r->out, severity >= SEVERITY_HIGH ? RED : YELLOW);
	fprintf(r->out, "%-8s", word);
	text_paint(r, r->out, PLAIN);
}

static void text_begin(struct rendering *r)
{
	struct text *text = r->state;

	text_summary(r);
	if (!r->about->score->total.unknown)
		return;
	text->unknown = temporary_file_take();
	if (!text->unknown)
		r->fault = RENDERING_NO_TEMPORARY_FILE;
}

/* At most `columns` wide, and no wider than it is. */
static void put_cell(FILE *out, const char *text, size_t columns)
{
	size_t width = escape_terminal_width(text);

	escape_terminal_cell(out, text, (unsigned)(width < columns ? width : columns));
}

static void put_host_name(FILE *out, const struct judgement *j)
{
	const char *alias = phrase_alias(j->facts);

	fputs("  ", out);
	put_cell(out, j->facts->host, 50);
	if (j->facts->port != 445)
		fprintf(out, ":%u", j->facts->port);
	fputs(" (", out);
	if (alias) {
		put_cell(out, alias, 50);
		fputs(", ", out);
	}
	fprintf(out, "%s)\n", role_title(j->facts->role));
}

static void put_violation(struct rendering *r, const struct right_judgement *right,
			  const struct finding *f)
{
	char remediation[JUDGE_REMEDIATION_ROOM];
	char text[JUDGE_REMEDIATION_ROOM + 8];

	if (f->kind == FINDING_NONE || f->waived)
		return;
	fputs("    ", r->out);
	text_severity(r, f->severity, severity_word(f->severity));
	fprintf(r->out, " %-8s ", label_word(f->label));
	snprintf(text, sizeof(text), "%.300s %.100s", f->name ? f->name : f->sid,
		 right->fact->name);
	wrap_words(r->out, text, TEXT_COLUMNS, 22, 22);
	if (f->reason)
		text_line(r->out, 13, f->reason);
	snprintf(text, sizeof(text), "Fix: %s",
		 judge_remediation(right, f, remediation, sizeof(remediation)));
	text_line(r->out, 13, text);
}

/* Where the right is set, below its violations. */
static void put_policy(struct rendering *r, const struct right_judgement *right)
{
	const struct right_policy *rp = right->policy;
	const struct policy_gpo *set, *followed;
	char text[900];
	int n;

	if (!rp || !right->wrong)
		return;
	set = rp->right.winner == POLICY_NOBODY ? NULL
						: &rp->policy->gpos[rp->right.winner];
	followed = rp->follows == POLICY_NOBODY ? NULL : &rp->policy->gpos[rp->follows];
	n = snprintf(text, sizeof(text), "Policy: %s: %s", policy_state_word(rp->state),
		     policy_state_sentence(rp->state));
	if (set && n > 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
			      "; set by GPO \"%.150s\", %s %.250s",
			      set->gpo->name ? set->gpo->name : set->gpo->dn,
			      set->enforced ? "enforced at" : "linked at",
			      set->scope ? set->scope->dn : "?");
	if (followed && followed->gpo != (set ? set->gpo : NULL) && n > 0 &&
	    (size_t)n < sizeof(text))
		snprintf(text + n, sizeof(text) - (size_t)n,
			 "; the host has the list of GPO \"%.150s\"",
			 followed->gpo->name ? followed->gpo->name : followed->gpo->dn);
	text_line(r->out, 4, text);
}

static void put_violations(struct rendering *r, const struct judgement *j)
{
	struct text *text = r->state;

	if (!text->violations_begun)
		text_heading(r, r->out, "VIOLATIONS");
	text->violations_begun = true;
	put_host_name(r->out, j);
	if (j->facts->conflict)
		text_line(r->out, 4, j->facts->conflict);
	if (j->directory_conflict)
		text_line(r->out, 4, j->directory_conflict);
	for (size_t i = 0; i < j->right_count; i++) {
		const struct right_judgement *right = &j->rights[i];

		for (size_t k = 0; k < right->holder_count; k++)
			put_violation(r, right, &right->holders[k]);
		for (size_t k = 0; k < right->missing_count; k++)
			put_violation(r, right, &right->missing[k]);
		put_policy(r, right);
	}
}

static void put_unknown(FILE *out, const struct judgement *j)
{
	const struct fact_error *e = &j->facts->error;
	const char *why = phrase_unknown_host(j);
	char text[900];

	if (!out)
		return;
	put_host_name(out, j);
	snprintf(text, sizeof(text), "%s%s%.600s", host_outcome_word(j->facts->outcome),
		 why ? ": " : "", why ? why : "");
	text_line(out, 4, text);
	if (!e->step && !e->code && !e->text)
		return;
	snprintf(text, sizeof(text), "%.200s%s%.200s%s%.400s", e->step ? e->step : "",
		 e->code ? ": " : "", e->code ? e->code : "", e->text ? ": " : "",
		 e->text ? e->text : "");
	text_line(out, 4, text);
}

static void text_host(struct rendering *r, const struct judgement *j,
		      const struct judgement *compared)
{
	struct text *text = r->state;

	(void)compared;
	if (j->verdict == VERDICT_VIOLATION)
		put_violations(r, j);
	else if (j->verdict == VERDICT_UNKNOWN)
		put_unknown(text->unknown, j);
}

static void text_end(struct rendering *r)
{
	struct text *text = r->state;

	if (!text->unknown)
		return;
	text_heading(r, r->out, "NOT ASSESSED (unknown is never counted as compliant)");
	rendering_append(r, text->unknown);
}

static void text_release(void *state)
{
	struct text *text = state;

	if (text->unknown)
		fclose(text->unknown);
}

const struct renderer renderer_text = {
	.name = "text",
	.suffix = "txt",
	.about = "for people, in 80 columns",
	.mode = 0600,
	.temporary_files = 1,
	.state_size = sizeof(struct text),
	.begin = text_begin,
	.host = text_host,
	.end = text_end,
	.release = text_release,
};
