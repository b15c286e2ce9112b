/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_scan.c - scan, check and discover from their words to their exit code, against a
 * thread that plays hosts, a mechanism of three tokens, and a directory by heart.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "rpc/auth/auth_gss.h"
#include "scanner/discover/discover.h"
#include "scanner/login/account.h"
#include "scanner/login/shard_record.h"
#include "scanner/login/verdict.h"
#include "tests/scanner/command_play.h"
#include "tests/scanner/domain_play.h"

/* ---- the credential ---- */

static struct {
	enum fault_reason refused; /* by the KDC; REASON_NONE: accepted */
	bool broken;               /* there is no ticket */
	unsigned made, freed;
} kdc;

struct auth_provider *__wrap_auth_gss_new(const struct auth_gss_options *options,
					  struct fault *fault);
void __wrap_auth_gss_free(struct auth_provider *p);
const char *__wrap_auth_gss_identity(const struct auth_provider *p);
bool __wrap_auth_gss_has_ticket(const struct auth_provider *p);

struct auth_provider *__wrap_auth_gss_new(const struct auth_gss_options *options,
					  struct fault *fault)
{
	struct auth_provider *p;

	if (options->realm && kdc.refused != REASON_NONE) {
		kdc.made++;
		fault_set(fault, "authenticate", kdc.refused, CODE_GSS,
			  verdict_krb5_code(24));
		return NULL;
	}
	if (kdc.broken) {
		fault_set(fault, "authenticate", REASON_NO_TICKET_CACHE, CODE_NONE, 0);
		return NULL;
	}
	p = malloc(sizeof *p);
	kdc.made++;
	return p ? memcpy(p, &provider, sizeof *p) : NULL;
}

void __wrap_auth_gss_free(struct auth_provider *p)
{
	kdc.freed += p != NULL;
	free(p);
}

const char *__wrap_auth_gss_identity(const struct auth_provider *p)
{
	(void)p;
	return "auditor@CORP.EXAMPLE";
}

bool __wrap_auth_gss_has_ticket(const struct auth_provider *p)
{
	(void)p;
	return false;
}

/* ---- the directory ---- */

static enum discover_end directory_end;

enum discover_end __wrap_discover(const struct discover_options *o, char *why,
				  size_t why_size);

static void put_computer(const struct discover_options *o, const char *name,
			 uint32_t control, enum computer_reason reason)
{
	char dn[100];
	struct directory_computer c = { .domain = "corp.example",
					.dn = dn,
					.account = name,
					.dns_name = name,
					.sid = "S-1-5-21-1-2-3-1104",
					.os = "Windows Server 2022 Standard",
					.os_version = "10.0 (20348)",
					.account_control_known = true,
					.account_control = control,
					.last_logon = 1767225600,
					.password_set = 1767225600,
					.created = 1767225600 };

	snprintf(dn, sizeof dn, "CN=%s,OU=Servers,DC=corp,DC=example", name);
	o->events.computer(&c, !(control & ACCOUNT_DISABLED), reason, o->events.arg);
}

enum discover_end __wrap_discover(const struct discover_options *o, char *why,
				  size_t why_size)
{
	struct directory_counts counts = { .total = 2, .in_scope = 1 };
	struct directory_domain read = {
		.dns_name = "corp.example",
		.netbios_name = "CORP",
		.dn = "DC=corp,DC=example",
		.sid = "S-1-5-21-1-2-3",
		.forest = "corp.example",
		.controller = "dc1.corp.example",
		.read_at = "2026-01-02T03:04:05.678Z",
		.error = directory_end == DISCOVER_INCOMPLETE ? "closed in mid-page"
							      : NULL,
	};

	assert_string_equal(o->domain, "corp.example");
	snprintf(why, why_size, "%s", directory_end == DISCOVER_DONE ? "" : "it is so");
	if (directory_end == DISCOVER_FAILED || directory_end == DISCOVER_GUARDED)
		return directory_end;
	put_computer(o, "srv1.corp.example", 0x1000, COMPUTER_DISABLED);
	put_computer(o, "old.corp.example", 0x1000 | ACCOUNT_DISABLED, COMPUTER_DISABLED);
	counts.left_out[COMPUTER_DISABLED] = 1;
	o->events.domain(&read, &counts, o->events.arg);
	return directory_end;
}

/* ---- one test ---- */

static int set_up(void **state)
{
	memset(&kdc, 0, sizeof kdc);
	directory_end = DISCOVER_DONE;
	return begin_domain(state);
}

