/* SPDX-License-Identifier: Apache-2.0 */
/* A baseline file read: taken whole or refused whole. */
#include "report/baseline/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/baseline/baseline_json.h"
#include "report/baseline/baseline_internal.h"

static bool read_schema(struct reader *r, const struct node *n, void *into);
static bool read_extend(struct reader *r, const struct node *n, void *into);
static bool read_rights(struct reader *r, const struct node *n, void *into);
static bool read_right(struct reader *r, const struct node *n, void *into);
static bool read_role_rule(struct reader *r, const struct node *n, void *into);
static bool read_match(struct reader *r, const struct node *n, void *into);
static bool read_generations(struct reader *r, const struct node *n, void *into);
static bool read_references(struct reader *r, const struct node *n, void *into);
static bool read_groups(struct reader *r, const struct node *n, void *into);
static bool read_allows(struct reader *r, const struct node *n, void *into);
static bool read_when(struct reader *r, const struct node *n, void *into);

/* The rule of a role in the array of rules. */
#define KEY_ROLE(name, role)                                                         \
	{                                                                            \
		name, false, read_role_rule, (role) * sizeof(struct baseline_rule *) \
	}

static const struct key root_keys[] = {
	KEY_HERE("$schema", false, read_anything),
	KEY_HERE("schema", true, read_schema),
	KEY("name", true, read_text, baseline, name),
	KEY("version", true, read_text, baseline, version),
	KEY("source", true, read_text, baseline, source),
	KEY("description", false, read_text, baseline, description),
	KEY("extend", false, read_extend, baseline, extends),
	KEY("rights", true, read_rights, baseline, rights),
	KEY("waivers", false, read_waivers, baseline, waivers),
	KEYS_END,
};

