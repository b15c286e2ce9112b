/* SPDX-License-Identifier: Apache-2.0 */
/* Whole hosts: the worst right, no answer, another host than was asked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/report/judge_play.h"

/* A member server that is as it should be. */
static const struct row good = {
	"exactly, as wanted",
	MEMBER,
	WS2022,
	NULL,
	"SeImpersonatePrivilege",
	HELD,
	FOUR,
	VERDICT_COMPLIANT,
	FINDING_NONE,
	STATE_DEFAULT,
	false,
	"required S-1-5-19 none none, required S-1-5-20 none none, "
	"required S-1-5-32-544 none none, required S-1-5-6 none none"
};

/* ---- whole hosts ---- */

static void a_host_is_as_bad_as_its_worst_right(void **state)
{
	struct holder everyone[] = { { "S-1-1-0", NULL, 0 } };
	struct right_fact rights[] = {
		{ .name = "SeTcbPrivilege", .outcome = RIGHT_NOBODY },
		{ .name = "SeDebugPrivilege", .outcome = RIGHT_DENIED },
		{ .name = "SeTcbPrivilege",
		  .outcome = RIGHT_HELD,
		  .holders = everyone,
		  .holder_count = 1 },
	};
	struct facts f = { .host = "h",
			   .outcome = HOST_ANSWERED,
			   .role = MEMBER,
			   .rights = rights,
			   .right_count = 3 };
	struct baseline *b = load_rules();
	struct judgement j;

	(void)state;
	judgement_init(&j);
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_int_equal(j.verdict, VERDICT_VIOLATION);
	assert_int_equal(j.severity, SEVERITY_CRITICAL);
	assert_int_equal(j.wrong, 1);
	f.right_count = 2;
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	assert_int_equal(j.kind, FINDING_DENIED);
	f.right_count = 1;
	f.conflict = "dssetup says this, hint says that";
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_int_equal(j.verdict, VERDICT_COMPLIANT);
	assert_int_equal(j.kind, FINDING_ROLE_CONFLICT);
	assert_string_equal(j.reason, f.conflict);
	judgement_free(&j);
	baseline_free(b);
}

static void a_host_that_did_not_answer_is_unknown(void **state)
{
	struct right_fact right = { .name = "SeTcbPrivilege", .outcome = RIGHT_NOBODY };
	struct facts f = { .host = "h", .role = ROLE_UNKNOWN };
	struct baseline *b = load_rules();
	struct judgement j;

	(void)state;
	judgement_init(&j);
	for (int outcome = 0; outcome < HOST_OUTCOME_COUNT; outcome++) {
		f.outcome = (enum host_outcome)outcome;
		assert_true(judge_host(&j, &f, b, TODAY));
		assert_int_equal(j.verdict, VERDICT_UNKNOWN);
		assert_non_null(j.reason);
	}
	/* cut off after a right that would have passed */
	f.outcome = HOST_DISCONNECTED;
	f.role = MEMBER;
	f.rights = &right;
	f.right_count = 1;
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_int_equal(j.rights[0].verdict, VERDICT_COMPLIANT);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	assert_int_equal(j.kind, FINDING_UNANSWERED);
	judgement_free(&j);
	baseline_free(b);
}

static void finding_ids_are_found_again(void **state)
{
	enum finding_kind kind;

	(void)state;
	for (int k = FINDING_NONE + 1; k < FINDING_COUNT; k++) {
		assert_true(finding_from_id(finding_id((enum finding_kind)k), &kind));
		assert_int_equal(kind, k);
		assert_true(strlen(finding_meaning(kind)) > 20);
		assert_true(strlen(finding_remediation(kind)) > 20);
	}
	assert_false(finding_from_id("none", &kind));
	assert_false(finding_from_id("", &kind));
	assert_null(label_word((enum label)LABEL_NONE));
}

/* ---- is it the host that was asked? ---- */

