/* SPDX-License-Identifier: Apache-2.0 */
/* A domain read over LDAP from controllers that misbehave in every way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "scanner/discover/directory_reader.h"
#include "tests/scanner/ldap_play.h"

#define IN_TIME      "connected, then no answer in time"
#define CLOSED       "the domain controller closed the connection"
#define NO_LDAP      "an answer is not LDAP"
#define NO_BUFFER    "what follows the login is no SASL buffer"
#define ALTERED      "an answer was not encrypted, or was altered on the way"
#define NO_DIRECTORY "this LDAP server is not Active Directory"

/* FAULT@STEP, how far the login comes, what is said of it; NULL: nothing is wrong. */
static const struct cell {
	const char *pair;
	enum ldap_login login;
	const char *words;
} cells[] = {
	{ "", LDAP_ACCEPTED, NULL },
	{ "silence@accept", LDAP_NOT_TRIED, IN_TIME },
	{ "silence@bind2", LDAP_NO_VERDICT, IN_TIME },
	{ "silence@page2", LDAP_ACCEPTED, IN_TIME },
	{ "reset@bind1", LDAP_NOT_TRIED, CLOSED },
	{ "fin@bind2", LDAP_NO_VERDICT, CLOSED },
	{ "cut@entry", LDAP_ACCEPTED, CLOSED },
	{ "trickle@page1", LDAP_ACCEPTED, NULL },
	{ "noise@bind1", LDAP_NOT_TRIED, NO_LDAP },
	{ "noise@root", LDAP_ACCEPTED, NO_BUFFER },
	{ "garbage@objects", LDAP_ACCEPTED, NO_LDAP },
	{ "oversize@bind2", LDAP_NO_VERDICT, NO_LDAP },
	{ "bad_seal@page1", LDAP_ACCEPTED, ALTERED },
	{ "replayed@page1", LDAP_ACCEPTED, ALTERED },
	{ "unsealed@page1", LDAP_ACCEPTED, NO_BUFFER },
	{ "no_seal", LDAP_REFUSED_LOGIN, "strongAuthRequired" },
	{ "early_success", LDAP_NOT_TRIED, "the domain controller did not prove itself" },
	{ "endless_bind", LDAP_NO_VERDICT, "it is cut short" },
	{ "no_token", LDAP_NOT_TRIED, "it is cut short" },
	{ "strong_auth@bind2", LDAP_REFUSED_LOGIN, "strongAuthRequired" },
	{ "referral@page1", LDAP_ACCEPTED, "which is never followed" },
	{ "busy@bind2", LDAP_REFUSED_LOGIN, "the domain controller is busy" },
	{ "busy@page2", LDAP_ACCEPTED, "the domain controller is busy" },
	{ "busy_once@page1", LDAP_ACCEPTED, NULL },
	{ "strange_result@objects", LDAP_ACCEPTED, "LDAP result 4096" },
	{ "data_775", LDAP_REFUSED_LOGIN, "the account is locked out" },
	{ "data_534", LDAP_REFUSED_LOGIN, "not granted this type of logon" },
	{ "no_data", LDAP_REFUSED_LOGIN, "invalidCredentials" },
	{ "not_ad", LDAP_ACCEPTED, NO_DIRECTORY },
	{ "bare_root", LDAP_ACCEPTED, NO_DIRECTORY },
	{ "no_entry", LDAP_ACCEPTED, NO_DIRECTORY },
	{ "other_domain", LDAP_ACCEPTED, "serves \"elsewhere.example\"" },
	{ "size_limit", LDAP_ACCEPTED, "sizeLimitExceeded" },
	{ "time_limit@page2", LDAP_ACCEPTED, "timeLimitExceeded" },
	{ "no_paging", LDAP_ACCEPTED, "unavailableCriticalExtension" },
	{ "no_control@page1", LDAP_ACCEPTED, "does not say whether it is the last" },
	{ "bad_control@page2", LDAP_ACCEPTED, NO_LDAP },
	{ "cookie_refused", LDAP_ACCEPTED, "unwillingToPerform" },
	{ "long_page@page1", LDAP_ACCEPTED, "more answers than were asked for" },
	{ "empty_pages", LDAP_ACCEPTED, "sends empty pages without end" },
	{ "endless_pages", LDAP_ACCEPTED, "sends the same page again" },
	{ "big_entry", LDAP_ACCEPTED, NO_LDAP },
	{ "hostile", LDAP_ACCEPTED, NULL },
	{ "missing", LDAP_ACCEPTED, NULL },
	{ "references", LDAP_ACCEPTED, NULL },
	{ "many_values", LDAP_ACCEPTED, NULL },
};

enum {
	CELLS = sizeof cells / sizeof *cells,
	COMPUTERS = 60,
	ALL = COMPUTERS + CELLS,
};

/* What was handed on. */
struct seen {
	unsigned accepted, domains, sites, siblings, pages;
	size_t computers, unreadable;
	char netbios[16], sid[64];
};

