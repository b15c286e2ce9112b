/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prometheus.c - metrics for a textfile collector (text exposition format 0.0.4).
 *
 * Labels are bounded: no metric has a host in it, and of principals only the
 * UNEXPECTED_MAX that hold most against the baseline.  Each sample says of which baseline
 * and domain it is (prometheus_labels.c).  The sweep's end, not the file's
 * age, says how old the numbers are.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/files/memory_stream.h"
#include "report/render/prometheus_internal.h"
#include "report/text/escape.h"
#include "report/text/identity.h"
#include "report/text/timestamp.h"
#include "report/render/render.h"
#include "report/render/phrases.h"
#include "report/render/ranking.h"

#define UNEXPECTED_MAX 20
#define SID_MAX        100

static void about(FILE *out, const char *metric, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", metric, help, metric);
}

static void put_hosts(FILE *out, const struct scorecard *s)
{
	about(out, "lsasweep_hosts",
	      "Hosts by role and verdict of the deciding baseline.");
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		const struct score_counts *c = &s->roles[i].counts;
		const char *role = role_word((enum role)i);

		fprintf(out, "lsasweep_hosts{role=\"%s\",verdict=\"compliant\"} %zu\n",
			role, c->compliant);
		fprintf(out, "lsasweep_hosts{role=\"%s\",verdict=\"violation\"} %zu\n",
			role, c->violation);
		fprintf(out, "lsasweep_hosts{role=\"%s\",verdict=\"unknown\"} %zu\n",
			role, c->unknown);
	}
	about(out, "lsasweep_outcomes", "Hosts by outcome.");
	for (unsigned i = 0; i < HOST_OUTCOME_COUNT; i++)
		fprintf(out, "lsasweep_outcomes{outcome=\"%s\"} %zu\n",
			host_outcome_word((enum host_outcome)i), s->outcomes[i]);
}

/* Calls `put` for each right of each role that is in the catalogue: other names may come
 * from a file, and be as many and as alike as its author likes. */
static void each_right(FILE *out, const struct scorecard *s,
		       void (*put)(FILE *out, const char *role,
				   const struct score_right *r))
{
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		for (size_t k = 0; k < s->roles[i].right_count; k++)
			if (s->roles[i].rights[k].right)
				put(out, role_word((enum role)i), &s->roles[i].rights[k]);
}

static void right_sample(FILE *out, const char *metric, const char *role,
			 const char *right, const char *label, const char *word, size_t n)
{
	fprintf(out, "%s{role=\"%s\",right=", metric, role);
	escape_label(out, right);
	fprintf(out, ",%s=\"%s\"} %zu\n", label, word, n);
}

static void put_verdicts(FILE *out, const char *role, const struct score_right *r)
{
	const char *metric = "lsasweep_right_hosts";

	right_sample(out, metric, role, r->name, "verdict", "compliant", r->compliant);
	right_sample(out, metric, role, r->name, "verdict", "violation", r->violation);
	right_sample(out, metric, role, r->name, "verdict", "unknown", r->unknown);
	right_sample(out, metric, role, r->name, "verdict", "not_applicable",
		     r->not_applicable);
}

static void put_right_outcomes(FILE *out, const char *role, const struct score_right *r)
{
	for (unsigned i = 0; i < RIGHT_OUTCOME_COUNT; i++)
		right_sample(out, "lsasweep_right_outcomes", role, r->name, "outcome",
			     right_outcome_word((enum right_outcome)i), r->outcomes[i]);
}

/* What a file named may be anything, and two of it look alike once they are escaped. */
static void put_id(struct rendering *r, const char *text)
{
	char *id = identity_of(text, "");

	if (!id)
		r->fault = RENDERING_NO_MEMORY;
	escape_label(r->out, id ? id : "");
	free(id);
}

static void put_unexpected(struct rendering *r, const struct scorecard *s)
{
	size_t count, all;
	struct unexpected *list = ranking_unexpected(s, UNEXPECTED_MAX, &count, &all);
	FILE *out = r->out;

	if (!list) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	about(out, "lsasweep_unexpected_holder_hosts",
	      "Hosts on which a principal holds a right that the baseline does not "
	      "allow: "
	      "the 20 most severe, and of these the most widespread.");
	for (size_t i = 0; i < count; i++)
		for (unsigned role = 0; role < ROLE_COUNT; role++) {
			/* A name in place of a SID may be cut, and then not be unique. */
			if (!list[i].grant->unexpected[role] ||
			    strlen(list[i].principal->sid) > SID_MAX)
				continue;
			fprintf(out,
				"lsasweep_unexpected_holder_hosts{role=\"%s\",right=",
				role_word((enum role)role));
			put_id(r, list[i].grant->right);
			fputs(",sid=", out);
			put_id(r, list[i].principal->sid);
			fputs(",name=", out);
			escape_label(out, list[i].principal->name);
			fprintf(out, "} %zu\n", list[i].grant->unexpected[role]);
		}
	about(out, "lsasweep_unexpected_holders",
	      "Pairs of a principal and a right that the baseline does not allow.");
	fprintf(out, "lsasweep_unexpected_holders %zu\n", all);
	free(list);
}

static void put_suspect(FILE *out, const struct scorecard *s)
{
	about(out, "lsasweep_collection_suspect_hosts",
	      "Hosts with an answer that cannot be complete: in violation and assessed, "
	      "or "
	      "unknown and not assessed.");
	fprintf(out, "lsasweep_collection_suspect_hosts{assessed=\"yes\"} %zu\n",
		s->suspect_assessed);
	fprintf(out, "lsasweep_collection_suspect_hosts{assessed=\"no\"} %zu\n",
		s->suspect - s->suspect_assessed);
}

