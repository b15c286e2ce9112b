/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "report/baseline/baseline.h"
#include "report/baseline/baseline_internal.h"
#include "report/text/json_place.h"

/* ---- files that are refused ---- */

#define HEAD                               \
	"{\"schema\":\"lsasweep.baseline/" \
	"1\",\"name\":\"n\",\"version\":\"1\",\"source\":\"s\",\n"
#define RULE(text)   HEAD "\"rights\":{\"SeTcbPrivilege\":{\n\"client\":" text "}}}"
#define WAIVER(text) HEAD "\"rights\":{},\n\"waivers\":[" text "]}"
#define RULE_AT      "f.json:3: rights.SeTcbPrivilege.client"

static const struct {
	const char *text, *why;
} malformed[] = {
	{ "", "f.json:1: found \"\", expected JSON" },
	{ "{\n\"a\": nonsense}", "f.json:2: found \"nonsense}\", expected JSON" },
	{ "{} x", "f.json:1: found \"x\", expected nothing behind the object" },
	{ "[]", "f.json:1: found an array, expected an object" },
	{ "{}", "f.json:1: found no key \"schema\", expected it" },
	{ "{\"schema\":\"lsasweep.baseline/2\"}",
	  "f.json:1: schema: found \"lsasweep.baseline/2\", expected "
	  "\"lsasweep.baseline/1\"" },
	{ HEAD "\"rights\":{},\n\"right\":{}}",
	  "f.json:3: right: found a key that means nothing here, expected one of: "
	  "schema, name, version, source, description, extend, rights, waivers" },
	{ HEAD "\"rights\":{},\n\"rights\":{}}",
	  "f.json:3: rights: found the key twice, expected it once" },
	{ HEAD "\"description\":\"\",\"rights\":{}}",
	  "f.json:2: description: found \"\", expected a text" },
	{ HEAD "\"rights\":[]}", "f.json:2: rights: found an array, expected an object" },
	{ HEAD "\"rights\":{\n\"SeNonsense\":{}}}",
	  "f.json:3: rights.SeNonsense: found a right that no Windows has, expected one "
	  "as `lsasweep explain` lists them" },
	{ HEAD "\"rights\":{\"SeTcbPrivilege\":{},\n\"setcbprivilege\":{}}}",
	  "f.json:3: rights.setcbprivilege: found the right twice, expected it once" },
	{ HEAD "\"rights\":{\"SeTcbPrivilege\":{\"server\":{}}}}",
	  "f.json:2: rights.SeTcbPrivilege.server: found a key that means nothing here, "
	  "expected one of: domain_controller, member_server, standalone_server, "
	  "client" },
	{ RULE("{}"), RULE_AT ": found no key \"match\", expected it" },
	{ RULE("[1]"), RULE_AT ": found an array, expected an object" },
	{ RULE("{\"match\":\"equal\"}"), RULE_AT
	  ".match: found \"equal\", expected exactly, at_most, at_least or none" },
	{ RULE("{\"match\":null}"),
	  RULE_AT ".match: found null, expected exactly, at_most, at_least or none" },
	{ RULE("{\"match\":\"none\",\"principals\":[\"S-1-1-0\"]}"),
	  RULE_AT ": found principals beside \"none\", expected none" },
	{ RULE("{\"match\":\"exactly\",\"principals\":[]}"),
	  RULE_AT ": found no principals, expected some (\"match\": \"none\" says that "
		  "nobody may hold it)" },
	{ RULE("{\"match\":\"exactly\",\"principal\":[]}"),
	  RULE_AT ".principal: found a key that means nothing here, expected one of: "
		  "match, principals, domain_joined, any_of, allow, rule, reason, "
		  "generations" },
	{ RULE("{\"match\":\"exactly\",\n\"principals\":\"S-1-1-0\"}"),
	  "f.json:4: rights.SeTcbPrivilege.client.principals: found \"S-1-1-0\", "
	  "expected "
	  "an array" },
	{ RULE("{\"match\":\"exactly\",\"principals\":[\n\"S-1-1-0\",\n\"Bob\"]}"),
	  "f.json:5: rights.SeTcbPrivilege.client.principals[1]: found \"Bob\", expected "
	  "a "
	  "SID, a pattern of SIDs (S-1-5-82-*), DOMAIN-RID (DOMAIN-512), MACHINE-RID "
	  "(MACHINE-501) or DOMAIN\\name" },
	{ RULE("{\"match\":\"exactly\",\"principals\":[7]}"),
	  RULE_AT ".principals[0]: found 7, expected a SID, a pattern of SIDs "
		  "(S-1-5-82-*), DOMAIN-RID (DOMAIN-512), MACHINE-RID (MACHINE-501) or "
		  "DOMAIN\\name" },
	{ RULE("{\"match\":\"exactly\",\"any_of\":[[\"S-1-5-113\"]]}"), RULE_AT
	  ".any_of[0]: found 1 principals, expected at least two to choose from" },
	{ RULE("{\"match\":\"none\",\"allow\":[{}]}"),
	  RULE_AT ".allow[0]: found no key \"principal\", expected it" },
	{ RULE("{\"match\":\"none\",\"allow\":[{\"principal\":\"S-1-1-0\",\"when\":{}}]"
	       "}"),
	  RULE_AT ".allow[0].when: found no condition, expected one" },
	{ RULE("{\"match\":\"none\",\"allow\":[{\"principal\":\"S-1-1-0\",\"when\":{"
	       "\"min_build\":1.5}}]}"),
	  RULE_AT ".allow[0].when.min_build: found 1.5, expected a build number such as "
		  "20348" },
	{ RULE("{\"match\":\"none\",\"allow\":[{\"principal\":\"S-1-1-0\",\"when\":{"
	       "\"role\":\"server\"}}]}"),
	  RULE_AT ".allow[0].when.role: found \"server\", expected domain_controller, "
		  "member_server, standalone_server or client" },
	{ RULE("{\"match\":\"none\",\"allow\":[{\"principal\":\"S-1-1-0\",\"when\":{"
	       "\"product\":\"apache\"}}]}"),
	  RULE_AT ".allow[0].when.product: found \"apache\", expected one of: iis "
		  "sql_server exchange adfs hyper_v wsus entra_connect sharepoint "
		  "config_manager operations_manager protected_print containers "
		  "certificate_services remote_desktop application_guard" },
	{ RULE("{\"match\":\"none\",\"generations\":{\"2022\":7}}"),
	  RULE_AT ".generations.2022: found 7, expected an object" },
	{ RULE("{\"match\":\"none\",\"generations\":{\"ws2022\":{\"match\":\"none\"}}}"),
	  RULE_AT
	  ".generations.ws2022: found no build number, expected one such as 20348" },
	{ RULE("{\"match\":\"none\",\"generations\":{\"1\":{\"match\":\"none\"},"
	       "\"01\":{\"match\":\"none\"}}}"),
	  RULE_AT ".generations.01: found the build twice, expected it once" },
	{ RULE("{\"match\":\"none\",\"generations\":{\"1\":{\"match\":\"none\","
	       "\"generations\":{}}}}"),
	  RULE_AT
	  ".generations.1.generations: found a key that means nothing here, "
	  "expected one of: match, principals, domain_joined, any_of, allow, rule, "
	  "reason" },
	{ RULE("{\"generations\":{}}"), RULE_AT ": found no generation, expected one" },
	{ WAIVER("{}"), "f.json:3: waivers[0]: found no key \"host\", expected it" },
	{ WAIVER("{\"host\":\"*\",\"right\":\"SeFoo*\"}"),
	  "f.json:3: waivers[0].right: found \"SeFoo*\", expected a right or a pattern "
	  "that "
	  "some right has" },
	{ WAIVER("{\"host\":\"*\",\"right\":\"*\",\"principal\":\"S-1-1-0\",\"reason\":"
		 "\"r\",\"expires\":\"2026-02-30\"}"),
	  "f.json:3: waivers[0].expires: found \"2026-02-30\", expected the last day it "
	  "counts, such as 2026-12-31" },
	{ WAIVER("{\"host\":\"*\",\"right\":\"*\",\"principal\":\"S-1-1-0\",\"reason\":"
		 "\"r\"}"),
	  "f.json:3: waivers[0]: found no key \"expires\", expected it" },
	{ WAIVER("{\"host\":7}"), "f.json:3: waivers[0].host: found 7, expected a text" },
};

