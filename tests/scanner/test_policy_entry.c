/* SPDX-License-Identifier: Apache-2.0 */
/* LDAP entries of Group Policy: what is kept of them, and what is not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/directory_limits.h"
#include "scanner/discover/extended_dn.h"
#include "scanner/discover/policy_entry.h"
#include "tests/hex.h"

#define GUID "{31B2F340-016D-11D2-945F-00C04FB984F9}"

static struct entry entry;
static struct bytes values[ENTRY_ATTRIBUTES_MAX];
static struct pool pool;

static void begin(const char *dn)
{
	pool_clear(&pool);
	entry = (struct entry){ .dn = dn };
}

static void add_bytes(const char *name, struct bytes value)
{
	values[entry.count] = value;
	entry.attributes[entry.count] =
		(struct entry_attribute){ name, &values[entry.count], 1 };
	entry.count++;
}

static void add(const char *name, const char *value)
{
	add_bytes(name, (struct bytes){ (const uint8_t *)value, strlen(value) });
}

/* ---- scopes ---- */

static void a_scope_keeps_its_links_as_they_are(void **state)
{
	struct directory_scope s;
	(void)state;

	begin("OU=Servers,DC=corp,DC=example");
	add("objectClass", "top");
	add("gpLink", " ");
	add("gPOptions", "1");
	add("whenChanged", "20260102030405.0Z");
	assert_true(scope_from_entry(&entry, "corp.example", SCOPE_OU, &pool, &s));
	assert_string_equal(s.dn, "OU=Servers,DC=corp,DC=example");
	assert_string_equal(s.domain, "corp.example");
	assert_string_equal(s.gp_link, " ");
	assert_true(s.gp_options_known);
	assert_int_equal(s.gp_options, 1);
	assert_int_equal(s.changed, 1767323045);
}

static void a_scope_without_links_has_none(void **state)
{
	struct directory_scope s;
	(void)state;

	begin("OU=Servers,DC=corp,DC=example");
	add("objectClass", "top");
	add("gPLink", "");
	assert_true(scope_from_entry(&entry, "corp.example", SCOPE_OU, &pool, &s));
	assert_null(s.gp_link);
	assert_false(s.gp_options_known);
}

/* Links that were left out would be links that do not apply. */
static void links_that_cannot_be_kept_leave_no_scope(void **state)
{
	char *text = malloc(LIMIT_LINK_BYTES + 2);
	struct directory_scope s;
	(void)state;

	for (size_t more = 0; more < 2; more++) {
		memset(text, 'x', LIMIT_LINK_BYTES + more);
		text[LIMIT_LINK_BYTES + more] = '\0';
		begin("OU=Servers,DC=corp,DC=example");
		add("objectClass", "top");
		add("gPLink", text);
		assert_int_equal(scope_from_entry(&entry, "d", SCOPE_OU, &pool, &s),
				 !more);
	}
	free(text);
	begin("OU=Servers,DC=corp,DC=example");
	add("objectClass", "top");
	add("gPLink", "[LDAP://\xff;0]");
	assert_false(scope_from_entry(&entry, "d", SCOPE_OU, &pool, &s));
	begin("OU=Servers,DC=corp,DC=example");
	add("gPLink", "");
	assert_false(scope_from_entry(&entry, "d", SCOPE_OU, &pool, &s));
	begin("no name");
	add("objectClass", "top");
	assert_false(scope_from_entry(&entry, "d", SCOPE_OU, &pool, &s));
}

/* ---- GPOs ---- */

static void begin_gpo(void)
{
	begin("CN=" GUID ",CN=Policies,CN=System,DC=corp,DC=example");
	add("objectClass", "groupPolicyContainer");
	add("flags", "-1");
	add("versionNumber", "65538");
}

static void a_gpo_keeps_its_attributes(void **state)
{
	struct directory_gpo g;
	(void)state;

	begin_gpo();
	add("cn", GUID);
	add("displayName", "Server baseline");
	add("gPCFunctionalityVersion", "2");
	add("gPCWQLFilter", " ");
	assert_true(gpo_from_entry(&entry, "corp.example", &pool, &g));
	assert_string_equal(g.id, GUID);
	assert_string_equal(g.name, "Server baseline");
	assert_true(g.readable);
	assert_int_equal(g.flags, UINT32_MAX);
	assert_int_equal(g.version, 65538);
	assert_int_equal(g.functionality, 2);
	assert_string_equal(g.wmi_filter, " ");
	assert_null(g.path);
	assert_null(g.error);
	assert_int_equal(g.dacl, DACL_NOT_READ);
	assert_int_equal(g.template.state, TEMPLATE_NOT_READ);
}

