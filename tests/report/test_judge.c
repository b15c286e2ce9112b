/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/report/judge_play.h"

static const struct row rows[] = {
	{ "exactly, as wanted", MEMBER, WS2022, NULL, "SeImpersonatePrivilege", HELD,
	  FOUR, VERDICT_COMPLIANT, FINDING_NONE, STATE_DEFAULT, false,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, required S-1-5-6 none none" },
	{ "names do not matter", MEMBER, WS2022, NULL, "SeImpersonatePrivilege", HELD,
	  "S-1-5-6=NT-AUTORITÄT\\DIENST S-1-5-19=x S-1-5-20=y "
	  "S-1-5-32-544=VORDEFINIERT\\Administratoren",
	  VERDICT_COMPLIANT, FINDING_NONE, STATE_DEFAULT, false,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, required S-1-5-6 none none" },
	{ "a name lent by a local group changes nothing", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, MACHINE "-1001=BUILTIN\\Administrators",
	  VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra " MACHINE "-1001 named_account high" },
	{ "everybody may impersonate", MEMBER, WS2022, NULL, "SeImpersonatePrivilege",
	  HELD, FOUR " S-1-1-0", VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED,
	  false,
	  "extra S-1-1-0 broad_principal critical, required S-1-5-19 none none, "
	  "required S-1-5-20 none none, required S-1-5-32-544 none none, "
	  "required S-1-5-6 none none" },
	{ "an allowed group without its condition", MEMBER, WS2022, NULL,
	  "SeImpersonatePrivilege", HELD, FOUR " S-1-5-32-568", VERDICT_VIOLATION,
	  FINDING_NONE, STATE_USER_DEFINED, false,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, extra S-1-5-32-568 builtin_principal medium, "
	  "required S-1-5-6 none none" },
	{ "the same with a tag", MEMBER, WS2022, "IIS", "SeImpersonatePrivilege", HELD,
	  FOUR " S-1-5-32-568", VERDICT_COMPLIANT, FINDING_NONE, STATE_USER_DEFINED,
	  false,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, allowed S-1-5-32-568 none none, "
	  "required S-1-5-6 none none" },
	{ "the same by the trace of a pool", MEMBER, WS2022, NULL,
	  "SeImpersonatePrivilege", HELD, FOUR " S-1-5-32-568 " POOL, VERDICT_VIOLATION,
	  FINDING_NONE, STATE_USER_DEFINED, false,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, allowed S-1-5-32-568 none none, "
	  "required S-1-5-6 none none, extra " POOL " app_pool low" },
	{ "print spooler on a new build", MEMBER, "10.0.26100", NULL,
	  "SeImpersonatePrivilege", HELD, FOUR " " SPOOLER, VERDICT_COMPLIANT,
	  FINDING_NONE, STATE_DEFAULT, false,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, required S-1-5-6 none none, allowed " SPOOLER
	  " none none" },
	{ "print spooler on an old one", MEMBER, WS2022, NULL, "SeImpersonatePrivilege",
	  HELD, FOUR " " SPOOLER, VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED,
	  false,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, required S-1-5-6 none none, extra " SPOOLER
	  " service_identity low" },
	{ "one of the four is missing: exactly fails", MEMBER, WS2022, NULL,
	  "SeImpersonatePrivilege", HELD, "S-1-5-19 S-1-5-20 S-1-5-32-544",
	  VERDICT_VIOLATION, FINDING_SUSPECT, STATE_USER_DEFINED, true,
	  "required S-1-5-19 none none, required S-1-5-20 none none, "
	  "required S-1-5-32-544 none none, missing S-1-5-6 collection_suspect high" },
	{ "one of the four is missing: at_most does not pass", ROLE_CLIENT, WS2022, NULL,
	  "SeImpersonatePrivilege", HELD, "S-1-5-19 S-1-5-20 S-1-5-6", VERDICT_UNKNOWN,
	  FINDING_SUSPECT, STATE_USER_DEFINED, true,
	  "allowed S-1-5-19 none none, allowed S-1-5-20 none none, allowed S-1-5-6 none "
	  "none" },
	{ "nobody may impersonate: not believed", ROLE_CLIENT, WS2022, NULL,
	  "SeImpersonatePrivilege", RIGHT_NOBODY, "", VERDICT_UNKNOWN, FINDING_SUSPECT,
	  STATE_EMPTY, true, "" },
	{ "at_most, fewer", MEMBER, WS2022, NULL, "SeDebugPrivilege", RIGHT_NOBODY, "",
	  VERDICT_COMPLIANT, FINDING_NONE, STATE_EMPTY, false, "" },
	{ "at_most, the list", MEMBER, WS2022, NULL, "SeDebugPrivilege", HELD,
	  "S-1-5-32-544", VERDICT_COMPLIANT, FINDING_NONE, STATE_DEFAULT, false,
	  "allowed S-1-5-32-544 none none" },
	{ "listed twice counts once", MEMBER, WS2022, NULL, "SeDebugPrivilege", HELD,
	  "S-1-1-0 S-1-5-32-544 S-1-1-0", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false,
	  "extra S-1-1-0 broad_principal critical, allowed S-1-5-32-544 none none" },
	{ "an orphan", MEMBER, WS2022, NULL, "SeDebugPrivilege", HELD, DOMAIN "-1109!",
	  VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra " DOMAIN "-1109 orphan medium" },
	{ "an account that its own machine does not know", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, MACHINE "-1109?", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false, "extra " MACHINE "-1109 orphan medium" },
	{ "a controller that does not know an account of its domain",
	  ROLE_DOMAIN_CONTROLLER, WS2022, NULL, "SeDebugPrivilege", HELD,
	  "S-1-5-32-544 " DOMAIN "-1109?", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false,
	  "extra " DOMAIN "-1109 orphan medium, required S-1-5-32-544 none none" },
	{ "a member that cannot resolve an account of its domain", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, DOMAIN "-1109?", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false, "extra " DOMAIN "-1109 unidentified medium" },
	{ "a deleted account of another domain", MEMBER, WS2022, NULL, "SeDebugPrivilege",
	  HELD, OTHER "-1109!", VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED,
	  false, "extra " OTHER "-1109 unidentified medium" },
	{ "RID 513 of a domain that nobody knows", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, OTHER "-513?", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false, "extra " OTHER "-513 unidentified medium" },
	{ "RID 512 of another domain, nobody was asked", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, OTHER "-512", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false, "extra " OTHER "-512 unidentified medium" },
	{ "RID 512 of a domain that the host resolved", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, OTHER "-512=OTHER\\Domain-Admins", VERDICT_VIOLATION,
	  FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra " OTHER "-512 builtin_principal medium" },
	{ "RID 513 of the host's own domain, without a name", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, DOMAIN "-513?", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false, "extra " DOMAIN "-513 broad_principal critical" },
	{ "S-1-0-0 is nobody", MEMBER, WS2022, NULL, "SeTcbPrivilege", HELD, "S-1-0-0",
	  VERDICT_COMPLIANT, FINDING_NONE, STATE_DEFAULT, false,
	  "allowed S-1-0-0 none none" },
	{ "RID 500 by name of a machine is an account", MEMBER, WS2022, NULL,
	  "SeDebugPrivilege", HELD, MACHINE "-500=SRV\\Chef", VERDICT_VIOLATION,
	  FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra " MACHINE "-500 named_account high" },
	{ "domain users", MEMBER, WS2022, NULL, "SeDebugPrivilege", HELD, DOMAIN "-513",
	  VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra " DOMAIN "-513 broad_principal critical" },
	{ "IIS 6", MEMBER, WS2022, NULL, "SeDebugPrivilege", HELD,
	  MACHINE "-1003=SRV\\IWAM_OLD", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false,
	  "obsolete " MACHINE "-1003 obsolete_account medium" },
	{ "SQL Server", MEMBER, WS2022, NULL, "SeDebugPrivilege", HELD, SQL,
	  VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra " SQL " service_identity low" },
	{ "none, and nobody", MEMBER, WS2022, NULL, "SeTcbPrivilege", RIGHT_NOBODY, "",
	  VERDICT_COMPLIANT, FINDING_NONE, STATE_DEFAULT, false, "" },
	{ "none, and somebody", MEMBER, WS2022, NULL, "SeTcbPrivilege", HELD,
	  DOMAIN "-1200=CORP\\bob", VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED,
	  false, "extra " DOMAIN "-1200 named_account high" },
	{ "none, but a waiver on its last day", MEMBER, WS2022, NULL, "SeTcbPrivilege",
	  HELD, DOMAIN "-1200=CORP\\svc", VERDICT_COMPLIANT, FINDING_NONE,
	  STATE_USER_DEFINED, false,
	  "allowed " DOMAIN "-1200 named_account high waived" },
	{ "a waiver that ran out yesterday", MEMBER, WS2022, NULL, "SeDebugPrivilege",
	  HELD, DOMAIN "-1201=CORP\\old", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false, "extra " DOMAIN "-1201 waiver_expired high" },
	{ "a waiver for another host", MEMBER, WS2022, NULL, "SeTcbPrivilege", HELD,
	  "S-1-1-0", VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra S-1-1-0 broad_principal critical" },
	{ "a waived missing holder is told and does not count", MEMBER, WS2022, NULL,
	  "SeBackupPrivilege", HELD, "S-1-5-32-544", VERDICT_COMPLIANT, FINDING_NONE,
	  STATE_USER_DEFINED, false,
	  "required S-1-5-32-544 none none, missing S-1-5-32-551 missing_holder medium "
	  "waived" },
	{ "a missing holder", ROLE_DOMAIN_CONTROLLER, WS2022, NULL, "SeDebugPrivilege",
	  RIGHT_NOBODY, "", VERDICT_VIOLATION, FINDING_NONE, STATE_EMPTY, false,
	  "missing S-1-5-32-544 missing_holder medium" },
	{ "an undefined right under none", MEMBER, SAMBA, NULL, "SeTcbPrivilege",
	  RIGHT_UNDEFINED, "", VERDICT_COMPLIANT, FINDING_NONE, STATE_UNKNOWN, false,
	  "" },
	{ "an undefined right under exactly", MEMBER, SAMBA, NULL, "SeBackupPrivilege",
	  RIGHT_UNDEFINED, "", VERDICT_NOT_APPLICABLE, FINDING_NO_RULE, STATE_UNKNOWN,
	  false, "" },
	{ "a Windows that does not know what all of its build know", MEMBER, WS2022, NULL,
	  "SeTcbPrivilege", RIGHT_UNDEFINED, "", VERDICT_UNKNOWN, FINDING_SUSPECT,
	  STATE_UNKNOWN, true, "" },
	{ "the same under exactly", MEMBER, WS2022, NULL, "SeBackupPrivilege",
	  RIGHT_UNDEFINED, "", VERDICT_UNKNOWN, FINDING_SUSPECT, STATE_UNKNOWN, true,
	  "" },
	{ "an undefined right without a build", MEMBER, NULL, NULL, "SeTcbPrivilege",
	  RIGHT_UNDEFINED, "", VERDICT_UNKNOWN, FINDING_BUILD_UNKNOWN, STATE_UNKNOWN,
	  false, "" },
	{ "denied is not nobody", MEMBER, WS2022, NULL, "SeTcbPrivilege", RIGHT_DENIED,
	  "", VERDICT_UNKNOWN, FINDING_DENIED, STATE_UNKNOWN, false, "" },
	{ "failed is not nobody", MEMBER, WS2022, NULL, "SeTcbPrivilege", RIGHT_FAILED,
	  "", VERDICT_UNKNOWN, FINDING_FAILED, STATE_UNKNOWN, false, "" },
	{ "no role, no verdict", ROLE_UNKNOWN, WS2022, NULL, "SeTcbPrivilege",
	  RIGHT_NOBODY, "", VERDICT_UNKNOWN, FINDING_ROLE_UNKNOWN, STATE_UNKNOWN, false,
	  "" },
	{ "no role, nobody is labelled", ROLE_UNKNOWN, WS2022, NULL, "SeTcbPrivilege",
	  HELD, "S-1-1-0", VERDICT_UNKNOWN, FINDING_ROLE_UNKNOWN, STATE_UNKNOWN, false,
	  "- S-1-1-0 none none" },
	{ "no rule for the role", ROLE_CLIENT, WS2022, NULL, "SeTcbPrivilege", HELD,
	  "S-1-1-0", VERDICT_NOT_APPLICABLE, FINDING_NO_RULE, STATE_USER_DEFINED, false,
	  "- S-1-1-0 none none" },
	{ "a right of no catalogue", MEMBER, WS2022, NULL, "SeFuturePrivilege", HELD,
	  "S-1-1-0", VERDICT_NOT_APPLICABLE, FINDING_NO_RULE, STATE_UNKNOWN, false,
	  "- S-1-1-0 none none" },
	{ "deny right: all there", MEMBER, WS2022, NULL, "SeDenyNetworkLogonRight", HELD,
	  "S-1-5-32-546 " DOMAIN "-512 S-1-5-21-4-5-6-519 S-1-5-114 " DOMAIN "-1300",
	  VERDICT_COMPLIANT, FINDING_NONE, STATE_USER_DEFINED, false,
	  "required S-1-5-114 none none, allowed " DOMAIN
	  "-1300 none none, required " DOMAIN
	  "-512 none none, required S-1-5-21-4-5-6-519 none none, "
	  "required S-1-5-32-546 none none" },
	{ "deny right: nobody is denied", MEMBER, WS2022, NULL, "SeDenyNetworkLogonRight",
	  RIGHT_NOBODY, "", VERDICT_VIOLATION, FINDING_NONE, STATE_DEFAULT, false,
	  "missing DOMAIN-519 missing_holder medium, missing S-1-5-113|S-1-5-114 "
	  "missing_holder medium, missing " DOMAIN "-512 missing_holder medium, "
	  "missing S-1-5-32-546 missing_holder medium" },
	{ "domain groups are not asked of a workgroup", ROLE_STANDALONE_SERVER, WS2022,
	  NULL, "SeDenyNetworkLogonRight", HELD, "S-1-5-32-546", VERDICT_COMPLIANT,
	  FINDING_NONE, STATE_USER_DEFINED, false, "required S-1-5-32-546 none none" },
	{ "a domain's group on a workgroup host is nobody it asks for",
	  ROLE_STANDALONE_SERVER, WS2022, NULL, "SeDenyNetworkLogonRight", HELD,
	  "S-1-5-21-4-5-6-512 S-1-5-32-546", VERDICT_COMPLIANT, FINDING_NONE,
	  STATE_USER_DEFINED, false,
	  "allowed S-1-5-21-4-5-6-512 none none, required S-1-5-32-546 none none" },
	{ "the machine's guest", MEMBER, WS2022, NULL, "SeDenyBatchLogonRight", HELD,
	  MACHINE "-501", VERDICT_COMPLIANT, FINDING_NONE, STATE_USER_DEFINED, false,
	  "required " MACHINE "-501 none none" },
	{ "denied too much is no danger", MEMBER, WS2022, NULL, "SeDenyBatchLogonRight",
	  HELD, MACHINE "-501 S-1-1-0", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false,
	  "extra S-1-1-0 denied_too_much low, required " MACHINE "-501 none none" },
	{ "a pattern allows", MEMBER, WS2022, NULL, "SeServiceLogonRight", HELD, POOL,
	  VERDICT_COMPLIANT, FINDING_NONE, STATE_USER_DEFINED, false,
	  "allowed " POOL " none none" },
	{ "a name with a tag allows", MEMBER, WS2022, "apps", "SeServiceLogonRight", HELD,
	  DOMAIN "-1400=CORP\\svc-x", VERDICT_COMPLIANT, FINDING_NONE, STATE_USER_DEFINED,
	  false, "allowed " DOMAIN "-1400 none none" },
	{ "generations: old", MEMBER, "10.0.17763", NULL, "SeLockMemoryPrivilege", HELD,
	  "S-1-5-32-544", VERDICT_VIOLATION, FINDING_NONE, STATE_USER_DEFINED, false,
	  "extra S-1-5-32-544 builtin_principal low" },
	{ "generations: new", MEMBER, WS2022, NULL, "SeLockMemoryPrivilege", HELD,
	  "S-1-5-32-544", VERDICT_COMPLIANT, FINDING_NONE, STATE_USER_DEFINED, false,
	  "allowed S-1-5-32-544 none none" },
	{ "generations: build not told, they disagree", MEMBER, NULL, NULL,
	  "SeLockMemoryPrivilege", HELD, "S-1-5-32-544", VERDICT_UNKNOWN,
	  FINDING_BUILD_UNKNOWN, STATE_USER_DEFINED, false, "- S-1-5-32-544 none none" },
	{ "generations: build not told, they agree", MEMBER, NULL, NULL,
	  "SeLockMemoryPrivilege", HELD, "S-1-1-0", VERDICT_VIOLATION, FINDING_NONE,
	  STATE_USER_DEFINED, false, "extra S-1-1-0 broad_principal medium" },
	{ "silent about old builds", MEMBER, "10.0.14393", NULL, "SeRelabelPrivilege",
	  HELD, "S-1-1-0", VERDICT_NOT_APPLICABLE, FINDING_NO_RULE, STATE_USER_DEFINED,
	  false, "- S-1-1-0 none none" },
	{ "silent about old builds, build not told, a complaint", MEMBER, NULL, NULL,
	  "SeRelabelPrivilege", HELD, "S-1-1-0", VERDICT_UNKNOWN, FINDING_BUILD_UNKNOWN,
	  STATE_USER_DEFINED, false, "- S-1-1-0 none none" },
	{ "silent about old builds, build not told, no complaint", MEMBER, NULL, NULL,
	  "SeRelabelPrivilege", RIGHT_NOBODY, "", VERDICT_NOT_APPLICABLE, FINDING_NO_RULE,
	  STATE_DEFAULT, false, "" },
};

static void tell(char *out, size_t size, const struct finding *f, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(out);

		snprintf(out + len, size - len, "%s%s %s%s%s %s %s%s", len ? ", " : "",
			 label_word(f[i].label) ? label_word(f[i].label) : "-", f[i].sid,
			 f[i].alternatives ? "|" : "",
			 f[i].alternatives ? f[i].alternatives : "",
			 finding_id(f[i].kind), severity_word(f[i].severity),
			 f[i].waived ? " waived" : "");
	}
}

static void every_case_has_its_verdict(void **state)
{
	struct baseline *b = load_rules();
	struct judgement j;

	(void)state;
	judgement_init(&j);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		const struct right_judgement *r;
		char found[2000] = "";
		struct facts f;

		fill(&f, row);
		assert_true(judge_host(&j, &f, b, TODAY));
		r = &j.rights[0];
		tell(found, sizeof(found), r->holders, r->holder_count);
		tell(found, sizeof(found), r->missing, r->missing_count);
		if (strcmp(found, row->found) != 0)
			fail_msg("%s:\nfound    %s\nexpected %s", row->name, found,
				 row->found);
		if (r->verdict != row->verdict || r->kind != row->kind)
			fail_msg("%s: %s for %s", row->name, verdict_word(r->verdict),
				 finding_id(r->kind));
		if (r->state != row->state || r->collection_suspect != row->suspect)
			fail_msg("%s: %s, suspect %d", row->name,
				 right_state_word(r->state), r->collection_suspect);
		if (row->verdict == VERDICT_NOT_APPLICABLE)
			assert_int_equal(j.verdict, VERDICT_UNKNOWN);
		else
			assert_int_equal(j.verdict, row->verdict);
		assert_int_equal(r->wrong > 0, r->verdict == VERDICT_VIOLATION);
		facts_free(&f);
	}
	judgement_free(&j);
	baseline_free(b);
}

/* ---- words ---- */

static const char *first_reason(const struct judgement *j, const char *sid,
				char *remediation, size_t size)
{
	const struct right_judgement *r = &j->rights[0];

	for (size_t i = 0; i < r->holder_count; i++) {
		if (strcmp(r->holders[i].sid, sid) == 0) {
			judge_remediation(r, &r->holders[i], remediation, size);
			return r->holders[i].reason;
		}
	}
	for (size_t i = 0; i < r->missing_count; i++) {
		if (strcmp(r->missing[i].sid, sid) == 0) {
			judge_remediation(r, &r->missing[i], remediation, size);
			return r->missing[i].reason;
		}
	}
	fail_msg("no finding for %s", sid);
	return NULL;
}

static void extra_holders_have_a_reason_and_a_remediation(void **state)
{
	static const struct {
		const char *right, *holders, *sid, *reason, *remediation;
	} cases[] = {
		{ "SeTcbPrivilege", SQL, SQL, "SQL Server: the identity of one service",
		  "Remove NT SERVICE\\MSSQLSERVER (" SQL
		  ") from \"Act as part of the operating system\", or allow it in your "
		  "baseline where the product is installed." },
		{ "SeImpersonatePrivilege", FOUR " S-1-5-80-1-2-3-4-5",
		  "S-1-5-80-1-2-3-4-5",
		  "the identity of one service; redundant: services hold this right "
		  "through SERVICE; only the host itself can resolve its name",
		  "Remove S-1-5-80-1-2-3-4-5 from \"Impersonate a client after "
		  "authentication\", or allow it in your baseline where the product is "
		  "installed." },
		{ "SeImpersonatePrivilege", FOUR " S-1-5-32-568", "S-1-5-32-568",
		  "IIS: a built-in group; allowed where IIS is installed (tag the host "
		  "\"iis\")",
		  "Remove BUILTIN\\IIS_IUSRS (S-1-5-32-568) from \"Impersonate a client "
		  "after authentication\"." },
		{ "SeTcbPrivilege", DOMAIN "-1200=CORP\\svc", DOMAIN "-1200",
		  "a named account; waived until 2026-06-15: CHG-1", "" },
		{ "SeDebugPrivilege", DOMAIN "-1201=CORP\\old", DOMAIN "-1201",
		  "a named account; a waiver expired on 2026-06-14: CHG-0",
		  "Remove CORP\\old (" DOMAIN
		  "-1201) from \"Debug programs\", or renew the "
		  "waiver \"CHG-0\" (owner: ops)." },
		{ "SeTcbPrivilege", MACHINE "-1003=SRV\\IUSR_WEB", MACHINE "-1003",
		  "IIS: an account of IIS 5 or 6, which newer Windows do not use",
		  "Remove SRV\\IUSR_WEB (" MACHINE
		  "-1003) from \"Act as part of the operating system\", then disable the "
		  "account." },
		{ "SeImpersonatePrivilege", "S-1-5-19 S-1-5-20 S-1-5-32-544", "S-1-5-6",
		  "Windows never removes it, so the answer cannot be complete",
		  "Export the rights on the host itself (secedit /export) and compare." },
		{ "SeDenyNetworkLogonRight", "S-1-5-32-546", "S-1-5-113",
		  "Who should be kept out can log on over the network: stolen local or "
		  "administrative credentials travel from machine to machine.",
		  "Add NT AUTHORITY\\Local account (S-1-5-113) or one of S-1-5-114 to "
		  "\"Deny access to this computer from the network\"." },
		{ "SeDenyNetworkLogonRight", "S-1-5-32-546", "DOMAIN-519",
		  "Who should be kept out can log on over the network: stolen local or "
		  "administrative credentials travel from machine to machine.",
		  "Add Enterprise Admins (DOMAIN-519) to \"Deny access to this computer "
		  "from the network\"." },
	};
	struct baseline *b = load_rules();
	struct judgement j;

	(void)state;
	judgement_init(&j);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct row row = { .role = MEMBER,
					 .os = WS2022,
					 .right = cases[i].right,
					 .outcome = HELD,
					 .holders = cases[i].holders };
		char remediation[JUDGE_REMEDIATION_ROOM];
		struct facts f;

		fill(&f, &row);
		assert_true(judge_host(&j, &f, b, TODAY));
		assert_string_equal(
			first_reason(&j, cases[i].sid, remediation, sizeof(remediation)),
			cases[i].reason);
		assert_string_equal(remediation, cases[i].remediation);
		facts_free(&f);
	}
	judgement_free(&j);
	baseline_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_has_its_verdict),
		cmocka_unit_test(extra_holders_have_a_reason_and_a_remediation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
