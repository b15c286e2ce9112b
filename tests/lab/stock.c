/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/stock.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ALL(holders)                               \
	{                                          \
		holders, holders, holders, holders \
	}
#define DC_OR(dc, others)                  \
	{                                  \
		dc, others, others, others \
	}
#define DC_CLIENT(dc, server, client)      \
	{                                  \
		dc, server, server, client \
	}

/* name, LUID, first build, holders on: controller, member, standalone, client */
const struct stock_right stock_rights[] = {
	{ "SeTrustedCredManAccessPrivilege", 31, 6000, ALL("") },
	{ "SeNetworkLogonRight", 0, 0, DC_OR("A AU EDC EV PRE", "A BO EV U") },
	{ "SeTcbPrivilege", 7, 0, ALL("") },
	{ "SeMachineAccountPrivilege", 6, 0, DC_OR("AU", "") },
	{ "SeIncreaseQuotaPrivilege", 5, 0, ALL("A LS NS") },
	{ "SeInteractiveLogonRight", 0, 0, DC_OR("A AO BO EDC PO SO", "A BO U") },
	{ "SeRemoteInteractiveLogonRight", 0, 0, DC_OR("A", "A RDU") },
	{ "SeBackupPrivilege", 17, 0, DC_OR("A BO SO", "A BO") },
	{ "SeChangeNotifyPrivilege", 23, 0,
	  DC_OR("A AU EV LS NS PRE", "A BO EV LS NS U") },
	{ "SeSystemtimePrivilege", 12, 0, DC_OR("A LS SO", "A LS") },
	{ "SeTimeZonePrivilege", 34, 6000, DC_CLIENT("A LS", "A LS", "A LS U") },
	{ "SeCreatePagefilePrivilege", 15, 0, ALL("A") },
	{ "SeCreateTokenPrivilege", 2, 0, ALL("") },
	{ "SeCreateGlobalPrivilege", 30, 0, ALL("A LS NS SVC") },
	{ "SeCreatePermanentPrivilege", 16, 0, ALL("") },
	{ "SeCreateSymbolicLinkPrivilege", 35, 6000, ALL("A") },
	{ "SeDebugPrivilege", 20, 0, ALL("A") },
	{ "SeDenyNetworkLogonRight", 0, 0, ALL("") },
	{ "SeDenyBatchLogonRight", 0, 0, ALL("") },
	{ "SeDenyServiceLogonRight", 0, 0, ALL("") },
	{ "SeDenyInteractiveLogonRight", 0, 0, ALL("") },
	{ "SeDenyRemoteInteractiveLogonRight", 0, 0, ALL("") },
	{ "SeEnableDelegationPrivilege", 27, 0, DC_OR("A", "") },
	{ "SeRemoteShutdownPrivilege", 24, 0, DC_OR("A SO", "A") },
	{ "SeAuditPrivilege", 21, 0, ALL("LS NS") },
	{ "SeImpersonatePrivilege", 29, 0, ALL("A LS NS SVC") },
	{ "SeIncreaseWorkingSetPrivilege", 33, 6000, ALL("U") },
	{ "SeIncreaseBasePriorityPrivilege", 14, 0, DC_OR("A WM", "A") },
	{ "SeLoadDriverPrivilege", 10, 0, DC_OR("A PO", "A") },
	{ "SeLockMemoryPrivilege", 4, 0, ALL("") },
	{ "SeBatchLogonRight", 0, 0, ALL("A BO PLU") },
	{ "SeServiceLogonRight", 0, 0, ALL("ALLSVC") },
	{ "SeSecurityPrivilege", 8, 0, ALL("A") },
	{ "SeRelabelPrivilege", 32, 6000, ALL("") },
	{ "SeSystemEnvironmentPrivilege", 22, 0, ALL("A") },
	{ "SeDelegateSessionUserImpersonatePrivilege", 36, 14393, ALL("A") },
	{ "SeManageVolumePrivilege", 28, 0, ALL("A") },
	{ "SeProfileSingleProcessPrivilege", 13, 0, ALL("A") },
	{ "SeSystemProfilePrivilege", 11, 0, ALL("A WDI") },
	{ "SeUndockPrivilege", 25, 0, DC_CLIENT("A", "A", "A U") },
	{ "SeAssignPrimaryTokenPrivilege", 3, 0, ALL("LS NS") },
	{ "SeRestorePrivilege", 18, 0, DC_OR("A BO SO", "A BO") },
	{ "SeShutdownPrivilege", 19, 0, DC_CLIENT("A BO PO SO", "A BO", "A BO U") },
	{ "SeSyncAgentPrivilege", 26, 0, ALL("") },
	{ "SeTakeOwnershipPrivilege", 9, 0, ALL("A") },
};

const unsigned stock_rights_count = sizeof(stock_rights) / sizeof(stock_rights[0]);

int stock_right_index(const char *name, size_t len)
{
	for (unsigned i = 0; i < stock_rights_count; i++)
		if (strlen(stock_rights[i].name) == len &&
		    strncasecmp(stock_rights[i].name, name, len) == 0)
			return (int)i;
	return -1;
}

unsigned stock_holders(unsigned right, enum lab_role role,
		       struct lab_sid sids[static STOCK_HOLDERS_MAX])
{
	const char *at = stock_rights[right].holders[role];
	unsigned count = 0;

	while (*at) {
		size_t len = strcspn(at, " ");
		const struct principal *holder = principal_by_letter(at, len);

		if (!holder || count == STOCK_HOLDERS_MAX ||
		    !lab_sid_parse(holder->text, &sids[count]))
			abort();
		count++;
		at += len + (at[len] == ' ');
	}
	return count;
}

static const struct {
	const char *word, *brief, *prefix;
	uint16_t dsrole;
} roles[ROLE_COUNT] = {
#define X(role, word, brief, prefix, dsrole) { word, brief, prefix, dsrole },
	LAB_ROLES(X)
#undef X
};

const char *role_word(enum lab_role role)
{
	return roles[role].word;
}

const char *role_prefix(enum lab_role role)
{
	return roles[role].prefix;
}

uint16_t role_dsrole(enum lab_role role)
{
	return roles[role].dsrole;
}

int role_by_word(const char *word)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (strcmp(roles[i].word, word) == 0 || strcmp(roles[i].brief, word) == 0)
			return i;
	return -1;
}
