/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault_reason.h - the closed list of reasons why a host could not be asked.
 *
 * One row a reason: constant, word, kind, sentence.  The word is what records carry
 * ("reason" in a journal line) and never changes its meaning; the sentence is for people
 * and may be reworded; the kind says what a reason makes of the host.  Advice, credential
 * guard and outcomes act on these constants and never on a sentence.
 *
 * The last group happens outside of any dialogue, before a connection or after an answer
 * was read: scanner/host gives those reasons, together with an outcome of its own.
 *
 * To add a reason, add a row, have the code that detects it give it, and show in a test
 * that it does; scanner/cli/advice.c may then have a row for it.
 */
#ifndef RPC_WIRE_FAULT_REASON_H
#define RPC_WIRE_FAULT_REASON_H

#include <stdbool.h>

/* clang-format off */
#define FAULT_REASONS(X) \
X(REASON_NONE, none, FAULT_NONE, \
  "no fault") \
/* what answers is not, or no longer, an SMB2 server */ \
X(REASON_NOT_SMB, not_smb, FAULT_NOT_SMB, \
  "the answer is not SMB") \
X(REASON_SMB1_ONLY, smb1_only, FAULT_SMB1_ONLY, \
  "the host answered in SMB1") \
X(REASON_SMB1_FALLBACK, smb1_fallback, FAULT_PROTOCOL, \
  "the host fell back to SMB1") \
/* what was agreed on */ \
X(REASON_NO_COMMON_DIALECT, no_common_dialect, FAULT_REFUSED, \
  "the host supports none of the SMB dialects that were offered") \
X(REASON_NEGOTIATION_REFUSED, negotiation_refused, FAULT_REFUSED, \
  "the host refused to negotiate") \
X(REASON_UNOFFERED_DIALECT, unoffered_dialect, FAULT_PROTOCOL, \
  "the host chose a dialect that was not offered") \
X(REASON_LIMITS_TOO_SMALL, limits_too_small, FAULT_PROTOCOL, \
  "the host accepts no message of useful size") \
X(REASON_NO_ENCRYPTION, no_encryption, FAULT_NO_ENCRYPTION, \
  "encryption is required and the host has none") \
X(REASON_NO_CIPHER, no_cipher, FAULT_NO_ENCRYPTION, \
  "the host demands encryption and agreed on no cipher") \
/* the host refused the login */ \
X(REASON_LOGIN_REFUSED, login_refused, FAULT_LOGON_REFUSED, \
  "the host refused this login") \
X(REASON_NTLM_REFUSED, ntlm_refused, FAULT_LOGON_REFUSED, \
  "NTLM is blocked on the host or in its domain") \
X(REASON_LOGIN_NEEDS_PROTECTION, login_needs_protection, FAULT_LOGON_REFUSED, \
  "the host accepts this login only with other protection") \
X(REASON_GUEST_SESSION, guest_session, FAULT_LOGON_REFUSED, \
  "the host does not know this account and gave a guest session") \
X(REASON_ANONYMOUS_SESSION, anonymous_session, FAULT_LOGON_REFUSED, \
  "the host gave an anonymous session (a null session)") \
X(REASON_LOGIN_MALFORMED, login_malformed, FAULT_REFUSED, \
  "the host could not read the login") \
X(REASON_DOMAIN_CLOCK_SKEW, domain_clock_skew, FAULT_KERBEROS, \
  "the clocks of the host and its domain differ too much") \
/* the KDC refused the credential */ \
X(REASON_KDC_REFUSED_PASSWORD, kdc_refused_password, FAULT_LOGON_REFUSED, \
  "the KDC refused the password or key") \
X(REASON_KDC_USER_UNKNOWN, kdc_user_unknown, FAULT_LOGON_REFUSED, \
  "the KDC does not know this user") \
X(REASON_KDC_ACCOUNT_REVOKED, kdc_account_revoked, FAULT_LOGON_REFUSED, \
  "the account is disabled, expired or locked out") \
X(REASON_KDC_PASSWORD_EXPIRED, kdc_password_expired, FAULT_LOGON_REFUSED, \
  "the password has expired or must be changed") \