#define SIDE_BY_SIDE(type, list, count)                                                \
	_Static_assert(offsetof(type, count) == offsetof(type, list) + sizeof(void *), \
		       #list)
SIDE_BY_SIDE(struct baseline_rule, principals, principal_count);
SIDE_BY_SIDE(struct baseline_rule, domain_joined, domain_joined_count);
SIDE_BY_SIDE(struct baseline_rule, any_of, any_of_count);
SIDE_BY_SIDE(struct baseline_rule, allow, allow_count);
SIDE_BY_SIDE(struct baseline_group, members, count);
SIDE_BY_SIDE(struct baseline, rights, right_count);
SIDE_BY_SIDE(struct baseline, waivers, waiver_count);

struct baseline *baseline_parse(const char *path, const char *text, size_t len, char *why,
				size_t why_size)
{
	struct pool memory = { 0 };
	struct baseline *b = pool_take(&memory, 1, sizeof(*b));
	struct reader r = { b ? &b->memory : NULL, path, text, len, why, why_size };

	if (!b) {
		refuse_memory(&r);
		return NULL;
	}
	b->memory = memory;
	b->path = pool_text(&b->memory, path, strlen(path));
	if ((b->path ? read_document(&r, root_keys, b) : refuse_memory(&r)) &&
	    baseline_join(b, why, why_size))
		return b;
	baseline_free(b);
	return NULL;
}

static bool read_schema(struct reader *r, const struct node *n, void *into)
{
	(void)into;
	return (cJSON_IsString(n->item) &&
		strcmp(n->item->valuestring, "lsasweep.baseline/1") == 0) ||
	       refuse_found(r, n, "\"lsasweep.baseline/1\"");
}

static bool read_extend(struct reader *r, const struct node *n, void *into)
{
	char names[200], expected[240];
	size_t len;

	if (cJSON_IsString(n->item) && baseline_shipped_text(n->item->valuestring, &len))
		return read_text(r, n, into);
	baseline_shipped_names(names, sizeof names);
	snprintf(expected, sizeof expected, "a shipped baseline: %s", names);
	return refuse_found(r, n, expected);
}

/* ---- rights and rules ---- */

static bool read_rights(struct reader *r, const struct node *n, void *into)
{
	struct references *to = into;

	return read_members(r, n, read_right, sizeof(struct baseline_right), &to->list,
			    &to->count);
}

static bool read_right(struct reader *r, const struct node *n, void *into)
{
	static const struct key role_keys[] = {
		KEY_ROLE("domain_controller", ROLE_DOMAIN_CONTROLLER),
		KEY_ROLE("member_server", ROLE_MEMBER_SERVER),
		KEY_ROLE("standalone_server", ROLE_STANDALONE_SERVER),
		KEY_ROLE("client", ROLE_CLIENT),
		KEYS_END,
	};
	struct baseline_right *right = into;
	const struct right *known = rights_find(n->item->string);

	if (!known)
		return refuse(r, n,
			      "found a right that no Windows has, expected one as "
			      "`lsasweep explain` lists them");
	for (const cJSON *c = n->parent->item->child; c != n->item; c = c->next)
		if (strcasecmp(c->string, n->item->string) == 0)
			return refuse(r, n, "found the right twice, expected it once");
	right->right = known;
	return read_object(r, n, role_keys, right->rules);
}

/* The keys of a rule; a generation has the same without `generations`. */
#define RULE_KEYS                                                                     \
	KEY("match", true, read_match, baseline_rule, match),                         \
		KEY("principals", false, read_references, baseline_rule, principals), \
		KEY("domain_joined", false, read_references, baseline_rule,           \
		    domain_joined),                                                   \
		KEY("any_of", false, read_groups, baseline_rule, any_of),             \
		KEY("allow", false, read_allows, baseline_rule, allow),               \
		KEY("rule", false, read_text, baseline_rule, rule),                   \
		KEY("reason", false, read_text, baseline_rule, reason)

static const struct key generation_keys[] = { RULE_KEYS, KEYS_END };
static const struct key rule_keys[] = {
	RULE_KEYS,
	KEY_HERE("generations", false, read_generations),
	KEYS_END,
};

/* "Nobody" has one way to be said, so that it is never said by mistake. */
static bool check_rule(struct reader *r, const struct node *n,
		       const struct baseline_rule *rule)
{
	size_t named = rule->principal_count + rule->domain_joined_count +
		       rule->any_of_count;

	if (rule->match == MATCH_NONE && named > 0)
		return refuse(r, n, "found principals beside \"none\", expected none");
	if (rule->match != MATCH_NONE && named == 0)
		return refuse(r, n,
			      "found no principals, expected some (\"match\": \"none\" "
			      "says that nobody may hold it)");
	return true;
}

static bool read_rule(struct reader *r, const struct node *n, const struct key *keys,
		      struct baseline_rule **into)
{
	struct baseline_rule *rule = pool_take(r->memory, 1, sizeof(*rule));

	if (!rule)
		return refuse_memory(r);
	if (!read_object(r, n, keys, rule) || !check_rule(r, n, rule))
		return false;
	*into = rule;
	return true;
}

/* In a file that extends another: only what is allowed besides. */
static bool is_addition(const struct node *n)
{
	const struct node *root = n;

	while (root->parent)
		root = root->parent;
	return cJSON_GetObjectItemCaseSensitive(root->item, "extend") &&
	       cJSON_IsObject(n->item) && n->item->child && !n->item->child->next &&
	       strcmp(n->item->child->string, "allow") == 0;
}

static bool read_addition(struct reader *r, const struct node *n,
			  struct baseline_rule **into)
{
	static const struct key only_allow[] = {
		KEY("allow", true, read_allows, baseline_rule, allow),
		KEYS_END,
	};
	struct baseline_rule *rule = pool_take(r->memory, 1, sizeof(*rule));

	if (!rule)
		return refuse_memory(r);
	rule->adds = true;
	*into = rule;
	return read_object(r, n, only_allow, rule);
}

/* A rule, or generations alone: then the baseline is silent about older builds. */
static bool read_role_rule(struct reader *r, const struct node *n, void *into)
{
	static const struct key only_generations[] = {
		KEY_HERE("generations", true, read_generations),
		KEYS_END,
	};
	struct baseline_rule none = { 0 }, **rule = into;

	if (is_addition(n))
		return read_addition(r, n, rule);
	if (!cJSON_IsObject(n->item) || !n->item->child || n->item->child->next ||
	    strcmp(n->item->child->string, "generations") != 0)
		return read_rule(r, n, rule_keys, rule);
	if (!read_object(r, n, only_generations, &none))
		return false;
	*rule = none.next;
	return none.next || refuse(r, n, "found no generation, expected one");
}

static bool read_match(struct reader *r, const struct node *n, void *into)
{
	enum match *match = into;

	for (int m = 0; cJSON_IsString(n->item) && m < MATCH_COUNT; m++) {
		if (strcmp(match_word((enum match)m), n->item->valuestring) == 0) {
			*match = (enum match)m;
			return true;
		}
	}
	return refuse_found(r, n, "exactly, at_most, at_least or none");
}

/* Sorted into the chain behind the rule itself, which is for all older builds. */
static bool read_generation(struct reader *r, const struct node *n, void *into)
{
	struct baseline_rule *at = into, *rule = NULL;
	const char *key = n->item->string;
	size_t digits = strspn(key, "0123456789");
	uint32_t build = (uint32_t)strtoul(key, NULL, 10);

	if (digits == 0 || digits > 8 || key[digits] || build == 0)
		return refuse(r, n, "found no build number, expected one such as 20348");
	if (!read_rule(r, n, generation_keys, &rule) || !rule)
		return false;
	rule->min_build = build;
	while (at->next && at->next->min_build < build)
		at = at->next;
	if (at->next && at->next->min_build == build)
		return refuse(r, n, "found the build twice, expected it once");
	rule->next = at->next;
	at->next = rule;
	return true;
}

static bool read_generations(struct reader *r, const struct node *n, void *into)
{
	if (!cJSON_IsObject(n->item))
		return refuse_found(r, n, "an object");
	for (const cJSON *c = n->item->child; c; c = c->next) {
		const struct node child = { n, c };

		if (!read_generation(r, &child, into))
			return false;
	}
	return true;
}

/* ---- principals ---- */

bool read_reference(struct reader *r, const struct node *n, void *into)
{
	const char *text = NULL;

	if (!cJSON_IsString(n->item))
		return refuse_found(r, n, reference_forms);
	if (!*n->item->valuestring || !read_text(r, n, &text))
		return *n->item->valuestring ? false
					     : refuse_found(r, n, reference_forms);
	return reference_parse(text, into) || refuse_found(r, n, reference_forms);
}

static bool read_references(struct reader *r, const struct node *n, void *into)
{
	struct references *to = into;

	return read_array(r, n, read_reference, sizeof(*to->list), &to->list, &to->count);
}

static bool read_group(struct reader *r, const struct node *n, void *into)
{
	struct baseline_group *group = into;

	if (!read_references(r, n, into))
		return false;
	return group->count >= 2 ||
	       refuse(r, n, "found %zu principals, expected at least two to choose from",
		      group->count);
}

static bool read_groups(struct reader *r, const struct node *n, void *into)
{
	struct references *to = into;

	return read_array(r, n, read_group, sizeof(struct baseline_group), &to->list,
			  &to->count);
}

static bool read_allow(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		KEY("principal", true, read_reference, baseline_allow, principal),
		KEY("when", false, read_when, baseline_allow, when),
		KEY("reason", false, read_text, baseline_allow, reason),
		KEYS_END,
	};

	return read_object(r, n, keys, into);
}

