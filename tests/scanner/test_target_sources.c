/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of targets beside lists, what is passed over, and services. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/scanner/targets_play.h"

static bool passed_b(const char *name, uint16_t port, size_t credential, void *arg)
{
	(void)arg;
	(void)credential;
	return strcmp(name, "b") == 0 && port == 445;
}

static void passes_over_what_is_done(void **state)
{
	struct targets_options o = { .specs = WORDS("a", "b", "b:446"),
				     .spec_count = 3,
				     .passed = passed_b };
	struct targets *t = targets_open(&o);

	(void)state;
	assert_string_equal(walk(t), "a:445 b:446 ");
	targets_close(t);
}

static bool passed_all_but_one(const char *name, uint16_t port, size_t credential,
			       void *arg)
{
	(void)credential;
	size_t *asked = arg;

	(void)port;
	++*asked;
	return strcmp(name, "10.0.255.254") != 0;
}

/* A sweep that is resumed passes over a hundred thousand hosts: others are heard
 * meanwhile. */
static void test_passing_over_many_comes_back_in_between(void **state)
{
	size_t asked = 0, before = 0, calls = 0;
	struct targets_options o = { .specs = WORDS("10.0.0.0/16"),
				     .spec_count = 1,
				     .passed = passed_all_but_one,
				     .passed_arg = &asked };
	struct targets *t = targets_open(&o);
	enum targets_answer answer;
	struct target target;

	(void)state;
	while ((answer = targets_next(t, &target)) == TARGETS_PASSED) {
		assert_int_equal(asked - before, TARGETS_PASSED_MOST);
		assert_int_equal(targets_passed(t), TARGETS_PASSED_MOST);
		before = asked;
		calls++;
	}
	assert_int_equal(answer, TARGETS_ONE);
	assert_string_equal(target.name, "10.0.255.254");
	assert_in_range(targets_passed(t), 1, TARGETS_PASSED_MOST);
	assert_int_equal(calls, (asked - 1) / TARGETS_PASSED_MOST);
	assert_int_equal(targets_next(t, &target), TARGETS_END);
	targets_close(t);
}

/* A source of names; NULL among them: nothing for now. */
struct names {
	struct target_source source;
	const char *const *at;
	size_t count, given;
};

static enum targets_answer next_name(struct target_source *source,
				     struct target_line *line)
{
	struct names *names = (struct names *)source;
	char why[200];

	if (names->given == names->count)
		return TARGETS_END;
	if (!names->at[names->given++])
		return TARGETS_LATER;
	*line = (struct target_line){ .file = "names", .number = names->given };
	assert_true(
		spec_parse(names->at[names->given - 1], &line->spec, why, sizeof why));
	return TARGETS_ONE;
}

static bool names_left(const struct target_source *source, uint64_t *left)
{
	const struct names *names = (const struct names *)source;

	*left = names->count - names->given;
	return true;
}

static int names_descriptor(const struct target_source *source)
{
	(void)source;
	return 77;
}

static bool names_uncounted(const struct target_source *source, uint64_t *left)
{
	(void)source;
	*left = 5;
	return false;
}

static void sources_come_before_lists_in_the_order_of_adding(void **state)
{
	struct targets_options o = { .specs = WORDS("a", "b", "z"), .spec_count = 3 };
	struct names one = { { .next = next_name }, WORDS("c", "A", "10.0.0.1-2"), 3, 0 };
	struct names two = { { .next = next_name }, WORDS("d", "10.0.0.2"), 2, 0 };
	struct targets *t = targets_open(&o);
	struct target target;

	(void)state;
	targets_add(t, &one.source);
	targets_add(t, &two.source);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.file, "names");
	assert_int_equal(target.line, 1);
	assert_string_equal(walk(t),
			    "A:445 10.0.0.1:445 10.0.0.2:445 d:445 b:445 z:445 ");
	targets_close(t);
}

/* Lists go on while a source has nothing, unless it is to be alone. */
static void a_source_may_have_nothing_for_now(void **state)
{
	struct targets_options o = { .specs = WORDS("a", "b"), .spec_count = 2 };
	struct names names = {
		{ .next = next_name }, WORDS("c", NULL, NULL, NULL, "d"), 5, 0
	};
	struct targets *t = targets_open(&o);
	struct target target;

	(void)state;
	targets_add(t, &names.source);
	assert_string_equal(walk(t), "c:445 a:445 b:445 ");
	assert_int_equal(names.given, 4);
	assert_string_equal(walk(t), "d:445 ");
	targets_close(t);

	names.given = 0;
	names.source.alone = true;
	t = targets_open(&o);
	targets_add(t, &names.source);
	assert_string_equal(walk(t), "c:445 ");
	assert_int_equal(targets_descriptor(t), -1);
	assert_int_equal(targets_next(t, &target), TARGETS_LATER);
	names.source.descriptor = names_descriptor;
	assert_int_equal(targets_next(t, &target), TARGETS_LATER);
	assert_int_equal(targets_descriptor(t), 77);
	assert_string_equal(walk(t), "d:445 a:445 b:445 ");
	assert_int_equal(targets_next(t, &target), TARGETS_END);
	targets_close(t);
}