X(REASON_KDC_ACCOUNT_EXPIRED, kdc_account_expired, FAULT_LOGON_REFUSED, \
  "the account has expired") \
X(REASON_KDC_ACCOUNT_NOT_YET_VALID, kdc_account_not_yet_valid, FAULT_LOGON_REFUSED, \
  "the account is not valid yet") \
X(REASON_KDC_POLICY, kdc_policy, FAULT_LOGON_REFUSED, \
  "the KDC's policy forbids this login") \
/* no Kerberos ticket could be obtained or used */ \
X(REASON_NO_KDC_ANSWERED, no_kdc_answered, FAULT_KERBEROS, \
  "no KDC of the realm answered") \
X(REASON_KDC_GAVE_NO_VERDICT, kdc_gave_no_verdict, FAULT_KERBEROS, \
  "the KDC did not answer the proof of the password or key, which may count as a wrong " \
  "password and is not sent again") \
X(REASON_REALM_UNKNOWN, realm_unknown, FAULT_KERBEROS, \
  "no KDC is known for the realm; see krb5.conf") \
X(REASON_REALM_MISSING, realm_missing, FAULT_KERBEROS, \
  "Kerberos needs a realm (USER@REALM)") \
X(REASON_TARGET_IS_ADDRESS, target_is_address, FAULT_KERBEROS, \
  "Kerberos needs the host's name, and this is an address") \
X(REASON_SERVICE_UNKNOWN, service_unknown, FAULT_KERBEROS, \
  "the KDC has no service under this host's name") \
X(REASON_NO_COMMON_ENCRYPTION_TYPE, no_common_encryption_type, FAULT_KERBEROS, \
  "the KDC and this machine have no encryption type in common") \
X(REASON_CLOCK_SKEW, clock_skew, FAULT_KERBEROS, \
  "the clocks of this machine and the KDC differ by more than five minutes") \
X(REASON_TICKET_EXPIRED, ticket_expired, FAULT_KERBEROS, \
  "the Kerberos ticket has expired") \
X(REASON_NO_TICKET_CACHE, no_ticket_cache, FAULT_KERBEROS, \
  "there is no ticket cache") \
X(REASON_NO_TICKET, no_ticket, FAULT_KERBEROS, \
  "the ticket cache holds no usable ticket") \
X(REASON_KEYTAB_UNUSABLE, keytab_unusable, FAULT_KERBEROS, \
  "the keytab cannot be used") \
X(REASON_KEYTAB_LACKS_PRINCIPAL, keytab_lacks_principal, FAULT_KERBEROS, \
  "the keytab has no key for this principal") \
X(REASON_KERBEROS_FAILED, kerberos_failed, FAULT_KERBEROS, \
  "Kerberos failed") \
/* the host's security tokens */ \
X(REASON_HOST_CLOCK_WRONG, host_clock_wrong, FAULT_REFUSED, \
  "the clocks of the host and of this machine differ by more than 36 hours") \
X(REASON_MALFORMED_TOKEN, malformed_token, FAULT_PROTOCOL, \
  "the host's security token is malformed") \
X(REASON_BAD_TOKEN_SIGNATURE, bad_token_signature, FAULT_INTEGRITY, \
  "the host's security token is wrongly signed") \
X(REASON_ACCEPTED_WITHOUT_PROOF, accepted_without_proof, FAULT_PROTOCOL, \
  "the host accepted a login that had proved nothing yet") \
X(REASON_ENDLESS_LOGIN, endless_login, FAULT_PROTOCOL, \
  "the login does not come to an end") \
X(REASON_NO_SESSION_KEY, no_session_key, FAULT_INTEGRITY, \
  "the login gave no session key") \
/* signatures and encryption */ \
X(REASON_NEGOTIATION_ALTERED, negotiation_altered, FAULT_INTEGRITY, \
  "NEGOTIATE was altered on its way") \
X(REASON_UNSIGNED_ANSWER, unsigned_answer, FAULT_INTEGRITY, \
  "an answer is unsigned where a signature is due") \
X(REASON_BAD_SIGNATURE, bad_signature, FAULT_INTEGRITY, \
  "an answer's signature is wrong") \