static void a_malformed_file_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		char why[700] = "";
		struct baseline *b = baseline_parse("f.json", malformed[i].text,
						    strlen(malformed[i].text), why,
						    sizeof(why));

		assert_null(b);
		assert_string_equal(why, malformed[i].why);
	}
}

/* ---- files that are taken ---- */

static const char whole[] = HEAD
	"\"description\":\"d\",\"rights\":{\"seimpersonateprivilege\":{"
	"\"member_server\":{\"match\":\"exactly\",\"rule\":\"2.2.33\",\"reason\":\"why\","
	"\"principals\":[\"S-1-5-6\",\"BUILTIN\\\\Administrators\"],"
	"\"domain_joined\":[\"DOMAIN-512\"],"
	"\"any_of\":[[\"S-1-5-113\",\"S-1-5-114\"]],"
	"\"allow\":[{\"principal\":\"S-1-5-82-*\",\"reason\":\"pools\",\"when\":{"
	"\"tag\":\"web\",\"role\":\"member_server\",\"min_build\":17763,"
	"\"max_build\":20348,\"product\":\"iis\"}}],"
	"\"generations\":{\"26100\":{\"match\":\"at_most\",\"principals\":[\"S-1-5-6\"]},"
	"\"20348\":{\"match\":\"none\"}}},"
	"\"client\":{\"generations\":{\"22000\":{\"match\":\"none\"}}}}},"
	"\"waivers\":[{\"host\":\"legacy-*\",\"right\":\"SeImp*\",\"principal\":"
	"\"CORP\\\\svc\",\"reason\":\"CHG-1\",\"owner\":\"ops\",\"expires\":"
	"\"2028-02-29\"}]}";

