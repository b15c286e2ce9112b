/* SPDX-License-Identifier: Apache-2.0 */
/* The recorded directory written; directory_json_read.c reads it back. */
#include "report/directory/directory_json.h"

#include "report/directory/directory_json_internal.h"
#include "report/text/timestamp.h"

void directory_begin(struct json_text *t, const char *kind)
{
	json_text_begin(t, 512);
	json_put_raw(t, "{\"schema\":\"lsasweep.directory/1\",\"kind\":");
	json_put_string(t, kind);
}

void directory_put_text(struct json_text *t, const char *key, const char *value)
{
	json_put_raw(t, key);
	json_put_string(t, value);
}

void directory_put_time(struct json_text *t, const char *key, int64_t time)
{
	char text[TIMESTAMP_MAX];

	if (time > 0)
		timestamp_write(time * 1000, text);
	directory_put_text(t, key, time > 0 ? text : time == TIME_NEVER ? "never" : NULL);
}

void directory_put_number(struct json_text *t, const char *key, bool known,
			  uint64_t value)
{
	json_put_raw(t, key);
	if (known)
		json_put_unsigned(t, value);
	else
		json_put_string(t, NULL);
}

static void put_counts(struct json_text *t, const struct directory_counts *counts)
{
	directory_put_number(t, ",\"computers\":{\"total\":", true, counts->total);
	directory_put_number(t, ",\"in_scope\":", true, counts->in_scope);
	json_put_raw(t, ",\"left_out\":{");
	for (int i = 0; i < COMPUTER_REASON_COUNT; i++) {
		json_put_raw(t, i ? "," : "");
		json_put_string(t, computer_reason_word((enum computer_reason)i));
		directory_put_number(t, ":", true, counts->left_out[i]);
	}
	json_put_raw(t, "}}");
}

char *directory_domain_to_json(const struct directory_domain *d,
			       const struct directory_counts *counts)
{
	struct json_text t;

	directory_begin(&t, "domain");
	directory_put_text(&t, ",\"dns_name\":", d->dns_name);
	directory_put_text(&t, ",\"netbios_name\":", d->netbios_name);
	directory_put_text(&t, ",\"dn\":", d->dn);
	directory_put_text(&t, ",\"sid\":", d->sid);
	directory_put_text(&t, ",\"forest\":", d->forest);
	directory_put_text(&t, ",\"controller\":", d->controller);
	directory_put_text(&t, ",\"read_at\":", d->read_at);
	directory_put_text(&t, ",\"error\":", d->error);
	if (d->proof)
		directory_put_text(&t, ",\"proof\":", d->proof);
	if (counts)
		put_counts(&t, counts);
	json_put_raw(&t, "}");
	return json_text_take(&t);
}

char *directory_computer_to_json(const struct directory_computer *c)
{
	struct json_text t;

	directory_begin(&t, "computer");
	directory_put_text(&t, ",\"domain\":", c->domain);
	directory_put_text(&t, ",\"dn\":", c->dn);
	directory_put_text(&t, ",\"account\":", c->account);
	directory_put_text(&t, ",\"dns_name\":", c->dns_name);
	directory_put_text(&t, ",\"sid\":", c->sid);
	directory_put_text(&t, ",\"os\":", c->os);
	directory_put_text(&t, ",\"os_version\":", c->os_version);
	directory_put_text(&t, ",\"site\":", c->site);
	directory_put_text(&t, ",\"site_evidence\":", c->site_evidence);
	directory_put_number(&t, ",\"account_control\":", c->account_control_known,
			     c->account_control);
	directory_put_number(&t, ",\"primary_group\":", c->primary_group > 0,
			     c->primary_group);
	directory_put_time(&t, ",\"last_logon\":", c->last_logon);
	directory_put_time(&t, ",\"password_set\":", c->password_set);
	directory_put_time(&t, ",\"created\":", c->created);
	json_put_raw(&t, ",\"cluster_name\":");
	json_put_bool(&t, c->cluster_name);
	json_put_raw(&t, ",\"service_account\":");
	json_put_bool(&t, c->service_account);
	json_put_raw(&t, "}");
	return json_text_take(&t);
}

char *directory_end_to_json(void)
{
	struct json_text t;

	directory_begin(&t, "end");
	json_put_raw(&t, "}");
	return json_text_take(&t);
}

void directory_counts_json(struct json *j, const struct directory_counts *counts)
{
	json_open(j, "computers", '{');
	json_number(j, "total", counts->total);
	json_number(j, "in_scope", counts->in_scope);
	json_open(j, "left_out", '{');
	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		json_number(j, computer_reason_word((enum computer_reason)i),
			    counts->left_out[i]);
	json_close(j, '}');
	json_close(j, '}');
}
