/* SPDX-License-Identifier: Apache-2.0 */
/* Formats of lines: csv, ndjson, ocsf, prometheus, junit. */
#include "tests/report/render_play.h"

#include <cjson/cJSON.h>

/* ---- csv ---- */

static void csv_has_a_row_for_each_holder_and_each_host_without_one(void **state)
{
	char *csv = play(*state, "csv");
	char *row = play_line(csv, "\"silent\"", "");

	assert_string_equal(
		row, "\"silent\",445,\"unknown\",\"timeout\",\"unknown\",\"\","
		     "\"\",\"\",\"\",\"\",\"\",\"\",\"host_unanswered\",\"\",\"\","
		     "\"no answer to the connection in time\","
		     "\"Run `lsasweep check HOST`: it shows the step that fails and "
		     "the likely fix.\",\"connect\",\"\",\"no answer\",\"\",\"\","
		     "\"2026-01-02T03:04:05.678Z\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
		     "\"\",\"\",\"\"\r");
	free(row);
	assert_int_equal(play_count(csv, "\"compliant\",445,"), 3);
	assert_int_equal(play_count(csv, "\"lacks\",445,"), 4);
	row = play_line(csv, "\"lacks\"", "S-1-5-32-544");
	play_has(row, "\"missing\",\"missing_holder\",\"medium\",\"\"");
	free(row);
	row = play_line(csv, "\"waived\"", "CORP\\ok");
	play_has(row, "\"allowed\",\"named_account\",\"high\",\"yes\"");
	free(row);
	row = play_line(csv, "\"denied\"", "");
	play_has(row, "\"right_denied\"");
	play_has(row, "\"ask\",\"STATUS_ACCESS_DENIED\",\"no\"");
	free(row);
	free(csv);
}

/* Each tag by itself could be a formula; so could a name. */
static void csv_disarms_formulas(void **state)
{
	char *csv = play(*state, "csv");
	char *row = play_line(csv, "\"formula\"", "calc");

	play_has(row, "\"'=cmd|' /C calc'!A0\"");
	play_has(row, "\"'=1+1 '|x\"");
	free(row);
	free(csv);
}

/* ---- ndjson ---- */

static const char *text_at(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static cJSON *parsed_line(const char *text, const char *word, const char *other)
{
	const char *line = text;

	while (*line) {
		size_t length = strcspn(line, "\n");
		char *copy = strndup(line, length);
		cJSON *json = cJSON_Parse(copy);
		bool found = strstr(copy, word) && strstr(copy, other);

		free(copy);
		assert_non_null(json); /* each line is whole */
		if (found)
			return json;
		cJSON_Delete(json);
		line += length + (line[length] == '\n');
	}
	fail_msg("no line with \"%s\" and \"%s\"", word, other);
	return NULL;
}

static void ndjson_has_a_line_for_each_finding_and_none_for_what_is_well(void **state)
{
	char *text = play(*state, "ndjson");
	cJSON *line = parsed_line(text, "\"worst\"", "S-1-1-0");

	assert_string_equal(text_at(line, "schema"), "lsasweep.finding/2");
	assert_string_equal(text_at(line, "finding"), "broad_principal");
	assert_string_equal(text_at(line, "severity"), "critical");
	assert_string_equal(text_at(line, "label"), "extra");
	assert_string_equal(text_at(line, "rule"), "2.2.16");
	cJSON_Delete(line);
	line = parsed_line(text, "\"denied\"", "\"unknown\"");
	assert_string_equal(text_at(line, "finding"), "right_denied");
	cJSON_Delete(line);
	line = parsed_line(text, "\"silent\"", "\"timeout\"");
	assert_string_equal(text_at(line, "finding"), "host_unanswered");
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(line, "right")));
	cJSON_Delete(line);
	line = parsed_line(text, "\"host\":\"waived\"", "CORP");
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(line, "waived")));
	cJSON_Delete(line);
	play_has_not(text, "\"host\":\"compliant\"");
	play_has_not(text, "\"host\":\"iis\"");
	assert_int_equal(play_count(text, "\"host\":\"lacks\""), 4);
	free(text);
}

/* ---- ocsf ---- */

static const cJSON *at(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static void ocsf_says_pass_fail_warning_or_not_applicable(void **state)
{
	static const struct {
		const char *host, *status, *severity;
	} due[] = {
		{ "\"compliant\"", "Pass", "Informational" },
		{ "\"worst\"", "Fail", "Critical" },
		{ "\"denied\"", "Warning", "Informational" },
		{ "\"pc\"", "Not applicable", "Informational" },
		{ "\"silent\"", "Warning", "Informational" },
		{ "\"waived\"", "Pass", "Informational" },
		{ "\"lacks\"", "Fail", "High" },
	};
	char *text = play(*state, "ocsf");

	assert_int_equal(play_count(text, "\n"), PLAY_CAST);
	for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++) {
		cJSON *event = parsed_line(text, due[i].host, "");

		assert_string_equal(text_at(at(event, "compliance"), "status"),
				    due[i].status);
		assert_string_equal(text_at(event, "severity"), due[i].severity);
		cJSON_Delete(event);
	}
	free(text);
}