static void on_ready(void *arg)
{
	++*(unsigned *)arg;
}

static void a_source_calls_when_it_has_more(void **state)
{
	struct targets_options o = { .specs = WORDS("a"), .spec_count = 1 };
	struct names names = { { .next = next_name }, WORDS(NULL, "c", "d"), 2, 0 };
	struct targets *t = targets_open(&o);
	unsigned calls = 0;

	(void)state;
	targets_add(t, &names.source);
	target_source_ready(&names.source); /* nobody listens */
	targets_on_ready(t, on_ready, &calls);
	assert_string_equal(walk(t), "a:445 c:445 ");
	target_source_ready(&names.source);
	assert_int_equal(calls, 1);
	names.count = 3; /* after its end, too */
	assert_string_equal(walk(t), "d:445 ");
	targets_on_ready(t, NULL, NULL);
	target_source_ready(&names.source);
	assert_int_equal(calls, 1);
	targets_close(t);
}

static void a_source_is_counted_by_itself(void **state)
{
	struct targets_options o = { .specs = WORDS("a", "10.0.0.1-9"), .spec_count = 2 };
	struct names names = {
		{ .next = next_name, .left = names_left }, WORDS("c", "a", "d", "c"), 4, 0
	};
	struct targets *t = targets_open(&o);
	struct target target;
	uint64_t total;

	(void)state;
	targets_add(t, &names.source);
	assert_true(targets_total(t, &total));
	assert_int_equal(total, 14);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_true(targets_total(t, &total));
	assert_int_equal(total, 14);
	names.source.left = names_uncounted;
	assert_false(targets_total(t, &total));
	names.source.left = names_left;
	walk(t);
	assert_true(targets_total(t, &total));
	assert_int_equal(total, 12); /* 2 met twice */
	targets_close(t);
}

/* What a service stands for is held to the same rules as what was listed. */
static void holds_hosts_of_services_to_the_rules(void **state)
{
	struct targets_options o = {
		.specs = WORDS("a.corp", "_ldap._tcp.corp", "_Ldap._tcp.Corp", "b:446"),
		.spec_count = 4,
		.excludes = WORDS("x.corp, *.no"),
		.exclude_count = 1,
		.passed = passed_b,
	};
	struct targets *t = targets_open(&o);
	struct names hosts = { .source.next = next_name,
			       .at = WORDS("A.Corp", /* listed */
					   "a.corp:446", "a.corp:446", "b:446",
					   "b", /* done before */
					   "X.corp", "dc.no", "dc.corp"),
			       .count = 8 };
	uint64_t total;

	(void)state;
	assert_string_equal(walk(t), "a.corp:445 _ldap._tcp.corp:445 b:446 ");
	targets_expanded(t);
	assert_int_equal(targets_given(t), 2);
	targets_add(t, &hosts.source);
	assert_string_equal(walk(t), "a.corp:446 dc.corp:445 ");
	assert_int_equal(targets_given(t), 4);
	assert_true(targets_total(t, &total));
	assert_int_equal(total, 4);
	targets_close(t);
}

static void divides_hosts_of_services(void **state)
{
	struct targets_options o = { .specs = WORDS("_ldap._tcp.corp"), .spec_count = 1 };
	unsigned asked[20] = { 0 };
	char name[20];

	(void)state;
	for (uint32_t part = 0; part < 3; part++) {
		struct names hosts = { .source.next = next_name, .count = 1 };
		const char *at[] = { name };
		struct targets *t;

		o.shard = (struct shard){ part, 3 };
		t = targets_open(&o);
		assert_string_equal(walk(t), "_ldap._tcp.corp:445 ");
		hosts.at = at;
		targets_add(t, &hosts.source);
		for (unsigned i = 0; i < 20; i++) {
			snprintf(name, sizeof name, "dc%u.corp", i);
			hosts.given = 0;
			asked[i] += *walk(t) != '\0';
		}
		assert_in_range(targets_given(t), 2, 12);
		targets_close(t);
	}
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(asked[i], 1);
}

static void tells_services_from_hosts(void **state)
{
	(void)state;
	assert_true(target_is_service("_ldap._tcp.corp.example"));
	assert_true(target_is_service("_gc._tcp.corp.example:445"));
	assert_false(target_is_service("_msdcs.corp.example"));
	assert_false(target_is_service("_web"));
	assert_false(target_is_service("ldap._tcp.corp.example"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_over_what_is_done),
		cmocka_unit_test(test_passing_over_many_comes_back_in_between),
		cmocka_unit_test(sources_come_before_lists_in_the_order_of_adding),
		cmocka_unit_test(a_source_may_have_nothing_for_now),
		cmocka_unit_test(a_source_calls_when_it_has_more),
		cmocka_unit_test(a_source_is_counted_by_itself),
		cmocka_unit_test(holds_hosts_of_services_to_the_rules),
		cmocka_unit_test(divides_hosts_of_services),
		cmocka_unit_test(tells_services_from_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
