/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h - whom a name in a file means, as far as that is the same on every Windows.
 *
 * Exports and templates write local accounts, and people write everybody, by name, in the
 * language of the machine.  Known are the well-known and built-in principals in the
 * languages that Windows ships, accounts and groups with a fixed relative id, services
 * and application pools.  Without regard to case.
 */
#ifndef REPORT_FACTS_NAMES_H
#define REPORT_FACTS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum { NAME_SID_MAX = 200 };

/* What the file and its user tell besides; NULL: not told. */
struct name_scope {
	const char *machine;       /* its NetBIOS or DNS name */
	const char *administrator; /* what the account with RID 500 is called */
	const char *guest;         /* and that with RID 501 */
	const char *machine_sid, *domain_sid;
	bool controller; /* the machine's accounts are the domain's */
};

/* The SID that `name` ("Gast", "CORP\\Domain Admins", "NT SERVICE\\W3SVC") means, into
 * `sid`; MACHINE-501 or DOMAIN-512 where the issuer's SID is not told.  False: it may be
 * anybody's name. */
bool name_to_sid(const char *name, const struct name_scope *scope,
		 char sid[static NAME_SID_MAX]);

/* "MACHINE-501" below the machine, "DOMAIN-512" below its domain: a principal whose
 * issuer is not known.  False: `sid` is none of these. */
bool sid_is_relative(const char *sid, bool *of_machine, unsigned *rid);

#endif
