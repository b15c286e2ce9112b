/* SPDX-License-Identifier: Apache-2.0 */
/* `policy` of a recorded directory (policies.ndjson), and `baseline`, as whole commands.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/baseline/baseline.h"
#include "tests/scanner/command_play.h"

#define RECORD TESTS_DIR "/scanner/policies.ndjson"

/* A site, the domain, two OUs; a GPO for clients alone and one for members of a group. */
static void the_last_gpo_that_applies_sets_a_right(void **state)
{
	(void)state;
	assert_int_equal(command("policy --directory " RECORD " srv1.corp.example"),
			 EXIT_COMPLIANT);
	assert_told(0,
		    "srv1.corp.example\n  CN=SRV1,OU=SQL,OU=Servers,DC=corp,DC=example");
	assert_told(0, "Site: Paris (only_site)");
	assert_told(0, "    4  does not apply  Off ");
	assert_told(0, "link_disabled: the link is disabled");
	assert_told(0, "set by Servers, at OU=Servers,DC=corp,DC=example");
	assert_string_equal(told[1], "");
}

/* By each of its names; several are a line each in JSON. */
static void a_computer_has_three_names(void **state)
{
	static const char *const names[] = { "SRV2", "srv2$", "Srv2.Corp.Example" };
	char line[400];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(line, sizeof line, "policy --directory %s -o json %s", RECORD,
			 names[i]);
		assert_int_equal(command(line), EXIT_COMPLIANT);
		assert_told(0, "\"computer\":\"srv2.corp.example\"");
		assert_told(0, "\"gpo\":\"{Filtered}\"");
	}
	assert_int_equal(command("policy --directory " RECORD " -o text -o json=out srv1 "
				 "pc1"),
			 EXIT_COMPLIANT);
	assert_told(0, "\n\npc1.corp.example\n");
	assert_int_equal(access("out", R_OK), 0);
}

static void who_is_not_found_once_is_said_and_incomplete(void **state)
{
	(void)state;
	assert_int_equal(command("policy --directory " RECORD " nobody srv1"),
			 EXIT_INCOMPLETE);
	assert_told(1, "\"nobody\": no such computer in the directory");
	assert_told(0, "srv1.corp.example\n");
	assert_int_equal(command("policy --directory " RECORD " twin$"), EXIT_INCOMPLETE);
	assert_told(1, "\"twin$\": 2 computers have this name, expected a DNS name");
}

static void a_record_that_cannot_be_used_says_why(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "", "record: empty, expected a recorded directory" },
		{ "no json\n", "record:1: " },
		{ "{\"schema\":\"lsasweep.directory/1\",\"kind\":\"end\"}\n",
		  "holds no Group Policy" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		write_file("record", rows[i].text);
		assert_int_equal(command("policy --directory record srv1"), EXIT_USAGE);
		assert_string_equal(told[0], "");
		assert_told(1, rows[i].words);
	}
	assert_int_equal(command("policy --directory nothing srv1"), EXIT_USAGE);
	assert_told(1, "nothing: cannot be read: No such file");
	assert_int_equal(command("policy --directory " RECORD " -o xml srv1"),
			 EXIT_USAGE);
	assert_told(1, "-o: \"xml\": expected one of: ");
	assert_int_equal(command("policy --directory " RECORD " -o text=no/folder srv1"),
			 EXIT_USAGE);
}

/* ---- what if ---- */

#define SERVERS "OU=Servers,DC=corp,DC=example"
#define TEMPLATE                                                                   \
	"[Unicode]\nUnicode=yes\n[Version]\nsignature=\"$CHICAGO$\"\nRevision=1\n" \
	"[Privilege Rights]\nSeImpersonatePrivilege = *S-1-5-32-544\n"

static void a_link_that_is_off_leaves_the_right_to_another_gpo(void **state)
{
	(void)state;
	assert_int_equal(command("policy --directory " RECORD
				 " --what-if link-off:Servers@" SERVERS " srv1"),
			 1);
	assert_told(0, "    before: defined, set by Servers, at " SERVERS "\n");
	assert_told(0, "    after: defined, set by Site, at CN=Paris,");
	assert_told(0, "rights change on 1 of 1 computer\n");
	assert_int_equal(command("policy --directory " RECORD
				 " --what-if link-on:Off@" SERVERS " -o json srv1 srv2"),
			 1);
	assert_told(0, "{Off}");
}

static void a_template_and_a_move_are_tried_before_they_are_made(void **state)
{
	(void)state;
	write_file("new.inf", TEMPLATE);
	assert_int_equal(command("policy --directory " RECORD
				 " --what-if template:Servers=new.inf"),
			 1);
	assert_told(0, "srv1.corp.example\n");
	assert_int_equal(
		command("policy --directory " RECORD " --what-if move:srv1=" SERVERS),
		EXIT_COMPLIANT);
	assert_int_equal(
		command("policy --directory " RECORD " --what-if move:srv2=" SERVERS), 1);
	assert_told(0, "    before: defined, set by Filtered");
}

static void a_change_that_cannot_be_tried_is_refused(void **state)
{
	static const struct {
		const char *change, *words;
	} rows[] = {
		{ "move:srv1=here", "expected a distinguished name" },
		{ "template:Servers=none.inf", "none.inf: cannot be read" },
		{ "link-off:None@" SERVERS, "no such GPO" },
		{ "move:nobody=" SERVERS, "nobody" },
	};
	char line[400];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(line, sizeof line, "policy --directory %s --what-if %s", RECORD,
			 rows[i].change);
		assert_in_range(command(line), EXIT_USAGE, EXIT_INCOMPLETE);
		assert_told(1, rows[i].words);
	}
}

static void shipped_baselines_are_listed_and_shown_whole(void **state)
{
	(void)state;
	assert_int_equal(command("baseline list"), EXIT_COMPLIANT);
	for (size_t i = 0; baseline_shipped(i); i++)
		assert_told(0, baseline_shipped(i));
	assert_int_equal(command("baseline show stig"), EXIT_COMPLIANT);
	assert_told(0, "\"schema\"");
	assert_told(0, "lsasweep.baseline/1");
	assert_int_equal(command("baseline show none"), EXIT_USAGE);
	assert_told(1, "expected one of: ");
	assert_int_equal(command("baseline"), EXIT_USAGE);
	assert_int_equal(command("baseline list more"), EXIT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_gpo_that_applies_sets_a_right),
		cmocka_unit_test(a_computer_has_three_names),
		cmocka_unit_test(who_is_not_found_once_is_said_and_incomplete),
		cmocka_unit_test(a_record_that_cannot_be_used_says_why),
		cmocka_unit_test(a_link_that_is_off_leaves_the_right_to_another_gpo),
		cmocka_unit_test(a_template_and_a_move_are_tried_before_they_are_made),
		cmocka_unit_test(a_change_that_cannot_be_tried_is_refused),
		cmocka_unit_test(shipped_baselines_are_listed_and_shown_whole),
	};

	return cmocka_run_group_tests_name("command_policy", tests, enter_folder,
					   leave_folder);
}
