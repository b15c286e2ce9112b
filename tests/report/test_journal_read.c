/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_journal_read.c - journals come back whole, merged and in order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/journal/journal_read.h"

#define HEADER                                                              \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s1\",\"started\":"  \
	"\"2026-01-02T03:00:00.000Z\",\"version\":\"0.1.0\",\"rights\":[]," \
	"\"targets\":3}\n"
#define TRAILER                                                             \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s1\",\"finished\":" \
	"\"2026-01-02T03:10:00.000Z\"}\n"

static char notes[4000], why[300];
static char files[4][40];
static unsigned file_count;

static int begin(void **state)
{
	(void)state;
	notes[0] = why[0] = '\0';
	file_count = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	while (file_count)
		unlink(files[--file_count]);
	return 0;
}

static void take_note(const char *note, void *arg)
{
	(void)arg;
	strncat(notes, note, sizeof(notes) - strlen(notes) - 1);
}

/* A line of facts as the scanner writes it. */
static void line(char *out, size_t size, const char *host, unsigned minute,
		 const char *outcome)
{
	snprintf(out, size,
		 "{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:%02u:00.000Z\","
		 "\"sweep\":\"s1\",\"host\":\"%s\",\"port\":445,\"address\":null,"
		 "\"tags\":[],\"outcome\":\"%s\",\"step\":\"close\",\"error\":null,"
		 "\"attempts\":1,\"role\":{\"value\":\"client\",\"evidence\":\"dssetup\","
		 "\"conflict\":null},\"machine\":{\"machine_role\":1},\"smb\":null,"
		 "\"rights\":{},\"timing_ms\":{\"total\":1.5}}\n",
		 minute, host, outcome);
}

