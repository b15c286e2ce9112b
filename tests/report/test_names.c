/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_names.c - whom names mean, in many languages, and whom they do not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "report/facts/derived_sid.h"
#include "report/facts/names.h"
#include "report/facts/names_table.h"
#include "report/facts/principals.h"

static const struct name_scope nothing = { 0 };

static void means(const char *name, const char *expected)
{
	char sid[NAME_SID_MAX] = "";

	if (!name_to_sid(name, &nothing, sid))
		fail_msg("%s means nobody", name);
	assert_string_equal(sid, expected);
}

static void means_nobody(const char *name)
{
	char sid[NAME_SID_MAX] = "";

	if (name_to_sid(name, &nothing, sid))
		fail_msg("%s means %s", name, sid);
}

static void names_of_many_languages(void **state)
{
	(void)state;
	means("Administrators", "S-1-5-32-544");
	means("BUILTIN\\Administrators", "S-1-5-32-544");
	means("VORDEFINIERT\\Administratoren", "S-1-5-32-544");
	means("Administrateurs", "S-1-5-32-544");
	means("JÄRJESTELMÄNVALVOJAT", "S-1-5-32-544");
	means("администраторы", "S-1-5-32-544");
	means("NT-AUTORITÄT\\Netzwerkdienst", "S-1-5-20");
	means("LOKALER DIENST", "S-1-5-19");
	means("Dienst", "S-1-5-6");
	means("Jeder", "S-1-1-0");
	means("Tout le monde", "S-1-1-0");
	means("Utilisateurs authentifiés", "S-1-5-11");
	means("Gast", "MACHINE-501");
	means("Invité", "MACHINE-501");
	means("Gäste", "S-1-5-32-546");
	means("CORP\\Domänen-Admins", "DOMAIN-512");
	means("CORP\\Enterprise Admins", "DOMAIN-519");
	means("Domain Admins", "DOMAIN-512");
	means("IIS_IUSRS", "S-1-5-32-568");
}

static void what_may_be_anybody_s(void **state)
{
	(void)state;
	means_nobody("CORP\\Administrator"); /* the machine's or the domain's */
	means_nobody("CORP\\Guest");
	means_nobody("CORP\\Administrators");
	means_nobody("ADD YOUR DOMAIN ADMINS");
	means_nobody("svc-sql");
	means_nobody("red"); /* NETWORK in Spanish, and a name for an account */
	means_nobody("");
	means_nobody("\\");
	means_nobody("NT SERVICE\\");
	means_nobody("NT SERVICE\\gr\xC3\xBCn");
	means("AUTORITE NT\\RESEAU", "S-1-5-2");
}

static void the_scope_tells_more(void **state)
{
	const struct name_scope member = { .machine = "srv1.corp.example",
					   .guest = "Nobody",
					   .machine_sid = "S-1-5-21-1-2-3",
					   .domain_sid = "S-1-5-21-4-5-6" };
	const struct name_scope controller = { .domain_sid = "S-1-5-21-4-5-6",
					       .controller = true };
	char sid[NAME_SID_MAX];

	(void)state;
	assert_true(name_to_sid("SRV1\\Administrator", &member, sid));
	assert_string_equal(sid, "S-1-5-21-1-2-3-500");
	assert_true(name_to_sid("nobody", &member, sid));
	assert_string_equal(sid, "S-1-5-21-1-2-3-501");
	assert_true(name_to_sid("CORP\\Domain Users", &member, sid));
	assert_string_equal(sid, "S-1-5-21-4-5-6-513");
	/* The forest's root may be another domain. */
	assert_true(name_to_sid("CORP\\Enterprise Admins", &member, sid));
	assert_string_equal(sid, "DOMAIN-519");
	assert_true(name_to_sid("Administrator", &controller, sid));
	assert_string_equal(sid, "S-1-5-21-4-5-6-500");
	assert_false(name_to_sid("SRV2\\Guest", &member, sid));
}

/* As Windows shows them: [MS-DTYP] 2.4.2.4 has TrustedInstaller's. */
static void hashes_of_services_and_pools(void **state)
{
	char sid[DERIVED_SID_MAX];

	(void)state;
	assert_true(derived_sid("nt service\\trustedinstaller", sid));
	assert_string_equal(
		sid, "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464");
	assert_true(derived_sid("IIS APPPOOL\\DefaultAppPool", sid));
	assert_string_equal(
		sid, "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415");
	assert_false(derived_sid("CORP\\x", sid));
}

/* One name, one SID; what stands in the table is one. */
static void the_table_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < names_row_count; i++) {
		const struct names_row *row = &names_rows[i];
		bool of_machine;
		unsigned rid;

		assert_true(principal_is_sid(row->sid) ||
			    sid_is_relative(row->sid, &of_machine, &rid));
		for (const char *p = row->names; *p; p += strcspn(p, "|") + 1) {
			char name[200], sid[NAME_SID_MAX];

			snprintf(name, sizeof(name), "%s%.*s",
				 row->behind ? "NT AUTHORITY\\" : "",
				 (int)strcspn(p, "|"), p);
			if (!name_to_sid(name, &nothing, sid) ||
			    strcmp(sid, row->sid) != 0)
				fail_msg("%s is %s, not %s", name, sid, row->sid);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_many_languages),
		cmocka_unit_test(what_may_be_anybody_s),
		cmocka_unit_test(the_scope_tells_more),
		cmocka_unit_test(hashes_of_services_and_pools),
		cmocka_unit_test(the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
