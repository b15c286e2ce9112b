/* SPDX-License-Identifier: Apache-2.0 */
/* The questions and what is made of the answers, with canned stubs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "rpc/calls/dssetup.h"
#include "rpc/calls/lsa.h"
#include "rpc/wire/ntstatus.h"
#include "scanner/host/survey_internal.h"
#include "tests/rpc/golden_lsa.h"
#undef RIGHT_NOBODY /* a stub there, an outcome here */
#include "tests/hex.h"

#define DOMAIN_USER "S-1-5-21-1-2-3-1104"
#define ORPHAN      "S-1-5-21-9-9-9-1111"
#define ADMINS      "S-1-5-32-544"

/* ---- a host: how it answers each call ---- */

struct script {
	int role; /* DSROLE_..., -1: no such interface */
	uint32_t open_status;
	bool old; /* knows opnums 7 and 15 only */
	/* One answer a right, in the order asked. */
	struct {
		const char *sids[4]; /* with status 0 */
		uint32_t status;
		uint32_t fault; /* instead of a stub */
		bool malformed;
	} rights[3];
	bool lookup_malformed;
	uint32_t crowd; /* so many domain accounts hold the first right */
	/* ---- what was asked ---- */
	unsigned calls, right_calls, lookups;
	size_t looked_up, batches[4];
	size_t asked_elsewhere;
};

static struct wire_out stub;

static void put_role(const struct script *h)
{
	put_u32le(&stub, 0x20000);
	put_u16le(&stub, 1);
	put_u16le(&stub, 0);
	put_u16le(&stub, (uint16_t)h->role);
	put_u16le(&stub, 0);
	put_u32le(&stub, 0);
	put_zeros(&stub, 12 + 16);
	put_u32le(&stub, 0);
}

static void put_hex(const char *text)
{
	struct bytes b = unhex(text);

	put_bytes(&stub, b.at, b.len);
	hex_free(b);
}

static void put_sid(const char *text)
{
	struct sid sid;

	assert_true(sid_parse(text, &sid));
	put_u32le(&stub, sid.sub_count);
	sid_put(&stub, &sid);
}

static void put_right(const struct script *h, unsigned i)
{
	uint32_t count = 0;

	while (count < 4 && h->rights[i].sids[count])
		count++;
	put_u32le(&stub, count);
	put_u32le(&stub, count ? 0x20000 : 0);
	if (count)
		put_u32le(&stub, count);
	for (uint32_t k = 0; k < count; k++)
		put_u32le(&stub, 0x20004 + 4 * k);
	for (uint32_t k = 0; k < count; k++)
		put_sid(h->rights[i].sids[k]);
	put_u32le(&stub, h->rights[i].status);
}

static void put_crowd(uint32_t count)
{
	char text[64];

	put_u32le(&stub, count);
	put_u32le(&stub, 0x20000);
	put_u32le(&stub, count);
	for (uint32_t k = 0; k < count; k++)
		put_u32le(&stub, 0x20004 + 4 * k);
	for (uint32_t k = 0; k < count; k++) {
		snprintf(text, sizeof text, "S-1-5-21-1-2-3-%u", 2000 + k);
		put_sid(text);
	}
	put_u32le(&stub, 0);
}

static void put_name(const char *name)
{
	uint32_t len = (uint32_t)strlen(name);

	put_u32le(&stub, len);
	put_u32le(&stub, 0);
	put_u32le(&stub, len);
	for (uint32_t i = 0; i < len; i++)
		put_u16le(&stub, (uint8_t)name[i]);
	put_align(&stub, 0, 4);
}

static void put_name_header(const char *name, uint32_t referent)
{
	put_u16le(&stub, (uint16_t)(2 * strlen(name)));
	put_u16le(&stub, (uint16_t)(2 * strlen(name)));
	put_u32le(&stub, referent);
}