static const char *journal(const char *text, size_t length)
{
	char *path = files[file_count++];
	int fd;

	strcpy(path, "/tmp/lsasweep-journal.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
	return path;
}

static const char *journal_of(unsigned count, const char *hosts[], unsigned minute,
			      const char *outcome)
{
	char text[8000] = HEADER;

	for (unsigned i = 0; i < count; i++)
		line(text + strlen(text), 1000, hosts[i], minute, outcome);
	strcat(text, TRAILER);
	return journal(text, strlen(text));
}

static struct journal_set *open_files(void)
{
	const char *paths[4];

	for (unsigned i = 0; i < file_count; i++)
		paths[i] = files[i];
	return journal_set_open(paths, file_count, take_note, NULL, why, sizeof(why));
}

static void expect_host(const struct journal_set *set, size_t i, const char *host,
			enum host_outcome outcome, const char *when)
{
	struct facts f;

	facts_init(&f);
	assert_true(journal_set_read(set, i, &f, why, sizeof(why)));
	assert_string_equal(f.host, host);
	assert_int_equal(f.outcome, outcome);
	assert_string_equal(f.timestamp, when);
	facts_free(&f);
}

#define AT(minute) "2026-01-02T03:" minute ":00.000Z"

static void hosts_come_in_the_order_of_their_names(void **state)
{
	const char *hosts[] = { "web10", "Alpha", "beta" };
	struct journal_set *set;

	(void)state;
	journal_of(3, hosts, 1, "answered");
	set = open_files();
	assert_non_null(set);
	assert_int_equal(journal_set_hosts(set), 3);
	expect_host(set, 0, "Alpha", HOST_ANSWERED, AT("01"));
	expect_host(set, 1, "beta", HOST_ANSWERED, AT("01"));
	expect_host(set, 2, "web10", HOST_ANSWERED, AT("01"));
	assert_string_equal(journal_set_info(set)->sweep, "s1");
	assert_string_equal(journal_set_info(set)->started, AT("00"));
	assert_string_equal(journal_set_info(set)->finished, AT("10"));
	assert_int_equal(journal_set_info(set)->targets, 3);
	assert_int_equal(journal_set_info(set)->unrecorded, 0);
	assert_int_equal(journal_set_info(set)->unfinished, 0);
	journal_set_free(set);
}

static void between_journals_the_newest_record_counts(void **state)
{
	const char *hosts[] = { "a", "b" };
	struct journal_set *set;

	(void)state;
	journal_of(2, hosts, 7, "answered");
	journal_of(1, hosts, 3, "timeout");
	journal_of(1, hosts + 1, 9, "timeout");
	set = open_files();
	assert_int_equal(journal_set_hosts(set), 2);
	expect_host(set, 0, "a", HOST_ANSWERED, AT("07"));
	expect_host(set, 1, "b", HOST_TIMEOUT, AT("09"));
	assert_int_equal(journal_set_info(set)->superseded, 2);
	assert_int_equal(journal_set_info(set)->targets, 9);
	/* One of three, and two times two of three, have no record. */
	assert_int_equal(journal_set_info(set)->unrecorded, 5);
	journal_set_free(set);
}

static void within_a_journal_the_last_final_record_counts(void **state)
{
	char text[8000] = HEADER;
	struct journal_set *set;

	(void)state;
	line(text + strlen(text), 1000, "a", 9, "timeout");
	line(text + strlen(text), 1000, "b", 1, "answered");
	strcat(text, HEADER);
	line(text + strlen(text), 1000, "A", 4, "answered"); /* a clock set back */
	line(text + strlen(text), 1000, "b", 5, "not_asked");
	journal(text, strlen(text));
	set = open_files();
	assert_int_equal(journal_set_hosts(set), 2);
	expect_host(set, 0, "A", HOST_ANSWERED, AT("04"));
	expect_host(set, 1, "b", HOST_ANSWERED, AT("01"));
	assert_int_equal(journal_set_info(set)->targets, 3);
	assert_int_equal(journal_set_info(set)->unrecorded, 1);
	assert_int_equal(journal_set_info(set)->unfinished, 1);
	journal_set_free(set);
}

static void a_torn_last_line_is_dropped_with_a_note(void **state)
{
	char text[8000] = HEADER, wanted[200];
	struct journal_set *set;
	size_t whole;

	(void)state;
	line(text + strlen(text), 1000, "a", 1, "answered");
	whole = strlen(text);
	line(text + strlen(text), 1000, "b", 1, "answered");
	journal(text, whole + 100);
	set = open_files();
	assert_non_null(set);
	assert_int_equal(journal_set_hosts(set), 1);
	assert_int_equal(journal_set_whole_bytes(set, 0), whole);
	snprintf(wanted, sizeof(wanted), "%s:3: torn last line dropped", files[0]);
	assert_string_equal(notes, wanted);
	journal_set_free(set);
}

static void a_bad_line_costs_itself_alone(void **state)
{
	char text[8000] = HEADER "{\"schema\":\"lsasweep.facts/1\",\"ho\n", wanted[400];
	struct journal_set *set;

	(void)state;
	line(text + strlen(text), 1000, "b", 1, "answered");
	strcat(text, "[1,2]\nno json\n");
	line(text + strlen(text), 1000, "c", 1, "answered");
	journal(text, strlen(text));
	set = open_files();
	assert_non_null(set);
	assert_int_equal(journal_set_hosts(set), 2);
	expect_host(set, 0, "b", HOST_ANSWERED, AT("01"));
	expect_host(set, 1, "c", HOST_ANSWERED, AT("01"));
	assert_int_equal(journal_set_info(set)->bad_lines, 3);
	/* Three targets, two records: the lost one is not forgotten. */
	assert_int_equal(journal_set_info(set)->unrecorded, 1);
	assert_int_equal(journal_set_whole_bytes(set, 0), strlen(text));
	snprintf(wanted, sizeof(wanted), "%s:2: ", files[0]);
	assert_int_equal(strncmp(notes, wanted, strlen(wanted)), 0);
	snprintf(wanted, sizeof(wanted),
		 "%s:5: no JSON, and no line of a journal; this line is not counted",
		 files[0]);
	assert_non_null(strstr(notes, wanted));
	journal_set_free(set);
}

static void a_bad_line_of_a_finished_sweep_is_a_target_without_a_record(void **state)
{
	char text[8000] = HEADER;
	struct journal_set *set;

	(void)state;
	line(text + strlen(text), 1000, "a", 1, "answered");
	strcat(text, "x\n{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s1\","
		     "\"finished\":\"2026-01-02T03:10:00.000Z\",\"hosts\":2,"
		     "\"outcomes\":{\"answered\":2}}\n");
	journal(text, strlen(text));
	set = open_files();
	assert_int_equal(journal_set_info(set)->targets, 2);
	assert_int_equal(journal_set_info(set)->unrecorded, 1);
	journal_set_free(set);
}

static void a_line_beyond_the_ceiling_is_counted_and_takes_no_memory(void **state)
{
	char text[8000] = HEADER;
	struct journal_set *set;
	int fd;

	(void)state;
	line(text + strlen(text), 1000, "a", 1, "answered");
	journal(text, strlen(text));
	fd = open(files[0], O_WRONLY | O_APPEND);
	assert_true(fd >= 0);
	/* Zeros that take no disk, then a newline and a good line. */
	assert_int_equal(ftruncate(fd, (off_t)strlen(text) + (64 << 20)), 0);
	text[0] = '\n';
	line(text + 1, 1000, "b", 1, "answered");
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	set = open_files();
	assert_non_null(set);
	assert_int_equal(journal_set_hosts(set), 2);
	assert_int_equal(journal_set_info(set)->bad_lines, 1);
	assert_non_null(strstr(notes, ":3: line of 67108865 bytes, expected at most"));
	journal_set_free(set);
}

static void guarded_is_not_final(void **state)
{
	const char *hosts[] = { "a" };
	char text[8000] = HEADER;
	struct journal_set *set;

	(void)state;
	line(text + strlen(text), 1000, "a", 1, "answered");
	line(text + strlen(text), 1000, "a", 5, "guarded");
	journal(text, strlen(text));
	journal_of(1, hosts, 9, "guarded");
	set = open_files();
	expect_host(set, 0, "a", HOST_ANSWERED, AT("01"));
	journal_set_free(set);
	file_count = 0;
	journal_of(1, hosts, 9, "not_asked");
	journal_of(1, hosts, 2, "guarded");
	journal_of(1, hosts, 1, "timeout");
	set = open_files();
	expect_host(set, 0, "a", HOST_TIMEOUT, AT("01"));
	journal_set_free(set);
}

static void of_records_of_one_moment_that_of_the_later_file_counts(void **state)
{
	const char *hosts[] = { "a" };
	struct journal_set *set;

	(void)state;
	journal_of(1, hosts, 5, "timeout");
	journal_of(1, hosts, 5, "answered");
	set = open_files();
	expect_host(set, 0, "a", HOST_ANSWERED, AT("05"));
	assert_int_equal(journal_set_info(set)->superseded, 1);
	journal_set_free(set);
}

static void an_unknown_schema_is_refused(void **state)
{
	const char *text = HEADER "{\"schema\":\"lsasweep.facts/9\",\"host\":\"a\"}\n";
	char wanted[300];

	(void)state;
	journal(text, strlen(text));
	assert_null(open_files());
	snprintf(wanted, sizeof(wanted),
		 "%s:2: schema \"lsasweep.facts/9\", expected \"lsasweep.journal/1\" or "
		 "\"lsasweep.facts/1\"",
		 files[0]);
	assert_string_equal(why, wanted);
}

static void what_is_no_journal_is_refused(void **state)
{
	const char *none = "/nonexistent/journal";

	(void)state;
	assert_null(journal_set_open(&none, 1, NULL, NULL, why, sizeof(why)));
	assert_non_null(strstr(why, "/nonexistent/journal: cannot open: No such file"));
	journal("", 0);
	assert_null(open_files());
	assert_non_null(strstr(why, "empty, expected a journal"));
	file_count = 0;
	none = "/tmp";
	assert_null(journal_set_open(&none, 1, NULL, NULL, why, sizeof(why)));
	assert_non_null(strstr(why, "/tmp: is a folder"));
}

static void a_resumed_sweep_learns_what_is_done(void **state)
{
	const char *hosts[] = { "srv1", "SRV2.corp" };
	struct journal_outcome was;
	struct journal_set *set;

	(void)state;
	journal_of(2, hosts, 1, "timeout");
	set = open_files();
	assert_true(journal_set_outcome(set, "Srv2.CORP", 445, &was));
	assert_int_equal(was.outcome, HOST_TIMEOUT);
	assert_null(was.account);
	assert_false(journal_set_outcome(set, "srv1", 446, &was));
	assert_false(journal_set_outcome(set, "srv", 445, &was));
	journal_set_free(set);
}

static void assert_refused(const struct journal_set *set, const char *host, bool settled,
			   const char *account)
{
	struct journal_outcome was;

	assert_true(journal_set_outcome(set, host, 445, &was));
	assert_int_equal(was.outcome, HOST_LOGON_REFUSED);
	assert_int_equal(was.settled, settled);
	if (account)
		assert_string_equal(was.account, account);
	else
		assert_null(was.account);
}

#define STOPPED                                                             \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s1\",\"finished\":" \
	"\"2026-01-02T03:10:00.000Z\",\"guard_stopped\":true}\n"

/* Each sweep of a journal speaks for its own refusals: one that goes on with it and ends
 * well has not settled those of the one that was stopped. */
static void a_refusal_is_settled_by_the_end_of_its_own_sweep(void **state)
{
	static const char service[] =
		"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s1\",\"service\":"
		"\"gone\",\"port\":445,\"expanded\":"
		"\"2026-01-02T03:06:00.000Z\",\"hosts\":1}\n";
	char text[8000] = HEADER;
	struct journal_set *set;

	(void)state;
	line(text + strlen(text), 1000, "gone", 1, "unresolvable");
	line(text + strlen(text), 1000, "stopped", 1, "logon_refused");
	strcat(text, STOPPED HEADER); /* killed: no trailer */
	line(text + strlen(text), 1000, "killed", 2, "logon_refused");
	strcat(text, HEADER);
	strcat(text, service);
	line(text + strlen(text), 1000, "own", 3, "logon_refused");
	strcat(text, TRAILER);
	journal(text, strlen(text));
	journal_of(1, (const char *[]){ "other" }, 4, "logon_refused");
	set = open_files();
	assert_refused(set, "stopped", false, NULL);
	assert_refused(set, "killed", false, NULL);
	assert_refused(set, "own", true, NULL);
	assert_refused(set, "other", true, NULL);
	journal_set_free(set);
}

static void a_refusal_has_the_name_of_its_account(void **state)
{
	static const char *const accounts[] = { "CORP\\\\a", "b@CORP", "corp\\\\A" };
	char text[1000], whole[8000] = "", *at;
	struct journal_set *set;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		char host[] = { 'h', (char)('0' + i), '\0' };

		*text = '\0';
		line(text, 1000, host, i, "logon_refused");
		at = strstr(text, "\"role\"");
		snprintf(whole + strlen(whole), 2000, "%s%.*s\"account\":\"%s\",%s",
			 i ? "" : HEADER, (int)(at - text), text, accounts[i], at);
	}
	strcat(whole, TRAILER);
	journal(whole, strlen(whole));
	set = open_files();
	assert_refused(set, "h0", true, "CORP\\a");
	assert_refused(set, "h1", true, "b@CORP");
	assert_refused(set, "h2", true, "CORP\\a");
	journal_set_free(set);
}

