/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/facts/directory_fact.h"
#include "report/facts/windows_build.h"
#include "report/judge/judge.h"

/* Who said the build. */
enum teller { BY_NTLM, BY_DIRECTORY, BY_FILE };

static struct facts machine(const char *version, enum role role, enum teller teller)
{
	struct facts f;

	facts_init(&f);
	f.host = "pc1";
	f.outcome = HOST_ANSWERED;
	f.os_version = version;
	f.role = role;
	f.os_version_of_directory = teller == BY_DIRECTORY;
	f.os_version_of_ntlm = teller == BY_NTLM;
	f.source = teller == BY_FILE ? SOURCE_EXPORT : NULL;
	return f;
}

/* ---- names ---- */

static const struct {
	const char *version;
	enum role role;
	enum teller teller;
	const char *name;
} names[] = {
	{ "10.0.20348", ROLE_MEMBER_SERVER, BY_NTLM, "Windows Server 2022" },
	{ "10.0.20348", ROLE_UNKNOWN, BY_NTLM, "Windows Server 2022" },
	{ "10.0.17763", ROLE_DOMAIN_CONTROLLER, BY_NTLM, "Windows Server 2019" },
	{ "6.3.9600", ROLE_STANDALONE_SERVER, BY_NTLM, "Windows Server 2012 R2" },
	{ "10.0.19041", ROLE_CLIENT, BY_NTLM, "Windows 10 2004 to 22H2" },
	{ "10.0.19041", ROLE_CLIENT, BY_FILE, "Windows 10 2004" },
	{ "10.0.19045", ROLE_CLIENT, BY_DIRECTORY, "Windows 10 22H2" },
	{ "10.0.19041", ROLE_MEMBER_SERVER, BY_NTLM, "Windows Server 2004 to 20H2" },
	{ "10.0.22621", ROLE_CLIENT, BY_NTLM, "Windows 11 22H2 to 23H2" },
	{ "10.0.26100", ROLE_CLIENT, BY_NTLM, "Windows 11 24H2 to 25H2" },
	{ "10.0.26100", ROLE_MEMBER_SERVER, BY_NTLM, "Windows Server 2025" },
	{ "10.0.26100", ROLE_UNKNOWN, BY_DIRECTORY,
	  "Windows Server 2025 or Windows 11 24H2" },
	{ "10.0.20348", ROLE_CLIENT, BY_NTLM, NULL },
	{ "10.0.18000", ROLE_CLIENT, BY_NTLM, NULL },
	{ "6.1.0", ROLE_MEMBER_SERVER, BY_NTLM, NULL },
	{ "nonsense", ROLE_CLIENT, BY_NTLM, NULL },
	{ NULL, ROLE_CLIENT, BY_NTLM, NULL },
};

static void a_build_has_the_name_people_know(void **state)
{
	char out[WINDOWS_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct facts f = machine(names[i].version, names[i].role,
					 names[i].teller);
		const char *name = windows_name(&f, out);

		if (!names[i].name)
			assert_null(name);
		else
			assert_string_equal(name ? name : "", names[i].name);
	}
}

static void the_directory_has_its_own_words(void **state)
{
	const struct directory_fact account = { .os = "Windows Server 2022 Datacenter" };
	struct facts f = machine("10.0.20348", ROLE_MEMBER_SERVER, BY_DIRECTORY);
	char out[WINDOWS_NAME_MAX];

	(void)state;
	f.directory = &account;
	assert_string_equal(windows_name(&f, out), "Windows Server 2022 Datacenter");
}

/* ---- verdicts: the build of NTLM is the first of a branch ---- */

static const char rules[] =
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"b\",\"version\":\"1\","
	"\"source\":\"s\",\"rights\":{"
	"\"SeBackupPrivilege\":{\"client\":{\"match\":\"at_most\","
	"\"principals\":[\"S-1-5-32-544\"],\"generations\":{\"19045\":{"
	"\"match\":\"none\"}}}},"
	"\"SeDebugPrivilege\":{\"client\":{\"match\":\"none\",\"allow\":["
	"{\"principal\":\"S-1-5-32-544\",\"when\":{\"min_build\":19044}},"
	"{\"principal\":\"S-1-5-32-551\",\"when\":{\"max_build\":19043}}]}},"
	"\"SeTcbPrivilege\":{\"client\":{\"match\":\"none\",\"generations\":{"
	"\"20348\":{\"match\":\"at_most\",\"principals\":[\"S-1-5-32-544\"]}}}}}}";

