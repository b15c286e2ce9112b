/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_targets.c - what a target list means, and that it is never loaded.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/scanner/targets_play.h"

static void reads_every_form(void **state)
{
	(void)state;
	assert_targets("srv1.corp.example:445 ", NULL, "srv1.corp.example");
	assert_targets("srv1.corp.example:445 ", NULL, "srv1.corp.example.");
	assert_targets("srv1:1445 ", NULL, "srv1:1445");
	assert_targets("10.1.2.3:445 ", NULL, "10.1.2.3");
	assert_targets("10.1.2.3:1 ", NULL, "10.1.2.3:1");
	assert_targets("2001:db8::1:445 ", NULL, "2001:db8::1");
	assert_targets("2001:db8::1:99 ", NULL, "[2001:DB8:0::1]:99");
	assert_targets("2001:db8::1:445 ", NULL, "[2001:db8::1]");
	assert_targets("fe80::1%lo:445 ", NULL, "fe80::1%lo");
	assert_targets("192.0.2.254:445 192.0.2.255:445 ", NULL, "192.0.2.254/31");
	assert_targets("192.0.2.0:445 192.0.2.1:445 192.0.2.2:445 192.0.2.3:445 ", NULL,
		       "192.0.2.2/30");
	assert_targets("192.0.2.9:445 ", NULL, "192.0.2.9/32");
	assert_targets("10.0.0.254:445 10.0.0.255:445 ", NULL, "10.0.0.254-255");
	assert_targets("10.0.0.255:7 10.0.1.0:7 ", NULL, "10.0.0.255-10.0.1.0:7");
	assert_targets("2001:db8::fffe:445 2001:db8::ffff:445 ", NULL,
		       "2001:db8::ffff/127");
	assert_targets("2001:db8:::8 2001:db8::1:8 ", NULL, "[2001:db8::/127]:8");
	assert_targets("255.255.255.255:445 ", NULL, "255.255.255.255-255");
	assert_targets("web-10:445 10-web:445 ", NULL, "web-10", "10-web");
}

