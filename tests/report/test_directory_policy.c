/* SPDX-License-Identifier: Apache-2.0 */
/* Group Policy in the recorded directory: written and read back, within its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/directory_json.h"
#include "report/directory/directory_limits.h"

static char why[200];

static bool read_line(const char *line, struct pool *pool, struct directory_line *out)
{
	bool ok = directory_from_json(line, strlen(line), pool, out, why, sizeof why);

	assert_int_equal(ok, !why[0]);
	return ok;
}

/* Writes, reads and writes again: the second line must equal the first. */
static void read_back(char *line, struct pool *pool, struct directory_line *back)
{
	assert_non_null(line);
	assert_true(directory_is_line(line, strlen(line)));
	if (!read_line(line, pool, back))
		fail_msg("%s: %s", why, line);
	free(line);
}

static void test_a_gpo_comes_back_as_it_was_written(void **state)
{
	struct directory_ace aces[] = {
		{ "S-1-5-11", ACE_OBJECT, false, true, true },
		{ "S-1-5-21-1-2-3-1105", ACE_CONDITIONAL, true, false, true },
	};
	struct directory_entry entries[] = { { "*S-1-5-32-544", "S-1-5-32-544" },
					     { "CORP\\svc \"x\"", NULL } };
	struct directory_declared rights[] = { { "SeImpersonatePrivilege", entries, 2 },
					       { "SeTcbPrivilege", NULL, 0 } };
	struct directory_restricted groups[] = {
		{ { "*S-1-5-32-544", "S-1-5-32-544" }, entries + 1, 1, false },
		{ { "CORP\\Admins", NULL }, entries, 1, true },
	};
	const struct directory_gpo g = {
		.domain = "corp.example",
		.dn = "CN={1},CN=Policies,CN=System,DC=corp,DC=example",
		.id = "{1}",
		.name = "Servers",
		.path = "\\\\corp.example\\SysVol\\corp.example\\Policies\\{1}",
		.extensions = "[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0}]",
		.aces = aces,
		.ace_count = 2,
		.template = { .rights = rights,
			      .right_count = 2,
			      .groups = groups,
			      .group_count = 2,
			      .written = 1705305600,
			      .gpt_version = 0x30007,
			      .state = TEMPLATE_READ,
			      .gpt_version_known = true },
		.changed = 1705305601,
		.flags = 0,
		.version = 7,
		.functionality = 2,
		.dacl = DACL_PRESENT,
		.readable = true,
		.flags_known = true,
		.version_known = true,
	};
	struct pool pool = { 0 };
	struct directory_line back;
	const struct directory_gpo *b = &back.gpo;

	(void)state;
	read_back(directory_gpo_to_json(&g), &pool, &back);
	assert_int_equal(back.kind, DIRECTORY_GPO);
	assert_string_equal(b->path, g.path);
	assert_null(b->wmi_filter);
	assert_true(b->readable && b->flags_known && b->version_known);
	assert_false(b->functionality_known);
	assert_int_equal(b->version, 7);
	assert_int_equal(b->changed, g.changed);
	assert_int_equal(b->dacl, DACL_PRESENT);
	assert_int_equal(b->ace_count, 2);
	assert_string_equal(b->aces[1].sid, aces[1].sid);
	assert_int_equal(b->aces[1].form, ACE_CONDITIONAL);
	assert_true(b->aces[1].deny && b->aces[1].apply && !b->aces[1].read);
	assert_false(b->aces[0].deny);
	assert_true(b->aces[0].read && b->aces[0].apply);
	assert_int_equal(b->template.state, TEMPLATE_READ);
	assert_int_equal(b->template.written, 1705305600);
	assert_int_equal(b->template.gpt_version, 0x30007);
	assert_int_equal(b->template.right_count, 2);
	assert_string_equal(b->template.rights[0].entries[1].text, "CORP\\svc \"x\"");
	assert_null(b->template.rights[0].entries[1].sid);
	assert_string_equal(b->template.rights[0].entries[0].sid, "S-1-5-32-544");
	assert_int_equal(b->template.rights[1].entry_count, 0);
	assert_int_equal(b->template.group_count, 2);
	assert_false(b->template.groups[0].member_of);
	assert_true(b->template.groups[1].member_of);
	assert_string_equal(b->template.groups[1].group.text, "CORP\\Admins");
	pool_free(&pool);
}

