/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ndjson.c - one finding a line ("lsasweep.finding/2"): what is too much, what is
 * missing, and what is not known; for log shippers and jq.
 */
#include <stdlib.h>

#include "report/directory/directory_json.h"
#include "report/facts/windows_build.h"
#include "report/render/policy_write.h"
#include "report/text/identity.h"
#include "report/text/json_write.h"
#include "report/judge/policy_state.h"
#include "report/render/render.h"
#include "report/render/phrases.h"

/* The same finding of the next sweep has the same id, and no other one has it. */
static void put_id(struct rendering *r, struct json *j, const struct judgement *judged,
		   const char *right, const char *what)
{
	char *parts[] = { identity_of(judged->baseline->name, ":"),
			  identity_of(judged->facts->host, ":"),
			  identity_of(right ? right : "", ":"), identity_of(what, "") };
	char *id = NULL;

	if (!parts[0] || !parts[1] || !parts[2] || !parts[3] ||
	    asprintf(&id, "%s:%s:%u:%s:%s", parts[0], parts[1], judged->facts->port,
		     parts[2], parts[3]) < 0) {
		r->fault = RENDERING_NO_MEMORY;
		id = NULL;
	}
	json_text(j, "id", id);
	free(id);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		free(parts[i]);
}

static void put_names(struct json *j, const struct facts *f)
{
	char windows[WINDOWS_NAME_MAX];

	json_text(j, "address", f->address);
	json_text(j, "dns_name", f->dns_name);
	json_text(j, "netbios_name", f->netbios_name);
	json_text(j, "domain", phrase_domain(f));
	json_text(j, "windows", windows_name(f, windows));
	json_text(j, "os_version", f->os_version);
	json_open(j, "tags", '[');
	for (size_t i = 0; i < f->tag_count; i++)
		json_text(j, NULL, f->tags[i]);
	json_close(j, ']');
}

/* Where the host stands in Active Directory, if it was found there. */
static void put_directory(struct json *j, const struct judgement *judged)
{
	const struct directory_fact *d = judged->facts->directory;

	if (!d)
		return;
	json_open(j, "directory", '{');
	json_text(j, "ou", d->ou);
	json_text(j, "site", d->site);
	json_text(j, "os", d->os);
	json_text(j, "last_logon", d->last_logon);
	json_text(j, "conflict", judged->directory_conflict);
	json_close(j, '}');
}

static void begin_line(struct rendering *r, struct json *j,
		       const struct judgement *judged, const char *right,
		       const char *what)
{
	const struct facts *f = judged->facts;

	json_open(j, NULL, '{');
	json_text(j, "schema", "lsasweep.finding/2");
	put_id(r, j, judged, right, what);
	json_text(j, "@timestamp", f->timestamp);
	json_text(j, "ts", f->timestamp);
	json_text(j, "sweep", f->sweep);
	json_text(j, "baseline", judged->baseline->name);
	json_text(j, "host", f->host);
	json_number(j, "port", f->port);
	put_names(j, f);
	json_text(j, "role", role_word(f->role));
	json_text(j, "outcome", host_outcome_word(f->outcome));
	put_directory(j, judged);
}

static void end_line(struct json *j)
{
	json_close(j, '}');
	fputc('\n', j->out);
	j->comma = false;
}

/* Where it can be fixed: the GPO that sets the right, and whether the host follows. */
static void put_policy(struct json *j, const struct right_policy *rp)
{
	const struct policy_gpo *set = NULL;
	char id[POLICY_ID_MAX] = "", followed[POLICY_ID_MAX] = "";

	if (!rp)
		return;
	if (rp->right.winner != POLICY_NOBODY) {
		set = &rp->policy->gpos[rp->right.winner];
		policy_gpo_id(set, id);
	}
	if (rp->follows != POLICY_NOBODY)
		policy_gpo_id(&rp->policy->gpos[rp->follows], followed);
	json_open(j, "policy", '{');
	json_text(j, "state", policy_state_word(rp->state));
	json_text(j, "gpo", set ? id : NULL);
	json_text(j, "name", set ? set->gpo->name : NULL);
	json_text(j, "link", set && set->scope ? set->scope->dn : NULL);
	json_bool(j, "enforced", set && set->enforced);
	json_text(j, "follows", followed[0] ? followed : NULL);
	json_close(j, '}');
}

