/*
 * rights.h - the catalogue of user rights: privileges and logon rights.
 *
 * One table, in the order of the Group Policy editor.  [MS-LSAD] 3.1.1.2.
 */
#ifndef REPORT_RIGHTS_H
#define REPORT_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/facts.h"

struct right {
	const char *name;   /* "SeImpersonatePrivilege" */
	const char *policy; /* "Impersonate a client after authentication" */
	bool logon_right;   /* has no LUID; never in LsarEnumeratePrivileges */
	const char *since;  /* first Windows that knows it, in words */
	const char *risk;   /* what a holder can do, one plain sentence */
	/* stock holders a role: space-separated SIDs, "" nobody, NULL not told;
	 * indexed by enum role up to ROLE_CLIENT */
	const char *stock[ROLE_UNKNOWN];
};

/* Where all of them stand in the Group Policy editor. */
extern const char *const rights_policy_path;

size_t rights_count(void);
const struct right *rights_at(size_t i);
/* Exact but for case; NULL: no such right. */
const struct right *rights_find(const char *name);
/* Call `found` for each right that `pattern` names: a name, a glob (`*`, `?`) or "all";
 * without regard to case.  Returns how many. */
size_t rights_match(const char *pattern, void (*found)(const struct right *r, void *arg),
		    void *arg);

#endif
