/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/wire/ntstatus.h"

static void names_and_words_by_value(void **state)
{
	(void)state;
	assert_string_equal(ntstatus_name(0xc000006d), "STATUS_LOGON_FAILURE");
	assert_string_equal(ntstatus_words(0xc000006d), "unknown user or wrong password");
	assert_string_equal(ntstatus_name(0x8000001a), "STATUS_NO_MORE_ENTRIES");
	assert_string_equal(ntstatus_name(0), "STATUS_SUCCESS");
	assert_string_equal(ntstatus_name(0xc05d0000),
			    "STATUS_SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP");
	assert_null(ntstatus_name(0xc0ffee00));
	assert_null(ntstatus_words(0xc0ffee00));
}

static void the_number_five_is_three_things(void **state)
{
	(void)state;
	assert_null(ntstatus_name(5));
	assert_string_equal(win32_name(5), "ERROR_ACCESS_DENIED");
	assert_string_equal(rpc_status_name(5), "ERROR_ACCESS_DENIED");
	assert_string_equal(rpc_status_name(0x1c010002), "NCA_S_OP_RNG_ERROR");
	assert_string_equal(rpc_status_name(0x6f7), "RPC_X_BAD_STUB_DATA");
	assert_null(win32_name(0x1c010002));
	assert_string_equal(status_name(CODE_NTSTATUS, 0xc0000022),
			    "STATUS_ACCESS_DENIED");
	assert_string_equal(status_words(CODE_RPC, 0x1c00001a),
			    "not a context handle of this host");
	assert_null(status_name(CODE_NONE, 5));
	assert_null(status_name(CODE_GSS, 5));
}

/* Every row is found by its value: no value stands twice in a list. */
static void every_row_is_found(void **state)
{
	(void)state;
#define X(constant, value, words)                             \
	assert_string_equal(ntstatus_name(value), #constant); \
	assert_string_equal(ntstatus_words(value), words);
	NTSTATUSES(X)
#undef X
#define X(constant, value, words)                          \
	assert_string_equal(win32_name(value), #constant); \
	assert_string_equal(win32_words(value), words);
	WIN32_ERRORS(X)
#undef X
#define X(constant, value, words)                               \
	assert_string_equal(rpc_status_name(value), #constant); \
	assert_string_equal(rpc_status_words(value), words);
	RPC_STATUSES(X)
#undef X
}

static void warnings_are_no_errors(void **state)
{
	(void)state;
	assert_true(ntstatus_is_error(STATUS_ACCESS_DENIED));
	assert_false(ntstatus_is_error(STATUS_NO_MORE_ENTRIES));
	assert_false(ntstatus_is_error(STATUS_BUFFER_OVERFLOW));
	assert_false(ntstatus_is_error(STATUS_SOME_NOT_MAPPED));
	assert_false(ntstatus_is_error(STATUS_SUCCESS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_words_by_value),
		cmocka_unit_test(the_number_five_is_three_things),
		cmocka_unit_test(every_row_is_found),
		cmocka_unit_test(warnings_are_no_errors),
	};

	return cmocka_run_group_tests_name("ntstatus", tests, NULL, NULL);
}