/* Names of sites are at most 63 characters, so that none is cut here. */
static void put_sites(FILE *out, const struct coverage *c, bool assessed)
{
	struct coverage_row row;

	for (size_t i = 0; coverage_row(c, i, &row); i++) {
		if (strcmp(row.by, "site") != 0)
			continue;
		fprintf(out, "lsasweep_directory_site_%s{site=",
			assessed ? "assessed" : "asked");
		escape_label(out, row.name ? row.name : "");
		fprintf(out, "} %zu\n",
			assessed ? row.counts.assessed : row.counts.asked);
	}
}

static void put_coverage(FILE *out, const struct coverage *c, size_t conflicts)
{
	if (!c || !c->known)
		return;
	about(out, "lsasweep_directory_computers",
	      "Computers that Active Directory lists: in scope, or left out and why.");
	fprintf(out, "lsasweep_directory_computers{state=\"in_scope\"} %llu\n",
		(unsigned long long)c->computers.in_scope);
	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		fprintf(out, "lsasweep_directory_computers{state=\"%s\"} %llu\n",
			computer_reason_word((enum computer_reason)i),
			(unsigned long long)c->computers.left_out[i]);
	about(out, "lsasweep_directory_asked",
	      "Computers in scope that have a record, by role.");
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		fprintf(out, "lsasweep_directory_asked{role=\"%s\"} %zu\n",
			role_word((enum role)i), c->roles[i].asked);
	about(out, "lsasweep_directory_assessed",
	      "Computers in scope that were assessed, by role.");
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		fprintf(out, "lsasweep_directory_assessed{role=\"%s\"} %zu\n",
			role_word((enum role)i), c->roles[i].assessed);
	about(out, "lsasweep_directory_not_listed",
	      "Hosts that answered and that Active Directory does not list.");
	fprintf(out, "lsasweep_directory_not_listed %zu\n", c->strangers);
	about(out, "lsasweep_directory_site_asked",
	      "Computers in scope that have a record, by site; empty: not known.");
	put_sites(out, c, false);
	about(out, "lsasweep_directory_site_assessed",
	      "Computers in scope that were assessed, by site.");
	put_sites(out, c, true);
	about(out, "lsasweep_directory_conflicts",
	      "Hosts whose name, domain or build is not that of their account.");
	fprintf(out, "lsasweep_directory_conflicts %zu\n", conflicts);
}

static void put_findings(FILE *out, const struct scorecard *s)
{
	about(out, "lsasweep_findings", "Findings that count, by severity.");
	for (unsigned i = SEVERITY_LOW; i < SEVERITY_COUNT; i++)
		fprintf(out, "lsasweep_findings{severity=\"%s\"} %zu\n",
			severity_word((enum severity)i), s->findings[i]);
	about(out, "lsasweep_findings_waived", "Findings that a waiver covers.");
	fprintf(out, "lsasweep_findings_waived %zu\n", s->findings_waived);
}

static void put_timestamp(FILE *out, const char *metric, const char *help,
			  const char *timestamp)
{
	int64_t ms;

	if (!timestamp_parse(timestamp, &ms))
		return;
	about(out, metric, help);
	fprintf(out, "%s %" PRId64 ".%03" PRId64 "\n", metric, ms / 1000, ms % 1000);
}

static void put_sweep(FILE *out, const struct render_context *c)
{
	const struct journal_info *info = c->journal;

	about(out, "lsasweep_baseline_info", "The deciding baseline; always 1.");
	fputs("lsasweep_baseline_info{name=", out);
	escape_label(out, c->score->baseline->name);
	fputs(",version=", out);
	escape_label(out, c->score->baseline->version);
	fputs("} 1\n", out);
	about(out, "lsasweep_targets_unrecorded",
	      "Targets without a record in their journal.");
	fprintf(out, "lsasweep_targets_unrecorded %zu\n", c->unrecorded);
	about(out, "lsasweep_journals_unfinished",
	      "Journals without a trailer: sweeps cut short.");
	fprintf(out, "lsasweep_journals_unfinished %zu\n", info->unfinished);
	put_timestamp(out, "lsasweep_sweep_started_timestamp_seconds",
		      "When the sweep began, in seconds since 1970.", info->started);
	put_timestamp(out, "lsasweep_sweep_finished_timestamp_seconds",
		      "When the sweep ended, in seconds since 1970.", info->finished);
}

static void put_all(struct rendering *r)
{
	const struct scorecard *s = r->about->score;

	put_sweep(r->out, r->about);
	put_hosts(r->out, s);
	put_suspect(r->out, s);
	put_coverage(r->out, r->about->coverage, r->about->score->directory_conflicts);
	about(r->out, "lsasweep_right_hosts", "Hosts by role, right and verdict.");
	each_right(r->out, s, put_verdicts);
	about(r->out, "lsasweep_right_outcomes", "Hosts by role, right and outcome.");
	each_right(r->out, s, put_right_outcomes);
	put_findings(r->out, s);
	put_unexpected(r, s);
}

static void prometheus_begin(struct rendering *r)
{
	struct rendering bare = *r;
	struct memory_stream memory;
	char *samples = NULL;

	if (memory_stream_open(&memory)) {
		bare.out = memory.out;
		put_all(&bare);
		samples = memory_stream_close(&memory);
	}
	if (samples && !bare.fault)
		prometheus_put(r, samples);
	else
		r->fault = RENDERING_NO_MEMORY;
	free(samples);
}

const struct renderer renderer_prometheus = {
	.name = "prometheus",
	.suffix = "prom",
	.about = "metrics for a textfile collector",
	.mode = 0644, /* node_exporter reads it by another account; it names no host */
	.begin = prometheus_begin,
};
