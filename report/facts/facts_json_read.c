/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a journal read back into facts.  The line may be anything. */
#include "report/facts/facts_json.h"

#include <errno.h>
#include <cjson/cJSON.h>
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/directory_fact.h"
#include "report/facts/facts_json_internal.h"
#include "report/facts/limits.h"
#include "report/facts/principals.h"

static bool check_text(struct fact_reader *r, const char *line, size_t len);
static bool read_root(struct fact_reader *r, const cJSON *root);
static bool read_who(struct fact_reader *r, const cJSON *root);
static bool read_course(struct fact_reader *r, const cJSON *root);
static bool read_role(struct fact_reader *r, const cJSON *role);
static bool read_machine(struct fact_reader *r, const cJSON *machine);
static bool read_smb(struct fact_reader *r, const cJSON *smb);
static bool read_rights(struct fact_reader *r, const cJSON *rights);
static bool read_timing(struct fact_reader *r, const cJSON *timing);

bool facts_from_json(const char *line, size_t len, struct facts *f, char *why,
		     size_t why_size)
{
	struct fact_reader r = { f, why, why_size };
	const char *end = NULL;
	cJSON *root;
	bool ok;

	if (!check_text(&r, line, len))
		return false;
	errno = 0;
	root = cJSON_ParseWithLengthOpts(line, len, &end, false);
	while (root && end < line + len && isspace((unsigned char)*end))
		end++;
	if (!root && errno == ENOMEM)
		ok = fact_refuse_memory(&r);
	else if (!root)
		ok = fact_refuse(&r, "no JSON at byte %zu",
				 end ? (size_t)(end - line) + 1 : 1);
	else if (end != line + len)
		ok = fact_refuse(&r, "more text behind the object at byte %zu",
				 (size_t)(end - line) + 1);
	else
		ok = read_root(&r, root);
	cJSON_Delete(root);
	if (f->out_of_memory)
		ok = fact_refuse(&r, "out of memory");
	return ok;
}

/* A NUL would cut a string short without a word. */
static bool check_text(struct fact_reader *r, const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (line[i] == '\0')
			return fact_refuse(r, "NUL byte at byte %zu", i + 1);
		if (line[i] != '\\')
			continue;
		if (len - i >= 6 && memcmp(line + i, "\\u0000", 6) == 0)
			return fact_refuse(r, "NUL character at byte %zu", i + 1);
		i++;
	}
	return true;
}

static bool read_directory(struct fact_reader *r, const cJSON *directory)
{
	const char *key = NULL;

	return directory_fact_read(directory, r->facts, &key) ||
	       fact_refuse(r, "directory.%s: found %s", key,
			   fact_type_of(fact_get(directory, key)));
}

static bool read_root(struct fact_reader *r, const cJSON *root)
{
	const cJSON *role, *machine, *smb, *rights, *directory, *timing;

	if (!cJSON_IsObject(root))
		return fact_refuse(r, "found %s, expected an object", fact_type_of(root));
	return fact_check_keys(r, root, "facts") && read_who(r, root) &&
	       read_course(r, root) && fact_get_object(r, root, "role", &role) &&
	       (!role || read_role(r, role)) &&
	       fact_get_object(r, root, "machine", &machine) &&
	       (!machine || read_machine(r, machine)) &&
	       fact_get_object(r, root, "smb", &smb) && (!smb || read_smb(r, smb)) &&
	       fact_get_object(r, root, "rights", &rights) &&
	       (!rights || read_rights(r, rights)) &&
	       fact_get_object(r, root, "directory", &directory) &&
	       (!directory || read_directory(r, directory)) &&
	       fact_get_object(r, root, "timing_ms", &timing) &&
	       (!timing || read_timing(r, timing));
}

static bool read_tags(struct fact_reader *r, const cJSON *tags)
{
	struct facts *f = r->facts;
	const cJSON *tag;
	int count = cJSON_GetArraySize(tags);

	if (!tags || cJSON_IsNull(tags))
		return true;
	if (!cJSON_IsArray(tags) || count > LIMIT_TAGS)
		return fact_refuse(r, "tags: found %s, expected an array of strings",
				   fact_type_of(tags));
	f->tags = facts_take(f, (size_t)count, sizeof(*f->tags));
	cJSON_ArrayForEach(tag, tags)
	{
		if (!cJSON_IsString(tag))
			return fact_refuse(r, "tags: found %s, expected a string",
					   fact_type_of(tag));
		if (f->tags)
			f->tags[f->tag_count++] = facts_text(f, tag->valuestring);
	}
	return true;
}

