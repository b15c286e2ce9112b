/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - lsasweep-lab: plays a Windows domain on 127.0.0.0/8.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <uv.h>

#include "tests/lab/accounts.h"
#include "tests/lab/crypt.h"
#include "tests/lab/describe.h"
#include "tests/lab/directory.h"
#include "tests/lab/file_faults.h"
#include "tests/lab/dns.h"
#include "tests/lab/ldap_server.h"
#include "tests/lab/server.h"
#include "tests/lab/stats.h"
#include "tests/lab/truth.h"
#include "tests/lab/world.h"

static const char usage[] =
	"usage: lsasweep-lab [OPTIONS]\n"
	"Plays a Windows domain on 127.0.0.0/8 until its standard input, if that is a\n"
	"pipe, ends.  Without --describe, --line, --hosts or --matrix: quickstart.lab.\n"
	"\n"
	"  --port N            listen on 0.0.0.0:N (0: any, the default)\n"
	"  --describe FILE     what to play; README.md beside the source has the words\n"
	"  --line TEXT         one more line of a description; repeatable, kept in "
	"order\n"
	"  --hosts N           N hosts of four roles, some violations planted\n"
	"  --mix LIST          faults for the hosts that follow: black_hole=5,tar_pit=1\n"
	"  --matrix            one host for each fault at each step\n"
	"  --targets FILE      write the target list there before \"ready\"\n"
	"  --truth FILE        write what is true of each host there before \"ready\"\n"
	"  --by-name           targets by name, for use with --dns\n"
	"  --dns PORT          serve the domain's names on UDP 127.0.0.1:PORT\n"
	"  --dns-delay MS      how late slow names come (3000)\n"
	"  --ldap PORT         serve the directory of each controller on 0.0.0.0:PORT\n"
	"  --keytab FILE       accept Kerberos there with the keys of this keytab\n"
	"  --stats FILE        write statistics there at the end and on SIGUSR1\n"
	"  --exit-with-parent  end when the parent does\n"
	"  --print-targets, --print-truth, --print-faults\n"
	"                      print and end; the first two want --port\n"
	"  --print-directory, --print-directory-faults, --print-file-faults\n"
	"                      the counts of computers that are true; the faults\n"
	"\n"
	"Says \"ready PORT\" when it listens, then \"refused PORT\" and, with --dns and\n"
	"--ldap, \"dns PORT\" and \"ldap PORT\".  SIGUSR1 prints statistics; so does the "
	"end.\n";

static struct {
	int port, dns_port, ldap_port;
	bool dns, ldap, described, by_name;
	unsigned dns_delay;
	const char *targets, *truth, *stats;
	int print; /* OPT_PRINT_..., or 0 */
} options = { .dns_delay = 3000 };

static uv_loop_t loop;
static uv_pipe_t input;
static uv_signal_t signals[3];

enum {
	OPT_PORT = 1,
	OPT_DESCRIBE,
	OPT_LINE,
	OPT_HOSTS,
	OPT_MIX,
	OPT_MATRIX,
	OPT_TARGETS,
	OPT_TRUTH,
	OPT_BY_NAME,
	OPT_DNS,
	OPT_DNS_DELAY,
	OPT_LDAP,
	OPT_KEYTAB,
	OPT_STATS,
	OPT_EXIT_WITH_PARENT,
	OPT_PRINT_TARGETS,
	OPT_PRINT_TRUTH,
	OPT_PRINT_FAULTS,
	OPT_PRINT_DIRECTORY,
	OPT_PRINT_DIRECTORY_FAULTS,
	OPT_PRINT_FILE_FAULTS,
	OPT_HELP,
};

