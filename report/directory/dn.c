/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names: split, unescape, compare. */
#include "report/directory/dn.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* One byte of an escaped value, without its escape; `*at` moves behind it. */
static unsigned char value_byte(const char **at, const char *end)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = *at;
	const char *high, *low;

	if (*p != '\\' || p + 1 >= end) {
		*at = p + 1;
		return (unsigned char)*p;
	}
	high = strchr(digits, tolower((unsigned char)p[1]));
	low = p + 2 < end ? strchr(digits, tolower((unsigned char)p[2])) : NULL;
	if (high && *high && low && *low) {
		*at = p + 3;
		return (unsigned char)((high - digits) << 4 | (low - digits));
	}
	*at = p + 2;
	return (unsigned char)p[1];
}

static const char *skip_blanks(const char *at)
{
	while (*at == ' ')
		at++;
	return at;
}

/* Where an unescaped comma, or the end, stands. */
static const char *end_of_part(const char *at)
{
	while (*at && *at != ',')
		at += at[0] == '\\' && at[1] ? 2 : 1;
	return at;
}

/* Blanks before the comma do not belong to the value, unless the last one is escaped. */
static size_t trimmed(const char *value, size_t len)
{
	size_t keep = 0;

	for (size_t i = 0; i < len;) {
		size_t step = value[i] == '\\' && i + 1 < len ? 2 : 1;

		if (step == 2 || value[i] != ' ')
			keep = i + step;
		i += step;
	}
	return keep;
}

static bool is_type_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool dn_next(const char **rest, struct dn_part *part)
{
	const char *type = skip_blanks(*rest), *equals, *end;
	size_t len = 0;

	while (is_type_char(type[len]))
		len++;
	equals = skip_blanks(type + len);
	if (!len || *equals != '=')
		return false;
	part->type = type;
	part->type_len = len;
	part->value = skip_blanks(equals + 1);
	end = end_of_part(part->value);
	part->value_len = trimmed(part->value, (size_t)(end - part->value));
	*rest = *end ? end + 1 : NULL;
	return part->value_len > 0;
}

bool dn_is_valid(const char *dn)
{
	struct dn_part part;

	while (dn)
		if (!dn_next(&dn, &part))
			return false;
	return true;
}

const char *dn_parent(const char *dn)
{
	const char *end = end_of_part(dn);

	return *end ? skip_blanks(end + 1) : NULL;
}

bool dn_part_is(const struct dn_part *part, const char *type)
{
	return strlen(type) == part->type_len &&
	       strncasecmp(type, part->type, part->type_len) == 0;
}

size_t dn_part_value(const struct dn_part *part, char *value, size_t size)
{
	const char *at = part->value, *end = part->value + part->value_len;
	size_t len = 0;

	while (at < end) {
		unsigned char byte = value_byte(&at, end);

		if (len + 1 < size)
			value[len] = (char)byte;
		len++;
	}
	if (size)
		value[len < size ? len : size - 1] = '\0';
	return len;
}

static bool values_equal(const struct dn_part *a, const struct dn_part *b)
{
	const char *p = a->value, *q = b->value;
	const char *p_end = p + a->value_len, *q_end = q + b->value_len;

	while (p < p_end && q < q_end)
		if (tolower(value_byte(&p, p_end)) != tolower(value_byte(&q, q_end)))
			return false;
	return p == p_end && q == q_end;
}

bool dn_equal(const char *a, const char *b)
{
	struct dn_part x, y;

	while (a && b) {
		if (!dn_next(&a, &x) || !dn_next(&b, &y))
			return false;
		if (x.type_len != y.type_len ||
		    strncasecmp(x.type, y.type, x.type_len) != 0 || !values_equal(&x, &y))
			return false;
	}
	return !a && !b;
}

static size_t count_parts(const char *dn)
{
	size_t count = 0;

	for (; dn; dn = dn_parent(dn))
		count++;
	return count;
}

bool dn_is_within(const char *dn, const char *base)
{
	size_t parts = count_parts(dn), wanted = count_parts(base);

	if (parts < wanted)
		return false;
	while (parts-- > wanted)
		dn = dn_parent(dn);
	return dn_equal(dn, base);
}

bool dn_to_domain(const char *dn, char *domain, size_t size)
{
	struct dn_part part;
	size_t len = 0;

	while (dn) {
		size_t more;

		if (!dn_next(&dn, &part))
			return false;
		if (!dn_part_is(&part, "DC")) {
			len = 0;
			continue;
		}
		if (len && len + 1 < size)
			domain[len++] = '.';
		more = dn_part_value(&part, domain + len, size - len);
		if (!more || more >= size - len)
			return false;
		len += more;
	}
	return len > 0;
}
