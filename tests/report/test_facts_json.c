/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "report/facts/facts_json.h"
#include "report/text/json_text.h"

static struct holder holders[] = {
	{ "S-1-5-32-544", "BUILTIN\\Administrators", KIND_ALIAS },
	{ "S-1-5-21-1-2-3-1105", NULL, KIND_DELETED },
};
static struct right_fact rights[] = {
	{ .name = "SeImpersonatePrivilege",
	  .outcome = RIGHT_HELD,
	  .holders = holders,
	  .holder_count = 2 },
	{ .name = "SeTcbPrivilege", .outcome = RIGHT_NOBODY },
	{ .name = "SeDebugPrivilege",
	  .outcome = RIGHT_DENIED,
	  .error = { .step = "ask",
		     .reason = "access_denied",
		     .code = "STATUS_ACCESS_DENIED",
		     .text = "not an administrator",
		     .has_value = true,
		     .value = 0xC0000022 } },
};

static void fill(struct facts *f)
{
	static const char *tags[] = { "web", "dmz" };

	facts_init(f);
	f->timestamp = "2026-01-02T03:04:05.678Z";
	f->sweep = "b6f3";
	f->host = "srv1.corp.example";
	f->port = 445;
	f->address = "10.1.2.3";
	f->tags = tags;
	f->tag_count = 2;
	f->outcome = HOST_ANSWERED;
	f->step = "close";
	f->attempts = 1;
	f->role = ROLE_MEMBER_SERVER;
	f->evidence = EVIDENCE_DSSETUP;
	f->machine_role_known = true;
	f->machine_role = 3;
	f->hint_known = true;
	f->hint = ROLE_CLIENT;
	f->conflict = "dssetup says member_server, hint says client";
	f->policy_known = true;
	f->policy_domain_joined = true;
	f->server_type_known = true;
	f->server_type = 0x80009003;
	f->netbios_name = "SRV1";
	f->domain_sid = "S-1-5-21-1-2-3";
	f->os_version = "10.0.20348";
	f->dialect = "3.1.1";
	f->signing_required = true;
	f->mechanism = LOGIN_KERBEROS;
	f->rights = rights;
	f->right_count = 3;
	f->timing = (struct fact_timing){ 0.2, 0, 5.125, -1, 9.0006 };
}

/* tests/golden/facts.ndjson: a host that told everything, one that did not answer.  The
 * same file is held against the schema of facts. */
static char golden[2][4000];

static int read_golden(void **state)
{
	FILE *file = fopen(TESTS_DIR "/golden/facts.ndjson", "r");

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < 2; i++) {
		assert_non_null(fgets(golden[i], sizeof(golden[i]), file));
		golden[i][strcspn(golden[i], "\n")] = '\0';
	}
	fclose(file);
	return 0;
}

static void a_line_is_what_the_contract_says(void **state)
{
	struct facts f;
	char *line;

	(void)state;
	fill(&f);
	line = facts_to_json(&f);
	assert_string_equal(line, golden[0]);
	free(line);
}

static void a_line_read_back_says_the_same(void **state)
{
	struct facts f;
	char why[200];
	char *line;

	(void)state;
	facts_init(&f);
	assert_true(facts_from_json(golden[0], strlen(golden[0]), &f, why, sizeof(why)));
	assert_int_equal(f.port, 445);
	assert_int_equal(f.outcome, HOST_ANSWERED);
	assert_int_equal(f.role, ROLE_MEMBER_SERVER);
	assert_int_equal(f.hint, ROLE_CLIENT);
	assert_int_equal(f.server_type, 0x80009003);
	assert_int_equal(f.rights[0].holders[1].kind, KIND_DELETED);
	assert_null(f.rights[0].holders[1].name);
	assert_int_equal(f.rights[2].error.value, 0xC0000022);
	assert_true(f.timing.ask < 0);
	line = facts_to_json(&f);
	assert_string_equal(line, golden[0]);
	free(line);
	facts_free(&f);
}

