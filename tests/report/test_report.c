/* SPDX-License-Identifier: Apache-2.0 */
/* From a journal on disk to the files of a report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "report/render/render.h"
#include "report/render/report.h"

#define HOST(name, role, verdict)                                                        \
	"{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:04:05.678Z\","          \
	"\"sweep\":\"s\",\"host\":\"" name "\",\"port\":445,\"tags\":[],"                \
	"\"outcome\":\"answered\",\"step\":\"close\",\"error\":null,\"attempts\":1,"     \
	"\"role\":{\"value\":\"" role "\",\"evidence\":\"dssetup\",\"conflict\":null},"  \
	"\"machine\":{\"domain_sid\":\"S-1-5-21-1-2-3\",\"os_version\":\"10.0.20348\"}," \
	"\"smb\":null,\"rights\":{\"SeDebugPrivilege\":" verdict                         \
	"},\"timing_ms\":{\"total\":9.1}}\n"
#define HELD(sid)                                                  \
	"{\"outcome\":\"held\",\"holders\":[{\"sid\":\"" sid "\"," \
	"\"name\":null,\"kind\":\"alias\"}]}"
#define DENIED "{\"outcome\":\"denied\",\"holders\":[]}"
#define HEADER(targets)                                                   \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s\",\"started\":" \
	"\"2026-01-02T03:00:00.000Z\",\"version\":\"0.1.0\",\"rights\":"  \
	"[\"SeDebugPrivilege\"],\"targets\":" targets "}\n"
#define TRAILER                                                            \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s\",\"finished\":" \
	"\"2026-01-02T03:10:00.000Z\"}\n"
#define GOOD   HOST("good", "member_server", HELD("S-1-5-32-544"))
#define BAD    HOST("bad", "member_server", HELD("S-1-1-0"))
#define BAD_DC HOST("dc", "domain_controller", HELD("S-1-1-0"))
#define SECRET HOST("secret", "member_server", DENIED)

static const char rules[] =
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"rules\",\"version\":\"1\","
	"\"source\":\"test\",\"rights\":{\"SeDebugPrivilege\":{\"member_server\":"
	"{\"match\":\"at_most\",\"principals\":[\"S-1-5-32-544\"]},"
	"\"domain_controller\":{\"match\":\"at_most\",\"principals\":"
	"[\"S-1-5-32-544\"]}}}}";

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[4][128];
	static unsigned next;
	char *p = path[next++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_report.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	static const char *const made[] = { "journal", "out", "other",
					    "fix-member_server.inf",
					    "fix-domain_controller.inf" };

	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		unlink(path_of(made[i]));
	return rmdir(folder); /* fails where something else was left behind */
}

static void write_journal(const char *text)
{
	FILE *file = fopen(path_of("journal"), "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static struct journal_set *open_journal(void)
{
	const char *path = path_of("journal");
	char why[300] = "";
	struct journal_set *set = journal_set_open(&path, 1, NULL, NULL, why,
						   sizeof(why));

	if (!set)
		fail_msg("%s", why);
	return set;
}

/* The exit code; -1 with `why` when it failed. */
static int make(const char *text, const struct report_output *outputs, size_t count,
		char *why, size_t why_size)
{
	struct baseline *b = baseline_parse("t", rules, strlen(rules), why, why_size);
	struct report_request request = { .baselines = &b,
					  .baseline_count = 1,
					  .today = "2026-06-15",
					  .outputs = outputs,
					  .output_count = count };
	struct journal_set *set;
	int code = -1;

	assert_non_null(b);
	write_journal(text);
	set = open_journal();
	request.journals = set;
	report_prepare(outputs, count);
	if (!report_make(&request, &code, why, why_size))
		code = -1;
	journal_set_free(set);
	baseline_free(b);
	return code;
}

static bool exists(const char *name)
{
	return access(path_of(name), F_OK) == 0;
}

static int exit_code_of(const char *text)
{
	struct report_output out = { "csv", path_of("out") };
	char why[300] = "";
	int code = make(text, &out, 1, why, sizeof(why));

	if (code < 0)
		fail_msg("%s", why);
	return code;
}

static void the_exit_code_tells_violations_and_gaps(void **state)
{
	(void)state;
	assert_int_equal(exit_code_of(HEADER("1") GOOD TRAILER), 0);
	assert_int_equal(exit_code_of(HEADER("2") GOOD BAD TRAILER), 1);
	assert_int_equal(exit_code_of(HEADER("2") GOOD SECRET TRAILER), 3);
	assert_int_equal(exit_code_of(HEADER("3") BAD GOOD SECRET TRAILER), 4);
}

/* A target without a record is not assessed either. */
static void a_target_without_a_record_is_a_gap(void **state)
{
	(void)state;
	assert_int_equal(exit_code_of(HEADER("5") GOOD TRAILER), 3);
	assert_int_equal(exit_code_of(HEADER("5") GOOD BAD TRAILER), 4);
	assert_int_equal(exit_code_of(HEADER("5") BAD SECRET TRAILER), 4);
}

/* What a renderer remembers begins as zero: the first host has no comma before it. */
static void assert_is_json(const char *name)
{
	char text[1 << 14] = "";
	FILE *file = fopen(path_of(name), "r");
	cJSON *json;

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 100);
	fclose(file);
	json = cJSON_Parse(text);
	assert_non_null(json);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(json, "hosts")), 1);
	cJSON_Delete(json);
}

