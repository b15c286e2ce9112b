/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that ask no host, from their words to their exit code and output. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/stat.h>

#include "tests/scanner/command_play.h"

#define HOLDER(sid, kind) "{\"sid\":\"" sid "\",\"name\":null,\"kind\":\"" kind "\"}"
#define HOST(name, holders)                                                             \
	"{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:04:05.678Z\","         \
	"\"sweep\":\"s\",\"host\":\"" name "\",\"port\":445,\"tags\":[],"               \
	"\"outcome\":\"answered\",\"step\":\"close\",\"error\":null,\"attempts\":1,"    \
	"\"role\":{\"value\":\"member_server\",\"evidence\":\"dssetup\","               \
	"\"conflict\":null},\"machine\":{\"domain_sid\":\"S-1-5-21-1-2-3\","            \
	"\"os_version\":\"10.0.20348\"},\"smb\":null,\"rights\":{\"SeDebugPrivilege\":" \
	"{\"outcome\":\"held\",\"holders\":[" holders "]}},"                            \
	"\"timing_ms\":{\"total\":9.1}}\n"
#define HEADER                                                            \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s\",\"started\":" \
	"\"2026-01-02T03:00:00.000Z\",\"version\":\"0.1.0\",\"rights\":"  \
	"[\"SeDebugPrivilege\"],\"targets\":1}\n"
#define TRAILER                                                            \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s\",\"finished\":" \
	"\"2026-01-02T03:10:00.000Z\"}\n"
#define ADMINS   HOLDER("S-1-5-32-544", "alias")
#define EVERYONE HOLDER("S-1-1-0", "well_known_group")

static const struct {
	const char *name, *text;
} inputs[] = {
	{ "old", HEADER HOST("srv1", ADMINS) TRAILER },
	{ "new", HEADER HOST("srv1", ADMINS "," EVERYONE) TRAILER },
	{ "rules",
	  "{\"schema\":\"lsasweep.baseline/1\",\"name\":\"rules\",\"version\":\"1\","
	  "\"source\":\"test\",\"rights\":{\"SeDebugPrivilege\":{\"member_server\":"
	  "{\"match\":\"exactly\",\"principals\":[\"S-1-5-32-544\"]}}}}" },
	{ "list", "10.0.0.1 tag=a\n10.0.1.0/30\nsrv9.example\n" },
	{ "bad-list", "10.0.0.1\n10.0.0.0/33\n" },
	{ "excluded", "10.0.0.1\n*.example\n" },
};

enum { INPUTS = sizeof inputs / sizeof inputs[0] };

static int make_folder(void **state)
{
	if (enter_folder(state) != 0)
		return -1;
	for (size_t i = 0; i < INPUTS; i++)
		write_file(inputs[i].name, inputs[i].text);
	return 0;
}

static void a_topic_is_explained_and_an_unknown_one_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(command("explain SeDebugPrivilege"), EXIT_COMPLIANT);
	assert_told(0, "Debug programs");
	assert_int_equal(command("explain"), EXIT_COMPLIANT);
	assert_told(0, "SeImpersonatePrivilege");
	assert_int_equal(command("explain SeDebugPrivilge"), EXIT_USAGE);
	assert_string_equal(told[0], "");
	assert_told(1, "lsasweep: \"SeDebugPrivilge\": ");
}

static void an_outcome_is_explained_with_all_its_causes(void **state)
{
	(void)state;
	assert_int_equal(command("explain logon_refused"), EXIT_COMPLIANT);
	assert_told(
		0, "logon_refused: an outcome of a host\n  the credential was refused\n");
	assert_told(0, "  Cause: the account is locked out\n  Fix:   unlock it, and");
	for (int i = 0; i < HOST_OUTCOME_COUNT; i++) {
		char line[60], *rest = told[0], *one;

		snprintf(line, sizeof line, "explain %s",
			 host_outcome_word((enum host_outcome)i));
		assert_int_equal(command(line), EXIT_COMPLIANT);
		if (i == HOST_ANSWERED)
			assert_not_told(0, "Cause:");
		else
			assert_told(0, "\n  Fix:   ");
		while ((one = strsep(&rest, "\n")))
			if (strlen(one) > 80)
				fail_msg("too long: %s", one);
	}
}