static void refuses_with_a_reason(void **state)
{
	static const struct {
		const char *word, *reason;
	} bad[] = {
		{ "10.0.0.256", "not an IPv4 address" },
		{ "10.0.0", "not an IPv4 address" },
		{ "10.0.0.0/33", "/0 to /32" },
		{ "10.0.0.0/", "/0 to /32" },
		{ "srv1/24", "ADDRESS/BITS" },
		{ "2001:db8::/64", "/96 to /128" },
		{ "::ffff:10.0.0.0/8", "/96 to /128" },
		{ "10.0.0.9-3", "ends before it begins" },
		{ "10.0.0.1-256", "0 to 255 or an IPv4" },
		{ "10.0.0.1-web", "0 to 255 or an IPv4" },
		{ "srv1:0", "1 to 65535" },
		{ "srv1:65536", "1 to 65535" },
		{ "srv1:smb", "1 to 65535" },
		{ "srv1:", "1 to 65535" },
		{ "[2001:db8::1", "[IPv6]" },
		{ "[srv1]:445", "IPv6 address in brackets" },
		{ "\\\\srv1\\c$", "expected HOST" },
		{ "-srv", "expected HOST" },
		{ "a..b", "expected HOST" },
		{ "sr*1", "expected HOST" },
		{ "", "expected HOST" },
		{ "srv1 role=dc", "domain_controller" },
		{ "srv1 role=unknown", "domain_controller" },
		{ "srv1 role=client role=client", "a second role" },
		{ "srv1 tag=", "tag=TEXT" },
		{ "srv1 color=red", "expected role=ROLE" },
		{ "srv1 user=nobody", "no such section" },
		{ "srv1 user=", "SECTION" },
		{ "srv1 \x01", "control bytes" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_null(open_words(&bad[i].word, 1, NULL));
		if (!strstr(complaints, bad[i].reason))
			fail_msg("\"%s\": %s", bad[i].word, complaints);
		assert_non_null(strstr(complaints, "command line: \""));
	}
}

static void excludes_always_win(void **state)
{
	(void)state;
	assert_targets("10.0.0.1:445 10.0.0.2:445 ", "10.0.0.0,10.0.0.3", "10.0.0.0/30");
	assert_targets("10.0.0.4:445 ", "10.0.0.0/30", "10.0.0.0-4");
	assert_targets("", "10.0.0.0/8", "10.0.0.0/8");
	assert_targets("a:445 ", "B, c.example", "a", "b", "C.example");
	assert_targets("web1:445 ", "sql*", "SQL1", "web1", "sql-2.corp");
	assert_targets("10.0.1.0:445 ", "10.0.0.*", "10.0.0.255-10.0.1.0");
	assert_targets("a:445 ", "a:446 10.0.0.1:446", "a", "a:446", "10.0.0.1:446");
}

static void asks_duplicates_once(void **state)
{
	(void)state;
	assert_targets("srv1:445 srv1:446 ", NULL, "srv1", "SRV1", "srv1.", "srv1:445",
		       "srv1:446");
	/* a single address after a network, and before one */
	assert_targets("10.0.0.1:445 10.0.0.0:445 10.0.0.2:445 10.0.0.3:445 ", NULL,
		       "10.0.0.1", "10.0.0.0/30", "10.0.0.2", "10.0.0.3:445");
	assert_targets("10.0.0.2:445 10.0.0.3:445 10.0.0.0:445 10.0.0.1:445 "
		       "10.0.0.4:445 10.0.0.5:445 10.0.0.6:445 10.0.0.7:445 ",
		       NULL, "10.0.0.2/31", "10.0.0.0/30", "10.0.0.0/29", "10.0.0.5");
	assert_targets("10.0.0.1:445 10.0.0.1:446 ", NULL, "10.0.0.1/32",
		       "::ffff:10.0.0.1", "10.0.0.1:446");
}

/* Made to share the hash of srv1.corp.example, port 445, under FNV-1a with its known
 * start: what stands for a name must not be computable by who answers DNS. */
static const char made_to_collide[] =
	"eab2w0j1ntbxmscywv0j2xmw0bbdxlabqszr3epokrgthm5yxf1prwia."
	"0guin0ybe1gssenlgx0mp2u2veauqjxtapyf5fapg1fpkz0hu1ntbxms."
	"s2ak01ydmgrfvili0htosl2wnbtoetwrth34m1svuc31r5xwfjg51nzk."
	"f42re3lj1j3vyejuqhggwt22cngjaofxg31skuaa.corp.example";

static void test_a_name_made_to_collide_hides_no_listed_host(void **state)
{
	const char *words[] = { made_to_collide, "srv1.corp.example" };
	struct targets *t = open_words(words, 2, NULL);
	struct target target;

	(void)state;
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "srv1.corp.example");
	targets_close(t);
	t = open_words(words, 2, made_to_collide);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "srv1.corp.example");
	targets_close(t);
}

static void test_a_set_of_100000_names_knows_each_of_them_and_no_other(void **state)
{
	struct hash_set set = { 0 };
	char name[40];

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "SRV%u.corp.example", i);
		assert_int_equal(hash_set_add_name(&set, name, 445), HASH_SET_ADDED);
	}
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "srv%u.CORP.example", i);
		assert_true(hash_set_holds_name(&set, name, 445));
		assert_false(hash_set_holds_name(&set, name, 446));
	}
	assert_false(hash_set_holds_name(&set, "srv100000.corp.example", 445));
	/* 16 bytes a slot, and never more than 37 a name */
	assert_true(set.room * sizeof *set.slots <= 37 * set.count);
	hash_set_free(&set);
}

