/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON report, and the HTML page that embeds it. */
#include "tests/report/render_play.h"

#include <cjson/cJSON.h>

static const cJSON *at(const cJSON *object, const char *key)
{
	const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!found)
		fail_msg("no \"%s\"", key);
	return found;
}

static const char *text_at(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(at(object, key));
}

static int number_at(const cJSON *object, const char *key)
{
	return (int)cJSON_GetNumberValue(at(object, key));
}

static cJSON *report_of(struct play *p)
{
	char *text = play(p, "json");
	cJSON *json = cJSON_Parse(text);

	assert_non_null(json);
	free(text);
	return json;
}

static const cJSON *host_of(const cJSON *report, const char *name)
{
	const cJSON *host;

	cJSON_ArrayForEach(host, at(report, "hosts"))
	{
		if (strcmp(text_at(host, "host"), name) == 0)
			return host;
	}
	fail_msg("no host %s", name);
	return NULL;
}

static const cJSON *right_of(const cJSON *report, const char *name)
{
	return at(at(host_of(report, name), "rights"), PLAY_DEBUG);
}

static void the_summary_counts_every_host_once(void **state)
{
	struct play *p = *state;
	const cJSON *summary;
	cJSON *report;

	p->unrecorded = 2;
	report = report_of(p);
	summary = at(report, "summary");
	assert_string_equal(text_at(report, "schema"), "lsasweep.report/2");
	assert_int_equal(number_at(summary, "hosts"), PLAY_CAST);
	assert_int_equal(number_at(summary, "compliant"), 3);
	assert_int_equal(number_at(summary, "violation"), 5);
	assert_int_equal(number_at(summary, "unknown"), 4);
	assert_int_equal(number_at(summary, "unrecorded"), 2);
	assert_int_equal(number_at(summary, "role_conflicts"), 1);
	assert_int_equal(number_at(at(summary, "outcomes"), "timeout"), 1);
	assert_int_equal(number_at(at(summary, "findings"), "waived"), 1);
	assert_int_equal(cJSON_GetArraySize(at(report, "hosts")), PLAY_CAST);
	cJSON_Delete(report);
}

static void a_role_shows_its_rule_and_who_is_too_many_or_missing(void **state)
{
	cJSON *report = report_of(*state);
	const cJSON *role = at(at(report, "roles"), "member_server");
	const cJSON *right = at(at(role, "rights"), PLAY_DEBUG);
	const cJSON *entry;

	assert_string_equal(text_at(right, "match"), "exactly");
	assert_string_equal(text_at(right, "rule"), "2.2.16");
	assert_string_equal(
		cJSON_GetStringValue(cJSON_GetArrayItem(at(right, "domain_joined"), 0)),
		"DOMAIN-512");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetArrayItem(at(right, "any_of"), 0)),
			 2);
	assert_int_equal(number_at(right, "violation"), 4);
	assert_int_equal(number_at(at(right, "outcomes"), "denied"), 1);
	assert_int_equal(cJSON_GetArraySize(at(right, "extra")), 4);
	entry = cJSON_GetArrayItem(at(right, "extra"), 0);
	assert_string_equal(text_at(entry, "sid"), "S-1-1-0");
	assert_string_equal(text_at(entry, "finding"), "broad_principal");
	assert_int_equal(number_at(entry, "hosts"), 1);
	assert_int_equal(cJSON_GetArraySize(at(right, "missing")), 3);
	/* No rule for clients, and null is not the empty list of "none". */
	right = at(at(at(at(report, "roles"), "client"), "rights"), PLAY_DEBUG);
	assert_true(cJSON_IsNull(at(right, "match")));
	assert_int_equal(number_at(right, "not_applicable"), 1);
	cJSON_Delete(report);
}

static void a_host_shows_its_holders_and_why_it_is_unknown(void **state)
{
	cJSON *report = report_of(*state);
	const cJSON *right = right_of(report, "worst"), *error;

	assert_string_equal(text_at(right, "verdict"), "violation");
	assert_int_equal(cJSON_GetArraySize(at(right, "holders")), 5);
	right = right_of(report, "denied");
	assert_string_equal(text_at(right, "verdict"), "unknown");
	play_has(text_at(right, "cause"), "access denied");
	assert_string_equal(text_at(at(right, "error"), "value"), "0xC0000022");
	error = at(host_of(report, "silent"), "error");
	assert_string_equal(text_at(error, "step"), "connect");
	assert_true(cJSON_IsNull(at(error, "value")));
	play_has(text_at(host_of(report, "silent"), "cause"), "no answer");
	assert_string_equal(text_at(host_of(report, "conflict"), "conflict"),
			    "two sources, two roles");
	assert_string_equal(cJSON_GetStringValue(cJSON_GetArrayItem(
				    at(host_of(report, "formula"), "tags"), 1)),
			    "|x");
	assert_int_equal(number_at(host_of(report, "formula"), "port"), 4455);
	cJSON_Delete(report);
}

static void a_waived_holder_shows_the_waiver(void **state)
{
	cJSON *report = report_of(*state);
	const cJSON *holder, *waiver = NULL;

	cJSON_ArrayForEach(holder, at(right_of(report, "waived"), "holders"))
	{
		if (!waiver)
			waiver = cJSON_GetObjectItem(holder, "waiver");
	}
	assert_non_null(waiver);
	assert_string_equal(text_at(waiver, "reason"), "CHG-1");
	assert_string_equal(text_at(waiver, "expires"), "2026-12-31");
	cJSON_Delete(report);
}

