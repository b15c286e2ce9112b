/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/judge/scorecard.h"

#define TODAY  "2026-06-15"
#define DOMAIN "S-1-5-21-1-2-3"
#define WEB    DOMAIN "-1105"

static const char rules[] =
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"test\",\"version\":\"1\","
	"\"source\":\"test\",\"rights\":{\"SeDebugPrivilege\":{"
	"\"member_server\":{\"match\":\"exactly\",\"principals\":[\"S-1-5-32-544\"],"
	"\"generations\":{\"26100\":{\"match\":\"at_most\",\"principals\":"
	"[\"S-1-5-32-544\"]}}},"
	"\"domain_controller\":{\"match\":\"at_most\",\"principals\":"
	"[\"S-1-5-32-544\"]}}},"
	"\"waivers\":[{\"host\":\"*\",\"right\":\"*\",\"principal\":\"CORP\\\\ok\","
	"\"reason\":\"CHG-1\",\"expires\":\"2026-12-31\"},"
	"{\"host\":\"*\",\"right\":\"*\",\"principal\":\"CORP\\\\late\","
	"\"reason\":\"CHG-2\",\"expires\":\"2026-01-31\"}]}";

struct fixture {
	struct baseline *baseline;
	struct scorecard *score;
	struct judgement judgement;
};

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));
	char why[300] = "";

	x->baseline = baseline_parse("t", rules, sizeof(rules) - 1, why, sizeof(why));
	if (!x->baseline)
		fail_msg("%s", why);
	x->score = scorecard_new(x->baseline);
	judgement_init(&x->judgement);
	*state = x;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	scorecard_free(x->score);
	judgement_free(&x->judgement);
	baseline_free(x->baseline);
	free(x);
	return 0;
}

/* A host with one right; its facts die before the scorecard does. */
static void add(struct fixture *x, enum role role, const char *os,
		enum right_outcome outcome, struct holder *holders, size_t count)
{
	struct right_fact right = { .name = "SeDebugPrivilege",
				    .outcome = outcome,
				    .holders = holders,
				    .holder_count = count };
	struct facts f = { .host = "h",
			   .outcome = HOST_ANSWERED,
			   .role = role,
			   .os_version = os,
			   .domain_sid = DOMAIN,
			   .rights = &right,
			   .right_count = 1 };
	char machine[60];

	snprintf(machine, sizeof(machine), "S-1-5-21-9-9-%zu", x->score->total.hosts);
	f.machine_sid = role == ROLE_DOMAIN_CONTROLLER ? DOMAIN : machine;
	assert_true(judge_host(&x->judgement, &f, x->baseline, TODAY));
	assert_true(scorecard_add(x->score, &x->judgement));
}

#define ADD(x, role, ...)                                     \
	do {                                                  \
		struct holder added[] = { __VA_ARGS__ };      \
		add(x, role, "10.0.20348", RIGHT_HELD, added, \
		    sizeof(added) / sizeof(added[0]));        \
	} while (0)

#define ADMINS                                   \
	{                                        \
		"S-1-5-32-544", NULL, KIND_ALIAS \
	}

static void verdicts_are_counted_by_role(void **state)
{
	struct fixture *x = *state;
	const struct scorecard *s = x->score;

	assert_int_equal(scorecard_exit_code(s), 0);
	ADD(x, ROLE_MEMBER_SERVER, ADMINS);
	assert_int_equal(scorecard_exit_code(s), 0);
	add(x, ROLE_MEMBER_SERVER, "10.0.20348", RIGHT_DENIED, NULL, 0);
	assert_int_equal(scorecard_exit_code(s), 3);
	ADD(x, ROLE_DOMAIN_CONTROLLER, ADMINS, { "S-1-1-0", "Jeder", 0 });
	assert_int_equal(scorecard_exit_code(s), 4);
	ADD(x, ROLE_UNKNOWN, ADMINS);
	scorecard_finish(x->score);
	assert_int_equal(s->total.hosts, 4);
	assert_int_equal(s->total.assessed, 2);
	assert_int_equal(s->total.compliant, 1);
	assert_int_equal(s->total.violation, 1);
	assert_int_equal(s->total.unknown, 2);
	assert_int_equal(s->roles[ROLE_MEMBER_SERVER].counts.unknown, 1);
	assert_int_equal(s->roles[ROLE_UNKNOWN].counts.hosts, 1);
	assert_int_equal(s->roles[ROLE_CLIENT].counts.hosts, 0);
	assert_int_equal(s->outcomes[HOST_ANSWERED], 4);
	assert_int_equal(s->findings[SEVERITY_CRITICAL], 1);
	assert_int_equal(s->roles[ROLE_MEMBER_SERVER].rights[0].states[STATE_DEFAULT], 1);
	assert_int_equal(s->roles[ROLE_MEMBER_SERVER].rights[0].outcomes[RIGHT_DENIED],
			 1);
}