X(REASON_UNENCRYPTED_ANSWER, unencrypted_answer, FAULT_INTEGRITY, \
  "an answer is unencrypted where encryption is due") \
X(REASON_ALTERED_ENCRYPTION, altered_encryption, FAULT_INTEGRITY, \
  "an encrypted answer was altered") \
X(REASON_REQUEST_ALTERED, request_altered, FAULT_INTEGRITY, \
  "the host found that a request was altered on its way") \
/* logged on, and no further */ \
X(REASON_ACCESS_DENIED, access_denied, FAULT_ACCESS_DENIED, \
  "the host denies access") \
X(REASON_SHARE_DENIED, share_denied, FAULT_ACCESS_DENIED, \
  "the host denies access to IPC$") \
X(REASON_PIPE_DENIED, pipe_denied, FAULT_ACCESS_DENIED, \
  "the host denies access to the pipe lsarpc") \
X(REASON_FILE_SHARE_DENIED, file_share_denied, FAULT_ACCESS_DENIED, \
  "the host denies access to the share") \
X(REASON_NO_SHARE, no_share, FAULT_REFUSED, \
  "the host has no IPC$") \
X(REASON_NO_FILE_SHARE, no_file_share, FAULT_REFUSED, \
  "the host has no share of this name") \
X(REASON_NO_LSA_PIPE, no_lsa_pipe, FAULT_REFUSED, \
  "the host has no pipe lsarpc") \
X(REASON_SESSION_ENDED, session_ended, FAULT_BUSY, \
  "the host ended this session") \
X(REASON_NAME_NOT_ACCEPTED, name_not_accepted, FAULT_REFUSED, \
  "the host does not answer to this name") \
X(REASON_HOST_ERROR, host_error, FAULT_REFUSED, \
  "the host answered with an error") \
/* no room */ \
X(REASON_OUT_OF_RESOURCES, out_of_resources, FAULT_BUSY, \
  "the host is out of resources") \
X(REASON_TOO_MANY_SESSIONS, too_many_sessions, FAULT_BUSY, \
  "the host accepts no more sessions") \
X(REASON_PIPE_BUSY, pipe_busy, FAULT_BUSY, \
  "all instances of the pipe are busy") \
/* answers that break the protocol */ \
X(REASON_MALFORMED_ANSWER, malformed_answer, FAULT_PROTOCOL, \
  "the answer is malformed") \
X(REASON_UNEXPECTED_ANSWER, unexpected_answer, FAULT_PROTOCOL, \
  "the host answered what was not asked") \
X(REASON_ANSWER_TOO_LARGE, answer_too_large, FAULT_PROTOCOL, \
  "the answer is larger than any that was asked for") \
X(REASON_ENDLESS_ANSWER, endless_answer, FAULT_PROTOCOL, \
  "the host never comes to an answer") \
X(REASON_NOT_A_PIPE_SHARE, not_a_pipe_share, FAULT_PROTOCOL, \
  "IPC$ is not a share of pipes") \
X(REASON_NOT_A_FILE_SHARE, not_a_file_share, FAULT_PROTOCOL, \
  "the share is not a share of files") \
X(REASON_OUT_OF_CREDITS, out_of_credits, FAULT_PROTOCOL, \
  "the host grants no credit for a further request") \
/* this machine */ \
X(REASON_OUT_OF_MEMORY, out_of_memory, FAULT_LOCAL, \
  "out of memory") \
X(REASON_CRYPTO_FAILED, crypto_failed, FAULT_LOCAL, \
  "a message could not be signed, checked or encrypted: out of memory, or libcrypto failed") \
X(REASON_BAD_SERVER_NAME, bad_server_name, FAULT_LOCAL, \
  "the host's name is too long or is not UTF-8") \
X(REASON_BAD_FILE_NAME, bad_file_name, FAULT_LOCAL, \
  "the file's name is too long or is not UTF-8") \
X(REASON_NO_DIALECT_OFFERED, no_dialect_offered, FAULT_LOCAL, \
  "no dialect lies within the bounds that were given") \
X(REASON_NO_PASSWORD, no_password, FAULT_LOCAL, \
  "there is no password for this user") \
X(REASON_KERBEROS_CONFIGURATION, kerberos_configuration, FAULT_LOCAL, \
  "krb5.conf cannot be read") \
