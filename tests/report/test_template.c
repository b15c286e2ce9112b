/* SPDX-License-Identifier: Apache-2.0 */
/* GptTmpl.inf and gpt.ini: what a Group Policy Object declares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/directory_limits.h"
#include "report/directory/template.h"

static struct pool pool;

static int clear_pool(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

static struct directory_template read_text(const char *text)
{
	struct directory_template t = { 0 };

	template_read(text, strlen(text), "S-1-5-21-1-2-3", &pool, &t);
	assert_int_equal(t.state, t.error ? TEMPLATE_FAILED : TEMPLATE_READ);
	return t;
}

static void check_entry(const struct directory_entry *e, const char *text,
			const char *sid)
{
	assert_string_equal(e->text, text);
	if (sid)
		assert_string_equal(e->sid, sid);
	else
		assert_null(e->sid);
}

static void test_rights_are_kept_as_written_with_the_sids_that_are_known(void **state)
{
	struct directory_template t = read_text(
		"[Unicode]\r\nUnicode=yes\r\n[privilege rights]\r\n"
		"SeImpersonatePrivilege = *S-1-5-32-544, * s-1-5-6 ,CORP\\svc, "
		"Administrators , \"NT SERVICE\\TrustedInstaller\",, DOMAIN\\Domain "
		"Admins,*junk,\r\n"
		"SeTcbPrivilege =\r\n; a comment\r\nSeNewPrivilege=*S-1-1-0 ; why\r\n");
	const struct directory_declared *d = t.rights;

	(void)state;
	assert_int_equal(t.state, TEMPLATE_READ);
	assert_int_equal(t.right_count, 3);
	assert_string_equal(d[0].right, "SeImpersonatePrivilege");
	assert_int_equal(d[0].entry_count, 7);
	check_entry(&d[0].entries[0], "*S-1-5-32-544", "S-1-5-32-544");
	check_entry(&d[0].entries[1], "* s-1-5-6", "S-1-5-6");
	check_entry(&d[0].entries[2], "CORP\\svc", NULL);
	check_entry(&d[0].entries[3], "Administrators", "S-1-5-32-544");
	check_entry(&d[0].entries[4], "NT SERVICE\\TrustedInstaller",
		    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464");
	check_entry(&d[0].entries[6], "*junk", NULL);
	assert_string_equal(d[1].right, "SeTcbPrivilege");
	assert_int_equal(d[1].entry_count, 0);
	assert_int_equal(d[2].entry_count, 1);
}

static void test_the_last_line_of_a_right_counts(void **state)
{
	struct directory_template t = read_text("[Privilege Rights]\n"
						"SeTcbPrivilege=*S-1-5-6\n"
						"SETCBPRIVILEGE=*S-1-1-0\n");

	(void)state;
	assert_int_equal(t.right_count, 1);
	check_entry(&t.rights[0].entries[0], "*S-1-1-0", "S-1-1-0");
}

static void test_group_membership_has_two_forms(void **state)
{
	struct directory_template t = read_text(
		"[Group Membership]\n*S-1-5-32-544__Members = "
		"*S-1-5-21-1-2-3-512,CORP\\a\n"
		"CORP\\Ops__memberof=*S-1-5-32-544\n*S-1-5-32-555__Members =\n"
		"what is this\nneither = a\n");

	(void)state;
	assert_int_equal(t.right_count, 0);
	assert_int_equal(t.group_count, 3);
	check_entry(&t.groups[0].group, "*S-1-5-32-544", "S-1-5-32-544");
	assert_false(t.groups[0].member_of);
	assert_int_equal(t.groups[0].entry_count, 2);
	check_entry(&t.groups[0].entries[1], "CORP\\a", NULL);
	check_entry(&t.groups[1].group, "CORP\\Ops", NULL);
	assert_true(t.groups[1].member_of);
	assert_int_equal(t.groups[2].entry_count, 0);
}

static void test_a_template_is_read_in_every_encoding(void **state)
{
	static const char text[] = "[Privilege Rights]\r\nSeTcbPrivilege = "
				   "CORP\\M\xfcller,*S-1-5-6\r\n";
	uint8_t wide[2 * sizeof text + 2] = { 0xff, 0xfe };
	struct directory_template t = { 0 };

	(void)state;
	for (size_t i = 0; i + 1 < sizeof text; i++)
		wide[2 + 2 * i] = (uint8_t)text[i];
	template_read(wide, 2 * sizeof text, NULL, &pool, &t);
	assert_int_equal(t.state, TEMPLATE_READ);
	check_entry(&t.rights[0].entries[0], "CORP\\M\xc3\xbcller", NULL);
	check_entry(&t.rights[0].entries[1], "*S-1-5-6", "S-1-5-6");
	t = read_text(text);
	check_entry(&t.rights[0].entries[0], "CORP\\M\xc3\xbcller", NULL);
	t = read_text(
		"\xef\xbb\xbf[Privilege Rights]\nSeTcbPrivilege=CORP\\M\xc3\xbcller\n");
	check_entry(&t.rights[0].entries[0], "CORP\\M\xc3\xbcller", NULL);
}

static void test_what_is_no_template_is_refused_with_its_line(void **state)
{
	struct directory_template t = read_text("[Privilege Rights]\n\nnonsense\n");
	char *large = calloc(1, LIMIT_TEMPLATE_BYTES + 1);

	(void)state;
	assert_non_null(strstr(t.error, "line 3"));
	t = read_text("[Privilege Rights]\nTcb = *S-1-5-6\n");
	assert_non_null(strstr(t.error, "line 2"));
	t = read_text("");
	assert_null(t.error);
	template_read(large, LIMIT_TEMPLATE_BYTES, NULL, &pool, &t);
	assert_null(t.error);
	template_read(large, LIMIT_TEMPLATE_BYTES + 1, NULL, &pool, &t);
	assert_non_null(t.error);
	free(large);
}

/* A right of `count` entries. */
static struct directory_template read_entries(size_t count)
{
	static const char before[] = "[Privilege Rights]\nSeTcbPrivilege=";
	size_t len = sizeof before - 1;
	char *text = malloc(len + count * 2 + 1);
	struct directory_template t;

