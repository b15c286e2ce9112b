/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c - the whole report as one JSON document ("lsasweep.report/2").
 */
#include "report/render/json_internal.h"

#include "report/facts/windows_build.h"
#include "report/judge/policy_state.h"
#include "report/render/policy_write.h"
#include "report/text/json_write.h"
#include "report/render/render.h"
#include "report/render/phrases.h"

static void put_sweep(struct json *j, const struct render_context *about)
{
	const struct journal_info *info = about->journal;

	json_open(j, "sweep", '{');
	json_text(j, "id", info->sweep);
	json_text(j, "started", info->started);
	json_text(j, "finished", info->finished);
	json_text(j, "version", info->version);
	json_number(j, "journals", info->journals);
	json_number(j, "unfinished", info->unfinished);
	json_number(j, "parts_missing", info->parts_missing);
	json_number(j, "rights_replaced", info->rights_replaced);
	json_close(j, '}');
}

static void put_baseline(struct json *j, const struct baseline *b)
{
	json_text(j, "name", b->name);
	json_text(j, "version", b->version);
	json_text(j, "source", b->source);
}

static void put_counts(struct json *j, const struct score_counts *c)
{
	json_number(j, "hosts", c->hosts);
	json_number(j, "assessed", c->assessed);
	json_number(j, "compliant", c->compliant);
	json_number(j, "violation", c->violation);
	json_number(j, "unknown", c->unknown);
}

static void put_summary(struct json *j, const struct render_context *about)
{
	const struct scorecard *s = about->score;

	json_newline(j);
	json_open(j, "summary", '{');
	put_counts(j, &s->total);
	json_number(j, "unrecorded", about->unrecorded);
	json_open(j, "outcomes", '{');
	for (unsigned i = 0; i < HOST_OUTCOME_COUNT; i++)
		if (s->outcomes[i])
			json_number(j, host_outcome_word((enum host_outcome)i),
				    s->outcomes[i]);
	json_close(j, '}');
	json_open(j, "findings", '{');
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		json_number(j, severity_word((enum severity)i), s->findings[i]);
	json_number(j, "waived", s->findings_waived);
	json_close(j, '}');
	json_number(j, "role_conflicts", s->conflicts);
	json_number(j, "directory_conflicts", s->directory_conflicts);
	json_number(j, "identity_conflicts", s->identity_conflicts);
	json_open(j, "collection_suspect", '{');
	json_number(j, "hosts", s->suspect);
	json_number(j, "assessed", s->suspect_assessed);
	json_number(j, "not_assessed", s->suspect - s->suspect_assessed);
	json_close(j, '}');
	json_close(j, '}');
}

static void put_references(struct json *j, const char *key,
			   const struct reference *references, size_t count)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < count; i++)
		json_text(j, NULL, references[i].text);
	json_close(j, ']');
}

static void put_rule(struct json *j, const struct score_right *r)
{
	const struct baseline_rule *rule = r->rule;

	json_text(j, "match", rule ? match_word(rule->match) : NULL);
	put_references(j, "expected", rule ? rule->principals : NULL,
		       rule ? rule->principal_count : 0);
	if (!rule)
		return;
	json_text(j, "rule", rule->rule);
	json_bool(j, "rules_differ", r->rules_differ);
	if (rule->domain_joined_count)
		put_references(j, "domain_joined", rule->domain_joined,
			       rule->domain_joined_count);
	if (rule->any_of_count) {
		json_open(j, "any_of", '[');
		for (size_t i = 0; i < rule->any_of_count; i++)
			put_references(j, NULL, rule->any_of[i].members,
				       rule->any_of[i].count);
		json_close(j, ']');
	}
}

