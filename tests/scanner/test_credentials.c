/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_credentials.c - where names and passwords come from, and where they never go.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "scanner/login/credentials_file.h"
#include "scanner/login/secrets.h"

#define SECRET "pa=ss wörd# \\x"

static char path[64];
static char why[256];

static int make_file(void **state)
{
	(void)state;
	strcpy(path, "/tmp/lsasweep-credentials-XXXXXX");
	close(mkstemp(path));
	return 0;
}

static int drop_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_file(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
	chmod(path, mode);
}

static struct credentials *from_file(const char *text)
{
	struct credentials_options o = { .auth_file = path };

	write_file(text, 0600);
	return credentials_open(&o, why, sizeof why);
}

static void reads_a_file(void **state)
{
	struct credentials *c = from_file("# lab\r\n"
					  "username = scan\n"
					  "Password=" SECRET "\n"
					  "domain =CORP\n"
					  "\n"
					  "[dmz]\n"
					  "username=svc@DMZ.EXAMPLE\n"
					  "password=two\n"
					  "; more\n"
					  "[ local ]\n"
					  "user = .\\Administrator\n"
					  "password=three\n"
					  "domain =\n"
					  "[robot]\n"
					  "keytab=/etc/r.keytab\n"
					  "principal=r@CORP.EXAMPLE");
	struct auth_gss_options auth;
	char text[128];

	(void)state;
	if (!c)
		print_error("%s\n", why);
	assert_non_null(c);
	assert_int_equal(credentials_count(c), 4);
	assert_string_equal(credentials_names(c)[0], "");
	assert_string_equal(credentials_names(c)[1], "dmz");
	assert_string_equal(credentials_names(c)[2], "local");
	auth = credentials_auth(c, 0);
	assert_string_equal(auth.user, "scan");
	assert_string_equal(auth.password, SECRET);
	assert_string_equal(auth.domain, "CORP");
	assert_null(auth.realm);
	auth = credentials_auth(c, 1);
	assert_string_equal(auth.user, "svc");
	assert_string_equal(auth.realm, "DMZ.EXAMPLE");
	assert_null(auth.domain);
	auth = credentials_auth(c, 2);
	assert_string_equal(auth.domain, ".");
	assert_string_equal(auth.user, "Administrator");
	auth = credentials_auth(c, 3);
	assert_null(auth.user);
	assert_string_equal(auth.keytab, "/etc/r.keytab");
	assert_string_equal(auth.principal, "r@CORP.EXAMPLE");
	credentials_describe(c, 0, text, sizeof text);
	assert_string_equal(text, "CORP\\scan by password");
	credentials_describe(c, 3, text, sizeof text);
	assert_string_equal(text, "r@CORP.EXAMPLE, Kerberos by keytab");
	credentials_close(c);
}

static void refuses_with_file_and_line(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = {
		{ "username=a\nhunter2\n", ":2: expected KEY = VALUE" },
		{ "username=a\npassword=x\npassword=hunter2\n", ":3: a second password" },
		{ "usrname=hunter2\n", ":1: \"usrname\": expected username" },
		{ "[a\nusername=x\n", ":1: expected [SECTION]" },
		{ "[a]\nusername=x\npassword=y\n[a]\n", ":4: a second section [a]" },
		{ "[]\n", ":1: expected a section name" },
		{ "[a]\npassword=hunter2\n", ": [a]: expected username or keytab" },
		{ "username=CORP\\scan%hunter2\n", ":1: \"%\": a password does not" },
		{ "username=CORP\\\n", ":1: expected [DOMAIN\\]USER" },
		{ "keytab=/k\n", "keytab and principal go together" },
		{ "keytab=/k\nprincipal=p\nusername=x\npassword=y", "not both" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_null(from_file(bad[i].text));
		if (!strstr(why, bad[i].words))
			fail_msg("%s", why);
		assert_ptr_equal(strstr(why, path), why);
		assert_null(strstr(why, "hunter2"));
	}
}

static void refuses_files_others_may_read(void **state)
{
	struct credentials_options o = { .auth_file = path };

	(void)state;
	for (int bit = 0; bit < 6; bit++) {
		write_file("username=a\npassword=b\n", (mode_t)(0600 | 1 << bit));
		assert_null(credentials_open(&o, why, sizeof why));
		assert_non_null(strstr(why, "expected 0600"));
	}
	write_file("username=a\npassword=b\n", 0400);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 4242, 4242), 0);
		assert_null(credentials_open(&o, why, sizeof why));
		assert_non_null(strstr(why, "uid 4242"));
	}
	o.auth_file = "/tmp";
	assert_null(credentials_open(&o, why, sizeof why));
	assert_non_null(strstr(why, "not a file"));
	o.auth_file = "/nonexistent/x";
	assert_null(credentials_open(&o, why, sizeof why));
	assert_non_null(strstr(why, "No such file"));
}

static void joins_flags_and_file(void **state)
{
	struct credentials_options o = { .auth_file = path, .user = "CORP\\SCAN" };
	struct credentials *c;

	(void)state;
	write_file("username=scan\npassword=x\n", 0600);
	c = credentials_open(&o, why, sizeof why);
	assert_non_null(c);
	assert_string_equal(credentials_at(c, 0)->domain, "CORP");
	assert_string_equal(credentials_at(c, 0)->password, "x");
	credentials_close(c);

	o.user = "other";
	assert_null(credentials_open(&o, why, sizeof why));
	assert_non_null(strstr(why, "expected one of them"));
	o = (struct credentials_options){ .kerberos = true, .user = "x" };
	assert_null(credentials_open(&o, why, sizeof why));
	assert_non_null(strstr(why, "expected one of -k"));
	o = (struct credentials_options){ .keytab = "/k" };
	assert_null(credentials_open(&o, why, sizeof why));
	assert_non_null(strstr(why, "go together"));
	o = (struct credentials_options){ .user = "a%b" };
	assert_null(credentials_open(&o, why, sizeof why));

	o = (struct credentials_options){ .kerberos = true, .no_ntlm = true };
	c = credentials_open(&o, why, sizeof why);
	assert_non_null(c);
	assert_null(credentials_auth(c, 0).user);
	assert_true(credentials_auth(c, 0).no_ntlm);
	credentials_close(c);
}

