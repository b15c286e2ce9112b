/* SPDX-License-Identifier: Apache-2.0 */
/* Subnets of Active Directory: what is one, and which one an address lies in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/sites.h"
#include "report/directory/subnet.h"

static struct subnet net(const char *text)
{
	struct subnet s;

	if (!subnet_parse(text, &s))
		fail_msg("\"%s\" is a subnet", text);
	return s;
}

static struct subnet address(const char *text)
{
	struct subnet s;

	if (!subnet_parse_endpoint(text, &s))
		fail_msg("\"%s\" is an address", text);
	return s;
}

static void test_what_is_no_subnet_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"/",
		"/8",
		"10.0.0.0",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/08",
		"10.0.0.0/8 ",
		"10.0.0.0/+8",
		"10.0.0.0/256",
		"10.0.0.0/4294967304",
		"010.0.0.0/8",
		"10.0.0/8",
		"10.1.0.0/8",
		"10.0.0.1/31",
		"2001:db8::/129",
		"2001:db8::1/64",
		"2001:db8::%eth0/32",
		"10.1.0.0/16\nCNF:0b6e9d3e-3d21-4b6f-a3d2-ee1f7a7b7b11",
		"2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/8",
	};
	struct subnet s = { .bits = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (subnet_parse(bad[i], &s))
			fail_msg("\"%s\" is no subnet", bad[i]);
	assert_int_equal(s.bits, 77);
}

static void test_an_address_has_many_forms(void **state)
{
	static const char *const bad[] = { "",          "srv1",      "10.0.0.1%eth0",
					   "[10.0.0.1", "10.0.0.1.", "[]:445",
					   "a.b.c.d:1" };
	struct subnet v4 = net("10.1.2.3/32"), v6 = net("2001:db8::1/128"), s;

	(void)state;
	s = address("10.1.2.3");
	assert_memory_equal(&s, &v4, sizeof s);
	s = address("10.1.2.3:445");
	assert_memory_equal(&s, &v4, sizeof s);
	s = address("::ffff:10.1.2.3");
	assert_memory_equal(&s, &v4, sizeof s);
	s = address("[::ffff:10.1.2.3]:445");
	assert_memory_equal(&s, &v4, sizeof s);
	s = address("2001:DB8::1%eth0");
	assert_memory_equal(&s, &v6, sizeof s);
	s = address("[2001:db8:0::1]:445");
	assert_memory_equal(&s, &v6, sizeof s);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (subnet_parse_endpoint(bad[i], &s))
			fail_msg("\"%s\" is no address", bad[i]);
}

static const char *site_of(const struct subnet_site *sites, size_t count,
			   const char *text)
{
	struct subnet a = address(text);
	const struct subnet_site *found = subnet_site_find(sites, count, &a);

	return !found ? "none" : found->site ? found->site : "no site";
}

static void test_the_longest_prefix_wins(void **state)
{
	struct subnet_site sites[] = {
		{ net("10.0.0.0/8"), "World" },     { net("10.1.2.0/24"), "Paris" },
		{ net("10.1.0.0/16"), "France" },   { net("10.1.2.128/25"), NULL },
		{ net("2001:db8::/32"), "World6" }, { net("2001:db8:1::/48"), "Paris6" },
		{ net("10.1.2.77/32"), "Printer" }, { net("192.168.0.0/16"), "Lab" },
		{ net("fd00::/8"), "Private" },
	};
	const size_t count = sizeof sites / sizeof *sites;

	(void)state;
	subnet_sites_sort(sites, count);
	assert_string_equal(site_of(sites, count, "10.1.2.3"), "Paris");
	assert_string_equal(site_of(sites, count, "10.1.3.3"), "France");
	assert_string_equal(site_of(sites, count, "10.2.3.3"), "World");
	assert_string_equal(site_of(sites, count, "10.1.2.77"), "Printer");
	assert_string_equal(site_of(sites, count, "10.1.2.78"), "Paris");
	assert_string_equal(site_of(sites, count, "192.168.255.1"), "Lab");
	assert_string_equal(site_of(sites, count, "2001:db8:1::9"), "Paris6");
	assert_string_equal(site_of(sites, count, "2001:db8:2::9"), "World6");
	assert_string_equal(site_of(sites, count, "fd12::1"), "Private");
	/* 10.1.2.128/25 has no site, and hides Paris. */
	assert_string_equal(site_of(sites, count, "10.1.2.200"), "no site");
	assert_string_equal(site_of(sites, count, "11.0.0.1"), "none");
	/* The same bytes in the other family. */
	assert_string_equal(site_of(sites, count, "a01:203::1"), "none");
	assert_string_equal(site_of(sites, 0, "10.1.2.3"), "none");
}