static int tear_down(void **state)
{
	end_domain(state);
	unlink("journal");
	unlink("out");
	return kdc.made >= kdc.freed ? 0 : -1;
}

/* `line` at the domain's port, as `user`. */
static int asked_as(const char *user, const char *line)
{
	int word = (int)strcspn(line, " ");
	char port[16] = "", whole[1000];

	/* The environment's password is taken once; each command is a program. */
	setenv("LSASWEEP_PASSWORD", "a password", 1);
	credentials_harden();
	if (strncmp(line, "discover", 8) != 0)
		snprintf(port, sizeof port, " -p %u", domain.port);
	snprintf(whole, sizeof whole, "%.*s %s%s%s", word, line, user, port, line + word);
	return command(whole);
}

static int asked(const char *line)
{
	return asked_as("-U CORP\\auditor", line);
}

static char *file_text(const char *path)
{
	static char text[1 << 16];
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	text[fread(text, 1, sizeof text - 1, in)] = '\0';
	fclose(in);
	return text;
}

static void assert_code(int code, int expected)
{
	if (code != expected)
		fail_msg("exit %d, not %d: %s%s", code, expected, told[0], told[1]);
}

static void assert_in_file(const char *path, const char *words)
{
	if (!strstr(file_text(path), words))
		fail_msg("\"%s\" is not in %s: %s", words, path, file_text(path));
}

/* ---- scan ---- */

static void a_sweep_ends_with_its_report_and_its_journal(void **state)
{
	(void)state;
	assert_code(asked("scan --journal journal -o text -o json=out 127.1.7.1 "
			  "127.1.1.1"),
		    EXIT_INCOMPLETE_VIOLATIONS);
	assert_told(0, "Assessed 1 of 2 hosts");
	assert_told(0, "Everyone (S-1-1-0)");
	assert_told(1, "lsasweep: assessed 1 of 2 hosts by microsoft: 0 compliant, 1 in "
		       "violation");
	assert_told(1, "lsasweep: journal: journal");
	assert_told(1, "lsasweep: json: out");
	assert_in_file("journal", "\"host\":\"127.1.7.1\"");
	assert_in_file("journal", "\"outcome\":\"access_denied\"");
	assert_in_file("journal", "\"hosts\":2");
	assert_in_file("out", "\"violation\":1");
}

static void an_answered_right_goes_through_to_the_journal(void **state)
{
	(void)state;
	asked("scan -q --journal journal -o csv 127.1.6.1");
	assert_told(0, "\"member_server\",\"answered\"");
	assert_in_file("journal", "\"SeImpersonatePrivilege\":{\"outcome\":\"held\"");
	assert_in_file("journal", "\"sid\":\"S-1-5-32-544\"");
	assert_in_file("journal", "\"dns_domain\":\"lab.example\"");
	assert_string_equal(told[1], "");
}

/* A sweep that nobody keeps leaves nothing in the folder for temporary files. */
static void a_sweep_without_a_journal_leaves_nothing(void **state)
{
	(void)state;
	assert_int_equal(mkdir("tmp", 0700), 0);
	setenv("TMPDIR", "tmp", 1);
	assert_code(asked("scan -o csv 127.1.1.1"), EXIT_INCOMPLETE);
	assert_int_equal(rmdir("tmp"), 0);
	assert_code(asked("scan -o csv 127.1.1.1"), EXIT_USAGE);
	assert_told(1, "lsasweep: tmp/lsasweep-");
	unsetenv("TMPDIR");
}

static void a_sweep_is_resumed_where_it_ended(void **state)
{
	(void)state;
	assert_code(asked("scan -o csv --journal journal --max-runtime 300ms "
			  "127.1.7.1 127.1.3.1"),
		    EXIT_INCOMPLETE_VIOLATIONS);
	assert_told(0, "\"127.1.3.1\"");
	assert_told(0, "\"not_asked\"");
	assert_int_equal(domain.connected[OPEN_TO_ALL], 1);
	assert_code(asked("scan -v -o csv --resume journal 127.1.7.1 127.1.1.1"),
		    EXIT_INCOMPLETE_VIOLATIONS);
	assert_told(0, "\"127.1.7.1\"");
	assert_told(1, "127.1.1.1");
	assert_int_equal(domain.connected[OPEN_TO_ALL], 1);
	assert_code(asked("scan -r SeDebugPrivilege -o csv --resume journal "
			  "127.1.7.1"),
		    EXIT_INCOMPLETE_VIOLATIONS);
	assert_told(1, "1 host had answered for fewer rights than are asked for now");
	assert_int_equal(domain.connected[OPEN_TO_ALL], 2);
	assert_code(asked("scan --journal journal 127.1.1.1"), EXIT_USAGE);
	assert_told(1, "journal");
}

