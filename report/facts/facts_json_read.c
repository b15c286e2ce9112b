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
#include "report/facts/limits.h"
#include "report/facts/principals.h"

struct reader {
	struct facts *facts;
	char *why;
	size_t why_size;
};

static bool refuse(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static bool refuse_memory(struct reader *r);
static bool check_text(struct reader *r, const char *line, size_t len);
static bool read_root(struct reader *r, const cJSON *root);
static bool read_who(struct reader *r, const cJSON *root);
static bool read_course(struct reader *r, const cJSON *root);
static bool read_role(struct reader *r, const cJSON *role);
static bool read_machine(struct reader *r, const cJSON *machine);
static bool read_smb(struct reader *r, const cJSON *smb);
static bool read_rights(struct reader *r, const cJSON *rights);
static bool read_timing(struct reader *r, const cJSON *timing);

bool facts_from_json(const char *line, size_t len, struct facts *f, char *why,
		     size_t why_size)
{
	struct reader r = { f, why, why_size };
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
		ok = refuse_memory(&r);
	else if (!root)
		ok = refuse(&r, "no JSON at byte %zu",
			    end ? (size_t)(end - line) + 1 : 1);
	else if (end != line + len)
		ok = refuse(&r, "more text behind the object at byte %zu",
			    (size_t)(end - line) + 1);
	else
		ok = read_root(&r, root);
	cJSON_Delete(root);
	if (f->out_of_memory)
		ok = refuse(&r, "out of memory");
	return ok;
}

static bool refuse(struct reader *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (r->facts->out_of_memory)
		format = "out of memory"; /* what seems to be missing is not */
	vsnprintf(r->why, r->why_size, format, arguments);
	va_end(arguments);
	return false;
}

static bool refuse_memory(struct reader *r)
{
	r->facts->out_of_memory = true;
	return refuse(r, "out of memory");
}

/* A NUL would cut a string short without a word. */
static bool check_text(struct reader *r, const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (line[i] == '\0')
			return refuse(r, "NUL byte at byte %zu", i + 1);
		if (line[i] != '\\')
			continue;
		if (len - i >= 6 && memcmp(line + i, "\\u0000", 6) == 0)
			return refuse(r, "NUL character at byte %zu", i + 1);
		i++;
	}
	return true;
}

static const char *type_of(const cJSON *item)
{
	if (!item)
		return "nothing";
	if (cJSON_IsObject(item))
		return "an object";
	if (cJSON_IsArray(item))
		return "an array";
	if (cJSON_IsString(item))
		return "a string";
	if (cJSON_IsNumber(item))
		return "a number";
	return cJSON_IsNull(item) ? "null" : "a truth value";
}

/* No key twice: which one counts would be anybody's guess.  Rights are looked for without
 * regard to case, and no other key differs by it alone. */
static bool check_keys(struct reader *r, const cJSON *object, const char *where)
{
	size_t count = 0;

	for (const cJSON *a = object->child; a; a = a->next) {
		if (++count > LIMIT_RIGHTS)
			return refuse(r, "%s: more than %d keys", where, LIMIT_RIGHTS);
		for (const cJSON *b = object->child; b != a; b = b->next)
			if (strcasecmp(a->string, b->string) == 0)
				return refuse(r, "%s: key \"%.60s\" twice", where,
					      a->string);
	}
	return true;
}

static const cJSON *get(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* An object or, with null or nothing there, no object. */
static bool get_object(struct reader *r, const cJSON *parent, const char *key,
		       const cJSON **object)
{
	const cJSON *item = get(parent, key);

	*object = NULL;
	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsObject(item))
		return refuse(r, "%s: found %s, expected an object", key, type_of(item));
	*object = item;
	return check_keys(r, item, key);
}

static bool get_text(struct reader *r, const cJSON *object, const char *key,
		     const char **text)
{
	const cJSON *item = object ? get(object, key) : NULL;

	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsString(item))
		return refuse(r, "%s: found %s, expected a string", key, type_of(item));
	*text = facts_text(r->facts, item->valuestring);
	return true;
}

