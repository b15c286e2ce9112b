/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "scanner/console/progress.h"

static void the_line_is_as_promised(void **state)
{
	struct progress_state s = { .elapsed_ms = 12345,
				    .done = 1204,
				    .total = 5000,
				    .in_flight = 256,
				    .answered = 1102,
				    .denied = 12,
				    .unreachable = 90,
				    .rate = 97.6,
				    .slowest = "web17.corp",
				    .slowest_ms = 8100 };
	char line[300];

	(void)state;
	progress_format(&s, line, sizeof line);
	assert_string_equal(line, "00:12 1,204/5,000 24% 98/s in flight 256 answered "
				  "1,102 denied 12 unreachable 90 slowest web17.corp 8s "
				  "eta 00:38");
}

static void what_is_not_known_is_left_out(void **state)
{
	struct progress_state s = { .elapsed_ms = 3723000, .done = 1234567, .other = 3 };
	char line[300];

	(void)state;
	progress_format(&s, line, sizeof line);
	assert_string_equal(line, "1:02:03 1,234,567 0/s in flight 0 answered 0 other 3");
}

static void a_line_that_does_not_fit_is_cut(void **state)
{
	struct progress_state s = { .done = 1, .total = 2 };
	char line[12];

	(void)state;
	progress_format(&s, line, sizeof line);
	assert_int_equal(line[sizeof line - 1], '\0');
}

static void a_quiet_progress_does_nothing(void **state)
{
	struct progress_state s = { 0 };
	struct progress *p = progress_begin(true, 1);

	(void)state;
	assert_null(p);
	progress_note(p, &s);
	progress_clear(p);
	progress_end(p);
}

static void the_rate_is_that_of_the_last_ten_seconds(void **state)
{
	struct progress *p = progress_begin(false, UINT64_MAX / 2);
	struct progress_state s = { 0 };

	(void)state;
	assert_non_null(p);
	for (unsigned second = 1; second <= 30; second++) {
		s.elapsed_ms = second * 1000;
		s.done += second <= 15 ? 1000 : 10;
		progress_note(p, &s);
		if (second == 15)
			assert_true(s.rate > 990 && s.rate < 1010);
	}
	assert_true(s.rate > 9 && s.rate < 11);
	progress_end(p);
}

/* ---- what stderr sees of a progress ---- */

/* `stream` is stderr for a progress of two notes; what came out at `ours`, up to `last`
 * of the second one. */
static void watch(int stream, int ours, const char *last, char seen[600])
{
	struct progress_state s = {
		.elapsed_ms = 1000, .done = 1, .slowest = "a\033[2Jb", .slowest_ms = 2000
	};
	int saved = dup(STDERR_FILENO);
	struct progress *p;
	size_t n = 0;

	dup2(stream, STDERR_FILENO);
	p = progress_begin(false, 1);
	progress_note(p, &s);
	s.elapsed_ms = 2000;
	s.done = 2;
	progress_note(p, &s);
	progress_clear(p);
	progress_clear(p);
	progress_end(p);
	dup2(saved, STDERR_FILENO);
	close(saved);
	for (seen[0] = '\0';
	     !strstr(seen, "00:02") || !strstr(strstr(seen, "00:02"), last);
	     seen[n] = '\0') {
		ssize_t got = read(ours, seen + n, 599 - n);

		assert_true(got > 0);
		n += (size_t)got;
	}
}

static void a_file_gets_lines(void **state)
{
	char seen[600];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	watch(ends[1], ends[0], "\n", seen);
	assert_memory_equal(seen, "00:01 1 ", 8);
	assert_non_null(strstr(seen, "\n00:02 2 "));
	assert_null(strchr(seen, '\033'));
	close(ends[0]);
	close(ends[1]);
}

static void a_terminal_has_one_line_that_is_cut_and_cleared(void **state)
{
	struct winsize narrow = { .ws_row = 10, .ws_col = 12 };
	char seen[600], name[64];
	int ours = posix_openpt(O_RDWR | O_NOCTTY), theirs;

	(void)state;
	assert_int_equal(grantpt(ours), 0);
	assert_int_equal(unlockpt(ours), 0);
	assert_int_equal(ptsname_r(ours, name, sizeof name), 0);
	theirs = open(name, O_RDWR | O_NOCTTY);
	assert_true(theirs >= 0);
	assert_int_equal(ioctl(theirs, TIOCSWINSZ, &narrow), 0);
	setenv("TERM", "xterm", 1);
	watch(theirs, ours, "\033[K", seen);
	assert_non_null(strstr(seen, "\r00:02 2 1/\xe2\x80\xa6"));
	assert_null(strstr(seen, "in flight"));
	assert_null(strchr(seen, '\n'));
	assert_memory_equal(seen + strlen(seen) - 4, "\r\033[K", 4);
	close(theirs);
	close(ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_is_as_promised),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(a_line_that_does_not_fit_is_cut),
		cmocka_unit_test(a_quiet_progress_does_nothing),
		cmocka_unit_test(a_file_gets_lines),
		cmocka_unit_test(a_terminal_has_one_line_that_is_cut_and_cleared),
		cmocka_unit_test(the_rate_is_that_of_the_last_ten_seconds),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