static void put_entries(struct json *j, const char *key, const struct score_list *list)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < list->count; i++) {
		const struct score_entry *e = &list->entries[i];

		json_open(j, NULL, '{');
		json_text(j, "sid", e->sid);
		json_text(j, "name", e->name);
		json_text(j, "reason", e->reason);
		json_number(j, "hosts", e->hosts);
		json_number(j, "waived", e->waived);
		json_text(j, "finding", finding_id(e->kind));
		json_text(j, "severity", severity_word(e->severity));
		json_text(j, "remediation", finding_remediation(e->kind));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_score_right(struct json *j, const struct score_right *r)
{
	json_newline(j);
	json_open(j, r->name, '{');
	json_text(j, "policy", r->right ? r->right->policy : NULL);
	put_rule(j, r);
	json_number(j, "compliant", r->compliant);
	json_number(j, "violation", r->violation);
	json_number(j, "unknown", r->unknown);
	json_number(j, "not_applicable", r->not_applicable);
	json_number(j, "suspect", r->suspect);
	json_number(j, "answered",
		    r->outcomes[RIGHT_HELD] + r->outcomes[RIGHT_NOBODY] +
			    r->outcomes[RIGHT_UNDEFINED]);
	json_open(j, "outcomes", '{');
	for (unsigned i = 0; i < RIGHT_OUTCOME_COUNT; i++)
		json_number(j, right_outcome_word((enum right_outcome)i), r->outcomes[i]);
	json_close(j, '}');
	json_open(j, "states", '{');
	for (unsigned i = 0; i < STATE_COUNT; i++)
		json_number(j, right_state_word((enum right_state)i), r->states[i]);
	json_close(j, '}');
	put_entries(j, "extra", &r->extra);
	put_entries(j, "missing", &r->missing);
	json_close(j, '}');
}

static void put_roles(struct json *j, const struct scorecard *s)
{
	json_newline(j);
	json_open(j, "roles", '{');
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		const struct score_role *role = &s->roles[i];

		json_newline(j);
		json_open(j, role_word((enum role)i), '{');
		put_counts(j, &role->counts);
		json_open(j, "rights", '{');
		for (size_t r = 0; r < role->right_count; r++)
			put_score_right(j, &role->rights[r]);
		json_close(j, '}');
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void put_principal(struct json *j, const struct score_principal *p)
{
	json_newline(j);
	json_open(j, NULL, '{');
	json_text(j, "sid", p->sid);
	json_text(j, "name", p->name);
	if (p->names_differ)
		json_bool(j, "names_differ", true);
	json_text(j, "class", principal_class_word(p->class));
	json_open(j, "rights", '{');
	for (size_t g = 0; g < p->grant_count; g++) {
		json_open(j, p->grants[g].right, '{');
		for (unsigned i = 0; i < ROLE_COUNT; i++)
			if (p->grants[g].hosts[i])
				json_number(j, role_word((enum role)i),
					    p->grants[g].hosts[i]);
		json_close(j, '}');
	}
	json_close(j, '}');
	json_close(j, '}');
}

static void put_compared(struct json *j, const struct render_context *about)
{
	json_open(j, "also_compared", '[');
	for (size_t i = 0; i < about->compared_count; i++) {
		json_open(j, NULL, '{');
		put_baseline(j, about->compared[i]->baseline);
		json_open(j, "summary", '{');
		put_counts(j, &about->compared[i]->total);
		json_close(j, '}');
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_fixes(struct json *j, const struct fixes *f)
{
	json_newline(j);
	json_open(j, "fixes", '[');
	for (size_t i = 0; f && i < f->count; i++) {
		json_newline(j);
		json_open(j, NULL, '{');
		json_text(j, "right", f->at[i].right);
		json_text(j, "gpo", f->at[i].id);
		json_text(j, "name", f->at[i].name);
		json_text(j, "domain", f->at[i].domain);
		json_text(j, "link", f->at[i].link);
		json_bool(j, "enforced", f->at[i].enforced);
		json_number(j, "hosts", f->at[i].hosts);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_number(j, "fixes_unlisted", f ? f->unlisted : 0);
}

static void put_waivers(struct json *j, const struct scorecard *s)
{
	json_newline(j);
	json_open(j, "waivers", '[');
	for (size_t i = 0; i < s->baseline->waiver_count; i++) {
		const struct baseline_waiver *w = &s->baseline->waivers[i];

		json_newline(j);
		json_open(j, NULL, '{');
		json_text(j, "host", w->host);
		json_text(j, "right", w->right);
		json_text(j, "principal", w->principal.text);
		json_text(j, "reason", w->reason);
		json_text(j, "owner", w->owner);
		json_text(j, "expires", w->expires);
		json_text(j, "file", w->path);
		json_number(j, "line", (size_t)w->line);
		json_number(j, "waived", s->waivers[i].used);
		json_number(j, "expired", s->waivers[i].expired);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void json_report_begin(struct rendering *r)
{
	const struct scorecard *s = r->about->score;
	struct json j = { .out = r->out };

	json_open(&j, NULL, '{');
	json_text(&j, "schema", "lsasweep.report/2");
	json_newline(&j);
	put_sweep(&j, r->about);
	json_newline(&j);
	json_open(&j, "baseline", '{');
	put_baseline(&j, s->baseline);
	json_close(&j, '}');
	put_compared(&j, r->about);
	put_summary(&j, r->about);
	put_fixes(&j, r->about->fixes);
	put_waivers(&j, s);
	json_put_coverage(&j, r->about->coverage);
	put_roles(&j, s);
	json_newline(&j);
	json_open(&j, "principals", '[');
	for (size_t i = 0; i < s->principal_count; i++)
		put_principal(&j, &s->principals[i]);
	json_close(&j, ']');
	json_number(&j, "principals_unlisted", s->principals_unlisted);
	json_number(&j, "principals_unlisted_hosts", s->unlisted_hosts);
	json_newline(&j);
	json_open(&j, "hosts", '[');
}

static void put_error(struct json *j, const struct fact_error *e)
{
	char value[16];

	if (!e->step && !e->code && !e->text) {
		json_text(j, "error", NULL);
		return;
	}
	json_open(j, "error", '{');
	json_text(j, "step", e->step);
	json_text(j, "code", e->code);
	snprintf(value, sizeof(value), "0x%08X", (unsigned)e->value);
	json_text(j, "value", e->has_value ? value : NULL);
	json_text(j, "text", e->text);
	json_close(j, '}');
}

static void put_findings(struct json *j, const char *key, const struct finding *f,
			 size_t count)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "sid", f[i].sid);
		json_text(j, "name", f[i].name);
		json_text(j, "label", label_word(f[i].label));
		json_text(j, "reason", f[i].reason);
		if (f[i].kind != FINDING_NONE) {
			json_text(j, "finding", finding_id(f[i].kind));
			json_text(j, "severity", severity_word(f[i].severity));
		}
		if (f[i].waived)
			json_bool(j, "waived", true);
		if (f[i].waiver) {
			json_open(j, "waiver", '{');
			json_text(j, "reason", f[i].waiver->reason);
			json_text(j, "expires", f[i].waiver->expires);
			json_close(j, '}');
		}
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* Which GPO sets it, and whether the host follows. */
static void put_policy(struct json *j, const struct right_policy *rp)
{
	char id[POLICY_ID_MAX] = "";

	json_open(j, "policy", '{');
	json_text(j, "state", policy_state_word(rp->state));
	json_text(j, "defined", policy_right_state_word(rp->right.state));
	if (rp->follows != POLICY_NOBODY)
		policy_gpo_id(&rp->policy->gpos[rp->follows], id);
	json_text(j, "follows", id[0] ? id : NULL);
	policy_write_right(j, rp->policy, &rp->right);
	json_close(j, '}');
}

static void put_right(struct json *j, const struct right_judgement *r)
{
	json_open(j, r->fact->name, '{');
	json_text(j, "verdict", verdict_word(r->verdict));
	json_text(j, "outcome", right_outcome_word(r->fact->outcome));
	json_text(j, "state", right_state_word(r->state));
	if (r->verdict == VERDICT_UNKNOWN)
		json_text_if(j, "cause", phrase_unknown_right(r));
	if (r->collection_suspect)
		json_bool(j, "collection_suspect", true);
	json_text_if(j, "rule", r->rule ? r->rule->rule : NULL);
	if (r->policy)
		put_policy(j, r->policy);
	put_findings(j, "holders", r->holders, r->holder_count);
	put_findings(j, "missing", r->missing, r->missing_count);
	if (r->fact->error.step || r->fact->error.code)
		put_error(j, &r->fact->error);
	json_close(j, '}');
}

static void put_host_facts(struct json *j, const struct facts *f)
{
	char windows[WINDOWS_NAME_MAX];

	json_text(j, "host", f->host);
	json_number(j, "port", f->port);
	json_text(j, "role", role_word(f->role));
	json_text(j, "evidence", role_evidence_word(f->evidence));
	json_text_if(j, "conflict", f->conflict);
	json_text(j, "outcome", host_outcome_word(f->outcome));
	json_text_if(j, "address", f->address);
	json_text_if(j, "dns_name", f->dns_name);
	json_text_if(j, "netbios_name", f->netbios_name);
	json_text_if(j, "domain", phrase_domain(f));
	json_text_if(j, "windows", windows_name(f, windows));
	json_text_if(j, "os_version", f->os_version);
	json_text_if(j, "source", f->source);
	json_text_if(j, "ts", f->timestamp);
	if (f->tag_count == 0)
		return;
	json_open(j, "tags", '[');
	for (size_t i = 0; i < f->tag_count; i++)
		json_text(j, NULL, f->tags[i]);
	json_close(j, ']');
}

static void put_directory(struct json *j, const struct directory_fact *d)
{
	if (!d)
		return;
	json_open(j, "directory", '{');
#define X(name) json_text(j, #name, d->name);
	DIRECTORY_FACT_TEXTS(X)
#undef X
	if (d->enabled_known)
		json_bool(j, "enabled", d->enabled);
	json_close(j, '}');
}

void json_report_host(struct rendering *r, const struct judgement *judged,
		      const struct judgement *compared)
{
	bool *some = r->state;
	struct json j = { .out = r->out, .comma = *some };

	*some = true;

	json_newline(&j);
	json_open(&j, NULL, '{');
	put_host_facts(&j, judged->facts);
	json_text_if(&j, "directory_conflict", judged->directory_conflict);
	put_directory(&j, judged->facts->directory);
	json_text(&j, "verdict", verdict_word(judged->verdict));
	if (judged->verdict == VERDICT_UNKNOWN)
		json_text_if(&j, "cause", phrase_unknown_host(judged));
	json_text_if(&j, "identity_conflict", judged->identity_conflict);
	if (r->about->compared_count) {
		json_open(&j, "also_compared", '{');
		for (size_t i = 0; i < r->about->compared_count; i++)
			json_text(&j, compared[i].baseline->name,
				  verdict_word(compared[i].verdict));
		json_close(&j, '}');
	}
	json_open(&j, "rights", '{');
	for (size_t i = 0; i < judged->right_count; i++)
		put_right(&j, &judged->rights[i]);
	json_close(&j, '}');
	put_error(&j, &judged->facts->error);
	json_close(&j, '}');
}

void json_report_end(struct rendering *r)
{
	fputs("\n]}\n", r->out);
}

const struct renderer renderer_json = {
	.name = "json",
	.suffix = "json",
	.about = "the whole report, for programs",
	.mode = 0600,
	.state_size = JSON_REPORT_STATE,
	.begin = json_report_begin,
	.host = json_report_host,
	.end = json_report_end,
};