static bool read_who(struct fact_reader *r, const cJSON *root)
{
	struct facts *f = r->facts;
	const cJSON *schema = fact_get(root, "schema");
	bool known;
	double port = 0;

	if (!cJSON_IsString(schema))
		return fact_refuse(r, "schema: found %s, expected \"lsasweep.facts/1\"",
				   fact_type_of(schema));
	if (strcmp(schema->valuestring, "lsasweep.facts/1") != 0)
		return fact_refuse(
			r, "schema: found \"%.60s\", expected \"lsasweep.facts/1\"",
			schema->valuestring);
	if (!fact_get_text(r, root, "host", &f->host) ||
	    !fact_get_number(r, root, "port", 65535, &known, &port))
		return false;
	if (!f->host || !*f->host)
		return fact_refuse(r,
				   "host: found nothing, expected a name or an address");
	if (!known)
		return fact_refuse(r, "port: found nothing, expected a number");
	f->port = (uint16_t)port;
	return fact_get_text(r, root, "ts", &f->timestamp) &&
	       fact_get_text(r, root, "sweep", &f->sweep) &&
	       fact_get_text(r, root, "address", &f->address) &&
	       fact_get_text(r, root, "source", &f->source) &&
	       read_tags(r, fact_get(root, "tags"));
}

/* "0xC000006D"; anything else is no value. */
static void read_error_value(const cJSON *item, struct fact_error *e)
{
	char *end;
	unsigned long value;

	if (!cJSON_IsString(item) || strncmp(item->valuestring, "0x", 2) != 0 ||
	    strlen(item->valuestring) > 10)
		return;
	value = strtoul(item->valuestring + 2, &end, 16);
	e->has_value = *end == '\0' && end > item->valuestring + 2;
	e->value = (uint32_t)value;
}

static bool read_error(struct fact_reader *r, const cJSON *parent, struct fact_error *e)
{
	const cJSON *error;

	if (!fact_get_object(r, parent, "error", &error))
		return false;
	if (!error)
		return true;
	read_error_value(fact_get(error, "value"), e);
	return fact_get_text(r, error, "step", &e->step) &&
	       fact_get_text(r, error, "reason", &e->reason) &&
	       fact_get_text(r, error, "code", &e->code) &&
	       fact_get_text(r, error, "text", &e->text);
}

static bool read_course(struct fact_reader *r, const cJSON *root)
{
	struct facts *f = r->facts;
	double attempts = 0;

	FACT_GET_WORD(r, root, "outcome", host_outcome_from_word, &f->outcome, true);
	if (!fact_get_text(r, root, "step", &f->step) ||
	    !read_error(r, root, &f->error) ||
	    !fact_get_number(r, root, "attempts", 1e9, NULL, &attempts))
		return false;
	f->attempts = (unsigned)attempts;
	return fact_get_text(r, root, "account", &f->account);
}

static bool read_policy(struct fact_reader *r, const cJSON *role)
{
	struct facts *f = r->facts;
	const cJSON *policy;

	if (!fact_get_object(r, role, "policy", &policy))
		return false;
	if (!policy)
		return true;
	f->policy_known = true;
	return fact_get_bool(r, policy, "domain_joined", &f->policy_domain_joined) &&
	       fact_get_bool(r, policy, "controller", &f->policy_is_controller);
}

static bool read_role(struct fact_reader *r, const cJSON *role)
{
	struct facts *f = r->facts;
	double machine_role = 0, server_type = 0;

	FACT_GET_WORD(r, role, "value", role_from_word, &f->role, true);
	FACT_GET_WORD(r, role, "evidence", role_evidence_from_word, &f->evidence, false);
	f->hint_known = cJSON_IsString(fact_get(role, "hint"));
	FACT_GET_WORD(r, role, "hint", role_from_word, &f->hint, false);
	if (!fact_get_text(r, role, "conflict", &f->conflict) ||
	    !fact_get_number(r, role, "machine_role", 65535, &f->machine_role_known,
			     &machine_role) ||
	    !fact_get_number(r, role, "server_type", UINT32_MAX, &f->server_type_known,
			     &server_type))
		return false;
	f->machine_role = (uint16_t)machine_role;
	f->server_type = (uint32_t)server_type;
	return read_policy(r, role);
}

static bool read_machine(struct fact_reader *r, const cJSON *machine)
{
	struct facts *f = r->facts;
	const char *evidence = NULL;

	if (!fact_get_text(r, machine, "os_version_evidence", &evidence))
		return false;
	f->os_version_of_directory = evidence && strcmp(evidence, "directory") == 0;
	f->os_version_of_ntlm = evidence && strcmp(evidence, "ntlm") == 0;
	return fact_get_text(r, machine, "netbios_name", &f->netbios_name) &&
	       fact_get_text(r, machine, "dns_name", &f->dns_name) &&
	       fact_get_text(r, machine, "domain", &f->domain) &&
	       fact_get_text(r, machine, "dns_domain", &f->dns_domain) &&
	       fact_get_text(r, machine, "forest", &f->forest) &&
	       fact_get_sid(r, machine, "domain_sid", &f->domain_sid) &&
	       fact_get_sid(r, machine, "machine_sid", &f->machine_sid) &&
	       fact_get_text(r, machine, "os_version", &f->os_version);
}

