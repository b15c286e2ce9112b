/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sites.h - the sites of one forest: which one a computer is in, and by what evidence
 * ([MS-ADTS] 6.1.1.2.2).
 *
 * A domain controller is where its server object lies, whatever its address; in a forest
 * of one site every computer is in that one; any other is in the site of the longest
 * subnet that its address lies in.  What counts for Group Policy is what the computer
 * itself believes; this is what the directory has.
 */
#ifndef REPORT_DIRECTORY_SITES_H
#define REPORT_DIRECTORY_SITES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/directory.h"
#include "report/directory/subnet.h"
#include "report/text/pool.h"

/* Words of `site_evidence`. */
#define SITE_BY_SERVER_OBJECT "server_object"
#define SITE_BY_ONLY_SITE     "only_site"
#define SITE_BY_SUBNET        "subnet"

/* Strings as in directory.h; `forest` is the DNS name of its root domain. */
struct directory_site {
	const char *forest, *name, *dn;
};

struct directory_subnet {
	const char *forest;
	const char *name; /* "10.1.0.0/16"; what is no subnet is never matched */
	const char *site; /* name of the site; NULL: it has none */
};

/* Where a domain controller lies. */
struct directory_server {
	const char *forest, *site;
	const char *computer; /* DN of its account; NULL: it has none any more */
};

/* Zero it; all arrays and strings are its own. */
struct directory_sites {
	struct directory_site *sites;
	struct directory_subnet *subnets;
	struct directory_server *servers;
	size_t site_count, subnet_count, server_count;
	/* private */
	struct subnet_site *parsed; /* what of `subnets` is one */
	size_t parsed_count, parsed_room, site_room, subnet_room, server_room;
	struct pool pool;
};

/* Copies.  False: out of memory. */
bool directory_sites_add_site(struct directory_sites *s, const struct directory_site *);
bool directory_sites_add_subnet(struct directory_sites *s,
				const struct directory_subnet *);
bool directory_sites_add_server(struct directory_sites *s,
				const struct directory_server *);
void directory_sites_free(struct directory_sites *s);

/* Fills in `site` and `site_evidence` of an account where they follow without an address;
 * borrowed from `s`. */
void directory_sites_place(const struct directory_sites *s, struct directory_computer *c);
/* Once all subnets are in. */
void directory_sites_sort(struct directory_sites *s);
/* The site of "10.1.2.3:445" or "10.1.2.3", borrowed; NULL: none.  After
 * directory_sites_sort(). */
const char *directory_sites_of_address(const struct directory_sites *s,
				       const char *endpoint);

#endif