static void only_violations_are_exit_code_1(void **state)
{
	struct fixture *x = *state;

	ADD(x, ROLE_DOMAIN_CONTROLLER, { "S-1-1-0", NULL, 0 });
	assert_int_equal(scorecard_exit_code(x->score), 1);
}

static void principals_add_up_over_roles(void **state)
{
	struct fixture *x = *state;
	const struct score_principal *p;
	const struct score_right *right;

	for (int i = 0; i < 412; i++)
		ADD(x, ROLE_MEMBER_SERVER, ADMINS, { WEB, "CORP\\svc-web", KIND_USER });
	for (int i = 0; i < 3; i++)
		ADD(x, ROLE_DOMAIN_CONTROLLER, { WEB, "CORP\\svc-web", KIND_USER });
	scorecard_finish(x->score);
	assert_int_equal(x->score->principal_count, 2);
	p = &x->score->principals[0];
	assert_string_equal(p->sid, WEB);
	assert_string_equal(p->name, "CORP\\svc-web");
	assert_int_equal(p->class, CLASS_ACCOUNT);
	assert_int_equal(p->hosts, 415);
	assert_string_equal(p->grants[0].right, "SeDebugPrivilege");
	assert_int_equal(p->grants[0].hosts[ROLE_MEMBER_SERVER], 412);
	assert_int_equal(p->grants[0].hosts[ROLE_DOMAIN_CONTROLLER], 3);
	assert_string_equal(x->score->principals[1].name, "BUILTIN\\Administrators");
	right = &x->score->roles[ROLE_MEMBER_SERVER].rights[0];
	assert_int_equal(right->extra.count, 1);
	assert_int_equal(right->extra.entries[0].hosts, 412);
	assert_string_equal(right->extra.entries[0].reason, "a named account");
	assert_int_equal(right->extra.entries[0].kind, FINDING_ACCOUNT);
	assert_int_equal(right->missing.count, 0);
	right = &x->score->roles[ROLE_DOMAIN_CONTROLLER].rights[0];
	assert_int_equal(right->extra.entries[0].hosts, 3);
}

/* 1,000 machines with a local account of their own are three principals, not 3,000. */
static void local_accounts_are_folded(void **state)
{
	struct fixture *x = *state;

	for (unsigned i = 0; i < 1000; i++) {
		char sid[3][80], name[60];

		snprintf(sid[0], sizeof(sid[0]), "S-1-5-21-9-9-%u-500", i);
		snprintf(sid[1], sizeof(sid[1]), "S-1-5-21-9-9-%u-%u", i, 1000 + i % 7);
		snprintf(sid[2], sizeof(sid[2]), "S-1-5-21-9-9-%u-2000", i);
		snprintf(name, sizeof(name), "SRV%u\\backup", i);
		ADD(x, ROLE_MEMBER_SERVER, { sid[0], "SRV\\Administrator", KIND_USER },
		    { sid[1], name, KIND_USER }, { sid[2], NULL, KIND_UNKNOWN });
	}
	scorecard_finish(x->score);
	assert_int_equal(x->score->principal_count, 3);
	assert_string_equal(x->score->principals[0].sid, "MACHINE-2000");
	assert_string_equal(x->score->principals[1].sid, "MACHINE-500");
	assert_string_equal(x->score->principals[1].name, "MACHINE\\Administrator");
	assert_string_equal(x->score->principals[2].sid, "MACHINE\\backup");
	assert_int_equal(x->score->principals[2].hosts, 1000);
	assert_int_equal(
		x->score->roles[ROLE_MEMBER_SERVER].rights[0].missing.entries[0].hosts,
		1000);
}