/* A whole number up to `max`; `*known` (may be NULL) says whether it is there. */
static bool get_number(struct reader *r, const cJSON *object, const char *key, double max,
		       bool *known, double *value)
{
	const cJSON *item = get(object, key);

	if (known)
		*known = false;
	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) ||
	    item->valuedouble > max || floor(item->valuedouble) != item->valuedouble)
		return refuse(r, "%s: found %s, expected a whole number up to %.0f", key,
			      cJSON_IsNumber(item) ? "another number" : type_of(item),
			      max);
	if (known)
		*known = true;
	*value = item->valuedouble;
	return true;
}

static bool get_bool(struct reader *r, const cJSON *object, const char *key, bool *value)
{
	const cJSON *item = get(object, key);

	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsBool(item))
		return refuse(r, "%s: found %s, expected true or false", key,
			      type_of(item));
	*value = cJSON_IsTrue(item);
	return true;
}

/* A word of a closed list; `from_word` stores it.  Missing leaves the default. */
#define GET_WORD(r, object, key, from_word, value, required)                           \
	do {                                                                           \
		const cJSON *word_item = (object) ? get(object, key) : NULL;           \
                                                                                       \
		if (!word_item && !(required))                                         \
			break;                                                         \
		if (!word_item || !cJSON_IsString(word_item))                          \
			return refuse(r, "%s: found %s, expected a word", key,         \
				      type_of(word_item));                             \
		if (!from_word(word_item->valuestring, value))                         \
			return refuse(r, "%s: \"%.60s\" is not one of its words", key, \
				      word_item->valuestring);                         \
	} while (0)

static bool read_directory(struct reader *r, const cJSON *directory)
{
	const char *key = NULL;

	return directory_fact_read(directory, r->facts, &key) ||
	       refuse(r, "directory.%s: found %s", key, type_of(get(directory, key)));
}

static bool read_root(struct reader *r, const cJSON *root)
{
	const cJSON *role, *machine, *smb, *rights, *directory, *timing;

	if (!cJSON_IsObject(root))
		return refuse(r, "found %s, expected an object", type_of(root));
	return check_keys(r, root, "facts") && read_who(r, root) &&
	       read_course(r, root) && get_object(r, root, "role", &role) &&
	       (!role || read_role(r, role)) &&
	       get_object(r, root, "machine", &machine) &&
	       (!machine || read_machine(r, machine)) &&
	       get_object(r, root, "smb", &smb) && (!smb || read_smb(r, smb)) &&
	       get_object(r, root, "rights", &rights) &&
	       (!rights || read_rights(r, rights)) &&
	       get_object(r, root, "directory", &directory) &&
	       (!directory || read_directory(r, directory)) &&
	       get_object(r, root, "timing_ms", &timing) &&
	       (!timing || read_timing(r, timing));
}

static bool read_tags(struct reader *r, const cJSON *tags)
{
	struct facts *f = r->facts;
	const cJSON *tag;
	int count = cJSON_GetArraySize(tags);

	if (!tags || cJSON_IsNull(tags))
		return true;
	if (!cJSON_IsArray(tags) || count > LIMIT_TAGS)
		return refuse(r, "tags: found %s, expected an array of strings",
			      type_of(tags));
	f->tags = facts_take(f, (size_t)count, sizeof(*f->tags));
	cJSON_ArrayForEach(tag, tags)
	{
		if (!cJSON_IsString(tag))
			return refuse(r, "tags: found %s, expected a string",
				      type_of(tag));
		if (f->tags)
			f->tags[f->tag_count++] = facts_text(f, tag->valuestring);
	}
	return true;
}

