/* SPDX-License-Identifier: Apache-2.0 */
/* Two tables: LDAP's results and the data codes of a refused bind. */
#include "scanner/discover/ldap_result.h"

#include <ctype.h>
#include <ldap.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct {
	uint32_t code;
	const char *words;
} data_codes[] = {
	{ 0x525, "the domain controller does not know this user" },
	{ 0x52e, "the user name or password is wrong" },
	{ 0x530, "the account may not log on at this hour" },
	{ 0x531, "the account may not log on from this machine" },
	{ 0x532, "the password has expired" },
	{ 0x533, "the account is disabled" },
	{ 0x534, "the account is not granted this type of logon" },
	{ 0x568, "the account is in too many groups" },
	{ 0x701, "the account has expired" },
	{ 0x773, "the password must be changed before the first logon" },
	{ 0x775, "the account is locked out" },
};

static const struct {
	int result;
	enum fault_reason reason;
	const char *words;
} results[] = {
	{ LDAP_OPERATIONS_ERROR, REASON_DIRECTORY_REFUSED,
	  "the domain controller wants a completed login first (operationsError)" },
	{ LDAP_TIMELIMIT_EXCEEDED, REASON_DIRECTORY_BUSY,
	  "the search took the domain controller too long (timeLimitExceeded)" },
	{ LDAP_SIZELIMIT_EXCEEDED, REASON_DIRECTORY_REFUSED,
	  "the domain controller cut the answer short (sizeLimitExceeded)" },
	{ LDAP_STRONG_AUTH_REQUIRED, REASON_DIRECTORY_REFUSED,
	  "the domain controller requires signing or TLS that this bind does not have "
	  "(strongAuthRequired)" },
	{ LDAP_REFERRAL, REASON_DIRECTORY_REFUSED,
	  "the domain controller refers to another server, which is never followed "
	  "(referral)" },
	{ LDAP_ADMINLIMIT_EXCEEDED, REASON_DIRECTORY_BUSY,
	  "a limit of the domain controller was reached (adminLimitExceeded)" },
	{ LDAP_UNAVAILABLE_CRITICAL_EXTENSION, REASON_DIRECTORY_REFUSED,
	  "the server has no paged searches (unavailableCriticalExtension)" },
	{ LDAP_NO_SUCH_OBJECT, REASON_DIRECTORY_REFUSED,
	  "the base is not there, or not visible to this account (noSuchObject)" },
	{ LDAP_INVALID_DN_SYNTAX, REASON_DIRECTORY_REFUSED,
	  "the base is no distinguished name (invalidDNSyntax)" },
	{ LDAP_INVALID_CREDENTIALS, REASON_DIRECTORY_LOGIN_REFUSED,
	  "the credential was refused (invalidCredentials)" },
	{ LDAP_INSUFFICIENT_ACCESS, REASON_ACCESS_DENIED,
	  "the account may not read this (insufficientAccessRights)" },
	{ LDAP_BUSY, REASON_DIRECTORY_BUSY, "the domain controller is busy" },
	{ LDAP_UNAVAILABLE, REASON_DIRECTORY_BUSY, "the domain controller is shutting down" },
	{ LDAP_UNWILLING_TO_PERFORM, REASON_DIRECTORY_REFUSED,
	  "the domain controller is unwilling: signing inside TLS, or a paging cookie "
	  "that it no longer knows (unwillingToPerform)" },
	{ LDAP_SERVER_DOWN, REASON_DIRECTORY_CLOSED,
	  "the domain controller closed the connection" },
	{ LDAP_DECODING_ERROR, REASON_DIRECTORY_MALFORMED, "an answer is not LDAP" },
	{ LDAP_FILTER_ERROR, REASON_LDAP_FILTER, "the LDAP filter is not well-formed" },
	{ LDAP_NO_MEMORY, REASON_OUT_OF_MEMORY, "out of memory" },
};
/* clang-format on */

const char *ldap_result_data_words(uint32_t code)
{
	for (size_t i = 0; i < sizeof data_codes / sizeof *data_codes; i++)
		if (data_codes[i].code == code)
			return data_codes[i].words;
	return NULL;
}

bool ldap_result_data(const char *diagnostic, uint32_t *code)
{
	static const char mark[] = "data ";
	const char *at = diagnostic ? strstr(diagnostic, mark) : NULL;
	unsigned long value;
	char *end;

	if (!at || !isxdigit((unsigned char)at[sizeof mark - 1]))
		return false;
	value = strtoul(at + sizeof mark - 1, &end, 16);
	if (value > UINT32_MAX || (*end && *end != ',' && *end != ' '))
		return false;
	*code = (uint32_t)value;
	return true;
}

void ldap_result_fault(struct fault *f, const char *step, int result)
{
	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		if (results[i].result == result) {
			fault_set_words(f, step, results[i].reason, CODE_NONE, 0, "%s",
					results[i].words);
			return;
		}
	fault_set_words(f, step, REASON_DIRECTORY_MALFORMED, CODE_NONE, 0,
			"the domain controller answered with LDAP result %d", result);
}

/* SEC_E_BAD_BINDINGS stands in the text's beginning: "80090346: LdapErr: ...". */
static bool misses_channel_binding(const char *diagnostic)
{
	return diagnostic && strncmp(diagnostic, "80090346", 8) == 0;
}

void ldap_result_bind_fault(struct fault *f, int result, const char *diagnostic,
			    bool kerberos)
{
	uint32_t code = 0;
	const char *words;

	if (result != LDAP_INVALID_CREDENTIALS) {
		ldap_result_fault(f, "authenticate", result);
		return;
	}
	if (misses_channel_binding(diagnostic)) {
		fault_set_words(
			f, "authenticate", REASON_CHANNEL_BINDING_REFUSED, CODE_NONE, 0,
			"the domain controller refused the channel binding: something "
			"between it and this machine ends the TLS connection");
		return;
	}
	words = ldap_result_data(diagnostic, &code) ? ldap_result_data_words(code) : NULL;
	if (!words)
		words = "the credential was refused (invalidCredentials)";
	fault_set_words(f, "authenticate",
			kerberos ? REASON_KERBEROS_FAILED
				 : REASON_DIRECTORY_LOGIN_REFUSED,
			CODE_WIN32, code, "%s", words);
}