static bool read_smb(struct fact_reader *r, const cJSON *smb)
{
	struct facts *f = r->facts;

	if (!cJSON_IsNull(fact_get(smb, "mechanism")))
		FACT_GET_WORD(r, smb, "mechanism", login_mechanism_from_word,
			      &f->mechanism, false);
	return fact_get_text(r, smb, "dialect", &f->dialect) &&
	       fact_get_bool(r, smb, "signing_required", &f->signing_required) &&
	       fact_get_text(r, smb, "encryption", &f->encryption);
}

static bool read_holder(struct fact_reader *r, const cJSON *item, struct holder *h)
{
	if (!cJSON_IsObject(item))
		return fact_refuse(r, "holders: found %s, expected an object",
				   fact_type_of(item));
	if (!fact_check_keys(r, item, "holders") ||
	    !fact_get_text(r, item, "sid", &h->sid) ||
	    !fact_get_text(r, item, "name", &h->name))
		return false;
	if (!h->sid || !*h->sid)
		return fact_refuse(r, "holders: a holder without a sid");
	/* Only a template names principals by other means. */
	if (!r->facts->source && !principal_is_sid(h->sid))
		return fact_refuse(r, "holders: \"%.60s\" is no SID, expected S-1-...",
				   h->sid);
	FACT_GET_WORD(r, item, "kind", holder_kind_from_word, &h->kind, false);
	return true;
}

static bool read_holders(struct fact_reader *r, const cJSON *holders,
			 struct right_fact *right)
{
	int count = cJSON_GetArraySize(holders);
	const cJSON *item;

	if (!holders)
		return true;
	if (!cJSON_IsArray(holders) || count > LIMIT_HOLDERS_A_RIGHT)
		return fact_refuse(r, "holders: found %s, expected an array of up to %d",
				   fact_type_of(holders), LIMIT_HOLDERS_A_RIGHT);
	right->holders = facts_take(r->facts, (size_t)count, sizeof(*right->holders));
	if (!right->holders)
		return fact_refuse(r, "out of memory");
	cJSON_ArrayForEach(item, holders)
	{
		if (!read_holder(r, item, &right->holders[right->holder_count++]))
			return false;
	}
	return true;
}

/* "held" by nobody and "nobody" with holders contradict themselves. */
static bool check_right(struct fact_reader *r, const struct right_fact *right)
{
	if ((right->outcome == RIGHT_HELD) == (right->holder_count > 0))
		return true;
	return fact_refuse(r, "rights.%.60s: \"%s\" with %zu holders", right->name,
			   right_outcome_word(right->outcome), right->holder_count);
}

static bool read_right(struct fact_reader *r, const cJSON *item, struct right_fact *right)
{
	right->name = facts_text(r->facts, item->string);
	if (!cJSON_IsObject(item))
		return fact_refuse(r, "rights.%.60s: found %s, expected an object",
				   item->string, fact_type_of(item));
	if (!fact_check_keys(r, item, item->string))
		return false;
	FACT_GET_WORD(r, item, "outcome", right_outcome_from_word, &right->outcome, true);
	return read_holders(r, fact_get(item, "holders"), right) &&
	       read_error(r, item, &right->error) && right->name && check_right(r, right);
}

static bool read_rights(struct fact_reader *r, const cJSON *rights)
{
	struct facts *f = r->facts;
	const cJSON *item;

	f->rights = facts_take(f, (size_t)cJSON_GetArraySize(rights), sizeof(*f->rights));
	if (!f->rights)
		return fact_refuse(r, "out of memory");
	cJSON_ArrayForEach(item, rights)
	{
		if (!read_right(r, item, &f->rights[f->right_count++]))
			return false;
	}
	return true;
}

static bool read_timing(struct fact_reader *r, const cJSON *timing)
{
	struct fact_timing *to = &r->facts->timing;
	const struct {
		const char *key;
		double *value;
	} parts[] = {
		{ "resolve", &to->resolve },
		{ "connect", &to->connect },
		{ "authenticate", &to->authenticate },
		{ "ask", &to->ask },
		{ "total", &to->total },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const cJSON *item = fact_get(timing, parts[i].key);

		if (!item || cJSON_IsNull(item))
			continue;
		if (!cJSON_IsNumber(item))
			return fact_refuse(r, "timing_ms.%s: found %s, expected a number",
					   parts[i].key, fact_type_of(item));
		*parts[i].value = item->valuedouble;
	}
	return true;
}
