/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of a computer as people and programs read it, and what a change does to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/policy_change.h"
#include "report/render/policy_write.h"

#define LINE(rest) "{\"schema\":\"lsasweep.directory/1\"," rest "}\n"
#define SCOPE(type, dn, links)                                                        \
	LINE("\"kind\":\"scope\",\"type\":\"" type "\",\"domain\":\"d\",\"dn\":\"" dn \
	     "\",\"gp_link\":\"" links "\"")
#define LINK(name, options) "[LDAP://CN={" name "},DC=d;" options "]"
#define GPO(name, extensions, version, rights)                                       \
	LINE("\"kind\":\"gpo\",\"domain\":\"d\",\"dn\":\"CN={" name                  \
	     "},DC=d\",\"id\":\"{" name "}\",\"name\":\"" name                       \
	     "\",\"flags\":0,\"version\":" version                                   \
	     ",\"functionality\":2,\"extensions\":" extensions ",\"readable\":true," \
	     "\"dacl\":\"absent\",\"template\":{\"state\":\"read\",\"gpt_"           \
	     "version\":" version ",\"rights\":[" rights "]}")
#define EXTENSION            "\"[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}]\""
#define RIGHT(name, entries) "{\"right\":\"" name "\",\"entries\":[" entries "]}"
#define ADMINS               "{\"text\":\"*S-1-5-32-544\",\"sid\":\"S-1-5-32-544\"}"
#define NAMED                "{\"text\":\"CORP\\\\x\"}"
#define RESOLVED             "{\"text\":\"CORP\\\\y\",\"sid\":\"S-1-5-21-1-2-3-7\"}"

static const char directory[] = LINE(
	"\"kind\":\"policies\",\"domain\":\"d\",\"scopes_complete\":true,"
	"\"gpos_complete\":true,\"filters_complete\":true")
	SCOPE("site", "CN=Paris,CN=Sites,DC=d",
	      "") SCOPE("domain", "DC=d",
			LINK("A", "0") LINK("Gone", "0")
				LINK("E", "2")) SCOPE("ou", "OU=O,DC=d",
						      LINK("B", "1") LINK("W", "0")
							      LINK("N", "0"))
		GPO("A", EXTENSION, "1",
		    RIGHT("SeTcbPrivilege", "") "," RIGHT(
			    "SeDebugPrivilege", ADMINS)) GPO("B", EXTENSION, "1",
							     RIGHT("SeDebugPrivilege",
								   NAMED "," RESOLVED))
			GPO("E", EXTENSION, "1", RIGHT("SeBackupPrivilege", ADMINS)) GPO(
				"N", "null",
				"0", "") GPO("W", EXTENSION,
					     "1", RIGHT("SeBatchLogonRight", ADMINS))
				GPO("twin", EXTENSION, "1", "")
					LINE("\"kind\":\"gpo\",\"domain\":\"d\",\"dn\":"
					     "\"CN={T},DC=d\",\"name\":\"TWIN\","
					     "\"dacl\":\"absent\",\"template\":{"
					     "\"state\":\"read\"}");

static char why[200];

/* `change`: what is changed in it, or NULL. */
static struct policy_store *make_store(const char *text, const char *change, bool *good)
{
	struct policy_store *s = policy_store_new();
	struct policy_change c;

	for (const char *line = text, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (policy_store_take(s, line, (size_t)(end - line), why, sizeof why) !=
		    POLICY_LINE_TAKEN)
			fail_msg("%s: %.*s", why, (int)(end - line), line);
	}
	*good = true;
	if (change) {
		static const char template[] =
			"[Privilege Rights]\nSeTcbPrivilege=S-1-1-0\n";

		assert_true(policy_change_parse(change, &c, why, sizeof why));
		*good = c.kind == CHANGE_TEMPLATE
				? policy_change_template(s, &c, template,
							 sizeof template - 1, why,
							 sizeof why)
				: policy_change_link(s, &c, why, sizeof why);
	}
	assert_true(policy_store_seal(s));
	return s;
}

static struct policy_view view_of(struct policy_store *s, const char *dn)
{
	return (struct policy_view){
		.computer = "srv1.d",
		.dn = dn,
		.site = "Paris",
		.site_source = SITE_ONLY_ONE,
		.policy = policy_of(
			s, &(struct policy_computer){ .dn = dn,
						      .sid = "S-1-5-21-1-2-3-1104",
						      .site = "Paris",
						      .role = ROLE_MEMBER_SERVER }),
	};
}

/* What is written; to be freed. */
static char *written(void (*write)(FILE *out, const struct policy_view *v),
		     const struct policy_view *v)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	write(out, v);
	fclose(out);
	return text;
}

