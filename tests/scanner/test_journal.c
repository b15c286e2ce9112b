/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scanner/journal/journal.h"

static char folder[64], path[80];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/test_journal.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/journal.ndjson", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static const char *const rights[] = { "SeImpersonatePrivilege" };
static const struct journal_header header = {
	.sweep = "11111111-2222-4333-8444-555555555555",
	.started = "2026-01-02T03:04:05.678Z",
	.version = "0.1.0",
	.rights = rights,
	.right_count = 1,
	.targets_known = true,
	.targets = 3,
};

static struct journal *begin(bool resume)
{
	char why[200] = "";
	struct journal *j = journal_open(path, resume, NULL, why, sizeof why);

	if (!j)
		fail_msg("%s", why);
	assert_true(journal_begin(j, &header, why, sizeof why));
	return j;
}

static void add(struct journal *j, unsigned i)
{
	char name[40];
	struct facts f;

	snprintf(name, sizeof name, "host%u", i);
	facts_init(&f);
	f.host = facts_text(&f, name);
	f.timestamp = "2026-01-02T03:04:06.000Z";
	f.sweep = header.sweep;
	f.port = 445;
	journal_add(j, &f);
	facts_free(&f);
}

static bool finish(struct journal *j, uint64_t hosts)
{
	uint64_t outcomes[HOST_OUTCOME_COUNT] = { [HOST_NOT_ASKED] = hosts };
	struct journal_trailer trailer = { .sweep = header.sweep,
					   .finished = "2026-01-02T03:05:00.000Z",
					   .hosts = hosts,
					   .outcomes = outcomes };
	bool ok = journal_finish(j, &trailer);

	journal_close(j);
	return ok;
}

static char *contents(void)
{
	static char text[1 << 20];
	FILE *in = fopen(path, "r");
	size_t n;

	assert_non_null(in);
	n = fread(text, 1, sizeof text - 1, in);
	fclose(in);
	text[n] = '\0';
	return text;
}

static unsigned count_of(const char *needle)
{
	unsigned n = 0;

	for (const char *at = contents(); (at = strstr(at, needle)); at++)
		n++;
	return n;
}

