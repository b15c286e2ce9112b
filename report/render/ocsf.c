/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ocsf.c - OCSF 1.3.0 Compliance Findings (class 2003), an event a line: one for
 * each host and right, compliant ones too, and one for a host that was not asked for any;
 * one for the coverage of the directory that gave the targets.
 *
 * What is not known is status 2 (Warning: no result for lack of information), never
 * a pass.
 */
#include <stdint.h>
#include <stdlib.h>

#include "report/directory/directory_json.h"
#include "report/files/memory_stream.h"
#include "report/text/identity.h"
#include "report/text/timestamp.h"
#include "report/text/json_write.h"
#include "report/render/render.h"
#include "report/render/phrases.h"

/* OCSF severity_id and its caption. */
static const struct {
	unsigned id;
	const char *caption;
} severities[SEVERITY_COUNT] = {
	[SEVERITY_NONE] = { 1, "Informational" }, [SEVERITY_LOW] = { 2, "Low" },
	[SEVERITY_MEDIUM] = { 3, "Medium" },      [SEVERITY_HIGH] = { 4, "High" },
	[SEVERITY_CRITICAL] = { 5, "Critical" },
};

static const struct {
	unsigned id;
	const char *caption;
} statuses[VERDICT_COUNT] = {
	[VERDICT_COMPLIANT] = { 1, "Pass" },
	[VERDICT_VIOLATION] = { 3, "Fail" },
	[VERDICT_UNKNOWN] = { 2, "Warning" },
	[VERDICT_NOT_APPLICABLE] = { 99, "Not applicable" },
};

static enum severity worst(const struct right_judgement *right)
{
	enum severity worst = SEVERITY_NONE;

	if (right->verdict != VERDICT_VIOLATION)
		return SEVERITY_NONE;
	for (size_t i = 0; i < right->holder_count; i++)
		if (!right->holders[i].waived && right->holders[i].severity > worst)
			worst = right->holders[i].severity;
	for (size_t i = 0; i < right->missing_count; i++)
		if (!right->missing[i].waived && right->missing[i].severity > worst)
			worst = right->missing[i].severity;
	return worst;
}

static void put_class(struct json *j, enum severity severity)
{
	json_number(j, "activity_id", 1);
	json_text(j, "activity_name", "Create");
	json_number(j, "category_uid", 2);
	json_text(j, "category_name", "Findings");
	json_number(j, "class_uid", 2003);
	json_text(j, "class_name", "Compliance Finding");
	json_number(j, "type_uid", 200301);
	json_text(j, "type_name", "Compliance Finding: Create");
	json_number(j, "severity_id", severities[severity].id);
	json_text(j, "severity", severities[severity].caption);
	json_number(j, "status_id", 1);
	json_text(j, "status", "New");
}

static void put_metadata(struct json *j, const struct facts *f)
{
	json_open(j, "metadata", '{');
	json_text(j, "version", "1.3.0");
	json_open(j, "product", '{');
	json_text(j, "name", "lsasweep");
	json_text(j, "vendor_name", "lsasweep");
	json_text(j, "version", LSASWEEP_VERSION);
	json_close(j, '}');
	json_text_if(j, "correlation_uid", f->sweep);
	json_close(j, '}');
}

/* The same finding of the next sweep has the same uid, and no other one has it. */
static void put_uid(struct rendering *r, struct json *j, const struct judgement *judged,
		    const char *name)
{
	char *baseline = identity_of(judged->baseline->name, ":");
	char *right = identity_of(name, ":");
	char *host = identity_of(judged->facts->host, "");
	char *uid = NULL;

	if (!baseline || !right || !host ||
	    asprintf(&uid, "lsasweep:%s:%s:%s:%u", baseline, right, host,
		     judged->facts->port) < 0) {
		r->fault = RENDERING_NO_MEMORY;
		uid = NULL;
	}
	json_text(j, "uid", uid);
	free(uid);
	free(baseline);
	free(right);
	free(host);
}

static void put_finding_info(struct rendering *r, struct json *j,
			     const struct judgement *judged,
			     const struct right_judgement *right, size_t time)
{
	const char *name = right ? right->fact->name : "host";

	json_open(j, "finding_info", '{');
	put_uid(r, j, judged, name);
	json_text(j, "title", right && right->right ? right->right->policy : name);
	json_text_if(j, "desc", right && right->right ? right->right->risk : NULL);
	json_number(j, "created_time", time);
	json_close(j, '}');
}

