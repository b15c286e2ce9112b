/* SPDX-License-Identifier: Apache-2.0 */
/* What Group Policy declares held against what hosts hold: each state once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/baseline/baseline.h"
#include "report/directory/directory_json.h"
#include "report/facts/directory_fact.h"
#include "report/judge/policy_state.h"

#define DOMAIN          "DC=corp,DC=example"
#define RIGHT           "SeImpersonatePrivilege"
#define ADMINISTRATORS  "S-1-5-32-544"
#define SERVICE         "S-1-5-6"
#define LOCAL_SERVICE   "S-1-5-19"
#define NETWORK_SERVICE "S-1-5-20"
#define APP_POOL        "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415"
#define USER            "S-1-5-21-1-2-3-1601"

enum { ASKED = 1767323045, HOUR = 3600 }; /* 2026-01-02T03:04:05Z */

static struct policy_store *store;
static struct baseline *baseline;
static struct judgement judgement;
static struct facts facts;

/* ---- a directory: GPO "D" at the domain, "O" there too, for nobody ---- */

static void take(char *line)
{
	char why[200] = "";

	if (policy_store_take(store, line, strlen(line), why, sizeof why) !=
	    POLICY_LINE_TAKEN)
		fail_msg("%s: %s", why, line);
	free(line);
}

struct declared_list {
	const char *texts[6]; /* SIDs, or names that have none */
	int64_t changed;
};

static void put_gpo(const char *name, const struct declared_list *list,
		    enum directory_dacl dacl)
{
	struct directory_entry entries[6];
	struct directory_declared declared = { RIGHT, entries, 0 };
	char dn[100];

	for (; list && list->texts[declared.entry_count]; declared.entry_count++) {
		const char *text = list->texts[declared.entry_count];

		entries[declared.entry_count] = (struct directory_entry){
			text, strncmp(text, "S-1-", 4) == 0 ? text : NULL
		};
	}
	snprintf(dn, sizeof dn, "CN={%s},CN=Policies,CN=System," DOMAIN, name);
	take(directory_gpo_to_json(&(struct directory_gpo){
		.domain = "corp.example",
		.dn = dn,
		.name = name,
		.extensions = "[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}]",
		.template = { .rights = &declared,
			      .right_count = list != NULL,
			      .state = TEMPLATE_READ,
			      .written = TIME_NOT_GIVEN },
		.changed = list ? list->changed : TIME_NOT_GIVEN,
		.version = 1,
		.functionality = 2,
		.dacl = dacl,
		.readable = true,
		.flags_known = true,
		.version_known = true,
		.functionality_known = true }));
}

/* NULL: the GPO does not define the right. */
static void put_directory(const struct declared_list *applied,
			  const struct declared_list *filtered, enum directory_dacl dacl)
{
	policy_store_free(store);
	store = policy_store_new();
	take(directory_policies_to_json(
		&(struct directory_policies){ .domain = "corp.example",
					      .scopes_complete = true,
					      .gpos_complete = true }));
	take(directory_scope_to_json(&(struct directory_scope){
		.domain = "corp.example",
		.dn = "CN=Paris,CN=Sites,CN=Configuration," DOMAIN,
		.type = SCOPE_SITE }));
	take(directory_scope_to_json(&(struct directory_scope){
		.domain = "corp.example",
		.dn = DOMAIN,
		.gp_link = "[LDAP://cn={D},cn=policies,cn=system," DOMAIN ";0]"
			   "[LDAP://cn={O},cn=policies,cn=system," DOMAIN ";0]",
		.changed = TIME_NOT_GIVEN,
		.type = SCOPE_DOMAIN }));
	put_gpo("D", applied, DACL_ABSENT);
	put_gpo("O", filtered, dacl);
	assert_true(policy_store_seal(store));
}

/* ---- a host ---- */

struct held_list {
	const char *sids[6];
	const char *name; /* of the last one */
};

static const struct held_list stock = {
	{ ADMINISTRATORS, SERVICE, LOCAL_SERVICE, NETWORK_SERVICE }, NULL
};

