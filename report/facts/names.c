/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/names.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/derived_sid.h"
#include "report/facts/names_table.h"
#include "report/facts/principals.h"
#include "report/text/escape.h"

/* ---- letters ---- */

/* Small letters of the scripts that Windows' names are written in. */
static uint32_t fold(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
	    (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40F)
		return c + 0x50;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
		return c % 2 ? c + 1 : c;
	if (c >= 0x100 && c <= 0x177 && c != 0x130 && c != 0x131)
		return c | 1;
	return c == 0x130 ? 'i' : c;
}

/* Whether the first `len` bytes of `a` are `b`. */
static bool same(const char *a, size_t len, const char *b)
{
	const char *end = a + len;
	uint32_t x, y;

	while (a < end && *b) {
		a = escape_next(a, &x);
		b = escape_next(b, &y);
		if (fold(x) != fold(y))
			return false;
	}
	return a == end && *b == '\0';
}

/* Whether `name` is one of `names`, each with a `|` behind it. */
static bool is_among(const char *names, const char *name)
{
	for (const char *end; *names; names = end + 1) {
		end = names + strcspn(names, "|");
		if (same(names, (size_t)(end - names), name))
			return true;
		if (*end == '\0')
			break;
	}
	return false;
}

/* ---- relative ids ---- */

bool sid_is_relative(const char *sid, bool *of_machine, unsigned *rid)
{
	const char *number;
	size_t digits;

	*of_machine = strncmp(sid, "MACHINE-", 8) == 0;
	if (!*of_machine && strncmp(sid, "DOMAIN-", 7) != 0)
		return false;
	number = strchr(sid, '-') + 1;
	digits = strspn(number, "0123456789");
	if (digits == 0 || digits > 9 || number[digits])
		return false;
	*rid = (unsigned)strtoul(number, NULL, 10);
	return true;
}

static bool write_relative(const char *relative, const struct name_scope *s,
			   char sid[static NAME_SID_MAX])
{
	bool of_machine;
	unsigned rid;
	const char *issuer = NULL;

	if (!sid_is_relative(relative, &of_machine, &rid))
		return false;
	if (of_machine)
		issuer = s->controller ? s->domain_sid : s->machine_sid;
	else if (!principal_of_forest(rid))
		issuer = s->domain_sid;
	if (issuer)
		snprintf(sid, NAME_SID_MAX, "%s-%u", issuer, rid);
	else
		snprintf(sid, NAME_SID_MAX, "%s", relative);
	return true;
}

/* ---- names ---- */

/* The row of a bare name, NULL: none. */
static const char *row_of(const char *bare, bool behind_authority)
{
	for (size_t i = 0; i < names_row_count; i++)
		if (names_rows[i].behind <= behind_authority &&
		    is_among(names_rows[i].names, bare))
			return names_rows[i].sid;
	return NULL;
}

static bool is_machine(const char *domain, size_t len, const struct name_scope *s)
{
	size_t host = s->machine ? strcspn(s->machine, ".") : 0;

	return host > 0 && host == len && strncasecmp(s->machine, domain, len) == 0;
}

static bool local_account(const char *bare, const struct name_scope *s,
			  char sid[static NAME_SID_MAX])
{
	if (s->guest && same(s->guest, strlen(s->guest), bare))
		return write_relative("MACHINE-501", s, sid);
	if (s->administrator && same(s->administrator, strlen(s->administrator), bare))
		return write_relative("MACHINE-500", s, sid);
	return false;
}

static bool write_row(const char *row, const struct name_scope *s,
		      char sid[static NAME_SID_MAX])
{
	if (strncmp(row, "S-1-", 4) != 0)
		return write_relative(row, s, sid);
	snprintf(sid, NAME_SID_MAX, "%s", row);
	return true;
}

/* Without a domain: the machine's own, Windows' own, or a group of its domain. */
static bool bare_name(const char *bare, const struct name_scope *s,
		      char sid[static NAME_SID_MAX])
{
	const char *row;

	if (local_account(bare, s, sid))
		return true;
	row = row_of(bare, false);
	return row && write_row(row, s, sid);
}

/* Behind the name of some domain only groups with a fixed relative id are known: an
 * "Administrator" there may be the machine's or the domain's. */
static bool domain_name(const char *bare, const struct name_scope *s,
			char sid[static NAME_SID_MAX])
{
	const char *row = row_of(bare, false);

	return row && strncmp(row, "DOMAIN-", 7) == 0 && write_relative(row, s, sid);
}

static bool known_everywhere(const char *name, char sid[static NAME_SID_MAX])
{
	const char *known = principal_sid_of(name);

	if (known)
		snprintf(sid, NAME_SID_MAX, "%s", known);
	return known != NULL;
}

bool name_to_sid(const char *name, const struct name_scope *scope,
		 char sid[static NAME_SID_MAX])
{
	const char *slash = strchr(name, '\\'), *row;
	char domain[64];

	if (!slash)
		return local_account(name, scope, sid) || known_everywhere(name, sid) ||
		       bare_name(name, scope, sid);
	if (known_everywhere(name, sid) || derived_sid(name, sid))
		return true;
	if (slash == name || (size_t)(slash - name) >= sizeof(domain))
		return false;
	memcpy(domain, name, (size_t)(slash - name));
	domain[slash - name] = '\0';
	if (is_among(names_authorities, domain)) {
		row = row_of(slash + 1, true);
		return row && strncmp(row, "S-1-", 4) == 0 && write_row(row, scope, sid);
	}
	if (is_machine(domain, strlen(domain), scope))
		return bare_name(slash + 1, scope, sid);
	return domain_name(slash + 1, scope, sid);
}
