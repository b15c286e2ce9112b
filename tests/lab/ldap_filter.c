/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ldap_filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/lab/ber.h"
#include "tests/lab/principals.h"

enum {
	FILTER_AND = 0xa0,
	FILTER_OR,
	FILTER_NOT,
	FILTER_EQUAL,
	FILTER_SUBSTRINGS,
	FILTER_GREATER,
	FILTER_LESS,
	FILTER_APPROXIMATE = 0xa8,
	FILTER_EXTENSIBLE,
	FILTER_PRESENT = 0x87,
	DEPTH_MAX = 20,
};

struct matching {
	const struct lab_entry *entry;
	bool bad;
};

static bool holds(struct matching *m, struct wire_in *in, unsigned depth);

static long long number_of(struct bytes value)
{
	char text[24] = "";

	memcpy(text, value.at, value.len < sizeof(text) ? value.len : sizeof(text) - 1);
	return strtoll(text, NULL, 10);
}

/* "computer" is "CN=Computer,CN=Schema,..."; hyphens of the class's name do not count. */
static bool is_category(struct bytes value, struct bytes short_name)
{
	size_t at = 3, used = 0;

	for (; at < value.len && value.at[at] != ','; at++) {
		if (value.at[at] == '-')
			continue;
		if (used == short_name.len ||
		    strncasecmp((const char *)value.at + at,
				(const char *)short_name.at + used, 1) != 0)
			return false;
		used++;
	}
	return used == short_name.len;
}

static bool equal(const char *name, struct bytes value, struct bytes wanted)
{
	char text[LAB_SID_TEXT_MAX];
	struct lab_sid sid;

	if (value.len == wanted.len &&
	    (!value.len || strncasecmp((const char *)value.at, (const char *)wanted.at,
				       value.len) == 0))
		return true;
	if (strcasecmp(name, "objectCategory") == 0)
		return value.len > 3 && is_category(value, wanted);
	if (strcasecmp(name, "objectSid") != 0 || wanted.len >= sizeof(text) ||
	    wanted.len < 2 || memcmp(wanted.at, "S-", 2) != 0)
		return false;
	memcpy(text, wanted.at, wanted.len);
	text[wanted.len] = '\0';
	return lab_sid_parse(text, &sid) && sid.len == value.len &&
	       memcmp(sid.at, value.at, sid.len) == 0;
}

static bool compare(struct matching *m, struct wire_in in, uint8_t kind)
{
	struct bytes name = ber_octets(&in, BER_OCTETS);
	struct bytes wanted = ber_octets(&in, BER_OCTETS);
	const struct lab_attribute *a;

	m->bad |= in.bad;
	a = in.bad ? NULL : entry_attribute(m->entry, (const char *)name.at, name.len);
	for (size_t i = 0; a && i < a->count; i++) {
		struct bytes value = m->entry->values[a->first + i];

		if (kind == FILTER_GREATER ? number_of(value) >= number_of(wanted)
		    : kind == FILTER_LESS  ? number_of(value) <= number_of(wanted)
					   : equal(a->name, value, wanted))
			return true;
	}
	return false;
}

/* Initial and final parts; what stands between is looked for in order. */
static bool has_parts(struct bytes value, struct wire_in parts)
{
	size_t at = 0;
	uint8_t tag;

	while (parts.left && !parts.bad) {
		struct wire_in part = ber_next(&parts, &tag);
		size_t last = value.len - (part.left > value.len ? value.len : part.left);
		size_t from = tag == 0x82 && last > at ? last : at;

		if (part.left > value.len || from > last)
			return false;
		while (strncasecmp((const char *)value.at + from, (const char *)part.at,
				   part.left) != 0)
			if (tag != 0x81 || ++from > last)
				return false;
		at = from + part.left;
	}
	return !parts.bad;
}

static bool substrings(struct matching *m, struct wire_in in)
{
	struct bytes name = ber_octets(&in, BER_OCTETS);
	struct wire_in parts = ber_enter(&in, BER_SEQUENCE);
	const struct lab_attribute *a;

	m->bad |= in.bad;
	a = in.bad ? NULL : entry_attribute(m->entry, (const char *)name.at, name.len);
	for (size_t i = 0; a && i < a->count; i++)
		if (has_parts(m->entry->values[a->first + i], parts))
			return true;
	return false;
}

/* [MS-ADTS] 3.1.1.3.4.4: bit AND (803), bit OR (804); other rules are unknown here. */
static bool extensible(struct matching *m, struct wire_in in)
{
	struct bytes rule = ber_octets(&in, 0x81), name = ber_octets(&in, 0x82);
	struct bytes wanted = ber_octets(&in, 0x83);
	static const char prefix[] = "1.2.840.113556.1.4.80";
	size_t len = sizeof(prefix) - 1;
	const struct lab_attribute *a;
	long long bits, mask;

	m->bad |= in.bad || rule.len != len + 1 || memcmp(rule.at, prefix, len) != 0;
	a = m->bad ? NULL : entry_attribute(m->entry, (const char *)name.at, name.len);
	if (!a || !a->count)
		return false;
	mask = number_of(wanted);
	bits = number_of(m->entry->values[a->first]) & mask;
	return rule.at[len] == '3' ? bits == mask : bits != 0;
}

static bool any_or_all(struct matching *m, struct wire_in in, bool all, unsigned depth)
{
	bool result = all;

	while (in.left && !in.bad && !m->bad) {
		bool one = holds(m, &in, depth + 1);

		result = all ? result && one : result || one;
	}
	return result;
}

static bool holds(struct matching *m, struct wire_in *in, unsigned depth)
{
	uint8_t tag;
	struct wire_in value = ber_next(in, &tag);

	if (in->bad || depth > DEPTH_MAX) {
		m->bad = true;
		return false;
	}
	switch (tag) {
	case FILTER_AND:
	case FILTER_OR:
		return any_or_all(m, value, tag == FILTER_AND, depth);
	case FILTER_NOT:
		return !holds(m, &value, depth + 1);
	case FILTER_PRESENT:
		return entry_attribute(m->entry, (const char *)value.at, value.left);
	case FILTER_SUBSTRINGS:
		return substrings(m, value);
	case FILTER_EXTENSIBLE:
		return extensible(m, value);
	case FILTER_EQUAL:
	case FILTER_GREATER:
	case FILTER_LESS:
	case FILTER_APPROXIMATE:
		return compare(m, value, tag);
	default:
		m->bad = true;
		return false;
	}
}

bool ldap_filter_holds(struct bytes filter, const struct lab_entry *e, bool *bad)
{
	struct matching m = { .entry = e };
	struct wire_in in = wire_in_bytes(filter);
	bool result = holds(&m, &in, 0);

	*bad = m.bad || in.bad;
	return result && !*bad;
}

bool ldap_filter_names(struct bytes filter, const char *attribute)
{
	size_t len = strlen(attribute);

	for (size_t i = 0; i + len <= filter.len; i++)
		if (strncasecmp((const char *)filter.at + i, attribute, len) == 0)
			return true;
	return false;
}
