/* SPDX-License-Identifier: Apache-2.0 */
/* Values of an LDAP entry, checked before anybody uses them. */
#include "scanner/discover/entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/text/escape.h"
#include "rpc/wire/sid.h"

/* Asked a hundred times an entry: the first letter decides most of them. */
static bool is_named(const struct entry_attribute *a, const char *name)
{
	size_t len;

	if ((a->name[0] | 0x20) != (name[0] | 0x20))
		return false;
	len = strlen(name);
	return strncasecmp(a->name, name, len) == 0 &&
	       (a->name[len] == '\0' || a->name[len] == ';');
}

const struct entry_attribute *entry_find(const struct entry *e, const char *name)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->attributes[i].count && is_named(&e->attributes[i], name))
			return &e->attributes[i];
	return NULL;
}

/* escape_next() gives U+FFFD for each byte that is no UTF-8; the character itself is
 * three bytes long. */
static bool is_utf8(const char *text)
{
	while (*text) {
		uint32_t scalar;
		const char *next;

		if (!(*text & 0x80)) {
			text++;
			continue;
		}
		next = escape_next(text, &scalar);
		if (scalar == 0xFFFD && next - text == 1)
			return false;
		text = next;
	}
	return true;
}

const char *entry_text(const struct entry *e, const char *name, struct pool *pool)
{
	return entry_text_within(e, name, ENTRY_TEXT_MAX, pool);
}

const char *entry_text_within(const struct entry *e, const char *name, size_t max,
			      struct pool *pool)
{
	const struct entry_attribute *a = entry_find(e, name);
	const struct bytes *value = a ? a->values : NULL;
	char *text;

	if (!value || value->len == 0 || value->len > max ||
	    memchr(value->at, 0, value->len))
		return NULL;
	text = pool_text(pool, (const char *)value->at, value->len);
	return text && is_utf8(text) ? text : NULL;
}

bool entry_number(const struct entry *e, const char *name, int64_t *number)
{
	const struct entry_attribute *a = entry_find(e, name);
	char text[24], *end;
	long long value;

	if (!a || !a->values->len || a->values->len >= sizeof text)
		return false;
	memcpy(text, a->values->at, a->values->len);
	text[a->values->len] = '\0';
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end != text + a->values->len)
		return false;
	*number = value;
	return true;
}

const char *entry_sid(const struct entry *e, const char *name, struct pool *pool)
{
	const struct entry_attribute *a = entry_find(e, name);
	char text[SID_TEXT_MAX];
	struct wire_in in;
	struct sid sid;

	if (!a)
		return NULL;
	in = wire_in_bytes(*a->values);
	sid_get(&in, &sid);
	if (!wire_done(&in))
		return NULL;
	sid_format(&sid, text);
	return pool_text(pool, text, strlen(text));
}

bool entry_range(const struct entry_attribute *a, uint32_t *next, bool *last)
{
	const char *option = strcasestr(a->name, ";range="), *dash;
	unsigned long end;
	char *rest;

	if (!option || !(dash = strchr(option, '-')))
		return false;
	*last = dash[1] == '*';
	if (*last)
		return true;
	errno = 0;
	end = strtoul(dash + 1, &rest, 10);
	if (errno || rest == dash + 1 || (*rest && *rest != ';') || end >= UINT32_MAX)
		return false;
	*next = (uint32_t)end + 1;
	return true;
}
