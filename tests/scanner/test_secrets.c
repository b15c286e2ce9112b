/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords from a terminal of our own and from files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "scanner/login/credentials.h"
#include "scanner/login/secrets.h"

/* ---- a terminal ---- */

struct terminal {
	int ours; /* the other end of the child's terminal */
	int result;
	pid_t child;
};

/* What the child found: a line for the parent, and whether the echo is on again. */
static void be_asked(const char *terminal, int result)
{
	char why[200] = "", *line;
	struct termios after;
	int tty;

	setsid();
	tty = open(terminal, O_RDWR); /* becomes /dev/tty */
	line = secret_ask("Password: ", why, sizeof why);
	tcgetattr(tty, &after);
	dprintf(result, "%s|%s|%s", line ? line : "-", why,
		after.c_lflag & ECHO ? "echo" : "silent");
	secrets_wipe();
	exit(0);
}

static struct terminal open_terminal(void)
{
	int ends[2];
	struct terminal t = { .ours = posix_openpt(O_RDWR | O_NOCTTY) };
	char name[64];

	assert_true(t.ours >= 0);
	assert_int_equal(grantpt(t.ours), 0);
	assert_int_equal(unlockpt(t.ours), 0);
	assert_int_equal(ptsname_r(t.ours, name, sizeof name), 0);
	assert_int_equal(pipe(ends), 0);
	t.child = fork();
	if (t.child == 0)
		be_asked(name, ends[1]);
	close(ends[1]);
	t.result = ends[0];
	return t;
}

/* Reads from the terminal until `words` came. */
static void wait_for(struct terminal *t, const char *words)
{
	char seen[1000] = "";
	size_t n = 0;

	while (!strstr(seen, words)) {
		ssize_t got = read(t->ours, seen + n, sizeof seen - 1 - n);

		assert_true(got > 0);
		n += (size_t)got;
		seen[n] = '\0';
	}
}

/* What the child said at its end, and its status. */
static int close_terminal(struct terminal *t, char said[400])
{
	ssize_t got;
	size_t n = 0;
	int status;

	while (n < 399 && (got = read(t->result, said + n, 399 - n)) > 0)
		n += (size_t)got;
	said[n] = '\0';
	waitpid(t->child, &status, 0);
	close(t->result);
	close(t->ours);
	return status;
}

static bool echoes(const struct terminal *t)
{
	struct termios now;

	assert_int_equal(tcgetattr(t->ours, &now), 0);
	return now.c_lflag & ECHO;
}

static void type(struct terminal *t, const char *text)
{
	assert_int_equal(write(t->ours, text, strlen(text)), strlen(text));
}

static void a_password_is_asked_for_without_an_echo(void **state)
{
	struct terminal t = open_terminal();
	char said[400];

	(void)state;
	wait_for(&t, "Password: ");
	assert_false(echoes(&t));
	type(&t, "two words\n");
	assert_int_equal(close_terminal(&t, said), 0);
	assert_string_equal(said, "two words||echo");
}

static void an_empty_line_is_no_password(void **state)
{
	struct terminal t = open_terminal();
	char said[400];

	(void)state;
	wait_for(&t, "Password: ");
	type(&t, "\n");
	close_terminal(&t, said);
	assert_string_equal(said, "-|empty|echo");
}

static void a_line_that_is_too_long_is_no_password(void **state)
{
	struct terminal t = open_terminal();
	char text[CREDENTIAL_TEXT_MAX + 10], said[400], expected[80];

	(void)state;
	wait_for(&t, "Password: ");
	memset(text, 'x', sizeof text);
	text[sizeof text - 2] = '\n';
	text[sizeof text - 1] = '\0';
	type(&t, text);
	close_terminal(&t, said);
	snprintf(expected, sizeof expected, "-|longer than %d bytes|echo",
		 CREDENTIAL_TEXT_MAX);
	assert_string_equal(said, expected);
}

