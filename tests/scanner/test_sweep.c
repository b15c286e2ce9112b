/* SPDX-License-Identifier: Apache-2.0 */
/* Whole sweeps against a thread that plays hosts: 127.1.KIND.x behind one listener. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "scanner/console/log.h"
#include "scanner/sweep/sweep.h"
#include "scanner/targets/target_source.h"
#include "tests/scanner/domain_play.h"

/* ---- one sweep ---- */

enum { RECORDS = 1024 };

static struct {
	unsigned count;
	struct {
		char host[40];
		enum host_outcome outcome;
		unsigned attempts;
		uint64_t at;
	} at[RECORDS];
} records;

/* Sources that give a host for each record there was, and wake the sweep for it by a
 * call or by a pipe. */
enum { SLOWS = 3 };

static struct slow {
	struct target_source source;
	struct address next;
	unsigned hosts, allowed;
	bool shut;   /* for ever */
	int ends[2]; /* of the pipe; 0: none */
} slows[SLOWS];
static size_t slow_count;

static enum targets_answer next_slow(struct target_source *source,
				     struct target_line *line)
{
	struct slow *slow = (struct slow *)source;
	char byte;

	if (slow->ends[0])
		while (read(slow->ends[0], &byte, 1) == 1)
			;
	if (!slow->hosts)
		return TARGETS_END;
	if (!slow->allowed)
		return TARGETS_LATER;
	slow->allowed--;
	slow->hosts--;
	*line = (struct target_line){ .spec = { .kind = SPEC_ADDRESSES,
						.first = slow->next,
						.last = slow->next },
				      .file = "slow" };
	slow->next = address_plus(slow->next, 1);
	return TARGETS_ONE;
}

static int slow_descriptor(const struct target_source *source)
{
	return ((const struct slow *)source)->ends[0];
}

static struct slow *add_slow(const char *first, unsigned hosts, bool pipe)
{
	struct slow *slow = &slows[slow_count++];
	struct spec spec;
	char why[200];

	*slow = (struct slow){ .source.next = next_slow, .hosts = hosts };
	assert_true(spec_parse(first, &spec, why, sizeof why));
	slow->next = spec.first;
	if (!pipe)
		return slow;
	assert_int_equal(pipe2(slow->ends, O_NONBLOCK), 0);
	slow->source.descriptor = slow_descriptor;
	return slow;
}

static void wake_slows(void)
{
	for (struct slow *slow = slows; slow < slows + slow_count; slow++) {
		if (slow->shut)
			continue;
		slow->allowed++;
		if (slow->ends[1])
			assert_int_equal(write(slow->ends[1], "", 1), 1);
		else
			target_source_ready(&slow->source);
	}
}

static void end_slows(void)
{
	for (struct slow *slow = slows; slow < slows + slow_count; slow++)
		for (int i = 0; i < 2; i++)
			if (slow->ends[i])
				close(slow->ends[i]);
	slow_count = 0;
}

static bool interrupt_at_first; /* record */

static void on_record(const struct facts *f, void *arg)
{
	(void)arg;
	wake_slows();
	assert_true(records.count < RECORDS);
	snprintf(records.at[records.count].host, sizeof records.at[0].host, "%s",
		 f->host);
	records.at[records.count].outcome = f->outcome;
	records.at[records.count].attempts = f->attempts;
	records.at[records.count++].at = uv_hrtime() / 1000000;
	if (interrupt_at_first && records.count == 1)
		kill(getpid(), SIGINT);
}

static const char *const rights[] = { "SeImpersonatePrivilege" };
static const struct sweep_credential credential = { .name = "", .provider = &provider };

static struct settings defaults(void)
{
	return (struct settings){
		.rights = rights,
		.right_count = 1,
		.connect_ms = 1000,
		.login_ms = 5000,
		.request_ms = 5000,
		.host_ms = 20000,
		.in_flight = 64,
		.max_logon_failures = 1,
		.quiet = true,
		.stats_ms = 10000,
	};
}

/* Sweeps `specs` (NULL at the end) and ends the domain, so that what it saw can be read.
 * Returns milliseconds. */