/* A hostile host that invents principals does not grow the scorecard for ever. */
static void invented_principals_have_an_end(void **state)
{
	enum { INVENTED = 2 * SCORECARD_PRINCIPALS_MAX + 500 };
	struct fixture *x = *state;
	struct holder *many = calloc(INVENTED, sizeof(*many));
	char(*sids)[40] = calloc(INVENTED, sizeof(*sids));

	for (unsigned i = 0; i < INVENTED; i++) {
		snprintf(sids[i], sizeof(sids[i]), "S-1-5-21-5-5-5-%u", 10000 + i);
		many[i].sid = sids[i];
	}
	add(x, ROLE_MEMBER_SERVER, "10.0.20348", RIGHT_HELD, many, INVENTED);
	scorecard_finish(x->score);
	assert_int_equal(x->score->principal_count, SCORECARD_PRINCIPALS_MAX);
	assert_true(x->score->principals_unlisted >= SCORECARD_PRINCIPALS_MAX + 500);
	assert_int_equal(x->score->findings[SEVERITY_MEDIUM], INVENTED + 1);
	free(many);
	free(sids);
}

static void waivers_are_counted_used_expired_and_unused(void **state)
{
	struct fixture *x = *state;
	const struct score_right *right;

	ADD(x, ROLE_MEMBER_SERVER, ADMINS, { DOMAIN "-1", "CORP\\late", KIND_USER });
	ADD(x, ROLE_DOMAIN_CONTROLLER, { DOMAIN "-2", "CORP\\other", KIND_USER });
	assert_int_equal(x->score->waivers[0].used, 0);
	ADD(x, ROLE_MEMBER_SERVER, ADMINS, { DOMAIN "-3000", "CORP\\ok", KIND_USER });
	scorecard_finish(x->score);
	assert_int_equal(x->score->waivers[0].used, 1);
	assert_int_equal(x->score->waivers[0].expired, 0);
	assert_int_equal(x->score->waivers[1].used, 0);
	assert_int_equal(x->score->waivers[1].expired, 1);
	assert_int_equal(x->score->findings_waived, 1);
	assert_int_equal(x->score->total.compliant, 1);
	right = &x->score->roles[ROLE_MEMBER_SERVER].rights[0];
	assert_int_equal(right->extra.count, 2);
	assert_int_equal(right->extra.entries[0].kind, FINDING_WAIVER_EXPIRED);
	assert_int_equal(right->extra.entries[1].hosts, 0);
	assert_int_equal(right->extra.entries[1].waived, 1);
}

static void rules_that_differ_between_builds_are_said(void **state)
{
	struct fixture *x = *state;
	struct holder admins[] = { ADMINS };
	const struct score_right *right = NULL;

	add(x, ROLE_MEMBER_SERVER, "10.0.20348", RIGHT_HELD, admins, 1);
	right = &x->score->roles[ROLE_MEMBER_SERVER].rights[0];
	assert_int_equal(right->rule->match, MATCH_EXACTLY);
	assert_false(right->rules_differ);
	add(x, ROLE_MEMBER_SERVER, "10.0.26100", RIGHT_HELD, admins, 1);
	right = &x->score->roles[ROLE_MEMBER_SERVER].rights[0];
	assert_true(right->rules_differ);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(verdicts_are_counted_by_role),
		TEST(only_violations_are_exit_code_1),
		TEST(principals_add_up_over_roles),
		TEST(local_accounts_are_folded),
		TEST(invented_principals_have_an_end),
		TEST(waivers_are_counted_used_expired_and_unused),
		TEST(rules_that_differ_between_builds_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
