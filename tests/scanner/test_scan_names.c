/* SPDX-License-Identifier: Apache-2.0 */
/* Sweeps of names and of services: a name server and hosts of our own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "rpc/auth/auth_gss.h"
#include "scanner/discover/discover.h"
#include "scanner/login/verdict.h"
#include "tests/scanner/command_play.h"
#include "tests/scanner/dns_play.h"
#include "tests/scanner/domain_play.h"

struct auth_provider *__wrap_auth_gss_new(const struct auth_gss_options *options,
					  struct fault *fault);
void __wrap_auth_gss_free(struct auth_provider *p);
const char *__wrap_auth_gss_identity(const struct auth_provider *p);
bool __wrap_auth_gss_has_ticket(const struct auth_provider *p);

struct auth_provider *__wrap_auth_gss_new(const struct auth_gss_options *options,
					  struct fault *fault)
{
	static struct auth_provider p;

	(void)options;
	(void)fault;
	p = provider;
	return &p;
}

void __wrap_auth_gss_free(struct auth_provider *p)
{
	(void)p;
}

const char *__wrap_auth_gss_identity(const struct auth_provider *p)
{
	(void)p;
	return "auditor@CORP.EXAMPLE";
}

bool __wrap_auth_gss_has_ticket(const struct auth_provider *p)
{
	(void)p;
	return true;
}

/* ---- a domain of two computers and one that is disabled ---- */

static struct {
	const struct fault *refused; /* the login; NULL: it is accepted */
	enum discover_end end;
	unsigned logins;
} directory;

enum discover_end __wrap_discover(const struct discover_options *o, char *why,
				  size_t why_size);

static void give_computer(const struct discover_options *o, const char *name,
			  bool in_scope)
{
	struct directory_computer c = { .domain = "corp.example",
					.dn = "CN=X,DC=corp,DC=example",
					.account = name,
					.dns_name = name,
					.sid = name,
					.os = "Windows Server 2022 Standard",
					.os_version = "10.0 (20348)",
					.account_control_known = true,
					.account_control = 0x1000 };

	o->events.computer(&c, in_scope, COMPUTER_DISABLED, o->events.arg);
}

/* A site, the domain with a link to nothing, and a computer below it. */
static enum discover_end give_policies(const struct discover_options *o)
{
	const struct policy_events *to = o->policies;
	struct directory_scope scope = {
		.domain = "corp.example",
		.dn = "DC=corp,DC=example",
		.type = SCOPE_DOMAIN,
		.gp_link = "[LDAP://CN={Gone},CN=Policies,CN=System,"
			   "DC=corp,DC=example;0]"
	};
	struct directory_scope site = { .domain = "corp.example",
					.dn = "CN=Paris,CN=Sites,CN=Configuration,"
					      "DC=corp,DC=example",
					.type = SCOPE_SITE };
	struct directory_gpo gpo = { .domain = "corp.example",
				     .dn = "CN={Denied},CN=Policies,CN=System,"
					   "DC=corp,DC=example",
				     .id = "{Denied}",
				     .error = "access denied" };
	struct directory_wmi_filter filter = {
		.domain = "corp.example", .id = "{Client}", .name = "Clients", .query = ""
	};
	struct directory_group group = { .sid = "S-1-5-21-1-2-3-2001",
					 .name = "CORP\\Filter",
					 .complete = true };
	struct directory_policies read = { .domain = "corp.example",
					   .controller = "dc1.corp.example",
					   .error = directory.end == DISCOVER_DONE
							    ? NULL
							    : "SYSVOL is closed",
					   .scopes_complete = true,
					   .gpos_complete = true,
					   .filters_complete = true,
					   .server_authenticated = true };

	if (directory.end == DISCOVER_FAILED || directory.end == DISCOVER_GUARDED)
		return directory.end;
	to->scope(&site, to->arg);
	to->scope(&scope, to->arg);
	to->gpo(&gpo, to->arg);
	to->wmi_filter(&filter, to->arg);
	to->group(&group, to->arg);
	to->policies(&read, to->arg);
	give_computer(o, "srv1.corp.example", true);
	return directory.end;
}

enum discover_end __wrap_discover(const struct discover_options *o, char *why,
				  size_t why_size)
{
	struct directory_counts counts = { .total = 3, .in_scope = 2 };
	struct directory_domain read = { .dns_name = "corp.example",
					 .netbios_name = "CORP",
					 .controller = "dc1.corp.example",
					 .read_at = "2026-01-02T03:04:05.678Z" };

	snprintf(why, why_size, "%s", directory.end == DISCOVER_DONE ? "" : "it is so");
	if (o->policies && !o->guard.ask)
		return give_policies(o);
	if (!o->guard.ask(o->guard.arg))
		return DISCOVER_GUARDED;
	directory.logins++;
	o->guard.tell(directory.refused ? LDAP_REFUSED_LOGIN : LDAP_ACCEPTED,
		      directory.refused, o->guard.arg);
	if (directory.refused)
		return DISCOVER_GUARDED;
	give_computer(o, "h6-1.play", true);
	o->events.page(o->events.arg);
	give_computer(o, "h6-2.play", false);
	give_computer(o, "h7-1.play", true);
	o->events.page(o->events.arg);
	counts.left_out[COMPUTER_DISABLED] = 1;
	o->events.domain(&read, &counts, o->events.arg);
	return directory.end;
}