static struct baseline *load_whole(void)
{
	char why[500] = "";
	struct baseline *b = baseline_parse("f.json", whole, sizeof(whole) - 1, why,
					    sizeof(why));

	if (!b)
		fail_msg("%s", why);
	return b;
}

static void all_of_a_rule_is_read(void **state)
{
	struct baseline *b = load_whole();
	const struct baseline_rule *r = baseline_rule(b, "SeImpersonatePrivilege",
						      ROLE_MEMBER_SERVER, 0);

	(void)state;
	assert_string_equal(b->description, "d");
	assert_string_equal(b->path, "f.json");
	assert_string_equal(b->rights[0].right->name, "SeImpersonatePrivilege");
	assert_int_equal(r->match, MATCH_EXACTLY);
	assert_string_equal(r->rule, "2.2.33");
	assert_string_equal(r->reason, "why");
	assert_int_equal(r->principal_count, 2);
	assert_string_equal(r->principals[1].sid, "S-1-5-32-544");
	assert_string_equal(r->principals[1].text, "BUILTIN\\Administrators");
	assert_int_equal(r->domain_joined[0].form, REFERENCE_DOMAIN_RID);
	assert_int_equal(r->domain_joined[0].rid, 512);
	assert_int_equal(r->any_of[0].count, 2);
	assert_string_equal(r->any_of[0].members[1].sid, "S-1-5-114");
	assert_int_equal(r->allow[0].principal.form, REFERENCE_PATTERN);
	assert_string_equal(r->allow[0].when.tag, "web");
	assert_int_equal(r->allow[0].when.roles, 1 << ROLE_MEMBER_SERVER);
	assert_int_equal(r->allow[0].when.min_build, 17763);
	assert_int_equal(r->allow[0].when.max_build, 20348);
	assert_int_equal(r->allow[0].when.product, PRODUCT_IIS);
	assert_string_equal(b->waivers[0].owner, "ops");
	assert_int_equal(b->waivers[0].line, 2);
	baseline_free(b);
}

