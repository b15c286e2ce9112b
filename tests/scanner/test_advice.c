/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_advice.c - each way to fail has a likely cause and a mend; exit statuses.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "scanner/cli/advice.h"
#include "scanner/cli/exit_code.h"

static void has_advice_for_every_outcome(void **state)
{
	(void)state;
	for (int o = 0; o < HOST_OUTCOME_COUNT; o++) {
		struct facts f = { .outcome = (enum host_outcome)o };
		struct advice advice = { NULL, NULL };

		assert_int_equal(advice_for_host(&f, &advice), o != HOST_ANSWERED);
		if (o == HOST_ANSWERED)
			continue;
		assert_true(strlen(advice.cause) > 10 && strlen(advice.mend) > 10);
	}
}

static void tells_causes_apart(void **state)
{
	static const struct {
		struct facts facts;
		const char *cause, *mend;
	} cases[] = {
		{ { .outcome = HOST_LOGON_REFUSED,
		    .error = { .code = "STATUS_LOGON_FAILURE" } },
		  "password is wrong",
		  "DOMAIN\\USER" },
		{ { .outcome = HOST_LOGON_REFUSED,
		    .error = { .code = "STATUS_ACCOUNT_LOCKED_OUT" } },
		  "locked out",
		  "unlock" },
		{ { .outcome = HOST_LOGON_REFUSED,
		    .error = { .code = "STATUS_NTLM_BLOCKED" } },
		  "NTLM is blocked",
		  "Kerberos" },
		{ { .outcome = HOST_LOGON_REFUSED,
		    .error = { .text = "the host let us on as a guest" } },
		  "as a guest",
		  "an account that the host knows" },
		{ { .outcome = HOST_LOGON_REFUSED,
		    .error = { .code = "STATUS_TRUSTED_RELATIONSHIP_FAILURE" } },
		  "nothing about the password",
		  "machine account" },
		{ { .outcome = HOST_KERBEROS_FAILED,
		    .error = { .text = "Kerberos needs the host's name, and this is an "
				       "address" } },
		  "the target is an address",
		  "full name" },
		{ { .outcome = HOST_KERBEROS_FAILED,
		    .error = { .text = "the clocks of this machine and the KDC differ by "
				       "more than five minutes" } },
		  "clocks",
		  "clock here" },
		{ { .outcome = HOST_SMB1_ONLY }, "SMB1 only", "switch SMB2 on" },
		{ { .outcome = HOST_ACCESS_DENIED, .error = { .step = "right" } },
		  "remote UAC",
		  "Administrators" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct advice advice;

		assert_true(advice_for_host(&cases[i].facts, &advice));
		if (!strstr(advice.cause, cases[i].cause) ||
		    !strstr(advice.mend, cases[i].mend))
			fail_msg("%s / %s", advice.cause, advice.mend);
	}
}

static void explains_denied_rights(void **state)
{
	struct right_fact rights[] = { { .name = "a", .outcome = RIGHT_HELD },
				       { .name = "b", .outcome = RIGHT_DENIED } };
	struct facts f = { .outcome = HOST_ANSWERED, .rights = rights, .right_count = 2 };
	struct advice advice;

	(void)state;
	assert_true(advice_for_rights(&f, &advice));
	assert_non_null(strstr(advice.cause, "not an administrator there"));
	assert_non_null(strstr(advice.cause, "remote UAC"));
	f.right_count = 1;
	assert_false(advice_for_rights(&f, &advice));
}

static void exits_as_asked(void **state)
{
	(void)state;
	assert_int_equal(exit_code_incomplete(0), 3);
	assert_int_equal(exit_code_incomplete(1), 4);
	assert_int_equal(exit_code_incomplete(5), 5);
	assert_int_equal(exit_code_at(3, FAIL_ON_INCOMPLETE), 3);
	assert_int_equal(exit_code_at(3, FAIL_ON_VIOLATION), 0);
	assert_int_equal(exit_code_at(4, FAIL_ON_VIOLATION), 1);
	assert_int_equal(exit_code_at(4, FAIL_ON_NONE), 0);
	assert_int_equal(exit_code_at(5, FAIL_ON_NONE), 5);
	assert_string_equal(exit_code_words(5), "stopped by the credential guard");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_advice_for_every_outcome),
		cmocka_unit_test(tells_causes_apart),
		cmocka_unit_test(explains_denied_rights),
		cmocka_unit_test(exits_as_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
