/* SPDX-License-Identifier: Apache-2.0 */
/* Which domain controller is asked after another one, what the guard is told, and the
 * domain as a source of targets while it is read. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "scanner/discover/directory_feed.h"
#include "scanner/discover/ldap_result.h"
#include "scanner/discover/locate.h"
#include "scanner/login/guard.h"
#include "tests/scanner/ldap_play.h"

/* Controllers by number, from 1. */
enum { GOOD = 1, OTHER, RESETS, CUTS, REFUSES, CLOSES, STOPS, PAIRS = STOPS };
enum { COMPUTERS = 60, ALL = COMPUTERS + PAIRS };

static const char *const pairs[PAIRS] = {
	"", "", "reset@bind1", "cut@end", "data_52e", "fin@bind2", "silence@page2"
};

/* ---- names are numbers of controllers ---- */

bool __wrap_locate_controllers(const char *domain, const char *const *named,
			       uint16_t port, const char *const *dns_servers,
			       struct controllers *found, char *why, size_t why_size);

bool __wrap_locate_controllers(const char *domain, const char *const *named,
			       uint16_t port, const char *const *dns_servers,
			       struct controllers *found, char *why, size_t why_size)
{
	(void)domain;
	(void)dns_servers;
	assert_int_equal(port, LDAP_PORT_PLAIN);
	for (; named && *named; named++) {
		struct controller *c = &found->at[found->count++];

		c->name = strdup("127.16.0.1");
		c->address.v4 = play_address((size_t)(**named - '0'));
	}
	if (!found->count)
		snprintf(why, why_size, "nobody is found");
	return found->count > 0;
}

/* ---- discover ---- */

struct seen {
	unsigned domains, lines, pages;
	size_t computers, in_scope, total;
	char error[200], name[64];
	char all[4000]; /* lines */
};

static void on_domain(const struct directory_domain *d,
		      const struct directory_counts *counts, void *arg)
{
	struct seen *seen = arg;

	seen->domains++;
	seen->total = counts->total;
	snprintf(seen->error, sizeof seen->error, "%s", d->error ? d->error : "");
	snprintf(seen->name, sizeof seen->name, "%s", d->dns_name);
}

static void on_lines(char *lines, void *arg)
{
	struct seen *seen = arg;

	seen->lines += lines != NULL;
	snprintf(seen->all + strlen(seen->all), sizeof seen->all - strlen(seen->all),
		 "%s\n", lines ? lines : "");
	free(lines);
}

static void on_computer(const struct directory_computer *c, bool in_scope,
			enum computer_reason reason, void *arg)
{
	struct seen *seen = arg;

	(void)reason;
	assert_non_null(c->dn);
	seen->computers++;
	seen->in_scope += in_scope;
}

static void on_page(void *arg)
{
	((struct seen *)arg)->pages++;
}

static const struct settings settings = { .request_ms = 60000 };

static struct discover_options options_of(const char *const *controllers,
					  struct seen *seen)
{
	return (struct discover_options){
		.domain = "corp.example",
		.controllers = controllers,
		.settings = &settings,
		.provider = play.provider,
		.events = { .domain = on_domain,
			    .lines = on_lines,
			    .computer = on_computer,
			    .page = on_page,
			    .arg = seen },
	};
}

static enum discover_end read_from(const char *first, const char *second,
				   struct seen *seen, char why[static 600])
{
	const char *const controllers[] = { first, second, NULL };
	struct discover_options options = options_of(controllers, seen);

	*seen = (struct seen){ 0 };
	*why = '\0';
	return discover(&options, why, 600);
}

#define NUMBER(n) ((const char[]){ (char)('0' + (n)), '\0' })

static void test_a_domain_is_read(void **state)
{
	struct seen seen;
	char why[600];

	(void)state;
	assert_int_equal(read_from(NUMBER(GOOD), NULL, &seen, why), DISCOVER_DONE);
	assert_int_equal(seen.computers, ALL);
	assert_int_equal(seen.total, ALL);
	assert_true(seen.in_scope < ALL && seen.in_scope > PAIRS);
	assert_int_equal(seen.domains, 1);
	assert_int_equal(seen.lines, 1);
	assert_int_equal(seen.pages, 2);
	assert_string_equal(seen.error, "");
}

