/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/render/explain.h"
#include "report/judge/judge.h"
#include "report/facts/rights.h"

/* What explain() prints; free() it. */
static char *told(const char *topic)
{
	char why[300] = "";
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	if (!explain(topic, out, why, sizeof(why)))
		fail_msg("%s", why);
	fclose(out);
	return text;
}

static void expect(const char *topic, const char *const *parts)
{
	char *text = told(topic);
	const char *at = text;

	for (; *parts; parts++) {
		at = strstr(at, *parts);
		if (!at)
			fail_msg("%s: no \"%s\" in its place in:\n%s", topic, *parts,
				 text);
		at += strlen(*parts);
	}
	free(text);
}

static void a_right_is_told_whole(void **state)
{
	static const char *const parts[] = {
		"SeDenyNetworkLogonRight\n",
		"\"Deny access to this computer from the network\"\n  a logon right "
		"since",
		"What it allows\n",
		"What happens without it\n",
		"Default holders (as Windows is installed)\n  every role\n    Guest (on "
		"some)\n",
		"  windows-default\n    every role\n      nobody\n        also Guest:",
		"  microsoft\n",
		"    member server\n      exactly Local account and member of Admin",
		"  cis\n",
		"at least Guests [2.2.21]",
		"  stig\n",
		"in a domain also Domain Admins,",
		"[WN22-MS-000080",
		"Rights Assignment",
		NULL,
	};
	static const char *const silent[] = { "  cis\n",
					      "    every role\n      no rule\n", NULL };

	(void)state;
	expect("sedenynetworklogonright", parts);
	expect("SeUndockPrivilege", silent);
}

static void every_right_and_finding_is_told_within_80_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < rights_count(); i++) {
		char *text = told(rights_at(i)->name), *rest = text, *line;

		while ((line = strsep(&rest, "\n")) != NULL)
			if (strlen(line) > 80)
				fail_msg("too long: %s", line);
		free(text);
	}
	for (int k = FINDING_NONE + 1; k < FINDING_COUNT; k++) {
		const char *const parts[] = { finding_title((enum finding_kind)k),
					      "What it means", "How to fix it", NULL };

		expect(finding_id((enum finding_kind)k), parts);
	}
}

static void explain_one(const char *topic, const char *about, void *arg)
{
	(void)about;
	free(told(topic));
	(*(size_t *)arg)++;
}

/* What completion proposes is what explain knows. */
static void each_topic_is_explained(void **state)
{
	size_t topics = 0;

	(void)state;
	explain_each_topic(explain_one, &topics);
	assert_true(topics > rights_count() + 20);
}

static void principals_and_baselines_are_told(void **state)
{
	static const char *const service[] = { "S-1-5-6\n", "NT AUTHORITY\\SERVICE",
					       "SeImpersonatePrivilege: every role",
					       NULL };
	static const char *const pool[] = { "IIS application pool, of IIS",
					    "no user right names it", NULL };
	static const char *const rid[] = { "Domain Admins", NULL };
	static const char *const stig[] = { "stig ", "DISA STIG", "Rules for 32 rights",
					    NULL };

	(void)state;
	expect("service", service);
	expect("S-1-5-6", service);
	expect("S-1-5-82-1-2-3-4-5", pool);
	expect("S-1-5-21-1-2-3-512", rid);
	expect("stig", stig);
}

static void what_is_unknown_is_said(void **state)
{
	char why[300];

	(void)state;
	assert_false(explain("Debug", stdout, why, sizeof(why)));
	assert_string_equal(why, "\"Debug\": expected a right, a principal, an outcome, "
				 "a finding or a baseline; "
				 "did you mean SeDebugPrivilege?");
	assert_false(explain("", stdout, why, sizeof(why)));
	assert_string_equal(why, "\"\": expected a right, a principal, an outcome, a "
				 "finding or a baseline; "
				 "`lsasweep explain` lists all of them");
}

static void topics_are_listed_within_80_columns(void **state)
{
	char *text = NULL, *rest, *line;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	explain_topics(out);
	fclose(out);
	assert_non_null(strstr(text, "SeTakeOwnershipPrivilege"));
	assert_non_null(strstr(text, "collection_suspect"));
	assert_non_null(strstr(text, "windows-default"));
	assert_non_null(strstr(text, "Outcomes of a host\n  answered unresolvable"));
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (strlen(line) > 80)
			fail_msg("too long: %s", line);
	free(text);
}

/* Every word of the closed lists; one that stands in two has both its meanings. */
static void every_outcome_verdict_label_and_role_is_told(void **state)
{
	static const char *const both[] = { "unknown: a verdict\n", "never counts",
					    "unknown: a role\n", "every role", NULL };
	static const char *const denied[] = { "denied: an outcome of a right\n",
					      "remote UAC", NULL };

	(void)state;
	for (int i = 0; i < HOST_OUTCOME_COUNT; i++) {
		enum host_outcome o = (enum host_outcome)i;
		const char *const parts[] = { ": an outcome of a host\n",
					      host_outcome_sentence(o), NULL };

		expect(host_outcome_word(o), parts);
	}
	for (int i = 0; i < VERDICT_COUNT; i++)
		free(told(verdict_word((enum verdict)i)));
	for (int i = 0; i < LABEL_COUNT; i++)
		free(told(label_word((enum label)i)));
	expect("unknown", both);
	expect("denied", denied);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_right_is_told_whole),
		cmocka_unit_test(every_right_and_finding_is_told_within_80_columns),
		cmocka_unit_test(each_topic_is_explained),
		cmocka_unit_test(principals_and_baselines_are_told),
		cmocka_unit_test(what_is_unknown_is_said),
		cmocka_unit_test(topics_are_listed_within_80_columns),
		cmocka_unit_test(every_outcome_verdict_label_and_role_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
