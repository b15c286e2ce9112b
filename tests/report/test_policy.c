/* SPDX-License-Identifier: Apache-2.0 */
/* Which GPOs a computer applies and which of them sets a right.  Expected values are
 * those of [MS-GPOL], as SSSD and libgpo gave them on a real domain where these can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/directory_json.h"
#include "report/directory/policy.h"

#define DOMAIN                  "DC=corp,DC=example"
#define GPO_DN(name)            "cn={" name "},cn=policies,cn=system," DOMAIN
#define LINK(name)              "[LDAP://" GPO_DN(name) ";0]"
#define ENFORCED(name)          "[LDAP://" GPO_DN(name) ";2]"
#define DISABLED(name)          "[LDAP://" GPO_DN(name) ";1]"
#define DISABLED_ENFORCED(name) "[LDAP://" GPO_DN(name) ";3]"
#define SITE_DN(name)           "CN=" name ",CN=Sites,CN=Configuration," DOMAIN
#define SID                     "S-1-5-21-1-2-3-"
#define EXTENSION \
	"[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}]"

static struct policy_store *store;
static char answer[2000];

/* ---- a directory ---- */

static void take(char *line)
{
	char why[200] = "";

	assert_non_null(line);
	if (policy_store_take(store, line, strlen(line), why, sizeof why) !=
	    POLICY_LINE_TAKEN)
		fail_msg("%s: %s", why, line);
	free(line);
}

static void put_scope(enum directory_scope_type type, const char *dn, const char *links,
		      uint32_t options)
{
	take(directory_scope_to_json(
		&(struct directory_scope){ .domain = "corp.example",
					   .dn = dn,
					   .gp_link = links,
					   .gp_options = options,
					   .gp_options_known = options != 0,
					   .type = type }));
}

static struct directory_ace everybody[] = { { "S-1-5-11", ACE_OBJECT, false, true,
					      true } };

/* A GPO that everybody applies; its template gives one right to a SID of its own. */
struct made_gpo {
	struct directory_gpo g;
	struct directory_entry entry;
	struct directory_declared declared;
	char dn[200], id[20], sid[60];
};

static void make_gpo(struct made_gpo *m, const char *name)
{
	*m = (struct made_gpo){ 0 };
	snprintf(m->dn, sizeof m->dn, "CN={%s},CN=Policies,CN=System," DOMAIN, name);
	snprintf(m->id, sizeof m->id, "{%s}", name);
	snprintf(m->sid, sizeof m->sid, "S-1-5-21-9-9-9-%u", (unsigned)name[0]);
	m->entry = (struct directory_entry){ m->sid, m->sid };
	m->declared = (struct directory_declared){ "SeBatchLogonRight", &m->entry, 1 };
	m->g = (struct directory_gpo){
		.domain = "corp.example",
		.dn = m->dn,
		.id = m->id,
		.name = name,
		.extensions = EXTENSION,
		.aces = everybody,
		.ace_count = 1,
		.template = { .rights = &m->declared,
			      .right_count = 1,
			      .state = TEMPLATE_READ },
		.version = 1,
		.functionality = 2,
		.dacl = DACL_PRESENT,
		.readable = true,
		.flags_known = true,
		.version_known = true,
		.functionality_known = true,
	};
}

static void put_gpo(const struct made_gpo *m)
{
	take(directory_gpo_to_json(&m->g));
}

/* One for each letter. */
static void put_gpos(const char *letters)
{
	struct made_gpo m;

	for (; *letters; letters++) {
		const char name[] = { *letters, '\0' };

		make_gpo(&m, name);
		put_gpo(&m);
	}
}

static void put_group(const char *sid, const char **members, size_t count, bool complete)
{
	take(directory_group_to_json(&(struct directory_group){ .sid = sid,
								.members = members,
								.member_count = count,
								.complete = complete }));
}

static void put_filter(const char *id, const char *condition)
{
	char query[300];

	snprintf(query, sizeof query,
		 "1;3;10;0;WQL;root\\CIMv2;SELECT * FROM Win32_OperatingSystem WHERE %s;",
		 condition);
	take(directory_wmi_filter_to_json(
		&(struct directory_wmi_filter){ "corp.example", id, "filter", query }));
}

static int begin(void **state)
{
	(void)state;
	store = policy_store_new();
	take(directory_policies_to_json(
		&(struct directory_policies){ .domain = "corp.example",
					      .scopes_complete = true,
					      .gpos_complete = true,
					      .filters_complete = true }));
	return 0;
}

static int end(void **state)
{
	(void)state;
	policy_store_free(store);
	return 0;
}

/* ---- questions ---- */

static const struct policy_computer srv1 = {
	.dn = "CN=SRV1,OU=C,OU=B,OU=A," DOMAIN,
	.sid = SID "1104",
	.version = "10.0.20348",
	.site = "Paris",
	.primary_group = 515,
	.role = ROLE_MEMBER_SERVER,
};

