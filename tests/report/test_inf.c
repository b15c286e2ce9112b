/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_inf.c - security templates as people, tools and Windows write them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/inf.h"
#include "report/facts/rights.h"

#define WHEN "2026-01-02T03:04:05.000Z"

static struct facts facts;
static char why[300];

static int begin(void **state)
{
	(void)state;
	facts_init(&facts);
	why[0] = '\0';
	return 0;
}

static int end(void **state)
{
	(void)state;
	facts_free(&facts);
	return 0;
}

static enum inf_result result;

static bool read_bytes(const void *bytes, size_t len, const char *path)
{
	const struct inf_file file = { .path = path, .host = "srv1", .when = WHEN };

	result = inf_to_facts(bytes, len, &file, &facts, why, sizeof(why));
	return result == INF_READ || result == INF_PART;
}

static bool read_as(const char *text, const char *path)
{
	return read_bytes(text, strlen(text), path);
}

static bool read_utf16(const char *ascii, const char *path)
{
	size_t n = strlen(ascii);
	uint8_t *bytes = calloc(n + 1, 2);
	bool ok;

	assert_non_null(bytes);
	bytes[0] = 0xFF;
	bytes[1] = 0xFE;
	for (size_t i = 0; i < n; i++)
		bytes[2 + 2 * i] = (uint8_t)ascii[i];
	ok = read_bytes(bytes, 2 + 2 * n, path);
	free(bytes);
	return ok;
}

static void an_export_of_secedit_is_facts(void **state)
{
	const struct right_fact *r;

	(void)state;
	assert_true(read_utf16("[Unicode]\r\nUnicode=yes\r\n[System Access]\r\n"
			       "MinimumPasswordAge = 1\r\n[Privilege Rights]\r\n"
			       "SeImpersonatePrivilege = *S-1-5-19,*S-1-5-32-544\r\n"
			       "SeTcbPrivilege =\r\n"
			       "[Version]\r\nsignature=\"$CHICAGO$\"\r\nRevision=1\r\n",
			       "exports/dmz-7.inf"));
	assert_string_equal(facts.host, "srv1");
	assert_string_equal(facts.source, "secedit");
	assert_string_equal(facts.timestamp, WHEN);
	assert_int_equal(facts.outcome, HOST_ANSWERED);
	assert_int_equal(facts.role, ROLE_UNKNOWN);
	assert_int_equal(facts.port, 445);
	assert_int_equal(facts.right_count, rights_count());
	r = facts_right(&facts, "SeImpersonatePrivilege");
	assert_int_equal(r->outcome, RIGHT_HELD);
	assert_int_equal(r->holder_count, 2);
	assert_string_equal(r->holders[0].sid, "S-1-5-19");
	assert_string_equal(r->holders[1].sid, "S-1-5-32-544");
	assert_null(r->holders[1].name);
	/* secedit writes no line for what nobody holds. */
	assert_int_equal(facts_right(&facts, "SeTcbPrivilege")->outcome, RIGHT_NOBODY);
	assert_int_equal(facts_right(&facts, "SeDebugPrivilege")->outcome, RIGHT_NOBODY);
}

static void a_part_of_an_export_tells_no_more_than_its_lines(void **state)
{
	(void)state;
	assert_true(read_as("[Privilege Rights]\nSeTcbPrivilege =\n", "x.inf"));
	assert_int_equal(result, INF_PART);
	assert_int_equal(facts.right_count, 1);
	assert_null(facts_right(&facts, "SeDebugPrivilege"));
}

static void names_become_sids_where_they_can(void **state)
{
	const struct right_fact *r;

	(void)state;
	assert_true(read_as(
		"\xEF\xBB\xBF[privilege rights]\n"
		"SeDebugPrivilege = CORP\\svc-x , \"NT SERVICE\\TrustedInstaller\",, "
		"* S-1-5-6 ,S-1-5-20,\n",
		"a.b.inf"));
	r = facts_right(&facts, "SeDebugPrivilege");
	assert_int_equal(r->holder_count, 4);
	assert_string_equal(r->holders[0].name, "CORP\\svc-x");
	assert_string_equal(r->holders[0].sid, "CORP\\svc-x");
	assert_string_equal(r->holders[1].name, "NT SERVICE\\TrustedInstaller");
	assert_string_equal(r->holders[1].sid,
			    "S-1-5-80-956008885-3418522649-1831038044-1853292631-"
			    "2271478464");
	assert_string_equal(r->holders[2].sid, "S-1-5-6");
	assert_string_equal(r->holders[3].sid, "S-1-5-20");
	assert_null(r->holders[3].name);
}

