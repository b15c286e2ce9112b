/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/wire/sid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { REVISION = 1, AUTHORITY_BITS = 48, DECIMAL_DIGITS = 10, HEX_DIGITS = 12 };

/* [MS-DTYP] 2.4.2.2 */
void sid_get(struct wire_in *w, struct sid *sid)
{
	struct sid found = { 0 };
	uint8_t revision = get_u8(w);

	found.sub_count = get_u8(w);
	found.authority = (uint64_t)get_u16be(w) << 32;
	found.authority |= get_u32be(w);
	if (revision != REVISION || found.sub_count > SID_SUB_MAX)
		w->bad = true;
	for (size_t i = 0; !w->bad && i < found.sub_count; i++)
		found.sub[i] = get_u32le(w);
	if (!w->bad)
		*sid = found;
}

void sid_put(struct wire_out *w, const struct sid *sid)
{
	if (sid->sub_count > SID_SUB_MAX || sid->authority >> AUTHORITY_BITS) {
		w->bad = true;
		return;
	}
	put_u8(w, REVISION);
	put_u8(w, sid->sub_count);
	put_u8(w, (uint8_t)(sid->authority >> 40));
	put_u8(w, (uint8_t)(sid->authority >> 32));
	put_u32be(w, (uint32_t)sid->authority);
	for (size_t i = 0; i < sid->sub_count; i++)
		put_u32le(w, sid->sub[i]);
}

/* "-" and the number; returns what follows.  By hand: a host may name 20,480 SIDs. */
static char *put_decimal(char *to, uint32_t number)
{
	char digits[DECIMAL_DIGITS];
	size_t count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	*to++ = '-';
	while (count)
		*to++ = digits[--count];
	return to;
}

/* [MS-DTYP] 2.4.2.1.  The longest text, 15 sub-authorities of ten digits, fits. */
void sid_format(const struct sid *sid, char text[static SID_TEXT_MAX])
{
	size_t count = sid->sub_count < SID_SUB_MAX ? sid->sub_count : SID_SUB_MAX;
	uint64_t authority = sid->authority & ((UINT64_C(1) << AUTHORITY_BITS) - 1);
	char *end = text;

	*end++ = 'S';
	end = put_decimal(end, REVISION);
	if (authority <= UINT32_MAX)
		end = put_decimal(end, (uint32_t)authority);
	else
		end += snprintf(end, SID_TEXT_MAX - 3, "-0x%012" PRIX64, authority);
	for (size_t i = 0; i < count; i++)
		end = put_decimal(end, sid->sub[i]);
	*end = '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* One to `most` digits of `base` at `*at`, which moves behind them. */
static bool parse_number(const char **at, int base, size_t most, uint64_t *value)
{
	uint64_t v = 0;
	size_t digits = 0;

	while (digit_value(**at) < base) {
		if (++digits > most)
			return false;
		v = v * (unsigned)base + (unsigned)digit_value(**at);
		(*at)++;
	}
	*value = v;
	return digits > 0;
}

static bool parse_authority(const char **at, uint64_t *authority)
{
	if ((*at)[0] == '0' && ((*at)[1] == 'x' || (*at)[1] == 'X')) {
		*at += 2;
		return parse_number(at, 16, HEX_DIGITS, authority);
	}
	return parse_number(at, 10, DECIMAL_DIGITS, authority) &&
	       *authority <= UINT32_MAX;
}

bool sid_parse(const char *text, struct sid *sid)
{
	struct sid found = { 0 };
	const char *at = text;

	if ((at[0] != 'S' && at[0] != 's') || strncmp(at + 1, "-1-", 3) != 0)
		return false;
	at += 4;
	if (!parse_authority(&at, &found.authority))
		return false;
	while (*at == '-') {
		uint64_t sub;

		at++;
		if (found.sub_count == SID_SUB_MAX ||
		    !parse_number(&at, 10, DECIMAL_DIGITS, &sub) || sub > UINT32_MAX)
			return false;
		found.sub[found.sub_count++] = (uint32_t)sub;
	}
	if (*at != '\0')
		return false;
	*sid = found;
	return true;
}

static bool same_start(const struct sid *a, const struct sid *b, size_t subs)
{
	return a->authority == b->authority &&
	       memcmp(a->sub, b->sub, subs * sizeof(a->sub[0])) == 0;
}

bool sid_equal(const struct sid *a, const struct sid *b)
{
	return a->sub_count == b->sub_count && same_start(a, b, a->sub_count);
}

bool sid_in_domain(const struct sid *sid, const struct sid *domain)
{
	return sid->sub_count == domain->sub_count + 1 &&
	       same_start(sid, domain, domain->sub_count);
}
