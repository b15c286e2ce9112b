/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_verdict.c - what the guard makes of every code that a login can be refused with:
 * all NTSTATUS and SEC_E codes that we know, all errors of a KDC, and the data codes of
 * LDAP, before and after the credential was proven, by NTLM and by Kerberos.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rpc/wire/ntstatus.h"
#include "scanner/console/log.h"
#include "scanner/login/guard.h"
#include "scanner/login/verdict.h"

enum { MANY = 6 }; /* logins; whoever has not stopped by then never does */

/* Said of the credential.  What is in none of these lists says nothing. */
static const uint32_t counted[] = {
	0xC0000064, /* NO_SUCH_USER */
	0xC000006A, /* WRONG_PASSWORD */
	0xC000006D, /* LOGON_FAILURE */
	0xC000006E, /* ACCOUNT_RESTRICTION */
	0xC0000071, /* PASSWORD_EXPIRED */
	0xC0000072, /* ACCOUNT_DISABLED */
	0xC0000193, /* ACCOUNT_EXPIRED */
	0xC0000198, /* NOLOGON_INTERDOMAIN_TRUST_ACCOUNT */
	0xC0000199, /* NOLOGON_WORKSTATION_TRUST_ACCOUNT */
	0xC000019A, /* NOLOGON_SERVER_TRUST_ACCOUNT */
	0xC0000224, /* PASSWORD_MUST_CHANGE */
	0xC00002FA, /* SMARTCARD_LOGON_REQUIRED */
	0x8009030C, /* SEC_E_LOGON_DENIED */
	0x8009030E, /* SEC_E_NO_CREDENTIALS */
};
static const uint32_t locked[] = { 0xC0000234 };
static const uint32_t repeated[] = {
	0xC000006F, /* INVALID_LOGON_HOURS */
	0xC0000070, /* INVALID_WORKSTATION */
};
static const uint32_t of_the_place[] = {
	0xC0000017, /* NO_MEMORY */
	0xC0000022, /* ACCESS_DENIED */
	0xC000005E, /* NO_LOGON_SERVERS */
	0xC000005F, /* NO_SUCH_LOGON_SESSION */
	0xC000009A, /* INSUFFICIENT_RESOURCES */
	0xC00000B5, /* IO_TIMEOUT */
	0xC00000BB, /* NOT_SUPPORTED */
	0xC00000BE, /* BAD_NETWORK_PATH */
	0xC00000D0, /* REQUEST_NOT_ACCEPTED */
	0xC00000DC, /* INVALID_SERVER_STATE */
	0xC00000DF, /* NO_SUCH_DOMAIN */
	0xC00000E5, /* INTERNAL_ERROR */
	0xC0000133, /* TIME_DIFFERENCE_AT_DC */
	0xC0000155, /* LOGON_NOT_GRANTED */
	0xC000015B, /* LOGON_TYPE_NOT_GRANTED */
	0xC000018A, /* NO_TRUST_LSA_SECRET */
	0xC000018B, /* NO_TRUST_SAM_ACCOUNT */
	0xC000018C, /* TRUSTED_DOMAIN_FAILURE */
	0xC000018D, /* TRUSTED_RELATIONSHIP_FAILURE */
	0xC0000190, /* TRUST_FAILURE */
	0xC0000192, /* NETLOGON_NOT_STARTED */
	0xC000019B, /* DOMAIN_TRUST_INCONSISTENT */
	0xC0000205, /* INSUFF_SERVER_RESOURCES */
	0xC0000233, /* DOMAIN_CONTROLLER_NOT_FOUND */
	0xC000023C, /* NETWORK_UNREACHABLE */
	0xC000023D, /* HOST_UNREACHABLE */
	0xC0000388, /* DOWNGRADE_DETECTED */
	0xC0000413, /* AUTHENTICATION_FIREWALL_FAILED */
	0xC0000418, /* NTLM_BLOCKED */
	0xC0000466, /* SERVER_UNAVAILABLE */
};
static const uint32_t statuses[] = {
#define X(constant, value, words) value,
	NTSTATUSES(X)
#undef X
		0xC0FFEE00, /* known to nobody */
	0xC0000381,
	0x80090399,
};

#define HOLDS(list, code) holds(list, sizeof(list) / sizeof *(list), code)

static bool holds(const uint32_t *list, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == code)
			return true;
	return false;
}

static enum verdict expected_of_status(uint32_t code)
{
	return HOLDS(counted, code)        ? VERDICT_COUNTS
	       : HOLDS(locked, code)       ? VERDICT_LOCKED
	       : HOLDS(repeated, code)     ? VERDICT_REPEATS
	       : HOLDS(of_the_place, code) ? VERDICT_PLACE
					   : VERDICT_NONE;
}

static const struct {
	uint32_t code;
	enum verdict verdict;
} data_codes[] = {
	{ 0, VERDICT_COUNTS },      { 0x525, VERDICT_COUNTS },  { 0x52e, VERDICT_COUNTS },
	{ 0x52f, VERDICT_COUNTS },  { 0x532, VERDICT_COUNTS },  { 0x533, VERDICT_COUNTS },
	{ 0x701, VERDICT_COUNTS },  { 0x773, VERDICT_COUNTS },  { 0x775, VERDICT_LOCKED },
	{ 0x530, VERDICT_REPEATS }, { 0x531, VERDICT_REPEATS }, { 0x568, VERDICT_NONE },
	{ 0x51f, VERDICT_NONE },    { 0x569, VERDICT_NONE },
};

static enum verdict expected_of_kdc(uint32_t error)
{
	static const uint32_t against[] = { 1, 6, 12, 18, 21, 23, 24, 31 };

