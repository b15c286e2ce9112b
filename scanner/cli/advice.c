/* SPDX-License-Identifier: Apache-2.0 */
/*
 * advice.c - causes and mends.
 */
#include "scanner/cli/advice.h"

#include <string.h>

#include "scanner/host/outcome.h"

/* NULL fits everything; `text` is a part of what was said. */
struct advice_row {
	enum host_outcome outcome;
	const char *code, *step, *text;
	struct advice advice;
};

static const struct advice_row rows[] = {
	{ HOST_LOGON_REFUSED,
	  "STATUS_ACCOUNT_LOCKED_OUT",
	  NULL,
	  NULL,
	  { "the account is locked out",
	    "unlock it, and find out who locked it before sweeping with it again" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_PASSWORD_EXPIRED",
	  NULL,
	  NULL,
	  { "the password is right and has expired", "change the password" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_PASSWORD_MUST_CHANGE",
	  NULL,
	  NULL,
	  { "the password is right and must be changed first", "change the password" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_ACCOUNT_DISABLED",
	  NULL,
	  NULL,
	  { "the account is disabled", "enable it, or sweep with another" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_ACCOUNT_EXPIRED",
	  NULL,
	  NULL,
	  { "the account has expired", "prolong it, or sweep with another" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_ACCOUNT_RESTRICTION",
	  NULL,
	  NULL,
	  { "the account is restricted: in Protected Users (no NTLM), or its password is "
	    "blank",
	    "use Kerberos (-k, --keytab, or USER@REALM), or set a password" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_LOGON_TYPE_NOT_GRANTED",
	  NULL,
	  NULL,
	  { "the password is right, and this host denies the account access from the "
	    "network (local accounts often are)",
	    "take it out of \"Deny access to this computer from the network\", or use a "
	    "domain account" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_INVALID_LOGON_HOURS",
	  NULL,
	  NULL,
	  { "the account may not log on at this hour", "change its logon hours" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_INVALID_WORKSTATION",
	  NULL,
	  NULL,
	  { "the account may not log on from this machine",
	    "add this machine to its \"Log On To\" list" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_NO_LOGON_SERVERS",
	  NULL,
	  NULL,
	  { "the host reaches no domain controller: this says nothing about the password",
	    "mend the host's connection to its domain" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_TRUSTED_RELATIONSHIP_FAILURE",
	  NULL,
	  NULL,
	  { "the host's trust with its domain is broken: this says nothing about the "
	    "password",
	    "reset the machine account (Test-ComputerSecureChannel -Repair)" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_TRUSTED_DOMAIN_FAILURE",
	  NULL,
	  NULL,
	  { "the trust between the host's domain and the account's is broken",
	    "mend the trust between the domains" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_AUTHENTICATION_FIREWALL_FAILED",
	  NULL,
	  NULL,
	  { "selective authentication on the trust keeps the account out",
	    "grant it \"Allowed to authenticate\" on this computer" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_NTLM_BLOCKED",
	  NULL,
	  NULL,
	  { "NTLM is blocked there",
	    "use Kerberos (-k, --keytab, or USER@REALM) and the host's name, not its "
	    "address" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_TIME_DIFFERENCE_AT_DC",
	  NULL,
	  NULL,
	  { "the clocks of the host and its domain controller differ too much",
	    "set the clocks right" } },
	{ HOST_LOGON_REFUSED,
	  NULL,
	  NULL,
	  "guest",
	  { "the host does not know the account and let us in as a guest, which is no "
	    "answer",
	    "name an account that the host knows; switch guest access off there" } },
	{ HOST_LOGON_REFUSED,
	  NULL,
	  NULL,
	  "null session",
	  { "the host let us in as nobody, whatever the password: it takes logons that "
	    "it "
	    "does not know for anonymous ones",
	    "name an account that the host knows; switch anonymous access off there" } },
	{ HOST_LOGON_REFUSED,
	  "STATUS_ACCESS_DENIED",
	  NULL,
	  NULL,
	  { "the host demands more of a logon: encryption, Kerberos, or the name it is "
	    "known by (SPN target name validation)",
	    "give the host's full name and use Kerberos; check its SMB server settings "
	    "(EncryptData, SmbServerNameHardeningLevel)" } },
	{ HOST_LOGON_REFUSED,
	  NULL,
	  NULL,
	  "KDC",
	  { "the key distribution center refused the credential",
	    "check principal, password or keytab with kinit on this machine" } },
	{ HOST_LOGON_REFUSED,
	  NULL,
	  NULL,
	  NULL,
	  { "user name or password is wrong; or the account is local to the host and was "
	    "taken for one of the domain, or the other way round; or NTLM is restricted "
	    "there",
	    "check the password once by hand; name the domain (DOMAIN\\USER), for a "
	    "local "
	    "account the host's own name (HOST\\USER)" } },

	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "address",
	  { "Kerberos tickets are for names, and the target is an address",
	    "give the host's full name, or use -U with NTLM" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "cifs/",
	  { "the domain knows no service under this name: an alias, a short name, or a "
	    "host outside of the domain",
	    "give the host's full name as in the directory, or register the name "
	    "(setspn)" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "clock",
	  { "the clocks of this machine and the domain differ by more than five minutes",
	    "set the clock here (or there) right" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "expired",
	  { "the ticket has run out", "run kinit again, or use --keytab" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "ccache",
	  { "there is no ticket to use",
	    "run kinit, or name a user (-U DOMAIN\\USER) or a keytab" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "keytab",
	  { "the keytab is not there, not readable, or has no key of this principal",
	    "check it with klist -kt FILE" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "USER@REALM",
	  { "Kerberos needs to know the realm of a user",
	    "write -U USER@REALM, or leave out --no-ntlm" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  "KDC",
	  { "no key distribution center could be asked",
	    "check krb5.conf and the way to a domain controller (port 88)" } },
	{ HOST_KERBEROS_FAILED,
	  NULL,
	  NULL,
	  NULL,
	  { "no Kerberos ticket for this host could be had or used",
	    "try kinit and kvno cifs/HOST on this machine" } },

	{ HOST_ACCESS_DENIED,
	  NULL,
	  "tree connect",
	  NULL,
	  { "logged on, but kept out of IPC$: the host demands encryption, or takes the "
	    "account for a guest",
	    "check the account there; the host's SMB settings "
	    "(RejectUnencryptedAccess)" } },
	{ HOST_ACCESS_DENIED,
	  NULL,
	  "open pipe",
	  NULL,
	  { "logged on, but the LSA pipe is closed to this account",
	    "use an account that is an administrator there" } },
	{ HOST_ACCESS_DENIED,
	  NULL,
	  NULL,
	  NULL,
	  { "logged on, but not an administrator there; a local account other than the "
	    "built-in Administrator is cut down by remote UAC",
	    "use a domain account in the host's Administrators group" } },

	{ HOST_UNRESOLVABLE,
	  NULL,
	  NULL,
	  "no name server",
	  { "the name servers do not answer",
	    "check /etc/resolv.conf, or name a server with --dns" } },
	{ HOST_UNRESOLVABLE,
	  NULL,
	  NULL,
	  NULL,
	  { "the name is not known to DNS or /etc/hosts (short names need a search "
	    "domain)",
	    "check the spelling; give the full name" } },
	{ HOST_UNREACHABLE,
	  NULL,
	  NULL,
	  NULL,
	  { "there is no way to its network", "check routes and VPN" } },
	{ HOST_REFUSED,
	  NULL,
	  NULL,
	  NULL,
	  { "it is there, and nothing listens on the port",
	    "start the Server service, or correct the port" } },
	{ HOST_TIMEOUT,
	  NULL,
	  NULL,
	  NULL,
	  { "it is switched off, or a firewall drops the packets",
	    "allow TCP 445 from this machine (the rule \"File and Printer Sharing "
	    "(SMB-In)\")" } },
	{ HOST_STALLED,
	  NULL,
	  "authenticate",
	  NULL,
	  { "it took the connection and is slow to log us on: it may wait for a domain "
	    "controller",
	    "look at its way to a domain controller; try a longer --timeout" } },
	{ HOST_STALLED,
	  NULL,
	  NULL,
	  NULL,
	  { "it took the connection and then said nothing: overloaded, hung, or not "
	    "Windows",
	    "try a longer --timeout; look at the host" } },
	{ HOST_DISCONNECTED,
	  NULL,
	  "negotiate",
	  NULL,
	  { "it hung up on our first word: SMB2 is switched off, or a firewall meddles",
	    "switch SMB2 on there; check what stands between" } },
	{ HOST_DISCONNECTED,
	  NULL,
	  NULL,
	  NULL,
	  { "it hung up in the middle: restarted, out of connections (clients take 20), "
	    "or something in between cut the line",
	    "try again later" } },
	{ HOST_NOT_SMB,
	  NULL,
	  NULL,
	  NULL,
	  { "something else listens on this port", "correct the port or the target" } },
	{ HOST_SMB1_ONLY,
	  NULL,
	  NULL,
	  NULL,
	  { "it speaks SMB1 only (Windows XP, 2003, an old NAS), which lsasweep never "
	    "speaks",
	    "switch SMB2 on there, or retire it; its rights can be read on the machine "
	    "itself (secedit /export) and given to lsasweep report" } },
	{ HOST_NO_ENCRYPTION,
	  NULL,
	  NULL,
	  NULL,
	  { "encryption was asked for, and it has no SMB3 encryption (Windows 7, 2008 R2 "
	    "and older)",
	    "leave out --require-encryption for it, or retire it" } },
	{ HOST_INTEGRITY_FAILED,
	  NULL,
	  NULL,
	  NULL,
	  { "an answer was not signed or was changed on its way: a broken device in "
	    "between, or an attack",
	    "find out what stands between; trust nothing that this host said" } },
	{ HOST_PROTOCOL_ERROR,
	  NULL,
	  "negotiate",
	  "refused to negotiate",
	  { "it speaks SMB2, and no version of it that was offered",
	    "widen --smb where it was narrowed; look at the host's SMB settings" } },
	{ HOST_PROTOCOL_ERROR,
	  NULL,
	  NULL,
	  "does not offer",
	  { "it has no local security authority to ask: not Windows (a NAS, a printer)",
	    "take it off the list (--exclude)" } },
	{ HOST_PROTOCOL_ERROR,
	  NULL,
	  NULL,
	  NULL,
	  { "its answers make no sense: not Windows, broken, or hostile",
	    "look at the host; a trace (tcpdump port 445) shows what it said" } },
	{ HOST_GUARDED,
	  NULL,
	  NULL,
	  NULL,
	  { "the credential was refused elsewhere, so it was not tried here",
	    "mend the credential, then go on with --resume" } },
	{ HOST_NOT_ASKED,
	  NULL,
	  NULL,
	  NULL,
	  { "the sweep ended before its turn", "go on with --resume" } },
	{ HOST_LOCAL_ERROR,
	  NULL,
	  NULL,
	  NULL,
	  { "something failed on this machine", "see the message" } },
};

static bool fits(const struct advice_row *row, enum host_outcome outcome,
		 const char *code, const char *step, const char *text)
{
	return row->outcome == outcome &&
	       (!row->code || (code && strcmp(row->code, code) == 0)) &&
	       (!row->step || (step && strcmp(row->step, step) == 0)) &&
	       (!row->text || (text && strstr(text, row->text)));
}

static bool find(enum host_outcome outcome, const char *code, const char *step,
		 const char *text, struct advice *advice)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (fits(&rows[i], outcome, code, step, text)) {
			*advice = rows[i].advice;
			return true;
		}
	return false;
}

bool advice_for_host(const struct facts *f, struct advice *advice)
{
	return find(f->outcome, f->error.code, f->error.step, f->error.text, advice);
}

static bool lacks_call(const struct fact_error *e)
{
	return e->code && (strcmp(e->code, "NCA_S_OP_RNG_ERROR") == 0 ||
			   strcmp(e->code, "RPC_S_PROCNUM_OUT_OF_RANGE") == 0);
}

bool advice_for_rights(const struct facts *f, struct advice *advice)
{
	static const struct advice denied = {
		"logged on, but not an administrator there: Windows tells rights to "
		"members "
		"of the host's Administrators only; a local account other than the "
		"built-in "
		"Administrator (RID 500) is cut down by remote UAC",
		"use a domain account in the host's Administrators group; for local "
		"accounts "
		"LocalAccountTokenFilterPolicy=1 lifts remote UAC, at a price"
	};
	static const struct advice failed = {
		"the host answered with an error, or broke off before its turn came",
		"try again; the message above says what it told"
	};
	static const struct advice no_call = {
		"its local security authority does not have this call: not Windows, or "
		"very "
		"old",
		"read its rights on the machine itself, or take it off the list"
	};

	for (size_t i = 0; i < f->right_count; i++) {
		if (f->rights[i].outcome == RIGHT_DENIED)
			*advice = denied;
		else if (f->rights[i].outcome == RIGHT_FAILED)
			*advice = lacks_call(&f->rights[i].error) ? no_call : failed;
		else
			continue;
		return true;
	}
	return false;
}

const char *advice_for_fault(const struct fault *fault)
{
	struct advice advice = { "", "see the message" };

	find(outcome_of_fault(fault->kind), NULL, fault->step, fault->what, &advice);
	return advice.mend;
}
