/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stats.h - what the simulated servers saw, for tests to hold against what the client
 * says.
 */
#ifndef LAB_STATS_H
#define LAB_STATS_H

#include <stdio.h>

/* counter, what it counts */
#define LAB_COUNTERS(X)                                                         \
	X(connections, "TCP connections accepted")                              \
	X(strangers, "connections to an address that is no host")               \
	X(requests, "SMB2 messages")                                            \
	X(logon_attempts, "logons that carried a proof of a password")          \
	X(logon_failures, "of these, refused")                                  \
	X(logon_successes, "of these, accepted")                                \
	X(anonymous_attempts, "logons without a name")                          \
	X(ntlmv1_attempts, "proofs by NTLMv1 or LM")                            \
	X(mic_present, "AUTHENTICATE messages with a MIC")                      \
	X(mic_wrong, "of these, with a wrong one")                              \
	X(mech_list_mic_wrong, "SPNEGO tokens with a wrong mechListMIC")        \
	X(signed_requests, "requests signed rightly")                           \
	X(sealed_requests, "requests sealed rightly")                           \
	X(unsigned_requests, "requests on a session neither signed nor sealed") \
	X(bad_signatures, "requests signed or sealed wrongly")                  \
	X(protocol_errors, "requests a Windows server would hang up on")        \
	X(reads_of_nothing, "READs of a pipe with nothing to say")              \
	X(validated, "negotiations validated by IOCTL")                         \
	X(calls, "RPC calls")                                                   \
	X(rights_asked, "of these, LsarEnumerateAccountsWithUserRight")         \
	X(logoffs, "dialogues that ended with LOGOFF")                          \
	X(guids_repeated, "connections with the ClientGuid of an earlier one")  \
	X(dns_queries, "questions to the name server")                          \
	X(ldap_connections, "TCP connections to a directory")                   \
	X(ldap_requests, "LDAP messages")                                       \
	X(ldap_binds, "of these, rounds of a bind")                             \
	X(ldap_unbinds, "of these, unbinds")                                    \
	X(simple_binds, "binds whose password came in clear")                   \
	X(kerberos_accepted, "binds by Kerberos, accepted")                     \
	X(kerberos_refused, "binds by Kerberos, refused")                       \
	X(ldap_searches, "searches, each page one")                             \
	X(ldap_entries, "entries that they gave")

struct stats {
#define X(counter, what) unsigned long counter;
	LAB_COUNTERS(X)
#undef X
};

extern struct stats stats;

/* Counts a ClientGuid that was seen before. */
void stats_note_guid(const unsigned char guid[16]);
/* One line of JSON: the counters, and each account's attempts. */
void stats_print(FILE *to);

#endif
