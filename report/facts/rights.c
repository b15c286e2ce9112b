/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/rights.h"

#include <strings.h>

#include "report/text/glob.h"

const char *const rights_policy_path =
	"Computer Configuration\\Policies\\Windows Settings\\Security Settings\\"
	"Local Policies\\User Rights Assignment";

/* Holders that Windows itself puts back or refuses to let go ([MS-LSAD] 3.1.4.5.6 and
 * 3.1.4.5.12: LOCAL SERVICE and NETWORK SERVICE; the security configuration engine:
 * Administrators and SERVICE). */
#define SERVICES_STAY "S-1-5-19 S-1-5-20"
#define FOUR_STAY     "S-1-5-19 S-1-5-20 S-1-5-32-544 S-1-5-6"

/* The first Windows that knows a right: words, and its build where it speaks SMB 2; all
 * that do know what is older. */
#define NT_SINCE        .since = "Windows NT"
#define W2000_SINCE     .since = "Windows 2000"
#define W2000_SP4_SINCE .since = "Windows 2000 SP4 and XP"
#define XP_SINCE        .since = "Windows XP"
#define W2003_SINCE     .since = "Windows 2000 SP4, XP SP2 and Server 2003"
#define VISTA_SINCE     .since = "Windows Vista and Server 2008", .since_build = 6000
#define W10_1607_SINCE  .since = "Windows 10 1607 and Server 2016", .since_build = 14393

#define P(constant, title, known_since, may, without)                                 \
	{                                                                             \
		.name = #constant, .policy = title, known_since##_SINCE, .risk = may, \
		.lack = without                                                       \
	}
#define STAYS(constant, title, known_since, stay, may, without)                         \
	{                                                                               \
		.name = #constant, .policy = title, known_since##_SINCE, .floor = stay, \
		.risk = may, .lack = without                                            \
	}
#define L(constant, title, known_since, may, without)                    \
	{                                                                \
		.name = #constant, .policy = title, .logon_right = true, \
		known_since##_SINCE, .risk = may, .lack = without        \
	}
#define DENY(constant, title, known_since, may, without)                                 \
	{                                                                                \
		.name = #constant, .policy = title, .logon_right = true, .denies = true, \
		known_since##_SINCE, .risk = may, .lack = without                        \
	}