X(REASON_MECHANISM_FAILED, mechanism_failed, FAULT_LOCAL, \
  "the security mechanism failed") \
/* given by scanner/discover: the domain controller as an LDAP server */ \
X(REASON_DIRECTORY_UNREACHABLE, directory_unreachable, FAULT_REFUSED, \
  "no connection to the domain controller") \
X(REASON_DIRECTORY_CLOSED, directory_closed, FAULT_PROTOCOL, \
  "the domain controller closed the connection") \
X(REASON_DIRECTORY_REFUSED, directory_refused, FAULT_REFUSED, \
  "the domain controller refused an LDAP request") \
X(REASON_DIRECTORY_BUSY, directory_busy, FAULT_BUSY, \
  "the domain controller did not answer in time") \
X(REASON_DIRECTORY_MALFORMED, directory_malformed, FAULT_PROTOCOL, \
  "the domain controller's answer is malformed") \
X(REASON_DIRECTORY_UNPROVEN, directory_unproven, FAULT_INTEGRITY, \
  "the domain controller did not prove itself") \
X(REASON_DIRECTORY_UNENCRYPTED, directory_unencrypted, FAULT_NO_ENCRYPTION, \
  "the LDAP login gave no encryption") \
X(REASON_DIRECTORY_LOGIN_REFUSED, directory_login_refused, FAULT_LOGON_REFUSED, \
  "the domain controller refused the LDAP login") \
X(REASON_CHANNEL_BINDING_REFUSED, channel_binding_refused, FAULT_REFUSED, \
  "the domain controller refused the channel binding") \
X(REASON_LDAP_FILTER, ldap_filter, FAULT_LOCAL, \
  "the LDAP filter is malformed") \
X(REASON_LDAP_FAILED, ldap_failed, FAULT_LOCAL, \
  "the LDAP library failed") \
X(REASON_RUN_ENDED, run_ended, FAULT_LOCAL, \
  "the run was ended") \
/* given by scanner/host, outside of a dialogue */ \
X(REASON_NO_NAME_SERVER_ANSWERED, no_name_server_answered, FAULT_NONE, \
  "no name server answered in time") \
X(REASON_NO_VERDICT, no_verdict, FAULT_NONE, \
  "the host did not answer the proof of the password") \
X(REASON_LOGIN_UNANSWERED, login_unanswered, FAULT_NONE, \
  "the host did not answer when NTLM was offered") \
X(REASON_TICKET_UNANSWERED, ticket_unanswered, FAULT_NONE, \
  "the host did not answer the Kerberos ticket") \
X(REASON_OPENING_UNANSWERED, opening_unanswered, FAULT_NONE, \
  "the host did not answer the first message") \
X(REASON_RPC_POLICY, rpc_policy, FAULT_NONE, \
  "the host's RPC policy denies this interface") \
X(REASON_NO_DOMAIN, no_domain, FAULT_NONE, \
  "the host belongs to no domain, and the account does") \
X(REASON_OTHER_DOMAIN, other_domain, FAULT_NONE, \
  "the host belongs to another domain than the account") \
X(REASON_LOGIN_CRASHED, login_crashed, FAULT_LOCAL, \
  "a library crashed during the login to this host; it is not asked again by --resume") \
X(REASON_NO_LSA_INTERFACE, no_lsa_interface, FAULT_NONE, \
  "the host does not offer this interface") \
X(REASON_NO_SUCH_CALL, no_such_call, FAULT_NONE, \
  "the host does not have this call")
/* clang-format on */

#define X(name, word, kind, words) name,
enum fault_reason { FAULT_REASONS(X) REASON_COUNT };
#undef X

/* REASON_BAD_SIGNATURE -> "bad_signature"; NULL for REASON_NONE: static. */
const char *fault_reason_word(enum fault_reason reason);
/* REASON_BAD_SIGNATURE -> "an answer's signature is wrong": static. */
const char *fault_reason_words(enum fault_reason reason);
/* "bad_signature" -> REASON_BAD_SIGNATURE; REASON_NONE for NULL and for other words. */
enum fault_reason fault_reason_from_word(const char *word);

#endif