/* Random networks against a plain array of all addresses. */
static void agrees_with_a_plain_array(void **state)
{
	(void)state;
	srand(7);
	for (int round = 0; round < 300; round++) {
		unsigned char want[256] = { 0 }, excluded[256] = { 0 }, got[256] = { 0 };
		char text[24][32], exclude[32];
		const char *words[24];
		struct target target;
		struct targets *t;
		int from = rand() % 256, to = from + rand() % (256 - from);

		snprintf(exclude, sizeof exclude, "10.0.0.%d-%d", from, to);
		memset(excluded + from, 1, (size_t)(to - from + 1));
		for (int i = 0; i < 24; i++) {
			int a = rand() % 256, b = a + rand() % (256 - a);

			if (rand() % 2)
				b = a;
			snprintf(text[i], sizeof text[i],
				 a == b ? "10.0.0.%d" : "10.0.0.%d-%d", a, b);
			words[i] = text[i];
			memset(want + a, 1, (size_t)(b - a + 1));
		}
		t = open_words(words, 24, exclude);
		assert_non_null(t);
		while (targets_next(t, &target) == TARGETS_ONE)
			got[atoi(target.name + strlen("10.0.0."))]++;
		targets_close(t);
		for (int i = 0; i < 256; i++)
			assert_int_equal(got[i], want[i] && !excluded[i]);
	}
}

static const char *write_list(const char *text)
{
	static char path[64];
	int fd;

	strcpy(path, "/tmp/lsasweep-targets-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

static void reads_lists(void **state)
{
	const char *path = write_list("\xef\xbb\xbfsrv1\r\n"
				      "\n"
				      "  # a comment\n"
				      "srv2:1445\trole=domain_controller tag=web tag=dmz "
				      "tag=web user=lab # more\n"
				      "10.0.0.0/31 tag=net\n"
				      "last");
	const char *sections[] = { "", "lab" };
	struct targets_options o = { .specs = WORDS("first"),
				     .spec_count = 1,
				     .files = &path,
				     .file_count = 1,
				     .sections = sections,
				     .section_count = 2 };
	struct targets *t = targets_open(&o);
	struct target target, *copy;
	uint64_t total;

	(void)state;
	assert_non_null(t);
	assert_true(targets_total(t, &total));
	assert_int_equal(total, 6);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "first");
	assert_string_equal(target.file, "command line");
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "srv1");
	assert_false(target.hint_known);
	assert_int_equal(target.credential, 0);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	copy = target_copy(&target);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "10.0.0.0");
	assert_string_equal(target.tags[0], "net");
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.tags[0], "net");
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "last");
	assert_int_equal(target.line, 6);
	assert_int_equal(targets_next(t, &target), TARGETS_END);
	targets_close(t);
	unlink(path);

	assert_string_equal(copy->name, "srv2");
	assert_int_equal(copy->port, 1445);
	assert_int_equal(copy->line, 4);
	assert_string_equal(copy->file, path);
	assert_true(copy->hint_known);
	assert_int_equal(copy->hint, ROLE_DOMAIN_CONTROLLER);
	assert_int_equal(copy->credential, 1);
	assert_int_equal(copy->tag_count, 2);
	assert_string_equal(copy->tags[0], "web");
	assert_string_equal(copy->tags[1], "dmz");
	free(copy);
}

/* A job that renews the lists while the sweep runs for hours: what was counted is what is
 * asked, and the file under the name may be closed to us by then. */
static void asks_what_was_counted(void **state)
{
	char first[64], second[64];
	const char *lists[] = { first, second };
	struct targets_options o = { .files = lists, .file_count = 2 };
	struct targets *t;

	(void)state;
	snprintf(first, sizeof first, "%s", write_list("a\n"));
	snprintf(second, sizeof second, "%s", write_list("b role=client\nc\n"));
	t = targets_open(&o);
	assert_non_null(t);
	assert_int_equal(unlink(first), 0);
	assert_int_equal(rename(write_list("d\n"), second), 0);
	assert_string_equal(walk(t), "a:445 b:445 c:445 ");
	assert_int_equal(targets_bad(t), 0);
	targets_close(t);
	unlink(second);
}

