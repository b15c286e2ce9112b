/* SPDX-License-Identifier: Apache-2.0 */
/* The summary for a ticket, in Markdown. */
#include "tests/report/render_play.h"

static void a_summary_has_roles_findings_and_unknown_hosts(void **state)
{
	struct play *p = *state;
	char *text;

	p->unrecorded = 2;
	text = play(p, "markdown");
	play_has(text, "# User rights compared with baseline `");
	play_has(text, "- 2 more targets have no record in the journal");
	play_has(text, "| member server | 9 | 7 |");
	play_has(text, "| critical | `Everyone` (`S-1-1-0`) | holds `" PLAY_DEBUG "`");
	play_has(text, "| 1 | `timeout` | no answer to the connection in time |");
	play_has(text, "## Hosts in violation\n");
	play_has(text, "- `dc`, domain controller: ");
	assert_int_equal(p->fault, RENDERING_WHOLE);
	free(text);
}

/* A name is never markup: code spans hold it, a pipe does not end its cell. */
static void names_are_no_markup(void **state)
{
	static const struct play_host hostile = {
		"x|y`z<b>", ROLE_MEMBER_SERVER, .right = RIGHT_HELD,
		.extra = { { PLAY_DOMAIN "-1108", "a|b`c*d<script>", KIND_USER } }
	};
	struct play *p = *state;
	char *text, *line;

	play_add(p, &hostile);
	text = play(p, "markdown");
	line = play_line(text, "| high |", "script");
	play_has_not(line, "a|b");
	play_has(line, "`` a<U+007C>b`c*d<script> ``");
	free(line);
	free(text);
}

static void a_second_baseline_is_named(void **state)
{
	struct play *p = *state;
	char *text;

	p->other = play_baseline(play_rules);
	text = play(p, "markdown");
	play_has(text, "compared with");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(a_summary_has_roles_findings_and_unknown_hosts),
		PLAY_TEST(names_are_no_markup),
		PLAY_TEST(a_second_baseline_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
