/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_journal_identity.c - whose a template is, by its path.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "report/journal/journal_identity.h"

#define GUID "{31B2F340-016D-11D2-945F-00C04FB984F9}"
#define IN   "/Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf"

enum { MOST = 4 };

static void are(const char *const *paths, const char *const *expected, size_t count)
{
	char *names[MOST];

	assert_true(journal_identities(paths, count, names));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(names[i], expected[i]);
		free(names[i]);
	}
}

static void one_file_is_called_after_itself(void **state)
{
	const char *paths[] = { "exports/dmz-7.inf", "a.b.cfg", "plain",
				"C:\\temp\\srv9.inf" };
	const char *names[] = { "dmz-7", "a.b", "plain", "srv9" };

	(void)state;
	are(paths, names, 4);
}

static void files_of_one_name_have_their_folders(void **state)
{
	const char *paths[] = { "x/SRV1/secpol.cfg", "x/SRV2/SecPol.cfg", "other.cfg",
				"./secpol.inf" };
	const char *names[] = { "SRV1/secpol", "SRV2/SecPol", "other", "secpol" };

	(void)state;
	are(paths, names, 4);
}

#define BACKUP   "{11111111-2222-3333-4444-555555555555}"
#define SYSVOL   "sysvol/corp.example/Policies/" GUID IN
#define EXPORTED "backup/" BACKUP "/DomainSysvol/GPO" IN
#define KIOSK    "Kiosk" IN

static void a_policy_is_called_after_its_guid(void **state)
{
	const char *paths[] = { SYSVOL, EXPORTED, KIOSK };
	const char *names[] = { GUID, BACKUP, "Kiosk" };
	const char *two[] = { "corp.example/Policies/" GUID IN,
			      "child.corp.example/Policies/" GUID IN };
	const char *of_two[] = { "corp.example/" GUID, "child.corp.example/" GUID };

	(void)state;
	are(paths, names, 3);
	are(two, of_two, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_file_is_called_after_itself),
		cmocka_unit_test(files_of_one_name_have_their_folders),
		cmocka_unit_test(a_policy_is_called_after_its_guid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
