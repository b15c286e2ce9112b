/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/rpc/lsa_play.h"

struct golden {
	read_fn read;
	size_t asked;
	const char *text;
};

static const struct golden goldens[] = {
	{ read_open, 0, OPEN_REPLY },
	{ read_close, 0, "000000000000000000000000000000000000000000000000" },
	{ read_right, 0, RIGHT_ONE },
	{ read_right, 0, RIGHT_FIVE },
	{ read_right, 0, RIGHT_NOBODY },
	{ read_right, 0, RIGHT_UNKNOWN },
	{ read_right, 0, ACCOUNTS_WINDOWS },
	{ read_primary, 0, PRIMARY_DOMAIN_WINDOWS },
	{ read_account, 0, ACCOUNT_DOMAIN_SAMBA },
	{ read_primary, 0, PRIMARY_DOMAIN_MEMBER },
	{ read_primary, 0, PRIMARY_DOMAIN_STANDALONE },
	{ read_account, 0, ACCOUNT_DOMAIN_2003 },
	{ read_dns, 0, DNS_DOMAIN_SAMBA },
	{ read_lookup, 3, LOOKUP_THREE },
	{ read_lookup, 1, LOOKUP_2003 },
	{ read_lookup2, 3, LOOKUP2_THREE },
	{ read_lookup2, 1, LOOKUP2_NONE },
	{ read_lookup2, 4, LOOKUP2_FOUR },
	{ read_lookup2, 1, LOOKUP2_2016 },
};

enum { GOLDENS = sizeof(goldens) / sizeof(goldens[0]) };

/* --- requests --- */

static void requests_are_those_of_the_wire(void **state)
{
	const struct sid three[] = { sid("S-1-5-32-544"), sid("S-1-5-6"),
				     sid("S-1-5-21-1-2-3-1234") };
	const struct sid one = sid("S-1-5-21-308926384-506822093-3341789130-107103");
	const struct lsa_handle of_2016 = {
		{ 0x00, 0x00, 0x00, 0x00, 0xd0, 0xc7, 0x60, 0x91, 0xae, 0xe2,
		  0xe3, 0x4c, 0x95, 0xe2, 0xb7, 0xdb, 0x65, 0xab, 0xc4, 0x43 },
	};
	struct wire_out w = wire_out(10000);

	(void)state;
	lsa_put_open_policy2(&w, POLICY_VIEW_LOCAL_INFORMATION | POLICY_LOOKUP_NAMES);
	assert_written(&w, "00000000 18000000 00000000 00000000 00000000 00000000 "
			   "00000000 01080000");
	lsa_put_close(&w, &handle);
	assert_written(&w, "0000000085b81eb46fc45046a709a1da2ed2cee2");
	lsa_put_query_policy(&w, &handle, POLICY_ACCOUNT_DOMAIN);
	assert_written(&w, ACCOUNT_DOMAIN_REQUEST);
	lsa_put_accounts_with_right(&w, &handle, "SeImpersonatePrivilege");
	assert_written(&w, RIGHT_REQUEST);
	lsa_put_lookup_sids(&w, &handle, three, 3, false);
	assert_written(&w, LOOKUP_REQUEST);
	lsa_put_lookup_sids(&w, &handle, three, 3, true);
	assert_written(&w, LOOKUP2_REQUEST);
	lsa_put_lookup_sids(&w, &of_2016, &one, 1, true);
	assert_written(&w, LOOKUP2_REQUEST_2016);
}

static void requests_that_cannot_be_are_refused(void **state)
{
	static struct sid sids[LSA_LOOKUP_MAX + 1];
	struct wire_out w = wire_out(1 << 20);

	(void)state;
	lsa_put_lookup_sids(&w, &handle, sids, LSA_LOOKUP_MAX, true);
	assert_false(w.bad);
	wire_reset(&w);
	lsa_put_lookup_sids(&w, &handle, sids, LSA_LOOKUP_MAX + 1, true);
	assert_true(w.bad);
	wire_reset(&w);
	lsa_put_accounts_with_right(&w, &handle, "Se\xff");
	assert_true(w.bad);
	wire_drop(&w);
}

