/* SPDX-License-Identifier: Apache-2.0 */
/* gPLink, WMI filters and their queries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/gplink.h"
#include "report/directory/wmi_filter.h"

/* ---- links ---- */

static void check_link(const char **rest, const char *dn, bool disabled, bool enforced)
{
	struct gplink link;

	assert_int_equal(gplink_next(rest, &link), GPLINK_ONE);
	assert_int_equal(link.dn_len, strlen(dn));
	assert_memory_equal(link.dn, dn, link.dn_len);
	assert_int_equal(link.disabled, disabled);
	assert_int_equal(link.enforced, enforced);
}

static void test_links_come_in_the_order_of_the_text(void **state)
{
	const char *rest =
		"[LDAP://CN={A},CN=Policies,CN=System,DC=x;0]"
		"[ldap://cn={B},cn=policies,cn=system,DC=x;2] "
		"[LDAP://dc1.x/CN={C},DC=x;1][LDAP://CN={D};3][LDAP://CN={E};4]";
	struct gplink link;

	(void)state;
	check_link(&rest, "CN={A},CN=Policies,CN=System,DC=x", false, false);
	check_link(&rest, "cn={B},cn=policies,cn=system,DC=x", false, true);
	check_link(&rest, "CN={C},DC=x", true, false);
	check_link(&rest, "CN={D}", true, false); /* 3: disabled, not enforced */
	check_link(&rest, "CN={E}", false, false);
	assert_int_equal(gplink_next(&rest, &link), GPLINK_END);
}

static void test_an_attribute_of_one_blank_has_no_link(void **state)
{
	const char *blank = " ", *empty = "";
	struct gplink link;

	(void)state;
	assert_int_equal(gplink_next(&blank, &link), GPLINK_END);
	assert_int_equal(gplink_next(&empty, &link), GPLINK_END);
}

static void test_what_is_no_link_is_said(void **state)
{
	static const char *const bad[] = {
		"x",
		"[",
		"[LDAP://",
		"[LDAP://CN=a",
		"[LDAP://CN=a;",
		"[LDAP://CN=a;]",
		"[LDAP://;0]",
		"[LDAP://CN=a;-1]",
		"[LDAP://CN=a]",
		"[LDAP://CN=a;99999999999]",
		"[CN=a;0]",
		"[LDAP://CN=a[LDAP://CN=b;0]",
	};
	struct gplink link;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *rest = bad[i];

		assert_int_equal(gplink_next(&rest, &link), GPLINK_MALFORMED);
		assert_ptr_equal(rest, bad[i]);
	}
}

/* ---- queries ---- */

static const struct wql_machine server = { 3, 3, "10.0.20348" };
static const struct wql_machine old_client = { 1, 1, "6.1.7601" };
static const struct wql_machine nobody = { 0, -1, NULL };

#define OS "SELECT * FROM Win32_OperatingSystem WHERE "

struct query_case {
	const char *query;
	enum wql_answer server, old_client, nobody;
};