static void put_compliance(struct json *j, const struct judgement *judged,
			   const struct right_judgement *right)
{
	enum verdict verdict = right ? right->verdict : judged->verdict;
	const char *rule = right && right->rule ? right->rule->rule : NULL;
	const char *name = right ? right->fact->name : "host";
	const char *why = right ? phrase_unknown_right(right)
				: phrase_unknown_host(judged);

	json_open(j, "compliance", '{');
	json_open(j, "standards", '[');
	json_text(j, NULL, judged->baseline->name);
	json_close(j, ']');
	json_text(j, "control", rule ? rule : name);
	json_open(j, "requirements", '[');
	json_text(j, NULL, name);
	json_close(j, ']');
	json_number(j, "status_id", statuses[verdict].id);
	json_text(j, "status", statuses[verdict].caption);
	json_text(j, "status_code",
		  right ? right_outcome_word(right->fact->outcome)
			: host_outcome_word(judged->facts->outcome));
	if (verdict == VERDICT_UNKNOWN)
		json_text_if(j, "status_detail", why);
	json_close(j, '}');
}

/* The host that was asked: what it calls itself may be another's name. */
static void put_resource(struct rendering *r, struct json *j, const struct facts *f)
{
	char *uid = identity_of_host(f->host, f->port);

	if (!uid)
		r->fault = RENDERING_NO_MEMORY;
	json_open(j, "resources", '[');
	json_open(j, NULL, '{');
	json_text(j, "name", f->host);
	json_text(j, "type", "host");
	json_text_if(j, "uid", uid);
	json_text_if(j, "version", f->os_version);
	json_open(j, "labels", '[');
	json_text(j, NULL, role_word(f->role));
	for (size_t i = 0; i < f->tag_count; i++)
		json_text(j, NULL, f->tags[i]);
	json_close(j, ']');
	if (f->dns_name || f->netbios_name) {
		json_open(j, "data", '{');
		json_text_if(j, "dns_name", f->dns_name);
		json_text_if(j, "netbios_name", f->netbios_name);
		json_close(j, '}');
	}
	json_close(j, '}');
	json_close(j, ']');
	free(uid);
}

static void put_remediations(FILE *out, const struct right_judgement *right)
{
	char remediation[JUDGE_REMEDIATION_ROOM];
	const char *between = "";

	for (size_t i = 0; i < right->holder_count + right->missing_count; i++) {
		const struct finding *f =
			i < right->holder_count
				? &right->holders[i]
				: &right->missing[i - right->holder_count];

		if (f->kind == FINDING_NONE || f->waived)
			continue;
		fprintf(out, "%s%s", between,
			judge_remediation(right, f, remediation, sizeof(remediation)));
		between = " ";
	}
}

/* What to change, all findings of the right in one text: `references` are for links. */
static void put_remediation(struct rendering *r, struct json *j,
			    const struct right_judgement *right)
{
	struct memory_stream all;
	char *text = NULL;

	if (right->verdict != VERDICT_VIOLATION) {
		if (right->kind == FINDING_NONE)
			return;
		json_open(j, "remediation", '{');
		json_text(j, "desc", finding_remediation(right->kind));
		json_close(j, '}');
		return;
	}
	if (memory_stream_open(&all)) {
		put_remediations(all.out, right);
		text = memory_stream_close(&all);
	}
	if (!text)
		r->fault = RENDERING_NO_MEMORY;
	json_open(j, "remediation", '{');
	json_text(j, "desc", text);
	json_close(j, '}');
	free(text);
}