static uint64_t sweep(const struct settings *o, const char *const *specs,
		      struct sweep_result *r)
{
	static const char *const sections[] = { "" };
	struct targets_options options = { .specs = specs,
					   .sections = sections,
					   .section_count = 1,
					   .port = domain.port };
	struct sweep_inputs inputs = {
		.settings = o,
		.credentials = &credential,
		.credential_count = 1,
		.sweep_id = "11111111-2222-4333-8444-555555555555",
	};
	uint64_t began = uv_hrtime();
	struct targets *t;

	while (specs[options.spec_count])
		options.spec_count++;
	records.count = 0;
	t = targets_open(&options);
	assert_non_null(t);
	for (struct slow *slow = slows; slow < slows + slow_count; slow++)
		targets_add(t, &slow->source);
	assert_true(sweep_run(&inputs, t, NULL, on_record, NULL, r));
	targets_close(t);
	began = (uv_hrtime() - began) / 1000000;
	stop_domain();
	end_slows();
	assert_int_equal(r->hosts, records.count);
	return began;
}

static unsigned count_outcome(enum host_outcome outcome)
{
	unsigned n = 0;

	for (unsigned i = 0; i < records.count; i++)
		n += records.at[i].outcome == outcome;
	return n;
}

static void each_host_is_recorded_once(void **state)
{
	const char *specs[] = { "127.1.1.1-100", "127.1.2.1-10", "127.1.1.1", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	sweep(&o, specs, &r);
	assert_int_equal(r.hosts, 110);
	assert_int_equal(r.outcomes[HOST_ACCESS_DENIED], 100);
	assert_int_equal(r.outcomes[HOST_DISCONNECTED], 10);
	for (unsigned i = 0; i < records.count; i++)
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(records.at[i].host, records.at[k].host);
	assert_int_equal(domain.connected[GOOD], 100);
	assert_false(r.guard_stopped);
}

static void as_many_hosts_fly_as_allowed(void **state)
{
	const char *specs[] = { "127.1.3.1-60", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	o.in_flight = 7;
	o.runtime_ms = 200;
	sweep(&o, specs, &r);
	assert_int_equal(r.hosts, 60);
	assert_int_equal(domain.connected[HANGS], 7);
}

static void a_subnet_is_not_crowded(void **state)
{
	const char *specs[] = { "127.1.3.1-20", "127.2.3.1-20", "127.3.3.1-20", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	o.per_subnet = 3;
	o.runtime_ms = 200;
	sweep(&o, specs, &r);
	assert_int_equal(r.hosts, 60);
	assert_int_equal(domain.connected[HANGS], 3 * 3);
}

static void a_busy_subnet_stalls_no_other(void **state)
{
	const char *specs[] = { "127.1.1.250", "127.1.5.1-12", "127.1.1.1-60", NULL };
	struct settings o = defaults();
	struct sweep_result r;
	uint64_t last_slow = 0, last_good = 0;

	(void)state;
	o.in_flight = 8;
	o.per_subnet = 4;
	sweep(&o, specs, &r);
	assert_int_equal(r.hosts, 73);
	for (unsigned i = 0; i < records.count; i++)
		if (strncmp(records.at[i].host, "127.1.5.", 8) == 0)
			last_slow = records.at[i].at;
		else
			last_good = records.at[i].at;
	assert_true(last_good < last_slow);
}

static void only_what_may_be_mended_is_tried_again(void **state)
{
	const char *specs[] = { "127.1.2.1-5", "127.1.1.1-5", "127.1.1.9:1", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	o.retries = 2;
	sweep(&o, specs, &r);
	assert_int_equal(r.hosts, 11);
	for (unsigned i = 0; i < records.count; i++)
		assert_int_equal(records.at[i].attempts,
				 records.at[i].outcome == HOST_DISCONNECTED ? 3 : 1);
	assert_int_equal(count_outcome(HOST_REFUSED), 1);
	/* Each attempt is two connections: the second asks for SMB1 too. */
	assert_int_equal(domain.connected[HANGS_UP], 5 * 3 * 2);
}

static void connections_come_at_their_rate(void **state)
{
	const char *specs[] = { "127.1.1.1-60", NULL };
	struct settings o = defaults();
	struct sweep_result r;
	uint64_t took;

	(void)state;
	o.rate = 100;
	took = sweep(&o, specs, &r);
	assert_int_equal(r.hosts, 60);
	assert_true(took >= 550);
}

static void sources_are_waited_for(void **state)
{
	const char *specs[] = { "127.1.1.9", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	o.runtime_ms = 30000;
	add_slow("127.1.1.1", 3, false);
	add_slow("127.1.1.101", 3, true);
	add_slow("127.1.1.201", 3, true);
	sweep(&o, specs, &r);
	assert_int_equal(r.outcomes[HOST_ACCESS_DENIED], 10);
	assert_int_equal(r.hosts, 10);
}

static void a_sweep_that_is_stopped_waits_for_no_source(void **state)
{
	const char *specs[] = { "127.1.3.1", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	o.runtime_ms = 200;
	add_slow("127.1.1.1", 3, false)->shut = true;
	sweep(&o, specs, &r);
	assert_true(r.out_of_time);
	assert_int_equal(r.outcomes[HOST_NOT_ASKED], 1);
}

static void a_wrong_password_is_tried_once(void **state)
{
	const char *specs[] = { "127.1.4.1-200", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	sweep(&o, specs, &r);
	assert_true(r.guard_stopped);
	assert_int_equal(r.outcomes[HOST_LOGON_REFUSED], 1);
	assert_int_equal(r.outcomes[HOST_GUARDED], 199);
	assert_int_equal(domain.logons, 1);
}

/* The canary must be alone until it has succeeded, wherever it is delayed. */
static void a_wrong_password_is_tried_as_often_as_allowed(void **state)
{
	const char *specs[] = { "127.1.3.1-3", "127.1.4.1-200", NULL };
	struct settings o = defaults();
	struct sweep_result r;

	(void)state;
	o.max_logon_failures = 3;
	o.request_ms = 300;
	sweep(&o, specs, &r);
	assert_int_equal(r.outcomes[HOST_LOGON_REFUSED], 3);
	assert_int_equal(domain.logons, 3);
	assert_int_equal(r.hosts, 203);
}

static void time_that_is_up_leaves_a_record_of_each(void **state)
{
	const char *specs[] = { "127.1.3.1-200", NULL };
	struct settings o = defaults();
	struct sweep_result r;
	uint64_t took;

	(void)state;
	o.in_flight = 8;
	o.runtime_ms = 300;
	took = sweep(&o, specs, &r);
	assert_true(r.out_of_time);
	assert_int_equal(r.hosts, 200);
	assert_int_equal(r.outcomes[HOST_NOT_ASKED], 200);
	assert_true(took >= 290);
}

static void an_interrupt_lets_hosts_finish_a_second_does_not(void **state)
{
	const char *slow[] = { "127.1.5.1-200", NULL };
	const char *hanging[] = { "127.1.3.1-200", NULL };
	struct settings o = defaults();
	struct sweep_result r;
	struct signals signals = { .number = SIGINT };
	uv_thread_t thread;

	(void)state;
	o.in_flight = 8;
	interrupt_at_first = true;
	sweep(&o, slow, &r);
	interrupt_at_first = false;
	assert_int_equal(r.signal, SIGINT);
	assert_int_equal(r.hosts, 200);
	assert_in_range(r.outcomes[HOST_ACCESS_DENIED], 1, 60);
	assert_int_equal(r.outcomes[HOST_ACCESS_DENIED] + r.outcomes[HOST_NOT_ASKED],
			 200);
	assert_int_equal(begin_domain(NULL), 0);
	keep_listening(true);
	uv_thread_create(&thread, send_signals, &signals);
	sweep(&o, hanging, &r);
	atomic_store(&signals.ended, true);
	uv_thread_join(&thread);
	keep_listening(false);
	assert_int_equal(r.outcomes[HOST_NOT_ASKED], 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_domain, end_domain)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_host_is_recorded_once),
		TEST(as_many_hosts_fly_as_allowed),
		TEST(a_subnet_is_not_crowded),
		TEST(a_busy_subnet_stalls_no_other),
		TEST(only_what_may_be_mended_is_tried_again),
		TEST(connections_come_at_their_rate),
		TEST(sources_are_waited_for),
		TEST(a_sweep_that_is_stopped_waits_for_no_source),
		TEST(a_wrong_password_is_tried_once),
		TEST(a_wrong_password_is_tried_as_often_as_allowed),
		TEST(time_that_is_up_leaves_a_record_of_each),
		TEST(an_interrupt_lets_hosts_finish_a_second_does_not),
	};

	return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