/* Ctrl-C ends the program as it always does, but with the echo on again. */
static void an_interrupt_gives_the_terminal_back(void **state)
{
	struct terminal t = open_terminal();
	char said[400];
	int status;

	(void)state;
	wait_for(&t, "Password: ");
	type(&t, "half\x03");
	wait_for(&t, "\n");
	status = close_terminal(&t, said);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
	assert_string_equal(said, "");
}

static void without_a_terminal_the_other_ways_are_named(void **state)
{
	int ends[2], status;
	char said[400] = "";
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		char why[200] = "";

		setsid();
		dprintf(ends[1], "%s", secret_ask("?", why, sizeof why) ? "asked" : why);
		secrets_wipe();
		exit(0);
	}
	close(ends[1]);
	waitpid(child, &status, 0);
	assert_true(read(ends[0], said, sizeof said - 1) > 0);
	close(ends[0]);
	assert_string_equal(said, "no terminal to ask; use -A FILE, LSASWEEP_PASSWORD or "
				  "$CREDENTIALS_DIRECTORY/password");
}

/* ---- files ---- */

static char path[] = "/tmp/test_secrets.XXXXXX";

static const char *read_as(const void *bytes, size_t len, char why[400])
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	why[0] = '\0';
	return secret_read_line(path, why, 400);
}

static void a_file_has_its_password_in_the_first_line(void **state)
{
	static const char utf16[] = "\xff\xfe"
				    "p\0\xe4\0s\0s\0\r\0\n\0x\0";
	char why[400];

	(void)state;
	assert_string_equal(read_as("secret\nmore\n", 12, why), "secret");
	assert_string_equal(read_as("secret", 6, why), "secret");
	assert_string_equal(read_as("\xef\xbb\xbfsecret\r\n", 11, why), "secret");
	assert_string_equal(read_as(utf16, sizeof utf16 - 1, why), "p\xc3\xa4ss");
	secrets_wipe();
}

static void a_file_without_a_password_says_why(void **state)
{
	static char long_line[CREDENTIAL_TEXT_MAX + 2];
	char why[400];

	(void)state;
	memset(long_line, 'x', sizeof long_line);
	assert_null(read_as("\nsecret\n", 8, why));
	assert_string_equal(strchr(why, ':'), ": empty");
	assert_null(read_as("caf\xe9\n", 5, why));
	assert_non_null(strstr(why, ": bytes that are not text; expected UTF-8"));
	assert_null(read_as(long_line, sizeof long_line, why));
	assert_non_null(strstr(why, ": longer than "));
	assert_null(secret_read_line("/tmp", why, sizeof why));
	assert_string_equal(why, "/tmp: Is a directory");
	assert_null(secret_read_line("/no/such/file", why, sizeof why));
	assert_string_equal(why, "/no/such/file: No such file or directory");
	secrets_wipe();
}

static void more_than_there_is_room_for_is_refused(void **state)
{
	(void)state;
	assert_null(secret_copy(NULL));
	assert_non_null(secret_take(SECRETS_MAX));
	assert_null(secret_take(1));
	assert_null(secret_copy(""));
	secrets_wipe();
	assert_string_equal(secret_copy("again"), "again");
	secrets_lock_heap();
	secrets_wipe();
	secrets_wipe();
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_is_asked_for_without_an_echo),
		cmocka_unit_test(an_empty_line_is_no_password),
		cmocka_unit_test(a_line_that_is_too_long_is_no_password),
		cmocka_unit_test(an_interrupt_gives_the_terminal_back),
		cmocka_unit_test(without_a_terminal_the_other_ways_are_named),
		cmocka_unit_test(a_file_has_its_password_in_the_first_line),
		cmocka_unit_test(a_file_without_a_password_says_why),
		cmocka_unit_test(more_than_there_is_room_for_is_refused),
	};

	return cmocka_run_group_tests_name("secrets", tests, make_file, remove_file);
}