/* Two SIDs in the order of their text: the domain's user, then the orphan. */
static void put_lookup(bool two)
{
	put_u32le(&stub, 0x20000);
	put_u32le(&stub, 1);
	put_u32le(&stub, 0x20004);
	put_u32le(&stub, 32);
	put_u32le(&stub, 1);
	put_name_header("CORP", 0x20008);
	put_u32le(&stub, 0x2000c);
	put_name("CORP");
	put_sid("S-1-5-21-1-2-3");
	put_u32le(&stub, 2);
	put_u32le(&stub, 0x20010);
	put_u32le(&stub, 2);
	put_u32le(&stub, 1);
	put_name_header("svc-web", 0x20014);
	put_u32le(&stub, 0);
	if (two)
		put_u32le(&stub, 0);
	put_u32le(&stub, 8);
	put_name_header(ORPHAN, 0x20018);
	put_u32le(&stub, 0xFFFFFFFF);
	if (two)
		put_u32le(&stub, 0);
	put_name("svc-web");
	put_name(ORPHAN);
	put_u32le(&stub, 1);
	put_u32le(&stub, STATUS_SOME_NOT_MAPPED);
}

static struct session_reply faulted(uint32_t status)
{
	return (struct session_reply){ .outcome = CALL_FAULTED, .fault_status = status };
}

static uint32_t get_entries(struct bytes question)
{
	struct wire_in in = wire_in_bytes(question);

	get_skip(&in, 20);
	return get_u32le(&in);
}

static struct session_reply answer(struct script *h, const struct survey_call *call)
{
	unsigned right;

	wire_reset(&stub);
	h->calls++;
	if (call->interface == INTERFACE_DSSETUP) {
		assert_int_equal(call->opnum, DSSETUP_GET_PRIMARY_DOMAIN_INFORMATION);
		if (h->role < 0)
			return (struct session_reply){ .outcome = CALL_UNAVAILABLE };
		put_role(h);
	} else if (call->opnum == LSA_OPEN_POLICY2) {
		put_hex(OPEN_REPLY);
		if (h->open_status) {
			wire_reset(&stub);
			put_zeros(&stub, 20);
			put_u32le(&stub, h->open_status);
		}
	} else if (h->old && (call->opnum == LSA_QUERY_INFORMATION_POLICY2 ||
			      call->opnum == LSA_LOOKUP_SIDS2)) {
		return faulted(NCA_S_OP_RNG_ERROR);
	} else if (call->opnum == LSA_QUERY_INFORMATION_POLICY2 ||
		   call->opnum == LSA_QUERY_INFORMATION_POLICY) {
		put_hex(call->stub.at[20] == POLICY_DNS_DOMAIN ? DNS_DOMAIN_SAMBA
							       : ACCOUNT_DOMAIN_SAMBA);
	} else if (call->opnum == LSA_ENUMERATE_ACCOUNTS_WITH_USER_RIGHT) {
		right = h->right_calls++;
		if (h->rights[right].fault)
			return faulted(h->rights[right].fault);
		if (right == 0 && h->crowd)
			put_crowd(h->crowd);
		else
			put_right(h, right);
		if (h->rights[right].malformed)
			stub.len -= 3;
	} else {
		assert_int_equal(call->opnum,
				 h->old ? LSA_LOOKUP_SIDS : LSA_LOOKUP_SIDS2);
		h->looked_up = get_entries(call->stub);
		if (h->lookups < 4)
			h->batches[h->lookups] = h->looked_up;
		h->lookups++;
		put_lookup(!h->old);
		if (h->lookup_malformed)
			stub.len -= 3;
	}
	return (struct session_reply){ .stub = wire_written(&stub) };
}

/* ---- one survey ---- */

static const char *const rights[] = { "SeImpersonatePrivilege", "SeDebugPrivilege",
				      "SeDelegateSessionUserImpersonatePrivilege" };

struct result {
	struct facts facts;
	bool sense, complete, answered, denied;
};

/* Whether somebody else names a SID; NULL: nobody does. */
static bool (*elsewhere)(const char *sid, void *arg);

static bool names_the_orphan(const char *sid, void *arg)
{
	++*(size_t *)arg;
	return strcmp(sid, ORPHAN) == 0;
}

/* As if all but `left` bytes were used up. */
static void survey_within(struct script *h, size_t count, struct result *r,
			  struct budget_pot *pot, size_t left)
{
	struct survey_call call;
	struct survey *s;