static void ocsf_names_the_finding_and_its_remediation(void **state)
{
	char *text = play(*state, "ocsf");
	cJSON *event = parsed_line(text, "\"worst\"", "");
	const char *remediation = text_at(at(event, "remediation"), "desc");

	assert_string_equal(text_at(at(event, "finding_info"), "uid"),
			    "lsasweep:rules:SeDebugPrivilege:worst:445");
	assert_string_equal(text_at(at(event, "compliance"), "control"), "2.2.16");
	play_has(remediation, "Remove Everyone (S-1-1-0)");
	play_has(remediation, "Remove CORP\\svc-web");
	assert_int_equal(cJSON_GetArraySize(at(at(event, "unmapped"), "holders")), 5);
	assert_true(cJSON_GetNumberValue(at(event, "time")) == 1767323045678.0);
	cJSON_Delete(event);
	event = parsed_line(text, "\"silent\"", "");
	assert_null(at(event, "remediation"));
	assert_string_equal(text_at(at(event, "compliance"), "status_code"), "timeout");
	cJSON_Delete(event);
	free(text);
}

/* ---- prometheus ---- */

static void prometheus_counts_hosts_rights_and_holders(void **state)
{
	struct play *p = *state;
	char *text;

	p->unrecorded = 3;
	text = play(p, "prometheus");
	play_has(text, "lsasweep_hosts{role=\"member_server\",verdict=\"violation\","
		       "baseline=\"rules\"} 4\n");
	play_has(text, "lsasweep_hosts{role=\"member_server\",verdict=\"compliant\","
		       "baseline=\"rules\"} 3\n");
	play_has(text, "lsasweep_hosts{role=\"unknown\",verdict=\"unknown\",baseline="
		       "\"rules\"} 1\n");
	play_has(text, "lsasweep_outcomes{outcome=\"timeout\",baseline=\"rules\"} 1\n");
	play_has(text, "lsasweep_right_hosts{role=\"client\",right=\"SeDebugPrivilege\","
		       "verdict=\"not_applicable\",baseline=\"rules\"} 1\n");
	play_has(text, "lsasweep_right_outcomes{role=\"member_server\",right="
		       "\"SeDebugPrivilege\",outcome=\"denied\",baseline=\"rules\"} 1\n");
	play_has(text, "lsasweep_targets_unrecorded{baseline=\"rules\"} 3\n");
	play_has(text, "lsasweep_findings_waived{baseline=\"rules\"} 1\n");
	play_has(text, "lsasweep_unexpected_holder_hosts{role=\"member_server\",right="
		       "\"SeDebugPrivilege\",sid=\"" PLAY_DOMAIN "-1105\",name="
		       "\"CORP\\\\svc-web\",baseline=\"rules\"} 3\n");
	play_has(text, "lsasweep_sweep_started_timestamp_seconds{baseline=\"rules\"} "
		       "1767322800.000\n");
	play_has(text, "lsasweep_sweep_finished_timestamp_seconds{baseline=\"rules\"} "
		       "1767323400.500\n");
	free(text);
}

/* A cut-short sweep has no end, and its metric is not there rather than 0. */
static void prometheus_leaves_an_unknown_time_out(void **state)
{
	struct play *p = *state;
	char *text;

	p->journal.finished = NULL;
	p->journal.unfinished = 1;
	text = play(p, "prometheus");
	play_has_not(text, "lsasweep_sweep_finished_timestamp_seconds");
	play_has(text, "lsasweep_journals_unfinished{baseline=\"rules\"} 1\n");
	free(text);
}

/* ---- junit ---- */

static void junit_fails_errs_and_skips(void **state)
{
	char *text = play(*state, "junit");
	char *line;

	play_has(text, "<testsuites name=\"lsasweep rules\" tests=\"12\" failures=\"5\" "
		       "errors=\"3\">");
	play_has(text, "<testsuite name=\"member_server\" tests=\"9\" failures=\"4\" "
		       "errors=\"2\" skipped=\"0\">");
	play_has(text,
		 "<testsuite name=\"client\" tests=\"1\" failures=\"0\" errors=\"0\" "
		 "skipped=\"1\">");
	line = play_line(text, "  <testcase", "\"lacks\"");
	play_has(line, "message=\"unexpected: CORP\\svc-web; missing: ");
	free(line);
	line = play_line(text, "  <testcase", "\"formula:4455\"");
	play_has(line, "<failure type=\"violation\"");
	free(line);
	line = play_line(text, "  <testcase", "\"denied\"");
	play_has(line, "<error type=\"right_denied\"");
	free(line);
	line = play_line(text, "  <testcase", "\"silent\"");
	play_has(line, "<error type=\"timeout\" message=\"no answer to the connection");
	free(line);
	line = play_line(text, "  <testcase", "\"waived\"");
	play_has_not(line, "failure");
	free(line);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(csv_has_a_row_for_each_holder_and_each_host_without_one),
		PLAY_TEST(csv_disarms_formulas),
		PLAY_TEST(ndjson_has_a_line_for_each_finding_and_none_for_what_is_well),
		PLAY_TEST(ocsf_says_pass_fail_warning_or_not_applicable),
		PLAY_TEST(ocsf_names_the_finding_and_its_remediation),
		PLAY_TEST(prometheus_counts_hosts_rights_and_holders),
		PLAY_TEST(prometheus_leaves_an_unknown_time_out),
		PLAY_TEST(junit_fails_errs_and_skips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