static void test_the_next_controller_is_asked_after_one_that_breaks(void **state)
{
	static const int broken[] = { RESETS, CUTS };
	struct seen seen;
	char why[600];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(read_from(NUMBER(broken[i]), NUMBER(OTHER), &seen, why),
				 DISCOVER_DONE);
		assert_int_equal(seen.computers, ALL);
		assert_int_equal(seen.total, ALL);
	}
	assert_int_equal(read_from(NUMBER(CUTS), NULL, &seen, why), DISCOVER_INCOMPLETE);
	assert_non_null(strstr(seen.error, "closed the connection"));
	assert_non_null(strstr(why, "closed the connection"));
}

static void test_nobody_is_asked_after_a_login_that_was_refused_or_lost(void **state)
{
	struct seen seen;
	char why[600];

	(void)state;
	assert_int_equal(read_from(NUMBER(REFUSES), NUMBER(GOOD), &seen, why),
			 DISCOVER_GUARDED);
	assert_non_null(strstr(why, "password is wrong"));
	assert_int_equal(seen.computers, 0);
	assert_int_equal(read_from(NUMBER(CLOSES), NUMBER(GOOD), &seen, why),
			 DISCOVER_FAILED);
	assert_non_null(strstr(why, "closed the connection"));
	assert_int_equal(read_from(NULL, NULL, &seen, why), DISCOVER_FAILED);
	assert_string_equal(why, "nobody is found");
}

static bool refuse(void *arg)
{
	(void)arg;
	return false;
}

static void test_a_guard_that_has_stopped_is_obeyed(void **state)
{
	const char *const controllers[] = { NUMBER(GOOD), NULL };
	struct seen seen = { 0 };
	struct discover_options options = options_of(controllers, &seen);
	char why[600] = "";

	(void)state;
	options.guard = (struct discover_guard){ .ask = refuse };
	assert_int_equal(discover(&options, why, sizeof why), DISCOVER_GUARDED);
	assert_string_equal(why, "the credential guard had stopped");
}

static void test_other_domains_of_the_forest_are_read_too(void **state)
{
	const char *const controllers[] = { NUMBER(GOOD), NULL };
	const char *const bases[] = { "OU=Desks,DC=corp,DC=example", NULL };
	struct seen seen = { 0 };
	struct discover_options options = options_of(controllers, &seen);
	char why[600] = "";

	(void)state;
	options.forest = true;
	options.bases = bases;
	assert_int_equal(discover(&options, why, sizeof why), DISCOVER_INCOMPLETE);
	assert_int_equal(seen.domains, 2);
	assert_true(seen.computers > 0 && seen.computers < ALL);
	assert_string_equal(seen.name, "east.corp.example");
	assert_string_equal(seen.error, "nobody is found");
}

/* ---- Group Policy ---- */

struct policies_seen {
	unsigned scopes, gpos, filters, groups, ends;
	char error[300];
};

static void on_scope(const struct directory_scope *s, void *arg)
{
	(void)s;
	((struct policies_seen *)arg)->scopes++;
}

static void on_gpo(const struct directory_gpo *g, void *arg)
{
	(void)g;
	((struct policies_seen *)arg)->gpos++;
}

static void on_wmi_filter(const struct directory_wmi_filter *f, void *arg)
{
	(void)f;
	((struct policies_seen *)arg)->filters++;
}

static void on_group(const struct directory_group *g, void *arg)
{
	(void)g;
	((struct policies_seen *)arg)->groups++;
}

static void on_policies(const struct directory_policies *p, void *arg)
{
	struct policies_seen *seen = arg;

	seen->ends++;
	snprintf(seen->error, sizeof seen->error, "%s", p->error ? p->error : "");
}

/* SYSVOL is at port 445, where the simulated controllers are not. */
static void test_group_policy_without_sysvol_says_so(void **state)
{
	const char *const controllers[] = { NUMBER(GOOD), NULL };
	struct policies_seen policies = { 0 };
	const struct policy_events events = { on_scope, on_gpo,      on_wmi_filter,
					      on_group, on_policies, &policies };
	struct seen seen = { 0 };
	struct discover_options options = options_of(controllers, &seen);
	char why[600] = "";

	(void)state;
	options.policies = &events;
	assert_int_equal(discover(&options, why, sizeof why), DISCOVER_DONE);
	assert_int_equal(policies.ends, 1);
	assert_int_equal(policies.gpos, 1);
	assert_true(policies.scopes >= 3);
	assert_non_null(strstr(policies.error, "SYSVOL of 127.16.0.1: "));
}

/* ---- the feed ---- */

