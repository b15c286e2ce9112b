/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rights.h - the catalogue of user rights: privileges and logon rights.
 *
 * One table, in the order of the Group Policy editor.  [MS-LSAD] 3.1.1.2.
 *
 * Stock holders are what an untouched Windows has, as exports of real machines show it;
 * they differ by role and by OS generation.
 */
#ifndef REPORT_FACTS_RIGHTS_H
#define REPORT_FACTS_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"

struct right {
	const char *name;   /* "SeImpersonatePrivilege" */
	const char *policy; /* "Impersonate a client after authentication" */
	const char *since;  /* first Windows that knows it, in words */
	/* the same as a build; 0: every Windows that speaks SMB 2 knows it */
	uint32_t since_build;
	bool logon_right; /* has no LUID; never in LsarEnumeratePrivileges */
	bool denies;      /* a deny right: more holders is stricter */
	const char *risk; /* what a holder can do, one plain sentence */
	const char *lack; /* what breaks for a holder that loses it, one plain sentence */
	/* SIDs that no Windows lets go of, space-separated, or NULL: a host that does not
	 * list them has not told everything (collection_suspect). */
	const char *floor;
};

/* Where all of them stand in the Group Policy editor. */
extern const char *const rights_policy_path;

size_t rights_count(void);
const struct right *rights_at(size_t i);
/* Does each Windows of that build know the right?  Builds below the first Windows that
 * speaks SMB 2 are those of other systems (Samba), which know fewer. */
bool rights_known_to(const struct right *r, uint32_t build);
/* Exact but for case; NULL: no such right. */
const struct right *rights_find(const char *name);
/* A bit of its own for each right of the catalogue; 0: no such right. */
uint64_t rights_bit(const char *name);
/* Call `found` for each right that `pattern` names: a name, a glob (`*`, `?`) or "all";
 * without regard to case.  Returns how many. */
size_t rights_match(const char *pattern, void (*found)(const struct right *r, void *arg),
		    void *arg);
/* Stock holders from one build on: space-separated SIDs, indexed by enum role up to
 * ROLE_CLIENT; "" is nobody.  A SID with a `?` in front may hold the right or not:
 * Windows itself adds it with a role, a feature or an update.  MACHINE-501 stands for
 * the machine's own account with that RID. */
struct right_stock {
	uint32_t min_build;
	const char *holders[ROLE_UNKNOWN];
};

/* The generations of a right of the catalogue, oldest first. */
const struct right_stock *rights_generations(const struct right *r, size_t *count);
/* Stock holders on that role and build (0: the oldest generation); NULL for
 * ROLE_UNKNOWN. */
const char *rights_stock(const struct right *r, enum role role, uint32_t build);

#endif
