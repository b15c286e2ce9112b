/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dn.h - distinguished names as Active Directory writes them (RFC 4514).
 *
 * A name is split at commas that are not escaped, and nowhere else: `\,`, `\2C` and `\0A`
 * occur in real names.  Two names are compared after normalising: without regard to case,
 * to blanks around `,` and `=`, and to how a byte is escaped.  Nothing here allocates.
 */
#ifndef REPORT_DIRECTORY_DN_H
#define REPORT_DIRECTORY_DN_H

#include <stdbool.h>
#include <stddef.h>

/* One part, borrowed from the name: "OU" and "SQL\, old". */
struct dn_part {
	const char *type, *value; /* the value still escaped */
	size_t type_len, value_len;
};

/* The part that `*rest` begins with; `*rest` then stands behind its comma, or is NULL
 * after the last part.  False: there is no well-formed part (`*rest` is untouched). */
bool dn_next(const char **rest, struct dn_part *part);
/* True when the whole of it is parts, at least one. */
bool dn_is_valid(const char *dn);
/* What stands behind the first part; NULL: nothing. */
const char *dn_parent(const char *dn);
bool dn_part_is(const struct dn_part *part, const char *type);
/* The value unescaped and NUL-terminated, cut to `size`; returns its whole length. */
size_t dn_part_value(const struct dn_part *part, char *value, size_t size);

bool dn_equal(const char *a, const char *b);
/* True when `dn` is `base` or lies below it. */
bool dn_is_within(const char *dn, const char *base);
/* "DC=corp,DC=example" at the end of a name as "corp.example".  False: there is none, or
 * it does not fit. */
bool dn_to_domain(const char *dn, char *domain, size_t size);

#endif