static void a_comment_tells_whose_it_is(void **state)
{
	(void)state;
	assert_true(read_as("; lsasweep: host=srv1.corp role=member_server tag=web "
			    "tag=dmz os=10.0.20348\n; another remark = 1\n"
			    "[Privilege Rights]\n",
			    "x.inf"));
	assert_string_equal(facts.host, "srv1.corp");
	assert_int_equal(facts.role, ROLE_MEMBER_SERVER);
	assert_int_equal(facts.evidence, EVIDENCE_HINT);
	assert_int_equal(facts.tag_count, 2);
	assert_string_equal(facts.tags[1], "dmz");
	assert_string_equal(facts.os_version, "10.0.20348");
}

static void a_policy_is_no_answer_of_a_machine(void **state)
{
	(void)state;
	assert_true(read_as("[Privilege Rights]\n",
			    "Policies/{31B2F340-016D-11D2-945F-00C04FB984F9}/Machine/"
			    "Microsoft/Windows NT/SecEdit/GptTmpl.inf"));
	assert_true(facts_is_policy(&facts));
	assert_int_equal(facts.right_count, 0);
}

static void the_last_line_of_a_right_counts(void **state)
{
	(void)state;
	assert_true(read_as("[Privilege Rights]\nSeDebugPrivilege=*S-1-5-6\n"
			    "[Other]\nSeDebugPrivilege\n"
			    "[Privilege Rights]\nsedebugprivilege=\n",
			    "x.inf"));
	assert_int_equal(facts.right_count, 1);
	assert_int_equal(facts.rights[0].outcome, RIGHT_NOBODY);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
	(void)state;
	assert_false(
		read_as("[Version]\n[Privilege Rights]\nSeDebugPrivilege\n", "x.inf"));
	assert_string_equal(why, "x.inf:3: expected RIGHT = HOLDERS, found "
				 "\"SeDebugPrivilege\"");
	assert_false(read_as("[Privilege Rights\n", "x.inf"));
	assert_non_null(strstr(why, "x.inf:1: "));
	assert_false(read_as("[Version]\nRevision=1\n", "x.inf"));
	assert_non_null(strstr(why, "no [Privilege Rights] section"));
	assert_false(read_as("; lsasweep: role=king\n[Privilege Rights]\n", "x.inf"));
	assert_non_null(
		strstr(why, "x.inf:1: \"role=king\": expected domain_controller, "));
}

static void other_encodings_survive(void **state)
{
	const uint8_t lone[] = { 0xFF, 0xFE, '[',  0,    'P',  0,   'r', 0, 'i',  0,
				 'v',  0,    'i',  0,    'l',  0,   'e', 0, 'g',  0,
				 'e',  0,    ' ',  0,    'R',  0,   'i', 0, 'g',  0,
				 'h',  0,    't',  0,    's',  0,   ']', 0, 10,   0,
				 'S',  0,    'e',  0,    'X',  0,   '=', 0, 0x00, 0xD8,
				 'a',  0,    0x3D, 0xD8, 0x00, 0xDE };

	(void)state;
	assert_true(read_bytes(lone, sizeof(lone), "x.inf"));
	assert_string_equal(facts.rights[0].holders[0].name, "\xEF\xBF\xBD"
							     "a\xF0\x9F\x98\x80");
	facts_free(&facts);
	facts_init(&facts);
	assert_true(read_as("[Privilege Rights]\nSeX=Gr\xE4"
			    "fin\n",
			    "x.inf"));
	assert_string_equal(facts.rights[0].holders[0].name, "Gr\xC3\xA4"
							     "fin");
}

