/* SPDX-License-Identifier: Apache-2.0 */
/* Causes and remediations, as a table that is read from the top. */
#include "scanner/cli/advice.h"

#include <string.h>

#include "rpc/wire/ntstatus.h"
#include "scanner/host/outcome.h"

/* What a row asks for; 0 and REASON_NONE fit everything. */
struct advice_row {
	enum host_outcome outcome;
	enum ntstatus status;
	enum fault_reason reason;
	struct advice advice;
};

#define REFUSED_WITH(status, ...)              \
	{                                      \
		HOST_LOGON_REFUSED, status, 0, \
		{                              \
			__VA_ARGS__            \
		}                              \
	}
#define BECAUSE(outcome, reason, ...) \
	{                             \
		outcome, 0, reason,   \
		{                     \
			__VA_ARGS__   \
		}                     \
	}
#define OTHERWISE(outcome, ...)     \
	{                           \
		outcome, 0, 0,      \
		{                   \
			__VA_ARGS__ \
		}                   \
	}

/* clang-format off */
static const struct advice_row rows[] = {
	REFUSED_WITH(STATUS_ACCOUNT_LOCKED_OUT,
		"the account is locked out",
		"unlock it, and find out who locked it before you sweep with it again"),
	REFUSED_WITH(STATUS_PASSWORD_EXPIRED,
		"the password is right and has expired",
		"change the password"),
	REFUSED_WITH(STATUS_PASSWORD_MUST_CHANGE,
		"the password is right and must be changed first",
		"change the password"),
	REFUSED_WITH(STATUS_ACCOUNT_DISABLED,
		"the account is disabled",
		"enable it, or sweep with another account"),
	REFUSED_WITH(STATUS_ACCOUNT_EXPIRED,
		"the account has expired",
		"extend it, or sweep with another account"),
	REFUSED_WITH(STATUS_ACCOUNT_RESTRICTION,
		"the account is restricted: it is in Protected Users (no NTLM), or its "
		"password is blank",
		"use Kerberos (-k, --keytab, or USER@REALM), or set a password"),
	REFUSED_WITH(STATUS_SMARTCARD_LOGON_REQUIRED,
		"the account may log on with a smart card only",
		"sweep with another account"),
	REFUSED_WITH(STATUS_LOGON_TYPE_NOT_GRANTED,
		"the password is right, and this host denies the account access from the "
		"network (often so for local accounts)",
		"remove it from \"Deny access to this computer from the network\", or use a "
		"domain account"),
	REFUSED_WITH(STATUS_INVALID_LOGON_HOURS,
		"the account may not log on at this hour",
		"change its logon hours, or sweep at another hour"),
	REFUSED_WITH(STATUS_INVALID_WORKSTATION,
		"the account may not log on from this machine",
		"add this machine to its \"Log On To\" list"),
	REFUSED_WITH(STATUS_NO_LOGON_SERVERS,
		"the host reaches no domain controller; this says nothing about the password",
		"repair the host's connection to its domain controllers"),
	REFUSED_WITH(STATUS_TRUSTED_RELATIONSHIP_FAILURE,
		"the host's trust with its domain is broken; this says nothing about the "
		"password",
		"reset the machine account (Test-ComputerSecureChannel -Repair)"),
	REFUSED_WITH(STATUS_TRUSTED_DOMAIN_FAILURE,
		"the trust between the host's domain and the account's is broken",
		"repair the trust between the domains"),
	REFUSED_WITH(STATUS_AUTHENTICATION_FIREWALL_FAILED,
		"selective authentication on the trust does not let the account in",
		"grant it \"Allowed to authenticate\" on this computer"),

	BECAUSE(HOST_LOGON_REFUSED, REASON_NTLM_REFUSED,
		"NTLM is blocked on the host or in its domain; this says nothing about the "
		"password",
		"use Kerberos (-k, --keytab, or USER@REALM) and the host's full name, not its "
		"address"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_GUEST_SESSION,
		"the host does not know the account and gave a guest session, which proves "
		"nothing",
		"name an account that the host knows; disable guest access there"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_ANONYMOUS_SESSION,
		"the host gave an anonymous session whatever the password: it treats unknown "
		"accounts as anonymous",
		"name an account that the host knows; disable anonymous access there"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_LOGIN_NEEDS_PROTECTION,
		"the host demands more of a login: encryption, Kerberos, or the name it is "
		"known by (SPN target name validation)",
		"give the host's full name and use Kerberos; check its SMB server settings "
		"(EncryptData, SmbServerNameHardeningLevel)"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_KDC_REFUSED_PASSWORD,
		"the Kerberos key distribution center (KDC) refused the password or key",
		"check the password or the keytab with kinit on this machine"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_KDC_USER_UNKNOWN,
		"the realm has no account of this name",
		"check the spelling of user and realm (USER@REALM)"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_KDC_ACCOUNT_REVOKED,
		"the account is disabled, expired or locked out",
		"check the account in the directory before you sweep with it again"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_KDC_PASSWORD_EXPIRED,
		"the password has expired or must be changed",
		"change the password"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_KDC_ACCOUNT_EXPIRED,
		"the account has expired",
		"extend it, or sweep with another account"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_KDC_ACCOUNT_NOT_YET_VALID,
		"the account is not valid yet",
		"sweep with another account"),
	BECAUSE(HOST_LOGON_REFUSED, REASON_KDC_POLICY,
		"a policy of the realm forbids this login (logon hours, workstations, an "
		"authentication policy, or armoring that is required)",
		"check the account's restrictions in the directory"),
	OTHERWISE(HOST_LOGON_REFUSED,
		"the user name or the password is wrong; or the account is local to the host "
		"and was looked for in the domain, or the other way round; or NTLM is "
		"restricted there",
		"check the password once by hand; name the domain (DOMAIN\\USER), for a local "
		"account the host's own name (HOST\\USER)"),

	BECAUSE(HOST_FOREIGN, REASON_OTHER_DOMAIN,
		"the host belongs to another domain than the account; no password was sent",
		"where that domain trusts the account's, write its DNS name "
		"(USER@DOMAIN.EXAMPLE) or add --insist; else use an account of that domain"),
	OTHERWISE(HOST_FOREIGN,
		"the host belongs to no domain (workgroup, Entra-joined, a NAS), so it does "
		"not know the account; no password was sent",
		"name an account of the host in an -A section (user=SECTION in the list), or "
		"leave the host out; --insist logs on all the same"),

	BECAUSE(HOST_KERBEROS_FAILED, REASON_TARGET_IS_ADDRESS,
		"Kerberos tickets are for names, and the target is an address",
		"give the host's full name, or use -U with NTLM"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_SERVICE_UNKNOWN,
		"the domain knows no service under this name: an alias, a short name, or a "
		"host outside of the domain",
		"give the host's full name as in the directory, or register the name "
		"(setspn)"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_CLOCK_SKEW,
		"the clocks of this machine and the domain differ by more than five minutes",
		"correct the clock of this machine (or of the domain controller)"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_DOMAIN_CLOCK_SKEW,
		"the clocks of the host and its domain controller differ too much",
		"correct the host's clock"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_TICKET_EXPIRED,
		"the ticket has expired",
		"run kinit again, or use --keytab"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_NO_TICKET_CACHE,
		"there is no ticket to use",
		"run kinit, or name a user (-U DOMAIN\\USER) or a keytab"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_NO_TICKET,
		"the ticket cache holds no ticket-granting ticket",
		"run kinit, or name a user (-U DOMAIN\\USER) or a keytab"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_KEYTAB_UNUSABLE,
		"the keytab does not exist or cannot be read",
		"check it with klist -kt FILE"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_KEYTAB_LACKS_PRINCIPAL,
		"the keytab has no key of this principal",
		"check it with klist -kt FILE"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_REALM_MISSING,
		"Kerberos needs the realm of a user",
		"write -U USER@REALM, or leave out --no-ntlm"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_NO_KDC_ANSWERED,
		"no Kerberos key distribution center (KDC) answered",
		"check krb5.conf and the way to a domain controller (port 88)"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_KDC_GAVE_NO_VERDICT,
		"the Kerberos key distribution center (KDC) got the proof of the password and "
		"gave no usable answer",
		"check the account's bad-password count and that domain controller before the "
		"next attempt; a longer --login-timeout waits longer for its answer"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_REALM_UNKNOWN,
		"no Kerberos key distribution center (KDC) is known for the realm",
		"check the spelling of the realm, krb5.conf, and the DNS of this machine"),
	BECAUSE(HOST_KERBEROS_FAILED, REASON_NO_COMMON_ENCRYPTION_TYPE,
		"the domain and this machine have no Kerberos encryption type in common",
		"give the account AES keys (change its password once), or make a keytab with "
		"AES keys"),
	OTHERWISE(HOST_KERBEROS_FAILED,
		"no Kerberos ticket for this host could be obtained or used",
		"try kinit and kvno cifs/HOST on this machine"),

	BECAUSE(HOST_ACCESS_DENIED, REASON_SHARE_DENIED,
		"logged on, but denied access to IPC$: the host demands encryption, or treats "
		"the account as a guest",
		"check the account there, and the host's SMB settings "
		"(RejectUnencryptedAccess)"),
	BECAUSE(HOST_ACCESS_DENIED, REASON_PIPE_DENIED,
		"logged on, but the LSA pipe is closed to this account",
		"use an account that is an administrator there"),
	BECAUSE(HOST_ACCESS_DENIED, REASON_RPC_POLICY,
		"the host's RPC policy denies the interface: \"Restrict Unauthenticated RPC "
		"clients: Authenticated without exceptions\", or an RPC filter",
		"allow this machine in the RPC filter; set the policy to Authenticated"),
	OTHERWISE(HOST_ACCESS_DENIED,
		"logged on, but not an administrator there; a local account other than the "
		"built-in Administrator is filtered by remote UAC",
		"use a domain account in the host's Administrators group"),

	BECAUSE(HOST_UNRESOLVABLE, REASON_NO_NAME_SERVER_ANSWERED,
		"the name servers do not answer",
		"check /etc/resolv.conf, or name a server with --dns"),
	OTHERWISE(HOST_UNRESOLVABLE,
		"the name is not known to DNS or /etc/hosts (short names need a search "
		"domain)",
		"check the spelling; give the full name"),
	OTHERWISE(HOST_UNREACHABLE,
		"there is no way to its network",
		"check routes and VPN"),
	OTHERWISE(HOST_REFUSED,
		"the host is there, and nothing listens on the port",
		"start the Server service, or correct the port"),
	OTHERWISE(HOST_TIMEOUT,
		"the host is switched off, or a firewall drops the packets",
		"allow TCP 445 from this machine (the rule \"File and Printer Sharing "
		"(SMB-In)\")"),
	BECAUSE(HOST_STALLED, REASON_LOGIN_UNANSWERED,
		"the host accepted the connection and was silent when NTLM was offered: NTLM "
		"may be switched off there (Server 2025 does not refuse it in words)",
		"use Kerberos (-k, --keytab, or USER@REALM) and the host's full name"),
	BECAUSE(HOST_STALLED, REASON_NO_VERDICT,
		"the host accepted the connection and is slow to answer the login: it waits "
		"for a domain controller that it does not reach, or it delays the refusal of "
		"an NTLM login (Windows 11 24H2 and Server 2025 do, by 2 seconds and more)",
		"check its connection to a domain controller; check the password once by "
		"hand; try a longer --login-timeout"),
	BECAUSE(HOST_STALLED, REASON_TICKET_UNANSWERED,
		"the host accepted the connection and is slow to answer the login: it is "
		"overloaded, or waits for a domain controller that it does not reach",
		"check its connection to a domain controller; try a longer --login-timeout"),
	OTHERWISE(HOST_STALLED,
		"the host accepted the connection and then sent nothing: overloaded, hung, "
		"or not Windows",
		"try a longer --timeout; check the host"),
	BECAUSE(HOST_DISCONNECTED, REASON_OPENING_UNANSWERED,
		"the host closed the connection on the first message: SMB2 is switched off, "
		"or a firewall interferes",
		"switch SMB2 on there; check what stands between"),
	BECAUSE(HOST_DISCONNECTED, REASON_LOGIN_UNANSWERED,
		"the host closed the connection when NTLM was offered: NTLM may be switched "
		"off there (Server 2025 does not refuse it in words)",
		"use Kerberos (-k, --keytab, or USER@REALM) and the host's full name"),
	BECAUSE(HOST_DISCONNECTED, REASON_NO_VERDICT,
		"the host closed the connection on the proof of the password, without a "
		"verdict: it may have counted a wrong one, so it is not asked again",
		"check the password at another host (--canary); with NTLM switched off there "
		"use Kerberos"),
	BECAUSE(HOST_DISCONNECTED, REASON_SESSION_ENDED,
		"the host ended the session before it had answered: restarted, or an "
		"administrator closed it",
		"try again later"),
	BECAUSE(HOST_DISCONNECTED, REASON_TOO_MANY_SESSIONS,
		"the host accepts no more sessions (Windows clients accept 20)",
		"try again later"),
	OTHERWISE(HOST_DISCONNECTED,
		"the host closed the connection: restarted, out of connections (Windows "
		"clients accept 20), or cut off by a device in between",
		"try again later"),
	OTHERWISE(HOST_NOT_SMB,
		"something else listens on this port",
		"correct the port or the target"),
	OTHERWISE(HOST_SMB1_ONLY,
		"the host speaks SMB1 only (Windows XP, 2003, an old NAS), which lsasweep "
		"never speaks",
		"switch SMB2 on there, or retire the host; its rights can be read on the "
		"machine itself (secedit /export) and given to lsasweep report"),
	BECAUSE(HOST_NO_ENCRYPTION, REASON_NO_CIPHER,
		"the host demands encryption and supports none of the ciphers that were "
		"offered",
		"check the host's SMB server settings (EncryptionCiphers)"),
	OTHERWISE(HOST_NO_ENCRYPTION,
		"encryption was required, and the host has no SMB3 encryption (Windows 7, "
		"2008 R2 and older)",
		"leave out --require-encryption for it, or retire the host"),
	OTHERWISE(HOST_INTEGRITY_FAILED,
		"an answer was not signed or was changed on its way: a broken device in "
		"between, or an attack",
		"find out what stands between; trust nothing that this host reported"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_NO_COMMON_DIALECT,
		"the host supports none of the SMB versions that were offered",
		"widen --smb where it was narrowed; check the host's SMB settings "
		"(Smb2DialectMin, Smb2DialectMax)"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_NEGOTIATION_REFUSED,
		"the host speaks SMB2 and refused to negotiate",
		"widen --smb where it was narrowed; check the host's SMB settings"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_NO_LSA_INTERFACE,
		"the host has no local security authority to ask: not Windows (a NAS, a "
		"printer)",
		"take it off the list (--exclude)"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_NO_LSA_PIPE,
		"the host has no local security authority to ask: not Windows (a NAS, a "
		"printer)",
		"take it off the list (--exclude)"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_NO_SHARE,
		"the host has no share IPC$: not Windows, or its Server service is stopping",
		"try again later; check the host"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_NAME_NOT_ACCEPTED,
		"the host does not answer to this name, an alias (strict name checking)",
		"give the host's own full name; or allow the alias there "
		"(DisableStrictNameChecking)"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_HOST_ERROR,
		"the host answered with an error that is not of this step",
		"look up the status above; try again later"),
	BECAUSE(HOST_PROTOCOL_ERROR, REASON_HOST_CLOCK_WRONG,
		"the host's clock is more than 36 hours behind, and NTLM cannot be used",
		"correct the host's clock"),
	OTHERWISE(HOST_PROTOCOL_ERROR,
		"its answers make no sense: not Windows, broken, or hostile",
		"check the host; a trace (tcpdump port 445) shows what it sent"),
	OTHERWISE(HOST_GUARDED,
		"the credential was refused elsewhere, so it was not tried here",
		"correct the credential, then go on with --resume"),
	OTHERWISE(HOST_NOT_ASKED,
		"the sweep ended before its turn",
		"go on with --resume"),
	OTHERWISE(HOST_LOCAL_ERROR,
		"something failed on this machine",
		"see the message"),
};
/* clang-format on */

