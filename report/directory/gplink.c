/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/gplink.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { LINK_DISABLED = 1, LINK_ENFORCED = 2 };

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || (*at >= '\t' && *at <= '\r'))
		at++;
	return at;
}

/* ";2]" with at least one digit; `*end` then stands behind it. */
static bool read_options(const char *at, uint32_t *options, const char **end)
{
	uint64_t value = 0;
	size_t digits = 0;

	if (*at++ != ';')
		return false;
	for (; *at >= '0' && *at <= '9'; at++, digits++) {
		value = value * 10 + (uint64_t)(*at - '0');
		if (value > UINT32_MAX)
			return false;
	}
	if (!digits || *at != ']')
		return false;
	*options = (uint32_t)value;
	*end = at + 1;
	return true;
}

/* A server may stand between the scheme and the name: "LDAP://dc1/CN=...". */
static const char *behind_server(const char *dn, size_t len)
{
	const char *slash = memchr(dn, '/', len), *equals = memchr(dn, '=', len);

	return slash && equals && slash < equals ? slash + 1 : dn;
}

enum gplink_answer gplink_next(const char **rest, struct gplink *link)
{
	static const char start[] = "[LDAP://";
	const char *at = skip_blanks(*rest), *dn, *end;
	uint32_t options;

	if (!*at) {
		*rest = at;
		return GPLINK_END;
	}
	if (strncasecmp(at, start, sizeof(start) - 1) != 0)
		return GPLINK_MALFORMED;
	dn = at + sizeof(start) - 1;
	for (at = dn; *at && *at != '['; at++) {
		if (!read_options(at, &options, &end))
			continue;
		link->dn = behind_server(dn, (size_t)(at - dn));
		link->dn_len = (size_t)(at - link->dn);
		link->disabled = options & LINK_DISABLED;
		link->enforced = options & LINK_ENFORCED && !link->disabled;
		if (!link->dn_len)
			break;
		*rest = end;
		return GPLINK_ONE;
	}
	return GPLINK_MALFORMED;
}