static void generations_are_chosen_by_build(void **state)
{
	struct baseline *b = load_whole();
	const char *right = "SEIMPERSONATEPRIVILEGE";

	(void)state;
	assert_int_equal(baseline_rule(b, right, ROLE_MEMBER_SERVER, 20347)->match,
			 MATCH_EXACTLY);
	assert_int_equal(baseline_rule(b, right, ROLE_MEMBER_SERVER, 20348)->match,
			 MATCH_NONE);
	assert_int_equal(baseline_rule(b, right, ROLE_MEMBER_SERVER, 26099)->match,
			 MATCH_NONE);
	assert_int_equal(baseline_rule(b, right, ROLE_MEMBER_SERVER, 99999)->match,
			 MATCH_AT_MOST);
	assert_null(baseline_rule(b, right, ROLE_CLIENT, 19045));
	assert_int_equal(baseline_rule(b, right, ROLE_CLIENT, 22631)->match, MATCH_NONE);
	assert_null(baseline_rule(b, right, ROLE_DOMAIN_CONTROLLER, 20348));
	assert_null(baseline_rule(b, right, ROLE_UNKNOWN, 20348));
	assert_null(baseline_rule(b, "SeTcbPrivilege", ROLE_CLIENT, 22631));
	baseline_free(b);
}

/* ---- who is meant ---- */

#define DOMAIN  "S-1-5-21-1-2-3"
#define MACHINE "S-1-5-21-7-8-9"

