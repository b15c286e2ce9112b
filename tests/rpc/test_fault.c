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
	fault_set(&f, "authenticate", FAULT_LOGON_REFUSED, CODE_NTSTATUS, 0xc000006d,
		  "user \"%s\" was refused", "alice");
	fault_set(&f, "close", FAULT_PROTOCOL, CODE_NONE, 0, "too late");
	assert_string_equal(f.step, "authenticate");
	assert_int_equal(f.kind, FAULT_LOGON_REFUSED);
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
	fault_set(&f, "bind", FAULT_PROTOCOL, CODE_NONE, 0, "%s", text);
	assert_int_equal(strlen(f.what), FAULT_TEXT_MAX - 2);
	assert_int_equal(f.what[FAULT_TEXT_MAX - 3], 'a');
}

static void every_kind_has_words(void **state)
{
	(void)state;
	assert_string_equal(fault_kind_words(FAULT_NONE), "no fault");
	assert_string_equal(fault_kind_words(FAULT_SMB1_ONLY),
			    "the host speaks SMB1 only");
	assert_string_equal(fault_kind_words(FAULT_LOCAL),
			    "something failed on this machine");
	assert_non_null(fault_kind_words((enum fault_kind)999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_cause_wins),
		cmocka_unit_test(a_cut_sentence_ends_in_a_whole_character),
		cmocka_unit_test(every_kind_has_words),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