static void a_gpo_that_may_not_be_read_is_a_record(void **state)
{
	struct directory_gpo g;
	(void)state;

	begin("CN=" GUID ",CN=Policies,CN=System,DC=corp,DC=example");
	assert_true(gpo_from_entry(&entry, "corp.example", &pool, &g));
	assert_string_equal(g.id, GUID);
	assert_false(g.readable);
	assert_non_null(g.error);
	begin("CN=Folder,CN=Policies,CN=System,DC=corp,DC=example");
	add("objectClass", "container");
	assert_false(gpo_from_entry(&entry, "corp.example", &pool, &g));
}

static void an_attribute_that_is_no_text_makes_it_unreadable(void **state)
{
	static const char *const names[] = { "displayName", "gPCFileSysPath",
					     "gPCMachineExtensionNames", "gPCWQLFilter" };
	struct directory_gpo g;
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		begin_gpo();
		add(names[i], "\xc3");
		assert_true(gpo_from_entry(&entry, "corp.example", &pool, &g));
		assert_false(g.readable);
		assert_non_null(g.error);
	}
	begin_gpo();
	entry.cut = true;
	assert_true(gpo_from_entry(&entry, "corp.example", &pool, &g));
	assert_false(g.readable);
}

/* ---- its DACL ---- */

#define APPLY "8ffdaced b3ffd111 b41d00a0 c968f939"
#define OTHER "867a96bf e60dd011 a28500aa 003049e2"
#define AU    "01010000 00000005 0b000000"

/* One ACE: type, flags, mask and what stands behind it; every one names AU. */
static const struct directory_ace *one_ace(const char *ace, struct directory_gpo *g)
{
	char text[600];
	size_t len = 0, digits = 0;
	struct bytes descriptor;

	for (const char *c = ace; *c; c++)
		digits += *c != ' ';
	len = 8 + digits / 2;
	snprintf(text, sizeof text,
		 "01000490 00000000 00000000 00000000 14000000"
		 "0400 %02zx00 0100 0000 %s",
		 len, ace);
	descriptor = unhex(text);
	begin_gpo();
	add_bytes("nTSecurityDescriptor", descriptor);
	assert_true(gpo_from_entry(&entry, "corp.example", &pool, g));
	hex_free(descriptor);
	return g->ace_count ? g->aces : NULL;
}

static void entries_say_what_they_speak_of(void **state)
{
	static const struct {
		const char *ace;
		enum directory_ace_form form;
		bool deny, read, apply;
	} rows[] = {
		{ "0002 1400 94000200" AU, ACE_PLAIN, false, true, false },
		{ "0102 1400 00010000" AU, ACE_PLAIN, true, false, true },
		{ "0002 1400 00000010" AU, ACE_PLAIN, false, true, true },
		{ "0002 1400 00000080" AU, ACE_PLAIN, false, true, false },
		{ "0502 2800 00010000 01000000" APPLY AU, ACE_OBJECT, false, false,
		  true },
		{ "0602 1800 00010000 00000000" AU, ACE_OBJECT, true, false, true },
		{ "0502 1800 10010000 00000000" AU, ACE_OBJECT, false, true, true },
		{ "0502 2800 10010000 01000000" APPLY AU, ACE_OBJECT, false, false,
		  true },
		{ "0900 1c00 10010000" AU "61727478 00000000", ACE_CONDITIONAL, false,
		  true, true },
		{ "0c00 2800 00010000 01000000" APPLY AU, ACE_CONDITIONAL, true, false,
		  true },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct directory_gpo g;
		const struct directory_ace *a = one_ace(rows[i].ace, &g);

		assert_int_equal(g.dacl, DACL_PRESENT);
		assert_non_null(a);
		assert_string_equal(a->sid, "S-1-5-11");
		assert_int_equal(a->form, rows[i].form);
		assert_int_equal(a->deny, rows[i].deny);
		assert_int_equal(a->read, rows[i].read);
		assert_int_equal(a->apply, rows[i].apply);
	}
}

static void entries_of_other_rights_are_left_out(void **state)
{
	static const char *const aces[] = {
		"000a 1400 94000200" AU,                /* inherit only */
		"0002 1400 04000200" AU,                /* neither right */
		"0502 2800 10010000 01000000" OTHER AU, /* another right */
		"0002 1000 94000200 01000000 00000005", /* a SID of nobody */
	};
	struct directory_gpo g;
	(void)state;

	for (size_t i = 0; i < sizeof aces / sizeof *aces; i++)
		assert_null(one_ace(aces[i], &g));
	assert_int_equal(g.dacl, DACL_PRESENT);
	/* A GUID of the inheriting class is no object type: it speaks of every right. */
	assert_non_null(one_ace("0502 2800 00010000 02000000" OTHER AU, &g));
}