static void principals_are_who_they_are_on_that_host(void **state)
{
	static const struct facts member = { .role = ROLE_MEMBER_SERVER,
					     .domain_sid = DOMAIN,
					     .machine_sid = MACHINE };
	static const struct facts controller = { .role = ROLE_DOMAIN_CONTROLLER,
						 .domain_sid = DOMAIN,
						 .machine_sid = DOMAIN };
	static const struct facts template = { .role = ROLE_UNKNOWN };
	static const struct {
		const char *text;
		const struct facts *facts;
		struct holder holder;
		bool meant;
	} cases[] = {
		{ "S-1-5-32-544",
		  &member,
		  { "S-1-5-32-544", "VORDEFINIERT\\Admins", 0 },
		  true },
		{ "S-1-5-32-544",
		  &member,
		  { "S-1-5-32-545", "BUILTIN\\Administrators", 0 },
		  false },
		{ "BUILTIN\\Users", &member, { "S-1-5-32-545", "Benutzer", 0 }, true },
		{ "S-1-5-82-*", &member, { "S-1-5-82-1-2-3-4-5", NULL, 0 }, true },
		{ "S-1-5-82-*", &member, { "S-1-5-80-1-2-3-4-5", NULL, 0 }, false },
		{ "DOMAIN-512",
		  &member,
		  { DOMAIN "-512", "CORP\\Domänen-Admins", 0 },
		  true },
		{ "DOMAIN-512",
		  &member,
		  { MACHINE "-512", "CORP\\Domain Admins", 0 },
		  false },
		{ "DOMAIN-512", &member, { DOMAIN "-1512", NULL, 0 }, false },
		{ "DOMAIN-512", &template, { "S-1-5-21-4-5-6-512", NULL, 0 }, true },
		{ "DOMAIN-519", &member, { "S-1-5-21-4-5-6-519", "ROOT\\EA", 0 }, true },
		{ "DOMAIN-519", &member, { MACHINE "-519", NULL, 0 }, false },
		{ "MACHINE-501", &member, { MACHINE "-501", "SRV\\Gast", 0 }, true },
		{ "MACHINE-501", &member, { DOMAIN "-501", "CORP\\Guest", 0 }, false },
		{ "MACHINE-501", &controller, { DOMAIN "-501", NULL, 0 }, true },
		{ "MACHINE-501", &template, { "S-1-5-21-4-5-6-501", NULL, 0 }, true },
		{ "CORP\\svc-*", &member, { DOMAIN "-1105", "corp\\SVC-web", 0 }, true },
		{ "CORP\\svc-*",
		  &member,
		  { DOMAIN "-1105", "OTHER\\svc-web", 0 },
		  false },
		{ "CORP\\svc", &member, { DOMAIN "-1105", NULL, 0 }, false },
		{ "NT SERVICE\\W3SVC",
		  &member,
		  { "S-1-5-80-989796750-4090848350-2040919084-978865222-2182970707", NULL,
		    0 },
		  true },
		{ "NT SERVICE\\MSSQL$*",
		  &member,
		  { "S-1-5-80-1-2-3-4-5", "NT SERVICE\\MSSQL$PROD", 0 },
		  true },
		{ "NT SERVICE\\MSSQL$*",
		  &member,
		  { MACHINE "-1001", "NT SERVICE\\MSSQL$PROD", 0 },
		  false },
		{ "MACHINE\\svc", &member, { MACHINE "-1001", "SRV1\\svc", 0 }, true },
		{ "MACHINE\\svc", &member, { DOMAIN "-1001", "CORP\\svc", 0 }, false },
		{ "S-1-5-32-544",
		  &template,
		  { "BUILTIN\\Administrators", NULL, 0 },
		  true },
		{ "CORP\\bob", &template, { "CORP\\bob", NULL, 0 }, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reference r;

		assert_true(reference_parse(cases[i].text, &r));
		if (reference_means(&r, &cases[i].holder, cases[i].facts) !=
		    cases[i].meant)
			fail_msg("%s for %s", cases[i].text, cases[i].holder.sid);
	}
}

static void what_is_no_principal_is_refused(void **state)
{
	static const char *const texts[] = {
		"",        "Bob",      "S-1-5-",     "S-2-5-1",
		"DOMAIN-", "DOMAIN-0", "DOMAIN-12x", "MACHINE-9999999999",
		"a\\b\\c", "\\b",      "a\\",        "S-1-5-*-x",
		"*",
	};
	struct reference r;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(reference_parse(texts[i], &r));
}

/* ---- what ships ---- */

static void shipped_baselines_rule_the_right_that_matters_most(void **state)
{
	static const struct {
		const char *name;
		size_t rights;
		const char *rule; /* for SeImpersonate on a member server, build 20348 */
	} shipped[] = { { "windows-default", 45, NULL },
			{ "microsoft", 39, NULL },
			{ "cis", 41, "2.2.33" },
			{ "stig", 32, "WN22-UR-000130 (V-254503)" } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char why[500] = "";
		struct baseline *b = baseline_load(shipped[i].name, why, sizeof(why));
		const struct baseline_rule *r;

		assert_string_equal(baseline_shipped(i), shipped[i].name);
		if (!b)
			fail_msg("%s", why);
		assert_string_equal(b->name, shipped[i].name);
		assert_int_equal(b->right_count, shipped[i].rights);
		r = baseline_rule(b, "SeImpersonatePrivilege", ROLE_MEMBER_SERVER, 20348);
		assert_int_equal(r->principal_count, 4);
		if (shipped[i].rule)
			assert_string_equal(r->rule, shipped[i].rule);
		baseline_free(b);
	}
	assert_null(baseline_shipped(4));
}

/* The catalogue and the baseline say the same of an untouched Windows. */
static void windows_default_is_the_stock_list(void **state)
{
	char why[500];
	struct baseline *b = baseline_load("windows-default", why, sizeof(why));

	(void)state;
	for (size_t i = 0; i < rights_count(); i++) {
		for (int role = 0; role < ROLE_UNKNOWN; role++) {
			const uint32_t builds[] = { 14393, 17763, 26100 };

			for (size_t k = 0; k < 3; k++) {
				const char *stock = rights_stock(
					rights_at(i), (enum role)role, builds[k]);
				const struct baseline_rule *r = baseline_rule(
					b, rights_at(i)->name, (enum role)role,
					builds[k]);
				size_t all = *stock != '\0', may = 0;

				for (const char *c = stock; *c; c++) {
					all += *c == ' ';
					may += *c == '?';
				}
				assert_int_equal(r->principal_count, all - may);
				assert_int_equal(r->allow_count, may);
				for (size_t p = 0; p < r->principal_count; p++)
					assert_non_null(
						strstr(stock, r->principals[p].text));
			}
		}
	}
	baseline_free(b);
}

/* ---- a baseline that extends a shipped one ---- */

#define EXTENDING(name, rights)                                                    \
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"ours\",\"version\":\"1\"," \
	"\"source\":\"s\",\"rights\":{" rights "},\"extend\":\"" name "\"}"

static struct baseline *parsed(const char *text)
{
	char why[500] = "";
	struct baseline *b = baseline_parse("f.json", text, strlen(text), why,
					    sizeof(why));

	assert_string_equal(why, "");
	assert_non_null(b);
	return b;
}

static void what_an_extension_does_not_name_is_inherited(void **state)
{
	struct baseline *cis = baseline_load("cis", (char[200]){ "" }, 200);
	struct baseline *b = parsed(
		EXTENDING("cis", "\"SeTcbPrivilege\":{\"client\":{\"match\":\"at_most\","
				 "\"principals\":[\"S-1-5-18\"]}}"));
	const struct baseline_rule *own = baseline_rule(b, "SeTcbPrivilege", ROLE_CLIENT,
							20348);

	(void)state;
	assert_string_equal(b->name, "ours");
	assert_int_equal(b->right_count, cis->right_count);
	assert_int_equal(own->match, MATCH_AT_MOST);
	assert_int_equal(baseline_rule(cis, "SeTcbPrivilege", ROLE_CLIENT, 20348)->match,
			 MATCH_NONE);
	assert_string_equal(
		baseline_rule(b, "SeTcbPrivilege", ROLE_MEMBER_SERVER, 20348)->rule,
		baseline_rule(cis, "SeTcbPrivilege", ROLE_MEMBER_SERVER, 20348)->rule);
	assert_string_equal(
		baseline_rule(b, "SeBackupPrivilege", ROLE_CLIENT, 20348)->rule,
		baseline_rule(cis, "SeBackupPrivilege", ROLE_CLIENT, 20348)->rule);
	baseline_free(b);
	baseline_free(cis);
}

static void an_allow_alone_adds_to_every_generation(void **state)
{
	struct baseline *cis = baseline_load("cis", (char[200]){ "" }, 200);
	struct baseline *b = parsed(EXTENDING(
		"cis", "\"SeImpersonatePrivilege\":{\"member_server\":{\"allow\":["
		       "{\"principal\":\"CORP\\\\svc\"}]}}"));
	const struct baseline_rule *was = baseline_rules(cis, "SeImpersonatePrivilege",
							 ROLE_MEMBER_SERVER);
	const struct baseline_rule *is = baseline_rules(b, "SeImpersonatePrivilege",
							ROLE_MEMBER_SERVER);
	size_t generations = 0;

	(void)state;
	for (; was && is; was = was->next, is = is->next, generations++) {
		assert_int_equal(is->min_build, was->min_build);
		assert_int_equal(is->match, was->match);
		assert_int_equal(is->principal_count, was->principal_count);
		assert_int_equal(is->allow_count, was->allow_count + 1);
		assert_string_equal(is->allow[was->allow_count].principal.text,
				    "CORP\\svc");
		assert_false(is->adds);
	}
	assert_null(was);
	assert_null(is);
	assert_true(generations >= 2);
	baseline_free(b);
	baseline_free(cis);
}

static void a_wrong_extension_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ EXTENDING("ciss", ""),
		  "f.json:1: extend: found \"ciss\", expected a shipped baseline: "
		  "windows-default, microsoft, cis, stig" },
		{ EXTENDING("microsoft", "\"SeServiceLogonRight\":{\"client\":{"
					 "\"allow\":[]}}"),
		  "f.json: rights.SeServiceLogonRight.client: found an \"allow\" alone, "
		  "expected a whole rule: microsoft has none to add to" },
		{ EXTENDING("cis", "\"SeTcbPrivilege\":{\"client\":{\"rule\":\"1\"}}"),
		  "f.json:1: rights.SeTcbPrivilege.client: found no key \"match\", "
		  "expected it" },
	};
	char why[500];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(baseline_parse("f.json", wrong[i].text, strlen(wrong[i].text),
					   why, sizeof(why)));
		assert_string_equal(why, wrong[i].why);
	}
}

