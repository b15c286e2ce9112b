/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_inf.c - security templates as people, tools and Windows write them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "report/facts/inf.h"

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

static bool read_as(const char *text, const char *path)
{
	return inf_to_facts((const uint8_t *)text, strlen(text), path, WHEN, &facts, why,
			    sizeof(why));
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
	ok = inf_to_facts(bytes, 2 + 2 * n, path, WHEN, &facts, why, sizeof(why));
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
	assert_string_equal(facts.host, "dmz-7");
	assert_string_equal(facts.source, "secedit");
	assert_string_equal(facts.timestamp, WHEN);
	assert_int_equal(facts.outcome, HOST_ANSWERED);
	assert_int_equal(facts.role, ROLE_UNKNOWN);
	assert_int_equal(facts.port, 445);
	assert_int_equal(facts.right_count, 2);
	r = facts_right(&facts, "SeImpersonatePrivilege");
	assert_int_equal(r->outcome, RIGHT_HELD);
	assert_int_equal(r->holder_count, 2);
	assert_string_equal(r->holders[0].sid, "S-1-5-19");
	assert_string_equal(r->holders[1].sid, "S-1-5-32-544");
	assert_null(r->holders[1].name);
	/* Defined and empty is nobody; without a line it is not told. */
	assert_int_equal(facts_right(&facts, "SeTcbPrivilege")->outcome, RIGHT_NOBODY);
	assert_null(facts_right(&facts, "SeDebugPrivilege"));
}

static void names_without_a_sid_are_kept(void **state)
{
	const struct right_fact *r;

	(void)state;
	assert_true(read_as("\xEF\xBB\xBF[privilege rights]\n"
			    "SeDebugPrivilege = CORP\\svc-x , \"NT SERVICE\\a\",, "
			    "* S-1-5-6 ,S-1-5-20,\n",
			    "a.b.inf"));
	assert_string_equal(facts.host, "a.b");
	r = facts_right(&facts, "SeDebugPrivilege");
	assert_int_equal(r->holder_count, 4);
	assert_string_equal(r->holders[0].name, "CORP\\svc-x");
	assert_string_equal(r->holders[0].sid, "CORP\\svc-x");
	assert_string_equal(r->holders[1].name, "NT SERVICE\\a");
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

static void a_policy_is_named_by_its_guid(void **state)
{
	(void)state;
	assert_true(read_as("[Privilege Rights]\n",
			    "Policies/{31B2F340-016D-11D2-945F-00C04FB984F9}/Machine/"
			    "Microsoft/Windows NT/SecEdit/GptTmpl.inf"));
	assert_string_equal(facts.host, "{31B2F340-016D-11D2-945F-00C04FB984F9}");
	assert_string_equal(facts.source, "gpttmpl");
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
	assert_non_null(strstr(why, "x.inf:1: expected a role, found \"king\""));
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
	assert_true(inf_to_facts(lone, sizeof(lone), "x.inf", WHEN, &facts, why,
				 sizeof(why)));
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(an_export_of_secedit_is_facts),
		TEST(names_without_a_sid_are_kept),
		TEST(a_comment_tells_whose_it_is),
		TEST(a_policy_is_named_by_its_guid),
		TEST(the_last_line_of_a_right_counts),
		TEST(what_is_wrong_is_said_with_its_line),
		TEST(other_encodings_survive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
