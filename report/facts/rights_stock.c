/* SPDX-License-Identifier: Apache-2.0 */
/* Stock holders: what exports of untouched machines show, a table beside rights.c in the
 * same order.  Where they differ from the documentation, the machines are believed. */
#include "report/facts/rights.h"

#include <stddef.h>

#define NOBODY            ""
#define ADMINS            "S-1-5-32-544"
#define USERS             "S-1-5-32-545"
#define ACCOUNT_OPERATORS "S-1-5-32-548"
#define SERVER_OPERATORS  "S-1-5-32-549"
#define PRINT_OPERATORS   "S-1-5-32-550"
#define BACKUP_OPERATORS  "S-1-5-32-551"
#define PRE_2000          "S-1-5-32-554"
#define REMOTE_DESKTOP    "S-1-5-32-555"
#define PERFORMANCE_LOG   "S-1-5-32-559"
#define IIS_IUSRS         "S-1-5-32-568"
#define EVERYONE          "S-1-1-0"
#define SERVICE           "S-1-5-6"
#define CONTROLLERS       "S-1-5-9"
#define AUTHENTICATED     "S-1-5-11"
#define LOCAL_SERVICE     "S-1-5-19"
#define NETWORK_SERVICE   "S-1-5-20"
#define GUEST             "MACHINE-501"
#define WINDOW_MANAGER    "S-1-5-90-0"
#define VIRTUAL_MACHINES  "S-1-5-83-0"
#define ALL_SERVICES      "S-1-5-80-0"
#define ALL_RESTRICTED    "S-1-5-99-0"
#define WDI_HOST          "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420"
#define PRINT_SPOOLER     "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229"

#define BOTH_SERVICES LOCAL_SERVICE " " NETWORK_SERVICE
#define FOUR          BOTH_SERVICES " " ADMINS " " SERVICE

/* Builds where a list changed. */
enum { EVERY_BUILD = 0, WINDOWS_10_1709 = 16299, WINDOWS_11_24H2 = 26100 };

/* Member and standalone servers are alike. */
#define ROW(build, controller, server, client)             \
	{                                                  \
		build,                                     \
		{                                          \
			controller, server, server, client \
		}                                          \
	}
#define PER_ROLE(controller, server, client)                         \
	{                                                            \
		{                                                    \
			ROW(EVERY_BUILD, controller, server, client) \
		}                                                    \
	}
#define ALL(holders) PER_ROLE(holders, holders, holders)

enum { GENERATIONS_MAX = 2 };