static void assert_has(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("no \"%s\" in:\n%s", wanted, text);
}

static void test_people_read_order_reasons_and_winners(void **state)
{
	bool good;
	struct policy_store *s = make_store(directory, "link-on:B@OU=O,DC=d", &good);
	struct policy_view v = view_of(s, "CN=SRV1,OU=O,DC=d");
	char *text = written(policy_write_text, &v);

	(void)state;
	assert_has(text, "srv1.d\n  CN=SRV1,OU=O,DC=d\n  Site: Paris (only_site)\n");
	assert_has(text, "    1  applies         A ");
	assert_has(text, "    2  does not apply  {Gone} ");
	assert_has(text, "orphaned_link: the link leads to no GPO");
	assert_has(text, "    6  applies         E ");
	assert_has(text, "enforced at DC=d\n");
	assert_has(text, "SeDebugPrivilege (Debug programs): set by B, at OU=O,DC=d\n"
			 "      CORP\\x  (not resolved)\n"
			 "      CORP\\y  S-1-5-21-1-2-3-7\n"
			 "    also defined by A, at DC=d\n");
	assert_has(text, "set by A, at DC=d\n      nobody\n");
	assert_has(text, "      *S-1-5-32-544  BUILTIN\\Administrators\n");
	assert_has(text, "  41 other rights: not defined by any GPO that applies\n");
	free(text);
	v.site = NULL;
	text = written(policy_write_text, &v);
	assert_has(text, "Site: unknown\n");
	free(text);
	policy_store_free(s);
}

static void test_programs_read_the_same(void **state)
{
	bool good;
	struct policy_store *s = make_store(directory, NULL, &good);
	struct policy_view v = view_of(s, "CN=SRV1,OU=O,DC=d");
	char *text = written(policy_write_json, &v);

	(void)state;
	assert_has(text, "\"site\":{\"name\":\"Paris\",\"source\":\"only_site\"}");
	assert_has(text,
		   "{\"id\":\"{Gone}\",\"name\":null,\"domain\":\"d\",\"link\":\"DC=d\","
		   "\"enforced\":false,\"applies\":\"no\","
		   "\"reason\":\"orphaned_link\"}");
	assert_has(text,
		   "\"SeDebugPrivilege\":{\"state\":\"defined\",\"gpo\":\"{A}\","
		   "\"name\":\"A\",\"link\":\"DC=d\",\"enforced\":false,\"declared\":["
		   "{\"sid\":\"S-1-5-32-544\",\"text\":\"*S-1-5-32-544\"}],"
		   "\"also_defined_by\":[],\"may_be_set_by\":[]}");
	assert_has(text,
		   "\"SeSecurityPrivilege\":{\"state\":\"not_defined\",\"gpo\":null,"
		   "\"name\":null,\"link\":null,\"enforced\":false,"
		   "\"declared\":null,");
	assert_false(policy_is_uncertain(v.policy));
	free(text);
	/* An OU that has no record: what is linked there may set anything. */
	v = view_of(s, "CN=SRV1,OU=X,OU=O,DC=d");
	assert_true(policy_is_uncertain(v.policy));
	text = written(policy_write_json, &v);
	assert_has(text, "\"may_be_set_by\":[{\"gpo\":null,\"link\":null,"
			 "\"reason\":\"scope_not_readable\"}");
	free(text);
	text = written(policy_write_text, &v);
	assert_has(text, "uncertain       (unknown) ");
	assert_has(text, "may be set by (unknown), at a place that was not read "
			 "(scope_not_readable)");
	assert_has(text, "41 other rights: uncertain, ");
	free(text);
	policy_store_free(s);
}

static char *difference(const char *change, const char *dn, const char *new_dn,
			bool (*write)(FILE *out, const struct policy_view *before,
				      const struct policy_view *after))
{
	bool good, changed;
	struct policy_store *before = make_store(directory, NULL, &good);
	struct policy_store *after = make_store(directory, change, &good);
	struct policy_view a = view_of(before, dn), b = view_of(after, new_dn);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!good)
		fail_msg("%s: %s", change, why);
	changed = write(out, &a, &b);
	fclose(out);
	assert_int_equal(changed, size > 0);
	policy_store_free(before);
	policy_store_free(after);
	return text;
}

