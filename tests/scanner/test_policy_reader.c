/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read of a directory's Group Policy, from a directory that stands here: groups
 * in ranges, rings and ceilings, searches that are refused, a connection that ends.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rpc/wire/sid.h"
#include "scanner/discover/policy_reader.h"

#define DOMAIN "S-1-5-21-1-2-3"
#define GUID   "{00000001-0000-4000-8000-0123456789AB}"

enum { MEMBERS = 4000, ALLOW = 0, RID_GROUP = 2000, RID_INNER = 3000 };

bool __wrap_ldap_link_search(struct ldap_link *l, const struct ldap_query *q,
			     struct fault *fault);

/* ---- the directory ---- */

/* Members are numbers of accounts below the domain: `count` of them from `first` on,
 * every third one a computer, the others users; a group has RID_GROUP or RID_INNER. */
static struct directory {
	uint32_t first, count;
	uint32_t range_max;  /* values in one answer; 0: all, and no range is told */
	bool ring;           /* the inner group is a member, and has the outer one */
	bool foreign;        /* one member is of another domain, one is a contact */
	bool endless;        /* no range is the last one */
	const char *refused; /* part of a base or filter: that search is refused */
	const char *dies;    /* and there the connection ends */
	bool no_class;       /* scopes and GPOs come without a readable attribute */
	unsigned searches, ranges, sorted; /* that were made */
} here;