/* --- replies --- */

static void a_policy_handle_is_echoed_as_it_came(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_open, OPEN_REPLY, 0, &r));
	assert_int_equal(r.status, STATUS_SUCCESS);
	assert_memory_equal(&r.handle, &handle, sizeof(handle));
	assert_true(hear(read_open, "0000000000000000000000000000000000000000220000c0", 0,
			 &r));
	assert_int_equal(r.status, STATUS_ACCESS_DENIED);
	/* Success without a handle is no success. */
	assert_true(refused(read_open, "000000000000000000000000000000000000000000000000",
			    0));
}

static void holders_come_in_the_order_told(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_right, RIGHT_ONE, 0, &r));
	assert_int_equal(r.status, STATUS_SUCCESS);
	assert_int_equal(r.sids.count, 1);
	assert_sid(&r.sids.sids[0], "S-1-5-32-544");
	arena_drop(&r.arena);
	assert_true(hear(read_right, RIGHT_FIVE, 0, &r));
	assert_int_equal(r.sids.count, 5);
	assert_sid(&r.sids.sids[0], "S-1-5-32-544");
	assert_sid(&r.sids.sids[1], "S-1-5-32-550");
	assert_sid(&r.sids.sids[4], "S-1-5-32-548");
	arena_drop(&r.arena);
}

/* Nobody, not known, not allowed: three answers, none of them malformed. */
static void no_holders_have_three_reasons(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_right, RIGHT_NOBODY, 0, &r));
	assert_int_equal(r.status, STATUS_NO_MORE_ENTRIES);
	assert_int_equal(r.sids.count, 0);
	assert_true(hear(read_right, RIGHT_UNKNOWN, 0, &r));
	assert_int_equal(r.status, STATUS_NO_SUCH_PRIVILEGE);
	assert_true(hear(read_right, "0000000000000000220000c0", 0, &r));
	assert_int_equal(r.status, STATUS_ACCESS_DENIED);
}

static void malformed_holders_are_refused(void **state)
{
	static const char *const bad[] = {
		/* More than the IDL's 20480; more than can be in the bytes left. */
		"01500000000002000150000000000200",
		"ffffffff00000200ffffffff00000200",
		"0200000008000200020000000c0002000200000001020000000000052000000020020000"
		"00"
		"000000",
		/* max_count is not EntriesRead, one less and one more. */
		"0100000008000200000000000c0002000200000001020000000000052000000020020000"
		"00"
		"000000",
		"0100000008000200020000000c0002000200000001020000000000052000000020020000"
		"00"
		"000000",
		/* Entries without an array. */
		"0100000000000000000000000000000000000000000000000000",
		/* A NULL for a holder's SID. */
		"010000000800020001000000000000000200000001020000000000052000000020020000"
		"0000"
		"0000",
		/* A SID of revision 2; one whose max_count is not its own; sixteen. */
		"0100000008000200010000000c0002000200000002020000000000052000000020020000"
		"0000"
		"0000",
		"0100000008000200010000000c0002000100000001020000000000052000000020020000"
		"0000"
		"0000",
		"0100000008000200010000000c0002001000000001100000000000050000000000000000"
		"0000"
		"000000000000000000000000000000000000000000000000000000000000000000000000"
		"00"
		"00000000000000000000000000000000000000000000",
		/* Twelve bytes behind the status. */
		RIGHT_ONE "000000000000000000000000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(refused(read_right, bad[i], 0));
	assert_false(refused(read_right, RIGHT_ONE "ffffffffffffffff", 0)); /* padding */
}

/* A SID with no sub-authority and one with all fifteen. */
static void sids_of_any_legal_length_are_read(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(
		read_right,
		"02000000080002000200000001000000010000000000000001000000000000050f000000"
		"010f00000000000501000000020000000300000004000000050000000600000007000000"
		"08"
		"000000090000000a0000000b0000000c0000000d0000000e0000000f00000000000000",
		0, &r));
	assert_int_equal(r.sids.count, 2);
	assert_sid(&r.sids.sids[0], "S-1-5");
	assert_sid(&r.sids.sids[1], "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15");
	arena_drop(&r.arena);
}