static const struct dns_service services[] = {
	{ "_good._tcp", "h6-1.play h6-2.play 10.0.0.1", 389 },
	{ "_crowd._tcp", "h5-1.play h5-2.play h5-3.play h5-4.play h5-5.play", 389 },
	{ NULL, NULL, 0 },
};

static int set_up(void **state)
{
	memset(&directory, 0, sizeof directory);
	dns_begin(services);
	return begin_domain(state);
}

static int tear_down(void **state)
{
	dns_end();
	unlink("journal");
	unlink("list");
	return end_domain(state);
}

/* "scan WORDS" with our ticket, at our ports. */
static int scanned(const char *words)
{
	char line[900];

	snprintf(line, sizeof line, "scan -k -o csv --dns %s -p %u %s", dns.server,
		 domain.port, words);
	return command(line);
}

static unsigned count_told(const char *words)
{
	unsigned n = 0;

	for (const char *at = told[0]; (at = strstr(at, words)); at++)
		n++;
	return n;
}

static void assert_in_journal(const char *words)
{
	static char journal[1 << 15];
	FILE *in = fopen("journal", "r");

	assert_non_null(in);
	journal[fread(journal, 1, sizeof journal - 1, in)] = '\0';
	fclose(in);
	if (!strstr(journal, words))
		fail_msg("\"%s\" is not in: %s", words, journal);
}

static void each_host_of_a_service_is_asked_once(void **state)
{
	(void)state;
	scanned("-v --journal journal _good._tcp.play h6-2.play");
	assert_int_equal(domain.connected[ANSWERS], 2);
	assert_told(0, "\"h6-1.play\"");
	assert_told(0, "\"h6-2.play\"");
	assert_told(1, "1 of its SRV records is not asked");
	assert_in_journal("\"service\":\"_good._tcp.play\"");
	assert_in_journal(",\"hosts\":2}");
}

/* What stands behind a service in a list holds for its hosts. */
static void attributes_of_a_service_go_to_its_hosts(void **state)
{
	(void)state;
	write_file("list", "_good._tcp.play tag=blue role=client\n");
	scanned("-iL list --exclude h6-2.play");
	assert_int_equal(domain.connected[ANSWERS], 1);
	assert_told(0, "\"blue\"");
}

static void a_service_that_nobody_offers_is_a_record(void **state)
{
	(void)state;
	assert_int_equal(scanned("_none._tcp.play"), EXIT_INCOMPLETE);
	assert_told(0, "\"_none._tcp.play\"");
	assert_told(0, "\"unresolvable\"");
	assert_int_equal(scanned("--retries 1 nobody.play"), EXIT_INCOMPLETE);
	assert_told(0, "\"unresolvable\"");
	assert_int_equal(count_told("\"nobody.play\""), 1);
}

static void a_service_is_not_waited_for_for_ever(void **state)
{
	(void)state;
	assert_int_equal(scanned("--host-timeout 200ms --retries 0 _silent._tcp.play"),
			 EXIT_INCOMPLETE);
	assert_told(0, "no name server answered in time");
	assert_int_equal(scanned("--max-runtime 200ms _silent._tcp.play"),
			 EXIT_INCOMPLETE);
	assert_told(0, "\"not_asked\"");
}

static void a_list_expands_its_services(void **state)
{
	(void)state;
	assert_int_equal(scanned("-sL _good._tcp.play _none._tcp.play"), EXIT_INCOMPLETE);
	assert_told(0, "h6-1.play");
	assert_told(0, "h6-2.play");
	assert_told(1, "_none._tcp.play");
	assert_int_equal(domain.connected[ANSWERS], 0);
}

/* A name is known to be in a subnet only once it is resolved. */
static void names_wait_for_a_place_in_their_subnet(void **state)
{
	(void)state;
	scanned("--per-subnet 2 _crowd._tcp.play h6-1.play 127.1.5.9");
	assert_int_equal(domain.connected[SLOW], 6);
	assert_int_equal(domain.connected[ANSWERS], 1);
	assert_int_equal(count_told(",\"access_denied\","), 6);
}

/* An exclusion of addresses holds for names, too. */
static void a_name_of_an_excluded_address_is_not_contacted(void **state)
{
	(void)state;
	assert_int_equal(scanned("--exclude 127.1.6.0/24 h6-1.play h7-1.play"),
			 EXIT_INCOMPLETE_VIOLATIONS);
	assert_int_equal(domain.connected[ANSWERS], 0);
	assert_int_equal(domain.connected[OPEN_TO_ALL], 1);
}