static void make_facts(const struct held_list *held)
{
	struct right_fact *right;
	struct holder *holders;

	facts_free(&facts);
	facts_init(&facts);
	facts.host = "srv1.corp.example";
	facts.dns_name = "srv1.corp.example";
	facts.netbios_name = "SRV1";
	facts.mechanism = LOGIN_KERBEROS;
	facts.outcome = HOST_ANSWERED;
	facts.role = ROLE_MEMBER_SERVER;
	facts.os_version = "10.0.20348";
	facts.timestamp = "2026-01-02T03:04:05.000Z";
	facts.machine_sid = "S-1-5-21-7-7-7";
	facts.domain_sid = "S-1-5-21-1-2-3";
	directory_fact_set(&facts,
			   &(struct directory_fact){ .domain = "corp.example",
						     .dn = "CN=SRV1,CN=Computers," DOMAIN,
						     .account = "SRV1$",
						     .sid = "S-1-5-21-1-2-3-1104",
						     .site = "Paris" });
	right = facts_take(&facts, 1, sizeof *right);
	holders = facts_take(&facts, 6, sizeof *holders);
	*right = (struct right_fact){ .name = RIGHT, .holders = holders };
	while (held->sids[right->holder_count]) {
		holders[right->holder_count].sid = held->sids[right->holder_count];
		right->holder_count++;
	}
	if (held->name)
		holders[right->holder_count - 1].name = held->name;
	right->outcome = right->holder_count ? RIGHT_HELD : RIGHT_NOBODY;
	facts.rights = right;
	facts.right_count = 1;
}

/* "drift D -": the state, who is to set it, whose list the host holds. */
static const char *judge(void)
{
	static char text[100];
	const struct right_policy *rp;
	const struct policy *p;

	assert_true(judge_host(&judgement, &facts, baseline, "2026-01-02"));
	assert_true(policy_state_find(store, &judgement, &p));
	if (!p)
		return "none";
	assert_true(policy_state_judge(&judgement, p));
	rp = judgement.rights[0].policy;
	snprintf(text, sizeof text, "%s %s %s", policy_state_word(rp->state),
		 rp->right.winner == POLICY_NOBODY ? "-"
						   : p->gpos[rp->right.winner].gpo->name,
		 rp->follows == POLICY_NOBODY ? "-" : p->gpos[rp->follows].gpo->name);
	return text;
}

static const char *state_of(const struct held_list *held)
{
	make_facts(held);
	return judge();
}

#define HELD(...)     (&(struct held_list){ { __VA_ARGS__ }, NULL })
#define DECLARED(...) (&(struct declared_list){ { __VA_ARGS__ }, TIME_NOT_GIVEN })

static void test_what_is_declared_and_held_is_enforced(void **state)
{
	(void)state;
	put_directory(DECLARED(ADMINISTRATORS, SERVICE), NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(SERVICE, ADMINISTRATORS)), "enforced D D");
	put_directory(DECLARED("S-1-0-0"), NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(NULL)), "enforced D D");
	put_directory(DECLARED(NULL), NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(NULL)), "enforced D D");
}

static void test_what_differs_for_long_is_drift(void **state)
{
	(void)state;
	put_directory(DECLARED(ADMINISTRATORS), NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "drift D -");
	assert_string_equal(state_of(HELD(NULL)), "drift D -");
	put_directory(DECLARED(NULL), NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(ADMINISTRATORS)), "drift D -");
}

static void test_what_changed_within_the_refresh_interval_is_pending(void **state)
{
	struct declared_list list = { { ADMINISTRATORS }, ASKED - HOUR };

	(void)state;
	put_directory(&list, NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "pending D -");
	assert_string_equal(state_of(HELD(ADMINISTRATORS)), "enforced D D");
	facts.rights[0].holders[0].sid = USER;
	facts.role = ROLE_DOMAIN_CONTROLLER; /* every five minutes */
	assert_string_equal(judge(), "drift D -");
	list.changed = ASKED - 3 * HOUR;
	put_directory(&list, NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "drift D -");
}

static void test_services_that_were_added_are_no_drift(void **state)
{
	(void)state;
	put_directory(DECLARED(ADMINISTRATORS), NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD(ADMINISTRATORS, APP_POOL)), "api_added D D");
	assert_string_equal(state_of(HELD(ADMINISTRATORS, APP_POOL, USER)), "drift D -");
	assert_string_equal(state_of(HELD(APP_POOL)), "drift D -");
}

static void test_a_host_can_follow_another_gpo_than_was_thought(void **state)
{
	(void)state;
	put_directory(DECLARED(ADMINISTRATORS), DECLARED(ADMINISTRATORS, USER),
		      DACL_PRESENT);
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "other_gpo D O");
	put_directory(NULL, DECLARED(ADMINISTRATORS, USER), DACL_PRESENT);
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "other_gpo - O");
}