/* ---- files of waivers ---- */

#define ONE_WAIVER                                                                  \
	"{\"host\":\"*\",\"right\":\"all\",\"principal\":\"IIS_IUSRS\",\"reason\":" \
	"\"web\",\n\"expires\":\"2027-01-31\"}"

static void waivers_of_files_come_behind_those_of_the_baseline(void **state)
{
	struct baseline *b = parsed(WAIVER(ONE_WAIVER));
	const char *more = "{\"schema\":\"lsasweep.waivers/1\",\n\"waivers\":[" ONE_WAIVER
			   "," ONE_WAIVER "]}";
	const char *none = "{\"schema\":\"lsasweep.waivers/1\",\"waivers\":[]}";
	char why[500];

	(void)state;
	assert_int_equal(b->waiver_count, 1);
	assert_true(baseline_parse_waivers(b, "w.json", more, strlen(more), why,
					   sizeof(why)));
	assert_int_equal(b->waiver_count, 3);
	assert_string_equal(b->waivers[0].path, "f.json");
	assert_string_equal(b->waivers[2].path, "w.json");
	assert_int_equal(b->waivers[2].line, 3);
	assert_string_equal(b->waivers[2].principal.sid, "S-1-5-32-568");
	assert_true(baseline_parse_waivers(b, "none.json", none, strlen(none), why,
					   sizeof(why)));
	assert_int_equal(b->waiver_count, 3);
	baseline_free(b);
}

