/* SPDX-License-Identifier: Apache-2.0 */
/* The text report, and the sentences that every format shares. */
#include "tests/report/render_play.h"

#include "report/render/phrases.h"
#include "report/render/ranking.h"
#include "report/text/escape.h"

static void the_summary_comes_first_and_says_what_is_not_known(void **state)
{
	struct play *p = *state;
	char *text;

	p->unrecorded = 2;
	text = play(p, "text");
	play_has(text, "User rights compared with baseline rules 7 (the test)\n");
	play_has(text, "Assessed 8 of 12 hosts (66.6 %). Of these, 3 of 8 (37.5 %) are "
		       "compliant.\n");
	play_has(text, "2 more targets have no record in the journal");
	play_has(text, "Sources disagree on the role of 1 host; -o json names it.");
	play_has(text, "\nmember server             9         7         4        2  "
		       "3 of 7 (42.8 %)\n");
	play_has(text, "\nWHY HOSTS WERE NOT ASSESSED\n"
		       "          1 timeout: no answer to the connection in time\n"
		       "          3 answered: the answers do not decide the verdict\n"
		       "          1 member server denied access to SeDebugPrivilege\n");
	play_has(text, "  CORP\\svc-web holds SeDebugPrivilege on 3 member servers\n");
	play_has(text, "  critical Everyone (S-1-1-0): holds SeDebugPrivilege on 1 ");
	play_has(text, "  waived   CORP\\ok (" PLAY_DOMAIN "-1106): holds");
	play_has(text, "  medium   BUILTIN\\Administrators (S-1-5-32-544): lacks");
	free(text);
}

static void each_host_in_violation_has_its_findings_and_their_remediation(void **state)
{
	char *text = play(*state, "text");
	const char *violations = strstr(text, "\nVIOLATIONS\n");
	const char *unknown = strstr(text, "\nNOT ASSESSED (unknown is never counted as "
					   "compliant)\n");

	assert_non_null(violations);
	assert_non_null(unknown);
	assert_true(violations < unknown);
	play_has(violations, "  formula:4455 (member server)\n");
	play_has(violations, "  conflict (member server)\n    two sources, two roles\n");
	play_has(violations, "high     extra    CORP\\svc-web SeDebugPrivilege\n");
	play_has(violations, "Fix: Remove Everyone (S-1-1-0) from \"Debug programs\".");
	play_has_not(violations, "  compliant (");
	play_has_not(violations, "  waived (");
	play_has(unknown, "  silent (unknown role)\n"
			  "    timeout: no answer to the connection in time\n"
			  "    connect: no answer\n");
	play_has(unknown, "  denied (member server)\n    answered: access denied: ");
	free(text);
}

static void no_line_is_wider_than_80_columns(void **state)
{
	char *text = play(*state, "text"), *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		if (escape_terminal_width(line) > 80)
			fail_msg("%s", line);
	free(text);
}

static void colours_are_written_for_a_terminal_only(void **state)
{
	struct play *p = *state;
	char *plain = play(p, "text"), *colour;

	p->colour = true;
	colour = play(p, "text");
	play_has_not(plain, "\033");
	play_has(colour, "\033[31mcritical\033[0m");
	free(colour);
	free(plain);
}

static void a_second_baseline_and_a_cut_short_sweep_are_said(void **state)
{
	struct play *p = *state;
	char *text;

	p->other = play_baseline(play_other_rules);
	p->journal.finished = NULL;
	text = play(p, "text");
	play_has(text, "Also compared with lenient: 6 of 7 (85.7 %) compliant.\n");
	play_has(text, "to ? (cut short)\n");
	free(text);
}

static void a_clean_domain_has_no_lists(void **state)
{
	struct play *p = *state;
	char *text;

	p->host_count = 1;
	text = play(p, "text");
	play_has(text, "Assessed 1 of 1 hosts (100.0 %). Of these, 1 of 1 (100.0 %)");
	play_has_not(text, "VIOLATIONS");
	play_has_not(text, "NOT ASSESSED");
	play_has_not(text, "FINDINGS");
	free(text);
}

/* A list that is cut says how many it left out. */
static void long_lists_are_cut_and_say_so(void **state)
{
	static const char *const formats[] = { "text", "html" };
	static char names[120][40];
	static struct holder many[120];
	struct play *p = *state;

	for (unsigned i = 0; i < 120; i++) {
		snprintf(names[i], sizeof(names[i]), PLAY_DOMAIN "-%u", 5000 + i);
		many[i] = (struct holder){ names[i], NULL, KIND_USER };
	}
	p->rights[0].holders = many;
	p->rights[0].holder_count = 120;
	p->host_count = 1;
	for (size_t i = 0; i < 2; i++) {
		char *text = play(p, formats[i]);

		play_has(text, i ? "and 95 more: see the JSON report" /* of 25 */
				 : "  and 105 more: see -o json\n");  /* of 15 */
		play_has(
			text,
			i ? "and 23 more, less severe" /* of 100 */
			  : "  and 83 more on at most 1 host: see -o json\n"); /* of 40 */
		free(text);
	}
}