static const struct {
	const char *asked, *dns_name, *netbios_name;
	enum login_mechanism mechanism;
	bool other;
} names[] = {
	{ "srv1.corp.example", "srv1.corp.example", "SRV1", LOGIN_NTLM, false },
	{ "SRV1.corp.example.", "srv1.Corp.Example", "SRV1", LOGIN_NTLM, false },
	{ "srv1", "srv1.corp.example", "SRV1", LOGIN_NTLM, false },
	{ "srv1.corp.example", "srv1", "SRV1", LOGIN_NTLM, false },
	{ "srv1.corp.example", NULL, "SRV1", LOGIN_NTLM, false },
	{ "a-name-that-is-long.corp.example", NULL, "A-NAME-THAT-IS-", LOGIN_NTLM,
	  false },
	{ "srv1.corp.example", NULL, NULL, LOGIN_NTLM, false },
	{ "10.1.2.3", "srv1.corp.example", "SRV1", LOGIN_NTLM, false },
	{ "2001:db8::7", "srv1.corp.example", "SRV1", LOGIN_NTLM, false },
	{ "srv1.corp.example", "srv1.corp.example", "SRV1", LOGIN_NONE, false },
	{ "alias.corp.example", "srv1.corp.example", "SRV1", LOGIN_KERBEROS, false },
	{ "srv2.corp.example", "srv1.corp.example", "SRV1", LOGIN_NTLM, true },
	{ "srv1.other.example", "srv1.corp.example", "SRV1", LOGIN_NTLM, true },
	{ "srv1.corp.exampl", "srv1.corp.example", "SRV1", LOGIN_NTLM, true },
	{ "srv2", "srv1.corp.example", "SRV1", LOGIN_NTLM, true },
	{ "srv", "srv1", "SRV1", LOGIN_NTLM, true },
	{ "srv2.corp.example", NULL, "SRV1", LOGIN_NTLM, true },
	{ "1srv.example", "srv1.corp.example", NULL, LOGIN_NTLM, true },
};

static void a_host_by_another_name_is_never_compliant(void **state)
{
	struct baseline *b = load_rules();
	struct judgement j;
	struct facts f;

	(void)state;
	judgement_init(&j);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		fill(&f, &good);
		f.host = names[i].asked;
		f.dns_name = names[i].dns_name;
		f.netbios_name = names[i].netbios_name;
		f.mechanism = names[i].mechanism;
		assert_true(judge_host(&j, &f, b, TODAY));
		if ((j.verdict == VERDICT_UNKNOWN) != names[i].other ||
		    (j.kind == FINDING_IDENTITY) != names[i].other ||
		    (j.identity_conflict != NULL) != names[i].other)
			fail_msg("%s asked, %s answered: %s", names[i].asked,
				 names[i].dns_name, verdict_word(j.verdict));
		facts_free(&f);
	}
	judgement_free(&j);
	baseline_free(b);
}

static void a_shared_name_or_machine_sid_is_shown(void **state)
{
	struct baseline *b = load_rules();
	struct judgement j;
	struct facts f;

	(void)state;
	judgement_init(&j);
	fill(&f, &good);
	f.machine_sid_shared = true;
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_int_equal(j.kind, FINDING_IDENTITY);
	assert_non_null(strstr(j.identity_conflict, "machine SID"));
	f.name_shared = true;
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_non_null(strstr(j.identity_conflict, "the same name"));
	facts_free(&f);
	judgement_free(&j);
	baseline_free(b);
}

/* Somebody may log on over the network: we did. */
static void nobody_with_the_right_we_used_is_suspect(void **state)
{
	struct right_fact right = { .name = "SeNetworkLogonRight",
				    .outcome = RIGHT_NOBODY };
	struct baseline *b = load_rules();
	struct judgement j;
	struct facts f;

	(void)state;
	judgement_init(&j);
	fill(&f, &good);
	f.rights = &right;
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_false(j.rights[0].collection_suspect);
	f.mechanism = LOGIN_KERBEROS;
	assert_true(judge_host(&j, &f, b, TODAY));
	assert_true(j.rights[0].collection_suspect);
	facts_free(&f);
	judgement_free(&j);
	baseline_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_by_another_name_is_never_compliant),
		cmocka_unit_test(a_shared_name_or_machine_sid_is_shown),
		cmocka_unit_test(nobody_with_the_right_we_used_is_suspect),
		cmocka_unit_test(a_host_is_as_bad_as_its_worst_right),
		cmocka_unit_test(a_host_that_did_not_answer_is_unknown),
		cmocka_unit_test(finding_ids_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