/* Its hosts stand for it, but only in the journal that looked it up: another part of the
 * sweep may have missed its share. */
static void a_service_that_was_looked_up_is_no_host(void **state)
{
	static const char service[] =
		"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s1\",\"service\":"
		"\"_LDAP._tcp.corp\",\"port\":445,\"expanded\":"
		"\"2026-01-02T03:06:00.000Z\",\"hosts\":1}\n";
	const char *other[] = { "_gc._tcp.corp", "_ldap._tcp.corp" };
	char text[8000] = HEADER;
	struct journal_outcome was;
	struct journal_set *set;

	(void)state;
	line(text + strlen(text), 1000, other[0], 1, "unresolvable");
	line(text + strlen(text), 1000, other[1], 1, "unresolvable");
	line(text + strlen(text), 1000, "b", 1, "answered");
	strcat(text, HEADER);
	strcat(text, service);
	line(text + strlen(text), 1000, "a", 4, "answered");
	strcat(text, TRAILER);
	journal(text, strlen(text));
	set = open_files();
	assert_int_equal(journal_set_hosts(set), 3);
	expect_host(set, 0, "_gc._tcp.corp", HOST_UNRESOLVABLE, AT("01"));
	expect_host(set, 1, "a", HOST_ANSWERED, AT("04"));
	expect_host(set, 2, "b", HOST_ANSWERED, AT("01"));
	assert_false(journal_set_outcome(set, other[1], 445, &was));
	assert_int_equal(journal_set_info(set)->unfinished, 0);
	journal_set_free(set);

	journal_of(1, other + 1, 2, "unresolvable");
	set = open_files();
	assert_int_equal(journal_set_hosts(set), 4);
	assert_true(journal_set_outcome(set, other[1], 445, &was));
	journal_set_free(set);
}