	facts_init(&r->facts);
	stub = wire_out(1 << 17);
	s = survey_new(&r->facts, rights, count, pot);
	assert_non_null(s);
	survey_name_elsewhere(s, elsewhere, &h->asked_elsewhere);
	if (pot)
		s->budget.used = BUDGET_HOST_SHARE - left;
	r->sense = true;
	while (r->sense && survey_next(s, &call)) {
		struct session_reply reply = answer(h, &call);

		assert_true(h->calls < 30);
		r->sense = survey_hear(s, &reply);
	}
	r->complete = survey_complete(s);
	r->answered = survey_answered(s);
	r->denied = survey_denied(s);
	survey_free(s);
	wire_drop(&stub);
}

static void survey(struct script *h, size_t count, struct result *r)
{
	survey_within(h, count, r, NULL, 0);
}

/* Wherever the room ends a right is whole or unknown, and never compliant by a list that
 * was cut. */
static void a_host_that_has_no_room_left_is_cut_and_says_so(void **state)
{
	bool whole = false, nameless = false, refused = false;

	(void)state;
	for (size_t left = 0; left < 500; left++) {
		struct script h = { .role = DSROLE_PRIMARY_DC,
				    .rights = {
					    { .sids = { ADMINS, DOMAIN_USER, ORPHAN } },
					    { .sids = { DOMAIN_USER } },
					    { .status = STATUS_NO_SUCH_PRIVILEGE } } };
		struct budget_pot pot = { 0 };
		struct result r;

		survey_within(&h, 3, &r, &pot, left);
		assert_true(r.sense && r.complete);
		for (size_t i = 0; i < 2; i++) {
			const struct right_fact *right = &r.facts.rights[i];
			bool held = right->outcome == RIGHT_HELD;

			assert_int_equal(held, right->holder_count > 0);
			if (held) {
				assert_int_equal(right->holder_count, i ? 1 : 3);
				/* The script names two, or nobody. */
				if (r.facts.rights[0].outcome == RIGHT_HELD)
					assert_non_null(right->holders[i ? 0 : 1].name);
				whole |= i == 0;
				continue;
			}
			assert_int_equal(right->outcome, RIGHT_FAILED);
			assert_string_equal(right->error.reason, "answer_too_large");
			nameless |= strcmp(right->error.step, "names") == 0;
			refused |= strcmp(right->error.step, "right") == 0;
		}
		assert_int_equal(pot.left, 0);
		facts_free(&r.facts);
	}
	assert_true(whole && nameless && refused);
}

static void a_host_tells_all(void **state)
{
	struct script h = { .role = DSROLE_PRIMARY_DC,
			    .rights = { { .sids = { ADMINS, DOMAIN_USER, ORPHAN } },
					{ .sids = { DOMAIN_USER } },
					{ .status = STATUS_NO_SUCH_PRIVILEGE } } };
	struct result r;
	const struct right_fact *right;

	(void)state;
	survey(&h, 3, &r);
	assert_true(r.sense && r.complete && r.answered);
	assert_false(r.denied);
	assert_int_equal(r.facts.machine_role, DSROLE_PRIMARY_DC);
	assert_true(r.facts.policy_known && r.facts.policy_domain_joined);
	assert_true(r.facts.policy_is_controller);
	assert_string_equal(r.facts.domain, "LAB");
	assert_string_equal(r.facts.domain_sid,
			    "S-1-5-21-2068962474-1693355386-3650038024");
	assert_null(r.facts.machine_sid);
	assert_int_equal(r.facts.right_count, 3);
	right = &r.facts.rights[0];
	assert_int_equal(right->outcome, RIGHT_HELD);
	assert_int_equal(right->holder_count, 3);
	assert_string_equal(right->holders[0].name, "BUILTIN\\Administrators");
	assert_int_equal(right->holders[0].kind, KIND_ALIAS);
	assert_string_equal(right->holders[1].name, "CORP\\svc-web");
	assert_int_equal(right->holders[1].kind, KIND_USER);
	assert_string_equal(right->holders[2].sid, ORPHAN);
	assert_null(right->holders[2].name);
	assert_int_equal(right->holders[2].kind, KIND_UNKNOWN);
	/* The same SID in another right has its name from the same look-up. */
	assert_string_equal(r.facts.rights[1].holders[0].name, "CORP\\svc-web");
	assert_int_equal(h.lookups, 1);
	assert_int_equal(h.looked_up, 2);
	assert_int_equal(r.facts.rights[2].outcome, RIGHT_UNDEFINED);
	assert_null(r.facts.rights[2].error.text);
	facts_free(&r.facts);
}

