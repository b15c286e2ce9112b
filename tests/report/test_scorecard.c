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

enum { A_HOSTS_SHARE = 256 }; /* while the scorecard is less than a quarter full */

/* `count` accounts that nobody else has, from number `first` on. */
static void add_inventions(struct fixture *x, unsigned first, size_t count)
{
	struct holder *many = calloc(count, sizeof(*many));
	char(*sids)[40] = calloc(count, sizeof(*sids));

	for (unsigned i = 0; i < count; i++) {
		snprintf(sids[i], sizeof(sids[i]), "S-1-5-21-5-5-5-%u",
			 10000 + first + i);
		many[i].sid = sids[i];
		many[i].name = sids[i];
		many[i].kind = KIND_USER;
	}
	add(x, ROLE_MEMBER_SERVER, "10.0.20348", RIGHT_HELD, many, count);
	free(many);
	free(sids);
}

/* A hostile host that invents principals gets its share and no more. */
static void invented_principals_have_an_end(void **state)
{
	enum { INVENTED = 2 * SCORECARD_PRINCIPALS_MAX + 500 };
	struct fixture *x = *state;

	add_inventions(x, 0, INVENTED);
	scorecard_finish(x->score);
	assert_int_equal(x->score->principal_count, A_HOSTS_SHARE);
	assert_int_equal(x->score->principals_unlisted, INVENTED - A_HOSTS_SHARE + 1);
	assert_int_equal(x->score->unlisted_hosts, 1);
	assert_int_equal(x->score->findings[SEVERITY_HIGH], INVENTED);
}

static const struct score_entry *entry_of(const struct score_list *list, const char *sid)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].sid, sid) == 0)
			return &list->entries[i];
	return NULL;
}

/* 10,000 hosts invent before the first true finding is seen: it is listed all the same.
 */
static void ten_thousand_inventors_do_not_keep_a_true_finding_out(void **state)
{
	struct fixture *x = *state;
	const struct score_list *extra;
	const struct score_entry *e;

	for (unsigned i = 0; i < 10000; i++)
		add_inventions(x, 300 * i, i < 100 ? 300 : 5);
	for (unsigned i = 0; i < 20; i++)
		ADD(x, ROLE_MEMBER_SERVER, ADMINS,
		    { "S-1-1-0", "Everyone", KIND_WELL_KNOWN },
		    { WEB, "CORP\\svc-web", KIND_USER });
	scorecard_finish(x->score);
	assert_true(x->score->principal_count < SCORECARD_PRINCIPALS_MAX);
	extra = &x->score->roles[ROLE_MEMBER_SERVER].rights[0].extra;
	e = entry_of(extra, WEB);
	assert_non_null(e);
	assert_int_equal(e->hosts, 20);
	e = entry_of(extra, "S-1-1-0");
	assert_non_null(e);
	assert_int_equal(e->hosts, 20);
	assert_true(x->score->unlisted_hosts > 5000);
}

/* What finds no place is the least severe, whatever stands first in the host's list. */
static void the_worst_finding_of_a_host_finds_its_place_first(void **state)
{
	struct fixture *x = *state;
	struct holder many[1001];
	char sids[1000][40];

	for (unsigned i = 0; i < 1000; i++) {
		snprintf(sids[i], sizeof(sids[i]), "S-1-0-%u", 10000 + i);
		many[i] = (struct holder){ sids[i], NULL, KIND_UNKNOWN };
	}
	many[1000] = (struct holder){ "S-1-1-0", NULL, KIND_UNKNOWN };
	add(x, ROLE_MEMBER_SERVER, "10.0.20348", RIGHT_HELD, many, 1001);
	scorecard_finish(x->score);
	assert_non_null(entry_of(&x->score->roles[ROLE_MEMBER_SERVER].rights[0].extra,
				 "S-1-1-0"));
}