static const struct {
	struct right_stock rows[GENERATIONS_MAX];
} stock[] = {
	/* SeTrustedCredManAccessPrivilege */ ALL(NOBODY),
	/* SeNetworkLogonRight */
	PER_ROLE(ADMINS " " AUTHENTICATED " " CONTROLLERS " " EVERYONE " " PRE_2000,
		 ADMINS " " BACKUP_OPERATORS " " EVERYONE " " USERS,
		 ADMINS " " BACKUP_OPERATORS " " EVERYONE " " USERS),
	/* SeTcbPrivilege */ ALL(NOBODY),
	/* SeMachineAccountPrivilege */ PER_ROLE(AUTHENTICATED, NOBODY, NOBODY),
	/* SeIncreaseQuotaPrivilege */ ALL(ADMINS " " BOTH_SERVICES),
	/* SeInteractiveLogonRight */
	PER_ROLE(ADMINS " " ACCOUNT_OPERATORS " " BACKUP_OPERATORS " " PRINT_OPERATORS
			" " SERVER_OPERATORS " ?" CONTROLLERS,
		 ADMINS " " BACKUP_OPERATORS " " USERS,
		 ADMINS " " BACKUP_OPERATORS " " USERS " ?" GUEST),
	/* SeRemoteInteractiveLogonRight */
	PER_ROLE(ADMINS, ADMINS " " REMOTE_DESKTOP, ADMINS " " REMOTE_DESKTOP),
	/* SeBackupPrivilege */
	PER_ROLE(ADMINS " " BACKUP_OPERATORS " " SERVER_OPERATORS,
		 ADMINS " " BACKUP_OPERATORS, ADMINS " " BACKUP_OPERATORS),
	/* SeChangeNotifyPrivilege */
	PER_ROLE(ADMINS " " AUTHENTICATED " " EVERYONE " " BOTH_SERVICES " " PRE_2000,
		 ADMINS " " BACKUP_OPERATORS " " EVERYONE " " BOTH_SERVICES " " USERS,
		 ADMINS " " BACKUP_OPERATORS " " EVERYONE " " BOTH_SERVICES " " USERS
			" ?" WINDOW_MANAGER),
	/* SeSystemtimePrivilege */
	PER_ROLE(ADMINS " " LOCAL_SERVICE " " SERVER_OPERATORS, ADMINS " " LOCAL_SERVICE,
		 ADMINS " " LOCAL_SERVICE),
	/* SeTimeZonePrivilege */
	PER_ROLE(ADMINS " " LOCAL_SERVICE " " SERVER_OPERATORS, ADMINS " " LOCAL_SERVICE,
		 ADMINS " " LOCAL_SERVICE " " USERS),
	/* SeCreatePagefilePrivilege */ ALL(ADMINS),
	/* SeCreateTokenPrivilege */ ALL(NOBODY),
	/* SeCreateGlobalPrivilege */ ALL(FOUR),
	/* SeCreatePermanentPrivilege */ ALL(NOBODY),
	/* SeCreateSymbolicLinkPrivilege */ ALL(ADMINS " ?" VIRTUAL_MACHINES),
	/* SeDebugPrivilege */ ALL(ADMINS),
	/* SeDenyNetworkLogonRight */ ALL("?" GUEST),
	/* SeDenyBatchLogonRight */ ALL(NOBODY),
	/* SeDenyServiceLogonRight */ ALL(NOBODY),
	/* SeDenyInteractiveLogonRight */ PER_ROLE(NOBODY, NOBODY, "?" GUEST),
	/* SeDenyRemoteInteractiveLogonRight */ ALL(NOBODY),
	/* SeEnableDelegationPrivilege */ PER_ROLE(ADMINS, NOBODY, NOBODY),
	/* SeRemoteShutdownPrivilege */
	PER_ROLE(ADMINS " " SERVER_OPERATORS, ADMINS, ADMINS),
	/* SeAuditPrivilege */
	{ { ROW(EVERY_BUILD, BOTH_SERVICES, BOTH_SERVICES, BOTH_SERVICES),
	    ROW(WINDOWS_11_24H2, BOTH_SERVICES " ?" PRINT_SPOOLER,
		BOTH_SERVICES " ?" PRINT_SPOOLER, BOTH_SERVICES " ?" PRINT_SPOOLER) } },
	/* SeImpersonatePrivilege */
	{ { ROW(EVERY_BUILD, FOUR, FOUR, FOUR),
	    ROW(WINDOWS_11_24H2, FOUR " ?" PRINT_SPOOLER, FOUR " ?" PRINT_SPOOLER,
		FOUR " ?" PRINT_SPOOLER) } },
	/* SeIncreaseWorkingSetPrivilege */
	PER_ROLE(USERS, USERS, USERS " ?" WINDOW_MANAGER),
	/* SeIncreaseBasePriorityPrivilege */
	{ { ROW(EVERY_BUILD, ADMINS, ADMINS, ADMINS),
	    ROW(WINDOWS_10_1709, ADMINS " " WINDOW_MANAGER, ADMINS " " WINDOW_MANAGER,
		ADMINS " " WINDOW_MANAGER) } },
	/* SeLoadDriverPrivilege */
	PER_ROLE(ADMINS " " PRINT_OPERATORS, ADMINS, ADMINS),
	/* SeLockMemoryPrivilege */ ALL(NOBODY),
	/* SeBatchLogonRight */
	ALL(ADMINS " " BACKUP_OPERATORS " " PERFORMANCE_LOG " ?" IIS_IUSRS),
	/* SeServiceLogonRight */
	{ { ROW(EVERY_BUILD, ALL_SERVICES " ?" NETWORK_SERVICE " ?" VIRTUAL_MACHINES,
		ALL_SERVICES " ?" NETWORK_SERVICE " ?" VIRTUAL_MACHINES,
		ALL_SERVICES " ?" NETWORK_SERVICE " ?" VIRTUAL_MACHINES),
	    ROW(WINDOWS_11_24H2,
		ALL_SERVICES " ?" ALL_RESTRICTED " ?" NETWORK_SERVICE
			     " ?" VIRTUAL_MACHINES,
		ALL_SERVICES " ?" ALL_RESTRICTED " ?" NETWORK_SERVICE
			     " ?" VIRTUAL_MACHINES,
		ALL_SERVICES " ?" ALL_RESTRICTED " ?" NETWORK_SERVICE
			     " ?" VIRTUAL_MACHINES) } },
	/* SeSecurityPrivilege */ ALL(ADMINS),
	/* SeRelabelPrivilege */ ALL(NOBODY),
	/* SeSystemEnvironmentPrivilege */ ALL(ADMINS),
	/* SeDelegateSessionUserImpersonatePrivilege */ ALL(ADMINS),
	/* SeManageVolumePrivilege */ ALL(ADMINS),
	/* SeProfileSingleProcessPrivilege */ ALL(ADMINS),
	/* SeSystemProfilePrivilege */ ALL(ADMINS " " WDI_HOST),
	/* SeUndockPrivilege */ PER_ROLE(ADMINS, ADMINS, ADMINS " " USERS),
	/* SeAssignPrimaryTokenPrivilege */ ALL(BOTH_SERVICES),
	/* SeRestorePrivilege */
	PER_ROLE(ADMINS " " BACKUP_OPERATORS " " SERVER_OPERATORS,
		 ADMINS " " BACKUP_OPERATORS, ADMINS " " BACKUP_OPERATORS),
	/* SeShutdownPrivilege */
	PER_ROLE(ADMINS " " BACKUP_OPERATORS " " PRINT_OPERATORS " " SERVER_OPERATORS,
		 ADMINS " " BACKUP_OPERATORS, ADMINS " " BACKUP_OPERATORS " " USERS),
	/* SeSyncAgentPrivilege */ ALL(NOBODY),
	/* SeTakeOwnershipPrivilege */ ALL(ADMINS),
};

const struct right_stock *rights_generations(const struct right *r, size_t *count)
{
	size_t i = (size_t)(r - rights_at(0));

	*count = stock[i].rows[1].min_build ? 2 : 1;
	return stock[i].rows;
}

const char *rights_stock(const struct right *r, enum role role, uint32_t build)
{
	size_t count;
	const struct right_stock *row = rights_generations(r, &count);

	if (role >= ROLE_UNKNOWN)
		return NULL;
	while (count > 1 && build < row[count - 1].min_build)
		count--;
	return row[count - 1].holders[role];
}