static void a_report_ends_with_its_verdict(void **state)
{
	(void)state;
	assert_int_equal(command("report --baseline rules -o csv old"), EXIT_COMPLIANT);
	assert_told(0, "\"srv1\",445,\"member_server\",\"answered\",\"compliant\"");
	assert_int_equal(command("report --baseline rules -o csv new"), EXIT_VIOLATIONS);
	assert_told(0, "\"broad_principal\",\"critical\"");
	assert_int_equal(command("report --baseline rules --fail-on none new"),
			 EXIT_COMPLIANT);
	assert_int_equal(command("report --baseline rules -o json=out new"),
			 EXIT_VIOLATIONS);
	assert_string_equal(told[0], "");
	assert_int_equal(access("out", R_OK), 0);
}

static void a_report_that_cannot_be_made_says_why(void **state)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
		{ "report --baseline rules nothing", "nothing: " },
		{ "report --baseline nothing old", "--baseline: " },
		{ "report --baseline rules -o xml old", "no format \"xml\"" },
		{ "report --baseline rules -o csv -o json old",
		  "\"stdout\" is the same file as -o \"stdout\"" },
		{ "report --baseline rules -o csv=no/such/folder old", "no/such/folder" },
		{ "report --baseline rules -o gpo-inf old", "one file for each role" },
		{ "report --baseline rules -o csv=old old", "old" },
		{ "report --baseline rules -o csv=rules old", "rules" },
		{ "report --baseline rules -o csv=out -o json=out old", "out" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(command(rows[i].line), EXIT_USAGE);
		assert_string_equal(told[0], "");
		assert_told(1, rows[i].words);
	}
}

static void a_difference_is_1_and_none_is_0(void **state)
{
	(void)state;
	assert_int_equal(command("diff old new"), EXIT_VIOLATIONS);
	assert_told(0, "+ gained SeDebugPrivilege S-1-1-0");
	assert_int_equal(command("diff old old"), EXIT_COMPLIANT);
	assert_told(0, "no change");
	assert_int_equal(command("diff -o json old new"), EXIT_VIOLATIONS);
	assert_told(0, "\"gained\":1");
	assert_int_equal(command("diff -o csv old new"), EXIT_USAGE);
	assert_told(1, "-o: \"csv\": expected one of: text, json");
	assert_int_equal(command("diff old nothing"), EXIT_USAGE);
	assert_int_equal(command("diff -o json=new old new"), EXIT_USAGE);
}

static void a_list_names_who_would_be_asked_and_asks_nobody(void **state)
{
	(void)state;
	assert_int_equal(command("scan -sL -iL list"), EXIT_COMPLIANT);
	assert_told(0, "10.0.0.1");
	assert_told(0, "10.0.1.3");
	assert_told(0, "srv9.example");
	assert_int_equal(command("scan -sL -iL list --excludefile excluded 10.0.2.1"),
			 EXIT_COMPLIANT);
	assert_null(strstr(told[0], "10.0.0.1"));
	assert_null(strstr(told[0], "example"));
	assert_told(0, "10.0.2.1");
	assert_int_equal(command("scan -sL -iL bad-list"), EXIT_USAGE);
	assert_told(1, "bad-list:2: \"10.0.0.0/33\"");
	assert_int_equal(command("scan -sL -iL nothing"), EXIT_USAGE);
}

static void an_output_never_destroys_an_input(void **state)
{
	static const char *const lines[] = {
		"scan --journal list -iL list",
		"scan --journal excluded --excludefile excluded srv1",
		"scan -o json=list -iL list",
		"scan --journal out -o json=out srv1",
		"scan --baseline rules --journal rules srv1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (command(lines[i]) != EXIT_USAGE ||
		    !strstr(told[1], " is the same file as "))
			fail_msg("%s: %s", lines[i], told[1]);
	for (size_t i = 0; i < INPUTS; i++) {
		char text[2000] = "";
		FILE *file = fopen(inputs[i].name, "r");

		assert_non_null(file);
		assert_true(fread(text, 1, sizeof text - 1, file) > 0);
		fclose(file);
		assert_string_equal(text, inputs[i].text);
	}
}

static void exit_codes_add_up(void **state)
{
	(void)state;
	assert_int_equal(exit_code_incomplete(0), 3);
	assert_int_equal(exit_code_incomplete(1), 4);
	assert_int_equal(exit_code_incomplete(4), 4);
	assert_int_equal(exit_code_at(4, FAIL_ON_INCOMPLETE), 4);
	assert_int_equal(exit_code_at(3, FAIL_ON_VIOLATION), 0);
	assert_int_equal(exit_code_at(4, FAIL_ON_NONE), 0);
	assert_string_equal(exit_code_words(1), "violations");
}

/* ---- files and folders from elsewhere ---- */

#define EXPORT                                                                     \
	"[Unicode]\nUnicode=yes\n[Version]\nsignature=\"$CHICAGO$\"\nRevision=1\n" \
	"[Privilege Rights]\nSeDebugPrivilege = *S-1-5-32-544\n"