static void a_template_joins_the_journals(void **state)
{
	const char *hosts[] = { "a" };
	const char *text = "; lsasweep: host=island role=standalone_server\n"
			   "[Privilege Rights]\nSeDebugPrivilege=*S-1-5-32-544\n";
	struct journal_set *set;
	struct facts f;

	(void)state;
	journal_of(1, hosts, 1, "answered");
	journal(text, strlen(text));
	set = open_files();
	assert_non_null(set);
	assert_int_equal(journal_set_hosts(set), 2);
	facts_init(&f);
	assert_true(journal_set_read(set, 1, &f, why, sizeof(why)));
	assert_string_equal(f.host, "island");
	assert_int_equal(f.role, ROLE_STANDALONE_SERVER);
	assert_string_equal(f.rights[0].holders[0].sid, "S-1-5-32-544");
	assert_int_equal(strlen(f.timestamp), 24);
	facts_free(&f);
	journal_set_free(set);
}

/* As above, for an answer with a name and a machine SID of its own. */
static void claim(char *out, size_t size, const char *host, const char *role,
		  const char *name, const char *sid)
{
	snprintf(out, size,
		 "{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:01:00.000Z\","
		 "\"sweep\":\"s1\",\"host\":\"%s\",\"port\":445,\"address\":null,"
		 "\"tags\":[],\"outcome\":\"answered\",\"step\":\"close\",\"error\":null,"
		 "\"attempts\":1,\"role\":{\"value\":\"%s\",\"evidence\":\"dssetup\","
		 "\"conflict\":null},\"machine\":{\"dns_name\":\"%s\",\"machine_sid\":"
		 "\"%s\"},\"smb\":null,\"rights\":{},\"timing_ms\":{\"total\":1.5}}\n",
		 host, role, name, sid);
}