static void an_unreached_host_has_its_error(void **state)
{
	struct facts f;
	char *line;

	(void)state;
	facts_init(&f);
	f.host = "10.0.0.9";
	f.port = 445;
	f.outcome = HOST_TIMEOUT;
	f.step = "connect";
	f.error = (struct fact_error){ .step = "connect", .text = "no answer in 4 s" };
	line = facts_to_json(&f);
	assert_string_equal(line, golden[1]);
	free(line);
}

/* Hostile names: nothing is lost but bytes that are no characters. */
static void strings_are_escaped_and_kept(void **state)
{
	static const struct {
		const char *name, *json;
	} cases[] = {
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "\x1b[31m\n\x7f", "\"\\u001b[31m\\u000a\\u007f\"" },
		{ "M\xC3\xBCller", "\"M\xC3\xBCller\"" },
		{ "\xE2\x80\xAEtxt", "\"\\u202etxt\"" },
		{ "\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\"" },
		{ "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"" },
		{ "\xFFz", "\"\xEF\xBF\xBDz\"" },
		{ "\xEF\xBF\xBD", "\"\xEF\xBF\xBD\"" },
		{ "", "\"\"" },
		{ NULL, "null" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_text t;
		char *text;

		json_text_begin(&t, 0);
		json_put_string(&t, cases[i].name);
		text = json_text_take(&t);
		assert_string_equal(text, cases[i].json);
		free(text);
	}
}

#define BASE  "\"schema\":\"lsasweep.facts/1\",\"host\":\"h\",\"port\":445"
#define WHOLE "{" BASE ",\"outcome\":\"answered\""

static void bad_lines_are_refused_with_a_reason(void **state)
{
	static const struct {
		const char *line, *why;
	} cases[] = {
		{ "", "no JSON at byte 1" },
		{ "nonsense", "no JSON at byte 1" },
		{ "[]", "found an array, expected an object" },
		{ "{}", "schema: found nothing, expected \"lsasweep.facts/1\"" },
		{ "{\"schema\":\"lsasweep.facts/2\"}",
		  "schema: found \"lsasweep.facts/2\", expected \"lsasweep.facts/1\"" },
		{ "{\"schema\":\"lsasweep.facts/1\"}",
		  "host: found nothing, expected a name or an address" },
		{ "{\"schema\":\"lsasweep.facts/1\",\"host\":3}",
		  "host: found a number, expected a string" },
		{ "{\"schema\":\"lsasweep.facts/1\",\"host\":\"h\"}",
		  "port: found nothing, expected a number" },
		{ "{\"schema\":\"lsasweep.facts/1\",\"host\":\"h\",\"port\":1e300}",
		  "port: found another number, expected a whole number up to 65535" },
		{ "{" BASE "}", "outcome: found nothing, expected a word" },
		{ "{" BASE ",\"outcome\":\"fine\"}",
		  "outcome: \"fine\" is not one of its words" },
		{ WHOLE "} x", "more text behind the object at byte 74" },
		{ WHOLE ",\"host\":\"i\"}", "facts: key \"host\" twice" },
		{ WHOLE ",\"rights\":{\"SeDebugPrivilege\":{\"outcome\":\"nobody\"},"
			"\"sedebugprivilege\":{\"outcome\":\"undefined\"}}}",
		  "rights: key \"sedebugprivilege\" twice" },
		{ WHOLE ",\"rights\":{\"SeDebugPrivilege\":{\"outcome\":\"nobody\","
			"\"outcome\":\"undefined\"}}}",
		  "SeDebugPrivilege: key \"outcome\" twice" },
		{ WHOLE ",\"rights\":{\"SeDebugPrivilege\":{\"outcome\":\"held\","
			"\"holders\":[{\"sid\":\"S-1-5-18\",\"sid\":\"S-1-1-0\"}]}}}",
		  "holders: key \"sid\" twice" },
		{ WHOLE ",\"step\":\"a\\u0000b\"}", "NUL character at byte 82" },
		{ WHOLE ",\"step\":\"\\ud800\"}", "no JSON at byte 81" },
		{ WHOLE ",\"attempts\":-1}",
		  "attempts: found another number, expected a whole number up to "
		  "1000000000" },
		{ WHOLE ",\"tags\":{}}", "tags: found an object, expected an array of "
					 "strings" },
		{ WHOLE ",\"tags\":[1]}", "tags: found a number, expected a string" },
		{ WHOLE ",\"role\":3}", "role: found a number, expected an object" },
		{ WHOLE ",\"role\":{\"value\":\"boss\"}}",
		  "value: \"boss\" is not one of its words" },
		{ WHOLE ",\"role\":{\"value\":\"client\",\"machine_role\":1.5}}",
		  "machine_role: found another number, expected a whole number up to "
		  "65535" },
		{ WHOLE ",\"smb\":{\"signing_required\":1}}",
		  "signing_required: found a number, expected true or false" },
		{ WHOLE ",\"rights\":{\"SeA\":[]}}",
		  "rights.SeA: found an array, expected an object" },
		{ WHOLE ",\"rights\":{\"SeA\":{\"outcome\":\"held\"}}}",
		  "rights.SeA: \"held\" with 0 holders" },
		{ WHOLE ",\"rights\":{\"SeA\":{\"outcome\":\"nobody\",\"holders\":"
			"[{\"sid\":\"S-1-1-0\"}]}}}",
		  "rights.SeA: \"nobody\" with 1 holders" },
		{ WHOLE ",\"rights\":{\"SeA\":{\"outcome\":\"held\",\"holders\":[{}]}}}",
		  "holders: a holder without a sid" },
		{ WHOLE ",\"timing_ms\":{\"ask\":\"x\"}}",
		  "timing_ms.ask: found a string, expected a number" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct facts f;
		char why[200] = "";

		facts_init(&f);
		assert_false(facts_from_json(cases[i].line, strlen(cases[i].line), &f,
					     why, sizeof(why)));
		assert_string_equal(why, cases[i].why);
		facts_free(&f);
	}
}

static void unknown_keys_and_missing_ones_are_fine(void **state)
{
	static const char line[] = WHOLE
		",\"later\":{\"a\":[1,2]},\"rights\":{\"SeNew\":{\"outcome\":"
		"\"held\",\"holders\":[{\"sid\":\"S-1-1-0\",\"later\":1}]}}} \r";
	struct facts f;
	char why[200];

	(void)state;
	facts_init(&f);
	assert_true(facts_from_json(line, sizeof(line) - 1, &f, why, sizeof(why)));
	assert_int_equal(f.role, ROLE_UNKNOWN);
	assert_int_equal(f.rights[0].holders[0].kind, KIND_NOT_TOLD);
	facts_free(&f);
}

static void deep_nesting_is_refused(void **state)
{
	enum { DEPTH = 100000 };
	char *line = malloc(DEPTH + 1);
	struct facts f;
	char why[200];

	(void)state;
	memset(line, '[', DEPTH);
	facts_init(&f);
	assert_false(facts_from_json(line, DEPTH, &f, why, sizeof(why)));
	facts_free(&f);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_what_the_contract_says),
		cmocka_unit_test(a_line_read_back_says_the_same),
		cmocka_unit_test(an_unreached_host_has_its_error),
		cmocka_unit_test(strings_are_escaped_and_kept),
		cmocka_unit_test(bad_lines_are_refused_with_a_reason),
		cmocka_unit_test(unknown_keys_and_missing_ones_are_fine),
		cmocka_unit_test(deep_nesting_is_refused),
	};

	return cmocka_run_group_tests(tests, read_golden, NULL);
}