static void a_wrong_password_stops_the_sweep(void **state)
{
	(void)state;
	assert_code(asked("scan -o csv --journal journal 127.1.4.1-20"), EXIT_GUARDED);
	assert_int_equal(domain.logons, 1);
	assert_told(0, "\"guarded\"");
	assert_in_file("journal", "\"guard_stopped\":true");
}

static void facts_go_to_stdout_where_the_journal_does(void **state)
{
	(void)state;
	assert_code(asked("scan --journal - 127.1.7.1"), EXIT_VIOLATIONS);
	assert_told(0, "\"host\":\"127.1.7.1\"");
	assert_code(asked("scan --journal - -o csv=out 127.1.7.1"), EXIT_USAGE);
	assert_told(1, "-o: with --journal - the facts are on stdout");
}

static void a_canary_proves_the_password_first(void **state)
{
	(void)state;
	assert_code(asked("scan -o csv --canary 127.1.1.200 127.1.6.1-3"),
		    asked("scan -o csv 127.1.6.1-3"));
	assert_code(asked("scan -o csv --canary 127.1.4.9 127.1.6.1-3"), EXIT_GUARDED);
	assert_int_equal(domain.connected[REFUSES_LOGON], 1);
	assert_code(asked("scan -o csv --canary 10.0.0.0/33 127.1.6.1"), EXIT_USAGE);
}

static void a_list_that_is_empty_is_no_pass(void **state)
{
	(void)state;
	write_file("list", "# nobody\n");
	assert_code(asked("scan -o csv -iL list"), EXIT_INCOMPLETE);
	assert_told(1, "no host was asked: the targets are empty, or all are excluded");
	write_file("list", "127.1.7.1 \n127.1.7.999\n");
	assert_code(asked("scan -o csv -iL list --skip-bad-lines"),
		    EXIT_INCOMPLETE_VIOLATIONS);
	assert_told(1, "list:2: ");
	unlink("list");
}

static void the_time_that_is_up_names_how_to_go_on(void **state)
{
	(void)state;
	assert_code(asked("scan -o csv --max-runtime 200ms 127.1.3.1"), EXIT_INCOMPLETE);
	assert_told(1, "nothing was kept of this sweep; with --journal FILE it could be "
		       "resumed");
}

static void a_host_of_another_domain_gets_no_proof(void **state)
{
	(void)state;
	assert_code(asked("scan -o csv 127.1.1.1 127.1.8.1 127.1.9.1"), EXIT_INCOMPLETE);
	assert_told(0, "\"foreign\"");
	assert_told(0, "the host belongs to the domain \"\"SVV\"\"");
	assert_int_equal(domain.connected[OF_WORKGROUP], 1);
	assert_int_equal(domain.logons, 1);
	assert_code(
		asked("scan -q --insist --journal journal -o csv 127.1.1.1 127.1.9.1"),
		EXIT_INCOMPLETE_VIOLATIONS);
	assert_in_file("journal", "\"os_version\":\"10.0.17763\"");
}

static void a_signal_ends_a_sweep_with_its_number(void **state)
{
	struct signals signals = { .number = SIGTERM, .status_first = true };
	uv_thread_t thread;

	(void)state;
	keep_listening(true);
	assert_int_equal(uv_thread_create(&thread, send_signals, &signals), 0);
	asked("scan -o csv --journal journal 127.1.3.1-3");
	atomic_store(&signals.ended, true);
	uv_thread_join(&thread);
	keep_listening(false);
	assert_told(1,
		    "terminated: no new hosts; those in flight may finish within 10 s");
	assert_told(1, " 0/3 0% 0/s in flight 3 answered 0");
	assert_told(0, "\"not_asked\"");
	assert_in_file("journal", "\"not_asked\":3");
}

/* What could not be written is said, and is no answer. */
static void a_journal_that_cannot_grow_ends_the_sweep(void **state)
{
	struct rlimit before, small = { .rlim_cur = 1500 };

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_in_range(asked("scan -o csv --journal journal 127.1.6.1-9"), 2, 4);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_told(1, "journal: File too large");
}

/* ---- the credential ---- */