static void on_accepted(enum auth_mechanism mechanism, void *arg)
{
	assert_int_equal(mechanism, AUTH_NTLM);
	((struct seen *)arg)->accepted++;
}

static void on_domain(const struct directory_domain *d, void *arg)
{
	struct seen *seen = arg;

	seen->domains++;
	assert_string_equal(d->dns_name, "corp.example");
	assert_string_equal(d->dn, "DC=corp,DC=example");
	snprintf(seen->netbios, sizeof seen->netbios, "%s", d->netbios_name);
	snprintf(seen->sid, sizeof seen->sid, "%s", d->sid);
}

static void on_sites(const struct directory_sites *s, void *arg)
{
	(void)s;
	((struct seen *)arg)->sites++;
}

static void on_sibling(const char *dns_name, void *arg)
{
	(void)dns_name;
	((struct seen *)arg)->siblings++;
}

static void on_computers(struct computer_batch *batch, void *arg)
{
	struct seen *seen = arg;

	seen->pages++;
	seen->computers += batch->count;
	seen->unreadable += batch->unreadable;
	for (size_t i = 0; i < batch->count; i++)
		assert_string_equal(batch->at[i].domain, "corp.example");
	computer_batch_free(batch);
}

static struct directory_request request_of(size_t controller,
					   const struct sockaddr_in *address,
					   struct directory_sites *sites,
					   struct seen *seen)
{
	bool waits = controller <= CELLS && cells[controller - 1].words &&
		     strcmp(cells[controller - 1].words, IN_TIME) == 0;
	uint64_t limit = waits ? 2000 : 60000;

	return (struct directory_request){
		.link = { .host = "127.16.0.1",
			  .address = (const struct sockaddr *)address,
			  .provider = play.provider,
			  .connect_ms = 60000,
			  .login_ms = limit,
			  .request_ms = limit,
			  .page_ms = 60000 },
		.domain = "CORP.example",
		.siblings = true,
		.sites = sites,
		.events = { .accepted = on_accepted,
			    .domain = on_domain,
			    .sites = on_sites,
			    .sibling = on_sibling,
			    .computers = on_computers,
			    .arg = seen },
	};
}

static bool read_one(size_t controller, struct seen *seen, enum ldap_login *login,
		     struct fault *fault)
{
	struct sockaddr_in address = play_address(controller);
	struct directory_sites *sites = calloc(1, sizeof *sites);
	struct directory_request request = request_of(controller, &address, sites, seen);
	bool good;

	assert_non_null(sites);
	good = directory_read(&request, login, fault);
	directory_sites_free(sites);
	free(sites);
	return good;
}

static void check_cell(size_t controller)
{
	const struct cell *cell = &cells[controller - 1];
	enum ldap_login login = LDAP_NO_VERDICT;
	struct fault fault = { 0 };
	struct seen seen = { 0 };
	bool good = read_one(controller, &seen, &login, &fault);

	if (good != !cell->words || login != cell->login ||
	    (cell->words && !strstr(fault.what, cell->words)))
		fail_msg("%s: login %d, %s: %s", cell->pair, (int)login, fault.step,
			 fault.what);
	assert_int_equal(seen.accepted, login == LDAP_ACCEPTED);
	assert_true(seen.computers + seen.unreadable <= ALL + 1000); /* a page */
	if (good)
		assert_true(seen.computers >= ALL && seen.pages >= 2);
}

static void test_every_fault_ends_as_it_must(void **state)
{
	(void)state;
	for (size_t i = 1; i <= CELLS; i++)
		check_cell(i);
}

static void test_a_good_controller_tells_its_domain(void **state)
{
	enum ldap_login login;
	struct fault fault = { 0 };
	struct seen seen = { 0 };

	(void)state;
	assert_true(read_one(1, &seen, &login, &fault));
	assert_int_equal(seen.computers, ALL);
	assert_int_equal(seen.domains, 1);
	assert_int_equal(seen.sites, 1);
	assert_int_equal(seen.siblings, 1);
	assert_string_equal(seen.netbios, "CORP");
	assert_string_equal(seen.sid, "S-1-5-21-1004336348-1177238915-682003330");
}

static void test_bases_and_filters_narrow_it(void **state)
{
	static const char *const bases[] = { "OU=Domain Controllers,DC=corp,DC=example",
					     "CN=Computers,DC=corp,DC=example" };
	static char long_filter[5000];
	const struct {
		const char *filter;
		size_t bases, computers;
		const char *words;
	} cases[] = {
		{ NULL, 2, CELLS, NULL },
		{ "sAMAccountName=d1$", 0, 1, NULL },
		{ "(sAMAccountName=d2$)", 1, 1, NULL },
		{ "(((", 0, 0, "the LDAP filter is not well-formed" },
		{ long_filter, 0, 0, "the LDAP filter is too long" },
	};
	struct sockaddr_in address = play_address(1);

	(void)state;
	memset(long_filter, 'a', sizeof long_filter - 1);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct directory_sites *sites = calloc(1, sizeof *sites);
		struct seen seen = { 0 };
		struct directory_request r = request_of(1, &address, sites, &seen);
		struct fault fault = { 0 };
		enum ldap_login login;

		r.bases = bases;
		r.base_count = cases[i].bases;
		r.filter = cases[i].filter;
		assert_int_equal(directory_read(&r, &login, &fault), !cases[i].words);
		assert_int_equal(seen.computers, cases[i].computers);
		if (cases[i].words)
			assert_string_equal(fault.what, cases[i].words);
		directory_sites_free(sites);
		free(sites);
	}
}

