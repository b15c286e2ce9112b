/* SPDX-License-Identifier: Apache-2.0 */
/* The handshake is the TLS library's behind libldap; what it must hold is said here. */
#include "scanner/discover/ldap_tls.h"

#include <string.h>

static bool set(LDAP *ld, int option, const void *value)
{
	return ldap_set_option(ld, option, value) == LDAP_OPT_SUCCESS;
}

static bool refuse(struct fault *fault, const char *what)
{
	fault_set_words(fault, "tls", REASON_DIRECTORY_UNPROVEN, CODE_NONE, 0, "%s",
			what);
	return false;
}

static bool refuse_handshake(LDAP *ld, const char *ca_file, struct fault *fault)
{
	char *why = NULL;

	ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &why);
	fault_set_words(fault, "tls", REASON_DIRECTORY_UNPROVEN, CODE_NONE, 0,
			"no trusted TLS connection, by the authorities in %.100s%s%.120s",
			ca_file, why && *why ? ": " : "", why ? why : "");
	ldap_memfree(why);
	return false;
}

/* libldap over GnuTLS passes over LDAP_OPT_X_TLS_PROTOCOL_MIN. */
static bool is_recent(LDAP *ld, struct fault *fault)
{
	static const char *const good[] = { "TLS1.2", "TLS1.3", "TLSv1.2", "TLSv1.3" };
	char *version = NULL;
	bool recent = false;

	ldap_get_option(ld, LDAP_OPT_X_TLS_VERSION, &version);
	for (size_t i = 0; version && i < sizeof good / sizeof *good; i++)
		recent = recent || strcmp(version, good[i]) == 0;
	if (!recent)
		fault_set_words(
			fault, "tls", REASON_DIRECTORY_UNPROVEN, CODE_NONE, 0,
			"no trusted TLS connection: \"%.20s\", expected TLS 1.2 or "
			"later",
			version ? version : "");
	ldap_memfree(version);
	return recent;
}

static bool bind_channel(LDAP *ld, struct channel_binding *binding, struct fault *fault)
{
	struct berval certificate = { 0, NULL };

	if (ldap_get_option(ld, LDAP_OPT_X_TLS_PEERCERT, &certificate) !=
		    LDAP_OPT_SUCCESS ||
	    !certificate.bv_val)
		return refuse(fault, "the domain controller has no certificate");
	if (!channel_binding_of(
		    (struct bytes){ (uint8_t *)certificate.bv_val, certificate.bv_len },
		    binding))
		refuse(fault, "no login can be bound to the domain controller's "
			      "certificate: its signature has no hash of its own");
	ldap_memfree(certificate.bv_val);
	return fault->kind == FAULT_NONE;
}

/* NEWCTX comes last: it takes up what was set before it. */
bool ldap_tls_start(LDAP *ld, const char *ca_file, struct channel_binding *binding,
		    struct fault *fault)
{
	const int demand = LDAP_OPT_X_TLS_HARD, client = 0,
		  oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;

	if (!set(ld, LDAP_OPT_X_TLS_CACERTFILE, ca_file) ||
	    !set(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) ||
	    !set(ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest) ||
	    !set(ld, LDAP_OPT_X_TLS_NEWCTX, &client) ||
	    ldap_install_tls(ld) != LDAP_SUCCESS)
		return refuse_handshake(ld, ca_file, fault);
	return is_recent(ld, fault) && bind_channel(ld, binding, fault);
}
