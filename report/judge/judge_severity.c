/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge_severity.c - how bad a finding is: who it is, on which right, of which role.
 *
 * Who it is gives the severity for a right that controls the machine
 * (finding_severity()). A right that only gives access to it weighs a step less, but on a
 * domain controller, where access leads to the domain; a minor right two steps less.
 */
#include "report/judge/judge_internal.h"

#include <string.h>

/* What a holder gains at most. */
enum reach { REACH_MINOR, REACH_ACCESS, REACH_CONTROL };

/* Whoever holds one of these can become SYSTEM, or read and write everything. */
static const char *const controls[] = {
	"SeAssignPrimaryTokenPrivilege",
	"SeBackupPrivilege",
	"SeCreateTokenPrivilege",
	"SeDebugPrivilege",
	"SeDelegateSessionUserImpersonatePrivilege",
	"SeEnableDelegationPrivilege",
	"SeImpersonatePrivilege",
	"SeLoadDriverPrivilege",
	"SeManageVolumePrivilege",
	"SeRelabelPrivilege",
	"SeRestorePrivilege",
	"SeSyncAgentPrivilege",
	"SeTakeOwnershipPrivilege",
	"SeTcbPrivilege",
	"SeTrustedCredManAccessPrivilege",
};

/* These use up resources, change a clock or switch the machine off. */
static const char *const minors[] = {
	"SeChangeNotifyPrivilege",
	"SeCreateGlobalPrivilege",
	"SeCreatePagefilePrivilege",
	"SeCreatePermanentPrivilege",
	"SeIncreaseBasePriorityPrivilege",
	"SeIncreaseQuotaPrivilege",
	"SeIncreaseWorkingSetPrivilege",
	"SeLockMemoryPrivilege",
	"SeProfileSingleProcessPrivilege",
	"SeShutdownPrivilege",
	"SeSystemProfilePrivilege",
	"SeSystemtimePrivilege",
	"SeTimeZonePrivilege",
	"SeUndockPrivilege",
};

static bool is_in(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static enum reach reach_of(const struct right *right, enum role role)
{
	if (!right || is_in(controls, sizeof controls / sizeof *controls, right->name))
		return REACH_CONTROL;
	if (is_in(minors, sizeof minors / sizeof *minors, right->name))
		return REACH_MINOR;
	return role == ROLE_DOMAIN_CONTROLLER ? REACH_CONTROL : REACH_ACCESS;
}

enum severity judge_severity(const struct bench *b, const struct right_judgement *r,
			     const struct finding *f)
{
	enum severity severity = finding_severity(f->kind);
	int less = REACH_CONTROL - (int)reach_of(r->right, b->facts->role);

	/* What is missing breaks something, or denies nothing, whatever the right. */
	if (f->kind == FINDING_SUSPECT || f->kind == FINDING_MISSING ||
	    f->kind == FINDING_DENY_EXTRA || severity == SEVERITY_NONE)
		return severity;
	return (int)severity - less > SEVERITY_LOW ? (enum severity)((int)severity - less)
						   : SEVERITY_LOW;
}