static void test_scopes_filters_and_groups_come_back(void **state)
{
	const char *members[] = { "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105" };
	const struct directory_scope scope = {
		.domain = "corp.example",
		.dn = "OU=A\\, B,DC=corp,DC=example",
		.gp_link = " ",
		.changed = TIME_NOT_GIVEN,
		.gp_options = 1,
		.type = SCOPE_OU,
		.gp_options_known = true,
	};
	const struct directory_policies policies = { .domain = "corp.example",
						     .error = "no SYSVOL share",
						     .scopes_complete = true,
						     .filters_complete = true };
	const struct directory_wmi_filter filter = { "corp.example", "{F}", "Servers",
						     "1;3;10;4;WQL;root\\CIMv2;x;" };
	const struct directory_group group = { .sid = "S-1-5-21-1-2-3-512",
					       .members = members,
					       .member_count = 2,
					       .changed = TIME_NOT_GIVEN,
					       .complete = true };
	struct pool pool = { 0 };
	struct directory_line back;

	(void)state;
	read_back(directory_scope_to_json(&scope), &pool, &back);
	assert_int_equal(back.kind, DIRECTORY_SCOPE);
	assert_int_equal(back.scope.type, SCOPE_OU);
	assert_string_equal(back.scope.gp_link, " ");
	assert_true(back.scope.gp_options_known && back.scope.gp_options == 1);
	assert_int_equal(back.scope.changed, TIME_NOT_GIVEN);
	read_back(directory_policies_to_json(&policies), &pool, &back);
	assert_int_equal(back.kind, DIRECTORY_POLICIES);
	assert_true(back.policies.scopes_complete && back.policies.filters_complete);
	assert_false(back.policies.gpos_complete || back.policies.server_authenticated);
	assert_string_equal(back.policies.error, policies.error);
	read_back(directory_wmi_filter_to_json(&filter), &pool, &back);
	assert_int_equal(back.kind, DIRECTORY_WMI_FILTER);
	assert_string_equal(back.wmi_filter.query, filter.query);
	read_back(directory_group_to_json(&group), &pool, &back);
	assert_int_equal(back.kind, DIRECTORY_GROUP);
	assert_int_equal(back.group.member_count, 2);
	assert_string_equal(back.group.members[1], members[1]);
	assert_true(back.group.complete);
	pool_free(&pool);
}

#define LINE(rest) "{\"schema\":\"lsasweep.directory/1\"," rest "}"
#define GPO(rest)  LINE("\"kind\":\"gpo\",\"domain\":\"d\",\"dn\":\"CN=a\"" rest)
#define TEMPLATE(rest) \
	GPO(",\"dacl\":\"present\",\"template\":{\"state\":\"read\"" rest "}")