static const struct policy *ask(const struct policy_computer *c)
{
	const struct policy *p = policy_of(store, c);

	assert_non_null(p);
	return p;
}

/* "S D A:link_disabled B?wmi_filter": each GPO, `:` and why it does not apply, `?` and
 * what makes it uncertain. */
static const char *list_of(const struct policy_computer *c)
{
	const struct policy *p = ask(c);
	size_t at = 0;

	answer[0] = '\0';
	for (size_t i = 0; i < p->gpo_count; i++) {
		const struct policy_gpo *g = &p->gpos[i];

		at += (size_t)snprintf(answer + at, sizeof answer - at, "%s%s",
				       i ? " " : "", g->gpo ? g->gpo->name : "-");
		if (g->applies != POLICY_YES || g->reason)
			at += (size_t)snprintf(answer + at, sizeof answer - at, "%c%s",
					       g->applies == POLICY_UNCERTAIN ? '?' : ':',
					       policy_reason_word(g->reason));
	}
	return answer;
}

/* "defined C", "uncertain -" */
static const char *right_of(const struct policy_computer *c, const char *right)
{
	const struct policy *p = ask(c);
	struct policy_right other;
	const struct policy_right *r = policy_find_right(p, right, &other);

	snprintf(answer, sizeof answer, "%s %s", policy_right_state_word(r->state),
		 r->winner == POLICY_NOBODY ? "-" : p->gpos[r->winner].gpo->name);
	assert_int_equal(r->winner == POLICY_NOBODY, !r->declared);
	return answer;
}

static const char *winner_of(const struct policy_computer *c)
{
	return right_of(c, "SeBatchLogonRight");
}

static void seal(void)
{
	assert_true(policy_store_seal(store));
}

/* Scopes of a site, the domain and three OUs. */
static void put_tree(const char *site, const char *domain, const char *a, const char *b,
		     const char *c)
{
	put_scope(SCOPE_SITE, SITE_DN("Paris"), site, 0);
	put_scope(SCOPE_DOMAIN, DOMAIN, domain, 0);
	put_scope(SCOPE_OU, "OU=A," DOMAIN, a, 0);
	put_scope(SCOPE_OU, "OU=B,OU=A," DOMAIN, b, 0);
	put_scope(SCOPE_OU, "OU=C,OU=B,OU=A," DOMAIN, c, 0);
}

/* ---- the list ---- */

static void test_site_domain_and_ous_apply_in_this_order(void **state)
{
	(void)state;
	put_gpos("SDABC");
	put_tree(LINK("S"), LINK("D"), LINK("A"), LINK("B"), LINK("C"));
	seal();
	assert_string_equal(list_of(&srv1), "S D A B C");
	assert_string_equal(winner_of(&srv1), "defined C");
}

static void test_the_last_entry_of_a_link_attribute_wins(void **state)
{
	(void)state;
	put_gpos("123");
	put_tree(NULL, LINK("1") LINK("2") LINK("3"), NULL, NULL, " ");
	seal();
	assert_string_equal(list_of(&srv1), "1 2 3");
	assert_string_equal(winner_of(&srv1), "defined 3");
}

static void test_the_enforced_link_highest_in_the_tree_wins(void **state)
{
	(void)state;
	put_gpos("SDABCEF");
	put_tree(ENFORCED("S"), ENFORCED("D") LINK("E"), LINK("A"), ENFORCED("B"),
		 ENFORCED("C") ENFORCED("F"));
	seal();
	assert_string_equal(list_of(&srv1), "E A C F B D S");
	assert_string_equal(winner_of(&srv1), "defined S");
}

static void test_blocked_inheritance_stops_plain_links_from_above_alone(void **state)
{
	(void)state;
	put_gpos("SDEABC");
	put_tree(LINK("S"), LINK("D") ENFORCED("E"), LINK("A"), NULL, LINK("C"));
	put_scope(SCOPE_OU, "OU=B,OU=A," DOMAIN, LINK("B"), 1);
	seal();
	assert_string_equal(list_of(&srv1), "S:inheritance_blocked D:inheritance_blocked "
					    "A:inheritance_blocked B C E");
	assert_string_equal(winner_of(&srv1), "defined E");
}

static void test_options_other_than_1_block_nothing(void **state)
{
	(void)state;
	put_gpos("DA");
	put_tree(NULL, LINK("D"), NULL, NULL, NULL);
	put_scope(SCOPE_OU, "OU=A," DOMAIN, LINK("A"), 3);
	put_scope(SCOPE_SITE, SITE_DN("Paris"), NULL, 1);
	seal();
	assert_string_equal(list_of(&srv1), "D A");
}

static void test_a_disabled_link_is_not_enforced(void **state)
{
	(void)state;
	put_gpos("DAB");
	put_tree(NULL, LINK("D"), DISABLED("A"), DISABLED_ENFORCED("B"), NULL);
	seal();
	assert_string_equal(list_of(&srv1), "D A:link_disabled B:link_disabled");
	assert_string_equal(winner_of(&srv1), "defined D");
}