static void hosts_that_report_the_same_name_or_sid_are_marked(void **state)
{
	static const struct {
		const char *host, *role, *name, *sid;
		bool name_shared, sid_shared;
	} hosts[] = {
		{ "a", "client", "one.example", "S-1-5-21-1-2-3", true, false },
		{ "b", "client", "ONE.example", "S-1-5-21-1-2-4", true, true },
		{ "c", "client", "two.example", "S-1-5-21-1-2-4", false, true },
		{ "d", "domain_controller", "dc1.example", "S-1-5-21-9-9-9", false,
		  false },
		{ "e", "domain_controller", "dc2.example", "S-1-5-21-9-9-9", false,
		  false },
	};
	char text[4000] = HEADER;
	const char *paths[1];
	struct journal_set *set;
	struct facts f;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		claim(text + strlen(text), sizeof(text) - strlen(text), hosts[i].host,
		      hosts[i].role, hosts[i].name, hosts[i].sid);
	paths[0] = journal(text, strlen(text));
	set = journal_set_open(paths, 1, take_note, NULL, why, sizeof(why));
	assert_non_null(set);
	assert_int_equal(journal_set_hosts(set), 5);
	for (size_t i = 0; i < 5; i++) {
		facts_init(&f);
		assert_true(journal_set_read(set, i, &f, why, sizeof(why)));
		assert_string_equal(f.host, hosts[i].host);
		assert_int_equal(f.name_shared, hosts[i].name_shared);
		assert_int_equal(f.machine_sid_shared, hosts[i].sid_shared);
		facts_free(&f);
	}
	journal_set_free(set);
}