static bool environment_holds(const char *text)
{
	static char all[1 << 17];
	int fd = open("/proc/self/environ", O_RDONLY);
	ssize_t n = read(fd, all, sizeof all);

	close(fd);
	return n > 0 && memmem(all, (size_t)n, text, strlen(text));
}

/* In a child that got the password as a service would. */
static int harden_child(void)
{
	struct credentials_options o = { .user = "scan" };
	struct credentials *c;
	struct rlimit core;

	if (!environment_holds("EnvSecret77"))
		return 10;
	credentials_harden();
	if (getenv("LSASWEEP_PASSWORD") || environment_holds("EnvSecret77"))
		return 11;
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
		return 12;
	c = credentials_open(&o, why, sizeof why);
	if (!c || strcmp(credentials_at(c, 0)->password, "EnvSecret77") != 0)
		return 13;
	credentials_close(c);
	return 0;
}

static void takes_the_environment_away(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		setenv("LSASWEEP_PASSWORD", "EnvSecret77", 1);
		execl("/proc/self/exe", "test_credentials", "harden", (char *)NULL);
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void reads_the_service_directory(void **state)
{
	struct credentials_options o = { .user = "scan" };
	char directory[] = "/tmp/lsasweep-directory-XXXXXX", file[64];
	struct credentials *c;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(directory));
	setenv("CREDENTIALS_DIRECTORY", directory, 1);
	snprintf(file, sizeof file, "%s/password", directory);
	f = fopen(file, "w");
	fputs("from systemd\r\nnot this", f);
	fclose(f);
	c = credentials_open(&o, why, sizeof why);
	assert_non_null(c);
	assert_string_equal(credentials_at(c, 0)->password, "from systemd");
	credentials_close(c);
	assert_int_equal(truncate(file, 0), 0);
	assert_null(credentials_open(&o, why, sizeof why));
	assert_non_null(strstr(why, "empty"));
	unlink(file);
	rmdir(directory);
	unsetenv("CREDENTIALS_DIRECTORY");
}

/* Reads what the terminal shows until `text` came. */
static bool shows(int terminal, const char *text)
{
	char all[512] = "";
	size_t n = 0;
	ssize_t got;

	while (n < sizeof all - 1 &&
	       (got = read(terminal, all + n, sizeof all - 1 - n)) > 0) {
		n += (size_t)got;
		all[n] = '\0';
		if (strstr(all, text))
			return true;
	}
	return false;
}

static bool echoes(int terminal)
{
	struct termios t;

	return tcgetattr(terminal, &t) == 0 && t.c_lflag & ECHO;
}

static void prompts_without_echo(void **state)
{
	struct credentials_options o = { .user = "CORP\\scan" };
	int terminal, status;
	pid_t child = forkpty(&terminal, NULL, NULL, NULL);

	(void)state;
	if (child == 0) {
		struct credentials *c = credentials_open(&o, why, sizeof why);
		bool good = c && strcmp(credentials_at(c, 0)->password, "ty ped") == 0;

		if (c)
			credentials_close(c);
		_exit(good ? 7 : 8);
	}
	assert_true(shows(terminal, "Password of CORP\\scan: "));
	assert_false(echoes(terminal));
	assert_int_equal(write(terminal, "ty ped\n", 7), 7);
	assert_false(shows(terminal, "ty ped"));
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 7);
	close(terminal);
}

static void gives_the_terminal_back_at_a_signal(void **state)
{
	struct credentials_options o = { .user = "scan" };
	int terminal, status;
	pid_t child = forkpty(&terminal, NULL, NULL, NULL);

	(void)state;
	if (child == 0) {
		credentials_open(&o, why, sizeof why);
		_exit(8);
	}
	assert_true(shows(terminal, "Password of scan: "));
	assert_false(echoes(terminal));
	assert_int_equal(write(terminal, "\x03", 1), 1); /* ^C */
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
	assert_true(echoes(terminal));
	close(terminal);
}

static void asks_nobody_without_a_terminal(void **state)
{
	struct credentials_options o = { .user = "scan" };
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		setsid();
		_exit(!credentials_open(&o, why, sizeof why) &&
				      strstr(why, "no terminal to ask; use -A")
			      ? 7
			      : 8);
	}
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 7);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_a_file, make_file, drop_file),
		cmocka_unit_test_setup_teardown(refuses_with_file_and_line, make_file,
						drop_file),
		cmocka_unit_test_setup_teardown(refuses_files_others_may_read, make_file,
						drop_file),
		cmocka_unit_test_setup_teardown(joins_flags_and_file, make_file,
						drop_file),
		cmocka_unit_test(takes_the_environment_away),
		cmocka_unit_test(reads_the_service_directory),
		cmocka_unit_test(prompts_without_echo),
		cmocka_unit_test(gives_the_terminal_back_at_a_signal),
		cmocka_unit_test(asks_nobody_without_a_terminal),
	};

	if (argc == 2 && strcmp(argv[1], "harden") == 0)
		return harden_child();
	(void)argv;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