static void test_containers_that_are_no_ous_are_passed(void **state)
{
	struct policy_computer c = srv1;

	(void)state;
	put_gpos("DA");
	put_tree(NULL, LINK("D"), LINK("A"), NULL, NULL);
	seal();
	c.dn = "CN=SRV1,CN=Computers," DOMAIN;
	assert_string_equal(list_of(&c), "D");
	c.dn = "CN=SRV1,CN=Box,OU=A," DOMAIN;
	assert_string_equal(list_of(&c), "D A");
}

static void test_names_are_compared_as_the_directory_does(void **state)
{
	struct policy_computer c = srv1;

	(void)state;
	put_gpos("DA");
	put_scope(SCOPE_SITE, SITE_DN("Paris"), NULL, 0);
	put_scope(SCOPE_DOMAIN, DOMAIN,
		  "[ldap://CN={D},CN=Policies,CN=System,dc=CORP,"
		  "dc=EXAMPLE;0]",
		  0);
	put_scope(SCOPE_OU, "OU=SQL\\, old\\2Cnew," DOMAIN, LINK("A"), 0);
	seal();
	c.dn = "CN=a\\,OU=x,ou=sql\\2C OLD\\,new,dc=Corp,dc=Example";
	c.site = "PARIS";
	assert_string_equal(list_of(&c), "D A");
}

static void test_a_child_domain_inherits_nothing_from_its_parent(void **state)
{
	struct policy_computer c = srv1;

	(void)state;
	put_gpos("DC");
	put_scope(SCOPE_SITE, SITE_DN("Paris"), NULL, 0);
	put_scope(SCOPE_DOMAIN, DOMAIN, ENFORCED("D"), 0);
	put_scope(SCOPE_DOMAIN, "DC=sub," DOMAIN, LINK("C"), 0);
	seal();
	c.dn = "CN=SRV1,CN=Computers,DC=sub," DOMAIN;
	assert_string_equal(list_of(&c), "C");
}

static void test_a_gpo_linked_at_several_places_counts_at_each(void **state)
{
	(void)state;
	put_gpos("DX");
	put_tree(NULL, LINK("X") LINK("D"), NULL, NULL, LINK("X"));
	seal();
	assert_string_equal(list_of(&srv1), "X D X");
	assert_string_equal(winner_of(&srv1), "defined X");
}

/* ---- what the record does not hold ---- */

static void test_an_unknown_site_matters_where_its_links_could_win(void **state)
{
	struct policy_computer c = srv1;

	(void)state;
	put_gpos("SDT");
	put_tree(LINK("S"), LINK("D"), NULL, NULL, NULL);
	put_scope(SCOPE_SITE, SITE_DN("Rome"), LINK("T"), 0);
	seal();
	c.site = NULL;
	assert_string_equal(list_of(&c), "S?site_unknown T?site_unknown D");
	assert_string_equal(winner_of(&c), "defined D");
	c.site = "";
	assert_string_equal(list_of(&c), "D");
	c.site = "Rome";
	assert_string_equal(list_of(&c), "T D");
	c.site = "Nowhere";
	assert_string_equal(list_of(&c), "-?scope_not_readable D -?scope_not_readable");
	assert_string_equal(winner_of(&c), "uncertain D");
}

static void test_an_enforced_link_of_an_unknown_site_is_uncertain(void **state)
{
	struct policy_computer c = srv1;

	(void)state;
	put_gpos("SD");
	put_tree(ENFORCED("S"), LINK("D"), NULL, NULL, NULL);
	seal();
	c.site = NULL;
	assert_string_equal(list_of(&c), "D S?site_unknown");
	assert_string_equal(winner_of(&c), "uncertain D");
	assert_string_equal(right_of(&c, "SeTcbPrivilege"), "not_defined -");
}

static void test_an_ou_without_a_record_is_no_ou_without_links(void **state)
{
	struct policy_computer c = srv1;

	(void)state;
	put_gpos("DA");
	put_tree(NULL, LINK("D"), ENFORCED("A"), NULL, NULL);
	seal();
	c.dn = "CN=SRV1,OU=X,OU=A," DOMAIN;
	assert_string_equal(list_of(&c), "D -?scope_not_readable -?scope_not_readable A");
	assert_string_equal(winner_of(&c), "defined A");
	assert_string_equal(right_of(&c, "SeTcbPrivilege"), "uncertain -");
}

static void test_a_link_without_a_gpo_is_an_orphan_where_all_gpos_were_read(void **state)
{
	(void)state;
	put_gpos("D");
	put_tree(NULL,
		 LINK("D")
			 LINK("gone") "[LDAP://cn={x},cn=policies,cn=system,DC=other;0]",
		 NULL, NULL, NULL);
	seal();
	assert_string_equal(list_of(&srv1), "D -:orphaned_link -?not_readable");
	assert_string_equal(winner_of(&srv1), "uncertain D");
}