static const struct option long_options[] = {
	{ "port", required_argument, NULL, OPT_PORT },
	{ "describe", required_argument, NULL, OPT_DESCRIBE },
	{ "line", required_argument, NULL, OPT_LINE },
	{ "hosts", required_argument, NULL, OPT_HOSTS },
	{ "mix", required_argument, NULL, OPT_MIX },
	{ "matrix", no_argument, NULL, OPT_MATRIX },
	{ "targets", required_argument, NULL, OPT_TARGETS },
	{ "truth", required_argument, NULL, OPT_TRUTH },
	{ "by-name", no_argument, NULL, OPT_BY_NAME },
	{ "dns", required_argument, NULL, OPT_DNS },
	{ "dns-delay", required_argument, NULL, OPT_DNS_DELAY },
	{ "ldap", required_argument, NULL, OPT_LDAP },
	{ "keytab", required_argument, NULL, OPT_KEYTAB },
	{ "stats", required_argument, NULL, OPT_STATS },
	{ "exit-with-parent", no_argument, NULL, OPT_EXIT_WITH_PARENT },
	{ "print-targets", no_argument, NULL, OPT_PRINT_TARGETS },
	{ "print-truth", no_argument, NULL, OPT_PRINT_TRUTH },
	{ "print-faults", no_argument, NULL, OPT_PRINT_FAULTS },
	{ "print-directory", no_argument, NULL, OPT_PRINT_DIRECTORY },
	{ "print-directory-faults", no_argument, NULL, OPT_PRINT_DIRECTORY_FAULTS },
	{ "print-file-faults", no_argument, NULL, OPT_PRINT_FILE_FAULTS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static void describe(const char *word, const char *rest)
{
	char line[4096], complaint[256];

	snprintf(line, sizeof(line), "%s %s", word, rest);
	if (!describe_line(line, complaint, sizeof(complaint))) {
		fprintf(stderr, "lsasweep-lab: %s: %s\n", line, complaint);
		exit(2);
	}
}

static void describe_from(const char *path)
{
	if (!describe_file(path))
		exit(2);
	options.described = true;
}

/* Options that say what to play; false: it is none of these. */
static bool on_world_option(int option)
{
	switch (option) {
	case OPT_DESCRIBE:
		describe_from(optarg);
		return true;
	case OPT_LINE:
		describe(optarg, "");
		options.described = true;
		return true;
	case OPT_HOSTS:
		describe("hosts", optarg);
		options.described = true;
		return true;
	case OPT_MIX:
		describe("mix", optarg);
		return true;
	case OPT_MATRIX:
		describe("matrix", "");
		options.described = true;
		return true;
	default:
		return false;
	}
}

static void on_option(int option)
{
	switch (option) {
	case OPT_PORT:
		options.port = atoi(optarg);
		break;
	case OPT_TARGETS:
		options.targets = optarg;
		break;
	case OPT_TRUTH:
		options.truth = optarg;
		break;
	case OPT_BY_NAME:
		options.by_name = true;
		break;
	case OPT_DNS:
		options.dns = true;
		options.dns_port = atoi(optarg);
		break;
	case OPT_DNS_DELAY:
		options.dns_delay = (unsigned)atoi(optarg);
		break;
	case OPT_LDAP:
		options.ldap = true;
		options.ldap_port = atoi(optarg);
		break;
	case OPT_KEYTAB:
		/* The replay cache of one process that forgets is none. */
		setenv("KRB5_KTNAME", optarg, 1);
		setenv("KRB5RCACHENAME", "none:", 1);
		break;
	case OPT_STATS:
		options.stats = optarg;
		break;
	case OPT_EXIT_WITH_PARENT:
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		break;
	case OPT_PRINT_TARGETS:
	case OPT_PRINT_TRUTH:
	case OPT_PRINT_FAULTS:
	case OPT_PRINT_DIRECTORY:
	case OPT_PRINT_DIRECTORY_FAULTS:
	case OPT_PRINT_FILE_FAULTS:
		options.print = option;
		break;
	default:
		fputs(usage, option == OPT_HELP ? stdout : stderr);
		exit(option == OPT_HELP ? 0 : 2);
	}
}

/* A domain nobody described users for has these two. */
static void default_users(void)
{
	if (account_count())
		return;
	account_add("auditor", "Lab-Passw0rd", true, "enabled");
	account_add("reader", "Lab-Passw0rd", false, "enabled");
}

static void write_file(const char *path, bool truth)
{
	FILE *to = path ? fopen(path, "w") : NULL;

	if (path && !to) {
		perror(path);
		exit(2);
	}
	if (!to)
		return;
	if (truth)
		truth_print(to, server_port(), server_refused_port());
	else
		truth_print_targets(to, server_port(), server_refused_port(),
				    options.by_name);
	fclose(to);
}

static int print_and_end(void)
{
	int refused = options.port + 1;

	if (options.print == OPT_PRINT_FAULTS)
		truth_print_faults(stdout);
	else if (options.print == OPT_PRINT_DIRECTORY)
		directory_print(stdout);
	else if (options.print == OPT_PRINT_DIRECTORY_FAULTS)
		ldap_faults_print(stdout);
	else if (options.print == OPT_PRINT_FILE_FAULTS)
		file_faults_print();
	else if (options.print == OPT_PRINT_TRUTH)
		truth_print(stdout, options.port, refused);
	else
		truth_print_targets(stdout, options.port, refused, options.by_name);
	return 0;
}

static void tell_stats(void)
{
	FILE *to = options.stats ? fopen(options.stats, "w") : NULL;

	stats_print(stdout);
	if (!to)
		return;
	stats_print(to);
	fclose(to);
}

static void on_signal(uv_signal_t *handle, int number)
{
	(void)handle;
	if (number == SIGUSR1)
		tell_stats();
	else
		uv_stop(&loop);
}

static void on_input_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	static char ignored[256];

	(void)handle;
	(void)suggested;
	*buf = uv_buf_init(ignored, sizeof(ignored));
}

static void on_input(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	(void)stream;
	(void)buf;
	if (len < 0)
		uv_stop(&loop);
}

/* A terminal, a file and /dev/null do not end the domain; a pipe does. */
static void watch_input(void)
{
	if (uv_guess_handle(0) != UV_NAMED_PIPE)
		return;
	uv_pipe_init(&loop, &input, 0);
	if (uv_pipe_open(&input, 0) == 0)
		uv_read_start((uv_stream_t *)&input, on_input_alloc, on_input);
}

static void watch_signals(void)
{
	static const int numbers[] = { SIGUSR1, SIGTERM, SIGINT };

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 3; i++) {
		uv_signal_init(&loop, &signals[i]);
		uv_signal_start(&signals[i], on_signal, numbers[i]);
	}
}