/* ---- ranking ---- */

static void the_worst_finding_is_first_and_then_the_most_widespread(void **state)
{
	struct play *p = *state;
	struct scorecard *s = play_score(p, p->rules);
	size_t count, all;
	struct finding_row *rows = ranking_findings(s, &count);
	struct unexpected *list = ranking_unexpected(s, 2, &count, &all);

	assert_string_equal(rows[0].entry->sid, "S-1-1-0");
	assert_int_equal(rows[0].entry->severity, SEVERITY_CRITICAL);
	assert_string_equal(rows[1].entry->name, "CORP\\svc-web");
	assert_int_equal(count, 2);
	assert_true(all > 2);
	assert_string_equal(list[0].principal->sid, "S-1-1-0");
	assert_int_equal(list[0].entry->severity, SEVERITY_CRITICAL);
	assert_string_equal(list[1].principal->name, "CORP\\svc-web");
	assert_int_equal(list[1].hosts, 3);
	assert_true(list[0].hosts < list[1].hosts);
	free(rows);
	free(list);
	scorecard_free(s);
}

/* ---- phrases ---- */

static void numbers_are_grouped_and_shares_never_rounded_up(void **state)
{
	char text[100];

	(void)state;
	assert_string_equal(phrase_count(0, text, sizeof(text)), "0");
	assert_string_equal(phrase_count(999, text, sizeof(text)), "999");
	assert_string_equal(phrase_count(1234567, text, sizeof(text)), "1,234,567");
	assert_string_equal(phrase_share(4999, 5000, "hosts", text, sizeof(text)),
			    "4,999 of 5,000 hosts (99.9 %)");
	assert_string_equal(phrase_share(0, 0, "hosts", text, sizeof(text)),
			    "0 of 0 hosts");
}

static void a_place_names_roles_with_their_plural(void **state)
{
	size_t one[ROLE_COUNT] = { [ROLE_CLIENT] = 1 };
	size_t three[ROLE_COUNT] = { 3, 1, 0, 0, 2 };
	char text[300];

	(void)state;
	assert_string_equal(phrase_where(one, text, sizeof(text)), "1 client");
	assert_string_equal(phrase_where(three, text, sizeof(text)),
			    "3 domain controllers, 1 member server and 2 hosts of "
			    "unknown role");
}

static void a_notice_agrees_with_its_number(void **state)
{
	struct play *p = *state;
	struct scorecard *s = play_score(p, p->rules);
	struct render_context about = { .journal = &p->journal, .score = s };
	char text[PHRASE_ROOM];

	assert_false(phrase_notice(&about, NOTICE_UNRECORDED, text, sizeof(text)));
	assert_false(phrase_notice(&about, NOTICE_SUSPECT, text, sizeof(text)));
	assert_false(phrase_notice(&about, NOTICE_UNLISTED, text, sizeof(text)));
	about.unrecorded = 1;
	assert_true(phrase_notice(&about, NOTICE_UNRECORDED, text, sizeof(text)));
	play_has(text, "1 more target has no record");
	s->suspect = 2;
	s->suspect_assessed = 1;
	assert_true(phrase_notice(&about, NOTICE_SUSPECT, text, sizeof(text)));
	play_has(text, "2 hosts gave an answer that cannot be complete "
		       "(collection_suspect): 1 in violation counts as assessed, "
		       "1 unknown does not.");
	s->principals_unlisted = 1;
	s->unlisted_hosts = 1;
	assert_true(phrase_notice(&about, NOTICE_UNLISTED, text, sizeof(text)));
	play_has(text, "1 holder on 1 host are too many");
	scorecard_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(the_summary_comes_first_and_says_what_is_not_known),
		PLAY_TEST(each_host_in_violation_has_its_findings_and_their_remediation),
		PLAY_TEST(no_line_is_wider_than_80_columns),
		PLAY_TEST(colours_are_written_for_a_terminal_only),
		PLAY_TEST(a_second_baseline_and_a_cut_short_sweep_are_said),
		PLAY_TEST(a_clean_domain_has_no_lists),
		PLAY_TEST(long_lists_are_cut_and_say_so),
		PLAY_TEST(the_worst_finding_is_first_and_then_the_most_widespread),
		PLAY_TEST(numbers_are_grouped_and_shares_never_rounded_up),
		PLAY_TEST(a_place_names_roles_with_their_plural),
		PLAY_TEST(a_notice_agrees_with_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