static void a_descriptor_that_is_malformed_is_no_dacl(void **state)
{
	struct directory_gpo g;
	(void)state;

	assert_null(one_ace("0002 1800 94000200" AU, &g));
	assert_int_equal(g.dacl, DACL_NOT_READ);
	assert_non_null(g.error);
	begin_gpo();
	add("nTSecurityDescriptor", "nonsense");
	assert_true(gpo_from_entry(&entry, "corp.example", &pool, &g));
	assert_int_equal(g.dacl, DACL_NOT_READ);
}

/* ---- WMI filters ---- */

static void a_wmi_filter_keeps_its_query(void **state)
{
	struct directory_wmi_filter f;
	(void)state;

	begin("CN={1},CN=SOM,CN=WMIPolicy,CN=System,DC=corp,DC=example");
	add("msWMI-Name", "Servers");
	add("msWMI-Parm2", "1;3;10;8;WQL;root\\CIMv2;SELECT 1;");
	assert_true(wmi_filter_from_entry(&entry, "corp.example", &pool, &f));
	assert_string_equal(f.id, "{1}");
	assert_string_equal(f.name, "Servers");
	assert_string_equal(f.query, "1;3;10;8;WQL;root\\CIMv2;SELECT 1;");
	add("msWMI-ID", "{2}");
	assert_true(wmi_filter_from_entry(&entry, "corp.example", &pool, &f));
	assert_string_equal(f.id, "{2}");
	begin("CN={1},CN=SOM,CN=WMIPolicy,CN=System,DC=corp,DC=example");
	add("msWMI-Parm2", "\xff");
	assert_false(wmi_filter_from_entry(&entry, "corp.example", &pool, &f));
}

/* ---- extended DNs ---- */

static struct bytes text_bytes(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static void the_sid_stands_in_front_of_the_name(void **state)
{
	static const struct {
		const char *value, *sid, *name;
	} rows[] = {
		{ "<GUID=1>;<SID=S-1-5-21-1-2-3-4>;CN=a,DC=b", "S-1-5-21-1-2-3-4",
		  "CN=a,DC=b" },
		{ "<SID=S-1-5-11>;CN=S-1-5-11,CN=F,DC=b", "S-1-5-11",
		  "CN=S-1-5-11,CN=F,DC=b" },
		{ "<GUID=1>;CN=contact,DC=b", NULL, "CN=contact,DC=b" },
		{ "CN=<SID=S-1-5-11>,DC=b", NULL, "CN=<SID=S-1-5-11>,DC=b" },
		{ "<SID=S-1-5-11", NULL, "<SID=S-1-5-11" },
		{ "<SID=S-1-5-11>", "S-1-5-11", "" },
		{ "<SID=>;x", NULL, "x" },
		{ "<SID=0105>;x", NULL, "x" },
		{ "", NULL, "" },
	};
	char text[SID_TEXT_MAX];
	struct sid sid;
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes value = text_bytes(rows[i].value), name;
		bool found = extended_dn_sid(value, &sid);

		if (rows[i].sid) {
			assert_true(found);
			sid_format(&sid, text);
			assert_string_equal(text, rows[i].sid);
		} else {
			assert_false(found);
		}
		name = extended_dn_name(value);
		assert_int_equal(name.len, strlen(rows[i].name));
		assert_memory_equal(name.at, rows[i].name, name.len);
	}
}

static int free_pool(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scope_keeps_its_links_as_they_are),
		cmocka_unit_test(a_scope_without_links_has_none),
		cmocka_unit_test(links_that_cannot_be_kept_leave_no_scope),
		cmocka_unit_test(a_gpo_keeps_its_attributes),
		cmocka_unit_test(a_gpo_that_may_not_be_read_is_a_record),
		cmocka_unit_test(an_attribute_that_is_no_text_makes_it_unreadable),
		cmocka_unit_test(entries_say_what_they_speak_of),
		cmocka_unit_test(entries_of_other_rights_are_left_out),
		cmocka_unit_test(a_descriptor_that_is_malformed_is_no_dacl),
		cmocka_unit_test(a_wmi_filter_keeps_its_query),
		cmocka_unit_test(the_sid_stands_in_front_of_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, free_pool);
}
