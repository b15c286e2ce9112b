/* SPDX-License-Identifier: Apache-2.0 */
/* Security templates: UTF-16LE with a byte order mark, and nothing in them that a
 * template cannot say. */
#include "tests/report/render_play.h"

/* The template as UTF-8, "" where there is none; free() it. */
static char *template_of(struct play *p, enum role role)
{
	char *raw, *text;
	size_t used = 0;

	p->role = role;
	raw = play(p, "gpo-inf");
	assert_true(p->length >= 2 && p->length % 2 == 0);
	assert_memory_equal(raw, "\xFF\xFE", 2);
	text = calloc(1, p->length + 1);
	for (size_t i = 2; i < p->length; i += 2) {
		/* No text of these tests needs more than seven bits, but the line ends.
		 */
		assert_int_equal(raw[i + 1], 0);
		assert_true(raw[i] >= ' ' || raw[i] == '\r' || raw[i] == '\n');
		text[used++] = raw[i];
	}
	free(raw);
	return text;
}

static void members_are_what_the_rule_expects_in_its_order(void **state)
{
	char *text = template_of(*state, ROLE_MEMBER_SERVER);

	play_has(text,
		 "[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\n"
		 "Revision=1\r\n[Privilege Rights]\r\n");
	play_has(text, "\r\nSeDebugPrivilege = *S-1-5-32-544,*" PLAY_DOMAIN
		       "-512,*S-1-5-6\r\n");
	play_has(text,
		 "; SeDebugPrivilege: S-1-5-32-568 is allowed under a condition and "
		 "not in the list; keep it where that holds: the IIS role\r\n");
	play_has(text,
		 "; SeDebugPrivilege: " PLAY_DOMAIN
		 "-1106 holds it under a waiver on some hosts and loses it by this: "
		 "CORP\\ok\r\n");
	free(text);
}

/* MACHINE-500 is another SID on each machine: in one template for all of them it would
 * give the right to an account of one machine, or of the domain. */
static void the_accounts_of_a_machine_are_a_comment_and_no_member(void **state)
{
	char *text = template_of(*state, ROLE_DOMAIN_CONTROLLER);

	play_has(text,
		 "; SeDebugPrivilege: MACHINE-500 has no SID common to these hosts; "
		 "add it by hand\r\n");
	play_has(text, "\r\nSeDebugPrivilege = *S-1-5-32-544\r\n");
	play_has(text, "asks for at least these; a template sets exactly these\r\n");
	assert_int_equal(play_count(text, "-500"), 1);
	free(text);
}

static void two_domains_have_no_common_sid(void **state)
{
	struct play *p = *state;
	char *text;

	p->hosts[0].domain_sid = "S-1-5-21-4-5-6";
	text = template_of(p, ROLE_MEMBER_SERVER);
	play_has(text, "; SeDebugPrivilege: DOMAIN-512 has no SID common to these hosts");
	play_has(text, "\r\nSeDebugPrivilege = *S-1-5-32-544,*S-1-5-6\r\n");
	free(text);
}

/* A host's word for its domain is written only where it is the SID of a domain. */
static void what_is_no_sid_of_a_domain_is_not_written(void **state)
{
	static const char *const hostile[] = { "S-1-5-21-1-2", "S-1-5-21-1-2-3\n[x]",
					       "S-1-5-32", "", "S-1-5-21-1-2-3-4" };
	struct play *p = *state;

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		char *text;

		for (size_t h = 0; h < p->host_count; h++)
			p->hosts[h].domain_sid = hostile[i];
		text = template_of(p, ROLE_MEMBER_SERVER);
		play_has_not(text, "*S-1-5-21-x-512");
		play_has_not(text, "[x]");
		play_has(text, "\r\nSeDebugPrivilege = *S-1-5-32-544,*S-1-5-6\r\n");
		free(text);
	}
}

static void a_role_without_a_violation_has_an_empty_list_of_rights(void **state)
{
	char *text = template_of(*state, ROLE_CLIENT);

	assert_string_equal(strstr(text, "[Privilege Rights]"), "[Privilege Rights]\r\n");
	free(text);
}

static void rules_of_none_and_names_are_written_as_a_template_takes_them(void **state)
{
	static const char rules[] =
		"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"n\",\"version\":\"1\","
		"\"source\":\"s\",\"rights\":{\"SeDebugPrivilege\":{\"member_server\":"
		"{\"match\":\"exactly\",\"principals\":[\"CORP\\\\ops\",\"CORP\\\\a,b\","
		"\"S-1-5-82-*\"]},\"domain_controller\":{\"match\":\"none\"}}}}";
	struct play *p = *state;
	char *text;

	baseline_free(p->rules);
	p->rules = play_baseline(rules);
	text = template_of(p, ROLE_MEMBER_SERVER);
	play_has(text, "\r\nSeDebugPrivilege = CORP\\ops\r\n");
	play_has(text, "CORP\\a,b has no SID common");
	play_has(text, "S-1-5-82-* has no SID common");
	free(text);
	text = template_of(p, ROLE_DOMAIN_CONTROLLER);
	play_has(text, "\r\nSeDebugPrivilege =\r\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(members_are_what_the_rule_expects_in_its_order),
		PLAY_TEST(the_accounts_of_a_machine_are_a_comment_and_no_member),
		PLAY_TEST(two_domains_have_no_common_sid),
		PLAY_TEST(what_is_no_sid_of_a_domain_is_not_written),
		PLAY_TEST(a_role_without_a_violation_has_an_empty_list_of_rights),
		PLAY_TEST(rules_of_none_and_names_are_written_as_a_template_takes_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