static void the_primary_domain_of_a_workgroup_has_no_sid(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_primary, PRIMARY_DOMAIN_MEMBER, 0, &r));
	assert_string_equal(r.primary.name, "LAB");
	assert_true(r.primary.has_sid);
	assert_sid(&r.primary.sid, "S-1-5-21-1478881574-2468118330-3724905751");
	arena_drop(&r.arena);
	assert_true(hear(read_primary, PRIMARY_DOMAIN_STANDALONE, 0, &r));
	assert_string_equal(r.primary.name, "WORKGROUP");
	assert_false(r.primary.has_sid);
	arena_drop(&r.arena);
	/* The same shape under class 5. */
	assert_true(refused(read_primary, ACCOUNT_DOMAIN_SAMBA, 0));
}

static void the_account_domain_has_a_name_and_a_sid(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_account, ACCOUNT_DOMAIN_SAMBA, 0, &r));
	assert_string_equal(r.account.name, "LAB");
	assert_true(r.account.has_sid);
	assert_sid(&r.account.sid, "S-1-5-21-2068962474-1693355386-3650038024");
	arena_drop(&r.arena);
	assert_true(hear(read_account, ACCOUNT_DOMAIN_2003, 0, &r));
	assert_string_equal(r.account.name, "CNAMIS");
	assert_sid(&r.account.sid, "S-1-5-21-2003005900-1307576400-939750613");
	arena_drop(&r.arena);
	/* Class 12 where class 5 was asked for. */
	assert_true(refused(read_account, DNS_DOMAIN_SAMBA, 0));
}

static void the_dns_domain_may_be_a_workgroup(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_dns, DNS_DOMAIN_SAMBA, 0, &r));
	assert_string_equal(r.dns.name, "LAB");
	assert_string_equal(r.dns.dns_domain, "lab.example");
	assert_string_equal(r.dns.dns_forest, "lab.example");
	assert_true(r.dns.has_sid);
	assert_sid(&r.dns.sid, "S-1-5-21-2068962474-1693355386-3650038024");
	arena_drop(&r.arena);
	/* A workgroup: empty DNS names, one with a buffer and one without, and no SID. */
	assert_true(
		hear(read_dns,
		     "00000200 0c00 aaaa 0400 0600 04000200 0000 0200 08000200 0000 0000 "
		     "00000000 00000000000000000000000000000000 00000000 "
		     "03000000 00000000 02000000 57004700 01000000 00000000 00000000 "
		     "00000000",
		     0, &r));
	assert_int_equal(r.status, STATUS_SUCCESS);
	assert_string_equal(r.dns.name, "WG");
	assert_string_equal(r.dns.dns_domain, "");
	assert_string_equal(r.dns.dns_forest, "");
	assert_false(r.dns.has_sid);
	arena_drop(&r.arena);
}

static void a_policy_that_is_refused_has_no_data(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_dns, "00000000220000c0", 0, &r));
	assert_int_equal(r.status, STATUS_ACCESS_DENIED);
	assert_false(r.dns.has_sid);
	assert_true(refused(read_dns, "0000000000000000", 0)); /* success without data */
	assert_true(refused(read_account, "0000000000000000", 0));
}

#define ACCOUNT(length, maximum, max_count, offset, actual, text) \
	"000002000500aaaa" length maximum                         \
	"0400020008000200" max_count offset actual text           \
	"0100000001010000000000051500000000000000"

