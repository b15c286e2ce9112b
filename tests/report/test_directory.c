/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names, times of LDAP, and the recorded directory written and read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/directory_json.h"
#include "report/directory/dn.h"
#include "report/directory/ldap_time.h"

/* ---- names ---- */

static void test_a_name_is_split_at_commas_that_are_not_escaped(void **state)
{
	const char *rest = "CN=A\\, B\\2C C\\\\,OU=SQL\\0Aold , DC = corp";
	struct dn_part part;
	char value[32];

	(void)state;
	assert_true(dn_next(&rest, &part));
	assert_true(dn_part_is(&part, "cn"));
	assert_int_equal(dn_part_value(&part, value, sizeof value), 8);
	assert_string_equal(value, "A, B, C\\");
	assert_true(dn_next(&rest, &part));
	dn_part_value(&part, value, sizeof value);
	assert_string_equal(value, "SQL\nold");
	assert_true(dn_next(&rest, &part));
	dn_part_value(&part, value, sizeof value);
	assert_string_equal(value, "corp");
	assert_null(rest);
}

static void test_what_is_no_name_is_refused(void **state)
{
	static const char *const bad[] = { "",           "CN",       "=x",    "CN=a,",
					   "CN=a,,DC=b", "CN=,DC=b", "C N=a", "CN=a,b" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(dn_is_valid(bad[i]));
	assert_true(dn_is_valid("CN=a\\"));
	assert_true(dn_is_valid("1.2.3=a"));
}

static void test_names_are_compared_after_normalising(void **state)
{
	(void)state;
	assert_true(dn_equal("CN=Srv,DC=Corp", "cn = srv , dc=corp"));
	assert_true(dn_equal("CN=a\\,b,DC=c", "CN=a\\2Cb,DC=c"));
	assert_true(dn_equal("CN=a\\2cb,DC=c", "CN=a\\2Cb,DC=c"));
	assert_false(dn_equal("CN=a,DC=c", "CN=a"));
	assert_false(dn_equal("CN=a", "OU=a"));
	assert_false(dn_equal("CN=a", "CN=ab"));
}

static void test_a_name_lies_within_its_bases(void **state)
{
	const char *dn = "CN=x\\,y,OU=A,OU=B,DC=corp,DC=example";

	(void)state;
	assert_string_equal(dn_parent(dn), "OU=A,OU=B,DC=corp,DC=example");
	assert_true(dn_is_within(dn, "ou=b,dc=CORP,dc=example"));
	assert_true(dn_is_within(dn, dn));
	assert_false(dn_is_within(dn, "OU=A,DC=corp,DC=example"));
	assert_false(dn_is_within("DC=corp,DC=example", dn));
	assert_null(dn_parent("DC=example"));
}

static void test_the_domain_of_a_name(void **state)
{
	char domain[64], small[6];

	(void)state;
	assert_true(dn_to_domain("CN=x,OU=y,DC=corp,DC=example", domain, sizeof domain));
	assert_string_equal(domain, "corp.example");
	assert_false(dn_to_domain("CN=x,OU=y", domain, sizeof domain));
	assert_false(dn_to_domain("DC=corp,DC=example", small, sizeof small));
}

/* ---- times ---- */

static void test_large_integers(void **state)
{
	(void)state;
	assert_int_equal(ldap_time_large_integer("133497792000000000"), 1705305600);
	assert_int_equal(ldap_time_large_integer("0"), TIME_NEVER);
	assert_int_equal(ldap_time_large_integer("9223372036854775807"), TIME_NEVER);
	assert_int_equal(ldap_time_large_integer("1"), TIME_NEVER);
	assert_int_equal(ldap_time_large_integer("-1"), TIME_NOT_GIVEN);
	assert_int_equal(ldap_time_large_integer(""), TIME_NOT_GIVEN);
	assert_int_equal(ldap_time_large_integer("12x"), TIME_NOT_GIVEN);
	assert_int_equal(ldap_time_large_integer("99999999999999999999"), TIME_NOT_GIVEN);
}

static void test_generalized_times(void **state)
{
	(void)state;
	assert_int_equal(ldap_time_generalized("20240115080000.0Z"), 1705305600);
	assert_int_equal(ldap_time_generalized("20240115080000Z"), 1705305600);
	assert_int_equal(ldap_time_generalized("20240115080000"), TIME_NOT_GIVEN);
	assert_int_equal(ldap_time_generalized("20241315080000.0Z"), TIME_NOT_GIVEN);
	assert_int_equal(ldap_time_generalized("2024"), TIME_NOT_GIVEN);
	assert_int_equal(ldap_time_generalized(""), TIME_NOT_GIVEN);
}

/* ---- the record ---- */

static bool read_line(const char *line, struct pool *pool, struct directory_line *out)
{
	char why[200];
	bool ok = directory_from_json(line, strlen(line), pool, out, why, sizeof why);

	assert_int_equal(ok, !why[0]);
	return ok;
}

static void test_a_computer_comes_back_as_it_was_written(void **state)
{
	const struct directory_computer c = {
		.domain = "corp.example",
		.dn = "CN=A\\, B,DC=corp,DC=example",
		.account = "A$",
		.sid = "S-1-5-21-1-2-3-1104",
		.os = "Windows \"11\"\x1b",
		.account_control_known = true,
		.account_control = 0x82001000u,
		.primary_group = 515,
		.last_logon = 1705305600,
		.password_set = TIME_NEVER,
		.created = TIME_NOT_GIVEN,
		.cluster_name = true,
	};
	char *line = directory_computer_to_json(&c);
	struct directory_line back;
	struct pool pool = { 0 };

	(void)state;
	assert_true(directory_is_line(line, strlen(line)));
	assert_true(read_line(line, &pool, &back));
	assert_int_equal(back.kind, DIRECTORY_COMPUTER);
	assert_string_equal(back.computer.dn, c.dn);
	assert_string_equal(back.computer.os, c.os);
	assert_null(back.computer.dns_name);
	assert_int_equal(back.computer.account_control, c.account_control);
	assert_int_equal(back.computer.last_logon, c.last_logon);
	assert_int_equal(back.computer.password_set, TIME_NEVER);
	assert_int_equal(back.computer.created, TIME_NOT_GIVEN);
	assert_true(back.computer.cluster_name);
	assert_false(back.computer.service_account);
	pool_free(&pool);
	free(line);
}

static void test_a_domain_comes_back_with_its_counts(void **state)
{
	const struct directory_domain d = { .dns_name = "corp.example",
					    .netbios_name = "CORP",
					    .sid = "S-1-5-21-1-2-3" };
	struct directory_counts counts = { .total = 5216, .in_scope = 4980 };
	struct directory_line back;
	struct pool pool = { 0 };
	char *line;

	(void)state;
	counts.left_out[COMPUTER_DISABLED] = 120;
	counts.left_out[COMPUTER_STALE] = 116;
	line = directory_domain_to_json(&d, &counts);
	assert_true(read_line(line, &pool, &back));
	assert_int_equal(back.kind, DIRECTORY_DOMAIN);
	assert_string_equal(back.domain.netbios_name, "CORP");
	assert_null(back.domain.dn);
	assert_true(back.counts_known);
	assert_memory_equal(&back.counts, &counts, sizeof counts);
	free(line);
	line = directory_domain_to_json(&d, NULL);
	assert_true(read_line(line, &pool, &back));
	assert_false(back.counts_known);
	free(line);
	pool_free(&pool);
}

static void comes_back(char *line, enum directory_kind kind)
{
	struct directory_line back;
	struct pool pool = { 0 };
	char *again = NULL;

	assert_true(read_line(line, &pool, &back));
	assert_int_equal(back.kind, kind);
	if (kind == DIRECTORY_SITE)
		again = directory_site_to_json(&back.site);
	else if (kind == DIRECTORY_SUBNET)
		again = directory_subnet_to_json(&back.subnet);
	else if (kind == DIRECTORY_SERVER)
		again = directory_server_to_json(&back.server);
	else
		again = directory_name_to_json(&back.name);
	assert_string_equal(again, line);
	pool_free(&pool);
	free(again);
	free(line);
}

static void test_sites_and_names_come_back_as_they_were_written(void **state)
{
	const struct directory_site site = { "corp.example", "Paris", "CN=Paris,DC=a" };
	const struct directory_subnet subnets[] = {
		{ "corp.example", "10.1.0.0/16", "Paris" },
		{ NULL, "10.1.0.0/16\nCNF:1", NULL },
	};
	const struct directory_server server = { "corp.example", "Paris", "CN=DC1,DC=a" };
	const struct directory_name names[] = {
		{ "S-1-5-21-1-2-3-512", "CORP\\Domain Admins", KIND_GROUP },
		{ "S-1-5-21-1-2-3-9999", NULL, KIND_UNKNOWN },
	};

	(void)state;
	comes_back(directory_site_to_json(&site), DIRECTORY_SITE);
	comes_back(directory_server_to_json(&server), DIRECTORY_SERVER);
	for (size_t i = 0; i < 2; i++) {
		comes_back(directory_subnet_to_json(&subnets[i]), DIRECTORY_SUBNET);
		comes_back(directory_name_to_json(&names[i]), DIRECTORY_NAME);
	}
}

#define LINE(rest) "{\"schema\":\"lsasweep.directory/1\"," rest "}"

static void test_lines_that_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"nonsense",
		"{\"schema\":\"lsasweep.directory/2\",\"kind\":\"end\"}",
		LINE("\"kind\":7"),
		LINE("\"kind\":\"domain\""),
		LINE("\"kind\":\"domain\",\"dns_name\":7"),
		LINE("\"kind\":\"domain\",\"dns_name\":\"d\",\"computers\":{\"total\":"
		     "1}"),
		LINE("\"kind\":\"computer\",\"domain\":\"d\""),
		LINE("\"kind\":\"computer\",\"domain\":\"d\",\"dn\":\"no dn\""),
		LINE("\"kind\":\"computer\",\"domain\":\"d\",\"dn\":\"CN=a\","
		     "\"account_control\":-1"),
		LINE("\"kind\":\"computer\",\"domain\":\"d\",\"dn\":\"CN=a\","
		     "\"last_logon\":\"soon\""),
		LINE("\"kind\":\"computer\",\"domain\":\"d\",\"dn\":\"CN=a\\u0000b\""),
		LINE("\"kind\":\"computer\",\"domain\":\"d\",\"dn\":\"CN=a\","
		     "\"cluster_name\":1"),
		LINE("\"kind\":\"site\",\"name\":\"\""),
		LINE("\"kind\":\"site\",\"name\":\"a\",\"dn\":\"no dn\""),
		LINE("\"kind\":\"subnet\",\"site\":\"Paris\""),
		LINE("\"kind\":\"server\",\"site\":null"),
		LINE("\"kind\":\"server\",\"site\":\"a\",\"computer\":\"x\""),
		LINE("\"kind\":\"name\",\"sid\":\"CORP\",\"type\":\"user\""),
		LINE("\"kind\":\"name\",\"sid\":\"S-1-1-0\",\"type\":\"users\""),
	};
	struct directory_line line;
	struct pool pool = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(read_line(bad[i], &pool, &line));
	assert_true(read_line(LINE("\"kind\":\"weather\""), &pool, &line));
	assert_int_equal(line.kind, DIRECTORY_OTHER);
	assert_true(read_line(LINE("\"kind\":\"end\""), &pool, &line));
	assert_int_equal(line.kind, DIRECTORY_END);
	pool_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_is_split_at_commas_that_are_not_escaped),
		cmocka_unit_test(test_what_is_no_name_is_refused),
		cmocka_unit_test(test_names_are_compared_after_normalising),
		cmocka_unit_test(test_a_name_lies_within_its_bases),
		cmocka_unit_test(test_the_domain_of_a_name),
		cmocka_unit_test(test_large_integers),
		cmocka_unit_test(test_generalized_times),
		cmocka_unit_test(test_a_computer_comes_back_as_it_was_written),
		cmocka_unit_test(test_a_domain_comes_back_with_its_counts),
		cmocka_unit_test(test_sites_and_names_come_back_as_they_were_written),
		cmocka_unit_test(test_lines_that_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
