/* SPDX-License-Identifier: Apache-2.0 */
/* Domain controllers by name and from DNS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "scanner/discover/locate.h"
#include "tests/scanner/dns_play.h"

static const struct dns_service services[] = {
	{ "_ldap._tcp.dc._msdcs.corp", "h1-2.play gone.example h3-4.play", 3268 },
	{ "_ldap._tcp.dc._msdcs.gone", "gone.example", 389 },
	{ NULL, NULL, 0 },
};

static const char *why_not(const char *domain, const char *const *named, size_t due)
{
	static char why[300];
	const char *const servers[] = { dns.server, NULL };
	struct controllers found = { 0 };

	why[0] = '\0';
	assert_int_equal(
		locate_controllers(domain, named, 389, servers, &found, why, sizeof why),
		due > 0);
	assert_int_equal(found.count, due);
	for (size_t i = 0; i < found.count; i++)
		assert_int_equal(ntohs(found.at[i].address.v4.sin_port), 389);
	controllers_free(&found);
	assert_int_equal(found.count, 0);
	return why;
}

static void test_controllers_come_from_dns(void **state)
{
	const char *const servers[] = { dns.server, NULL };
	struct controllers found = { 0 };
	char why[300];

	(void)state;
	assert_true(locate_controllers("corp.example", NULL, 389, servers, &found, why,
				       sizeof why));
	assert_int_equal(found.count, 2);
	for (size_t i = 0; i < 2; i++) {
		bool first = strcmp(found.at[i].name, "h1-2.play") == 0;

		assert_true(first || strcmp(found.at[i].name, "h3-4.play") == 0);
		assert_int_equal(ntohl(found.at[i].address.v4.sin_addr.s_addr),
				 first ? 0x7f010102 : 0x7f010304);
	}
	controllers_free(&found);
}

static void test_what_is_not_found_is_said(void **state)
{
	static const char *const unknown[] = { "gone.example", NULL };

	(void)state;
	assert_non_null(strstr(why_not("gone.example", NULL, 0), "\"gone.example\": "));
	assert_non_null(strstr(why_not("nowhere.example", NULL, 0), "--dc"));
	assert_non_null(strstr(why_not(NULL, unknown, 0), "\"gone.example\": "));
	why_not("no domain..", NULL, 0);
}

static void test_named_controllers_are_the_only_ones(void **state)
{
	static const char *many[CONTROLLERS_MAX + 2];
	static const char *const two[] = { "127.0.0.9", "h5-6.play", NULL };
	unsigned before = dns.questions;

	(void)state;
	why_not("corp.example", two, 2);
	assert_true(dns.questions > before);
	for (size_t i = 0; i <= CONTROLLERS_MAX; i++)
		many[i] = "127.0.0.9";
	before = dns.questions;
	why_not("corp.example", many, CONTROLLERS_MAX);
	assert_int_equal(dns.questions, before);
}

static void test_a_server_that_is_none(void **state)
{
	static const char *const servers[] = { "no address", NULL };
	struct controllers found = { 0 };
	char why[300] = "";

	(void)state;
	assert_false(locate_controllers("corp.example", NULL, 389, servers, &found, why,
					sizeof why));
	assert_true(why[0] != '\0');
}

static int begin(void **state)
{
	(void)state;
	dns_begin(services);
	return 0;
}

static int end(void **state)
{
	(void)state;
	dns_end();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_controllers_come_from_dns),
		cmocka_unit_test(test_what_is_not_found_is_said),
		cmocka_unit_test(test_named_controllers_are_the_only_ones),
		cmocka_unit_test(test_a_server_that_is_none),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