static void a_malformed_file_of_waivers_changes_nothing(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "[]", "w.json:1: found an array, expected an object" },
		{ "{\"schema\":\"lsasweep.baseline/1\"}",
		  "w.json:1: schema: found \"lsasweep.baseline/1\", expected "
		  "\"lsasweep.waivers/1\"" },
		{ "{\"schema\":\"lsasweep.waivers/1\"}",
		  "w.json:1: found no key \"waivers\", expected it" },
		{ "{\"schema\":\"lsasweep.waivers/1\",\"waivers\":[" ONE_WAIVER ",\n{}]}",
		  "w.json:3: waivers[1]: found no key \"host\", expected it" },
	};
	struct baseline *b = parsed(WAIVER(ONE_WAIVER));
	char why[500];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(baseline_parse_waivers(b, "w.json", wrong[i].text,
						    strlen(wrong[i].text), why,
						    sizeof(why)));
		assert_string_equal(why, wrong[i].why);
	}
	assert_false(baseline_add_waivers(b, "/nowhere/w.json", why, sizeof(why)));
	assert_string_equal(why, "/nowhere/w.json: No such file or directory");
	assert_int_equal(b->waiver_count, 1);
	baseline_free(b);
}

static void a_file_that_is_not_there_is_said(void **state)
{
	char why[500];

	(void)state;
	assert_null(baseline_load("/nowhere/b.json", why, sizeof(why)));
	assert_string_equal(why, "/nowhere/b.json: No such file or directory; neither a "
				 "file nor a shipped baseline (windows-default, "
				 "microsoft, cis, stig)");
}

static void lines_are_found_in_any_layout(void **state)
{
	static const char text[] =
		"{ \"a{\" : [\n1, {\"b\":\n\"]\\\"\"},\n\n 3 ],\n\"c\":{}}";
	const size_t to_b[] = { 0, 1, 0 }, to_3[] = { 0, 2 }, to_c[] = { 1 };
	const size_t nowhere[] = { 1, 5 };

	(void)state;
	assert_int_equal(json_place_line(text, sizeof(text) - 1, NULL, 0), 1);
	assert_int_equal(json_place_line(text, sizeof(text) - 1, to_b, 3), 2);
	assert_int_equal(json_place_line(text, sizeof(text) - 1, to_3, 2), 5);
	assert_int_equal(json_place_line(text, sizeof(text) - 1, to_c, 1), 6);
	assert_int_equal(json_place_line(text, sizeof(text) - 1, nowhere, 2), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_malformed_file_is_refused_with_its_place),
		cmocka_unit_test(all_of_a_rule_is_read),
		cmocka_unit_test(generations_are_chosen_by_build),
		cmocka_unit_test(principals_are_who_they_are_on_that_host),
		cmocka_unit_test(what_is_no_principal_is_refused),
		cmocka_unit_test(shipped_baselines_rule_the_right_that_matters_most),
		cmocka_unit_test(windows_default_is_the_stock_list),
		cmocka_unit_test(what_an_extension_does_not_name_is_inherited),
		cmocka_unit_test(an_allow_alone_adds_to_every_generation),
		cmocka_unit_test(a_wrong_extension_is_refused),
		cmocka_unit_test(waivers_of_files_come_behind_those_of_the_baseline),
		cmocka_unit_test(a_malformed_file_of_waivers_changes_nothing),
		cmocka_unit_test(a_file_that_is_not_there_is_said),
		cmocka_unit_test(lines_are_found_in_any_layout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
