/* SPDX-License-Identifier: Apache-2.0 */
/* Which computer accounts are asked, under which name and with which hints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/computer.h"

enum { DAY = 86400 };
static const int64_t now = 1800000000;

static struct directory_computer plain(void)
{
	return (struct directory_computer){
		.domain = "corp.example",
		.dn = "CN=SRV1,OU=Servers,DC=corp,DC=example",
		.account = "SRV1$",
		.dns_name = "srv1.corp.example",
		.os = "Windows Server 2022 Standard",
		.os_version = "10.0 (20348)",
		.account_control_known = true,
		.account_control = 0x1000,
		.primary_group = 515,
		.last_logon = now - DAY,
		.password_set = now - DAY,
		.created = now - 400 * DAY,
	};
}

static struct computer_rules rules(computer_reasons included)
{
	return (struct computer_rules){ .stale_days = 60,
					.now = now,
					.included = included };
}

/* The reason it is left out for, or -1. */
static int reason_of(const struct directory_computer *c, const struct computer_rules *r)
{
	enum computer_reason reason;

	return computer_left_out(computer_reasons_of(c, r), r, &reason) ? (int)reason
									: -1;
}

static void assert_reason(const struct directory_computer *c, int expected)
{
	struct computer_rules r = rules(0);

	assert_int_equal(reason_of(c, &r), expected);
}

static void test_a_machine_in_use_is_in_scope(void **state)
{
	struct directory_computer c = plain();

	(void)state;
	assert_reason(&c, -1);
	c.os = NULL; /* not readable, or not written yet */
	assert_reason(&c, -1);
	c.account_control_known = false;
	assert_reason(&c, -1);
}

static void test_a_disabled_account_is_left_out(void **state)
{
	struct directory_computer c = plain();

	(void)state;
	c.account_control = 0x1002;
	assert_reason(&c, COMPUTER_DISABLED);
	c.account_control_known = false; /* then it says nothing */
	assert_reason(&c, -1);
}

static void test_stale_needs_logon_password_and_age(void **state)
{
	struct directory_computer c = plain();
	struct computer_rules keep = rules(0);

	(void)state;
	c.last_logon = c.password_set = now - 61 * DAY;
	assert_reason(&c, COMPUTER_STALE);
	keep.stale_days = 0;
	assert_int_equal(reason_of(&c, &keep), -1);
	c.password_set = now - 59 * DAY;
	assert_reason(&c, -1);
	c.password_set = now - 61 * DAY;
	c.last_logon = now - 59 * DAY;
	assert_reason(&c, -1);
	c.last_logon = TIME_NOT_GIVEN; /* never: as old as the account */
	assert_reason(&c, COMPUTER_STALE);
	c.created = now - DAY;
	assert_reason(&c, -1);
}

static void test_what_is_not_known_is_not_stale(void **state)
{
	struct directory_computer c = plain();

	(void)state;
	c.last_logon = c.password_set = now - 61 * DAY;
	c.created = TIME_NOT_GIVEN;
	assert_reason(&c, -1);
	c.created = now - 400 * DAY;
	c.password_set = TIME_NOT_GIVEN;
	assert_reason(&c, -1);
}

static void test_an_account_made_in_advance_is_prestaged(void **state)
{
	struct directory_computer c = plain();

	(void)state;
	c.last_logon = TIME_NOT_GIVEN;
	c.os = NULL;
	c.created = now - DAY;
	c.password_set = c.created + 30;
	assert_reason(&c, COMPUTER_PRESTAGED);
	c.password_set = TIME_NEVER;
	assert_reason(&c, COMPUTER_PRESTAGED);
	c.password_set = c.created + 3600;
	assert_reason(&c, -1);
	c.password_set = c.created;
	c.os = "Windows 11 Enterprise";
	assert_reason(&c, -1);
	c.os = NULL;
	c.last_logon = now - 60;
	assert_reason(&c, -1);
}

static void test_accounts_that_are_no_machine(void **state)
{
	struct directory_computer c = plain();

	(void)state;
	c.cluster_name = true;
	assert_reason(&c, COMPUTER_CLUSTER);
	c = plain();
	c.account = "azureadssoacc$";
	assert_reason(&c, COMPUTER_ENTRA);
	c = plain();
	c.account = "AzureADKerberos$";
	c.dns_name = c.os = NULL;
	assert_reason(&c, COMPUTER_ENTRA);
	c = plain();
	c.service_account = true;
	assert_reason(&c, COMPUTER_SERVICE_ACCOUNT);
}

static void test_what_is_not_windows_is_left_out(void **state)
{
	static const char *const others[] = { "Samba",   "pc-linux-gnu",    "Mac OS X",
					      "OnTap",   "Linux",           "EMC",
					      "Cumulus", "redhat-linux-gnu" };
	struct directory_computer c = plain();

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		c.os = others[i];
		assert_reason(&c, COMPUTER_NOT_WINDOWS);
	}
	c.os = "WINDOWS 7 Professional";
	assert_reason(&c, -1);
	c.os = "Hyper-V Server 2012 R2";
	assert_reason(&c, -1);
	c.os = "";
	assert_reason(&c, -1);
}