static struct bytes of(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static void add(struct entry *e, const char *name, const struct bytes *values,
		size_t count)
{
	e->attributes[e->count++] = (struct entry_attribute){ name, values, count };
}

/* D:(A;;RPLC...;;;group)(OA;;CR;apply;;group), by hand. */
static struct bytes descriptor(void)
{
	static uint8_t kept[256];
	struct wire_out w = wire_out(sizeof kept);
	struct sid sid;
	size_t len;

	assert_true(sid_parse(DOMAIN "-2000", &sid));
	put_bytes(&w, "\1\0\4\x90", 4);
	put_zeros(&w, 12);
	put_u32le(&w, 20);
	put_u16le(&w, 4);
	put_u16le(&w, 8 + 36);
	put_u32le(&w, 1);
	put_u16le(&w, ALLOW);
	put_u16le(&w, 36);
	put_u32le(&w, 0x110);
	sid_put(&w, &sid);
	len = w.len;
	memcpy(kept, w.at, len);
	wire_drop(&w);
	return (struct bytes){ kept, len };
}

/* The i-th member of a group as the extended DN control gives it. */
static void put_member(char *text, size_t size, uint32_t rid, bool inner)
{
	if (here.ring && rid == here.first)
		snprintf(text, size, "<GUID=1>;<SID=" DOMAIN "-%d>;CN=g,DC=corp",
			 inner ? RID_GROUP : RID_INNER);
	else if (here.foreign && rid == here.first + 1)
		snprintf(text, size, "<GUID=1>;<SID=S-1-5-21-9-9-9-1001>;CN=f,DC=other");
	else if (here.foreign && rid == here.first + 2)
		snprintf(text, size, "<GUID=1>;CN=contact,DC=corp");
	else
		snprintf(text, size, "<GUID=1>;<SID=" DOMAIN "-%u>;CN=m%u,DC=corp",
			 (unsigned)rid, (unsigned)rid);
}

static void give_group(const struct ldap_query *q)
{
	static char texts[MEMBERS][80];
	static struct bytes values[MEMBERS];
	struct bytes account = of("g"), changed = of("20260102030405.0Z");
	bool inner = strstr(q->base, "-3000>") != NULL;
	struct entry e = { .dn = "<GUID=1>;<SID=" DOMAIN "-2000>;CN=g,DC=corp" };
	char name[60] = "member";
	unsigned from = 0, n;

	for (const char *const *a = q->attributes; *a; a++)
		if (sscanf(*a, "member;range=%u-", &from) == 1)
			here.ranges++;
	n = here.endless ? 1 : here.count - from;
	if (here.range_max && n > here.range_max)
		n = here.range_max;
	for (unsigned i = 0; i < n; i++) {
		put_member(texts[i], sizeof texts[i], here.first + from + i, inner);
		values[i] = of(texts[i]);
	}
	if (here.endless)
		snprintf(name, sizeof name, "member;range=%u-%u", from, from + n - 1);
	else if (here.range_max && from + n == here.count)
		snprintf(name, sizeof name, "member;range=%u-*", from);
	else if (here.range_max)
		snprintf(name, sizeof name, "member;range=%u-%u", from, from + n - 1);
	add(&e, "sAMAccountName", &account, 1);
	add(&e, "whenChanged", &changed, 1);
	if (n)
		add(&e, name, values, n);
	assert_true(q->extended_dn);
	q->each(&e, q->arg);
}

/* "(objectSid=\01\05...)": the RIDs that are asked for, the last four bytes of each. */
static void give_sorted(const struct ldap_query *q)
{
	static const char mark[] = "(objectSid=";

	here.sorted++;
	for (const char *at = q->filter; (at = strstr(at, mark)); at += sizeof mark) {
		const char *end = strchr(at, ')') - 12;
		unsigned bytes[4];
		struct bytes sid, class = of("computer");
		struct entry e = { .dn = "CN=x,DC=corp" };
		struct wire_out w = wire_out(100);
		struct sid value;
		char text[SID_TEXT_MAX];
		uint32_t rid;

		assert_int_equal(sscanf(end, "\\%2x\\%2x\\%2x\\%2x", &bytes[0], &bytes[1],
					&bytes[2], &bytes[3]),
				 4);
		rid = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24;
		if (rid == RID_INNER || rid == RID_GROUP)
			class = of("group");
		else if (rid % 3)
			continue;
		snprintf(text, sizeof text, DOMAIN "-%u", (unsigned)rid);
		assert_true(sid_parse(text, &value));
		sid_put(&w, &value);
		sid = wire_written(&w);
		add(&e, "objectSid", &sid, 1);
		add(&e, "objectClass", &class, 1);
		q->each(&e, q->arg);
		wire_drop(&w);
	}
}

static void give_scope(const struct ldap_query *q)
{
	struct bytes class = of("top"), links = of("[LDAP://CN=" GUID ";0]");
	struct entry e = { .dn = *q->base ? q->base : "DC=corp" };

	if (!here.no_class)
		add(&e, "objectClass", &class, 1);
	add(&e, "gPLink", &links, 1);
	q->each(&e, q->arg);
}

static void give_gpo(const struct ldap_query *q)
{
	struct bytes class = of("groupPolicyContainer"), zero = of("0");
	struct bytes dacl = descriptor();
	struct entry e = { .dn = "CN=" GUID ",CN=Policies,CN=System,DC=corp" };

	assert_true(q->dacl);
	if (!here.no_class) {
		add(&e, "objectClass", &class, 1);
		add(&e, "flags", &zero, 1);
		add(&e, "nTSecurityDescriptor", &dacl, 1);
	}
	q->each(&e, q->arg);
}

static bool names(const struct ldap_query *q, const char *part)
{
	return part && (strstr(q->base, part) || strstr(q->filter, part));
}

bool __wrap_ldap_link_search(struct ldap_link *l, const struct ldap_query *q,
			     struct fault *fault)
{
	(void)l;
	here.searches++;
	if (names(q, here.refused) || names(q, here.dies)) {
		fault_set(fault, "search",
			  names(q, here.dies) ? REASON_DIRECTORY_CLOSED
					      : REASON_DIRECTORY_REFUSED,
			  CODE_NONE, 0);
		return false;
	}
	if (strncmp(q->base, "<SID=", 5) == 0)
		give_group(q);
	else if (strstr(q->filter, "objectSid"))
		give_sorted(q);
	else if (strncmp(q->base, "CN=Policies", 11) == 0)
		give_gpo(q);
	else if (strncmp(q->base, "CN=SOM", 6) != 0)
		give_scope(q);
	return true;
}

/* ---- reading it ---- */

static void read_all(struct policy_set *set, bool sites)
{
	const struct directory_domain domain = { .dns_name = "corp.example",
						 .netbios_name = "CORP",
						 .dn = "DC=corp",
						 .sid = DOMAIN,
						 .forest = "root.example",
						 .controller = "dc1.corp.example" };
	const struct policy_request request = {
		.domain = &domain,
		.configuration = sites ? "CN=Configuration,DC=root" : NULL,
	};

	*set = (struct policy_set){ 0 };
	here.searches = here.ranges = here.sorted = 0;
	policy_read(&request, set);
}

static void everything_is_read_in_its_place(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .first = 5001, .count = 3 };
	read_all(&set, true);
	assert_int_equal(set.scope_count, 3);
	assert_int_equal(set.scopes[0].type, SCOPE_DOMAIN);
	assert_int_equal(set.scopes[1].type, SCOPE_OU);
	assert_int_equal(set.scopes[2].type, SCOPE_SITE);
	assert_string_equal(set.scopes[2].domain, "root.example");
	assert_string_equal(set.scopes[1].domain, "corp.example");
	assert_int_equal(set.gpo_count, 1);
	assert_true(set.gpos[0].readable);
	assert_int_equal(set.gpos[0].ace_count, 1);
	assert_true(set.policies.scopes_complete && set.policies.gpos_complete &&
		    set.policies.filters_complete);
	assert_string_equal(set.error, "");
	assert_int_equal(set.group_count, 1);
	assert_string_equal(set.groups[0].sid, DOMAIN "-2000");
	assert_string_equal(set.groups[0].name, "CORP\\g");
	assert_string_equal(set.groups[0].dn, "CN=g,DC=corp");
	assert_true(set.groups[0].complete);
	/* 5001 is a computer, 5002 and 5003 are users */
	assert_int_equal(set.groups[0].member_count, 1);
	assert_string_equal(set.groups[0].members[0], DOMAIN "-5001");
	policy_set_clear(&set);
	read_all(&set, false);
	assert_int_equal(set.scope_count, 2);
	policy_set_clear(&set);
}

