/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "report/judge/fixes.h"
#include "report/judge/policy_state.h"

static const struct directory_scope servers = { .dn = "OU=Servers" };
static const struct directory_gpo own = { .domain = "corp.example",
					  .id = "{1}",
					  .name = "Own" },
				  same_elsewhere = { .domain = "lab.example",
						     .id = "{1}",
						     .name = "Lab" },
				  nameless = { .domain = "corp.example" };
static const struct policy_gpo gpos[] = {
	{ .gpo = &own, .scope = &servers, .enforced = true },
	{ .gpo = &same_elsewhere, .scope = &servers },
	{ .gpo = &nameless },
	{ .gpo = NULL, .dn = "CN={2}" },
};
static const struct policy policy = { .gpos = gpos, .gpo_count = 4 };

enum { NO_POLICY = 100 };

/* One host with one right; `winner` is a place in `gpos`. */
static void add(struct fixes *f, const char *name, enum verdict verdict, uint32_t winner,
		enum policy_right_state state)
{
	const struct right_policy set = { .policy = &policy,
					  .right = { .winner = winner, .state = state } };
	const struct right_fact fact = { .name = name };
	struct right_judgement right = { .fact = &fact,
					 .verdict = verdict,
					 .policy = winner == NO_POLICY ? NULL : &set };
	const struct judgement j = { .rights = &right, .right_count = 1 };

	assert_true(fixes_add(f, &j));
}

static void assert_place(const struct fixes *f, size_t i, size_t hosts, const char *right,
			 const char *name)
{
	assert_true(i < f->count);
	assert_int_equal(f->at[i].hosts, hosts);
	assert_string_equal(f->at[i].right, right);
	if (name)
		assert_string_equal(f->at[i].name, name);
	else
		assert_null(f->at[i].id);
}

static void places_are_counted_by_hosts(void **state)
{
	struct fixes f = { 0 };

	(void)state;
	add(&f, "SeA", VERDICT_VIOLATION, 0, POLICY_RIGHT_DEFINED);
	for (int i = 0; i < 3; i++)
		add(&f, "SeB", VERDICT_VIOLATION, 0, POLICY_RIGHT_DEFINED);
	for (int i = 0; i < 2; i++)
		add(&f, "SeB", VERDICT_VIOLATION, 1, POLICY_RIGHT_DEFINED);
	add(&f, "SeB", VERDICT_VIOLATION, POLICY_NOBODY, POLICY_RIGHT_NOT_DEFINED);
	add(&f, "SeB", VERDICT_VIOLATION, POLICY_NOBODY, POLICY_RIGHT_NOT_DEFINED);
	fixes_finish(&f);
	assert_int_equal(f.count, 4);
	assert_place(&f, 0, 3, "SeB", "Own");
	assert_string_equal(f.at[0].link, "OU=Servers");
	assert_true(f.at[0].enforced);
	assert_place(&f, 1, 2, "SeB", NULL);
	assert_place(&f, 2, 2, "SeB", "Lab");
	assert_place(&f, 3, 1, "SeA", "Own");
	assert_int_equal(f.unlisted, 0);
	fixes_free(&f);
}

static void what_is_not_certain_is_no_place(void **state)
{
	struct fixes f = { 0 };

	(void)state;
	add(&f, "SeA", VERDICT_COMPLIANT, 0, POLICY_RIGHT_DEFINED);
	add(&f, "SeA", VERDICT_UNKNOWN, 0, POLICY_RIGHT_DEFINED);
	add(&f, "SeA", VERDICT_VIOLATION, 0, POLICY_RIGHT_UNCERTAIN);
	add(&f, "SeA", VERDICT_VIOLATION, NO_POLICY, POLICY_RIGHT_DEFINED);
	add(&f, "SeA", VERDICT_VIOLATION, 2, POLICY_RIGHT_DEFINED); /* it has no id */
	add(&f, "SeA", VERDICT_VIOLATION, 3, POLICY_RIGHT_DEFINED); /* no record of it */
	fixes_finish(&f);
	assert_int_equal(f.count, 0);
	fixes_free(&f);
}

static void places_have_a_ceiling(void **state)
{
	struct fixes f = { 0 };
	char name[20];

	(void)state;
	for (unsigned i = 0; i < FIXES_MAX + 3; i++) {
		snprintf(name, sizeof(name), "Se%u", i);
		add(&f, name, VERDICT_VIOLATION, 0, POLICY_RIGHT_DEFINED);
	}
	assert_int_equal(f.count, FIXES_MAX);
	assert_int_equal(f.unlisted, 3);
	fixes_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_counted_by_hosts),
		cmocka_unit_test(what_is_not_certain_is_no_place),
		cmocka_unit_test(places_have_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
