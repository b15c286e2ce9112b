/* SPDX-License-Identifier: Apache-2.0 */
/* gPCFileSysPath: the one form that is taken, and what a directory may try instead. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "scanner/discover/sysvol_path.h"

#define GUID "{31B2F340-016D-11D2-945F-00C04FB984F9}"

static void a_policy_s_folder_is_taken(void **state)
{
	static const char *const forms[] = {
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\" GUID,
		"\\\\CORP.example\\sysvol\\Corp.Example\\POLICIES\\" GUID,
	};
	char path[SYSVOL_PATH_MAX];
	(void)state;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		assert_true(sysvol_path(forms[i], "corp.example", "gpt.ini", path));
		assert_string_equal(path, "corp.example\\Policies\\" GUID "\\gpt.ini");
	}
}

static void nothing_else_is(void **state)
{
	static const char *const forms[] = {
		"",
		"\\\\corp.example\\SysVol\\corp.example\\Policies",
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\",
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\" GUID "\\",
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\" GUID "\\..\\x",
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\..\\" GUID,
		"\\\\corp.example\\SysVol\\corp.example\\..\\Policies\\" GUID,
		"\\\\corp.example\\SysVol\\..\\corp.example\\Policies\\" GUID,
		"\\\\evil.example\\SysVol\\corp.example\\Policies\\" GUID,
		"\\\\10.0.0.1\\SysVol\\corp.example\\Policies\\" GUID,
		"\\\\corp.example\\C$\\corp.example\\Policies\\" GUID,
		"\\\\corp.example\\SysVol\\other.example\\Policies\\" GUID,
		"\\\\corp.example\\SysVol\\corp.example\\Scripts\\" GUID,
		"//corp.example/SysVol/corp.example/Policies/" GUID,
		"\\\\?\\UNC\\corp.example\\SysVol\\corp.example\\Policies\\" GUID,
		"C:\\corp.example\\SysVol\\corp.example\\Policies\\" GUID,
		" \\\\corp.example\\SysVol\\corp.example\\Policies\\" GUID,
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\PolicyDefinitions",
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\"
		"{31B2F340-016D-11D2-945F-00C04FB984G9}",
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\" GUID ":stream",
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\" GUID "\n",
	};
	char path[SYSVOL_PATH_MAX] = "untouched";
	(void)state;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (sysvol_path(forms[i], "corp.example", "gpt.ini", path))
			print_error("%s\n", forms[i]);
		assert_string_equal(path, "untouched");
	}
}

/* A directory that says its own name is a path. */
static void a_domain_that_is_no_name_has_no_folder(void **state)
{
	static const char *const domains[] = { "",     "..", "a\\b", "a/b", ".example",
					       "a..b", "c:", "a b",  "a\nb" };
	char given[400], path[SYSVOL_PATH_MAX];
	(void)state;

	for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
		snprintf(given, sizeof given, "\\\\%s\\SysVol\\%s\\Policies\\" GUID,
			 domains[i], domains[i]);
		assert_false(sysvol_path(given, domains[i], "gpt.ini", path));
	}
}

static void a_path_that_does_not_fit_is_none(void **state)
{
	char domain[SYSVOL_PATH_MAX], given[3 * SYSVOL_PATH_MAX], path[SYSVOL_PATH_MAX];
	size_t rest = strlen("\\Policies\\" GUID "\\f");
	(void)state;

	for (size_t len = SYSVOL_PATH_MAX - rest - 1; len < SYSVOL_PATH_MAX - rest + 1;
	     len++) {
		memset(domain, 'd', len);
		domain[len] = '\0';
		snprintf(given, sizeof given, "\\\\%s\\SysVol\\%s\\Policies\\" GUID,
			 domain, domain);
		assert_int_equal(sysvol_path(given, domain, "f", path),
				 len + rest < SYSVOL_PATH_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_s_folder_is_taken),
		cmocka_unit_test(nothing_else_is),
		cmocka_unit_test(a_domain_that_is_no_name_has_no_folder),
		cmocka_unit_test(a_path_that_does_not_fit_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
