/* SPDX-License-Identifier: Apache-2.0 */
/*
 * junit.c - test results: a suite a role, a case a host and right.
 *
 * A violation is a failure, an unknown an error (never a skip, which build servers count
 * as good), a right without a rule is skipped.  Suites need their counts first and their
 * hosts together, so cases go through a temporary file a role.
 */
#include "report/text/escape.h"
#include "report/render/render.h"
#include "report/files/temporary_file.h"
#include "report/render/phrases.h"

enum { CASES, FAILURES, ERRORS, SKIPPED };

void render_junit_begin(struct rendering *r)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (r->about->score->roles[i].counts.hosts)
			r->failed |= !(r->spool[i] = temporary_file_take());
}

static void open_case(FILE *out, const struct facts *f, const char *right)
{
	fputs("  <testcase classname=\"", out);
	escape_xml(out, role_word(f->role));
	fputs(right ? "." : "", out);
	escape_xml(out, right);
	fputs("\" name=\"", out);
	escape_xml(out, f->host);
	if (f->port != 445)
		fprintf(out, ":%u", f->port);
	fprintf(out, "\" time=\"%.3f\">",
		f->timing.total > 0 ? f->timing.total / 1000 : 0.0);
}

static void put_list(FILE *out, const char *title, const struct finding *f, size_t count,
		     bool all)
{
	const char *before = title;

	for (size_t i = 0; i < count; i++) {
		if (!all && (!phrase_unexpected(&f[i]) || f[i].waived))
			continue;
		if (all && f[i].waived)
			continue;
		fputs(before, out);
		escape_xml(out, f[i].name ? f[i].name : f[i].sid);
		before = ", ";
	}
}

static void put_failure(FILE *out, const struct right_judgement *right)
{
	char mend[1200];

	fputs("<failure type=\"violation\" message=\"", out);
	put_list(out, "unexpected: ", right->holders, right->holder_count, false);
	put_list(out, " missing: ", right->missing, right->missing_count, true);
	fputs("\">", out);
	for (size_t i = 0; i < right->holder_count + right->missing_count; i++) {
		const struct finding *f =
			i < right->holder_count
				? &right->holders[i]
				: &right->missing[i - right->holder_count];

		if (f->kind == FINDING_NONE || f->waived)
			continue;
		escape_xml(out, severity_word(f->severity));
		fputs(": ", out);
		escape_xml(out, f->sid);
		fputc(' ', out);
		escape_xml(out, judge_mend(right, f, mend, sizeof(mend)));
		fputc('\n', out);
	}
	fputs("</failure>", out);
}

static void put_error(FILE *out, const char *type, const char *why)
{
	fputs("<error type=\"", out);
	escape_xml(out, type);
	fputs("\" message=\"", out);
	escape_xml(out, why ? why : "not assessed");
	fputs("\"/>", out);
}

static void put_case(struct rendering *r, const struct judgement *j,
		     const struct right_judgement *right)
{
	enum role role = j->facts->role;
	FILE *out = r->spool[role];

	r->spooled[role][CASES]++;
	open_case(out, j->facts, right->fact->name);
	if (right->verdict == VERDICT_VIOLATION) {
		r->spooled[role][FAILURES]++;
		put_failure(out, right);
	} else if (right->verdict == VERDICT_UNKNOWN) {
		r->spooled[role][ERRORS]++;
		put_error(out, finding_id(right->kind), phrase_unknown_right(right));
	} else if (right->verdict == VERDICT_NOT_APPLICABLE) {
		r->spooled[role][SKIPPED]++;
		fputs("<skipped/>", out);
	}
	fputs("</testcase>\n", out);
}

void render_junit_host(struct rendering *r, const struct judgement *j,
		       const struct judgement *beside)
{
	enum role role = j->facts->role;

	(void)beside;
	if (!r->spool[role])
		return;
	for (size_t i = 0; i < j->right_count; i++)
		put_case(r, j, &j->rights[i]);
	if (j->right_count)
		return;
	r->spooled[role][CASES]++;
	r->spooled[role][ERRORS]++;
	open_case(r->spool[role], j->facts, NULL);
	put_error(r->spool[role], host_outcome_word(j->facts->outcome),
		  phrase_unknown_host(j));
	fputs("</testcase>\n", r->spool[role]);
}

static void put_suite(struct rendering *r, unsigned role)
{
	const size_t *n = r->spooled[role];
	char buffer[1 << 14];
	size_t got;

	fprintf(r->out,
		" <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		"skipped=\"%zu\">\n",
		role_word((enum role)role), n[CASES], n[FAILURES], n[ERRORS], n[SKIPPED]);
	if (r->spool[role]) {
		rewind(r->spool[role]);
		while ((got = fread(buffer, 1, sizeof(buffer), r->spool[role])) > 0)
			fwrite(buffer, 1, got, r->out);
	}
	fputs(" </testsuite>\n", r->out);
}

void render_junit_end(struct rendering *r)
{
	size_t sums[4] = { 0 };

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		for (unsigned k = 0; k < 4; k++)
			sums[k] += r->spooled[i][k];
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lsasweep ",
	      r->out);
	escape_xml(r->out, r->about->score->baseline->name);
	fprintf(r->out,
		"\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
		sums[CASES], sums[FAILURES], sums[ERRORS], sums[SKIPPED]);
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		put_suite(r, i);
	fputs("</testsuites>\n", r->out);
}