static const struct right rights[] = {
	P(SeTrustedCredManAccessPrivilege,
	  "Access Credential Manager as a trusted caller", VISTA,
	  "Can read the passwords that users saved in Credential Manager.",
	  "Nothing breaks: only Winlogon needs it, and it has it without being listed."),
	L(SeNetworkLogonRight, "Access this computer from the network", NT,
	  "Can log on over the network: file shares, remote calls, remote "
	  "administration.",
	  "Its members can no longer reach shares and services of this machine."),
	P(SeTcbPrivilege, "Act as part of the operating system", NT,
	  "Can become any user and do anything the system itself can.",
	  "Only very old services that log users on themselves stop working."),
	P(SeMachineAccountPrivilege, "Add workstations to domain", NT,
	  "Can create computer accounts in the domain, a first step of several attacks.",
	  "Its members can no longer join machines unless rights were delegated to "
	  "them."),
	P(SeIncreaseQuotaPrivilege, "Adjust memory quotas for a process", NT,
	  "Can change how much memory other processes may use, up to starving them.",
	  "Services cannot start processes as another user."),
	L(SeInteractiveLogonRight, "Allow log on locally", NT,
	  "Can log on at the console and start programs there.",
	  "Its members can no longer log on at the console."),
	L(SeRemoteInteractiveLogonRight, "Allow log on through Remote Desktop Services",
	  XP, "Can open a desktop on this machine from elsewhere.",
	  "Its members can no longer log on through Remote Desktop."),
	P(SeBackupPrivilege, "Back up files and directories", NT,
	  "Can read every file and registry key whatever their permissions say, also the "
	  "password database.",
	  "Backup software running as that account cannot read what it should save."),
	STAYS(SeChangeNotifyPrivilege, "Bypass traverse checking", NT, SERVICES_STAY,
	      "Can pass through folders it may not list; meant for everybody.",
	      "Programs of ordinary users fail on paths whose upper folders are closed."),
	P(SeSystemtimePrivilege, "Change the system time", NT,
	  "Can falsify the times of log entries and break Kerberos, which needs the "
	  "right "
	  "time.",
	  "The time service or a host's clock synchronisation can no longer set the "
	  "time."),
	P(SeTimeZonePrivilege, "Change the time zone", VISTA,
	  "Can change how times are shown, not the time itself.",
	  "Its members cannot set the time zone, which travellers miss."),
	P(SeCreatePagefilePrivilege, "Create a pagefile", NT,
	  "Can create or resize page files and so slow the machine or fill its disk.",
	  "Administrators cannot change the page file."),
	P(SeCreateTokenPrivilege, "Create a token object", NT,
	  "Can make itself a token of any user with any right: full control of the "
	  "machine.",
	  "Nothing breaks: only the system needs it, and it has it without being "
	  "listed."),
	STAYS(SeCreateGlobalPrivilege, "Create global objects", W2003, FOUR_STAY,
	      "Can create objects that programs in other users' sessions see and may "
	      "trust.",
	      "Services and Remote Desktop programs that share memory between sessions "
	      "fail."),
	P(SeCreatePermanentPrivilege, "Create permanent shared objects", NT,
	  "Can create kernel objects that stay after it has gone.",
	  "Nothing breaks: only the system needs it, and it has it without being "
	  "listed."),
	P(SeCreateSymbolicLinkPrivilege, "Create symbolic links", VISTA,
	  "Can place links that trick privileged programs into touching other files.",
	  "Programs that create links fail; Hyper-V cannot open some virtual disks."),
	P(SeDebugPrivilege, "Debug programs", NT,
	  "Can read and change any process, also the one that holds the passwords in "
	  "memory.",
	  "Administrators cannot debug services; some setups and cluster updates fail."),
	DENY(SeDenyNetworkLogonRight, "Deny access to this computer from the network",
	     W2000,
	     "Whoever is listed cannot log on over the network, whatever else allows it.",
	     "Who should be kept out can log on over the network: stolen local or "
	     "administrative credentials travel from machine to machine."),
	DENY(SeDenyBatchLogonRight, "Deny log on as a batch job", W2000,
	     "Whoever is listed cannot run scheduled tasks.",
	     "Who should be kept out can leave credentials behind in scheduled tasks."),
	DENY(SeDenyServiceLogonRight, "Deny log on as a service", W2000,
	     "Whoever is listed cannot be the account of a service.",
	     "Who should be kept out can run services, which leaves credentials on the "
	     "machine."),
	DENY(SeDenyInteractiveLogonRight, "Deny log on locally", W2000,
	     "Whoever is listed cannot log on at the console.",
	     "Who should be kept out can log on at the console and leave credentials in "
	     "memory."),
	DENY(SeDenyRemoteInteractiveLogonRight,
	     "Deny log on through Remote Desktop Services", XP,
	     "Whoever is listed cannot log on through Remote Desktop.",
	     "Who should be kept out can open a desktop from elsewhere."),
	P(SeEnableDelegationPrivilege,
	  "Enable computer and user accounts to be trusted for delegation", W2000,
	  "Can mark accounts as trusted to act for any user that connects to them.",
	  "Administrators cannot set up delegation; it has a meaning on controllers "
	  "only."),
	P(SeRemoteShutdownPrivilege, "Force shutdown from a remote system", NT,
	  "Can switch the machine off from elsewhere.",
	  "Administrators cannot restart it remotely."),
	STAYS(SeAuditPrivilege, "Generate security audits", NT, SERVICES_STAY,
	      "Can write entries into the security log, to flood it or to lay false "
	      "trails.",
	      "Services such as IIS, AD FS or SQL Server cannot write their audit "
	      "entries."),
	STAYS(SeImpersonatePrivilege, "Impersonate a client after authentication", W2003,
	      FOUR_STAY,
	      "Can act as whoever connects to it; tricks that make the system connect "
	      "turn "
	      "this into full control of the machine.",
	      "Services and COM servers cannot act for their callers: web sites, "
	      "printing, "
	      "SQL Server and scheduled jobs fail with access denied."),
	P(SeIncreaseWorkingSetPrivilege, "Increase a process working set", VISTA,
	  "Can let its own programs take more memory.",
	  "Programs that manage their own memory run slower or do not start."),
	P(SeIncreaseBasePriorityPrivilege, "Increase scheduling priority", NT,
	  "Can take the processor from everybody else.",
	  "The window manager cannot raise its priority: drawing and ink stutter."),
	P(SeLoadDriverPrivilege, "Load and unload device drivers", NT,
	  "Can load a driver, which runs as part of the kernel and may do anything.",
	  "Administrators cannot install hardware; print operators cannot add printers."),
	P(SeLockMemoryPrivilege, "Lock pages in memory", NT,
	  "Can keep memory from everybody else.",
	  "SQL Server with locked pages does not get its memory."),
	L(SeBatchLogonRight, "Log on as a batch job", NT,
	  "Can run as a scheduled task, also when nobody is logged on.",
	  "Scheduled tasks of that account no longer start."),
	L(SeServiceLogonRight, "Log on as a service", NT,
	  "Can run as a service, from start to shutdown, with a password kept on the "
	  "machine.",
	  "Services of that account no longer start."),
	P(SeSecurityPrivilege, "Manage auditing and security log", NT,
	  "Can clear the security log and change what is audited.",
	  "Administrators cannot read the security log; Exchange cannot check its audit "
	  "settings on controllers."),
	P(SeRelabelPrivilege, "Modify an object label", VISTA,
	  "Can raise or lower integrity labels, so that programs in a sandbox reach "
	  "more.",
	  "Nothing breaks: no part of Windows needs it."),
	P(SeSystemEnvironmentPrivilege, "Modify firmware environment values", NT,
	  "Can change firmware variables: what the machine boots next, and whether it "
	  "does.",
	  "Administrators cannot change boot settings; BitLocker setup fails."),
	P(SeDelegateSessionUserImpersonatePrivilege,
	  "Obtain an impersonation token for another user in the same session", W10_1607,
	  "Can act as another user who is logged on in the same session.",
	  "Administrators' tools that act for the session's user fail."),
	P(SeManageVolumePrivilege, "Perform volume maintenance tasks", W2000_SP4,
	  "Can read and write the disk below the file system, also deleted data.",
	  "SQL Server cannot grow files instantly; disk tools fail."),
	P(SeProfileSingleProcessPrivilege, "Profile single process", NT,
	  "Can watch what other processes do, and so plan an attack on them.",
	  "Administrators cannot use performance tools on other processes."),
	P(SeSystemProfilePrivilege, "Profile system performance", NT,
	  "Can watch the whole system at work.",
	  "The diagnostic service cannot find what slows the machine."),
	P(SeUndockPrivilege, "Remove computer from docking station", NT,
	  "Can undock a laptop without logging on first.",
	  "Users must log on before they undock."),
	P(SeAssignPrimaryTokenPrivilege, "Replace a process level token", NT,
	  "Can start a process as any user whose token it has got hold of.",
	  "Services, task scheduler and application pools cannot start processes as "
	  "other users."),
	P(SeRestorePrivilege, "Restore files and directories", NT,
	  "Can overwrite every file and registry key whatever their permissions say, "
	  "also "
	  "the system's own.",
	  "Backup software running as that account cannot restore."),
	P(SeShutdownPrivilege, "Shut down the system", NT,
	  "Can switch the machine off once logged on.",
	  "Its members cannot shut the machine down."),
	P(SeSyncAgentPrivilege, "Synchronize directory service data", W2000,
	  "Can read everything in the directory, also what is closed to it.",
	  "Nothing breaks: controllers do not need anybody listed."),
	P(SeTakeOwnershipPrivilege, "Take ownership of files or other objects", NT,
	  "Can make itself the owner of anything and then give itself access.",
	  "Administrators cannot recover files that nobody may open."),
};