static void a_password_that_the_kdc_refused_goes_to_no_host(void **state)
{
	const char *line = "scan -o csv -iL list";

	(void)state;
	kdc.refused = REASON_KDC_REFUSED_PASSWORD;
	write_file("sections", "username=auditor@CORP.EXAMPLE\npassword=wrong\n[dmz]\n"
			       "username=auditor@corp.example\npassword=wrong\n");
	assert_int_equal(chmod("sections", 0600), 0);
	write_file("list", "127.1.6.1\n127.1.7.1 user=dmz\n");
	assert_code(asked_as("-A sections", line), EXIT_GUARDED);
	assert_int_equal(kdc.made, 1);
	assert_int_equal(domain.logons, 0);
	assert_told(0, "\"logon_refused\"");
	kdc.refused = REASON_NONE;
	assert_code(asked_as("-A sections", line), EXIT_INCOMPLETE_VIOLATIONS);
	assert_int_equal(kdc.made, 3);
	unlink("sections");
	unlink("list");
}

/* NTLM needs no KDC, but it is the same password of the same account. */
static void a_refused_password_is_tried_under_no_other_name(void **state)
{
	(void)state;
	kdc.refused = REASON_KDC_REFUSED_PASSWORD;
	write_file("sections", "username=CORP\\auditor\npassword=wrong\n[dmz]\n"
			       "username=auditor@CORP.EXAMPLE\npassword=wrong\n");
	assert_int_equal(chmod("sections", 0600), 0);
	assert_code(asked_as("-A sections", "scan -o csv 127.1.6.1-3"), EXIT_GUARDED);
	assert_int_equal(domain.logons, 0);
	unlink("sections");
}

static void no_ticket_is_an_error_with_its_fix(void **state)
{
	(void)state;
	kdc.broken = true;
	assert_code(command("scan -k -o csv 127.1.6.1"), EXIT_USAGE);
	assert_told(1, "Kerberos from the credential cache: ");
	assert_told(1, "run kinit, or name a user");
	assert_code(command("check -k 127.1.6.1"), EXIT_USAGE);
	assert_code(command("discover -k --domain corp.example"), EXIT_USAGE);
}

static void shards_hand_on_what_the_kdc_said(void **state)
{
	(void)state;
	kdc.refused = REASON_KDC_REFUSED_PASSWORD;
	assert_int_equal(mkdir("parts", 0700), 0);
	write_file("sections", "username=auditor@CORP.EXAMPLE\npassword=wrong\n");
	assert_int_equal(chmod("sections", 0600), 0);
	assert_code(asked_as("-A sections", "scan -o csv --shard 0/1 127.1.6.1"), 5);
	assert_int_equal(kdc.made, 1);
	assert_code(asked_as("-A sections", "scan -o csv --shard 0/2 --journal parts/0 "
					    "127.1.6.1-8"),
		    EXIT_GUARDED);
	assert_int_equal(kdc.made, 2);
	assert_code(asked_as("-A sections", "scan -o csv --shard 1/2 --journal parts/1 "
					    "127.1.6.1-8"),
		    EXIT_GUARDED);
	assert_int_equal(kdc.made, 2);
	assert_told(1, "parts");
	assert_code(asked_as("-A sections", "scan -o csv --shard 1/2 127.1.6.1-8"),
		    EXIT_GUARDED);
	assert_told(1, "no --journal FILE: this shard tries the credential by itself");
	unlink("sections");
}

static void shards_that_are_accepted_ask_their_hosts(void **state)
{
	(void)state;
	assert_int_equal(mkdir("both", 0700), 0);
	asked("scan -q -o csv --shard 0/2 --journal both/0 127.1.6.1-8");
	asked("scan -q -o csv --shard 1/2 --journal both/1 127.1.6.1-8");
	assert_int_equal(domain.connected[ANSWERS], 8);
	assert_code(asked("scan -q -o csv --shard 0/2 --journal both/2 "
			  "127.1.4.1-8"),
		    EXIT_GUARDED);
	assert_code(asked("scan -q -o csv --shard 1/2 --journal both/3 "
			  "127.1.4.1-8"),
		    EXIT_GUARDED);
	assert_in_range(domain.logons, 8 + 1, 8 + 2);
}

/* ---- another shard has the turn ---- */

struct holder_of_turn {
	pid_t pid;
	int end;         /* closed: it gives the turn back */
	unsigned logons; /* of ours until then */
};