static void put_finding(struct rendering *r, const struct judgement *judged,
			const struct right_judgement *right, const struct finding *f)
{
	struct json j = { .out = r->out };
	char remediation[JUDGE_REMEDIATION_ROOM];

	begin_line(r, &j, judged, right->fact->name, f->sid);
	json_text(&j, "right", right->fact->name);
	json_text(&j, "verdict", verdict_word(right->verdict));
	json_text(&j, "finding", finding_id(f->kind));
	json_text(&j, "severity", severity_word(f->severity));
	json_text(&j, "label", label_word(f->label));
	json_text(&j, "sid", f->sid);
	json_text(&j, "name", f->name);
	json_text(&j, "reason", f->reason);
	json_bool(&j, "waived", f->waived);
	json_text(&j, "rule", right->rule ? right->rule->rule : NULL);
	put_policy(&j, right->policy);
	json_text(&j, "remediation",
		  judge_remediation(right, f, remediation, sizeof(remediation)));
	end_line(&j);
}

static void put_unknown(struct rendering *r, const struct judgement *judged,
			const struct right_judgement *right)
{
	enum finding_kind kind = right ? right->kind : judged->kind;
	struct json j = { .out = r->out };

	begin_line(r, &j, judged, right ? right->fact->name : NULL, "unknown");
	json_text(&j, "right", right ? right->fact->name : NULL);
	json_text(&j, "verdict", "unknown");
	json_text(&j, "finding", finding_id(kind));
	json_text(&j, "severity", severity_word(finding_severity(kind)));
	json_text(&j, "reason",
		  right ? phrase_unknown_right(right) : phrase_unknown_host(judged));
	json_text(&j, "remediation", finding_remediation(kind));
	end_line(&j);
}

static void put_right(struct rendering *r, const struct judgement *judged,
		      const struct right_judgement *right)
{
	for (size_t i = 0; i < right->holder_count; i++)
		if (phrase_unexpected(&right->holders[i]))
			put_finding(r, judged, right, &right->holders[i]);
	for (size_t i = 0; i < right->missing_count; i++)
		put_finding(r, judged, right, &right->missing[i]);
	if (right->verdict == VERDICT_UNKNOWN)
		put_unknown(r, judged, right);
}

/* The account is of another machine, or out of date: said whatever the verdict is. */
static void put_conflict(struct rendering *r, const struct judgement *judged)
{
	enum finding_kind kind = FINDING_DIRECTORY_CONFLICT;
	struct json j = { .out = r->out };

	begin_line(r, &j, judged, NULL, "directory_conflict");
	json_text(&j, "right", NULL);
	json_text(&j, "verdict", verdict_word(judged->verdict));
	json_text(&j, "finding", finding_id(kind));
	json_text(&j, "severity", severity_word(finding_severity(kind)));
	json_text(&j, "reason", judged->directory_conflict);
	json_text(&j, "remediation", finding_remediation(kind));
	end_line(&j);
}

static void ndjson_host(struct rendering *r, const struct judgement *judged,
			const struct judgement *compared)
{
	(void)compared;
	if (judged->verdict == VERDICT_UNKNOWN && judged->right_count == 0)
		put_unknown(r, judged, NULL);
	for (size_t i = 0; i < judged->right_count; i++)
		put_right(r, judged, &judged->rights[i]);
	if (judged->directory_conflict)
		put_conflict(r, judged);
}

/* ---- coverage, where a directory gave the targets ---- */

static void begin_coverage(struct json *j, const char *by, const char *name,
			   const struct coverage_counts *counts)
{
	json_open(j, NULL, '{');
	json_text(j, "schema", "lsasweep.coverage/1");
	json_text(j, "by", by);
	json_text(j, "name", name);
	json_number(j, "asked", counts->asked);
	json_number(j, "assessed", counts->assessed);
}

static void ndjson_end(struct rendering *r)
{
	const struct coverage *c = r->about->coverage;
	struct json j = { .out = r->out };
	struct coverage_row row;

	if (!c || !c->known)
		return;
	begin_coverage(&j, "total", NULL, &c->total);
	json_number(&j, "not_listed", c->strangers);
	directory_counts_json(&j, &c->computers);
	end_line(&j);
	for (size_t i = 0; coverage_row(c, i, &row); i++) {
		begin_coverage(&j, row.by, row.name, &row.counts);
		end_line(&j);
	}
}

const struct renderer renderer_ndjson = {
	.name = "ndjson",
	.suffix = "ndjson",
	.about = "one finding a line, for log shippers",
	.mode = 0600,
	.host = ndjson_host,
	.end = ndjson_end,
};
