/*
 * principals.h - who a SID is, as far as that can be said without a network.
 *
 * Well-known SIDs, built-in groups, domain-relative RIDs, and the derived SIDs of
 * services (S-1-5-80-...), application pools (S-1-5-82-...) and the like.
 */
#ifndef REPORT_PRINCIPALS_H
#define REPORT_PRINCIPALS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/facts.h"

struct principal {
	const char *name; /* "BUILTIN\\Administrators"; static */
	enum holder_kind kind;
};

/* True when `sid` has the same name on every Windows; domain RIDs do not count. */
bool principal_well_known(const char *sid, struct principal *p);

#endif
