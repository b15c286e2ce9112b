/* SPDX-License-Identifier: Apache-2.0 */
/*
 * junit.c - test results: a suite a role, a case a host and right.
 *
 * A violation is a failure, an unknown an error (never a skip, which build servers count
 * as good), a right without a rule is skipped.  Suites need their counts first and their
 * hosts together, so cases go through a temporary file a role.
 */
#include <stdlib.h>

#include "report/facts/windows_build.h"
#include "report/text/escape.h"
#include "report/text/identity.h"
#include "report/render/render.h"
#include "report/files/temporary_file.h"
#include "report/render/phrases.h"

enum count { CASES, FAILURES, ERRORS, SKIPPED, COUNTS };

struct junit {
	FILE *cases[ROLE_COUNT]; /* temporary files; NULL: no host of that role */
	size_t counts[ROLE_COUNT][COUNTS];
};

static void junit_begin(struct rendering *r)
{
	struct junit *junit = r->state;

	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		if (!r->about->score->roles[i].counts.hosts)
			continue;
		junit->cases[i] = temporary_file_take();
		if (!junit->cases[i])
			r->fault = RENDERING_NO_TEMPORARY_FILE;
	}
}

/* An id in an attribute: no two hosts or rights may share one.  Takes it; NULL: there was
 * no memory for it. */
static void put_id(struct rendering *r, FILE *out, char *id)
{
	if (!id)
		r->fault = RENDERING_NO_MEMORY;
	escape_xml(out, id);
	free(id);
}

static void open_case(struct rendering *r, FILE *out, const struct facts *f,
		      const char *right)
{
	fprintf(out, "  <testcase classname=\"%s", role_word(f->role));
	if (right) {
		fputc('.', out);
		put_id(r, out, identity_of(right, ""));
	}
	fputs("\" name=\"", out);
	put_id(r, out, identity_of_host(f->host, f->port));
	fprintf(out, "\" time=\"%.3f\">",
		f->timing.total > 0 ? f->timing.total / 1000 : 0.0);
}

/* True when there was one to list. */
static bool put_list(FILE *out, const char *title, const struct finding *f, size_t count,
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
	return before != title;
}

/* Who it is, where that is not the name of the case. */
static void put_names(FILE *out, const struct facts *f)
{
	char windows[WINDOWS_NAME_MAX];
	const char *parts[] = { phrase_alias(f), f->address, windows_name(f, windows) };
	const char *before = "host: ";

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i])
			continue;
		fputs(before, out);
		escape_xml(out, parts[i]);
		before = ", ";
	}
	if (before[0] == ',')
		fputc('\n', out);
}

