/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a recorded directory read back.  The line may be anything. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "report/directory/directory_json_internal.h"
#include "report/directory/dn.h"

static const char schema[] = "lsasweep.directory/1";

/* JSON numbers are exact up to 2^53. */
static bool read_count(struct directory_reader *r, const cJSON *object, const char *key,
		       uint64_t *count)
{
	double value;
	bool known;

	if (!directory_get_number(r, object, key, 9007199254740992.0, &known, &value))
		return false;
	*count = (uint64_t)value;
	return true;
}

static bool read_counts(struct directory_reader *r, struct directory_line *out)
{
	const cJSON *counts = cJSON_GetObjectItemCaseSensitive(r->root, "computers");
	const cJSON *left_out;

	out->counts_known = counts && !cJSON_IsNull(counts);
	if (!out->counts_known)
		return true;
	left_out = cJSON_GetObjectItemCaseSensitive(counts, "left_out");
	if (!cJSON_IsObject(counts) || !cJSON_IsObject(left_out))
		return directory_refuse(r, "computers", "an object with left_out");
	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		if (!read_count(r, left_out,
				computer_reason_word((enum computer_reason)i),
				&out->counts.left_out[i]))
			return false;
	return read_count(r, counts, "total", &out->counts.total) &&
	       read_count(r, counts, "in_scope", &out->counts.in_scope);
}

static bool read_domain(struct directory_reader *r, struct directory_line *out)
{
	struct directory_domain *d = &out->domain;

	if (!directory_get_text(r, "dns_name", &d->dns_name) ||
	    !directory_get_text(r, "netbios_name", &d->netbios_name) ||
	    !directory_get_text(r, "dn", &d->dn) ||
	    !directory_get_text(r, "sid", &d->sid) ||
	    !directory_get_text(r, "forest", &d->forest) ||
	    !directory_get_text(r, "controller", &d->controller) ||
	    !directory_get_text(r, "read_at", &d->read_at) ||
	    !directory_get_text(r, "error", &d->error) ||
	    !directory_get_text(r, "proof", &d->proof))
		return false;
	if (!d->dns_name || !*d->dns_name)
		return directory_refuse(r, "dns_name", "the domain's name");
	return read_counts(r, out);
}

static bool read_account(struct directory_reader *r, struct directory_computer *c)
{
	double control, group;
	bool known;

	if (!directory_get_number(r, r->root, "account_control", UINT32_MAX,
				  &c->account_control_known, &control) ||
	    !directory_get_number(r, r->root, "primary_group", UINT32_MAX, &known,
				  &group))
		return false;
	c->account_control = (uint32_t)control;
	c->primary_group = (uint32_t)group;
	return directory_get_time(r, "last_logon", &c->last_logon) &&
	       directory_get_time(r, "password_set", &c->password_set) &&
	       directory_get_time(r, "created", &c->created) &&
	       directory_get_bool(r, "cluster_name", &c->cluster_name) &&
	       directory_get_bool(r, "service_account", &c->service_account);
}

static bool read_computer(struct directory_reader *r, struct directory_computer *c)
{
	if (!directory_get_text(r, "domain", &c->domain) ||
	    !directory_get_text(r, "dn", &c->dn) ||
	    !directory_get_text(r, "account", &c->account) ||
	    !directory_get_text(r, "dns_name", &c->dns_name) ||
	    !directory_get_text(r, "sid", &c->sid) ||
	    !directory_get_text(r, "os", &c->os) ||
	    !directory_get_text(r, "os_version", &c->os_version) ||
	    !directory_get_text(r, "site", &c->site) ||
	    !directory_get_text(r, "site_evidence", &c->site_evidence))
		return false;
	if (!c->domain || !*c->domain)
		return directory_refuse(r, "domain", "the domain's name");
	if (!c->dn || !dn_is_valid(c->dn))
		return directory_refuse(r, "dn", "a distinguished name");
	return read_account(r, c);
}

static bool read_root(struct directory_reader *r, struct directory_line *out)
{
	const cJSON *found = cJSON_GetObjectItemCaseSensitive(r->root, "schema");
	const char *kind;
	bool ok;

	if (!cJSON_IsString(found) || strcmp(found->valuestring, schema) != 0)
		return directory_refuse(r, "schema", "\"lsasweep.directory/1\"");
	if (!directory_get_text(r, "kind", &kind))
		return false;
	if (!kind)
		return directory_refuse(r, "kind", "a string");
	if (strcmp(kind, "domain") == 0) {
		out->kind = DIRECTORY_DOMAIN;
		return read_domain(r, out);
	}
	if (strcmp(kind, "computer") == 0) {
		out->kind = DIRECTORY_COMPUTER;
		return read_computer(r, &out->computer);
	}
	if (directory_read_place(r, kind, out, &ok) ||
	    directory_read_policy(r, kind, out, &ok))
		return ok;
	out->kind = strcmp(kind, "end") == 0 ? DIRECTORY_END : DIRECTORY_OTHER;
	return true;
}

/* A NUL, plain or escaped, would cut a string short without a word. */
static bool has_nul(const char *line, size_t len)
{
	if (memchr(line, '\0', len))
		return true;
	for (size_t i = 0; i + 1 < len; i++) {
		if (line[i] != '\\')
			continue;
		if (len - i >= 6 && memcmp(line + i, "\\u0000", 6) == 0)
			return true;
		i++;
	}
	return false;
}

bool directory_from_json(const char *line, size_t len, struct pool *pool,
			 struct directory_line *out, char *why, size_t why_size)
{
	struct directory_reader r = { NULL, pool, why, why_size };
	cJSON *root;
	bool ok;

	errno = 0;
	root = has_nul(line, len) ? NULL : cJSON_ParseWithLength(line, len);
	*out = (struct directory_line){ 0 };
	why[0] = '\0';
	r.root = root;
	if (!cJSON_IsObject(root)) {
		snprintf(why, why_size, "expected one JSON object a line");
		ok = false;
	} else {
		ok = read_root(&r, out);
	}
	cJSON_Delete(root);
	out->no_memory = !ok && errno == ENOMEM;
	if (out->no_memory)
		snprintf(why, why_size, "out of memory");
	return ok;
}

bool directory_is_line(const char *line, size_t len)
{
	static const char start[] = "{\"schema\":\"lsasweep.directory/";

	return len >= sizeof start - 1 && memcmp(line, start, sizeof start - 1) == 0;
}
