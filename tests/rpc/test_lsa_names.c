/* SPDX-License-Identifier: Apache-2.0 */
/* Names of SIDs, in the order asked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/rpc/lsa_play.h"

static void assert_name(const struct lsa_name *name, uint16_t use, const char *domain,
			const char *text)
{
	assert_int_equal(name->use, use);
	assert_string_equal(name->domain, domain);
	assert_string_equal(name->name, text);
}

static void names_come_in_the_order_asked(void **state)
{
	struct reply r;

	(void)state;
	for (int two = 0; two < 2; two++) {
		assert_true(hear(two ? read_lookup2 : read_lookup,
				 two ? LOOKUP2_THREE : LOOKUP_THREE, 3, &r));
		assert_int_equal(r.status, STATUS_SOME_NOT_MAPPED);
		assert_int_equal(r.names.count, 3);
		assert_name(&r.names.names[0], 4, "BUILTIN", "Administrators");
		assert_name(&r.names.names[1], 5, "NT AUTHORITY", "SERVICE");
		assert_name(&r.names.names[2], 8, "", "S-1-5-21-1-2-3-1234");
		arena_drop(&r.arena);
	}
	assert_true(hear(read_lookup2, LOOKUP2_FOUR, 4, &r));
	assert_name(&r.names.names[0], 1, "LAB", "Administrator");
	assert_name(&r.names.names[1], 8, "LAB", "000F423F");
	assert_name(&r.names.names[2], 5, "", "Everyone");
	assert_int_equal(r.names.names[3].use, 8);
	arena_drop(&r.arena);
	assert_true(hear(read_lookup, LOOKUP_2003, 1, &r));
	assert_int_equal(r.status, STATUS_SUCCESS);
	assert_name(&r.names.names[0], 1, "CNAMIS", "ALeonard");
	arena_drop(&r.arena);
	assert_true(hear(read_lookup2, LOOKUP2_2016, 1, &r));
	assert_name(&r.names.names[0], 1, "3B", "backdoor");
	arena_drop(&r.arena);
}

static void none_mapped_comes_with_its_names(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_lookup2, LOOKUP2_NONE, 1, &r));
	assert_int_equal(r.status, STATUS_NONE_MAPPED);
	assert_int_equal(r.names.count, 1);
	assert_name(&r.names.names[0], 8, "", "S-1-5-21-1-2-3-1234");
	arena_drop(&r.arena);
	/* Other errors come with NULLs. */
	assert_true(
		hear(read_lookup2, "00000000000000000000000000000000220000c0", 7, &r));
	assert_int_equal(r.status, STATUS_ACCESS_DENIED);
	assert_int_equal(r.names.count, 0);
}

#define NO_DOMAINS "00000000"
#define ONE_NAME(index, units)                                                    \
	NO_DOMAINS "01000000 04000200 01000000 0100aaaa 0400 0400 08000200" index \
		   "00000000 02000000 00000000 02000000" units "01000000 00000000"

static void malformed_names_are_refused(void **state)
{
	struct reply r;

	(void)state;
	assert_true(hear(read_lookup2, ONE_NAME("ffffffff", "41004200"), 1, &r));
	assert_name(&r.names.names[0], 1, "", "AB");
	arena_drop(&r.arena);
	/* A name that is no text stands for itself. */
	assert_true(hear(read_lookup2, ONE_NAME("ffffffff", "00dc4200"), 1, &r));
	assert_name(&r.names.names[0], 1, "", "");
	arena_drop(&r.arena);
	/* Another count than was asked; a domain that is not there. */
	assert_true(refused(read_lookup2, LOOKUP2_THREE, 2));
	assert_true(refused(read_lookup2, LOOKUP2_THREE, 4));
	assert_true(refused(read_lookup2, ONE_NAME("00000000", "41004200"), 1));
	assert_true(refused(read_lookup2, ONE_NAME("feffffff", "41004200"), 1));
	/* Names without an array; more than there are bytes. */
	assert_true(refused(read_lookup2,
			    NO_DOMAINS "01000000 00000000 00000000 00000000"
				       "0000000000000000000000000000000000000000",
			    1));
	assert_true(
		refused(read_lookup2, NO_DOMAINS "00500000 04000200 00500000", 20480));
	/* Domains without an array, and more of them than names were asked for. */
	assert_true(
		refused(read_lookup2,
			"00000200 01000000 00000000 20000000 00000000 00000000 00000000"
			"00000000",
			1));
	assert_true(refused(read_lookup2,
			    "00000200 02000000 04000200 20000000 02000000"
			    "00000000 00000000 00000000 00000000 00000000 00000000"
			    "00000000 00000000 00000000 00000000",
			    1));
}

/* --- what Windows itself answered --- */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_in_the_order_asked),
		cmocka_unit_test(none_mapped_comes_with_its_names),
		cmocka_unit_test(malformed_names_are_refused),
	};

	return cmocka_run_group_tests_name("lsa", tests, NULL, NULL);
}