static bool read_who(struct reader *r, const cJSON *root)
{
	struct facts *f = r->facts;
	const cJSON *schema = get(root, "schema");
	bool known;
	double port = 0;

	if (!cJSON_IsString(schema))
		return refuse(r, "schema: found %s, expected \"lsasweep.facts/1\"",
			      type_of(schema));
	if (strcmp(schema->valuestring, "lsasweep.facts/1") != 0)
		return refuse(r, "schema: found \"%.60s\", expected \"lsasweep.facts/1\"",
			      schema->valuestring);
	if (!get_text(r, root, "host", &f->host) ||
	    !get_number(r, root, "port", 65535, &known, &port))
		return false;
	if (!f->host || !*f->host)
		return refuse(r, "host: found nothing, expected a name or an address");
	if (!known)
		return refuse(r, "port: found nothing, expected a number");
	f->port = (uint16_t)port;
	return get_text(r, root, "ts", &f->timestamp) &&
	       get_text(r, root, "sweep", &f->sweep) &&
	       get_text(r, root, "address", &f->address) &&
	       get_text(r, root, "source", &f->source) && read_tags(r, get(root, "tags"));
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

static bool read_error(struct reader *r, const cJSON *parent, struct fact_error *e)
{
	const cJSON *error;

	if (!get_object(r, parent, "error", &error))
		return false;
	if (!error)
		return true;
	read_error_value(get(error, "value"), e);
	return get_text(r, error, "step", &e->step) &&
	       get_text(r, error, "reason", &e->reason) &&
	       get_text(r, error, "code", &e->code) &&
	       get_text(r, error, "text", &e->text);
}

static bool read_course(struct reader *r, const cJSON *root)
{
	struct facts *f = r->facts;
	double attempts = 0;

	GET_WORD(r, root, "outcome", host_outcome_from_word, &f->outcome, true);
	if (!get_text(r, root, "step", &f->step) || !read_error(r, root, &f->error) ||
	    !get_number(r, root, "attempts", 1e9, NULL, &attempts))
		return false;
	f->attempts = (unsigned)attempts;
	return get_text(r, root, "account", &f->account);
}

static bool read_policy(struct reader *r, const cJSON *role)
{
	struct facts *f = r->facts;
	const cJSON *policy;

	if (!get_object(r, role, "policy", &policy))
		return false;
	if (!policy)
		return true;
	f->policy_known = true;
	return get_bool(r, policy, "domain_joined", &f->policy_domain_joined) &&
	       get_bool(r, policy, "controller", &f->policy_is_controller);
}

static bool read_role(struct reader *r, const cJSON *role)
{
	struct facts *f = r->facts;
	double machine_role = 0, server_type = 0;

	GET_WORD(r, role, "value", role_from_word, &f->role, true);
	GET_WORD(r, role, "evidence", role_evidence_from_word, &f->evidence, false);
	f->hint_known = cJSON_IsString(get(role, "hint"));
	GET_WORD(r, role, "hint", role_from_word, &f->hint, false);
	if (!get_text(r, role, "conflict", &f->conflict) ||
	    !get_number(r, role, "machine_role", 65535, &f->machine_role_known,
			&machine_role) ||
	    !get_number(r, role, "server_type", UINT32_MAX, &f->server_type_known,
			&server_type))
		return false;
	f->machine_role = (uint16_t)machine_role;
	f->server_type = (uint32_t)server_type;
	return read_policy(r, role);
}

static bool get_sid(struct reader *r, const cJSON *object, const char *key,
		    const char **sid)
{
	if (!get_text(r, object, key, sid))
		return false;
	return !*sid || principal_is_sid(*sid) ||
	       refuse(r, "%s: \"%.60s\" is no SID, expected S-1-...", key, *sid);
}

static bool read_machine(struct reader *r, const cJSON *machine)
{
	struct facts *f = r->facts;
	const char *evidence = NULL;

	if (!get_text(r, machine, "os_version_evidence", &evidence))
		return false;
	f->os_version_of_directory = evidence && strcmp(evidence, "directory") == 0;
	return get_text(r, machine, "netbios_name", &f->netbios_name) &&
	       get_text(r, machine, "dns_name", &f->dns_name) &&
	       get_text(r, machine, "domain", &f->domain) &&
	       get_text(r, machine, "dns_domain", &f->dns_domain) &&
	       get_text(r, machine, "forest", &f->forest) &&
	       get_sid(r, machine, "domain_sid", &f->domain_sid) &&
	       get_sid(r, machine, "machine_sid", &f->machine_sid) &&
	       get_text(r, machine, "os_version", &f->os_version);
}

static bool read_smb(struct reader *r, const cJSON *smb)
{
	struct facts *f = r->facts;

	if (!cJSON_IsNull(get(smb, "mechanism")))
		GET_WORD(r, smb, "mechanism", login_mechanism_from_word, &f->mechanism,
			 false);
	return get_text(r, smb, "dialect", &f->dialect) &&
	       get_bool(r, smb, "signing_required", &f->signing_required) &&
	       get_text(r, smb, "encryption", &f->encryption);
}

static bool read_holder(struct reader *r, const cJSON *item, struct holder *h)
{
	if (!cJSON_IsObject(item))
		return refuse(r, "holders: found %s, expected an object", type_of(item));
	if (!check_keys(r, item, "holders") || !get_text(r, item, "sid", &h->sid) ||
	    !get_text(r, item, "name", &h->name))
		return false;
	if (!h->sid || !*h->sid)
		return refuse(r, "holders: a holder without a sid");
	/* Only a template names principals by other means. */
	if (!r->facts->source && !principal_is_sid(h->sid))
		return refuse(r, "holders: \"%.60s\" is no SID, expected S-1-...",
			      h->sid);
	GET_WORD(r, item, "kind", holder_kind_from_word, &h->kind, false);
	return true;
}

static bool read_holders(struct reader *r, const cJSON *holders, struct right_fact *right)
{
	int count = cJSON_GetArraySize(holders);
	const cJSON *item;

	if (!holders)
		return true;
	if (!cJSON_IsArray(holders) || count > LIMIT_HOLDERS_A_RIGHT)
		return refuse(r, "holders: found %s, expected an array of up to %d",
			      type_of(holders), LIMIT_HOLDERS_A_RIGHT);
	right->holders = facts_take(r->facts, (size_t)count, sizeof(*right->holders));
	if (!right->holders)
		return refuse(r, "out of memory");
	cJSON_ArrayForEach(item, holders)
	{
		if (!read_holder(r, item, &right->holders[right->holder_count++]))
			return false;
	}
	return true;
}

/* "held" by nobody and "nobody" with holders contradict themselves. */
static bool check_right(struct reader *r, const struct right_fact *right)
{
	if ((right->outcome == RIGHT_HELD) == (right->holder_count > 0))
		return true;
	return refuse(r, "rights.%.60s: \"%s\" with %zu holders", right->name,
		      right_outcome_word(right->outcome), right->holder_count);
}

static bool read_right(struct reader *r, const cJSON *item, struct right_fact *right)
{
	right->name = facts_text(r->facts, item->string);
	if (!cJSON_IsObject(item))
		return refuse(r, "rights.%.60s: found %s, expected an object",
			      item->string, type_of(item));
	if (!check_keys(r, item, item->string))
		return false;
	GET_WORD(r, item, "outcome", right_outcome_from_word, &right->outcome, true);
	return read_holders(r, get(item, "holders"), right) &&
	       read_error(r, item, &right->error) && right->name && check_right(r, right);
}

static bool read_rights(struct reader *r, const cJSON *rights)
{
	struct facts *f = r->facts;
	const cJSON *item;

	f->rights = facts_take(f, (size_t)cJSON_GetArraySize(rights), sizeof(*f->rights));
	if (!f->rights)
		return refuse(r, "out of memory");
	cJSON_ArrayForEach(item, rights)
	{
		if (!read_right(r, item, &f->rights[f->right_count++]))
			return false;
	}
	return true;
}

static bool read_timing(struct reader *r, const cJSON *timing)
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
		const cJSON *item = get(timing, parts[i].key);

		if (!item || cJSON_IsNull(item))
			continue;
		if (!cJSON_IsNumber(item))
			return refuse(r, "timing_ms.%s: found %s, expected a number",
				      parts[i].key, type_of(item));
		*parts[i].value = item->valuedouble;
	}
	return true;
}
