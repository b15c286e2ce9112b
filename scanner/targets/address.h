/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.h - IPv4 and IPv6 addresses as one kind of number, and sets of intervals of
 * them.
 *
 * An IPv4 address is held as its IPv4-mapped form (::ffff:a.b.c.d), so that the same
 * machine has the same number however it was written.
 */
#ifndef SCANNER_TARGETS_ADDRESS_H
#define SCANNER_TARGETS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ADDRESS_TEXT_MAX = 46 }; /* INET6_ADDRSTRLEN */

struct address {
	uint64_t high, low;
};

/* A literal in its usual form, nothing around it. */
bool address_parse(const char *text, struct address *a);
void address_text(struct address a, char text[ADDRESS_TEXT_MAX]);
/* False for what is neither IPv4 nor IPv6. */
bool address_of(const struct sockaddr *from, struct address *a);
bool address_is_v4(struct address a);
int address_compare(struct address a, struct address b);
struct address address_plus(struct address a, uint64_t n);
/* The first and last address of the network of `bits` bits around `a`; for an IPv4
 * address `bits` is 0 to 32, else 0 to 128. */
void address_network(struct address a, unsigned bits, struct address *first,
		     struct address *last);
/* last - first, or UINT64_MAX when it does not fit. */
uint64_t address_distance(struct address first, struct address last);

/* Both ends belong to it; what `port` 0 means is the caller's. */
struct interval {
	uint16_t port;
	struct address first, last;
};

/* Sorted; intervals that touch are one. */
struct intervals {
	struct interval *at;
	size_t count, room;
};

/* False: out of memory. */
bool intervals_add(struct intervals *set, struct interval i);
/* The interval that `a` is in, or NULL; borrowed until the next change. */
const struct interval *intervals_find(const struct intervals *set, uint16_t port,
				      struct address a);
void intervals_free(struct intervals *set);

#endif