static const struct {
	const char *right, *holder, *version;
	enum teller teller;
	enum verdict verdict;
} verdicts[] = {
	{ "SeBackupPrivilege", "S-1-5-32-544", "10.0.19041", BY_NTLM, VERDICT_UNKNOWN },
	{ "SeBackupPrivilege", "S-1-1-0", "10.0.19041", BY_NTLM, VERDICT_VIOLATION },
	{ "SeBackupPrivilege", "S-1-5-32-544", "10.0.19041", BY_FILE, VERDICT_COMPLIANT },
	{ "SeBackupPrivilege", "S-1-5-32-544", "10.0.19045", BY_DIRECTORY,
	  VERDICT_VIOLATION },
	{ "SeBackupPrivilege", "S-1-5-32-544", "10.0.17763", BY_NTLM, VERDICT_COMPLIANT },
	{ "SeDebugPrivilege", "S-1-5-32-544", "10.0.19041", BY_NTLM, VERDICT_UNKNOWN },
	{ "SeDebugPrivilege", "S-1-5-32-544", "10.0.19041", BY_FILE, VERDICT_VIOLATION },
	{ "SeDebugPrivilege", "S-1-5-32-544", "10.0.19044", BY_FILE, VERDICT_COMPLIANT },
	{ "SeDebugPrivilege", "S-1-5-32-551", "10.0.19041", BY_NTLM, VERDICT_UNKNOWN },
	{ "SeDebugPrivilege", "S-1-5-32-551", "10.0.18362", BY_NTLM, VERDICT_COMPLIANT },
	{ "SeTcbPrivilege", "S-1-5-32-544", "10.0.19041", BY_NTLM, VERDICT_VIOLATION },
};

static void what_the_branch_leaves_open_is_unknown(void **state)
{
	char why[400] = "";
	struct baseline *b = baseline_parse("b", rules, sizeof(rules) - 1, why,
					    sizeof(why));

	(void)state;
	assert_string_equal(why, "");
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		struct holder holder = { .sid = verdicts[i].holder };
		struct right_fact right = { .name = verdicts[i].right,
					    .outcome = RIGHT_HELD,
					    .holders = &holder,
					    .holder_count = 1 };
		struct facts f = machine(verdicts[i].version, ROLE_CLIENT,
					 verdicts[i].teller);
		struct judgement j;

		f.rights = &right;
		f.right_count = 1;
		judgement_init(&j);
		assert_true(judge_host(&j, &f, b, "2026-06-15"));
		if (j.rights[0].verdict != verdicts[i].verdict)
			fail_msg("row %zu: %s", i, verdict_word(j.rights[0].verdict));
		if (verdicts[i].verdict == VERDICT_UNKNOWN) {
			assert_int_equal(j.rights[0].kind, FINDING_BUILD_UNKNOWN);
			assert_non_null(strstr(j.rights[0].reason, "first build of a "
								   "branch"));
		}
		judgement_free(&j);
	}
	baseline_free(b);
}

/* ---- the account in the directory ---- */

static void a_build_may_be_of_the_branch_that_was_reported(void **state)
{
	(void)state;
	assert_true(windows_version_may_be("10.0.19041", "10.0.19041"));
	assert_true(windows_version_may_be("10.0.19041", "10.0.19045"));
	assert_true(windows_version_may_be("10.0.26100", "10.0.26200"));
	assert_true(windows_version_may_be("6.3.9600", "6.3.9600"));
	assert_false(windows_version_may_be("10.0.19041", "10.0.19046"));
	assert_false(windows_version_may_be("10.0.19041", "10.0.18363"));
	assert_false(windows_version_may_be("10.0.19045", "10.0.19041"));
	assert_false(windows_version_may_be("10.0.20348", "10.0.20349"));
	assert_false(windows_version_may_be("10.0.19041", "6.0.19045"));
}

/* What a host that reported `build` is taken for where its account has `recorded`. */
static void assert_concluded(const char *build, const char *recorded, const char *version,
			     bool of_directory, bool conflict)
{
	struct directory_fact account = { .build = recorded };
	char text[300];
	struct facts f;

	facts_init(&f);
	f.os_version = facts_text(&f, build);
	f.os_version_of_ntlm = build != NULL;
	directory_fact_set(&f, &account);
	assert_int_equal(directory_fact_conflict(&f, text, sizeof text), conflict);
	directory_fact_conclude(&f);
	assert_string_equal(f.os_version, version);
	assert_int_equal(f.os_version_of_directory, of_directory);
	assert_int_equal(f.os_version_of_ntlm, build && !of_directory);
	assert_int_equal(directory_fact_conflict(&f, text, sizeof text), conflict);
	facts_free(&f);
}

static void the_account_has_the_build_where_the_host_has_its_branch(void **state)
{
	(void)state;
	assert_concluded("10.0.19041", "10.0.19045", "10.0.19045", true, false);
	assert_concluded("10.0.19041", "10.0.22631", "10.0.19041", false, true);
	assert_concluded("10.0.20348", "10.0.17763", "10.0.20348", false, true);
	assert_concluded(NULL, "10.0.22631", "10.0.22631", true, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_build_may_be_of_the_branch_that_was_reported),
		cmocka_unit_test(the_account_has_the_build_where_the_host_has_its_branch),
		cmocka_unit_test(a_build_has_the_name_people_know),
		cmocka_unit_test(the_directory_has_its_own_words),
		cmocka_unit_test(what_the_branch_leaves_open_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