static void test_a_subnet_of_everything_is_the_last_resort(void **state)
{
	struct subnet_site sites[] = { { net("0.0.0.0/0"), "Rest" },
				       { net("10.0.0.0/8"), "Ten" } };

	(void)state;
	subnet_sites_sort(sites, 2);
	assert_string_equal(site_of(sites, 2, "10.9.9.9"), "Ten");
	assert_string_equal(site_of(sites, 2, "172.16.0.1"), "Rest");
	assert_string_equal(site_of(sites, 2, "2001:db8::1"), "none");
}

/* ---- sites of a forest ---- */

static void test_a_computer_is_placed_by_the_best_evidence(void **state)
{
	struct directory_sites s = { 0 };
	struct directory_computer dc = { .domain = "corp.example",
					 .dn = "cn=DC1, OU=Domain Controllers,DC=corp",
					 .account_control_known = true,
					 .account_control = ACCOUNT_SERVER_TRUST },
				  member = { .domain = "corp.example",
					     .dn = "CN=A,DC=corp" };
	struct directory_computer former = dc;

	(void)state;
	assert_true(directory_sites_add_site(
		&s, &(struct directory_site){ .name = "Paris" }));
	directory_sites_place(&s, &member);
	assert_string_equal(member.site, "Paris");
	assert_string_equal(member.site_evidence, SITE_BY_ONLY_SITE);
	assert_true(
		directory_sites_add_site(&s, &(struct directory_site){ .name = "Oslo" }));
	assert_true(directory_sites_add_server(
		&s, &(struct directory_server){
			    .site = "Oslo",
			    .computer = "CN=DC1,OU=Domain Controllers,DC=corp" }));
	assert_true(directory_sites_add_server(
		&s, &(struct directory_server){ .site = "X" }));
	directory_sites_place(&s, &dc);
	assert_string_equal(dc.site, "Oslo");
	assert_string_equal(dc.site_evidence, SITE_BY_SERVER_OBJECT);
	/* Two sites, and its address is not known here. */
	member.site = member.site_evidence = NULL;
	directory_sites_place(&s, &member);
	assert_null(member.site);
	/* A server object outlives the role. */
	former.account_control = 0x1000;
	directory_sites_place(&s, &former);
	assert_null(former.site);
	directory_sites_free(&s);
}

static void test_the_site_of_an_address(void **state)
{
	static const struct directory_subnet subnets[] = {
		{ NULL, "10.0.0.0/8", "World" },
		{ NULL, "10.1.2.0/24", "Paris" },
		{ NULL, "10.1.2.0/24\nCNF:1", "Ghost" },
		{ NULL, "10.9.0.0/16", NULL },
	};
	struct directory_sites s = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof subnets / sizeof *subnets; i++)
		assert_true(directory_sites_add_subnet(&s, &subnets[i]));
	directory_sites_sort(&s);
	assert_int_equal(s.subnet_count, 4);
	assert_string_equal(directory_sites_of_address(&s, "10.1.2.3:445"), "Paris");
	assert_string_equal(directory_sites_of_address(&s, "10.1.3.3:445"), "World");
	assert_null(directory_sites_of_address(&s, "10.9.3.3:445"));
	assert_null(directory_sites_of_address(&s, "192.168.1.1"));
	assert_null(directory_sites_of_address(&s, "nonsense"));
	directory_sites_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_subnet_is_refused),
		cmocka_unit_test(test_an_address_has_many_forms),
		cmocka_unit_test(test_the_longest_prefix_wins),
		cmocka_unit_test(test_a_subnet_of_everything_is_the_last_resort),
		cmocka_unit_test(test_a_computer_is_placed_by_the_best_evidence),
		cmocka_unit_test(test_the_site_of_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