static void nobody_has_two_ways_to_be_said(void **state)
{
	struct script h = { .role = DSROLE_MEMBER_SERVER,
			    .rights = { { .status = STATUS_NO_MORE_ENTRIES },
					{ .status = STATUS_SUCCESS } } };
	struct result r;

	(void)state;
	survey(&h, 2, &r);
	assert_int_equal(r.facts.rights[0].outcome, RIGHT_NOBODY);
	assert_int_equal(r.facts.rights[1].outcome, RIGHT_NOBODY);
	assert_int_equal(h.lookups, 0);
	facts_free(&r.facts);
}

/* A list that may go on is no list: who is not in it may hold the right all the same. */
static void a_part_of_a_list_is_no_answer(void **state)
{
	struct script h = { .role = DSROLE_MEMBER_SERVER,
			    .rights = { { .status = STATUS_MORE_ENTRIES,
					  .sids = { ADMINS, "S-1-5-19" } },
					{ .status = STATUS_MORE_ENTRIES },
					{ .sids = { ADMINS } } } };
	struct result r;

	(void)state;
	survey(&h, 3, &r);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(r.facts.rights[i].outcome, RIGHT_FAILED);
		assert_int_equal(r.facts.rights[i].holder_count, 0);
		assert_string_equal(r.facts.rights[i].error.code, "STATUS_MORE_ENTRIES");
	}
	assert_int_equal(r.facts.rights[2].outcome, RIGHT_HELD);
	facts_free(&r.facts);
}

static void well_known_holders_need_no_network(void **state)
{
	struct script h = { .role = DSROLE_MEMBER_SERVER,
			    .rights = { { .sids = { ADMINS, "S-1-5-19", "S-1-5-6" } } } };
	struct result r;

	(void)state;
	survey(&h, 1, &r);
	assert_int_equal(r.facts.rights[0].holder_count, 3);
	assert_non_null(r.facts.rights[0].holders[2].name);
	assert_int_equal(h.lookups, 0);
	facts_free(&r.facts);
}

/* A right's outcome is what the host said of it: all are asked for. */
static void a_refused_right_ends_nothing(void **state)
{
	struct script h = { .role = DSROLE_STANDALONE_WORKSTATION,
			    .rights = { { .status = STATUS_ACCESS_DENIED },
					{ .fault = ERROR_ACCESS_DENIED },
					{ .fault = NCA_S_FAULT_UNSPEC } } };
	struct result r;

	(void)state;
	survey(&h, 3, &r);
	assert_int_equal(h.right_calls, 3);
	assert_true(r.complete && r.answered);
	assert_int_equal(r.facts.rights[0].outcome, RIGHT_DENIED);
	assert_string_equal(r.facts.rights[0].error.code, "STATUS_ACCESS_DENIED");
	assert_int_equal(r.facts.rights[1].outcome, RIGHT_DENIED);
	assert_int_equal(r.facts.rights[2].outcome, RIGHT_FAILED);
	assert_string_equal(r.facts.rights[2].error.code, "NCA_S_FAULT_UNSPEC");
	facts_free(&r.facts);
}

static void a_closed_policy_denies_every_right(void **state)
{
	struct script h = { .role = -1, .open_status = STATUS_ACCESS_DENIED };
	struct result r;

	(void)state;
	survey(&h, 2, &r);
	assert_true(r.sense && r.complete);
	assert_true(r.denied);
	assert_false(r.answered);
	assert_int_equal(h.calls, 2);
	assert_int_equal(r.facts.rights[1].outcome, RIGHT_DENIED);
	assert_string_equal(r.facts.rights[1].error.step, "open policy");
	facts_free(&r.facts);
	/* With a role it is a host that answered. */
	h = (struct script){ .role = 3, .open_status = STATUS_ACCESS_DENIED };
	survey(&h, 2, &r);
	assert_true(r.answered);
	assert_false(r.denied);
	facts_free(&r.facts);
}