bool rights_known_to(const struct right *r, uint32_t build)
{
	enum { FIRST_WITH_SMB2 = 6000 };

	return build >= FIRST_WITH_SMB2 && build >= r->since_build;
}

size_t rights_count(void)
{
	return sizeof(rights) / sizeof(rights[0]);
}

const struct right *rights_at(size_t i)
{
	return i < rights_count() ? &rights[i] : NULL;
}

const struct right *rights_find(const char *name)
{
	for (size_t i = 0; name && i < rights_count(); i++)
		if (strcasecmp(rights[i].name, name) == 0)
			return &rights[i];
	return NULL;
}

uint64_t rights_bit(const char *name)
{
	const struct right *r = rights_find(name);

	_Static_assert(sizeof(rights) / sizeof(*rights) <= 64, "a bit for each right");
	return r ? UINT64_C(1) << (r - rights) : 0;
}

size_t rights_match(const char *pattern, void (*found)(const struct right *r, void *arg),
		    void *arg)
{
	const char *wanted = strcasecmp(pattern, "all") == 0 ? "*" : pattern;
	size_t count = 0;

	for (size_t i = 0; i < rights_count(); i++) {
		if (!glob_match(wanted, rights[i].name))
			continue;
		count++;
		if (found)
			found(&rights[i], arg);
	}
	return count;
}