static void names_file_and_line(void **state)
{
	const char *path = write_list("good\n\nbad/1\n\x1b[31mred\n");
	struct targets_options o = { .files = &path,
				     .file_count = 1,
				     .complain = on_complaint };
	char expected[128];

	(void)state;
	complaints[0] = '\0';
	assert_null(targets_open(&o));
	snprintf(expected, sizeof expected, "%s:3: \"bad\"", path);
	snprintf(expected, sizeof expected, "%s:3: \"bad/1\": bad address", path);
	assert_non_null(strstr(complaints, expected));
	snprintf(expected, sizeof expected, "%s:4: ", path);
	assert_non_null(strstr(complaints, expected));
	unlink(path);

	complaints[0] = '\0';
	assert_null(targets_open(&o));
	assert_non_null(strstr(complaints, "No such file"));
}

/* A line without an end is passed over in fixed memory. */
static void refuses_endless_lines(void **state)
{
	char *text = malloc(100003);
	const char *path;
	struct targets_options o = { .files = &path,
				     .file_count = 1,
				     .complain = on_complaint };

	(void)state;
	memset(text, 'a', 100000);
	strcpy(text + 100000, "\nb");
	path = write_list(text);
	free(text);
	complaints[0] = '\0';
	assert_null(targets_open(&o));
	assert_non_null(strstr(complaints, ":1: \"...\": the line is longer"));
	assert_null(strstr(complaints, ":2:"));
	unlink(path);
}

/* A pipe is never waited for, and its bad lines are counted while the rest goes on. */
static void streams_a_slow_pipe(void **state)
{
	int ends[2], saved = dup(STDIN_FILENO);
	const char *path = "-";
	struct targets_options o = { .files = &path,
				     .file_count = 1,
				     .complain = on_complaint };
	struct targets *t;
	struct target target;
	uint64_t total;

	(void)state;
	complaints[0] = '\0';
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	t = targets_open(&o);
	assert_non_null(t);
	assert_false(targets_total(t, &total));
	assert_int_equal(targets_next(t, &target), TARGETS_LATER);
	assert_int_equal(targets_descriptor(t), STDIN_FILENO);
	assert_int_equal(write(ends[1], "a\nb", 3), 3);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "a");
	assert_int_equal(targets_next(t, &target), TARGETS_LATER);
	assert_int_equal(write(ends[1], "c\n10.0.0.256\nd", 14), 14);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "bc");
	assert_int_equal(targets_next(t, &target), TARGETS_LATER);
	assert_int_equal(targets_bad(t), 1);
	assert_non_null(strstr(complaints, "stdin:3: \"10.0.0.256\": not an IPv4"));
	close(ends[1]);
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "d");
	assert_int_equal(targets_next(t, &target), TARGETS_END);
	targets_close(t);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void never_loads_a_network(void **state)
{
	const char *const *words = WORDS("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0");
	struct targets *t = open_words(words, 3, "10.128.0.0/9, 10.0.0.5");
	struct rusage before, after;
	struct target target;
	uint64_t total, given = 0;
	clock_t from = clock();

	(void)state;
	assert_true(targets_total(t, &total));
	assert_int_equal(total, (1ull << 24) + (1 << 16) + (1ull << 32));
	getrusage(RUSAGE_SELF, &before);
	while (given < (1 << 23) - 1 && targets_next(t, &target) == TARGETS_ONE)
		given++;
	assert_string_equal(target.name, "10.127.255.255");
	/* all of the second line and half of the first are stepped over at once */
	assert_int_equal(targets_next(t, &target), TARGETS_ONE);
	assert_string_equal(target.name, "0.0.0.0");
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 1024);
	assert_true((clock() - from) / CLOCKS_PER_SEC < 20);
	targets_close(t);
}