static void test_a_link_attribute_that_is_broken_is_not_known_to_its_end(void **state)
{
	(void)state;
	put_gpos("DA");
	put_tree(NULL, LINK("D") "[LDAP://nonsense", LINK("A"), NULL, NULL);
	seal();
	assert_string_equal(list_of(&srv1), "D -?malformed_link A -?malformed_link");
	assert_string_equal(winner_of(&srv1), "uncertain A");
}

static void test_a_gpo_that_is_not_readable_may_declare_anything(void **state)
{
	struct made_gpo m;

	(void)state;
	put_gpos("DA");
	make_gpo(&m, "X");
	m.g.readable = false;
	m.g.template.state = TEMPLATE_NOT_READ;
	m.g.template.right_count = 0;
	put_gpo(&m);
	put_tree(NULL, LINK("D") LINK("X"), LINK("A"), NULL, NULL);
	seal();
	assert_string_equal(list_of(&srv1), "D X?not_readable A");
	assert_string_equal(winner_of(&srv1), "defined A");
	assert_string_equal(right_of(&srv1, "SeTcbPrivilege"), "uncertain -");
}

/* ---- does it apply ---- */

/* What becomes of a GPO "X", linked at the domain, as `change` has made it. */
static const char *answer_for(void (*change)(struct made_gpo *m),
			      const struct policy_computer *c)
{
	struct made_gpo m;
	const char *text;

	make_gpo(&m, "X");
	change(&m);
	put_gpo(&m);
	put_tree(NULL, LINK("X"), NULL, NULL, NULL);
	seal();
	text = list_of(c);
	end(NULL);
	begin(NULL);
	return text;
}

static void set_functionality(struct made_gpo *m)
{
	m->g.functionality = 1;
}

static void unset_functionality(struct made_gpo *m)
{
	m->g.functionality_known = false;
}

static void set_flags_1(struct made_gpo *m)
{
	m->g.flags = 1;
}

static void set_flags_2(struct made_gpo *m)
{
	m->g.flags = 2;
}

static void set_flags_3(struct made_gpo *m)
{
	m->g.flags = 3;
}

static void unset_flags(struct made_gpo *m)
{
	m->g.flags_known = false;
}

static void unset_dacl(struct made_gpo *m)
{
	m->g.dacl = DACL_NOT_READ;
}

/* The user half alone was edited, in the directory and in gpt.ini. */
static void set_version_of_user(struct made_gpo *m)
{
	m->g.version = 0x30000;
	m->g.template.gpt_version_known = true;
	m->g.template.gpt_version = 0x30000;
}

static void set_version_of_file(struct made_gpo *m)
{
	set_version_of_user(m);
	m->g.template.gpt_version = 1;
}

static void set_version_unread(struct made_gpo *m)
{
	set_version_of_user(m);
	m->g.template.gpt_version_known = false;
}

static void unset_extensions(struct made_gpo *m)
{
	m->g.extensions = NULL;
}

static void set_other_extension(struct made_gpo *m)
{
	m->g.extensions = "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}"
			  "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}]";
}

static void set_small_extension(struct made_gpo *m)
{
	m->g.extensions = "[{35378eac-683f-11d2-a89a-00c04fbbcfa2}{x}]"
			  "[{827d319e-6eac-11d2-a4ea-00c04f79f83a}{x}]";
}

static void set_extension_out_of_order(struct made_gpo *m)
{
	m->g.extensions = "[{B1BE8D72-6EAC-11D2-A4EA-00C04F79F83A}{x}]" EXTENSION;
}

static void set_uncertain_and_off(struct made_gpo *m)
{
	m->g.aces[0].form = ACE_PLAIN; /* uncertain, and stands before the next test */
	m->g.extensions = NULL;
}

static void set_no_file(struct made_gpo *m)
{
	m->g.template.state = TEMPLATE_NO_FILE;
	m->g.template.right_count = 0;
}

static void set_denied(struct made_gpo *m)
{
	m->g.template.state = TEMPLATE_DENIED;
	m->g.template.right_count = 0;
}