	assert_non_null(text);
	memcpy(text, before, len);
	for (size_t i = 0; i < count; i++, len += 2)
		memcpy(text + len, "x,", 2);
	text[len] = '\0';
	t = read_text(text);
	free(text);
	return t;
}

static void test_a_right_has_no_more_entries_than_a_record_holds(void **state)
{
	struct directory_template t = read_entries(LIMIT_ENTRIES_A_RIGHT);

	(void)state;
	assert_null(t.error);
	assert_int_equal(t.rights[0].entry_count, LIMIT_ENTRIES_A_RIGHT);
	t = read_entries(LIMIT_ENTRIES_A_RIGHT + 1);
	assert_non_null(t.error);
}

static void test_gpt_ini_tells_its_version(void **state)
{
	static const char *const bad[] = { "",
					   "Version=7",
					   "[Other]\nVersion=7",
					   "[General]\nVersion=x",
					   "[General]\nVersion=-1",
					   "[General]\nVersion=4294967296" };
	static const char good[] = "[general]\r\ndisplayName=x\r\nversion = 196615\r\n";
	uint32_t version = 0;

	(void)state;
	assert_true(template_read_version(good, sizeof good - 1, &version));
	assert_int_equal(version, 196615);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(template_read_version(bad[i], strlen(bad[i]), &version));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			test_rights_are_kept_as_written_with_the_sids_that_are_known,
			clear_pool),
		cmocka_unit_test_teardown(test_the_last_line_of_a_right_counts,
					  clear_pool),
		cmocka_unit_test_teardown(test_group_membership_has_two_forms,
					  clear_pool),
		cmocka_unit_test_teardown(test_a_template_is_read_in_every_encoding,
					  clear_pool),
		cmocka_unit_test_teardown(
			test_what_is_no_template_is_refused_with_its_line, clear_pool),
		cmocka_unit_test_teardown(
			test_a_right_has_no_more_entries_than_a_record_holds, clear_pool),
		cmocka_unit_test(test_gpt_ini_tells_its_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