/* The holders themselves. */
static void put_holders(struct json *j, const struct right_judgement *right)
{
	json_open(j, "holders", '[');
	for (size_t i = 0; i < right->holder_count + right->missing_count; i++) {
		const struct finding *f =
			i < right->holder_count
				? &right->holders[i]
				: &right->missing[i - right->holder_count];

		json_open(j, NULL, '{');
		json_text(j, "sid", f->sid);
		json_text(j, "name", f->name);
		json_text(j, "label", label_word(f->label));
		json_bool(j, "waived", f->waived);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* OCSF has no place for what a directory says of a resource, nor for holders. */
static void put_directory(struct json *j, const struct judgement *judged)
{
	const struct directory_fact *d = judged->facts->directory;

	if (!d)
		return;
	json_open(j, "directory", '{');
	json_text(j, "ou", d->ou);
	json_text(j, "site", d->site);
	json_text(j, "last_logon", d->last_logon);
	json_text(j, "conflict", judged->directory_conflict);
	json_close(j, '}');
}

static void put_event(struct rendering *r, const struct judgement *judged,
		      const struct right_judgement *right)
{
	struct json j = { .out = r->out };
	int64_t ms = 0;

	timestamp_parse(judged->facts->timestamp, &ms);
	json_open(&j, NULL, '{');
	put_class(&j, right ? worst(right) : SEVERITY_NONE);
	json_number(&j, "time", (size_t)ms);
	json_text_if(&j, "message",
		     right ? phrase_unknown_right(right) : phrase_unknown_host(judged));
	put_metadata(&j, judged->facts);
	put_finding_info(r, &j, judged, right, (size_t)ms);
	put_compliance(&j, judged, right);
	put_resource(r, &j, judged->facts);
	if (right) {
		put_remediation(r, &j, right);
	}
	if (right || judged->facts->directory) {
		json_open(&j, "unmapped", '{');
		put_directory(&j, judged);
		if (right)
			put_holders(&j, right);
		json_close(&j, '}');
	}
	json_close(&j, '}');
	fputc('\n', r->out);
}

static void ocsf_host(struct rendering *r, const struct judgement *j,
		      const struct judgement *compared)
{
	(void)compared;
	for (size_t i = 0; i < j->right_count; i++)
		put_event(r, j, &j->rights[i]);
	if (j->right_count == 0)
		put_event(r, j, NULL);
}

/* ---- coverage: one event more ---- */

static void put_groups(struct json *j, const struct coverage *c)
{
	struct coverage_row row;

	json_open(j, "groups", '[');
	for (size_t i = 0; coverage_row(c, i, &row); i++) {
		json_open(j, NULL, '{');
		json_text(j, "by", row.by);
		json_text(j, "name", row.name);
		json_number(j, "asked", row.counts.asked);
		json_number(j, "assessed", row.counts.assessed);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_coverage_compliance(struct json *j, const struct coverage *c,
				    const char *baseline)
{
	enum verdict verdict = c->total.assessed == c->computers.in_scope
				       ? VERDICT_COMPLIANT
				       : VERDICT_UNKNOWN;
	char counts[DIRECTORY_COUNTS_TEXT];

	json_open(j, "compliance", '{');
	json_open(j, "standards", '[');
	json_text(j, NULL, baseline);
	json_close(j, ']');
	json_text(j, "control", "coverage");
	json_number(j, "status_id", statuses[verdict].id);
	json_text(j, "status", statuses[verdict].caption);
	json_text(j, "status_detail",
		  directory_counts_write(&c->computers, counts, sizeof(counts)));
	json_close(j, '}');
}

static void put_coverage_info(struct rendering *r, struct json *j, size_t time)
{
	char *baseline = identity_of(r->about->score->baseline->name, ":");
	char *uid = NULL;

	if (!baseline || asprintf(&uid, "lsasweep:%s:coverage", baseline) < 0) {
		r->fault = RENDERING_NO_MEMORY;
		uid = NULL;
	}
	json_open(j, "finding_info", '{');
	json_text(j, "uid", uid);
	json_text(j, "title", "Coverage of Active Directory");
	json_number(j, "created_time", time);
	json_close(j, '}');
	free(uid);
	free(baseline);
}

static void ocsf_end(struct rendering *r)
{
	const struct coverage *c = r->about->coverage;
	const struct journal_info *info = r->about->journal;
	const struct facts of_sweep = { .sweep = info ? info->sweep : NULL };
	struct json j = { .out = r->out };
	int64_t ms = 0;

	if (!c || !c->known)
		return;
	if (info && info->finished)
		timestamp_parse(info->finished, &ms);
	json_open(&j, NULL, '{');
	put_class(&j, SEVERITY_NONE);
	json_number(&j, "time", (size_t)ms);
	put_metadata(&j, &of_sweep);
	put_coverage_info(r, &j, (size_t)ms);
	put_coverage_compliance(&j, c, r->about->score->baseline->name);
	json_open(&j, "unmapped", '{');
	json_number(&j, "asked", c->total.asked);
	json_number(&j, "assessed", c->total.assessed);
	json_number(&j, "not_listed", c->strangers);
	directory_counts_json(&j, &c->computers);
	put_groups(&j, c);
	json_close(&j, '}');
	json_close(&j, '}');
	fputc('\n', r->out);
}

const struct renderer renderer_ocsf = {
	.name = "ocsf",
	.suffix = "ocsf.ndjson",
	.about = "OCSF Compliance Findings, one a line",
	.mode = 0600,
	.host = ocsf_host,
	.end = ocsf_end,
};