static void test_a_base_that_is_not_there(void **state)
{
	static const char *const bases[] = { "OU=Nowhere,DC=corp,DC=example" };
	struct sockaddr_in address = play_address(1);
	struct directory_sites *sites = calloc(1, sizeof *sites);
	struct seen seen = { 0 };
	struct directory_request r = request_of(1, &address, sites, &seen);
	struct fault fault = { 0 };
	enum ldap_login login;

	(void)state;
	r.bases = bases;
	r.base_count = 1;
	assert_false(directory_read(&r, &login, &fault));
	assert_non_null(strstr(fault.what, "noSuchObject"));
	directory_sites_free(sites);
	free(sites);
}

static void test_a_wrong_password_is_the_credentials(void **state)
{
	struct sockaddr_in address = play_address(1);
	struct seen seen = { 0 };
	struct directory_request r = request_of(1, &address, NULL, &seen);
	struct fault fault = { 0 };
	enum ldap_login login;

	(void)state;
	r.link.provider = play.stranger;
	assert_false(directory_read(&r, &login, &fault));
	assert_int_equal(login, LDAP_REFUSED_LOGIN);
	assert_int_equal(fault.kind, FAULT_LOGON_REFUSED);
	assert_int_equal(fault.code, 0x52e);
}

static void test_an_abandoned_reading_ends(void **state)
{
	struct sockaddr_in address = play_address(2); /* it says nothing */
	atomic_bool abandon = true;
	struct seen seen = { 0 };
	struct directory_request r = request_of(1, &address, NULL, &seen);
	struct fault fault = { 0 };
	enum ldap_login login;

	(void)state;
	r.link.abandon = &abandon;
	assert_false(directory_read(&r, &login, &fault));
	assert_int_equal(fault.reason, REASON_RUN_ENDED);
	assert_int_equal(login, LDAP_NOT_TRIED);
}

static void test_a_server_without_tls_is_not_trusted(void **state)
{
	struct sockaddr_in address = play_address(1);
	struct seen seen = { 0 };
	struct directory_request r = request_of(1, &address, NULL, &seen);
	struct fault fault = { 0 };
	enum ldap_login login;

	(void)state;
	r.link.tls = true;
	r.link.ca_file = ldap_link_system_ca();
	assert_false(directory_read(&r, &login, &fault));
	assert_int_equal(fault.reason, REASON_DIRECTORY_UNPROVEN);
	assert_string_equal(fault.step, "tls");
	assert_int_equal(login, LDAP_NOT_TRIED);
}

static void test_nobody_listens(void **state)
{
	struct sockaddr_in address = play_address(1);
	struct seen seen = { 0 };
	struct directory_request r = request_of(1, &address, NULL, &seen);
	struct fault fault = { 0 };
	enum ldap_login login;

	(void)state;
	address.sin_addr.s_addr = htonl(0x7f3f3f3f);
	address.sin_port = htons(1);
	assert_false(directory_read(&r, &login, &fault));
	assert_int_equal(fault.reason, REASON_DIRECTORY_UNREACHABLE);
	r.link.host = "no host\"";
	address = play_address(1);
	fault = (struct fault){ 0 };
	assert_false(directory_read(&r, &login, &fault));
	assert_int_equal(login, LDAP_NOT_TRIED);
}

static int begin(void **state)
{
	const char *pairs[CELLS];
	char directory[80];

	(void)state;
	for (size_t i = 0; i < CELLS; i++)
		pairs[i] = cells[i].pair;
	ldap_link_prepare_process();
	snprintf(directory, sizeof directory, "directory computers=%d page=50 forest=yes",
		 COMPUTERS);
	play_begin(pairs, CELLS, directory);
	return 0;
}

static int end(void **state)
{
	const char *seen = play_end();

	(void)state;
	return strstr(seen, "\"simple_binds\":0,") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_fault_ends_as_it_must),
		cmocka_unit_test(test_a_good_controller_tells_its_domain),
		cmocka_unit_test(test_bases_and_filters_narrow_it),
		cmocka_unit_test(test_a_base_that_is_not_there),
		cmocka_unit_test(test_a_wrong_password_is_the_credentials),
		cmocka_unit_test(test_an_abandoned_reading_ends),
		cmocka_unit_test(test_a_server_without_tls_is_not_trusted),
		cmocka_unit_test(test_nobody_listens),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