static void test_each_test_has_its_reason(void **state)
{
	(void)state;
	assert_string_equal(answer_for(set_functionality, &srv1),
			    "X:functionality_version");
	assert_string_equal(answer_for(unset_functionality, &srv1),
			    "X:functionality_version");
	assert_string_equal(answer_for(set_flags_1, &srv1), "X");
	assert_string_equal(answer_for(set_flags_2, &srv1),
			    "X:computer_settings_disabled");
	assert_string_equal(answer_for(set_flags_3, &srv1),
			    "X:computer_settings_disabled");
	assert_string_equal(answer_for(unset_flags, &srv1), "X?not_readable");
	assert_string_equal(answer_for(unset_dacl, &srv1), "X?not_readable");
	assert_string_equal(answer_for(set_version_of_user, &srv1), "X:empty");
	assert_string_equal(answer_for(set_version_of_file, &srv1), "X");
	assert_string_equal(answer_for(set_version_unread, &srv1), "X?empty");
	assert_string_equal(answer_for(unset_extensions, &srv1),
			    "X:no_security_extension");
	assert_string_equal(answer_for(set_other_extension, &srv1),
			    "X:no_security_extension");
	assert_string_equal(answer_for(set_small_extension, &srv1), "X");
	assert_string_equal(answer_for(set_extension_out_of_order, &srv1),
			    "X?no_security_extension");
	assert_string_equal(answer_for(set_uncertain_and_off, &srv1),
			    "X:no_security_extension");
	everybody[0].form = ACE_OBJECT;
	assert_string_equal(answer_for(set_no_file, &srv1), "X:no_template");
	assert_string_equal(answer_for(set_denied, &srv1), "X?not_readable");
}

static void use_filter(struct made_gpo *m)
{
	m->g.wmi_filter = "[corp.example;{F};0]";
}

static const char *answer_for_filter(const char *condition,
				     const struct policy_computer *c)
{
	if (condition)
		put_filter("{f}", condition);
	return answer_for(use_filter, c);
}

static void test_wmi_filters_are_evaluated_where_the_answer_is_known(void **state)
{
	struct policy_computer unknown = srv1;

	(void)state;
	unknown.role = ROLE_UNKNOWN;
	unknown.version = NULL;
	assert_string_equal(answer_for_filter("ProductType = 3", &srv1), "X");
	assert_string_equal(answer_for_filter("ProductType = 1", &srv1), "X:wmi_filter");
	assert_string_equal(answer_for_filter("Version LIKE '10.%'", &srv1), "X");
	assert_string_equal(answer_for_filter("Caption LIKE '%Core'", &srv1),
			    "X?wmi_filter");
	assert_string_equal(answer_for_filter("ProductType = 3", &unknown),
			    "X?wmi_filter");
	assert_string_equal(answer_for_filter("ProductType > 0", &unknown), "X");
	assert_string_equal(answer_for_filter(NULL, &srv1), "X"); /* it is gone */
}

static void test_a_filter_that_was_not_read_is_not_gone(void **state)
{
	(void)state;
	take(directory_policies_to_json(
		&(struct directory_policies){ .domain = "corp.example",
					      .scopes_complete = true,
					      .gpos_complete = true }));
	assert_string_equal(answer_for_filter(NULL, &srv1), "X?wmi_filter");
}

/* ---- who may apply it ---- */

static struct directory_ace list[8];
static size_t list_len;

static void use_list(struct made_gpo *m)
{
	m->g.aces = list;
	m->g.ace_count = list_len;
}

#define READ                                              \
	{                                                 \
		"S-1-5-11", ACE_PLAIN, false, true, false \
	}
#define APPLY(sid)                                  \
	{                                           \
		sid, ACE_OBJECT, false, false, true \
	}
#define PLAIN(sid)                                 \
	{                                          \
		sid, ACE_PLAIN, false, false, true \
	}
#define CONDITIONAL(sid)                                 \
	{                                                \
		sid, ACE_CONDITIONAL, false, false, true \
	}
#define DENY(sid)                                  \
	{                                          \
		sid, ACE_OBJECT, true, false, true \
	}

#define CHECK_DACL(computer, expected, ...)                                    \
	do {                                                                   \
		static const struct directory_ace aces[] = { __VA_ARGS__ };    \
		memcpy(list, aces, sizeof aces);                               \
		list_len = sizeof aces / sizeof *aces;                         \
		assert_string_equal(answer_for(use_list, computer), expected); \
	} while (0)

static void test_the_first_entry_that_counts_decides(void **state)
{
	(void)state;
	CHECK_DACL(&srv1, "X", READ, APPLY("S-1-5-11"));
	CHECK_DACL(&srv1, "X", READ, APPLY("S-1-1-0"));
	CHECK_DACL(&srv1, "X", READ, APPLY(SID "1104"));
	CHECK_DACL(&srv1, "X", READ, APPLY(SID "515"));
	CHECK_DACL(&srv1, "X:security_filtering", READ);
	CHECK_DACL(&srv1, "X:security_filtering", READ, DENY("S-1-5-11"),
		   APPLY("S-1-5-11"));
	CHECK_DACL(&srv1, "X", READ, APPLY("S-1-5-11"), DENY("S-1-5-11"));
	CHECK_DACL(&srv1, "X:security_filtering", READ, DENY(SID "515"),
		   APPLY("S-1-5-11"));
	CHECK_DACL(&srv1, "X:security_filtering", READ, APPLY("S-1-5-9"));
	CHECK_DACL(&srv1, "X:security_filtering", READ, APPLY("S-1-5-18"));
}