static void bent_strings_are_refused(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(
		read_account,
		ACCOUNT("0400", "0600", "03000000", "00000000", "02000000", "41004200"),
		0, &r));
	assert_string_equal(r.account.name, "AB");
	assert_sid(&r.account.sid, "S-1-5-21");
	arena_drop(&r.arena);
	/* An odd Length. */
	assert_true(refused(
		read_account,
		ACCOUNT("0300", "0600", "03000000", "00000000", "02000000", "41004200"),
		0));
	/* Length above MaximumLength. */
	assert_true(refused(
		read_account,
		ACCOUNT("0400", "0200", "03000000", "00000000", "02000000", "41004200"),
		0));
	/* An offset; an actual count that is not Length; one above max_count. */
	assert_true(refused(
		read_account,
		ACCOUNT("0400", "0600", "03000000", "01000000", "02000000", "41004200"),
		0));
	assert_true(refused(
		read_account,
		ACCOUNT("0200", "0600", "03000000", "00000000", "02000000", "41004200"),
		0));
	assert_true(refused(
		read_account,
		ACCOUNT("0400", "0600", "01000000", "00000000", "02000000", "41004200"),
		0));
	assert_true(refused(
		read_account,
		ACCOUNT("0400", "0600", "ffffffff", "00000000", "ffffffff", "41004200"),
		0));
	/* Text without a buffer. */
	assert_true(refused(read_account,
			    "000002000500aaaa0400040000000000080002000100000001010000"
			    "000000051500000000000000",
			    0));
}

/* What is no text is no name, and the SID beside it stands. */
static void a_name_that_is_no_text_spoils_nothing(void **state)
{
	static const char *const texts[] = {
		ACCOUNT("0400", "0600", "03000000", "00000000", "02000000", "00d84200"),
		ACCOUNT("0400", "0600", "03000000", "00000000", "02000000", "410000dc"),
		ACCOUNT("0400", "0600", "03000000", "00000000", "02000000", "00004200"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct reply r;

		assert_true(hear(read_account, texts[i], 0, &r));
		assert_string_equal(r.account.name, "");
		assert_sid(&r.account.sid, "S-1-5-21");
		arena_drop(&r.arena);
	}
}

static void reads_the_accounts_of_a_windows_server(void **state)
{
	static const struct {
		size_t at;
		const char *sid;
	} some[] = {
		{ 0, "S-1-5-90-0" },
		{ 1, "S-1-5-80-592940576-1656185091-296729330-4026955537-2205062631" },
		{ 5, "S-1-5-80-0" },
		{ 6, "S-1-5-6" },
		{ 11, "S-1-5-32-544" },
		{ 12, "S-1-5-21-3399550914-3019600464-3536316716-1021" },
		{ 16, "S-1-5-21-1023064509-695355555-2046574917-1106" },
		{ 17, "S-1-5-20" },
		{ 18, "S-1-5-19" },
		{ 19, "S-1-1-0" },
	};
	struct reply r;

	(void)state;
	assert_int_equal(strlen(ACCOUNTS_CONTEXT ACCOUNTS_WINDOWS) / 2, 608);
	assert_true(hear(read_right, ACCOUNTS_WINDOWS, 0, &r));
	assert_int_equal(r.status, 0);
	assert_int_equal(r.sids.count, 20);
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		assert_sid(&r.sids.sids[some[i].at], some[i].sid);
	arena_drop(&r.arena);
}

static void reads_the_domain_of_a_windows_server(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_primary, PRIMARY_DOMAIN_WINDOWS, 0, &r));
	assert_string_equal(r.primary.name, "SKYNET");
	assert_sid(&r.primary.sid, "S-1-5-21-1023064509-695355555-2046574917");
	arena_drop(&r.arena);
}

/* No call of ours has this shape; the primitives read it to its end. */
static void reads_the_rights_of_an_account(void **state)
{
	static const char name[] = "SeBackupPrivilege";
	struct bytes stub = unhex(ACCOUNT_RIGHTS_WINDOWS), text;
	struct wire_in w = wire_in(stub.at, stub.len);
	struct ndr_unicode right;

	(void)state;
	assert_int_equal(stub.len, 72);
	assert_int_equal(ndr_get_count(&w, 256, 8), 1);
	assert_true(ndr_get_pointer(&w));
	ndr_get_conformance(&w, 1);
	right = ndr_get_unicode(&w);
	assert_true(right.present);
	text = ndr_get_unicode_buffer(&w, right);
	assert_int_equal(text.len, 2 * (sizeof name - 1));
	for (size_t i = 0; i < sizeof name - 1; i++)
		assert_int_equal(text.at[2 * i], name[i]);
	assert_int_equal(ndr_get_u32(&w), 0); /* STATUS_SUCCESS */
	assert_true(ndr_done(&w));
	hex_free(stub);
}

