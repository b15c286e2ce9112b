/* SPDX-License-Identifier: Apache-2.0 */
/* What a refused LDAP bind says, and what is made of an entry's values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scanner/discover/computer_entry.h"
#include "scanner/discover/directory_names.h"
#include "scanner/discover/ldap_result.h"

static void test_each_data_code_of_a_refused_bind_has_words(void **state)
{
	static const uint32_t codes[] = { 0x525, 0x52e, 0x530, 0x531, 0x532,
					  0x533, 0x568, 0x701, 0x773, 0x775 };
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		assert_non_null(ldap_result_data_words(codes[i]));
	ldap_result_bind_fault(
		&f, 49, "80090308: LdapErr: DSID-0C090569, comment: x, data 775, v4563",
		false);
	assert_int_equal(f.kind, FAULT_LOGON_REFUSED);
	assert_int_equal(f.space, CODE_WIN32);
	assert_int_equal(f.code, 0x775);
	assert_string_equal(f.what, "the account is locked out");
}

static void test_a_refusal_after_a_ticket_is_not_the_credentials(void **state)
{
	struct fault f = { 0 }, bindings = { 0 }, signing = { 0 };

	(void)state;
	ldap_result_bind_fault(&f, 49, "data 52e", true);
	assert_int_equal(f.kind, FAULT_KERBEROS);
	ldap_result_bind_fault(&bindings, 49, "80090346: LdapErr: data 80090346", false);
	assert_int_equal(bindings.kind, FAULT_REFUSED);
	ldap_result_bind_fault(&signing, 8, NULL, false);
	assert_int_equal(signing.kind, FAULT_REFUSED);
}

static void test_a_diagnostic_without_a_code_is_still_a_refusal(void **state)
{
	static const char *const texts[] = {
		NULL, "", "data ", "data zz", "data 123456789abc", "data 52ex"
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct fault f = { 0 };

		ldap_result_bind_fault(&f, 49, texts[i], false);
		assert_int_equal(f.kind, FAULT_LOGON_REFUSED);
		assert_int_equal(f.code, 0);
	}
}

static void test_ranges_of_values(void **state)
{
	struct entry_attribute a = { .name = "member;range=0-1499" };
	uint32_t next = 0;
	bool last = true;

	(void)state;
	assert_true(entry_range(&a, &next, &last));
	assert_false(last);
	assert_int_equal(next, 1500);
	a.name = "member;Range=1500-*";
	assert_true(entry_range(&a, &next, &last));
	assert_true(last);
	a.name = "member";
	assert_false(entry_range(&a, &next, &last));
	a.name = "member;range=0-99999999999";
	assert_false(entry_range(&a, &next, &last));
}

#define VALUE(text)                                       \
	(struct bytes)                                    \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

static void test_hostile_values_are_unknown_and_not_zero(void **state)
{
	const struct bytes values[] = { VALUE("a\0b"), VALUE("\xff\xfe"), VALUE("12x"),
					VALUE("short") };
	const struct entry e = {
		.dn = "CN=A,DC=corp,DC=example",
		.attributes = { { "dnshostname", &values[0], 1 },
				{ "operatingSystem", &values[1], 1 },
				{ "userAccountControl", &values[2], 1 },
				{ "objectSid", &values[3], 1 },
				{ "pwdLastSet", NULL, 0 } },
		.count = 5,
	};
	struct directory_computer c;
	struct pool pool = { 0 };

	(void)state;
	assert_true(computer_from_entry(&e, "corp.example", &pool, &c));
	assert_null(c.dns_name);
	assert_null(c.os);
	assert_null(c.sid);
	assert_false(c.account_control_known);
	assert_int_equal(c.password_set, TIME_NOT_GIVEN);
	pool_free(&pool);
}

static void test_sids_become_one_filter(void **state)
{
	char one[] = "S-1-5-21-1-2-3-1104", two[] = "S-1-5-32-544", none[] = "CORP)(cn=*";
	char *good[] = { one, two }, *bad[] = { one, none };
	char *filter = directory_names_filter(good, 2);

	(void)state;
	assert_string_equal(
		filter,
		"(|(objectSid=\\01\\05\\00\\00\\00\\00\\00\\05\\15\\00\\00\\00"
		"\\01\\00\\00\\00\\02\\00\\00\\00\\03\\00\\00\\00\\50\\04\\00\\00)"
		"(objectSid=\\01\\02\\00\\00\\00\\00\\00\\05\\20\\00\\00\\00"
		"\\20\\02\\00\\00))");
	free(filter);
	assert_null(directory_names_filter(bad, 2));
}

static void test_a_sid_belongs_to_one_domain(void **state)
{
	(void)state;
	assert_true(directory_names_holds("S-1-5-21-1-2-3", "S-1-5-21-1-2-3-1104"));
	assert_false(directory_names_holds("S-1-5-21-1-2-3", "S-1-5-21-1-2-3"));
	assert_false(directory_names_holds("S-1-5-21-1-2-3", "S-1-5-21-1-2-33-1104"));
	assert_false(directory_names_holds("S-1-5-21-1-2-3", "S-1-5-21-1-2-3-4-1104"));
}

static void test_account_types_are_kinds_of_holders(void **state)
{
	(void)state;
	assert_int_equal(directory_names_kind(0x10000000), KIND_GROUP);
	assert_int_equal(directory_names_kind(0x20000000), KIND_ALIAS);
	assert_int_equal(directory_names_kind(0x30000000), KIND_USER);
	assert_int_equal(directory_names_kind(0x30000001), KIND_COMPUTER);
	assert_int_equal(directory_names_kind(0), KIND_NOT_TOLD);
}

static void test_a_name_that_may_not_be_read_is_not_no_account(void **state)
{
	static const uint8_t sid[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };
	const struct bytes values[] = { { sid, sizeof sid },
					{ (const uint8_t *)"web", 3 },
					{ (const uint8_t *)"268435456", 9 } };
	struct entry e = { .dn = "CN=web,DC=corp",
			   .attributes = { { "objectSid", &values[0], 1 },
					   { "sAMAccountName", &values[1], 1 },
					   { "sAMAccountType", &values[2], 1 } },
			   .count = 3 };
	struct directory_name name;
	struct pool pool = { 0 };

	(void)state;
	assert_true(directory_names_of_entry(&e, "CORP", &pool, &name));
	assert_string_equal(name.sid, "S-1-5-18");
	assert_string_equal(name.name, "CORP\\web");
	assert_int_equal(name.kind, KIND_GROUP);
	e.count = 1;
	assert_true(directory_names_of_entry(&e, "CORP", &pool, &name));
	assert_null(name.name);
	assert_int_equal(name.kind, KIND_NOT_TOLD);
	e.count = 0;
	assert_false(directory_names_of_entry(&e, "CORP", &pool, &name));
	pool_free(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_data_code_of_a_refused_bind_has_words),
		cmocka_unit_test(test_a_refusal_after_a_ticket_is_not_the_credentials),
		cmocka_unit_test(test_a_diagnostic_without_a_code_is_still_a_refusal),
		cmocka_unit_test(test_ranges_of_values),
		cmocka_unit_test(test_hostile_values_are_unknown_and_not_zero),
		cmocka_unit_test(test_sids_become_one_filter),
		cmocka_unit_test(test_a_sid_belongs_to_one_domain),
		cmocka_unit_test(test_account_types_are_kinds_of_holders),
		cmocka_unit_test(test_a_name_that_may_not_be_read_is_not_no_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