static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int play(void)
{
	uv_loop_init(&loop);
	raise_limit();
	watch_signals();
	if (!server_start(&loop, options.port) ||
	    (options.dns && !dns_start(&loop, options.dns_port, options.dns_delay)) ||
	    (options.ldap && !ldap_server_start(&loop, options.ldap_port)))
		return 1;
	write_file(options.targets, false);
	write_file(options.truth, true);
	printf("ready %d\nrefused %d\n", server_port(), server_refused_port());
	if (options.dns)
		printf("dns %d\n", dns_port());
	if (options.ldap)
		printf("ldap %d\n", ldap_server_port());
	fflush(stdout);
	watch_input();
	uv_run(&loop, UV_RUN_DEFAULT);
	tell_stats();
	return 0;
}

int main(int argc, char **argv)
{
	int option, status;

	if (!crypt_start()) {
		fputs("lsasweep-lab: this OpenSSL lacks an algorithm\n", stderr);
		return 1;
	}
	world_start();
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!on_world_option(option))
			on_option(option);
	if (!options.described)
		describe_from(LAB_QUICKSTART);
	default_users();
	world_index();
	directory_index();
	status = options.print ? print_and_end() : play();
	directory_drop();
	world_drop();
	accounts_drop();
	crypt_stop();
	return status;
}
