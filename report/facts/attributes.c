/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/attributes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/principals.h"
#include "report/facts/role.h"

enum { TAGS_MAX = 64, BUILD_DIGITS_MAX = 6 };

const char *const attribute_keys = "host=, role=, joined=, domain=, domain_sid=, "
				   "machine_sid=, os=, build=, kind= or tag=";

static bool take_text(struct facts *f, const char **where, const char *value)
{
	*where = facts_text(f, value);
	return *value != '\0';
}

static bool take_host(struct facts *f, const char *value)
{
	return take_text(f, &f->host, value);
}

static bool take_role(struct facts *f, const char *value)
{
	f->hint_known = role_from_word(value, &f->hint) && f->hint != ROLE_UNKNOWN;
	return f->hint_known;
}

static bool take_joined(struct facts *f, const char *value)
{
	f->said_joined_known = true;
	f->said_joined = strcasecmp(value, "yes") == 0;
	return f->said_joined || strcasecmp(value, "no") == 0;
}

static bool take_domain(struct facts *f, const char *value)
{
	return take_text(f, strchr(value, '.') ? &f->dns_domain : &f->domain, value);
}

static bool take_domain_sid(struct facts *f, const char *value)
{
	return principal_is_issuer(value) && take_text(f, &f->domain_sid, value);
}

static bool take_machine_sid(struct facts *f, const char *value)
{
	return principal_is_issuer(value) && take_text(f, &f->machine_sid, value);
}

/* Three numbers with dots, as in "10.0.20348"; a fourth may follow. */
static bool is_version(const char *text)
{
	unsigned numbers = 0;

	while (numbers < 4) {
		size_t digits = strspn(text, "0123456789");

		if (digits == 0 || digits > BUILD_DIGITS_MAX)
			return false;
		numbers++;
		text += digits;
		if (*text == '\0')
			return numbers >= 3;
		if (*text++ != '.')
			return false;
	}
	return false;
}

static bool take_os(struct facts *f, const char *value)
{
	return is_version(value) && take_text(f, &f->os_version, value);
}

static const char *version_of(unsigned long build)
{
	return build >= 10240  ? "10.0"
	       : build >= 9600 ? "6.3"
	       : build >= 9200 ? "6.2"
	       : build >= 7600 ? "6.1"
			       : "6.0";
}

static bool take_build(struct facts *f, const char *value)
{
	char text[32];
	size_t digits = strspn(value, "0123456789");

	if (digits < 4 || digits > BUILD_DIGITS_MAX || value[digits])
		return false;
	snprintf(text, sizeof(text), "%s.%s", version_of(strtoul(value, NULL, 10)),
		 value);
	return take_text(f, &f->os_version, text);
}

static bool take_kind(struct facts *f, const char *value)
{
	bool policy = strcasecmp(value, "policy") == 0;

	f->source = policy ? SOURCE_POLICY : SOURCE_EXPORT;
	return policy || strcasecmp(value, "export") == 0;
}

static bool take_tag(struct facts *f, const char *tag)
{
	const char **tags;

	if (*tag == '\0' || f->tag_count >= TAGS_MAX)
		return false;
	tags = facts_take(f, f->tag_count + 1, sizeof(*tags));
	if (!tags)
		return true; /* `f` remembers that memory was out */
	for (size_t i = 0; i < f->tag_count; i++)
		tags[i] = f->tags[i];
	tags[f->tag_count++] = facts_text(f, tag);
	f->tags = tags;
	return true;
}

static const struct {
	const char *key;
	bool (*take)(struct facts *f, const char *value);
	const char *expected;
} rows[] = {
	{ "host", take_host, "a name" },
	{ "role", take_role,
	  "domain_controller, member_server, standalone_server or client" },
	{ "joined", take_joined, "yes or no" },
	{ "domain", take_domain, "a domain's name" },
	{ "domain_sid", take_domain_sid, "S-1-5-21-X-Y-Z" },
	{ "machine_sid", take_machine_sid, "S-1-5-21-X-Y-Z" },
	{ "os", take_os, "a version as 10.0.20348" },
	{ "build", take_build, "a build as 20348" },
	{ "kind", take_kind, "policy or export" },
	{ "tag", take_tag, "a word, and no more than 64 of them" },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static size_t find(const char *word)
{
	size_t len = strcspn(word, "="), i = 0;

	if (word[len] != '=')
		return ROWS;
	while (i < ROWS &&
	       (strlen(rows[i].key) != len || strncasecmp(word, rows[i].key, len) != 0))
		i++;
	return i;
}

bool attribute_is(const char *word)
{
	return find(word) < ROWS;
}

bool attribute_take(struct facts *f, const char *word, char *why, size_t why_size)
{
	size_t i = find(word);

	if (i == ROWS) {
		snprintf(why, why_size, "\"%.80s\": expected %s", word, attribute_keys);
		return false;
	}
	if (rows[i].take(f, strchr(word, '=') + 1))
		return true;
	snprintf(why, why_size, "\"%.80s\": expected %s", word, rows[i].expected);
	return false;
}
