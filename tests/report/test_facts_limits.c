/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_facts_limits.c - one host's record stays within its limits, and says what was cut.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/facts_json.h"
#include "report/facts/facts_limits.h"
#include "report/facts/limits.h"

static struct facts facts;

static int begin(void **state)
{
	(void)state;
	facts_init(&facts);
	facts.host = facts_text(&facts, "h");
	facts.port = 445;
	facts.outcome = HOST_ANSWERED;
	return 0;
}

static int end(void **state)
{
	(void)state;
	facts_free(&facts);
	return 0;
}

/* `count` bytes of one kind, owned by the facts. */
static const char *long_text(size_t count, char byte)
{
	char *text = malloc(count + 1);
	const char *kept;

	assert_non_null(text);
	memset(text, byte, count);
	text[count] = '\0';
	kept = facts_text(&facts, text);
	free(text);
	return kept;
}

static void make_rights(size_t count)
{
	char name[32];

	facts.rights = facts_take(&facts, count, sizeof(*facts.rights));
	facts.right_count = count;
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "SeRight%zu", i);
		facts.rights[i].name = facts_text(&facts, name);
		facts.rights[i].outcome = RIGHT_NOBODY;
	}
}

static void hold(size_t right, size_t count, const char *name)
{
	struct right_fact *r = &facts.rights[right];

	r->outcome = RIGHT_HELD;
	r->holders = facts_take(&facts, count, sizeof(*r->holders));
	r->holder_count = count;
	for (size_t i = 0; i < count; i++) {
		r->holders[i].sid = "S-1-5-32-544";
		r->holders[i].name = name;
	}
}

/* The line is shorter than the longest that is read, and reads back the same. */
static void expect_readable(void)
{
	char why[300] = "", *line = facts_to_json(&facts), *second;
	struct facts again;

	assert_non_null(line);
	assert_true(strlen(line) <= LIMIT_LINE_WRITTEN_BYTES);
	facts_init(&again);
	if (!facts_from_json(line, strlen(line), &again, why, sizeof(why)))
		fail_msg("%s", why);
	second = facts_to_json(&again);
	assert_string_equal(line, second);
	free(line);
	free(second);
	facts_free(&again);
}

static void an_ordinary_record_is_left_as_it_is(void **state)
{
	(void)state;
	make_rights(2);
	hold(0, 3, "BUILTIN\\Administrators");
	assert_int_equal(facts_keep_limits(&facts), 0);
	assert_int_equal(facts.rights[0].outcome, RIGHT_HELD);
	assert_int_equal(facts.rights[0].holder_count, 3);
	assert_int_equal(facts.rights[1].outcome, RIGHT_NOBODY);
}

static void a_right_with_too_many_holders_fails_and_says_so(void **state)
{
	(void)state;
	make_rights(2);
	hold(0, LIMIT_HOLDERS_A_RIGHT + 1, NULL);
	hold(1, LIMIT_HOLDERS_A_RIGHT, NULL);
	assert_int_equal(facts_keep_limits(&facts), 1);
	assert_int_equal(facts.rights[0].outcome, RIGHT_FAILED);
	assert_int_equal(facts.rights[0].holder_count, 0);
	assert_string_equal(facts.rights[0].error.text,
			    "cut at 20480 of 20481 holders: more than one host's record "
			    "may hold");
	assert_int_equal(facts.rights[1].outcome, RIGHT_HELD);
	expect_readable();
}

static void all_rights_together_have_a_limit_too(void **state)
{
	(void)state;
	make_rights(5);
	for (size_t i = 0; i < 5; i++)
		hold(i, LIMIT_HOLDERS_A_RIGHT, NULL);
	assert_int_equal(facts_keep_limits(&facts), 2);
	assert_int_equal(facts.rights[2].outcome, RIGHT_HELD);
	assert_int_equal(facts.rights[3].outcome, RIGHT_FAILED);
	expect_readable();
}

static void long_names_use_up_what_a_host_may_write(void **state)
{
	const char *name = long_text(2000, '\x01'); /* six bytes each as JSON */

	(void)state;
	make_rights(4);
	for (size_t i = 0; i < 4; i++)
		hold(i, 600, name);
	assert_true(facts_keep_limits(&facts) > 0);
	assert_int_equal(facts.rights[0].outcome, RIGHT_HELD);
	assert_int_equal(facts.rights[3].outcome, RIGHT_FAILED);
	assert_non_null(strstr(facts.rights[3].error.text, " of 600 holders"));
	expect_readable();
}

static void a_text_that_is_too_long_is_cut_between_characters(void **state)
{
	const char *told = "(cut at 1887 of 3001 bytes)";
	char text[3002];

	(void)state;
	text[0] = 'x';
	for (size_t i = 1; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xC3\xA4", 2);
	text[3001] = '\0';
	facts.netbios_name = facts_text(&facts, text);
	facts_keep_limits(&facts);
	assert_true(strlen(facts.netbios_name) <= LIMIT_TEXT_BYTES);
	assert_string_equal(strchr(facts.netbios_name, '('), told);
	expect_readable();
}

static void too_many_tags_and_rights_are_said(void **state)
{
	(void)state;
	facts.tags = facts_take(&facts, LIMIT_TAGS + 5, sizeof(*facts.tags));
	facts.tag_count = LIMIT_TAGS + 5;
	for (size_t i = 0; i < facts.tag_count; i++)
		facts.tags[i] = "t";
	make_rights(LIMIT_RIGHTS + 3);
	assert_int_equal(facts_keep_limits(&facts), 1);
	assert_int_equal(facts.tag_count, LIMIT_TAGS);
	assert_string_equal(facts.tags[LIMIT_TAGS - 1], "cut at 999 of 1005 tags");
	assert_int_equal(facts.right_count, LIMIT_RIGHTS);
	assert_int_equal(facts.rights[LIMIT_RIGHTS - 1].outcome, RIGHT_FAILED);
	expect_readable();
}

static void everything_at_its_worst_is_still_a_line_that_can_be_read(void **state)
{
	const char *worst = long_text(5000, '\x01');

	(void)state;
	facts.tags = facts_take(&facts, LIMIT_TAGS, sizeof(*facts.tags));
	facts.tag_count = LIMIT_TAGS;
	for (size_t i = 0; i < facts.tag_count; i++)
		facts.tags[i] = worst;
	facts.dns_name = facts.domain = facts.forest = facts.os_version = worst;
	make_rights(LIMIT_RIGHTS);
	for (size_t i = 0; i < LIMIT_RIGHTS; i++) {
		char name[2000];

		snprintf(name, sizeof(name), "%zu%.1900s", i, worst);
		facts.rights[i].name = facts_text(&facts, name);
		facts.rights[i].error = (struct fact_error){ .step = worst,
							     .code = worst,
							     .text = worst };
		hold(i, 200, worst);
	}
	assert_true(facts_keep_limits(&facts) > 0);
	expect_readable();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(an_ordinary_record_is_left_as_it_is),
		TEST(a_right_with_too_many_holders_fails_and_says_so),
		TEST(all_rights_together_have_a_limit_too),
		TEST(long_names_use_up_what_a_host_may_write),
		TEST(a_text_that_is_too_long_is_cut_between_characters),
		TEST(too_many_tags_and_rights_are_said),
		TEST(everything_at_its_worst_is_still_a_line_that_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