static bool row_fits(const struct advice_row *row, enum host_outcome outcome,
		     const struct fact_error *e)
{
	return row->outcome == outcome &&
	       (!row->status ||
		(e->code && strcmp(ntstatus_name(row->status), e->code) == 0)) &&
	       (!row->reason || row->reason == fault_reason_from_word(e->reason));
}

static bool find_advice(enum host_outcome outcome, const struct fact_error *e,
			struct advice *advice)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (row_fits(&rows[i], outcome, e)) {
			*advice = rows[i].advice;
			return true;
		}
	return false;
}

void advice_each(enum host_outcome outcome,
		 void (*fn)(const struct advice *advice, void *arg), void *arg)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].outcome == outcome)
			fn(&rows[i].advice, arg);
}

bool advice_for_host(const struct facts *f, struct advice *advice)
{
	return find_advice(f->outcome, &f->error, advice);
}

static struct advice advice_for_failed_right(const struct fact_error *e)
{
	if (fault_reason_from_word(e->reason) == REASON_NO_SUCH_CALL)
		return (struct advice){
			"its local security authority does not have this call: not "
			"Windows, or very old",
			"read its rights on the machine itself, or take it off the list"
		};
	return (struct advice){
		"the host answered with an error, or ended the session before its turn",
		"try again; the message above is the host's answer"
	};
}

bool advice_for_rights(const struct facts *f, struct advice *advice)
{
	static const struct advice denied = {
		"logged on, but not an administrator there: Windows shows user rights to "
		"members of the host's Administrators only; a local account other than "
		"the built-in Administrator (RID 500) is filtered by remote UAC",
		"use a domain account in the host's Administrators group; for local "
		"accounts LocalAccountTokenFilterPolicy=1 lifts remote UAC, at a price"
	};

	for (size_t i = 0; i < f->right_count; i++) {
		if (f->rights[i].outcome == RIGHT_DENIED)
			*advice = denied;
		else if (f->rights[i].outcome == RIGHT_FAILED)
			*advice = advice_for_failed_right(&f->rights[i].error);
		else
			continue;
		return true;
	}
	return false;
}

const char *advice_for_fault(const struct fault *fault)
{
	struct advice advice = { "", "see the message" };
	struct fact_error error = { .step = fault->step,
				    .reason = fault_reason_word(fault->reason) };

	find_advice(outcome_of_fault(fault->kind), &error, &advice);
	return advice.remediation;
}