static void a_principal_adds_up_over_roles(void **state)
{
	cJSON *report = report_of(*state);
	const cJSON *principal, *everyone = NULL;

	cJSON_ArrayForEach(principal, at(report, "principals"))
	{
		if (strcmp(text_at(principal, "sid"), "S-1-1-0") == 0)
			everyone = at(at(principal, "rights"), PLAY_DEBUG);
	}
	assert_non_null(everyone);
	assert_int_equal(number_at(everyone, "member_server"), 1);
	assert_int_equal(number_at(everyone, "domain_controller"), 1);
	cJSON_Delete(report);
}

static void a_second_baseline_stands_beside_the_first(void **state)
{
	struct play *p = *state;
	const cJSON *compared;
	cJSON *report;

	p->other = play_baseline(play_other_rules);
	report = report_of(p);
	compared = cJSON_GetArrayItem(at(report, "also_compared"), 0);
	assert_string_equal(text_at(compared, "name"), "lenient");
	assert_int_equal(number_at(at(compared, "summary"), "violation"), 1);
	assert_string_equal(
		text_at(at(host_of(report, "worst"), "also_compared"), "lenient"),
		"compliant");
	assert_string_equal(text_at(host_of(report, "worst"), "verdict"), "violation");
	cJSON_Delete(report);
}

/* ---- html ---- */

static void the_page_holds_the_json_report_and_no_slot_is_left(void **state)
{
	struct play *p = *state;
	char *html = play(p, "html");
	const char *begin = strstr(html, "{\"schema\":\"lsasweep.report/2\"");
	cJSON *json;

	assert_non_null(begin);
	json = cJSON_ParseWithOpts(begin, NULL, false);
	assert_non_null(json);
	assert_int_equal(cJSON_GetArraySize(at(json, "hosts")), PLAY_CAST);
	cJSON_Delete(json);
	play_has_not(html, "{{");
	play_has(html, "default-src 'none'; style-src 'sha256-");
	play_has(html, "</html>");
	free(html);
}

static void the_page_tells_coverage_findings_and_holders_without_script(void **state)
{
	struct play *p = *state;
	char *html;

	p->other = play_baseline(play_other_rules);
	p->unrecorded = 1;
	html = play(p, "html");
	play_has(html, "<strong>8 of 12 hosts (66.6 %)</strong> were assessed. "
		       "<strong>5</strong> of these violate the baseline.");
	play_has(html, "1 more target has no record in the journal");
	play_has(html, "timeout<br><span class=\"soft\">no answer to the connection");
	play_has(html, "<td class=\"number\">1</td><td>rights denied");
	play_has(html, "<td class=\"number\">1</td><td>rights failed");
	play_has(html, "<span class=\"severity critical\">critical</span>");
	play_has(html, "holds SeDebugPrivilege on 3 member servers");
	play_has(html, "<dt>Also compared with</dt><dd>lenient: 6 of 7");
	play_has(html, "<dt>Ended</dt><dd>2026-01-02T03:10:00.500Z</dd>");
	free(html);
}

static void the_page_of_a_clean_domain_says_so(void **state)
{
	struct play *p = *state;
	char *html;

	p->host_count = 1; /* the compliant one */
	p->journal.finished = NULL;
	p->journal.unfinished = 1;
	html = play(p, "html");
	play_has(html, "All of these are compliant.");
	play_has(html, "<p>Nothing was found that differs from the baseline.</p>");
	play_has(html, "<p>No principal holds a right that the baseline does not allow.");
	play_has(html, "<dt>Ended</dt><dd>cut short</dd>");
	play_has_not(html, "Why hosts were not assessed");
	free(html);
}

/* A host must not end the script element, nor bring one. */
static void a_hostile_name_stays_text_in_the_page(void **state)
{
	struct play *p = *state;
	static struct play_host hostile = {
		"</script><script>x()", ROLE_MEMBER_SERVER, .right = RIGHT_HELD,
		.extra = { { PLAY_DOMAIN "-1", "<img src=x onerror=y>", KIND_USER } }
	};
	char *html;

	play_add(p, &hostile);
	html = play(p, "html");
	play_has_not(html, "</script><script>x()");
	play_has_not(html, "<img src=x");
	play_has(html, "&lt;img src=x onerror=y&gt;");
	free(html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(the_summary_counts_every_host_once),
		PLAY_TEST(a_role_shows_its_rule_and_who_is_too_many_or_missing),
		PLAY_TEST(a_host_shows_its_holders_and_why_it_is_unknown),
		PLAY_TEST(a_waived_holder_shows_the_waiver),
		PLAY_TEST(a_principal_adds_up_over_roles),
		PLAY_TEST(a_second_baseline_stands_beside_the_first),
		PLAY_TEST(the_page_holds_the_json_report_and_no_slot_is_left),
		PLAY_TEST(the_page_tells_coverage_findings_and_holders_without_script),
		PLAY_TEST(the_page_of_a_clean_domain_says_so),
		PLAY_TEST(a_hostile_name_stays_text_in_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