/* Each host is in exactly one part, and parts are of much the same size. */
static void divides_without_loss(void **state)
{
	struct targets_options o = { .specs = WORDS("10.0.0.0/22", "srv1", "SRV2:99"),
				     .spec_count = 3 };
	uint64_t sum = 0;

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		struct targets *t;
		struct target target;
		uint64_t total;

		o.shard = (struct shard){ i, 4 };
		t = targets_open(&o);
		assert_true(targets_total(t, &total));
		assert_int_equal(total, 1026 / 4);
		while (targets_next(t, &target) == TARGETS_ONE)
			assert_int_equal(shard_of(target.name, 4), i);
		assert_true(targets_total(t, &total));
		assert_int_equal(total, targets_given(t));
		assert_in_range(total, 200, 312);
		sum += total;
		targets_close(t);
	}
	assert_int_equal(sum, 1026);
	/* The same for ever: journals of old parts stay mergeable. */
	assert_int_equal(shard_of("srv1.corp.example", 1000), 139);
	assert_int_equal(shard_of("SRV1.Corp.Example", 1000), 139);
}

static void reads_shards(void **state)
{
	struct shard s;
	char why[160];

	(void)state;
	assert_true(shard_parse("2/5", &s, why, sizeof why));
	assert_int_equal(s.part, 2);
	assert_int_equal(s.parts, 5);
	assert_false(shard_parse("5/5", &s, why, sizeof why));
	assert_non_null(strstr(why, "0 to 4"));
	assert_false(shard_parse("1", &s, why, sizeof why));
	assert_false(shard_parse("1/0", &s, why, sizeof why));
	assert_false(shard_parse("-1/3", &s, why, sizeof why));
	unsetenv("JOB_COMPLETION_INDEX");
	unsetenv("SLURM_ARRAY_TASK_ID");
	assert_false(shard_parse("auto/3", &s, why, sizeof why));
	assert_non_null(strstr(why, "JOB_COMPLETION_INDEX"));
	setenv("SLURM_ARRAY_TASK_ID", "1", 1);
	assert_true(shard_parse("auto/3", &s, why, sizeof why));
	assert_int_equal(s.part, 1);
	setenv("JOB_COMPLETION_INDEX", "3", 1);
	assert_false(shard_parse("auto/3", &s, why, sizeof why));
	assert_non_null(strstr(why, "\"3\""));
	unsetenv("JOB_COMPLETION_INDEX");
	unsetenv("SLURM_ARRAY_TASK_ID");
}

static void knows_excluded_addresses(void **state)
{
	struct targets *t = open_words(WORDS("srv1"), 1, "10.0.0.0/24, 2001:db8::1");
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	(void)state;
	inet_pton(AF_INET, "10.0.0.7", &v4.sin_addr);
	assert_true(targets_excluded(t, (struct sockaddr *)&v4, 445));
	inet_pton(AF_INET, "10.0.1.7", &v4.sin_addr);
	assert_false(targets_excluded(t, (struct sockaddr *)&v4, 445));
	inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
	assert_true(targets_excluded(t, (struct sockaddr *)&v6, 445));
	inet_pton(AF_INET6, "::ffff:10.0.0.9", &v6.sin6_addr);
	assert_true(targets_excluded(t, (struct sockaddr *)&v6, 445));
	targets_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(refuses_with_a_reason),
		cmocka_unit_test(excludes_always_win),
		cmocka_unit_test(asks_duplicates_once),
		cmocka_unit_test(test_a_name_made_to_collide_hides_no_listed_host),
		cmocka_unit_test(
			test_a_set_of_100000_names_knows_each_of_them_and_no_other),
		cmocka_unit_test(agrees_with_a_plain_array),
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(asks_what_was_counted),
		cmocka_unit_test(names_file_and_line),
		cmocka_unit_test(refuses_endless_lines),
		cmocka_unit_test(streams_a_slow_pipe),
		cmocka_unit_test(never_loads_a_network),
		cmocka_unit_test(divides_without_loss),
		cmocka_unit_test(reads_shards),
		cmocka_unit_test(knows_excluded_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