static int make_exports(void **state)
{
	(void)state;
	if (mkdir("exports", 0700) != 0 || mkdir("exports/a b", 0700) != 0 ||
	    mkdir("nothing", 0700) != 0)
		return -1;
	write_file("exports/srv1.inf", EXPORT);
	write_file("exports/a b/srv2.CFG", EXPORT);
	write_file("exports/notes.txt", "no export");
	write_file("nothing/notes.txt", "no export");
	return 0;
}

static void a_folder_is_all_its_exports(void **state)
{
	(void)state;
	assert_int_equal(command("report --baseline rules -o csv role=member_server "
				 "exports tag=old"),
			 EXIT_COMPLIANT);
	assert_told(0, "\"srv1\"");
	assert_told(0, "\"srv2\"");
	assert_told(0, "\"old\"");
	assert_not_told(0, "notes");
	assert_int_equal(command("report --baseline rules -o csv nothing"), EXIT_USAGE);
	assert_told(1, "nothing: is a folder without a security template");
}

static void a_policy_in_a_folder_is_taken_alone(void **state)
{
	(void)state;
	write_file("exports/a b/GptTmpl.inf", EXPORT);
	command("report --baseline rules -o csv role=member_server exports");
	assert_not_told(0, "\"srv1\"");
	assert_told(0, "\"a b\"");
	unlink("exports/a b/GptTmpl.inf");
}

static void a_list_of_files_has_attributes_behind_each(void **state)
{
	(void)state;
	write_file("files",
		   "# exports\r\n\n  exports/srv1.inf role=member_server host=one tag=a\n"
		   "exports/a b/srv2.CFG\trole=member_server \t host=two \r\nold");
	assert_int_equal(command("report --baseline rules -o csv -iL files"),
			 EXIT_COMPLIANT);
	assert_told(0, "\"one\"");
	assert_told(0, "\"two\"");
	assert_told(0, "\"srv1\""); /* of the journal */
	write_file("files", "exports/srv1.inf role=printer\n");
	assert_int_equal(command("report -iL files"), EXIT_USAGE);
	assert_told(1, "files:1: ");
	assert_told(1, "printer");
	write_file("files", "# none\n");
	assert_int_equal(command("report -iL files"), EXIT_USAGE);
	assert_told(1, "expected a file");
	assert_int_equal(command("report -iL no-list"), EXIT_USAGE);
	assert_told(1, "-iL: no-list: cannot read: No such file");
	assert_int_equal(command("report role=printer old"), EXIT_USAGE);
	assert_int_equal(command("report old role=printer"), EXIT_USAGE);
}

static void an_end_is_told_with_its_code(void **state)
{
	int saved = dup(STDERR_FILENO), ends[2];
	char seen[400] = "";

	(void)state;
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	exit_code_then(strdup("first"));
	exit_code_then(strdup("to resume: a\tb"));
	exit_code_tell(EXIT_INCOMPLETE);
	assert_int_equal(exit_code_at(EXIT_VIOLATIONS, FAIL_ON_NONE), EXIT_COMPLIANT);
	exit_code_tell(EXIT_COMPLIANT);
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_true(read(ends[0], seen, sizeof seen - 1) > 0);
	assert_string_equal(seen,
			    "lsasweep: exit 3: incomplete: some hosts are unknown; "
			    "no violation\nlsasweep: to resume: a<U+0009>b\n"
			    "lsasweep: exit 0: by --fail-on; otherwise 1: violations\n");
	assert_string_equal(exit_code_words(77), "unknown");
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_topic_is_explained_and_an_unknown_one_is_an_error),
		cmocka_unit_test(an_outcome_is_explained_with_all_its_causes),
		cmocka_unit_test(a_report_ends_with_its_verdict),
		cmocka_unit_test(a_report_that_cannot_be_made_says_why),
		cmocka_unit_test(a_difference_is_1_and_none_is_0),
		cmocka_unit_test(a_list_names_who_would_be_asked_and_asks_nobody),
		cmocka_unit_test(an_output_never_destroys_an_input),
		cmocka_unit_test(exit_codes_add_up),
		cmocka_unit_test_setup(a_folder_is_all_its_exports, make_exports),
		cmocka_unit_test(a_policy_in_a_folder_is_taken_alone),
		cmocka_unit_test(a_list_of_files_has_attributes_behind_each),
		cmocka_unit_test(an_end_is_told_with_its_code),
	};

	return cmocka_run_group_tests(tests, make_folder, leave_folder);
}