static void test_queries_whose_answer_is_known(void **state)
{
	static const struct query_case cases[] = {
		{ "select * from win32_operatingsystem", WQL_YES, WQL_YES, WQL_YES },
		{ OS "ProductType = 3", WQL_YES, WQL_NO, WQL_UNKNOWN },
		{ OS "producttype=\"1\"", WQL_NO, WQL_YES, WQL_UNKNOWN },
		{ OS "ProductType <> 2", WQL_YES, WQL_YES, WQL_UNKNOWN },
		{ OS "NOT ProductType = '1'", WQL_YES, WQL_NO, WQL_UNKNOWN },
		{ OS "3 = ProductType", WQL_YES, WQL_NO, WQL_UNKNOWN },
		{ OS "2 < ProductType", WQL_YES, WQL_NO, WQL_UNKNOWN },
		{ OS "ProductType >= 1 AND ProductType <= 3", WQL_YES, WQL_YES,
		  WQL_UNKNOWN },
		{ OS "Version like \"10.%\"", WQL_YES, WQL_NO, WQL_UNKNOWN },
		{ OS "Version LIKE '6.1%' OR Version LIKE '6.2%'", WQL_NO, WQL_YES,
		  WQL_UNKNOWN },
		{ OS "Version LIKE '%.76_1'", WQL_NO, WQL_YES, WQL_UNKNOWN },
		{ OS "Version = '10.0.20348'", WQL_YES, WQL_NO, WQL_UNKNOWN },
		{ OS "BuildNumber >= 17763", WQL_YES, WQL_UNKNOWN, WQL_UNKNOWN },
		{ OS "BuildNumber > '7600'", WQL_UNKNOWN, WQL_YES, WQL_UNKNOWN },
		{ OS "(Version LIKE '10.%' AND ProductType = 3)", WQL_YES, WQL_NO,
		  WQL_UNKNOWN },
		{ OS "(ProductType='2') OR (ProductType='3')", WQL_YES, WQL_NO,
		  WQL_UNKNOWN },
		{ "SELECT DomainRole FROM Win32_ComputerSystem WHERE DomainRole > 1",
		  WQL_YES, WQL_NO, WQL_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct query_case *c = &cases[i];
		size_t len = strlen(c->query);

		if (wql_evaluate(c->query, len, &server) != c->server ||
		    wql_evaluate(c->query, len, &old_client) != c->old_client ||
		    wql_evaluate(c->query, len, &nobody) != c->nobody)
			fail_msg("%s: %d %d %d", c->query,
				 wql_evaluate(c->query, len, &server),
				 wql_evaluate(c->query, len, &old_client),
				 wql_evaluate(c->query, len, &nobody));
	}
}

/* WMI compares strings letter by letter; people mean numbers: neither is concluded. */
static void test_an_order_of_versions_that_depends_on_how_is_unknown(void **state)
{
	static const char query[] = OS "Version > '6.2'";

	(void)state;
	assert_int_equal(wql_evaluate(query, sizeof query - 1, &server), WQL_UNKNOWN);
	assert_int_equal(wql_evaluate(query, sizeof query - 1, &old_client), WQL_NO);
}

static void test_what_is_not_known_may_not_matter(void **state)
{
	static const char either[] = OS "ProductType = 3 OR Caption LIKE '%Core%'";
	static const char both[] = OS "ProductType = 3 AND Caption LIKE '%Core%'";

	(void)state;
	assert_int_equal(wql_evaluate(either, sizeof either - 1, &server), WQL_YES);
	assert_int_equal(wql_evaluate(either, sizeof either - 1, &old_client),
			 WQL_UNKNOWN);
	assert_int_equal(wql_evaluate(both, sizeof both - 1, &server), WQL_UNKNOWN);
	assert_int_equal(wql_evaluate(both, sizeof both - 1, &old_client), WQL_NO);
}

static void test_what_is_not_understood_is_unknown(void **state)
{
	static const char *const odd[] = {
		"",
		"SELECT",
		"SELECT * FROM",
		"DELETE * FROM Win32_OperatingSystem",
		"SELECT * FROM Win32_Service",
		"SELECT * FROM Win32_Service WHERE ProductType = 3",
		OS,
		OS "ProductType",
		OS "ProductType =",
		OS "ProductType = 3 3",
		OS "(ProductType = 3",
		OS "ProductType = 3)",
		OS "ProductType = '3",
		OS "ProductType LIKE '3'",
		OS "ProductType = 'three'",
		OS "ProductType == 3",
		OS "ProductType = 3 XOR Version = 'x'",
		OS "Version LIKE '[16]%'",
		OS "DomainRole = 3",
		OS "ProductType IS NULL",
		"ASSOCIATORS OF {Win32_OperatingSystem}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		if (wql_evaluate(odd[i], strlen(odd[i]), &server) != WQL_UNKNOWN)
			fail_msg("\"%s\" was understood", odd[i]);
}

static void test_deep_parentheses_are_unknown(void **state)
{
	char query[1200] = OS;
	size_t len = strlen(query);

	(void)state;
	memset(query + len, '(', 1000);
	assert_int_equal(wql_evaluate(query, len + 1000, &server), WQL_UNKNOWN);
}

/* ---- filters ---- */

static void test_a_gpo_names_its_filter(void **state)
{
	struct wmi_filter_name name;

	(void)state;
	assert_int_equal(wmi_filter_name("[corp.example;{F};0]", &name), WMI_FILTER_ONE);
	assert_memory_equal(name.domain, "corp.example", name.domain_len);
	assert_int_equal(name.id_len, 3);
	assert_memory_equal(name.id, "{F}", 3);
	assert_int_equal(wmi_filter_name(NULL, &name), WMI_FILTER_NONE);
	assert_int_equal(wmi_filter_name("", &name), WMI_FILTER_NONE);
	assert_int_equal(wmi_filter_name(" ", &name), WMI_FILTER_NONE);
	assert_int_equal(wmi_filter_name("{F}", &name), WMI_FILTER_MALFORMED);
	assert_int_equal(wmi_filter_name("[;{F};0]", &name), WMI_FILTER_MALFORMED);
	assert_int_equal(wmi_filter_name("[d;;0]", &name), WMI_FILTER_MALFORMED);
	assert_int_equal(wmi_filter_name("[d;{F};0", &name), WMI_FILTER_MALFORMED);
}

/* The lengths in the first one are those of its fields; the query may hold a `;`. */
static void test_fields_are_taken_by_their_lengths_or_by_their_ends(void **state)
{
	static const char right[] = "1;3;10;70;WQL;root\\CIMv2;"
				    "SELECT * FROM Win32_OperatingSystem WHERE Version = "
				    "\"a;b\" OR 3=3 AND 1;";
	static const char exact[] =
		"1;3;10;72;WQL;root\\CIMv2;SELECT * FROM Win32_OperatingSystem "
		"WHERE ProductType=3 OR Version=\"a;b\";";
	static const char wrong[] =
		"1;3;10;61;WQL;root\\CIMv2;SELECT * from Win32_OperatingSystem "
		"WHERE Version like \"10.%\";";

	(void)state;
	assert_int_equal(strlen(strstr(exact, "SELECT")) - 1, 72);
	assert_int_equal(wmi_filter_evaluate(exact, &server, 1), WQL_YES);
	assert_int_equal(wmi_filter_evaluate(right, &server, 1), WQL_UNKNOWN);
	assert_int_equal(wmi_filter_evaluate(wrong, &server, 1), WQL_YES);
	assert_int_equal(wmi_filter_evaluate(wrong, &old_client, 1), WQL_NO);
}

static void test_every_query_of_a_filter_must_return_a_row(void **state)
{
	static const char both[] = "2;3;10;9;WQL;root\\CIMv2;" OS "ProductType=3;"
				   "3;10;9;WQL;root\\CIMv2;" OS "Version LIKE '10.%';";
	static const char other[] = "2;3;10;9;WQL;root\\CIMv2;" OS "ProductType=3;"
				    "3;11;9;WQL;root\\cimv3;" OS "ProductType=3;";

	(void)state;
	assert_int_equal(wmi_filter_evaluate(both, &server, 1), WQL_YES);
	assert_int_equal(wmi_filter_evaluate(both, &old_client, 1), WQL_NO);
	assert_int_equal(wmi_filter_evaluate(other, &server, 1), WQL_UNKNOWN);
	assert_int_equal(wmi_filter_evaluate(other, &old_client, 1), WQL_NO);
	assert_int_equal(wmi_filter_evaluate("2;3;10;9;WQL;root\\CIMv2;" OS
					     "ProductType=3;",
					     &server, 1),
			 WQL_UNKNOWN);
	assert_int_equal(wmi_filter_evaluate("", &server, 1), WQL_UNKNOWN);
	assert_int_equal(wmi_filter_evaluate("0;", &server, 1), WQL_UNKNOWN);
	assert_int_equal(wmi_filter_evaluate(NULL, &server, 1), WQL_UNKNOWN);
}

/* A domain controller is the PDC emulator or not: decided where both agree. */
static void test_a_computer_that_may_be_two_is_decided_where_they_agree(void **state)
{
	static const struct wql_machine controllers[] = { { 2, 4, "10.0.20348" },
							  { 2, 5, "10.0.20348" } };
	static const char least[] =
		"1;3;10;9;WQL;root\\CIMv2;"
		"SELECT * FROM Win32_ComputerSystem WHERE DomainRole>3;";
	static const char pdc[] =
		"1;3;10;9;WQL;root\\CIMv2;"
		"SELECT * FROM Win32_ComputerSystem WHERE DomainRole=5;";

	(void)state;
	assert_int_equal(wmi_filter_evaluate(least, controllers, 2), WQL_YES);
	assert_int_equal(wmi_filter_evaluate(pdc, controllers, 2), WQL_UNKNOWN);
	assert_int_equal(wmi_filter_evaluate(pdc, controllers, 1), WQL_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links_come_in_the_order_of_the_text),
		cmocka_unit_test(test_an_attribute_of_one_blank_has_no_link),
		cmocka_unit_test(test_what_is_no_link_is_said),
		cmocka_unit_test(test_queries_whose_answer_is_known),
		cmocka_unit_test(
			test_an_order_of_versions_that_depends_on_how_is_unknown),
		cmocka_unit_test(test_what_is_not_known_may_not_matter),
		cmocka_unit_test(test_what_is_not_understood_is_unknown),
		cmocka_unit_test(test_deep_parentheses_are_unknown),
		cmocka_unit_test(test_a_gpo_names_its_filter),
		cmocka_unit_test(test_fields_are_taken_by_their_lengths_or_by_their_ends),
		cmocka_unit_test(test_every_query_of_a_filter_must_return_a_row),
		cmocka_unit_test(
			test_a_computer_that_may_be_two_is_decided_where_they_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
