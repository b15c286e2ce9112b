/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_advice.c - each way to fail has a likely cause and a remediation; exit statuses.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "rpc/wire/ntstatus.h"
#include "scanner/cli/advice.h"
#include "scanner/cli/exit_code.h"
#include "scanner/host/outcome.h"

static void has_advice_for_every_outcome(void **state)
{
	(void)state;
	for (int o = 0; o < HOST_OUTCOME_COUNT; o++) {
		struct facts f = { .outcome = (enum host_outcome)o };
		struct advice advice = { NULL, NULL };

		assert_int_equal(advice_for_host(&f, &advice), o != HOST_ANSWERED);
		if (o == HOST_ANSWERED)
			continue;
		assert_true(strlen(advice.cause) > 10 && strlen(advice.remediation) > 10);
	}
}

/* The record of a host that ended with this fault. */
static struct facts end_with(const char *step, enum fault_reason reason, uint32_t status)
{
	struct fault fault = { 0 };
	struct facts f;

	facts_init(&f);
	fault_set(&fault, step, reason, status ? CODE_NTSTATUS : CODE_NONE, status);
	outcome_note_fault(&f, &fault);
	return f;
}

static void tells_causes_apart(void **state)
{
	static const struct {
		const char *step;
		enum fault_reason reason;
		uint32_t status;
		const char *cause, *remediation;
	} cases[] = {
		{ "authenticate", REASON_LOGIN_REFUSED, STATUS_LOGON_FAILURE,
		  "password is wrong", "DOMAIN\\USER" },
		{ "authenticate", REASON_LOGIN_REFUSED, STATUS_ACCOUNT_LOCKED_OUT,
		  "locked out", "unlock" },
		{ "authenticate", REASON_NTLM_REFUSED, STATUS_NTLM_BLOCKED,
		  "NTLM is blocked", "Kerberos" },
		{ "authenticate", REASON_GUEST_SESSION, 0, "guest session",
		  "an account that the host knows" },
		{ "authenticate", REASON_LOGIN_REFUSED,
		  STATUS_TRUSTED_RELATIONSHIP_FAILURE, "nothing about the password",
		  "machine account" },
		{ "authenticate", REASON_TARGET_IS_ADDRESS, 0, "the target is an address",
		  "full name" },
		{ "authenticate", REASON_CLOCK_SKEW, 0, "clocks",
		  "clock of this machine" },
		{ "negotiate", REASON_SMB1_ONLY, 0, "SMB1 only", "switch SMB2 on" },
		{ "negotiate", REASON_NO_COMMON_DIALECT, STATUS_NOT_SUPPORTED,
		  "none of the SMB versions", "--smb" },
		{ "call", REASON_ACCESS_DENIED, STATUS_ACCESS_DENIED, "remote UAC",
		  "Administrators" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct facts f = end_with(cases[i].step, cases[i].reason,
					  cases[i].status);
		struct advice advice;

		assert_true(advice_for_host(&f, &advice));
		if (!strstr(advice.cause, cases[i].cause) ||
		    !strstr(advice.remediation, cases[i].remediation))
			fail_msg("%s / %s", advice.cause, advice.remediation);
		facts_free(&f);
	}
}

/* What scanner/host gives as the reason of a silence, and what it is explained as. */
static void tells_silences_apart(void **state)
{
	static const struct {
		enum host_outcome outcome;
		enum fault_reason reason;
		const char *cause;
	} cases[] = {
		{ HOST_STALLED, REASON_OPENING_UNANSWERED, "then sent nothing" },
		{ HOST_STALLED, REASON_LOGIN_UNANSWERED, "NTLM may be switched off" },
		{ HOST_STALLED, REASON_NO_VERDICT, "delays the refusal of an NTLM" },
		{ HOST_STALLED, REASON_TICKET_UNANSWERED,
		  "waits for a domain controller" },
		{ HOST_DISCONNECTED, REASON_OPENING_UNANSWERED, "SMB2 is switched off" },
		{ HOST_DISCONNECTED, REASON_LOGIN_UNANSWERED, "when NTLM was offered" },
		{ HOST_DISCONNECTED, REASON_NO_VERDICT, "without a verdict" },
		{ HOST_DISCONNECTED, REASON_TICKET_UNANSWERED, "restarted" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct facts f;
		struct advice advice;

		facts_init(&f);
		outcome_note_reason(&f, cases[i].outcome, cases[i].reason);
		assert_true(advice_for_host(&f, &advice));
		if (!strstr(advice.cause, cases[i].cause))
			fail_msg("%zu: %s", i, advice.cause);
		facts_free(&f);
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
		cmocka_unit_test(tells_silences_apart),
		cmocka_unit_test(explains_denied_rights),
		cmocka_unit_test(exits_as_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