static void members_come_in_ranges(void **state)
{
	static const uint32_t ranges[] = { 0, 1500, 1000, 1 << 20 };
	static const unsigned asked[] = { 1, 3, 4, 1 };
	struct policy_set set;
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		here = (struct directory){ .first = 6000,
					   .count = MEMBERS,
					   .range_max = ranges[i] };
		read_all(&set, false);
		assert_int_equal(here.ranges, asked[i]);
		assert_int_equal(here.sorted, MEMBERS / 100);
		assert_true(set.groups[0].complete);
		assert_int_equal(set.groups[0].member_count, (MEMBERS + 2) / 3);
		assert_string_equal(set.groups[0].members[1333], DOMAIN "-9999");
		policy_set_clear(&set);
	}
}

static void ranges_without_end_end(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .first = 6000, .count = 3, .endless = true };
	read_all(&set, false);
	assert_int_equal(set.group_count, 1);
	assert_false(set.groups[0].complete);
	assert_int_equal(here.ranges, 1000);
	policy_set_clear(&set);
}

static void a_ring_of_groups_ends(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .first = 6000, .count = 4, .ring = true };
	read_all(&set, false);
	assert_int_equal(set.group_count, 2);
	assert_string_equal(set.groups[1].sid, DOMAIN "-3000");
	assert_string_equal(set.groups[0].members[0], DOMAIN "-3000");
	assert_string_equal(set.groups[1].members[0], DOMAIN "-2000");
	assert_int_equal(here.ranges, 2);
	policy_set_clear(&set);
}

static void members_of_elsewhere_stay(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .first = 6001, .count = 3, .foreign = true };
	read_all(&set, false);
	assert_int_equal(set.groups[0].member_count, 1);
	assert_string_equal(set.groups[0].members[0], "S-1-5-21-9-9-9-1001");
	assert_true(set.groups[0].complete);
	policy_set_clear(&set);
}

static void what_cannot_be_sorted_is_not_complete(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .first = 6000, .count = 4, .refused = "objectSid" };
	read_all(&set, false);
	assert_int_equal(set.groups[0].member_count, 4);
	assert_false(set.groups[0].complete);
	policy_set_clear(&set);
}

/* Nobody may take it for an empty one. */
static void a_group_that_cannot_be_read_has_no_record(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .first = 6000, .count = 4, .refused = "<SID=" };
	read_all(&set, false);
	assert_int_equal(set.group_count, 0);
	policy_set_clear(&set);
}

static void a_refused_search_leaves_the_others(void **state)
{
	static const char *const refused[] = { "CN=Sites", "organizationalUnit",
					       "CN=Policies", "CN=SOM" };
	struct policy_set set;
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		here = (struct directory){ .count = 0, .refused = refused[i] };
		read_all(&set, true);
		assert_int_equal(set.policies.scopes_complete, i >= 2);
		assert_int_equal(set.policies.gpos_complete, i != 2);
		assert_int_equal(set.policies.filters_complete, i != 3);
		assert_string_not_equal(set.error, "");
		assert_int_equal(set.gpo_count, i != 2);
		assert_int_equal(set.scope_count, i < 2 ? 2 : 3);
		policy_set_clear(&set);
	}
}

static void a_connection_that_ends_is_asked_no_more(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .count = 0, .dies = "organizationalUnit" };
	read_all(&set, true);
	assert_int_equal(here.searches, 2);
	assert_false(set.policies.scopes_complete || set.policies.gpos_complete ||
		     set.policies.filters_complete);
	assert_int_equal(set.group_count, 0);
	policy_set_clear(&set);
	here = (struct directory){ .first = 6000, .count = 4, .dies = "objectSid" };
	read_all(&set, true);
	assert_int_equal(set.group_count, 1);
	assert_false(set.groups[0].complete);
	assert_string_not_equal(set.error, "");
	policy_set_clear(&set);
}

static void what_may_not_be_read_is_not_left_out(void **state)
{
	struct policy_set set;
	(void)state;

	here = (struct directory){ .no_class = true };
	read_all(&set, true);
	assert_int_equal(set.scope_count, 0);
	assert_false(set.policies.scopes_complete);
	assert_int_equal(set.gpo_count, 1);
	assert_false(set.gpos[0].readable);
	assert_string_equal(set.gpos[0].id, GUID);
	assert_true(set.policies.gpos_complete);
	policy_set_clear(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_read_in_its_place),
		cmocka_unit_test(members_come_in_ranges),
		cmocka_unit_test(ranges_without_end_end),
		cmocka_unit_test(a_ring_of_groups_ends),
		cmocka_unit_test(members_of_elsewhere_stay),
		cmocka_unit_test(what_cannot_be_sorted_is_not_complete),
		cmocka_unit_test(a_group_that_cannot_be_read_has_no_record),
		cmocka_unit_test(a_refused_search_leaves_the_others),
		cmocka_unit_test(a_connection_that_ends_is_asked_no_more),
		cmocka_unit_test(what_may_not_be_read_is_not_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