static const struct holder *holder(size_t right, size_t i)
{
	return &facts.rights[right].holders[i];
}

static void a_comment_behind_a_value_is_no_holder(void **state)
{
	(void)state;
	assert_true(read_as("[Privilege Rights] ; CIS 2.2\n"
			    "SeTcbPrivilege = ; nobody, and nobody else\n"
			    "SeDebugPrivilege = *S-1-5-32-544;2.2.15, *S-1-5-6\n"
			    "SeAuditPrivilege = \"a;b\",*S-1-5-19\n",
			    "x.inf"));
	assert_int_equal(facts.rights[0].outcome, RIGHT_NOBODY);
	assert_int_equal(facts.rights[1].holder_count, 1);
	assert_string_equal(holder(1, 0)->sid, "S-1-5-32-544");
	assert_string_equal(holder(2, 0)->name, "a;b");
	assert_string_equal(holder(2, 1)->sid, "S-1-5-19");
}

static void behind_a_star_stands_a_sid(void **state)
{
	static const char *const bad[] = {
		"*Administrators", "*S-1-5-32-",        "*",
		"S-1-5-x",         "*S-1-5-6 and more", "*S-1-5-4294967296"
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[Privilege Rights]\nSeTcbPrivilege = %s\n",
			 bad[i]);
		assert_false(read_as(text, "x.inf"));
		assert_non_null(strstr(why, "x.inf:2: expected a SID, found"));
		facts_free(&facts);
		facts_init(&facts);
	}
	assert_true(read_as("[Privilege Rights]\nSeTcbPrivilege = *s-1-5-6,s-1-5-19\n",
			    "x.inf"));
	assert_string_equal(holder(0, 0)->sid, "S-1-5-6");
	assert_string_equal(holder(0, 1)->sid, "S-1-5-19");
}

static void the_file_says_what_its_accounts_are_called(void **state)
{
	(void)state;
	assert_true(read_as("[Privilege Rights]\nSeBatchLogonRight = xGuest,root,other\n"
			    "[System Access]\nNewGuestName = \"xGuest\"\n"
			    "newadministratorname = root\nSomething\n",
			    "x.inf"));
	assert_string_equal(holder(0, 0)->sid, "MACHINE-501");
	assert_string_equal(holder(0, 0)->name, "xGuest");
	assert_string_equal(holder(0, 1)->sid, "MACHINE-500");
	assert_string_equal(holder(0, 2)->sid, "other");
}

static void the_caller_s_attributes_win(void **state)
{
	static const char *const said[] = { "role=client", "joined=no", "build=26100",
					    "machine_sid=S-1-5-21-7-8-9" };
	static const char text[] = "; lsasweep: role=member_server tag=a os=10.0.20348\n"
				   "[Privilege Rights]\nSeTcbPrivilege = Gast\n";
	const struct inf_file file = { .path = "x.inf",
				       .host = "srv1",
				       .when = WHEN,
				       .attributes = said,
				       .attribute_count = 4 };

	(void)state;
	assert_int_equal(inf_to_facts((const uint8_t *)text, strlen(text), &file, &facts,
				      why, sizeof(why)),
			 INF_PART);
	assert_int_equal(facts.role, ROLE_CLIENT);
	assert_true(facts.said_joined_known && !facts.said_joined);
	assert_string_equal(facts.os_version, "10.0.26100");
	assert_int_equal(facts.tag_count, 1);
	assert_string_equal(holder(0, 0)->sid, "S-1-5-21-7-8-9-501");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(an_export_of_secedit_is_facts),
		TEST(a_part_of_an_export_tells_no_more_than_its_lines),
		TEST(names_become_sids_where_they_can),
		TEST(a_comment_behind_a_value_is_no_holder),
		TEST(behind_a_star_stands_a_sid),
		TEST(the_file_says_what_its_accounts_are_called),
		TEST(the_caller_s_attributes_win),
		TEST(a_comment_tells_whose_it_is),
		TEST(a_policy_is_no_answer_of_a_machine),
		TEST(the_last_line_of_a_right_counts),
		TEST(what_is_wrong_is_said_with_its_line),
		TEST(other_encodings_survive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