/* MS16-072: Authenticated Users were removed and Domain Computers not added. */
static void test_a_computer_needs_read_as_well(void **state)
{
	static const struct directory_ace deny_read = { SID "515", ACE_PLAIN, true, true,
							false };

	(void)state;
	CHECK_DACL(&srv1, "X:not_readable_by_computer", APPLY("S-1-5-11"));
	list[0] = deny_read;
	list[1] = (struct directory_ace)READ;
	list[2] = (struct directory_ace)APPLY("S-1-5-11");
	list_len = 3;
	assert_string_equal(answer_for(use_list, &srv1), "X:not_readable_by_computer");
}

static void use_no_dacl(struct made_gpo *m)
{
	m->g.dacl = DACL_ABSENT;
	m->g.ace_count = 0;
}

static void use_empty_dacl(struct made_gpo *m)
{
	m->g.ace_count = 0;
}

static void test_no_dacl_grants_and_an_empty_one_does_not(void **state)
{
	(void)state;
	assert_string_equal(answer_for(use_no_dacl, &srv1), "X");
	assert_string_equal(answer_for(use_empty_dacl, &srv1),
			    "X:not_readable_by_computer");
}

static void test_entries_that_clients_take_differently_are_uncertain(void **state)
{
	(void)state;
	CHECK_DACL(&srv1, "X?plain_ace", READ, PLAIN("S-1-5-11"));
	CHECK_DACL(&srv1, "X", READ, PLAIN("S-1-5-11"), APPLY("S-1-5-11"));
	CHECK_DACL(&srv1, "X:security_filtering", READ, PLAIN("S-1-5-9"));
	CHECK_DACL(&srv1, "X?security_filtering", READ, CONDITIONAL("S-1-5-11"));
	CHECK_DACL(&srv1, "X?security_filtering", READ, APPLY("S-1-5-32-544"));
	CHECK_DACL(&srv1, "X", READ, APPLY("S-1-5-32-545"));
}

static void test_domain_controllers_are_told_by_their_role(void **state)
{
	struct policy_computer dc = srv1, unknown = srv1;

	(void)state;
	dc.role = ROLE_DOMAIN_CONTROLLER;
	dc.primary_group = 0;
	unknown.role = ROLE_UNKNOWN;
	CHECK_DACL(&dc, "X", READ, APPLY("S-1-5-9"));
	CHECK_DACL(&unknown, "X?security_filtering", READ, APPLY("S-1-5-9"));
	CHECK_DACL(&dc, "X", READ, APPLY(SID "516"));
	CHECK_DACL(&dc, "X?security_filtering", READ, APPLY(SID "515"));
}

/* G contains H contains SRV1; H contains G, too: a ring. */
static void put_nested_groups(void)
{
	static const char *in_g[] = { SID "2002" }, *in_h[] = { SID "1104", SID "2001" };

	put_group(SID "2001", in_g, 1, true);
	put_group(SID "2002", in_h, 2, true);
	put_group(SID "2003", NULL, 0, true);
	put_group(SID "2004", NULL, 0, false);
}

static void test_members_of_members_count(void **state)
{
	struct policy_computer other = srv1;

	(void)state;
	other.sid = SID "1105";
	put_nested_groups();
	CHECK_DACL(&srv1, "X", READ, APPLY(SID "2001"));
	put_nested_groups();
	CHECK_DACL(&other, "X:security_filtering", READ, APPLY(SID "2001"));
	put_nested_groups();
	CHECK_DACL(&srv1, "X:security_filtering", READ, DENY(SID "2001"),
		   APPLY("S-1-5-11"));
	put_nested_groups();
	CHECK_DACL(&other, "X", READ, DENY(SID "2001"), APPLY("S-1-5-11"));
	put_nested_groups();
	CHECK_DACL(&srv1, "X:security_filtering", READ, APPLY(SID "2003"));
}

static void test_a_group_that_was_not_read_is_uncertain(void **state)
{
	static const char *in_g[] = { SID "2004" };

	(void)state;
	put_nested_groups();
	CHECK_DACL(&srv1, "X?security_filtering", READ, APPLY(SID "2004"));
	CHECK_DACL(&srv1, "X?security_filtering", READ, APPLY(SID "2005"));
	CHECK_DACL(&srv1, "X", READ, APPLY(SID "2005"), APPLY("S-1-5-11"));
	put_nested_groups();
	put_group(SID "2003", in_g, 1, true);
	CHECK_DACL(&srv1, "X?security_filtering", READ, APPLY(SID "2003"));
}