static bool read_allows(struct reader *r, const struct node *n, void *into)
{
	struct references *to = into;

	return read_array(r, n, read_allow, sizeof(struct baseline_allow), &to->list,
			  &to->count);
}

static bool read_build(struct reader *r, const struct node *n, uint32_t *build)
{
	double value = n->item->valuedouble;

	if (!cJSON_IsNumber(n->item) || !(value >= 0 && value <= 99999999) ||
	    value != (double)(uint32_t)value)
		return refuse_found(r, n, "a build number such as 20348");
	*build = (uint32_t)value;
	return true;
}

static bool read_min_build(struct reader *r, const struct node *n, void *into)
{
	struct baseline_when *when = into;

	when->has_min_build = true;
	return read_build(r, n, &when->min_build);
}

static bool read_max_build(struct reader *r, const struct node *n, void *into)
{
	struct baseline_when *when = into;

	when->has_max_build = true;
	return read_build(r, n, &when->max_build);
}

static bool read_when_role(struct reader *r, const struct node *n, void *into)
{
	struct baseline_when *when = into;
	enum role role;

	if (!cJSON_IsString(n->item) || !role_from_word(n->item->valuestring, &role) ||
	    role == ROLE_UNKNOWN)
		return refuse_found(r, n,
				    "domain_controller, member_server, "
				    "standalone_server or client");
	when->roles = 1u << role;
	return true;
}

static bool read_product(struct reader *r, const struct node *n, void *into)
{
	struct baseline_when *when = into;
	char expected[300] = "one of:";

	if (cJSON_IsString(n->item) &&
	    product_from_word(n->item->valuestring, &when->product) &&
	    when->product != PRODUCT_NONE)
		return true;
	for (int p = PRODUCT_NONE + 1; p < PRODUCT_COUNT; p++) {
		size_t len = strlen(expected);

		snprintf(expected + len, sizeof(expected) - len, " %s",
			 product_word((enum product)p));
	}
	return refuse_found(r, n, expected);
}

static bool read_when(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		KEY("tag", false, read_text, baseline_when, tag),
		KEY_HERE("role", false, read_when_role),
		KEY_HERE("min_build", false, read_min_build),
		KEY_HERE("max_build", false, read_max_build),
		KEY_HERE("product", false, read_product),
		KEYS_END,
	};

	if (!read_object(r, n, keys, into))
		return false;
	return n->item->child || refuse(r, n, "found no condition, expected one");
}
