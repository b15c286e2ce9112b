/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/text/glob.h"
#include "report/facts/principals.h"
#include "report/facts/rights.h"

static const char *const names[] = {
	"SeTrustedCredManAccessPrivilege",
	"SeNetworkLogonRight",
	"SeTcbPrivilege",
	"SeMachineAccountPrivilege",
	"SeIncreaseQuotaPrivilege",
	"SeInteractiveLogonRight",
	"SeRemoteInteractiveLogonRight",
	"SeBackupPrivilege",
	"SeChangeNotifyPrivilege",
	"SeSystemtimePrivilege",
	"SeTimeZonePrivilege",
	"SeCreatePagefilePrivilege",
	"SeCreateTokenPrivilege",
	"SeCreateGlobalPrivilege",
	"SeCreatePermanentPrivilege",
	"SeCreateSymbolicLinkPrivilege",
	"SeDebugPrivilege",
	"SeDenyNetworkLogonRight",
	"SeDenyBatchLogonRight",
	"SeDenyServiceLogonRight",
	"SeDenyInteractiveLogonRight",
	"SeDenyRemoteInteractiveLogonRight",
	"SeEnableDelegationPrivilege",
	"SeRemoteShutdownPrivilege",
	"SeAuditPrivilege",
	"SeImpersonatePrivilege",
	"SeIncreaseWorkingSetPrivilege",
	"SeIncreaseBasePriorityPrivilege",
	"SeLoadDriverPrivilege",
	"SeLockMemoryPrivilege",
	"SeBatchLogonRight",
	"SeServiceLogonRight",
	"SeSecurityPrivilege",
	"SeRelabelPrivilege",
	"SeSystemEnvironmentPrivilege",
	"SeDelegateSessionUserImpersonatePrivilege",
	"SeManageVolumePrivilege",
	"SeProfileSingleProcessPrivilege",
	"SeSystemProfilePrivilege",
	"SeUndockPrivilege",
	"SeAssignPrimaryTokenPrivilege",
	"SeRestorePrivilege",
	"SeShutdownPrivilege",
	"SeSyncAgentPrivilege",
	"SeTakeOwnershipPrivilege",
};

static void the_catalogue_is_whole_and_in_order(void **state)
{
	(void)state;
	assert_int_equal(rights_count(), 45);
	for (size_t i = 0; i < 45; i++) {
		const struct right *r = rights_at(i);

		assert_string_equal(r->name, names[i]);
		assert_true(strlen(r->policy) > 10 && strlen(r->since) > 5);
		assert_true(strlen(r->risk) > 20 && r->risk[strlen(r->risk) - 1] == '.');
		assert_true(strlen(r->lack) > 20 && r->lack[strlen(r->lack) - 1] == '.');
		assert_int_equal(r->logon_right, strstr(r->name, "LogonRight") != NULL);
		assert_int_equal(r->denies, strncmp(r->name, "SeDeny", 6) == 0);
	}
	assert_null(rights_at(45));
}

static void each_windows_knows_the_rights_of_its_time(void **state)
{
	const struct right *old = rights_find("SeImpersonatePrivilege");
	const struct right *vista = rights_find("SeRelabelPrivilege");
	const struct right *late = rights_find(
		"SeDelegateSessionUserImpersonatePrivilege");

	(void)state;
	assert_true(rights_known_to(old, 6000));
	assert_true(rights_known_to(vista, 6000));
	assert_false(rights_known_to(late, 9600));
	assert_true(rights_known_to(late, 14393));
	assert_false(rights_known_to(old, 0)); /* Samba */
}

/* The table of stock holders stands beside the catalogue: a row too many or too few
 * would shift them against each other. */