/* Takes targets until the end, or until `max` came; how many. */
static size_t take_all(struct target_source *source, size_t max)
{
	struct target_line line;
	size_t taken = 0;

	for (;;) {
		struct pollfd wait = { .fd = source->descriptor(source),
				       .events = POLLIN };

		switch (source->next(source, &line)) {
		case TARGETS_ONE:
			assert_non_null(line.directory);
			if (++taken == max)
				return taken;
			break;
		case TARGETS_LATER:
			poll(&wait, 1, 1000);
			break;
		default:
			return taken;
		}
	}
}

static struct directory_feed *feed_of(const char *const *controllers, struct seen *seen,
				      struct guard *guard)
{
	static struct discover_options options;
	char why[200];
	struct directory_feed *f = directory_feed_open(why, sizeof why);

	assert_non_null(f);
	options = options_of(controllers, seen);
	directory_feed_set(f, &options);
	if (guard)
		directory_feed_guard(f, guard);
	return f;
}

static void check_feed(const char *controller, struct guard *guard, enum discover_end due,
		       size_t least, size_t most)
{
	const char *const controllers[] = { controller, NULL };
	struct seen seen = { 0 };
	struct directory_feed *f = feed_of(controllers, &seen, guard);
	const char *why;
	uint64_t left = 99;
	size_t taken = take_all(directory_feed_source(f), SIZE_MAX);

	assert_true(taken >= least && taken <= most);
	assert_true(directory_feed_source(f)->left(directory_feed_source(f), &left));
	assert_int_equal(left, 0);
	assert_true(directory_feed_stop(f));
	assert_int_equal(directory_feed_end(f, &why), due);
	assert_int_equal(*why != '\0', due != DISCOVER_DONE);
	assert_int_equal(seen.domains, 1);
	directory_feed_close(f);
}

static void test_a_feed_gives_what_is_in_scope(void **state)
{
	struct guard *guard = guard_new("auditor", 1);

	(void)state;
	check_feed(NUMBER(GOOD), NULL, DISCOVER_DONE, PAIRS + 1, ALL);
	check_feed(NUMBER(GOOD), guard, DISCOVER_DONE, PAIRS + 1, ALL);
	check_feed(NUMBER(CUTS), guard, DISCOVER_INCOMPLETE, PAIRS + 1, ALL);
	guard_free(guard);
	check_feed(NUMBER(REFUSES), NULL, DISCOVER_GUARDED, 0, 0);
	check_feed(NUMBER(CLOSES), NULL, DISCOVER_FAILED, 0, 0);
}

static void on_told(struct guard_seat *seat, enum guard_answer answer)
{
	(void)seat;
	(void)answer;
}

/* Another login is under way when the reading thread asks for one; how it ends decides.
 */
static enum discover_end feed_behind_a_login(bool accepted, size_t *taken)
{
	const char *const controllers[] = { NUMBER(GOOD), NULL };
	struct guard *guard = guard_new("auditor", 1);
	struct guard_seat other = { .told = on_told };
	struct fault refused = { 0 };
	struct seen seen = { 0 };
	struct directory_feed *f = feed_of(controllers, &seen, guard);
	struct target_source *source = directory_feed_source(f);
	struct pollfd wait = { .fd = source->descriptor(source), .events = POLLIN };
	struct target_line line;
	enum discover_end how;
	const char *why;

	assert_int_equal(guard_ask(guard, &other), GUARD_GO);
	assert_int_equal(source->next(source, &line), TARGETS_LATER);
	poll(&wait, 1, 60000);
	assert_int_equal(source->next(source, &line), TARGETS_LATER);
	assert_int_equal(seen.lines, 0);
	ldap_result_bind_fault(&refused, 49, "data 52e", false);
	if (accepted)
		guard_accepted(&other);
	else
		guard_refused(&other, &refused);
	*taken = take_all(source, SIZE_MAX);
	assert_true(directory_feed_stop(f));
	how = directory_feed_end(f, &why);
	directory_feed_close(f);
	guard_free(guard);
	return how;
}

static void test_a_feed_waits_for_the_guard(void **state)
{
	size_t taken;

	(void)state;
	assert_int_equal(feed_behind_a_login(true, &taken), DISCOVER_DONE);
	assert_true(taken > PAIRS);
	assert_int_equal(feed_behind_a_login(false, &taken), DISCOVER_GUARDED);
	assert_int_equal(taken, 0);
}

#define DOMAIN_SID "S-1-5-21-1004336348-1177238915-682003330"

