/* SPDX-License-Identifier: Apache-2.0 */
/* Subnets and addresses as bytes; sorted, each length is one binary search. */
#include "report/directory/subnet.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { V4_BITS = 32, V6_BITS = 128, PREFIX_DIGITS = 3, TEXT_MAX = 64 };

static unsigned bits_of_family(const struct subnet *s)
{
	return s->v6 ? V6_BITS : V4_BITS;
}

/* ---- text ---- */

static bool parse_bytes(const char *text, struct subnet *s)
{
	*s = (struct subnet){ 0 };
	if (inet_pton(AF_INET, text, s->at) == 1)
		return true;
	*s = (struct subnet){ .v6 = 1 };
	return inet_pton(AF_INET6, text, s->at) == 1;
}

/* Decimal, no sign, no leading zero. */
static bool parse_bits(const char *text, unsigned largest, uint8_t *bits)
{
	size_t len = strlen(text);
	unsigned value = 0;

	if (!len || len > PREFIX_DIGITS || (text[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text[i] - '0');
	}
	*bits = (uint8_t)value;
	return value <= largest;
}

static void cut(struct subnet *s, unsigned bits)
{
	size_t whole = bits / 8;

	s->bits = (uint8_t)bits;
	if (bits % 8)
		s->at[whole++] &= (uint8_t)(0xff << (8 - bits % 8));
	memset(s->at + whole, 0, sizeof s->at - whole);
}

bool subnet_parse(const char *text, struct subnet *subnet)
{
	const char *slash = strchr(text, '/');
	char address[TEXT_MAX];
	struct subnet s, whole;
	uint8_t bits;

	if (!slash || (size_t)(slash - text) >= sizeof address)
		return false;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	if (!parse_bytes(address, &s) ||
	    !parse_bits(slash + 1, bits_of_family(&s), &bits))
		return false;
	whole = s;
	cut(&s, bits);
	if (memcmp(s.at, whole.at, sizeof s.at) != 0)
		return false;
	*subnet = s;
	return true;
}

bool subnet_parse_address(const char *text, struct subnet *address)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t len = strcspn(text, "%");
	char bare[TEXT_MAX];
	struct subnet s;

	if (len >= sizeof bare)
		return false;
	memcpy(bare, text, len);
	bare[len] = '\0';
	if (!parse_bytes(bare, &s) || (text[len] && !s.v6))
		return false;
	if (s.v6 && memcmp(s.at, mapped, sizeof mapped) == 0) {
		memmove(s.at, s.at + sizeof mapped, 4);
		memset(s.at + 4, 0, sizeof s.at - 4);
		s.v6 = 0;
	}
	s.bits = (uint8_t)bits_of_family(&s);
	*address = s;
	return true;
}

bool subnet_parse_endpoint(const char *text, struct subnet *address)
{
	bool bracket = text[0] == '[';
	const char *end = bracket ? strchr(text, ']') : strchr(text, ':');
	char bare[TEXT_MAX];
	size_t len;

	if (bracket)
		text++;
	else if (!end || strchr(end + 1, ':')) /* no port: bare IPv4, or IPv6 */
		return subnet_parse_address(text, address);
	if (!end || (size_t)(end - text) >= sizeof bare)
		return false;
	len = (size_t)(end - text);
	memcpy(bare, text, len);
	bare[len] = '\0';
	return subnet_parse_address(bare, address);
}

/* ---- sites ---- */

static int compare(const void *a, const void *b)
{
	const struct subnet_site *x = a, *y = b;

	return memcmp(&x->subnet, &y->subnet, sizeof x->subnet);
}

void subnet_sites_sort(struct subnet_site *sites, size_t count)
{
	if (count)
		qsort(sites, count, sizeof *sites, compare);
}

const struct subnet_site *subnet_site_find(const struct subnet_site *sites, size_t count,
					   const struct subnet *address)
{
	struct subnet_site key = { .subnet = *address };
	const struct subnet_site *found = NULL;

	for (unsigned bits = address->bits + 1u; count && bits-- && !found;) {
		cut(&key.subnet, bits);
		found = bsearch(&key, sites, count, sizeof *sites, compare);
	}
	return found;
}