static void no_host_is_asked_for_what_is_named_elsewhere(void **state)
{
	struct script h = { .role = DSROLE_MEMBER_SERVER,
			    .rights = { { .sids = { ADMINS, DOMAIN_USER, ORPHAN } },
					{ .sids = { DOMAIN_USER } } } };
	const struct right_fact *right;
	struct result r;

	(void)state;
	elsewhere = names_the_orphan;
	survey(&h, 2, &r);
	right = &r.facts.rights[0];
	assert_true(r.sense && r.complete);
	assert_int_equal(h.looked_up, 1);
	assert_int_equal(h.asked_elsewhere, 3);
	assert_string_equal(right->holders[0].name, "BUILTIN\\Administrators");
	assert_null(right->holders[2].name);
	assert_int_equal(right->holders[2].kind, KIND_NOT_TOLD);
	facts_free(&r.facts);
	/* Nothing is left to look up: no call is made. */
	h = (struct script){ .role = DSROLE_MEMBER_SERVER,
			     .rights = { { .sids = { ADMINS, ORPHAN } } } };
	survey(&h, 1, &r);
	assert_true(r.complete);
	assert_int_equal(h.lookups, 0);
	facts_free(&r.facts);
	elsewhere = NULL;
}

/* [MS-LSAT] 2.2.11 bounds a batch at 1,000 SIDs ([MS-LSAT] 3.1.4.9, cEntries). */
static void names_are_asked_in_batches_of_a_thousand(void **state)
{
	static const struct {
		uint32_t crowd;
		size_t batches[4];
	} rows[] = { { 999, { 999 } },
		     { 1000, { 1000 } },
		     { 1001, { 1000, 1 } },
		     { 2001, { 1000, 1000, 1 } } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct script h = { .crowd = rows[i].crowd, .lookup_malformed = true };
		struct result r;

		survey(&h, 1, &r);
		assert_int_equal(r.facts.rights[0].holder_count, rows[i].crowd);
		assert_memory_equal(h.batches, rows[i].batches, sizeof h.batches);
		facts_free(&r.facts);
	}
}

static void old_servers_are_asked_by_old_calls(void **state)
{
	struct script h = { .role = DSROLE_MEMBER_SERVER,
			    .old = true,
			    .rights = { { .sids = { DOMAIN_USER, ORPHAN } } } };
	struct result r;

	(void)state;
	survey(&h, 1, &r);
	assert_true(r.sense);
	assert_string_equal(r.facts.domain, "LAB");
	assert_true(r.facts.policy_known);
	assert_string_equal(r.facts.rights[0].holders[0].name, "CORP\\svc-web");
	facts_free(&r.facts);
}

static void a_malformed_right_ends_it_malformed_names_do_not(void **state)
{
	struct script h = { .role = 3,
			    .rights = { { .sids = { ADMINS }, .malformed = true } } };
	struct result r;

	(void)state;
	survey(&h, 2, &r);
	assert_false(r.sense);
	assert_int_equal(r.facts.rights[0].outcome, RIGHT_FAILED);
	assert_string_equal(r.facts.rights[1].error.text, "not asked");
	assert_false(r.complete);
	facts_free(&r.facts);

	h = (struct script){ .role = 3,
			     .rights = { { .sids = { DOMAIN_USER, ORPHAN } } },
			     .lookup_malformed = true };
	survey(&h, 1, &r);
	assert_true(r.sense && r.complete);
	assert_int_equal(r.facts.rights[0].outcome, RIGHT_HELD);
	assert_null(r.facts.rights[0].holders[0].name);
	assert_int_equal(r.facts.rights[0].holders[0].kind, KIND_NOT_TOLD);
	facts_free(&r.facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_that_has_no_room_left_is_cut_and_says_so),
		cmocka_unit_test(a_host_tells_all),
		cmocka_unit_test(nobody_has_two_ways_to_be_said),
		cmocka_unit_test(a_part_of_a_list_is_no_answer),
		cmocka_unit_test(well_known_holders_need_no_network),
		cmocka_unit_test(a_refused_right_ends_nothing),
		cmocka_unit_test(a_closed_policy_denies_every_right),
		cmocka_unit_test(names_are_asked_in_batches_of_a_thousand),
		cmocka_unit_test(no_host_is_asked_for_what_is_named_elsewhere),
		cmocka_unit_test(old_servers_are_asked_by_old_calls),
		cmocka_unit_test(a_malformed_right_ends_it_malformed_names_do_not),
	};

	return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