static void put_failure(FILE *out, const struct facts *f,
			const struct right_judgement *right)
{
	bool listed;
	char remediation[JUDGE_REMEDIATION_ROOM];

	fputs("<failure type=\"violation\" message=\"", out);
	listed = put_list(out, "unexpected: ", right->holders, right->holder_count,
			  false);
	put_list(out, listed ? "; missing: " : "missing: ", right->missing,
		 right->missing_count, true);
	fputs("\">", out);
	put_names(out, f);
	for (size_t i = 0; i < right->holder_count + right->missing_count; i++) {
		const struct finding *found =
			i < right->holder_count
				? &right->holders[i]
				: &right->missing[i - right->holder_count];

		if (found->kind == FINDING_NONE || found->waived)
			continue;
		escape_xml(out, severity_word(found->severity));
		fputs(": ", out);
		escape_xml(out, found->sid);
		fputc(' ', out);
		escape_xml(out, judge_remediation(right, found, remediation,
						  sizeof(remediation)));
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
	struct junit *junit = r->state;
	enum role role = j->facts->role;
	FILE *out = junit->cases[role];

	junit->counts[role][CASES]++;
	open_case(r, out, j->facts, right->fact->name);
	if (right->verdict == VERDICT_VIOLATION) {
		junit->counts[role][FAILURES]++;
		put_failure(out, j->facts, right);
	} else if (right->verdict == VERDICT_UNKNOWN) {
		junit->counts[role][ERRORS]++;
		put_error(out, finding_id(right->kind), phrase_unknown_right(right));
	} else if (right->verdict == VERDICT_NOT_APPLICABLE) {
		junit->counts[role][SKIPPED]++;
		fputs("<skipped/>", out);
	}
	fputs("</testcase>\n", out);
}

static void junit_host(struct rendering *r, const struct judgement *j,
		       const struct judgement *compared)
{
	struct junit *junit = r->state;
	enum role role = j->facts->role;

	(void)compared;
	if (!junit->cases[role])
		return;
	for (size_t i = 0; i < j->right_count; i++)
		put_case(r, j, &j->rights[i]);
	if (j->right_count)
		return;
	junit->counts[role][CASES]++;
	junit->counts[role][ERRORS]++;
	open_case(r, junit->cases[role], j->facts, NULL);
	put_error(junit->cases[role], host_outcome_word(j->facts->outcome),
		  phrase_unknown_host(j));
	fputs("</testcase>\n", junit->cases[role]);
}

static void put_suite(struct rendering *r, unsigned role)
{
	const struct junit *junit = r->state;
	const size_t *n = junit->counts[role];

	fprintf(r->out,
		" <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		"skipped=\"%zu\">\n",
		role_word((enum role)role), n[CASES], n[FAILURES], n[ERRORS], n[SKIPPED]);
	rendering_append(r, junit->cases[role]);
	fputs(" </testsuite>\n", r->out);
}

static void put_property(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, "  <property name=\"directory.%s\" value=\"%llu\"/>\n", name,
		(unsigned long long)value);
}

/* "directory.site.Paris.asked" */
static void put_group(FILE *out, const struct coverage_row *row, const char *what,
		      size_t value)
{
	fprintf(out, "  <property name=\"directory.%s.", row->by);
	escape_xml(out, row->name ? row->name : "(not in the directory)");
	fprintf(out, ".%s\" value=\"%zu\"/>\n", what, value);
}

/* Readers of JUnit show the properties of a suite: this one has no cases. */
static void put_coverage(FILE *out, const struct coverage *c, size_t conflicts)
{
	struct coverage_row row;

	if (!c || !c->known)
		return;
	fputs(" <testsuite name=\"directory\" tests=\"0\" failures=\"0\" errors=\"0\" "
	      "skipped=\"0\">\n <properties>\n",
	      out);
	put_property(out, "computers", c->computers.total);
	put_property(out, "in_scope", c->computers.in_scope);
	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		put_property(out, computer_reason_word((enum computer_reason)i),
			     c->computers.left_out[i]);
	put_property(out, "asked", c->total.asked);
	put_property(out, "assessed", c->total.assessed);
	put_property(out, "not_listed", c->strangers);
	put_property(out, "conflicts", conflicts);
	for (size_t i = 0; coverage_row(c, i, &row); i++) {
		put_group(out, &row, "asked", row.counts.asked);
		put_group(out, &row, "assessed", row.counts.assessed);
	}
	fputs(" </properties>\n </testsuite>\n", out);
}

static void junit_end(struct rendering *r)
{
	const struct junit *junit = r->state;
	size_t sums[COUNTS] = { 0 };

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		for (unsigned k = 0; k < COUNTS; k++)
			sums[k] += junit->counts[i][k];
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lsasweep ",
	      r->out);
	escape_xml(r->out, r->about->score->baseline->name);
	fprintf(r->out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
		sums[CASES], sums[FAILURES], sums[ERRORS]);
	put_coverage(r->out, r->about->coverage, r->about->score->directory_conflicts);
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		put_suite(r, i);
	fputs("</testsuites>\n", r->out);
}

static void junit_release(void *state)
{
	struct junit *junit = state;

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (junit->cases[i])
			fclose(junit->cases[i]);
}

const struct renderer renderer_junit = {
	.name = "junit",
	.suffix = "xml",
	.about = "test results, a suite a role",
	.mode = 0600,
	.temporary_files = ROLE_COUNT,
	.state_size = sizeof(struct junit),
	.begin = junit_begin,
	.host = junit_host,
	.end = junit_end,
	.release = junit_release,
};