	return HOLDS(against, error) ? VERDICT_COUNTS : VERDICT_NONE;
}

/* ---- what the guard does ---- */

static void note(struct guard_seat *seat, enum guard_answer answer)
{
	(void)seat;
	(void)answer;
}

struct play {
	struct guard *guard;
	struct guard_seat seat;
	int place; /* the address of a place */
};

static void log_on(struct play *p)
{
	p->seat = (struct guard_seat){ .told = note };
	assert_int_equal(guard_ask(p->guard, &p->seat), GUARD_GO);
}

static void accept(struct play *p)
{
	log_on(p);
	guard_proof_sent(&p->seat);
	guard_accepted(&p->seat);
}

/* How many logins that end with `fault` the guard lets through, MANY at most. */
static int logins_until_stop(const struct fault *fault, bool proven, bool by_ntlm)
{
	struct play p = { .guard = guard_new("", 1) };
	int n = 0;

	if (proven)
		accept(&p);
	while (n < MANY && !guard_stopped(p.guard)) {
		log_on(&p);
		if (by_ntlm)
			guard_proof_sent(&p.seat);
		/* A host that took a ticket, or nothing, has no verdict to give. */
		if (by_ntlm || fault->space == CODE_GSS)
			guard_refused(&p.seat, fault);
		guard_leave(&p.seat);
		n++;
	}
	if (!guard_stopped(p.guard))
		n = MANY + 1;
	guard_free(p.guard);
	return n;
}

static int expected_logins(enum verdict verdict, bool proven, bool proof_sent)
{
	switch (verdict) {
	case VERDICT_COUNTS:
	case VERDICT_LOCKED:
	case VERDICT_UNKNOWN:
		return proven ? 2 : 1;
	case VERDICT_REPEATS:
		return 3;
	case VERDICT_NONE:
		return proven || !proof_sent ? MANY + 1 : 2;
	case VERDICT_PLACE:
		break;
	}
	return MANY + 1;
}

static void hold(enum fault_reason reason, enum fault_space space, uint32_t code,
		 enum verdict expected)
{
	bool of_a_host = space != CODE_GSS;
	struct fault fault = { 0 };

	fault_set(&fault, "authenticate", reason, space, code);
	if (verdict_of(&fault) != expected)
		fail_msg("code 0x%08x: verdict %d, expected %d", code, verdict_of(&fault),
			 expected);
	for (int proven = 0; proven < 2; proven++) {
		int n = logins_until_stop(&fault, proven, of_a_host);
		int most = expected_logins(expected, proven, of_a_host);

		if (n != most)
			fail_msg("code 0x%08x, %sproven: %d logins, expected %d", code,
				 proven ? "" : "un", n, most);
		if (of_a_host && logins_until_stop(&fault, proven, false) != MANY + 1)
			fail_msg("code 0x%08x stops a credential by Kerberos", code);
	}
}

static void every_status_of_a_session_setup(void **state)
{
	size_t uncounted = 0;

	(void)state;
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		enum verdict expected = expected_of_status(statuses[i]);

		hold(REASON_LOGIN_REFUSED, CODE_NTSTATUS, statuses[i], expected);
		uncounted += expected == VERDICT_NONE || expected == VERDICT_PLACE;
	}
	assert_true(uncounted >= 100);
}

static void every_error_of_a_kdc(void **state)
{
	(void)state;
	for (uint32_t error = 0; error < 128; error++) {
		enum verdict expected = expected_of_kdc(error);

		hold(expected == VERDICT_COUNTS ? REASON_KDC_REFUSED_PASSWORD
						: REASON_KERBEROS_FAILED,
		     CODE_GSS, verdict_krb5_code(error), expected);
	}
}

static void every_data_code_of_a_refused_bind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof data_codes / sizeof *data_codes; i++)
		hold(REASON_DIRECTORY_LOGIN_REFUSED, CODE_WIN32, data_codes[i].code,
		     data_codes[i].verdict);
}

/* The table says nothing that the lists above do not, and each row has its source. */
static void every_row_names_its_source(void **state)
{
	const struct verdict_row *row;

	(void)state;
	for (size_t i = 0; (row = verdict_row(i)); i++) {
		assert_int_equal(row->source[0], '[');
		assert_non_null(strstr(row->source, "] "));
		if (row->space == CODE_NTSTATUS) {
			assert_int_equal(row->verdict, expected_of_status(row->code));
			assert_non_null(ntstatus_name(row->code));
		} else if (row->space == CODE_GSS) {
			assert_int_equal(row->verdict, expected_of_kdc(row->code));
		}
		for (size_t k = 0; k < i; k++)
			assert_false(verdict_row(k)->space == row->space &&
				     verdict_row(k)->code == row->code);
	}
}

/* KRB5KDC_ERR_PREAUTH_FAILED as libkrb5 has it. */
static void a_kdc_s_error_has_the_library_s_number(void **state)
{
	(void)state;
	assert_int_equal((int32_t)verdict_krb5_code(24), -1765328360);
}

static void no_other_fault_speaks_against_a_credential(void **state)
{
	static const enum fault_reason others[] = { REASON_HOST_ERROR,
						    REASON_SHARE_DENIED,
						    REASON_MALFORMED_ANSWER,
						    REASON_TOO_MANY_SESSIONS };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		hold(others[i], CODE_NTSTATUS, 0xC000006D, VERDICT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_of_a_session_setup),
		cmocka_unit_test(every_error_of_a_kdc),
		cmocka_unit_test(every_data_code_of_a_refused_bind),
		cmocka_unit_test(every_row_names_its_source),
		cmocka_unit_test(a_kdc_s_error_has_the_library_s_number),
		cmocka_unit_test(no_other_fault_speaks_against_a_credential),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