static void test_a_change_shows_what_differs_and_nothing_else(void **state)
{
	static const char dn[] = "CN=SRV1,OU=O,DC=d";
	char *text = difference("link-on:B@OU=O,DC=d", dn, dn, policy_change_write_text);

	(void)state;
	assert_string_equal(text, "srv1.d\n  SeDebugPrivilege\n"
				  "    before: defined, set by A, at DC=d\n"
				  "      *S-1-5-32-544  BUILTIN\\Administrators\n"
				  "    after: defined, set by B, at OU=O,DC=d\n"
				  "      CORP\\x  (not resolved)\n"
				  "      CORP\\y  S-1-5-21-1-2-3-7\n");
	free(text);
	text = difference("link-off:B@OU=O,DC=d", dn, dn, policy_change_write_text);
	assert_string_equal(text, "");
	free(text);
	text = difference("link-off:{a}@DC=d", dn, dn, policy_change_write_json);
	assert_has(text, "\"SeTcbPrivilege\":{\"before\":{\"state\":\"defined\"");
	assert_has(text, "\"after\":{\"state\":\"not_defined\",\"gpo\":null");
	free(text);
	text = difference(NULL, dn, "CN=SRV1,DC=d", policy_change_write_json);
	assert_has(text,
		   "\"new_dn\":\"CN=SRV1,DC=d\",\"rights\":{\"SeBatchLogonRight\":{");
	free(text);
}

/* As the editor does it: extension and version come with the template. */
static void test_a_new_template_of_a_gpo_that_had_none_applies(void **state)
{
	struct policy_store *s;
	struct policy_change link;
	char *text = difference("template:N=file", "CN=SRV1,OU=O,DC=d",
				"CN=SRV1,OU=O,DC=d", policy_change_write_text);

	(void)state;
	assert_has(text, "SeTcbPrivilege\n    before: defined, set by A, at DC=d\n"
			 "      nobody\n    after: defined, set by N, at OU=O,DC=d\n");
	free(text);
	text = difference("template:A=file", "CN=SRV1,DC=d", "CN=SRV1,DC=d",
			  policy_change_write_text);
	assert_has(text, "SeTcbPrivilege\n    before: defined, set by A, at DC=d\n"
			 "      nobody\n    after: defined, set by A, at DC=d\n"
			 "      S-1-1-0  Everyone\n");
	assert_has(text, "SeDebugPrivilege\n    before: defined, set by A, ");
	assert_has(text, "    after: not_defined\n");
	free(text);
	s = policy_store_new();
	assert_true(policy_change_parse("link-on:N@DC=d", &link, why, sizeof why));
	assert_false(policy_change_link(s, &link, why, sizeof why));
	policy_store_free(s);
}

static void test_a_link_that_is_made_is_applied_before_the_others(void **state)
{
	char *text = difference("link-on:B@DC=d", "CN=SRV1,DC=d", "CN=SRV1,DC=d",
				policy_change_write_text);

	(void)state;
	assert_string_equal(text, ""); /* A, which stands behind it, still wins */
	free(text);
}

static void test_changes_that_cannot_be_made(void **state)
{
	static const char *const bad[] = {
		"",        "x",        "move:",           "move:a",      "move:=DC=d",
		"move:a=", "move:a=b", "link-off:a=DC=d", "link-on:a@b", "template:a"
	};
	static const struct {
		const char *change, *why;
	} cases[] = {
		{ "link-off:Nobody@DC=d", "no such GPO" },
		{ "link-off:Twin@DC=d", "several GPOs" },
		{ "link-off:A@OU=None,DC=d", "no such place" },
		{ "link-off:B@DC=d", "not linked there" },
		{ "template:Nobody=x", "no such GPO" },
	};
	struct policy_change change;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (policy_change_parse(bad[i], &change, why, sizeof why))
			fail_msg("\"%s\" was taken", bad[i]);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool good;

		policy_store_free(make_store(directory, cases[i].change, &good));
		assert_false(good);
		assert_has(why, cases[i].why);
	}
}

static void test_a_template_that_is_none_changes_nothing(void **state)
{
	struct policy_store *s = policy_store_new();
	static const char gpo[] = GPO("A", EXTENSION, "1", "");
	struct policy_change change;

	(void)state;
	assert_int_equal(policy_store_take(s, gpo, strlen(gpo) - 1, why, sizeof why),
			 POLICY_LINE_TAKEN);
	assert_true(policy_change_parse("template:A=f", &change, why, sizeof why));
	assert_false(policy_change_template(s, &change, "[Privilege Rights]\nx\n", 21,
					    why, sizeof why));
	assert_has(why, "line 2");
	policy_store_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_people_read_order_reasons_and_winners),
		cmocka_unit_test(test_programs_read_the_same),
		cmocka_unit_test(test_a_change_shows_what_differs_and_nothing_else),
		cmocka_unit_test(test_a_new_template_of_a_gpo_that_had_none_applies),
		cmocka_unit_test(test_a_link_that_is_made_is_applied_before_the_others),
		cmocka_unit_test(test_changes_that_cannot_be_made),
		cmocka_unit_test(test_a_template_that_is_none_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