static void stock_holders_belong_to_their_right(void **state)
{
	static const struct {
		const char *right;
		enum role role;
		uint32_t build;
		const char *holders;
	} cases[] = {
		{ "SeTrustedCredManAccessPrivilege", ROLE_CLIENT, 0, "" },
		{ "SeImpersonatePrivilege", ROLE_MEMBER_SERVER, 20348,
		  "S-1-5-19 S-1-5-20 S-1-5-32-544 S-1-5-6" },
		{ "SeImpersonatePrivilege", ROLE_CLIENT, 26100,
		  "S-1-5-19 S-1-5-20 S-1-5-32-544 S-1-5-6 ?S-1-5-99-216390572-"
		  "1995538116-3857911515-2404958512-2623887229" },
		{ "SeIncreaseBasePriorityPrivilege", ROLE_MEMBER_SERVER, 14393,
		  "S-1-5-32-544" },
		{ "SeIncreaseBasePriorityPrivilege", ROLE_MEMBER_SERVER, 17763,
		  "S-1-5-32-544 S-1-5-90-0" },
		{ "SeMachineAccountPrivilege", ROLE_DOMAIN_CONTROLLER, 0, "S-1-5-11" },
		{ "SeMachineAccountPrivilege", ROLE_MEMBER_SERVER, 0, "" },
		{ "SeShutdownPrivilege", ROLE_CLIENT, 0,
		  "S-1-5-32-544 S-1-5-32-551 S-1-5-32-545" },
		{ "SeRestorePrivilege", ROLE_STANDALONE_SERVER, 0,
		  "S-1-5-32-544 S-1-5-32-551" },
		{ "SeSystemProfilePrivilege", ROLE_CLIENT, 0,
		  "S-1-5-32-544 S-1-5-80-3139157870-2983391045-3678747466-658725712-"
		  "1809340420" },
		{ "SeTakeOwnershipPrivilege", ROLE_DOMAIN_CONTROLLER, 99999,
		  "S-1-5-32-544" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(rights_stock(rights_find(cases[i].right),
						 cases[i].role, cases[i].build),
				    cases[i].holders);
	assert_null(rights_stock(rights_at(0), ROLE_UNKNOWN, 0));
}

/* What cannot be taken away is part of every stock list. */
static void floors_are_stock(void **state)
{
	size_t floors = 0;

	(void)state;
	for (size_t i = 0; i < rights_count(); i++) {
		const struct right *r = rights_at(i);

		if (!r->floor)
			continue;
		floors++;
		for (int role = 0; role < ROLE_UNKNOWN; role++)
			assert_non_null(
				strstr(rights_stock(r, (enum role)role, 0), "S-1-5-19"));
	}
	assert_int_equal(floors, 4);
	assert_string_equal(rights_find("SeImpersonatePrivilege")->floor,
			    "S-1-5-19 S-1-5-20 S-1-5-32-544 S-1-5-6");
}

static void names_are_found_without_regard_to_case(void **state)
{
	(void)state;
	assert_string_equal(rights_find("SESYSTEMTIMEPRIVILEGE")->name,
			    "SeSystemtimePrivilege");
	assert_null(rights_find("SeSystemEnvironment"));
	assert_null(rights_find(""));
	assert_null(rights_find(NULL));
}

static void count_right(const struct right *r, void *arg)
{
	(void)r;
	(*(size_t *)arg)++;
}

static void patterns_name_rights(void **state)
{
	size_t seen = 0;

	(void)state;
	assert_int_equal(rights_match("all", count_right, &seen), 45);
	assert_int_equal(seen, 45);
	assert_int_equal(rights_match("sedeny*", NULL, NULL), 5);
	assert_int_equal(rights_match("Se*LogonRight", NULL, NULL), 10);
	assert_int_equal(rights_match("SeTcbPrivileg?", NULL, NULL), 1);
	assert_int_equal(rights_match("SeTcb", NULL, NULL), 0);
	assert_int_equal(rights_match("", NULL, NULL), 0);
}

static void globs_match_the_whole_text(void **state)
{
	char many[2000];

	(void)state;
	assert_true(glob_match("*", ""));
	assert_true(glob_match("legacy-*", "LEGACY-7"));
	assert_false(glob_match("legacy-*", "my-legacy-7"));
	assert_true(glob_match("*a*b*c", "xxaxxbxxbc"));
	assert_false(glob_match("a?c", "ac"));
	assert_true(glob_match("", ""));
	assert_false(glob_match("", "a"));
	/* would take for ever if every star were tried again for every other */
	memset(many, 'a', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	assert_false(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*b", many));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_catalogue_is_whole_and_in_order),
		cmocka_unit_test(each_windows_knows_the_rights_of_its_time),
		cmocka_unit_test(stock_holders_belong_to_their_right),
		cmocka_unit_test(floors_are_stock),
		cmocka_unit_test(names_are_found_without_regard_to_case),
		cmocka_unit_test(patterns_name_rights),
		cmocka_unit_test(globs_match_the_whole_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