/* A domain's computers are members by their primary group. */
static void test_groups_that_contain_the_primary_group_count(void **state)
{
	static const char *in_g[] = { SID "515" };
	struct policy_computer dc = srv1;

	(void)state;
	dc.primary_group = 516;
	put_group(SID "2001", in_g, 1, true);
	put_group(SID "515", NULL, 0, true);
	CHECK_DACL(&srv1, "X", READ, APPLY(SID "2001"));
	put_group(SID "2001", in_g, 1, true);
	put_group(SID "515", NULL, 0, true);
	CHECK_DACL(&dc, "X:security_filtering", READ, APPLY(SID "2001"));
}

/* ---- the winner ---- */

static void test_lists_are_replaced_and_an_empty_one_is_a_value(void **state)
{
	struct made_gpo m;
	const struct policy *p;
	struct policy_right other;
	const struct policy_right *r;

	(void)state;
	put_gpos("DE");
	make_gpo(&m, "A");
	m.declared.entry_count = 0;
	m.declared.right = "sebatchlogonright";
	put_gpo(&m);
	put_tree(NULL, LINK("D") LINK("E"), LINK("A"), NULL, NULL);
	seal();
	assert_string_equal(winner_of(&srv1), "defined A");
	p = ask(&srv1);
	r = policy_find_right(p, "SEBATCHLOGONRIGHT", &other);
	assert_string_equal(r->name, "SeBatchLogonRight");
	assert_int_equal(r->declared->entry_count, 0);
	assert_true(policy_also_defines(p, r, 0) && policy_also_defines(p, r, 1));
	assert_false(policy_also_defines(p, r, 2));
	for (size_t i = 0; i < 3; i++)
		assert_false(policy_may_win(p, r, i));
}

/* Both ways it is the same list, so nothing about it is uncertain. */
static void test_what_is_uncertain_may_make_no_difference(void **state)
{
	struct made_gpo m;
	struct policy_right other;
	const struct policy_right *r;
	const struct policy *p;

	(void)state;
	put_gpos("D");
	put_filter("{F}", "Caption = 'x'");
	make_gpo(&m, "A");
	use_filter(&m);
	m.entry.sid = m.entry.text = "S-1-5-21-9-9-9-68"; /* as D has it */
	put_gpo(&m);
	put_tree(NULL, LINK("D"), LINK("A"), NULL, NULL);
	seal();
	assert_string_equal(list_of(&srv1), "D A?wmi_filter");
	assert_string_equal(winner_of(&srv1), "defined D");
	p = ask(&srv1);
	r = policy_find_right(p, "SeBatchLogonRight", &other);
	assert_true(policy_may_win(p, r, 1));
	assert_false(policy_may_win(p, r, 0));
}

static void test_two_rivals_that_differ_are_uncertain(void **state)
{
	struct made_gpo m;

	(void)state;
	put_gpos("D");
	put_filter("{F}", "Caption = 'x'");
	make_gpo(&m, "A");
	use_filter(&m);
	put_gpo(&m);
	put_tree(NULL, LINK("D"), LINK("A"), NULL, NULL);
	seal();
	assert_string_equal(winner_of(&srv1), "uncertain D");
}

static void test_an_uncertain_gpo_below_the_winner_does_not_matter(void **state)
{
	struct made_gpo m;

	(void)state;
	put_gpos("A");
	make_gpo(&m, "D");
	use_filter(&m);
	put_gpo(&m);
	put_filter("{F}", "Caption = 'x'");
	put_tree(NULL, LINK("D"), LINK("A"), NULL, NULL);
	seal();
	assert_string_equal(list_of(&srv1), "D?wmi_filter A");
	assert_string_equal(winner_of(&srv1), "defined A");
}

/* ---- answers that are shared ---- */

static void test_computers_of_one_place_differ_by_their_groups(void **state)
{
	struct policy_computer other = srv1, third = srv1;
	struct made_gpo m;

	(void)state;
	put_nested_groups();
	put_gpos("D");
	make_gpo(&m, "A");
	list[0] = (struct directory_ace)READ;
	list[1] = (struct directory_ace)APPLY(SID "2001");
	list_len = 2;
	use_list(&m);
	put_gpo(&m);
	put_tree(NULL, LINK("D"), LINK("A"), NULL, NULL);
	seal();
	other.sid = SID "1105";
	third.sid = SID "1106";
	assert_string_equal(winner_of(&srv1), "defined A");
	assert_string_equal(winner_of(&other), "defined D");
	assert_ptr_equal(ask(&other), ask(&third));
	assert_ptr_not_equal(ask(&other), ask(&srv1));
	assert_string_equal(winner_of(&srv1), "defined A");
}