/* One host calls the account of twenty by another name: first, last and in between. */
static void the_name_that_most_hosts_use_wins(void **state)
{
	for (int lie = 0; lie <= 20; lie += 10) {
		struct fixture *x;
		const struct score_principal *p;

		tear_down(state);
		set_up(state);
		x = *state;
		for (int i = 0; i <= 20; i++)
			ADD(x, ROLE_MEMBER_SERVER, ADMINS,
			    { WEB, i == lie ? "BUILTIN\\Administrators" : "CORP\\svc-web",
			      i == lie ? KIND_ALIAS : KIND_USER });
		scorecard_finish(x->score);
		p = &x->score->principals[0];
		assert_string_equal(p->sid, WEB);
		assert_string_equal(p->name, "CORP\\svc-web");
		assert_int_equal(p->class, CLASS_ACCOUNT);
		assert_true(p->names_differ);
		assert_false(x->score->principals[1].names_differ);
		assert_string_equal(x->score->roles[ROLE_MEMBER_SERVER]
					    .rights[0]
					    .extra.entries[0]
					    .name,
				    "CORP\\svc-web");
	}
}

/* Names made up by many hosts, a new one each, do not outvote one that is shared. */
static void made_up_names_do_not_outvote_a_shared_one(void **state)
{
	struct fixture *x = *state;
	char name[40];

	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "EVIL\\name-%u", i);
		ADD(x, ROLE_MEMBER_SERVER, ADMINS, { WEB, name, KIND_USER });
		ADD(x, ROLE_MEMBER_SERVER, ADMINS, { WEB, "CORP\\svc-web", KIND_USER });
		if (i % 10 == 0)
			ADD(x, ROLE_MEMBER_SERVER, ADMINS,
			    { WEB, "CORP\\svc-web", KIND_USER });
	}
	scorecard_finish(x->score);
	assert_string_equal(x->score->principals[0].name, "CORP\\svc-web");
}

/* A host counts once, though two of its accounts are one principal over all machines. */
static void a_host_counts_once_for_a_principal(void **state)
{
	struct fixture *x = *state;

	ADD(x, ROLE_MEMBER_SERVER, { "S-1-5-21-9-9-0-1001", "A\\svc", KIND_USER },
	    { "S-1-5-21-9-9-0-1002", "B\\svc", KIND_USER });
	scorecard_finish(x->score);
	assert_int_equal(x->score->principal_count, 1);
	assert_int_equal(x->score->principals[0].hosts, 1);
	assert_int_equal(
		x->score->roles[ROLE_MEMBER_SERVER].rights[0].extra.entries[0].hosts, 1);
}

/* The same hosts leave the same mark, other hosts another. */
static void entries_of_the_same_hosts_have_one_mark(void **state)
{
	struct fixture *x = *state;
	const struct score_list *extra;

	for (int i = 0; i < 3; i++)
		ADD(x, ROLE_MEMBER_SERVER, ADMINS, { WEB, "CORP\\a", KIND_USER },
		    { DOMAIN "-1106", "CORP\\b", KIND_USER });
	ADD(x, ROLE_MEMBER_SERVER, ADMINS, { DOMAIN "-1107", "CORP\\c", KIND_USER });
	scorecard_finish(x->score);
	extra = &x->score->roles[ROLE_MEMBER_SERVER].rights[0].extra;
	assert_true(extra->entries[0].hosts_mark == extra->entries[1].hosts_mark);
	assert_true(extra->entries[0].hosts_mark != extra->entries[2].hosts_mark);
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
		TEST(ten_thousand_inventors_do_not_keep_a_true_finding_out),
		TEST(the_worst_finding_of_a_host_finds_its_place_first),
		TEST(the_name_that_most_hosts_use_wins),
		TEST(made_up_names_do_not_outvote_a_shared_one),
		TEST(a_host_counts_once_for_a_principal),
		TEST(entries_of_the_same_hosts_have_one_mark),
		TEST(waivers_are_counted_used_expired_and_unused),
		TEST(rules_that_differ_between_builds_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