static void test_a_feed_names_the_sids_that_hosts_hold(void **state)
{
	const char *const controllers[] = { NUMBER(GOOD), NULL };
	struct holder holders[] = {
		{ .sid = DOMAIN_SID "-2001", .kind = KIND_NOT_TOLD },
		{ .sid = DOMAIN_SID "-999999999", .kind = KIND_NOT_TOLD },
		{ .sid = "S-1-5-21-1-2-3-500", .kind = KIND_NOT_TOLD },
		{ .sid = DOMAIN_SID "-2002", .kind = KIND_GROUP },
	};
	struct right_fact right = { .holders = holders, .holder_count = 4 };
	struct facts facts = { .rights = &right, .right_count = 1 };
	struct seen seen = { 0 };
	struct directory_feed *f = feed_of(controllers, &seen, NULL);
	struct discover_options options = options_of(controllers, &seen);
	const char *why, *named;

	(void)state;
	options.names_wanted = true;
	directory_feed_set(f, &options);
	take_all(directory_feed_source(f), SIZE_MAX);
	assert_true(directory_feed_names(DOMAIN_SID "-2001", f));
	assert_false(directory_feed_names("S-1-5-21-1-2-3-500", f));
	directory_feed_want(f, &facts);
	directory_feed_want(f, &facts); /* once is enough */
	directory_feed_finish(f);
	named = strstr(seen.all, DOMAIN_SID "-999999999");
	assert_non_null(named);
	assert_null(strstr(named + 1, DOMAIN_SID "-999999999")); /* once */
	assert_non_null(strstr(seen.all, "CORP\\\\Sweepers"));
	assert_null(strstr(seen.all, "S-1-5-21-1-2-3-500"));
	assert_null(strstr(seen.all, "-2002"));
	assert_int_equal(directory_feed_unnamed(f, &why), 0);
	assert_true(directory_feed_stop(f));
	assert_int_equal(directory_feed_end(f, &why), DISCOVER_DONE);
	directory_feed_close(f);
}

static void test_a_feed_that_is_stopped_ends(void **state)
{
	const char *const controllers[] = { NUMBER(STOPS), NULL };
	static const struct settings patient = { .request_ms = 3600000 };
	struct discover_options options;
	struct seen seen = { 0 };
	struct directory_feed *f = feed_of(controllers, &seen, NULL);
	const char *why;
	uint64_t left;

	(void)state;
	options = options_of(controllers, &seen);
	options.settings = &patient;
	directory_feed_set(f, &options);
	assert_int_equal(take_all(directory_feed_source(f), 5), 5);
	assert_false(directory_feed_source(f)->left(directory_feed_source(f), &left));
	assert_true(directory_feed_stop(f));
	assert_true(directory_feed_stop(f));
	assert_int_equal(directory_feed_end(f, &why), DISCOVER_INCOMPLETE);
	directory_feed_close(f);
}

static void test_a_feed_that_was_never_begun(void **state)
{
	const char *const controllers[] = { NUMBER(GOOD), NULL };
	struct seen seen = { 0 };
	struct directory_feed *f = feed_of(controllers, &seen, NULL);

	(void)state;
	assert_true(directory_feed_stop(f));
	directory_feed_close(f);
	directory_feed_close(NULL);
}

static int begin(void **state)
{
	char directory[80];

	(void)state;
	ldap_link_prepare_process();
	snprintf(directory, sizeof directory, "directory computers=%d page=50 forest=yes",
		 COMPUTERS);
	play_begin(pairs, PAIRS, directory);
	return 0;
}

static int end(void **state)
{
	(void)state;
	return strstr(play_end(), "\"ntlmv1_attempts\":0,") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_domain_is_read),
		cmocka_unit_test(test_the_next_controller_is_asked_after_one_that_breaks),
		cmocka_unit_test(
			test_nobody_is_asked_after_a_login_that_was_refused_or_lost),
		cmocka_unit_test(test_a_guard_that_has_stopped_is_obeyed),
		cmocka_unit_test(test_other_domains_of_the_forest_are_read_too),
		cmocka_unit_test(test_group_policy_without_sysvol_says_so),
		cmocka_unit_test(test_a_feed_gives_what_is_in_scope),
		cmocka_unit_test(test_a_feed_waits_for_the_guard),
		cmocka_unit_test(test_a_feed_names_the_sids_that_hosts_hold),
		cmocka_unit_test(test_a_feed_that_is_stopped_ends),
		cmocka_unit_test(test_a_feed_that_was_never_begun),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