static void write_raw(const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void a_journal_is_header_hosts_trailer(void **state)
{
	struct journal *j = begin(false);
	struct stat st;
	char *text;

	(void)state;
	add(j, 1);
	add(j, 2);
	assert_true(finish(j, 2));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	text = contents();
	assert_memory_equal(text, "{\"schema\":\"lsasweep.journal/1\"", 30);
	assert_non_null(strstr(text, "\"rights\":[\"SeImpersonatePrivilege\"],"
				     "\"targets\":3}\n"));
	assert_non_null(strstr(text, "\"hosts\":2,\"outcomes\":{\"not_asked\":2}}\n"));
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_int_equal(count_of("\n"), 4);
}

static void a_torn_line_is_cut_and_the_rest_kept(void **state)
{
	bool torn = false;
	char why[200];
	struct journal *j = begin(false);

	(void)state;
	add(j, 1);
	assert_true(finish(j, 1));
	write_raw("{\"schema\":\"lsasweep.facts/1\",\"ho\0\0\0\0", 36);
	j = journal_open(path, true, &torn, why, sizeof why);
	assert_non_null(j);
	assert_true(torn);
	assert_true(journal_begin(j, &header, why, sizeof why));
	add(j, 2);
	assert_true(finish(j, 1));
	assert_int_equal(count_of("\"host1\""), 1);
	assert_int_equal(count_of("\"host2\""), 1);
	assert_int_equal(count_of("\n"), 6);
	assert_null(strstr(contents(), "\"ho\n"));
}

static const char first_line[] = "{\"schema\":\"lsasweep.journal/1\"}\n";

static void a_torn_line_longer_than_a_block_is_cut(void **state)
{
	static char junk[10000];
	bool torn = false;
	char why[200];
	struct journal *j;

	(void)state;
	memset(junk, 'x', sizeof junk);
	write_raw(first_line, strlen(first_line));
	write_raw(junk, sizeof junk);
	j = journal_open(path, true, &torn, why, sizeof why);
	assert_non_null(j);
	assert_true(torn);
	journal_close(j);
	assert_string_equal(contents(), first_line);
}

/* A list of targets, say, whose last line has no end. */
static void what_is_no_journal_stays_as_it_is(void **state)
{
	static const char list[] = "srv1.corp.example\nsrv2.corp.example";
	char why[200] = "";

	(void)state;
	write_raw(list, strlen(list));
	assert_null(journal_open(path, true, NULL, why, sizeof why));
	assert_non_null(strstr(why, path));
	assert_non_null(strstr(why, "not a journal"));
	assert_string_equal(contents(), list);
}

/* What a power cut may leave of a first line. */
static void a_torn_first_line_is_cut(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} left[] = { { "{\"sch", 5 },
		     { "{\"schema\":\"lsasweep.jour", 24 },
		     { "\0\0\0", 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
		bool torn = false;
		char why[200];
		struct journal *j;

		write_raw(left[i].bytes, left[i].len);
		j = journal_open(path, true, &torn, why, sizeof why);
		assert_non_null(j);
		assert_true(torn);
		journal_close(j);
		assert_string_equal(contents(), "");
	}
}

static void a_mistake_is_known_before_anything_is_opened(void **state)
{
	char why[200] = "", link[sizeof path + 8];

	(void)state;
	assert_true(journal_check(path, false, why, sizeof why));
	assert_int_not_equal(access(path, F_OK), 0);
	assert_true(journal_check(path, true, why, sizeof why)); /* it is begun then */
	assert_int_not_equal(access(path, F_OK), 0);
	for (int resume = 0; resume < 2; resume++) {
		assert_false(journal_check("/nonexistent/j", resume, why, sizeof why));
		assert_non_null(strstr(why, "/nonexistent/j"));
	}
	write_raw(first_line, strlen(first_line));
	assert_true(journal_check(path, true, why, sizeof why));
	assert_false(journal_check(path, false, why, sizeof why));
	assert_non_null(strstr(why, "--resume"));
	snprintf(link, sizeof link, "%s.link", path);
	assert_int_equal(symlink("/nonexistent/j", link), 0);
	assert_false(journal_check(link, false, why, sizeof why));
	assert_non_null(strstr(why, "symbolic link"));
	unlink(link);
	assert_true(journal_check("-", false, why, sizeof why));
}

static void a_second_writer_is_refused(void **state)
{
	char why[200] = "";
	struct journal *j = begin(false);

	(void)state;
	assert_null(journal_open(path, true, NULL, why, sizeof why));
	assert_non_null(strstr(why, "another sweep"));
	assert_true(finish(j, 0));
}

static void an_existing_journal_wants_resume(void **state)
{
	char why[200] = "";

	(void)state;
	write_raw("{}\n", 3);
	assert_null(journal_open(path, false, NULL, why, sizeof why));
	assert_non_null(strstr(why, "--resume"));
	assert_string_equal(contents(), "{}\n");
}

static void a_link_is_not_followed(void **state)
{
	char why[200] = "";

	(void)state;
	assert_int_equal(symlink("/tmp/test_journal_elsewhere", path), 0);
	assert_null(journal_open(path, false, NULL, why, sizeof why));
	assert_non_null(strstr(why, "symbolic link"));
	assert_int_not_equal(access("/tmp/test_journal_elsewhere", F_OK), 0);
}

static void wait_until_failed(struct journal *j)
{
	char why[200] = "";

	for (int i = 0; i < 5000 && !journal_failed(j, why, sizeof why); i++)
		usleep(1000);
	assert_true(journal_failed(j, why, sizeof why));
	assert_non_null(strstr(why, path));
}

static void a_full_disk_leaves_whole_lines(void **state)
{
	struct rlimit old, small;
	struct journal *j;
	char *text;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 4000;
	setrlimit(RLIMIT_FSIZE, &small);
	j = begin(false);
	for (unsigned i = 0; i < 100; i++)
		add(j, i);
	wait_until_failed(j);
	assert_false(finish(j, 100));
	setrlimit(RLIMIT_FSIZE, &old);
	text = contents();
	assert_true(strlen(text) > 0);
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_int_equal(count_of("\"host0\""), 1);
	assert_null(strstr(text, "finished"));
}

static void a_closed_pipe_is_told(void **state)
{
	struct journal *j;
	int reader;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(mkfifo(path, 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	j = begin(false);
	close(reader);
	add(j, 1);
	wait_until_failed(j);
	assert_false(finish(j, 1));
}

/* Whatever the moment, what stands in the file is whole lines and at most one torn one,
 * and a resumed journal holds every host of the first once. */
static void a_killed_writer_leaves_a_journal_to_go_on_with(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 5; round++) {
		struct journal *j;
		pid_t child = fork();
		bool torn;
		char why[200];

		if (child == 0) {
			j = begin(false);
			for (unsigned i = 0;; i++) {
				add(j, i);
				usleep(100);
			}
		}
		for (int tries = 0; access(path, F_OK) || !count_of("\"host0\"");
		     tries++) {
			assert_true(tries < 10000);
			usleep(1000);
		}
		usleep(round * 7000);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		j = journal_open(path, true, &torn, why, sizeof why);
		assert_non_null(j);
		journal_close(j);
		assert_int_equal(count_of("\"host0\""), 1);
		assert_int_equal(count_of("\n"), count_of("\"schema\""));
		unlink(path);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

/* One whose line is made by the journal's thread: it is moved out of the facts. */
static void add_heavy(struct journal *j)
{
	enum { MANY = 1200 };
	struct right_fact *right;
	struct facts f;

	facts_init(&f);
	f.host = facts_text(&f, "heavy");
	f.sweep = header.sweep;
	f.port = 445;
	f.outcome = HOST_ANSWERED;
	right = f.rights = facts_take(&f, 1, sizeof(*f.rights));
	f.right_count = 1;
	right->name = rights[0];
	right->outcome = RIGHT_HELD;
	right->holders = facts_take(&f, MANY, sizeof(*right->holders));
	right->holder_count = MANY;
	for (size_t i = 0; i < MANY; i++)
		right->holders[i].sid = facts_text(&f, "S-1-5-21-1111-2222-3333-1105");
	journal_add(j, &f);
	assert_null(f.host);
	facts_free(&f);
}

static void heavy_records_are_whole_and_before_the_end(void **state)
{
	struct journal *j = begin(false);
	const char *text, *end;

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		add(j, i);
		add_heavy(j);
		assert_true(journal_backlog(j) < 16u << 20);
	}
	assert_true(finish(j, 16));
	assert_int_equal(count_of("\"host\":\"heavy\""), 8);
	assert_int_equal(count_of("\"host\":\"host"), 8);
	text = contents();
	assert_memory_equal(text, "{\"schema\":\"lsasweep.journal", 27);
	end = strstr(text, "\"finished\"");
	assert_non_null(end);
	assert_null(strstr(end, "\"host\":"));
	assert_int_equal(text[strlen(text) - 1], '\n');
}

/* Nothing is lost or leaked where the disk is full. */
static void heavy_records_end_with_a_journal_that_cannot_be_written(void **state)
{
	struct rlimit old, small = { 100 << 10, RLIM_INFINITY };
	struct journal *j;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	j = begin(false);
	for (unsigned i = 0; i < 8; i++)
		add_heavy(j);
	assert_false(finish(j, 8));
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(count_of("\"finished\""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_journal_is_header_hosts_trailer),
		TEST(heavy_records_are_whole_and_before_the_end),
		TEST(heavy_records_end_with_a_journal_that_cannot_be_written),
		TEST(a_torn_line_is_cut_and_the_rest_kept),
		TEST(a_torn_line_longer_than_a_block_is_cut),
		TEST(what_is_no_journal_stays_as_it_is),
		TEST(a_torn_first_line_is_cut),
		TEST(a_mistake_is_known_before_anything_is_opened),
		TEST(a_second_writer_is_refused),
		TEST(an_existing_journal_wants_resume),
		TEST(a_link_is_not_followed),
		TEST(a_full_disk_leaves_whole_lines),
		TEST(a_closed_pipe_is_told),
		TEST(a_killed_writer_leaves_a_journal_to_go_on_with),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
