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

#include "report/files/memory_stream.h"
#include "report/files/temporary_file.h"
#include "report/judge/policy_state.h"
#include "report/render/phrases.h"
#include "report/render/text_internal.h"
#include "report/text/escape.h"
#include "report/text/wrap.h"

enum { FEW_HOSTS = 50 };

/* Hosts, as many as the limit of lines lets in. */
struct section {
	size_t lines, left_out;
};

struct text {
	FILE *unknown; /* hosts not assessed; NULL: there are none */
	bool violations_begun;
	struct section violations, unknowns;
};

const struct text_limits *text_limits(const struct rendering *r)
{
	static const struct text_limits all = { SIZE_MAX, SIZE_MAX,
						SIZE_MAX, COVERAGE_MISSED_MAX,
						SIZE_MAX, SIZE_MAX,
						SIZE_MAX },
					most = { 40,      15,
						 10,      COVERAGE_MISSED_MAX,
						 20,      SIZE_MAX,
						 SIZE_MAX },
					brief = { 8, 8, 4, 5, 3, 40, 20 };

	if (r->about->full)
		return &all;
	return r->about->score->total.hosts > FEW_HOSTS ? &brief : &most;
}

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

static void put_unknown(struct rendering *r, const struct judgement *j)
{
	FILE *out = r->out;
	const struct fact_error *e = &j->facts->error;
	const char *why = phrase_unknown_host(j);
	char text[900];

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

typedef void (*put_host_fn)(struct rendering *r, const struct judgement *j);

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* One host to `out`, unless its section is full. */
static void put_host(struct rendering *r, const struct judgement *j, put_host_fn put,
		     FILE *out, struct section *section, size_t most)
{
	struct rendering one = *r;
	struct memory_stream memory;
	char *text = NULL;
	size_t lines;

	if (section->left_out) {
		section->left_out++;
		return;
	}
	if (memory_stream_open(&memory)) {
		one.out = memory.out;
		put(&one, j);
		text = memory_stream_close(&memory);
	}
	if (!text) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	lines = count_lines(text);
	if (lines > most - section->lines && section->lines > 0)
		section->left_out++;
	else
		fputs(text, out);
	section->lines += lines < most - section->lines ? lines : most - section->lines;
	free(text);
}

static void put_left_out(FILE *out, const struct section *section)
{
	if (section->left_out)
		fprintf(out, "  and %zu more host%s: --full, or -o csv\n",
			section->left_out, section->left_out == 1 ? "" : "s");
}

static void text_host(struct rendering *r, const struct judgement *j,
		      const struct judgement *compared)
{
	struct text *text = r->state;

	(void)compared;
	if (j->verdict == VERDICT_VIOLATION) {
		if (!text->violations_begun)
			text_heading(r, r->out, "VIOLATIONS");
		text->violations_begun = true;
		put_host(r, j, put_violations, r->out, &text->violations,
			 text_limits(r)->violation_lines);
	} else if (j->verdict == VERDICT_UNKNOWN && text->unknown) {
		put_host(r, j, put_unknown, text->unknown, &text->unknowns,
			 text_limits(r)->unknown_lines);
	}
}

static void text_end(struct rendering *r)
{
	struct text *text = r->state;

	put_left_out(r->out, &text->violations);
	if (!text->unknown)
		return;
	text_heading(r, r->out, "NOT ASSESSED (unknown is never counted as compliant)");
	rendering_append(r, text->unknown);
	put_left_out(r->out, &text->unknowns);
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