static void test_the_first_reason_that_was_not_included_counts(void **state)
{
	struct directory_computer c = plain();
	struct computer_rules r = rules(COMPUTER_REASON_BIT(COMPUTER_DISABLED));

	(void)state;
	c.account_control = 0x1002;
	assert_int_equal(reason_of(&c, &r), -1);
	c.cluster_name = true;
	c.os = "Samba";
	assert_int_equal(reason_of(&c, &r), COMPUTER_CLUSTER);
}

static void test_the_host_name(void **state)
{
	struct directory_computer c = plain();
	char name[COMPUTER_NAME_MAX];
	bool guessed;

	(void)state;
	assert_true(computer_host_name(&c, name, &guessed));
	assert_string_equal(name, "srv1.corp.example");
	assert_false(guessed);
	c.dns_name = NULL;
	assert_true(computer_host_name(&c, name, &guessed));
	assert_string_equal(name, "SRV1.corp.example");
	assert_true(guessed);
	c.dns_name = "srv1.corp.example.";
	assert_true(computer_host_name(&c, name, &guessed));
	assert_string_equal(name, "srv1.corp.example");
}

static void test_a_hostile_name_is_no_host_name(void **state)
{
	static const char *const bad[] = {
		"-oProxyCommand=x", "a b", "a\nb", "a/24", "10.0.0.0/8", "a..b",  ".a",
		"\x1b[2J",          "a#b", "a=b",  "a*",   "[::1]",      "a:445",
	};
	struct directory_computer c = plain();

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		c.dns_name = bad[i];
		assert_reason(&c, COMPUTER_NO_NAME);
	}
	c.dns_name = NULL;
	c.account = NULL;
	assert_reason(&c, COMPUTER_NO_NAME);
}

static void assert_role(const struct directory_computer *c, enum role expected)
{
	enum role role = ROLE_UNKNOWN;

	assert_true(computer_role_hint(c, &role));
	assert_int_equal(role, expected);
}

static void test_the_role_hint(void **state)
{
	struct directory_computer c = plain();
	enum role role;

	(void)state;
	assert_role(&c, ROLE_MEMBER_SERVER);
	c.os = "Windows 2000 Server";
	assert_role(&c, ROLE_MEMBER_SERVER);
	c.os = "Windows 10 Enterprise for Virtual Desktops";
	assert_role(&c, ROLE_CLIENT);
	c.primary_group = 516;
	assert_role(&c, ROLE_DOMAIN_CONTROLLER);
	c.primary_group = 515;
	c.account_control = 0x4001000;
	assert_role(&c, ROLE_DOMAIN_CONTROLLER);
	c.account_control = 0x1000;
	c.os = NULL;
	assert_false(computer_role_hint(&c, &role));
	c.os = "Samba Server";
	assert_false(computer_role_hint(&c, &role));
}

static void test_the_build(void **state)
{
	struct directory_computer c = plain();
	char version[32];

	(void)state;
	assert_true(computer_build(&c, version, sizeof version));
	assert_string_equal(version, "10.0.20348");
	c.os_version = "6.3 (9600)";
	assert_true(computer_build(&c, version, sizeof version));
	assert_string_equal(version, "6.3.9600");
	c.os_version = "10.0 (20348) evil";
	assert_false(computer_build(&c, version, sizeof version));
	c.os_version = "10.0";
	assert_false(computer_build(&c, version, sizeof version));
	c.os_version = NULL;
	assert_false(computer_build(&c, version, sizeof version));
}

static void test_include_takes_words_and_names_the_wrong_one(void **state)
{
	computer_reasons set = 0;
	char why[200];

	(void)state;
	assert_true(
		computer_reasons_parse("disabled,not-windows", &set, why, sizeof why));
	assert_int_equal(set, COMPUTER_REASON_BIT(COMPUTER_DISABLED) |
				      COMPUTER_REASON_BIT(COMPUTER_NOT_WINDOWS));
	assert_false(computer_reasons_parse("disabled,entra", &set, why, sizeof why));
	assert_non_null(strstr(why, "\"entra\""));
	assert_false(computer_reasons_parse("", &set, why, sizeof why));
	set = 0;
	assert_true(computer_reasons_parse("all", &set, why, sizeof why));
	assert_false(set & COMPUTER_REASON_BIT(COMPUTER_SERVICE_ACCOUNT));
	assert_true(set & COMPUTER_REASON_BIT(COMPUTER_STALE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_machine_in_use_is_in_scope),
		cmocka_unit_test(test_a_disabled_account_is_left_out),
		cmocka_unit_test(test_stale_needs_logon_password_and_age),
		cmocka_unit_test(test_what_is_not_known_is_not_stale),
		cmocka_unit_test(test_an_account_made_in_advance_is_prestaged),
		cmocka_unit_test(test_accounts_that_are_no_machine),
		cmocka_unit_test(test_what_is_not_windows_is_left_out),
		cmocka_unit_test(test_the_first_reason_that_was_not_included_counts),
		cmocka_unit_test(test_the_host_name),
		cmocka_unit_test(test_a_hostile_name_is_no_host_name),
		cmocka_unit_test(test_the_role_hint),
		cmocka_unit_test(test_the_build),
		cmocka_unit_test(test_include_takes_words_and_names_the_wrong_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