static void test_lines_that_are_refused(void **state)
{
	static const char *const bad[] = {
		LINE("\"kind\":\"policies\""),
		LINE("\"kind\":\"scope\",\"domain\":\"d\",\"dn\":\"DC=a\""),
		LINE("\"kind\":\"scope\",\"type\":\"forest\",\"domain\":\"d\",\"dn\":"
		     "\"DC=a\""),
		LINE("\"kind\":\"scope\",\"type\":\"ou\",\"domain\":\"d\",\"dn\":\"DC="
		     "a\","
		     "\"gp_options\":4294967296"),
		GPO(""),
		GPO(",\"dacl\":\"present\""),
		GPO(",\"dacl\":\"open\",\"template\":{\"state\":\"read\"}"),
		GPO(",\"dacl\":\"present\",\"aces\":[1],\"template\":{\"state\":"
		    "\"read\"}"),
		GPO(",\"dacl\":\"present\",\"aces\":[{\"sid\":\"AU\",\"form\":\"plain\"}]"
		    ","
		    "\"template\":{\"state\":\"read\"}"),
		GPO(",\"dacl\":\"present\",\"aces\":[{\"sid\":\"S-1-1-0\",\"form\":\"x\"}"
		    "],"
		    "\"template\":{\"state\":\"read\"}"),
		TEMPLATE(",\"rights\":{}"),
		TEMPLATE(",\"rights\":[{}]"),
		TEMPLATE(",\"rights\":[{\"right\":\"SeX\",\"entries\":[{}]}]"),
		TEMPLATE(",\"rights\":[{\"right\":\"SeX\",\"entries\":[{\"text\":\"a\","
			 "\"sid\":\"a\"}]}]"),
		TEMPLATE(",\"groups\":[{\"member_of\":true}]"),
		TEMPLATE(",\"written\":\"yesterday\""),
		LINE("\"kind\":\"wmi_filter\",\"domain\":\"d\""),
		LINE("\"kind\":\"group\""),
		LINE("\"kind\":\"group\",\"sid\":\"S-1-5-32-544\",\"members\":[\"a\"]"),
		LINE("\"kind\":\"group\",\"sid\":\"S-1-5-32-544\",\"members\":[7]"),
	};
	struct directory_line line;
	struct pool pool = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (read_line(bad[i], &pool, &line))
			fail_msg("taken: %s", bad[i]);
	assert_true(read_line(TEMPLATE(",\"rights\":[]"), &pool, &line));
	pool_free(&pool);
}

/* `count` times `item`, in `before` and `after`. */
static char *many(const char *before, const char *item, size_t count, const char *after)
{
	size_t len = strlen(item), at = strlen(before);
	char *line = malloc(at + (len + 1) * count + strlen(after) + 1);

	assert_non_null(line);
	memcpy(line, before, at);
	for (size_t i = 0; i < count; i++) {
		if (i)
			line[at++] = ',';
		memcpy(line + at, item, len);
		at += len;
	}
	snprintf(line + at, strlen(after) + 1, "%s", after);
	return line;
}

/* At the limit it is taken, one above it is refused. */
static void check_limit(const char *before, const char *item, size_t limit,
			const char *after)
{
	for (size_t more = 0; more < 2; more++) {
		struct directory_line out;
		struct pool pool = { 0 };
		char *line = many(before, item, limit + more, after);

		if (read_line(line, &pool, &out) == (more == 1))
			fail_msg("%zu of %s: %s", limit + more, item, why);
		pool_free(&pool);
		free(line);
	}
}

static void test_lists_are_held_to_their_limits(void **state)
{
	(void)state;
	check_limit(
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"gpo\",\"domain\":\"d\","
		"\"dn\":\"CN=a\",\"dacl\":\"present\",\"aces\":[",
		"{\"sid\":\"S-1-1-0\",\"form\":\"plain\"}", LIMIT_ACES_A_GPO,
		"],\"template\":{\"state\":\"read\"}}");
	check_limit(
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"gpo\",\"domain\":\"d\","
		"\"dn\":\"CN=a\",\"dacl\":\"present\",\"template\":{\"state\":\"read\","
		"\"rights\":[",
		"{\"right\":\"SeX\",\"entries\":[]}", LIMIT_DECLARED_RIGHTS, "]}}");
	check_limit(
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"gpo\",\"domain\":\"d\","
		"\"dn\":\"CN=a\",\"dacl\":\"present\",\"template\":{\"state\":\"read\","
		"\"rights\":[{\"right\":\"SeX\",\"entries\":[",
		"{\"text\":\"a\"}", LIMIT_ENTRIES_A_RIGHT, "]}]}}");
	check_limit("{\"schema\":\"lsasweep.directory/1\",\"kind\":\"group\","
		    "\"sid\":\"S-1-5-32-544\",\"members\":[",
		    "\"S-1-1-0\"", LIMIT_MEMBERS_A_RECORD, "]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_gpo_comes_back_as_it_was_written),
		cmocka_unit_test(test_scopes_filters_and_groups_come_back),
		cmocka_unit_test(test_lines_that_are_refused),
		cmocka_unit_test(test_lists_are_held_to_their_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