/* Another process that tries the account's password until it is ended. */
static struct holder_of_turn hold_turn(const char *into)
{
	struct credential who = {
		.name = "", .user = "auditor", .password = "x", .domain = "CORP"
	};
	struct shard_member member = { .folder = into,
				       .part = 7,
				       .account = account_key(&who),
				       .password = "a password" };
	int ready[2], end[2];
	char byte;
	struct holder_of_turn h;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(end), 0);
	h.pid = fork();
	assert_true(h.pid >= 0);
	if (h.pid == 0) {
		struct guard_standing known, proven = { .proven = 1 };
		struct shard_record *r;
		char why[300];
		bool good = shard_record_open(&r, &member, why, sizeof why) ==
				    SHARD_OPENED &&
			    shard_record_take(r, &known) == SHARD_TURN_OURS;

		close(end[1]);
		if (good && write(ready[1], "", 1) == 1 && read(end[0], &byte, 1) == 0)
			shard_record_give(r, &proven);
		_exit(0);
	}
	close(ready[1]);
	close(end[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	h.end = end[1];
	return h;
}

static void let_go(void *arg)
{
	struct holder_of_turn *h = arg;

	usleep(300000);
	h->logons = domain.logons;
	close(h->end);
}

/* It waits, and then need not try the password alone: the other shard has proven it. */
static void a_shard_waits_for_the_one_that_is_trying(void **state)
{
	struct holder_of_turn h;
	uv_thread_t thread;
	int status;

	(void)state;
	assert_int_equal(mkdir("turn", 0700), 0);
	h = hold_turn("turn");
	assert_int_equal(uv_thread_create(&thread, let_go, &h), 0);
	asked("scan -q -o csv --shard 0/2 --journal turn/0 127.1.6.1-8");
	uv_thread_join(&thread);
	assert_int_equal(waitpid(h.pid, &status, 0), h.pid);
	assert_int_equal(h.logons, 0);
	assert_in_range(domain.logons, 1, 8);
	assert_not_told(0, "\"guarded\"");
}

/* ---- check ---- */

static void a_check_shows_each_step_and_the_verdict(void **state)
{
	(void)state;
	assert_code(asked("check 127.1.7.1"), EXIT_VIOLATIONS);
	assert_told(0, "127.1.7.1, as CORP\\auditor by password\n");
	assert_told(0, "\n  negotiate      ");
	assert_told(0, "\nanswered: ");
	assert_told(
		0, "\n  role           member server, source: dssetup (the host itself)");
	assert_told(0, "\n  protection     SMB 3.1.1, signing not required there");
	assert_told(0, "\n    SeImpersonatePrivilege: held\n      Everyone  S-1-1-0\n");
	assert_told(0, "\n  verdict        violation, compared with microsoft");
	assert_told(0, "\n  finding        critical: SeImpersonatePrivilege: ");
	assert_told(0, "\n    fix          ");
}

static void a_check_that_fails_names_cause_and_fix(void **state)
{
	(void)state;
	assert_code(asked("check 127.1.4.1"), EXIT_GUARDED);
	assert_told(0, "\nlogon_refused: ");
	assert_told(0, "\n  likely cause   ");
	assert_told(0, "\n  fix            ");
	assert_code(asked("check 127.1.1.1"), EXIT_INCOMPLETE);
	assert_told(0, "\naccess_denied: ");
	assert_told(0, "use a domain account in the host's Administrators group");
	assert_code(asked("check --fail-on violation 127.1.2.1"), EXIT_COMPLIANT);
	assert_told(0, "\ndisconnected: ");
}

static void a_check_is_of_one_host(void **state)
{
	(void)state;
	assert_code(asked("check 127.1.6.0/30"), EXIT_USAGE);
	assert_told(1, "expected one host; a network or service is for scan");
	assert_code(asked("check _ldap._tcp.corp.example"), EXIT_USAGE);
	assert_code(asked("check 127.1.6.999.1/4"), EXIT_USAGE);
	assert_code(asked("check --baseline nothing 127.1.6.1"), EXIT_USAGE);
	assert_code(command("check -k -U both 127.1.6.1"), EXIT_USAGE);
	assert_told(1, "expected one of -k");
}

/* ---- discover ---- */

static void a_directory_is_written_in_each_form(void **state)
{
	const char *line = "discover --domain corp.example -o text "
			   "-o targets=targets -o directory=directory -o json=out";

	(void)state;
	assert_code(asked(line), EXIT_COMPLIANT);
	assert_told(0, "corp.example: ");
	assert_string_equal(file_text("targets"),
			    "srv1.corp.example role=member_server\n");
	assert_in_file("directory", "\"old.corp.example\"");
	assert_in_file("directory", "\"read_at\":\"2026-01-02T03:04:05.678Z\"");
	assert_in_file("out", "\"schema\":\"lsasweep.discover/1\"");
	assert_in_file("out", "\"netbios_name\":\"CORP\"");
	/* And is read again. */
	assert_code(asked("scan -sL --directory directory"), EXIT_COMPLIANT);
	assert_told(0, "srv1.corp.example");
	assert_not_told(0, "old.corp.example");
	unlink("targets");
	unlink("directory");
}

static void a_directory_that_was_not_read_whole_says_so(void **state)
{
	(void)state;
	directory_end = DISCOVER_INCOMPLETE;
	assert_code(asked("discover --domain corp.example -o "
			  "text -o directory=directory"),
		    EXIT_INCOMPLETE);
	assert_told(0, "not read to its end: closed in mid-page");
	assert_told(1, "lsasweep: it is so");
	assert_code(asked("scan -sL --directory directory"), EXIT_INCOMPLETE);
	assert_told(1, "the directory was not read to its end");
	unlink("directory");
	directory_end = DISCOVER_GUARDED;
	assert_code(asked("discover --domain corp.example -o "
			  "targets=out"),
		    EXIT_GUARDED);
	assert_int_equal(access("out", F_OK), -1);
	directory_end = DISCOVER_FAILED;
	assert_code(asked("discover --domain corp.example -o "
			  "targets=out"),
		    EXIT_INCOMPLETE);
	assert_int_equal(access("out", F_OK), -1);
}

static void a_directory_nobody_can_write_is_not_read(void **state)
{
	(void)state;
	assert_int_equal(asked("discover --domain corp.example -o xml"), EXIT_USAGE);
	assert_told(1, "-o: \"xml\": expected one of: ");
	assert_code(asked("discover --domain corp.example -o "
			  "text=no/such/folder"),
		    EXIT_USAGE);
	assert_code(command("discover -k -U both"), EXIT_USAGE);
	assert_int_equal(kdc.made, 0);
}

static void computers_of_a_record_are_asked(void **state)
{
	(void)state;
	write_file("directory", "no json\n");
	assert_code(asked("scan --directory directory"), EXIT_USAGE);
	assert_told(1, "directory:1: ");
	write_file("directory", "");
	assert_code(asked("scan --directory directory"), EXIT_USAGE);
	assert_told(1, "empty, expected a recorded directory");
	assert_code(asked("discover --domain corp.example -o "
			  "directory=directory"),
		    EXIT_COMPLIANT);
	assert_code(asked("scan -o csv --journal journal --directory directory "
			  "--exclude srv1.corp.example 127.1.7.1"),
		    EXIT_VIOLATIONS);
	assert_in_file("journal", "\"dns_name\":\"corp.example\"");
	assert_told(1, "corp.example");
	unlink("directory");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sweep_ends_with_its_report_and_its_journal),
		TEST(an_answered_right_goes_through_to_the_journal),
		TEST(a_sweep_without_a_journal_leaves_nothing),
		TEST(a_sweep_is_resumed_where_it_ended),
		TEST(a_wrong_password_stops_the_sweep),
		TEST(facts_go_to_stdout_where_the_journal_does),
		TEST(a_canary_proves_the_password_first),
		TEST(a_list_that_is_empty_is_no_pass),
		TEST(the_time_that_is_up_names_how_to_go_on),
		TEST(a_host_of_another_domain_gets_no_proof),
		TEST(a_signal_ends_a_sweep_with_its_number),
		TEST(a_journal_that_cannot_grow_ends_the_sweep),
		TEST(a_password_that_the_kdc_refused_goes_to_no_host),
		TEST(a_refused_password_is_tried_under_no_other_name),
		TEST(no_ticket_is_an_error_with_its_fix),
		TEST(shards_hand_on_what_the_kdc_said),
		TEST(shards_that_are_accepted_ask_their_hosts),
		TEST(a_shard_waits_for_the_one_that_is_trying),
		TEST(a_check_shows_each_step_and_the_verdict),
		TEST(a_check_that_fails_names_cause_and_fix),
		TEST(a_check_is_of_one_host),
		TEST(a_directory_is_written_in_each_form),
		TEST(a_directory_that_was_not_read_whole_says_so),
		TEST(a_directory_nobody_can_write_is_not_read),
		TEST(computers_of_a_record_are_asked),
	};

	return cmocka_run_group_tests_name("scan", tests, enter_folder, leave_folder);
}
