/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.c - addresses as numbers, and sorted sets of intervals.
 */
#include "scanner/targets/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t mapped = 0x0000ffff00000000;

static uint64_t be64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static struct address from_v4(const struct in_addr *in)
{
	return (struct address){ 0, mapped | ntohl(in->s_addr) };
}

static struct address from_v6(const struct in6_addr *in)
{
	return (struct address){ be64(in->s6_addr), be64(in->s6_addr + 8) };
}

bool address_parse(const char *text, struct address *a)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1)
		*a = from_v4(&v4);
	else if (inet_pton(AF_INET6, text, &v6) == 1)
		*a = from_v6(&v6);
	else
		return false;
	return true;
}

static char *put_byte(char *p, unsigned v)
{
	if (v >= 100)
		*p++ = (char)('0' + v / 100);
	if (v >= 10)
		*p++ = (char)('0' + v / 10 % 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

/* By hand: a sweep of a /8 writes 16 million of them. */
static void v4_text(uint32_t a, char *text)
{
	text = put_byte(text, a >> 24);
	for (int shift = 16; shift >= 0; shift -= 8) {
		*text++ = '.';
		text = put_byte(text, a >> shift & 0xff);
	}
	*text = '\0';
}

void address_text(struct address a, char text[ADDRESS_TEXT_MAX])
{
	struct in6_addr v6;

	if (address_is_v4(a)) {
		v4_text((uint32_t)a.low, text);
		return;
	}
	for (int i = 0; i < 8; i++) {
		v6.s6_addr[i] = (uint8_t)(a.high >> (56 - 8 * i));
		v6.s6_addr[8 + i] = (uint8_t)(a.low >> (56 - 8 * i));
	}
	inet_ntop(AF_INET6, &v6, text, ADDRESS_TEXT_MAX);
}

bool address_of(const struct sockaddr *from, struct address *a)
{
	if (from->sa_family == AF_INET)
		*a = from_v4(&((const struct sockaddr_in *)from)->sin_addr);
	else if (from->sa_family == AF_INET6)
		*a = from_v6(&((const struct sockaddr_in6 *)from)->sin6_addr);
	else
		return false;
	return true;
}

bool address_is_v4(struct address a)
{
	return a.high == 0 && a.low >> 32 == mapped >> 32;
}

int address_compare(struct address a, struct address b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return (a.low > b.low) - (a.low < b.low);
}

struct address address_plus(struct address a, uint64_t n)
{
	a.low += n;
	a.high += a.low < n;
	return a;
}

/* The lowest `n` bits set, 0 to 64. */
static uint64_t low_bits(unsigned n)
{
	return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

void address_network(struct address a, unsigned bits, struct address *first,
		     struct address *last)
{
	unsigned host = (address_is_v4(a) ? 32 : 128) - bits;
	uint64_t low = low_bits(host < 64 ? host : 64);
	uint64_t high = low_bits(host < 64 ? 0 : host - 64);

	*first = (struct address){ a.high & ~high, a.low & ~low };
	*last = (struct address){ a.high | high, a.low | low };
}

uint64_t address_distance(struct address first, struct address last)
{
	uint64_t high = last.high - first.high - (last.low < first.low);

	return high ? UINT64_MAX : last.low - first.low;
}

static int interval_compare(uint16_t port, struct address a, const struct interval *i)
{
	if (port != i->port)
		return port < i->port ? -1 : 1;
	return address_compare(a, i->first);
}

/* How many intervals begin at or before `a`. */
static size_t rank(const struct intervals *set, uint16_t port, struct address a)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (interval_compare(port, a, &set->at[middle]) < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* True when `b`, which begins later, overlaps `a` or follows it without a gap. */
static bool touch(const struct interval *a, const struct interval *b)
{
	struct address after = address_plus(a->last, 1);

	if (a->port != b->port)
		return false;
	return address_compare(b->first, a->last) <= 0 ||
	       address_compare(b->first, after) == 0;
}

static bool grow(struct intervals *set)
{
	size_t room = set->room ? set->room * 2 : 16;
	struct interval *at;

	if (set->count < set->room)
		return true;
	at = realloc(set->at, room * sizeof *at);
	if (!at)
		return false;
	set->at = at;
	set->room = room;
	return true;
}

bool intervals_add(struct intervals *set, struct interval i)
{
	size_t from = rank(set, i.port, i.first), to;

	if (!grow(set))
		return false;
	if (from > 0 && touch(&set->at[from - 1], &i)) {
		from--;
		i.first = set->at[from].first;
		if (address_compare(set->at[from].last, i.last) > 0)
			i.last = set->at[from].last;
	}
	for (to = from; to < set->count && touch(&i, &set->at[to]); to++)
		if (address_compare(set->at[to].last, i.last) > 0)
			i.last = set->at[to].last;
	memmove(&set->at[from + 1], &set->at[to], (set->count - to) * sizeof *set->at);
	set->at[from] = i;
	set->count = set->count + 1 - (to - from);
	return true;
}

const struct interval *intervals_find(const struct intervals *set, uint16_t port,
				      struct address a)
{
	size_t i = rank(set, port, a);
	const struct interval *before = i > 0 ? &set->at[i - 1] : NULL;

	if (!before || before->port != port || address_compare(a, before->last) > 0)
		return NULL;
	return before;
}

void intervals_free(struct intervals *set)
{
	free(set->at);
	*set = (struct intervals){ 0 };
}
