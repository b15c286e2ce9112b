/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "rpc/wire/fault.h"

static void the_first_cause_wins(void **state)
{
	struct fault f = { 0 };

	(void)state;
	fault_set_words(&f, "authenticate", REASON_LOGIN_REFUSED, CODE_NTSTATUS,
			0xc000006d, "user \"%s\" was refused", "alice");
	fault_set(&f, "close", REASON_MALFORMED_ANSWER, CODE_NONE, 0);
	assert_string_equal(f.step, "authenticate");
	assert_int_equal(f.kind, FAULT_LOGON_REFUSED);
	assert_int_equal(f.reason, REASON_LOGIN_REFUSED);
	assert_int_equal(f.space, CODE_NTSTATUS);
	assert_int_equal(f.code, 0xc000006d);
	assert_string_equal(f.what, "user \"alice\" was refused");
}

static void a_cut_sentence_ends_in_a_whole_character(void **state)
{
	char text[2 * FAULT_TEXT_MAX];
	struct fault f = { 0 };

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + FAULT_TEXT_MAX - 2, "\xc3\xa4", 2); /* cut in its middle */
	text[sizeof(text) - 1] = '\0';
	fault_set_words(&f, "bind", REASON_MALFORMED_ANSWER, CODE_NONE, 0, "%s", text);
	assert_int_equal(strlen(f.what), FAULT_TEXT_MAX - 2);
	assert_int_equal(f.what[FAULT_TEXT_MAX - 3], 'a');
}

static void test_a_reason_speaks_for_itself(void **state)
{
	struct fault f = { 0 };

	(void)state;
	fault_set(&f, "negotiate", REASON_NO_COMMON_DIALECT, CODE_NONE, 0);
	assert_int_equal(f.kind, FAULT_REFUSED);
	assert_string_equal(f.what, fault_reason_words(REASON_NO_COMMON_DIALECT));
}

static void test_every_reason_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
		const char *word = fault_reason_word((enum fault_reason)i);
		const char *words = fault_reason_words((enum fault_reason)i);

		assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_"),
				 strlen(word));
		assert_int_equal(fault_reason_from_word(word), i);
		assert_true(strlen(words) > 10 && strlen(words) < FAULT_TEXT_MAX);
		assert_true(words[strlen(words) - 1] != '.');
	}
}

static void test_what_is_no_reason_has_no_word(void **state)
{
	(void)state;
	assert_null(fault_reason_word(REASON_NONE));
	assert_null(fault_reason_word((enum fault_reason)9999));
	assert_int_equal(fault_reason_kind((enum fault_reason)9999), FAULT_NONE);
	assert_int_equal(fault_reason_from_word(NULL), REASON_NONE);
	assert_int_equal(fault_reason_from_word("none"), REASON_NONE);
	assert_int_equal(fault_reason_from_word("Bad_signature"), REASON_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_cause_wins),
		cmocka_unit_test(a_cut_sentence_ends_in_a_whole_character),
		cmocka_unit_test(test_a_reason_speaks_for_itself),
		cmocka_unit_test(test_every_reason_has_a_word_of_its_own),
		cmocka_unit_test(test_what_is_no_reason_has_no_word),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