static void every_format_is_written_in_one_go(void **state)
{
	struct report_output outputs[2] = { { "json", path_of("out") },
					    { "text", path_of("other") } };
	char why[300] = "";
	struct stat st;

	(void)state;
	assert_int_equal(make(HEADER("1") GOOD TRAILER, outputs, 2, why, sizeof(why)), 0);
	assert_int_equal(stat(path_of("out"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_is_json("out");
	assert_true(exists("other"));
}

static void a_template_is_written_for_each_role_that_has_hosts(void **state)
{
	struct report_output out = { "gpo_inf", path_of("fix.inf") };
	char why[300] = "";

	(void)state;
	assert_int_equal(make(HEADER("2") BAD BAD_DC TRAILER, &out, 1, why, sizeof(why)),
			 1);
	assert_true(exists("fix-member_server.inf"));
	assert_true(exists("fix-domain_controller.inf"));
	assert_false(exists("fix-client.inf"));
	assert_false(exists("fix.inf"));
}

static void note_path(const char *path, void *arg)
{
	size_t used = strlen(arg);

	snprintf((char *)arg + used, 400 - used, "%s ", path);
}

static void the_paths_of_an_output_are_known_beforehand(void **state)
{
	static const struct {
		struct report_output out;
		const char *paths;
	} due[] = {
		{ { "csv", NULL }, "- " },
		{ { "csv", "a.csv" }, "a.csv " },
		{ { "gpo-inf", "d.x/fix.inf" },
		  "d.x/fix-domain_controller.inf d.x/fix-member_server.inf "
		  "d.x/fix-standalone_server.inf d.x/fix-client.inf " },
		{ { "gpo-inf", "d.x/fix" },
		  "d.x/fix-domain_controller d.x/fix-member_server "
		  "d.x/fix-standalone_server d.x/fix-client " },
		{ { "gpo-inf", ".fix" },
		  ".fix-domain_controller .fix-member_server .fix-standalone_server "
		  ".fix-client " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++) {
		char paths[400] = "";

		assert_true(report_output_paths(&due[i].out, note_path, paths));
		assert_string_equal(paths, due[i].paths);
	}
}

static void a_format_is_known_by_name_with_either_hyphen(void **state)
{
	struct report_output out = { 0 };
	char word[] = "gpo_inf=fix.inf", plain[] = "json=", bad[] = "xml=a";
	char why[300] = "";

	(void)state;
	assert_true(report_output_parse(word, &out, why, sizeof(why)));
	assert_string_equal(out.path, "fix.inf");
	assert_ptr_equal(renderer_find(out.format), renderer_find("gpo-inf"));
	assert_true(report_output_parse(plain, &out, why, sizeof(why)));
	assert_null(out.path);
	assert_false(report_output_parse(bad, &out, why, sizeof(why)));
	assert_string_equal(why, "no format \"xml\"; there are text, json, ndjson, csv, "
				 "html, markdown, prometheus, junit, ocsf, gpo-inf");
}

static void what_cannot_be_written_is_known_before_a_sweep(void **state)
{
	struct report_output nowhere = { "csv", path_of("no/such/folder") };
	struct report_output nameless = { "gpo-inf", NULL };
	struct report_output fine[] = { { "csv", NULL },
					{ "gpo-inf", path_of("fix.inf") } };
	char why[300] = "";

	(void)state;
	assert_true(report_outputs_check(fine, 2, why, sizeof(why)));
	assert_false(exists("fix-client.inf"));
	assert_false(report_outputs_check(&nowhere, 1, why, sizeof(why)));
	assert_non_null(strstr(why, "no/such/folder"));
	assert_false(report_outputs_check(&nameless, 1, why, sizeof(why)));
	assert_string_equal(why, "gpo-inf writes one file for each role: give a name, as "
				 "in gpo-inf=fix.inf");
}

/* An output that fails takes the others with it: none is half of a run. */
static void no_file_is_left_where_one_of_them_fails(void **state)
{
	struct report_output outputs[2] = { { "json", path_of("out") },
					    { "csv", path_of("no/such/folder") } };
	struct report_output twice[2] = { { "json", NULL }, { "csv", "-" } };
	char why[300] = "";

	(void)state;
	assert_int_equal(make(HEADER("1") GOOD TRAILER, outputs, 2, why, sizeof(why)),
			 -1);
	assert_non_null(strstr(why, "no/such/folder"));
	assert_false(exists("out"));
	assert_int_equal(make(HEADER("1") GOOD TRAILER, twice, 2, why, sizeof(why)), -1);
	assert_non_null(strstr(why, "two reports on stdout"));
}

/* The disk is full: the old report still stands. */
static void a_full_disk_is_an_error(void **state)
{
	struct report_output out = { "html", "/dev/full" };
	char why[300] = "";

	(void)state;
	assert_int_equal(make(HEADER("1") GOOD TRAILER, &out, 1, why, sizeof(why)), -1);
	assert_non_null(strstr(why, "/dev/full"));
	assert_non_null(strstr(why, "No space left on device"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- with what Active Directory lists ---- */

#define COMPUTER(name)                                                                  \
	"\"directory\":{\"domain\":\"corp.example\",\"dn\":\"CN=" name                  \
	",OU=Servers,DC=corp,DC=example\",\"ou\":\"OU=Servers,DC=corp,DC=example\","    \
	"\"account\":\"" name "$\",\"sid\":\"S-1-5-21-1-2-3-1104\",\"site\":\"Paris\"," \
	"\"os\":\"Windows Server 2022 Standard\",\"os_version\":\"10.0 (20348)\","      \
	"\"build\":\"10.0.20348\",\"last_logon\":\"2026-01-01T00:00:00Z\","             \
	"\"role\":\"member_server\",\"enabled\":true},"
#define SILENT                                                                        \
	"{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:04:05.678Z\","       \
	"\"sweep\":\"s\",\"host\":\"gone.corp.example\",\"port\":445,\"tags\":[],"    \
	"\"outcome\":\"timeout\",\"step\":\"connect\",\"error\":null,\"attempts\":1," \
	"\"role\":{\"value\":\"unknown\",\"evidence\":\"none\",\"conflict\":null},"   \
	"\"machine\":{},\"smb\":null,\"rights\":{}," COMPUTER(                        \
		"gone") "\"timing_ms\":{\"total\":9.1}}\n"
#define LISTED                                                                      \
	"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"domain\",\"dns_name\":"    \
	"\"corp.example\",\"netbios_name\":\"CORP\",\"dn\":\"DC=corp,DC=example\"," \
	"\"sid\":\"S-1-5-21-1-2-3\",\"forest\":\"corp.example\",\"controller\":"    \
	"\"dc1.corp.example\",\"read_at\":\"2026-01-02T03:00:00Z\",\"error\":"      \
	"\"closed in mid-page\",\"computers\":{\"total\":5,\"in_scope\":4,"         \
	"\"left_out\":{\"disabled\":1}}}\n"

static char *made(const char *format)
{
	struct report_output out = { format, path_of("out") };
	static char text[1 << 16];
	char why[300] = "";
	FILE *file;

	if (make(HEADER("3") LISTED GOOD SILENT TRAILER, &out, 1, why, sizeof(why)) < 0)
		fail_msg("%s: %s", format, why);
	file = fopen(path_of("out"), "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

static void assert_made(const char *format, const char *words)
{
	char *text = made(format);

	if (!strstr(text, words))
		fail_msg("\"%s\" is not in %s:\n%s", words, format, text);
}

/* Coverage is against what exists, and not against what was asked. */
static void every_format_says_of_how_many_computers_it_is(void **state)
{
	(void)state;
	assert_made("text",
		    "Of those in scope, 1 of 4 (25.0 %) have a record and 0 of 4");
	assert_made("text", "Active Directory was not read to its end in corp.example: "
			    "closed in mid-page.");
	assert_made("text", "gone.corp.example");
	assert_made("markdown", "Of those in scope, 1 of 4");
	assert_made("html", "OU=Servers");
	assert_made("json", "\"in_scope\":4");
	assert_made("json", "\"OU=Servers,DC=corp,DC=example\"");
	assert_made("json", "\"disabled\":1");
	assert_made("csv", "\"OU=Servers,DC=corp,DC=example\",\"2026-01-01T00:00:00Z\"");
	assert_made("prometheus", "lsasweep_directory_computers");
	assert_made("junit", "name=\"directory.in_scope\" value=\"4\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_exit_code_tells_violations_and_gaps),
		TEST(a_target_without_a_record_is_a_gap),
		TEST(every_format_is_written_in_one_go),
		TEST(a_template_is_written_for_each_role_that_has_hosts),
		TEST(the_paths_of_an_output_are_known_beforehand),
		TEST(a_format_is_known_by_name_with_either_hyphen),
		TEST(what_cannot_be_written_is_known_before_a_sweep),
		TEST(no_file_is_left_where_one_of_them_fails),
		TEST(a_full_disk_is_an_error),
		cmocka_unit_test_setup_teardown(
			every_format_says_of_how_many_computers_it_is, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
