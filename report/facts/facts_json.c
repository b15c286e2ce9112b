/* SPDX-License-Identifier: Apache-2.0 */
/* Facts written as a line; facts_json_read.c reads it back. */
#include "report/facts/facts_json.h"

#include <stdio.h>

#include "report/facts/directory_fact.h"
#include "report/text/json_text.h"

static void put_key_string(struct json_text *t, const char *key, const char *value)
{
	json_put_raw(t, key);
	json_put_string(t, value);
}

static void put_error(struct json_text *t, const struct fact_error *e)
{
	char value[16];

	if (!e->step && !e->code && !e->text) {
		json_put_raw(t, "null");
		return;
	}
	put_key_string(t, "{\"step\":", e->step);
	put_key_string(t, ",\"reason\":", e->reason);
	put_key_string(t, ",\"code\":", e->code);
	json_put_raw(t, ",\"value\":");
	if (e->has_value)
		snprintf(value, sizeof(value), "0x%08X", (unsigned)e->value);
	json_put_string(t, e->has_value ? value : NULL);
	put_key_string(t, ",\"text\":", e->text);
	json_put_raw(t, "}");
}

static void put_who(struct json_text *t, const struct facts *f)
{
	put_key_string(t, "{\"schema\":\"lsasweep.facts/1\",\"ts\":", f->timestamp);
	put_key_string(t, ",\"sweep\":", f->sweep);
	put_key_string(t, ",\"host\":", f->host);
	json_put_raw(t, ",\"port\":");
	json_put_unsigned(t, f->port);
	put_key_string(t, ",\"address\":", f->address);
	json_put_raw(t, ",\"tags\":[");
	for (size_t i = 0; i < f->tag_count; i++)
		put_key_string(t, i ? "," : "", f->tags[i]);
	json_put_raw(t, "]");
	if (f->source)
		put_key_string(t, ",\"source\":", f->source);
}

static void put_course(struct json_text *t, const struct facts *f)
{
	put_key_string(t, ",\"outcome\":", host_outcome_word(f->outcome));
	put_key_string(t, ",\"step\":", f->step);
	json_put_raw(t, ",\"error\":");
	put_error(t, &f->error);
	json_put_raw(t, ",\"attempts\":");
	json_put_unsigned(t, f->attempts);
	if (f->account)
		put_key_string(t, ",\"account\":", f->account);
}

static void put_role(struct json_text *t, const struct facts *f)
{
	put_key_string(t, ",\"role\":{\"value\":", role_word(f->role));
	put_key_string(t, ",\"evidence\":", role_evidence_word(f->evidence));
	put_key_string(t, ",\"conflict\":", f->conflict);
	if (f->machine_role_known) {
		json_put_raw(t, ",\"machine_role\":");
		json_put_unsigned(t, f->machine_role);
	}
	if (f->server_type_known) {
		json_put_raw(t, ",\"server_type\":");
		json_put_unsigned(t, f->server_type);
	}
	if (f->policy_known) {
		json_put_raw(t, ",\"policy\":{\"domain_joined\":");
		json_put_bool(t, f->policy_domain_joined);
		json_put_raw(t, ",\"controller\":");
		json_put_bool(t, f->policy_is_controller);
		json_put_raw(t, "}");
	}
	if (f->hint_known)
		put_key_string(t, ",\"hint\":", role_word(f->hint));
	json_put_raw(t, "}");
}

static void put_machine(struct json_text *t, const struct facts *f)
{
	put_key_string(t, ",\"machine\":{\"netbios_name\":", f->netbios_name);
	put_key_string(t, ",\"dns_name\":", f->dns_name);
	put_key_string(t, ",\"domain\":", f->domain);
	put_key_string(t, ",\"dns_domain\":", f->dns_domain);
	put_key_string(t, ",\"forest\":", f->forest);
	put_key_string(t, ",\"domain_sid\":", f->domain_sid);
	put_key_string(t, ",\"machine_sid\":", f->machine_sid);
	put_key_string(t, ",\"os_version\":", f->os_version);
	if (f->os_version_of_directory)
		put_key_string(t, ",\"os_version_evidence\":", "directory");
	else if (f->os_version_of_ntlm)
		put_key_string(t, ",\"os_version_evidence\":", "ntlm");
	json_put_raw(t, "},\"smb\":");
	if (!f->dialect) {
		json_put_raw(t, "null");
		return;
	}
	put_key_string(t, "{\"dialect\":", f->dialect);
	json_put_raw(t, ",\"signing_required\":");
	json_put_bool(t, f->signing_required);
	put_key_string(t, ",\"encryption\":", f->encryption);
	put_key_string(t, ",\"mechanism\":", login_mechanism_word(f->mechanism));
	json_put_raw(t, "}");
}

static void put_right(struct json_text *t, const struct right_fact *r)
{
	json_put_string(t, r->name);
	put_key_string(t, ":{\"outcome\":", right_outcome_word(r->outcome));
	json_put_raw(t, ",\"holders\":[");
	for (size_t i = 0; i < r->holder_count; i++) {
		const struct holder *h = &r->holders[i];

		put_key_string(t, i ? ",{\"sid\":" : "{\"sid\":", h->sid);
		put_key_string(t, ",\"name\":", h->name);
		put_key_string(t, ",\"kind\":", holder_kind_word(h->kind));
		json_put_raw(t, "}");
	}
	json_put_raw(t, "]");
	if (r->error.step || r->error.code || r->error.text) {
		json_put_raw(t, ",\"error\":");
		put_error(t, &r->error);
	}
	json_put_raw(t, "}");
}

static void put_timing(struct json_text *t, const struct fact_timing *timing)
{
	json_put_raw(t, ",\"timing_ms\":{\"resolve\":");
	json_put_milliseconds(t, timing->resolve);
	json_put_raw(t, ",\"connect\":");
	json_put_milliseconds(t, timing->connect);
	json_put_raw(t, ",\"authenticate\":");
	json_put_milliseconds(t, timing->authenticate);
	json_put_raw(t, ",\"ask\":");
	json_put_milliseconds(t, timing->ask);
	json_put_raw(t, ",\"total\":");
	json_put_milliseconds(t, timing->total);
	json_put_raw(t, "}}");
}

static size_t expected_size(const struct facts *f)
{
	size_t size = 1400;

	for (size_t i = 0; i < f->right_count; i++)
		size += 100 + 110 * f->rights[i].holder_count;
	return size;
}

char *facts_to_json(const struct facts *f)
{
	struct json_text t;

	json_text_begin(&t, expected_size(f));
	put_who(&t, f);
	put_course(&t, f);
	put_role(&t, f);
	put_machine(&t, f);
	json_put_raw(&t, ",\"rights\":{");
	for (size_t i = 0; i < f->right_count; i++) {
		if (i)
			json_put_raw(&t, ",");
		put_right(&t, &f->rights[i]);
	}
	json_put_raw(&t, "}");
	if (f->directory)
		directory_fact_put(&t, f->directory);
	put_timing(&t, &f->timing);
	return json_text_take(&t);
}
