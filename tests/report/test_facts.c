/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/facts/facts.h"

static void fresh_facts_know_nothing(void **state)
{
	struct facts f;

	(void)state;
	facts_init(&f);
	assert_int_equal(f.outcome, HOST_NOT_ASKED);
	assert_int_equal(f.role, ROLE_UNKNOWN);
	assert_true(f.timing.total < 0 && f.timing.resolve < 0);
	assert_null(f.host);
	facts_free(&f);
	facts_free(&f); /* twice is harmless */
}

static void texts_are_copies_that_stay(void **state)
{
	struct facts f;
	char scratch[] = "CORP";
	const char *first;
	void *array;

	(void)state;
	facts_init(&f);
	first = facts_text(&f, scratch);
	scratch[0] = 'X';
	for (int i = 0; i < 10000; i++)
		assert_string_equal(facts_text_len(&f, "abcdef", 3), "abc");
	assert_string_equal(first, "CORP");
	assert_null(facts_text(&f, NULL));
	array = facts_take(&f, 3, sizeof(double));
	assert_int_equal((uintptr_t)array % _Alignof(max_align_t), 0);
	assert_int_equal(((unsigned char *)array)[3 * sizeof(double) - 1], 0);
	assert_false(f.out_of_memory);
	assert_null(facts_take(&f, SIZE_MAX / 2, 16));
	assert_true(f.out_of_memory);
	facts_free(&f);
}

static void a_cleared_pool_gives_zeroed_memory_again(void **state)
{
	struct pool p = { 0 };
	size_t room = 0;
	int *numbers = NULL;

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		if (i == room)
			numbers = pool_grow(&p, numbers, &room, sizeof(*numbers));
		numbers[i] = (int)i;
	}
	assert_int_equal(numbers[0], 0);
	assert_int_equal(numbers[2999], 2999);
	pool_clear(&p);
	for (int i = 0; i < 100; i++)
		assert_int_equal(*(int *)pool_take(&p, 1, sizeof(int)), 0);
	pool_free(&p);
	pool_clear(&p);
	assert_null(p.chunks);
}

/* The words are a contract: they stand in journals and reports that live for years. */
static void words_are_what_they_were(void **state)
{
	static const char *const outcomes[] = {
		"answered",        "unresolvable",  "unreachable",      "refused",
		"timeout",         "stalled",       "disconnected",     "not_smb",
		"smb1_only",       "no_encryption", "logon_refused",    "foreign",
		"kerberos_failed", "access_denied", "integrity_failed", "protocol_error",
		"guarded",         "not_asked",     "local_error",
	};
	enum host_outcome o = HOST_ANSWERED;
	enum role r = ROLE_CLIENT;
	enum right_outcome right;
	enum holder_kind kind;
	enum role_evidence evidence;

	(void)state;
	assert_int_equal(HOST_OUTCOME_COUNT, sizeof(outcomes) / sizeof(outcomes[0]));
	for (size_t i = 0; i < HOST_OUTCOME_COUNT; i++) {
		assert_string_equal(host_outcome_word((enum host_outcome)i), outcomes[i]);
		assert_true(host_outcome_from_word(outcomes[i], &o));
		assert_int_equal(o, i);
		assert_true(strlen(host_outcome_sentence((enum host_outcome)i)) > 5);
	}
	assert_false(host_outcome_from_word("Answered", &o));
	assert_false(host_outcome_from_word("", &o));
	assert_int_equal(o, HOST_LOCAL_ERROR); /* untouched */
	assert_true(right_outcome_from_word("undefined", &right));
	assert_int_equal(right, RIGHT_UNDEFINED);
	assert_string_equal(right_outcome_sentence(RIGHT_DENIED),
			    "the host denied access to the answer");
	assert_true(role_from_word("member_server", &r));
	assert_int_equal(r, ROLE_MEMBER_SERVER);
	assert_string_equal(role_title(ROLE_DOMAIN_CONTROLLER), "domain controller");
	assert_false(role_from_word("server", &r));
	assert_true(holder_kind_from_word("deleted", &kind));
	assert_int_equal(kind, 6); /* SidTypeDeletedAccount */
	assert_true(role_evidence_from_word("dssetup", &evidence));
	assert_int_equal(evidence, EVIDENCE_DSSETUP);
}

static void rights_are_found_without_regard_to_case(void **state)
{
	struct right_fact rights[] = { { .name = "SeDebugPrivilege" },
				       { .name = "SeTcbPrivilege" } };
	struct facts f;

	(void)state;
	facts_init(&f);
	f.rights = rights;
	f.right_count = 2;
	assert_ptr_equal(facts_right(&f, "setcbPRIVILEGE"), &rights[1]);
	assert_null(facts_right(&f, "SeTcb"));
	facts_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_facts_know_nothing),
		cmocka_unit_test(texts_are_copies_that_stay),
		cmocka_unit_test(a_cleared_pool_gives_zeroed_memory_again),
		cmocka_unit_test(words_are_what_they_were),
		cmocka_unit_test(rights_are_found_without_regard_to_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