/* --- every reply, cut and bent --- */

static void every_cut_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOLDENS; i++) {
		struct bytes whole = unhex(goldens[i].text);

		for (size_t len = 0; len < whole.len; len++) {
			struct bytes cut = hex_cut(whole, len);
			struct reply r = { .arena = arena(ARENA_MAX), .status = 77 };

			assert_false(goldens[i].read(cut, goldens[i].asked, &r));
			assert_int_equal(r.status, 77); /* untouched */
			assert_int_equal(r.sids.count, 0);
			assert_int_equal(r.names.count, 0);
			arena_drop(&r.arena);
			hex_free(cut);
		}
		hex_free(whole);
	}
}

static size_t all_text(const struct reply *r)
{
	size_t len = 0;

	for (size_t i = 0; i < r->names.count; i++)
		len += strlen(r->names.names[i].name) + strlen(r->names.names[i].domain);
	for (size_t i = 0; i < r->sids.count; i++)
		len += r->sids.sids[i].sub_count;
	if (r->dns.name)
		len += strlen(r->dns.name) + strlen(r->dns.dns_domain);
	return len;
}

/* Each byte turned into each of some values: refused, or readable to its end. */
static void every_bent_byte_is_survived(void **state)
{
	static const uint8_t values[] = {
		0x00, 0x01, 0x0f, 0x10, 0x7f, 0x80, 0xd8, 0xff
	};
	size_t refusals = 0, text = 0;

	(void)state;
	for (size_t i = 0; i < GOLDENS; i++) {
		struct bytes whole = unhex(goldens[i].text);

		for (size_t at = 0; at < whole.len * sizeof(values); at++) {
			struct bytes bent = hex_cut(whole, whole.len);
			struct reply r = { .arena = arena(ARENA_MAX) };

			((uint8_t *)(uintptr_t)bent.at)[at / sizeof(values)] =
				values[at % sizeof(values)];
			if (!goldens[i].read(bent, goldens[i].asked, &r))
				refusals++;
			hex_free(bent);
			text += all_text(&r);
			arena_drop(&r.arena);
		}
		hex_free(whole);
	}
	assert_true(refusals > 1000);
	assert_true(text > 10000);
}

/* A host cannot make us keep more than the arena has. */
static void a_full_arena_ends_the_reading(void **state)
{
	struct reply r;
	struct bytes stub = unhex(LOOKUP2_FOUR);
	size_t enough = 0;

	(void)state;
	for (size_t max = 0; max < 2000; max += 16) {
		r = (struct reply){ .arena = arena(max) };
		if (read_lookup2(stub, 4, &r))
			enough = enough ? enough : max;
		else
			assert_true(arena_bad(&r.arena));
		arena_drop(&r.arena);
	}
	assert_in_range(enough, 100, 1500);
	hex_free(stub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_those_of_the_wire),
		cmocka_unit_test(requests_that_cannot_be_are_refused),
		cmocka_unit_test(a_policy_handle_is_echoed_as_it_came),
		cmocka_unit_test(holders_come_in_the_order_told),
		cmocka_unit_test(no_holders_have_three_reasons),
		cmocka_unit_test(malformed_holders_are_refused),
		cmocka_unit_test(sids_of_any_legal_length_are_read),
		cmocka_unit_test(the_primary_domain_of_a_workgroup_has_no_sid),
		cmocka_unit_test(the_account_domain_has_a_name_and_a_sid),
		cmocka_unit_test(the_dns_domain_may_be_a_workgroup),
		cmocka_unit_test(a_policy_that_is_refused_has_no_data),
		cmocka_unit_test(bent_strings_are_refused),
		cmocka_unit_test(a_name_that_is_no_text_spoils_nothing),
		cmocka_unit_test(reads_the_accounts_of_a_windows_server),
		cmocka_unit_test(reads_the_domain_of_a_windows_server),
		cmocka_unit_test(reads_the_rights_of_an_account),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(every_bent_byte_is_survived),
		cmocka_unit_test(a_full_arena_ends_the_reading),
	};

	return cmocka_run_group_tests_name("lsa", tests, NULL, NULL);
}
