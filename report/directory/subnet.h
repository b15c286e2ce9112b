/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subnet.h - which site an address lies in: subnets as Active Directory names them
 * ([MS-ADTS] 6.1.1.2.2.2.1), the longest prefix wins.
 *
 * Pure, nothing allocates.
 */
#ifndef REPORT_DIRECTORY_SUBNET_H
#define REPORT_DIRECTORY_SUBNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SUBNET_BYTES = 16 };

/* A network, or one address as the network of all its bits.  Two that are equal are equal
 * byte by byte. */
struct subnet {
	uint8_t v6;               /* 1: IPv6, 0: IPv4 */
	uint8_t bits;             /* 0 to 128, or to 32 */
	uint8_t at[SUBNET_BYTES]; /* the rest behind `bits` is zero */
};

/* "10.1.0.0/16", "2001:db8::/32".  False: it is none, such as the name of a duplicate
 * (CNF:), a number with leading zeros, or one with bits behind its prefix. */
bool subnet_parse(const char *text, struct subnet *subnet);
/* "10.1.2.3", "2001:db8::1", "fe80::1%eth0"; an IPv4 address written as IPv6
 * ("::ffff:10.1.2.3") is one.  False: it is no address. */
bool subnet_parse_address(const char *text, struct subnet *address);
/* "10.1.2.3:445", "[2001:db8::1]:445", as a host's record has it, or without a port. */
bool subnet_parse_endpoint(const char *text, struct subnet *address);

/* A subnet and its site's name; NULL: the directory names none for it. */
struct subnet_site {
	struct subnet subnet;
	const char *site;
};

/* In the order that subnet_site_find() needs. */
void subnet_sites_sort(struct subnet_site *sites, size_t count);
/* The longest of the sorted `sites` that `address` lies in; NULL: none.  One without a
 * site hides the shorter ones: the address then has no site. */
const struct subnet_site *subnet_site_find(const struct subnet_site *sites, size_t count,
					   const struct subnet *address);

#endif