static void the_directory_names_what_no_host_was_asked_for(void **state)
{
	static const char facts_end[] = "\"rights\":{}";
	static const char with_rights[] =
		"\"rights\":{\"SeDebugPrivilege\":{\"outcome\":\"held\",\"holders\":["
		"{\"sid\":\"S-1-5-21-1-2-3-1104\",\"name\":null,\"kind\":\"not_told\"},"
		"{\"sid\":\"S-1-5-21-1-2-3-1105\",\"name\":null,\"kind\":\"not_told\"},"
		"{\"sid\":\"S-1-5-21-1-2-3-1106\",\"name\":null,\"kind\":\"unknown\"}"
		"]}}";
	static const char names[] =
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"name\",\"sid\":"
		"\"S-1-5-21-1-2-3-1104\",\"name\":null,\"type\":\"unknown\"}\n"
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"name\",\"sid\":"
		"\"S-1-5-21-1-2-3-1104\",\"name\":\"CORP\\\\Web\",\"type\":\"group\"}\n"
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"name\",\"sid\":"
		"\"S-1-5-21-1-2-3-1105\",\"name\":null,\"type\":\"unknown\"}\n"
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"name\",\"sid\":"
		"\"S-1-5-21-1-2-3-1106\",\"name\":\"CORP\\\\No\",\"type\":\"user\"}\n";
	char text[4000] = HEADER, host[1000];
	const struct holder *holders;
	struct journal_set *set;
	struct facts f;
	size_t at;

	(void)state;
	line(host, sizeof(host), "srv1", 1, "answered");
	at = (size_t)(strstr(host, facts_end) - host);
	snprintf(text + strlen(text), sizeof(text) - strlen(text), "%.*s%s%s%s" TRAILER,
		 (int)at, host, with_rights, host + at + sizeof(facts_end) - 1, names);
	journal(text, strlen(text));
	set = open_files();
	assert_non_null(set);
	assert_int_equal(journal_set_hosts(set), 1);
	facts_init(&f);
	assert_true(journal_set_read(set, 0, &f, why, sizeof(why)));
	holders = f.rights[0].holders;
	assert_string_equal(holders[0].name, "CORP\\Web");
	assert_int_equal(holders[0].kind, KIND_GROUP);
	assert_null(holders[1].name);
	assert_int_equal(holders[1].kind, KIND_UNKNOWN);
	/* The host was asked: its answer stays. */
	assert_null(holders[2].name);
	facts_free(&f);
	journal_set_free(set);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			hosts_that_report_the_same_name_or_sid_are_marked, begin, end),
		TEST(hosts_come_in_the_order_of_their_names),
		TEST(between_journals_the_newest_record_counts),
		TEST(within_a_journal_the_last_final_record_counts),
		TEST(a_torn_last_line_is_dropped_with_a_note),
		TEST(a_bad_line_costs_itself_alone),
		TEST(a_bad_line_of_a_finished_sweep_is_a_target_without_a_record),
		TEST(a_line_beyond_the_ceiling_is_counted_and_takes_no_memory),
		TEST(guarded_is_not_final),
		TEST(the_directory_names_what_no_host_was_asked_for),
		TEST(of_records_of_one_moment_that_of_the_later_file_counts),
		TEST(an_unknown_schema_is_refused),
		TEST(what_is_no_journal_is_refused),
		TEST(a_resumed_sweep_learns_what_is_done),
		TEST(a_refusal_is_settled_by_the_end_of_its_own_sweep),
		TEST(a_refusal_has_the_name_of_its_account),
		TEST(a_service_that_was_looked_up_is_no_host),
		TEST(a_template_joins_the_journals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