static void test_without_a_gpo_it_is_default_or_local(void **state)
{
	(void)state;
	put_directory(NULL, NULL, DACL_PRESENT);
	assert_string_equal(state_of(&stock), "default - -");
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "local - -");
}

static void test_the_host_is_evidence_of_what_is_uncertain(void **state)
{
	(void)state;
	put_directory(DECLARED(ADMINISTRATORS), DECLARED(ADMINISTRATORS, USER),
		      DACL_NOT_READ);
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "enforced D O");
	assert_string_equal(state_of(HELD(ADMINISTRATORS)), "enforced D D");
	assert_string_equal(state_of(HELD(USER)), "unknown D -");
}

static void test_a_right_that_was_not_told_is_unknown(void **state)
{
	(void)state;
	put_directory(DECLARED(ADMINISTRATORS), NULL, DACL_PRESENT);
	make_facts(HELD(NULL));
	facts.rights[0].outcome = RIGHT_DENIED;
	assert_string_equal(judge(), "unknown D -");
}

static void test_names_are_those_of_the_host(void **state)
{
	static const struct held_list named = { { ADMINISTRATORS, USER }, "CORP\\svc" };
	static const struct held_list other = { { ADMINISTRATORS, USER }, "CORP\\svc2" };
	static const struct held_list local = { { ADMINISTRATORS, "S-1-5-21-7-7-7-1001" },
						"SRV1\\svc" };

	(void)state;
	put_directory(DECLARED("Administrators", "corp\\SVC"), NULL, DACL_PRESENT);
	assert_string_equal(state_of(&named), "enforced D D");
	assert_string_equal(state_of(&local), "unknown D -");
	assert_string_equal(state_of(HELD(ADMINISTRATORS)), "enforced D D");
	assert_string_equal(state_of(HELD(ADMINISTRATORS, USER)), "unknown D -");
	/* Nobody takes these for the name that could not be resolved. */
	assert_string_equal(state_of(&other), "drift D -");
	assert_string_equal(state_of(HELD(ADMINISTRATORS, "S-1-1-0")), "drift D -");
	put_directory(DECLARED("Administrators", "svc@corp.example"), NULL, DACL_PRESENT);
	assert_string_equal(state_of(&named), "unknown D -");
	assert_string_equal(state_of(&other), "drift D -");
	put_directory(DECLARED("Administrators", "svc"), NULL, DACL_PRESENT);
	assert_string_equal(state_of(&local), "enforced D D");
	/* The built-in account of each machine. */
	put_directory(DECLARED("Administrator"), NULL, DACL_PRESENT);
	assert_string_equal(state_of(HELD("S-1-5-21-7-7-7-500")), "enforced D D");
	assert_string_equal(state_of(HELD("S-1-5-21-8-8-8-500")), "drift D -");
}

static void test_no_policy_is_held_against_another_machine(void **state)
{
	struct directory_fact *none = NULL;

	(void)state;
	put_directory(DECLARED(ADMINISTRATORS), NULL, DACL_PRESENT);
	make_facts(HELD(ADMINISTRATORS));
	facts.dns_name = "other.corp.example";
	facts.netbios_name = "OTHER";
	assert_string_equal(judge(), "none");
	make_facts(HELD(ADMINISTRATORS));
	facts.directory = none;
	assert_string_equal(judge(), "none");
}

static int begin(void **state)
{
	char why[200];

	(void)state;
	facts_init(&facts);
	judgement_init(&judgement);
	baseline = baseline_load("microsoft", why, sizeof why);
	return baseline ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	policy_store_free(store);
	judgement_free(&judgement);
	facts_free(&facts);
	baseline_free(baseline);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_declared_and_held_is_enforced),
		cmocka_unit_test(test_what_differs_for_long_is_drift),
		cmocka_unit_test(
			test_what_changed_within_the_refresh_interval_is_pending),
		cmocka_unit_test(test_services_that_were_added_are_no_drift),
		cmocka_unit_test(test_a_host_can_follow_another_gpo_than_was_thought),
		cmocka_unit_test(test_without_a_gpo_it_is_default_or_local),
		cmocka_unit_test(test_the_host_is_evidence_of_what_is_uncertain),
		cmocka_unit_test(test_a_right_that_was_not_told_is_unknown),
		cmocka_unit_test(test_names_are_those_of_the_host),
		cmocka_unit_test(test_no_policy_is_held_against_another_machine),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