/* More places, with longer lists, than what is kept has room for. */
static void test_many_places_are_answered_as_one_would_be(void **state)
{
	enum { PLACES = 4000, LINKS = 400 };
	static const char one[] = LINK("0");
	char *many = calloc(LINKS, sizeof one), dn[200], links[200], expected[20];
	struct policy_computer c = srv1;

	(void)state;
	assert_non_null(many);
	for (size_t i = 0; i < LINKS; i++)
		memcpy(many + i * (sizeof one - 1), one, sizeof one - 1);
	put_gpos("0123456789");
	put_scope(SCOPE_SITE, SITE_DN("Paris"), NULL, 0);
	put_scope(SCOPE_DOMAIN, DOMAIN, many, 0);
	free(many);
	for (unsigned i = 0; i < PLACES; i++) {
		snprintf(dn, sizeof dn, "OU=%u," DOMAIN, i);
		snprintf(links, sizeof links,
			 "[LDAP://cn={%u},cn=policies,cn=system," DOMAIN ";0]", i % 10);
		put_scope(SCOPE_OU, dn, links, 0);
	}
	seal();
	c.dn = dn;
	for (unsigned i = 0; i < 2 * PLACES; i++) {
		snprintf(dn, sizeof dn, "CN=SRV1,OU=%u," DOMAIN, i * 7 % PLACES);
		snprintf(expected, sizeof expected, "defined %u", i * 7 % PLACES % 10);
		assert_string_equal(winner_of(&c), expected);
	}
}

/* ---- sites ---- */

static void test_the_only_site_is_known(void **state)
{
	char name[64];

	(void)state;
	put_tree(NULL, NULL, NULL, NULL, NULL);
	seal();
	assert_true(policy_only_site(store, name, sizeof name));
	assert_string_equal(name, "Paris");
	end(NULL);
	begin(NULL);
	put_tree(NULL, NULL, NULL, NULL, NULL);
	put_scope(SCOPE_SITE, SITE_DN("Rome"), NULL, 0);
	seal();
	assert_false(policy_only_site(store, name, sizeof name));
}

static void test_lines_of_other_kinds_are_not_taken(void **state)
{
	static const char line[] =
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"end\"}";
	char why[200];

	(void)state;
	assert_int_equal(policy_store_take(store, line, sizeof line - 1, why, sizeof why),
			 POLICY_LINE_OTHER);
	assert_int_equal(policy_store_take(store, "{", 1, why, sizeof why),
			 POLICY_LINE_REFUSED);
	assert_int_not_equal(why[0], '\0');
	seal();
}

#define POLICY_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POLICY_TEST(test_site_domain_and_ous_apply_in_this_order),
		POLICY_TEST(test_the_last_entry_of_a_link_attribute_wins),
		POLICY_TEST(test_the_enforced_link_highest_in_the_tree_wins),
		POLICY_TEST(test_blocked_inheritance_stops_plain_links_from_above_alone),
		POLICY_TEST(test_options_other_than_1_block_nothing),
		POLICY_TEST(test_a_disabled_link_is_not_enforced),
		POLICY_TEST(test_containers_that_are_no_ous_are_passed),
		POLICY_TEST(test_names_are_compared_as_the_directory_does),
		POLICY_TEST(test_a_child_domain_inherits_nothing_from_its_parent),
		POLICY_TEST(test_a_gpo_linked_at_several_places_counts_at_each),
		POLICY_TEST(test_an_unknown_site_matters_where_its_links_could_win),
		POLICY_TEST(test_an_enforced_link_of_an_unknown_site_is_uncertain),
		POLICY_TEST(test_an_ou_without_a_record_is_no_ou_without_links),
		POLICY_TEST(
			test_a_link_without_a_gpo_is_an_orphan_where_all_gpos_were_read),
		POLICY_TEST(test_a_link_attribute_that_is_broken_is_not_known_to_its_end),
		POLICY_TEST(test_a_gpo_that_is_not_readable_may_declare_anything),
		POLICY_TEST(test_each_test_has_its_reason),
		POLICY_TEST(test_wmi_filters_are_evaluated_where_the_answer_is_known),
		POLICY_TEST(test_a_filter_that_was_not_read_is_not_gone),
		POLICY_TEST(test_the_first_entry_that_counts_decides),
		POLICY_TEST(test_a_computer_needs_read_as_well),
		POLICY_TEST(test_no_dacl_grants_and_an_empty_one_does_not),
		POLICY_TEST(test_entries_that_clients_take_differently_are_uncertain),
		POLICY_TEST(test_domain_controllers_are_told_by_their_role),
		POLICY_TEST(test_members_of_members_count),
		POLICY_TEST(test_a_group_that_was_not_read_is_uncertain),
		POLICY_TEST(test_groups_that_contain_the_primary_group_count),
		POLICY_TEST(test_lists_are_replaced_and_an_empty_one_is_a_value),
		POLICY_TEST(test_what_is_uncertain_may_make_no_difference),
		POLICY_TEST(test_two_rivals_that_differ_are_uncertain),
		POLICY_TEST(test_an_uncertain_gpo_below_the_winner_does_not_matter),
		POLICY_TEST(test_computers_of_one_place_differ_by_their_groups),
		POLICY_TEST(test_many_places_are_answered_as_one_would_be),
		POLICY_TEST(test_the_only_site_is_known),
		POLICY_TEST(test_lines_of_other_kinds_are_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