static void computers_of_a_domain_are_asked(void **state)
{
	(void)state;
	assert_int_equal(scanned("--domain corp.example --journal journal 127.1.7.9"),
			 EXIT_VIOLATIONS);
	assert_int_equal(directory.logins, 1);
	assert_int_equal(domain.connected[ANSWERS], 1);
	assert_int_equal(domain.connected[OPEN_TO_ALL], 2);
	assert_told(0, "\"h6-1.play\"");
	assert_told(1, "corp.example");
	assert_told(1, "1 disabled");
	assert_in_journal("\"dns_name\":\"corp.example\"");
	assert_in_journal("\"os\":\"Windows Server 2022 Standard\"");
}

static void a_domain_that_was_not_read_whole_is_incomplete(void **state)
{
	(void)state;
	directory.end = DISCOVER_INCOMPLETE;
	scanned("--domain corp.example");
	assert_told(1, "lsasweep: it is so");
	assert_int_equal(scanned("-sL --domain corp.example"), EXIT_INCOMPLETE);
	assert_told(0, "h6-1.play");
	assert_told(0, "h7-1.play");
	assert_int_equal(domain.connected[ANSWERS], 1);
}

static void a_password_that_the_directory_refuses_goes_to_no_host(void **state)
{
	struct fault refused = { 0 };

	(void)state;
	fault_set(&refused, "authenticate", REASON_KDC_REFUSED_PASSWORD, CODE_GSS,
		  verdict_krb5_code(24));
	directory.refused = &refused;
	assert_int_equal(scanned("--domain corp.example"), EXIT_GUARDED);
	assert_int_equal(directory.logins, 1);
	assert_int_equal(domain.logons, 0);
	assert_int_equal(scanned("-sL --domain corp.example"), EXIT_GUARDED);
}

/* ---- which Group Policy, from the directory itself ---- */

static void policies_are_read_from_the_directory(void **state)
{
	(void)state;
	assert_int_equal(command("policy -k --domain corp.example srv1.corp.example"),
			 EXIT_COMPLIANT);
	assert_told(0, "srv1.corp.example\n");
	assert_told(0, "orphaned_link");
	assert_int_equal(command("policy -k --domain corp.example nobody"),
			 EXIT_INCOMPLETE);
	directory.end = DISCOVER_INCOMPLETE;
	assert_int_equal(command("policy -k --domain corp.example srv1.corp.example"),
			 EXIT_INCOMPLETE);
	assert_told(1, "corp.example: Group Policy was not read to its end: SYSVOL is "
		       "closed");
	directory.end = DISCOVER_GUARDED;
	assert_int_equal(command("policy -k --domain corp.example srv1"), EXIT_GUARDED);
	assert_told(1, "it is so");
	assert_int_equal(domain.connected[ANSWERS], 0);
}

/* What is recorded answers as the directory does, and goes on into a sweep's journal. */
static void a_record_holds_its_policies(void **state)
{
	static const char *const kinds[] = { "scope", "gpo", "wmi_filter", "group",
					     "policies" };
	char words[40];

	(void)state;
	assert_int_equal(command("discover -k --domain corp.example -o directory=record"),
			 EXIT_COMPLIANT);
	assert_int_equal(command("policy --directory record srv1.corp.example"),
			 EXIT_COMPLIANT);
	assert_told(0, "orphaned_link");
	assert_int_equal(scanned("--directory record --journal journal 127.1.7.1"),
			 EXIT_VIOLATIONS);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		snprintf(words, sizeof words, "\"kind\":\"%s\"", kinds[i]);
		assert_in_journal(words);
	}
	directory.end = DISCOVER_INCOMPLETE;
	assert_int_equal(command("discover -k --domain corp.example -o directory=record"),
			 EXIT_INCOMPLETE);
	assert_told(1, "Group Policy was not read to its end: SYSVOL is closed");
	unlink("record");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_host_of_a_service_is_asked_once),
		TEST(attributes_of_a_service_go_to_its_hosts),
		TEST(a_service_that_nobody_offers_is_a_record),
		TEST(a_service_is_not_waited_for_for_ever),
		TEST(a_list_expands_its_services),
		TEST(names_wait_for_a_place_in_their_subnet),
		TEST(policies_are_read_from_the_directory),
		TEST(a_record_holds_its_policies),
		TEST(computers_of_a_domain_are_asked),
		TEST(a_domain_that_was_not_read_whole_is_incomplete),
		TEST(a_password_that_the_directory_refuses_goes_to_no_host),
		TEST(a_name_of_an_excluded_address_is_not_contacted),
	};

	return cmocka_run_group_tests_name("scan_names", tests, enter_folder,
					   leave_folder);
}
