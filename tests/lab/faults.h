/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults.h - how a simulated host can misbehave, and where: two closed lists.
 *
 * A host has at most one fault and the step at which it shows.  Each row says at which
 * steps the fault can show and what a scanner must report of such a host; a host that
 * breaks down after its rights were told (from `lookup` on) may be reported otherwise,
 * and then both words stand there, the better one first.  A host that answers one call
 * with nonsense has answered the others: it is `answered`, what was asked is `failed`.
 *
 * To add a fault, add a row to FAULTS and do what it says where its word is used:
 * server.c for what happens to bytes, smb.c and its neighbours for what happens to
 * fields.
 */
#ifndef LAB_FAULTS_H
#define LAB_FAULTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define LAB_STEPS(X)                     \
	X(STEP_RESOLVE, "resolve")       \
	X(STEP_CONNECT, "connect")       \
	X(STEP_ACCEPT, "accept")         \
	X(STEP_NEGOTIATE, "negotiate")   \
	X(STEP_SETUP1, "setup1")         \
	X(STEP_SETUP2, "setup2")         \
	X(STEP_TREE, "tree")             \
	X(STEP_CREATE, "create")         \
	X(STEP_BIND, "bind")             \
	X(STEP_ALTER, "alter")           \
	X(STEP_DSSETUP, "dssetup")       \
	X(STEP_OPENPOLICY, "openpolicy") \
	X(STEP_QUERY, "query")           \
	X(STEP_ENUM, "enum")             \
	X(STEP_LOOKUP, "lookup")         \
	X(STEP_CLOSE, "close")           \
	X(STEP_LOGOFF, "logoff")

enum lab_step {
#define X(step, word) step,
	LAB_STEPS(X)
#undef X
		STEP_COUNT
};

/* Sets of steps, first to last. */
#define STEPS(first, last) ((2u << (last)) - (1u << (first)))
#define AT_RESOLVE         STEPS(STEP_RESOLVE, STEP_RESOLVE)
#define AT_CONNECT         STEPS(STEP_CONNECT, STEP_CONNECT)
#define AT_ANY             STEPS(STEP_ACCEPT, STEP_LOGOFF)
#define AT_ANSWER          STEPS(STEP_NEGOTIATE, STEP_LOGOFF)
#define AT_NEGOTIATE       STEPS(STEP_NEGOTIATE, STEP_NEGOTIATE)
#define AT_TOKEN           STEPS(STEP_NEGOTIATE, STEP_SETUP2)
#define AT_SETUP2          STEPS(STEP_SETUP2, STEP_SETUP2)
#define AT_SIGNED          STEPS(STEP_SETUP2, STEP_LOGOFF)
#define AT_SESSION         STEPS(STEP_TREE, STEP_LOGOFF)
#define AT_TREE            STEPS(STEP_CREATE, STEP_LOOKUP)
#define AT_PIPE            STEPS(STEP_BIND, STEP_LOOKUP)
#define AT_CALL            STEPS(STEP_DSSETUP, STEP_LOOKUP)
/* Answers that carry more than a handle. */
#define AT_DATA (AT_CALL & ~STEPS(STEP_OPENPOLICY, STEP_OPENPOLICY))

/* name, word, steps, outcome, outcome from `lookup` on, what the host does */
#define LAB_FAULTS(X)                                                                    \
	X(FAULT_UNRESOLVABLE, "unresolvable", AT_RESOLVE, "unresolvable", "",            \
	  "its name has no address")                                                     \
	X(FAULT_SILENT_DNS, "silent_dns", AT_RESOLVE, "unresolvable", "",                \
	  "nobody answers for its name")                                                 \
	X(FAULT_SLOW_DNS, "slow_dns", AT_RESOLVE, "answered", "",                        \
	  "its name is told late")                                                       \
	X(FAULT_REFUSE, "refuse", AT_CONNECT, "refused", "", "its port is closed")       \
	X(FAULT_BLACK_HOLE, "black_hole", AT_CONNECT, "timeout", "",                     \
	  "its packets vanish")                                                          \
	X(FAULT_HANG, "hang", AT_ANY, "stalled", "answered", "says nothing more")        \
	X(FAULT_RESET, "reset", AT_ANY, "disconnected", "answered", "sends RST")         \
	X(FAULT_FIN, "fin", AT_ANY, "disconnected", "answered", "sends FIN")             \
	X(FAULT_TRICKLE, "trickle", AT_ANSWER, "answered", "answered",                   \
	  "answers in writes of one byte")                                               \
	X(FAULT_DRIP, "drip", AT_ANSWER, "stalled", "answered",                          \
	  "answers one byte a second")                                                   \
	X(FAULT_GARBAGE, "garbage", AT_ANY, "protocol_error not_smb",                    \
	  "protocol_error answered", "answers noise in a good frame")                    \
	X(FAULT_NOISE, "noise", AT_ANY, "protocol_error not_smb",                        \
	  "protocol_error answered", "answers noise in no frame")                        \
	X(FAULT_TRUNCATED, "truncated", AT_ANSWER, "disconnected protocol_error",        \
	  "answered disconnected protocol_error", "sends half an answer, then FIN")      \
	X(FAULT_SHORT, "short", AT_ANSWER, "protocol_error integrity_failed not_smb",    \
	  "protocol_error integrity_failed answered", "sends an answer cut by a third")  \
	X(FAULT_OVERSIZE, "oversize", AT_ANSWER, "protocol_error not_smb",               \
	  "protocol_error answered", "announces a frame of 16 MiB")                      \
	X(FAULT_WRONG_MESSAGE_ID, "wrong_message_id", AT_ANSWER, "protocol_error",       \
	  "protocol_error answered", "answers another question")                         \
	X(FAULT_WRONG_COMMAND, "wrong_command", AT_ANSWER, "protocol_error",             \
	  "protocol_error answered", "answers with another command's name")              \
	X(FAULT_WRONG_SESSION, "wrong_session", AT_SIGNED,                               \
	  "protocol_error integrity_failed", "protocol_error integrity_failed answered", \
	  "answers for another session")                                                 \
	X(FAULT_WRONG_TREE, "wrong_tree", AT_TREE, "protocol_error",                     \
	  "protocol_error answered", "answers for another tree")                         \
	X(FAULT_WRONG_FILE, "wrong_file", AT_PIPE, "protocol_error",                     \
	  "protocol_error answered", "answers for another file")                         \
	X(FAULT_REPLAYED, "replayed", AT_SIGNED, "protocol_error integrity_failed",      \
	  "protocol_error integrity_failed answered", "sends its last answer again")     \
	X(FAULT_EARLY, "early", AT_ANSWER, "protocol_error integrity_failed",            \
	  "protocol_error integrity_failed answered",                                    \
	  "answers, and answers what was not asked yet")                                 \
	X(FAULT_UNSIGNED, "unsigned", AT_SIGNED, "integrity_failed",                     \
	  "integrity_failed answered", "answers unsigned")                               \
	X(FAULT_BAD_SIGNATURE, "bad_signature", AT_SIGNED, "integrity_failed",           \
	  "integrity_failed answered", "signs wrongly")                                  \
	X(FAULT_UNENCRYPTED, "unencrypted", AT_SESSION,                                  \
	  "integrity_failed protocol_error", "integrity_failed protocol_error answered", \
	  "answers in clear what was sealed")                                            \
	X(FAULT_DOWNGRADE_DIALECT, "downgrade_dialect", AT_NEGOTIATE,                    \
	  "integrity_failed disconnected", "", "speaks 3.0.2 and will not vouch for it") \
	X(FAULT_DOWNGRADE_SIGNING, "downgrade_signing", AT_NEGOTIATE,                    \
	  "integrity_failed", "", "its NEGOTIATE lost the signing flag on the way")      \
	X(FAULT_DOWNGRADE_ENCRYPTION, "downgrade_encryption", AT_NEGOTIATE,              \
	  "integrity_failed", "", "its NEGOTIATE lost the cipher on the way")            \
	X(FAULT_GUEST, "guest", AT_SETUP2, "logon_refused", "",                          \
	  "makes a guest of whoever comes")                                              \
	X(FAULT_NULL, "null", AT_SETUP2, "logon_refused", "",                            \
	  "makes a nobody of whoever comes")                                             \
	X(FAULT_ABSURD_COUNT, "absurd_count", AT_DATA, "answered protocol_error",        \
	  "answered protocol_error", "counts two thousand million in an answer")         \
	X(FAULT_ABSURD_LENGTH, "absurd_length", AT_TOKEN | AT_PIPE, "protocol_error",    \
	  "protocol_error answered", "claims more data than it sent")                    \
	X(FAULT_ABSURD_OFFSET, "absurd_offset", AT_TOKEN | AT_PIPE, "protocol_error",    \
	  "protocol_error answered", "its data stand far behind its answer")             \
	X(FAULT_REFERENTS, "referents", AT_DATA, "answered protocol_error",              \
	  "answered protocol_error", "answers pointers to pointers to pointers")         \
	X(FAULT_ENDLESS_FRAGMENTS, "endless_fragments", AT_PIPE, "protocol_error",       \
	  "protocol_error answered", "no fragment is ever the last")                     \
	X(FAULT_ENDLESS_PENDING, "endless_pending", AT_ANSWER, "stalled",                \
	  "answered stalled", "promises an answer ten times a second")                   \
	X(FAULT_ENDLESS_ROUNDS, "endless_rounds", AT_SETUP2,                             \
	  "protocol_error logon_refused", "", "asks for one more token, for ever")       \
	X(FAULT_NO_CREDITS, "no_credits", STEPS(STEP_NEGOTIATE, STEP_LOOKUP),            \
	  "protocol_error", "protocol_error answered", "grants no credit any more")      \
	X(FAULT_DENIED, "denied", STEPS(STEP_NEGOTIATE, STEP_LOOKUP), "access_denied",   \
	  "answered", "STATUS_ACCESS_DENIED")                                            \
	X(FAULT_RPC_FAULT, "rpc_fault", AT_CALL, "answered", "answered",                 \
	  "an RPC fault: not with me")                                                   \
	X(FAULT_BIND_NAK, "bind_nak", STEPS(STEP_BIND, STEP_ALTER),                      \
	  "protocol_error access_denied", "", "will not be bound")                       \
	X(FAULT_LOGON_FAILURE, "logon_failure", AT_SETUP2, "logon_refused", "",          \
	  "STATUS_LOGON_FAILURE")                                                        \
	X(FAULT_LOCKED_OUT, "locked_out", AT_SETUP2, "logon_refused", "",                \
	  "STATUS_ACCOUNT_LOCKED_OUT")                                                   \
	X(FAULT_DISABLED, "disabled", AT_SETUP2, "logon_refused", "",                    \
	  "STATUS_ACCOUNT_DISABLED")                                                     \
	X(FAULT_EXPIRED, "expired", AT_SETUP2, "logon_refused", "",                      \
	  "STATUS_PASSWORD_EXPIRED")                                                     \
	X(FAULT_MUST_CHANGE, "must_change", AT_SETUP2, "logon_refused", "",              \
	  "STATUS_PASSWORD_MUST_CHANGE")                                                 \
	X(FAULT_NOT_GRANTED, "not_granted", AT_SETUP2, "logon_refused", "",              \
	  "STATUS_LOGON_TYPE_NOT_GRANTED")                                               \
	X(FAULT_NO_LOGON_SERVERS, "no_logon_servers", AT_SETUP2, "logon_refused", "",    \
	  "STATUS_NO_LOGON_SERVERS")                                                     \
	X(FAULT_NTLM_BLOCKED, "ntlm_blocked", STEPS(STEP_SETUP1, STEP_SETUP2),           \
	  "logon_refused", "", "STATUS_NTLM_BLOCKED")                                    \
	X(FAULT_BUSY, "busy", AT_SETUP2, "disconnected", "",                             \
	  "STATUS_REQUEST_NOT_ACCEPTED")                                                 \
	X(FAULT_NO_ENCRYPTION, "no_encryption", AT_NEGOTIATE, "answered no_encryption",  \
	  "", "knows no cipher")                                                         \
	X(FAULT_SMB1_ONLY, "smb1_only", AT_NEGOTIATE, "smb1_only", "",                   \
	  "speaks SMB1 only")                                                            \
	X(FAULT_HTTP, "http", AT_NEGOTIATE, "not_smb", "", "is a web server")

enum lab_fault {
	FAULT_NONE,
#define X(fault, ...) fault,
	LAB_FAULTS(X)
#undef X
		FAULT_COUNT
};

const char *fault_word(enum lab_fault fault);
const char *fault_says(enum lab_fault fault);
const char *step_word(enum lab_step step);
/* The steps at which the fault can show, as a set. */
uint32_t fault_steps(enum lab_fault fault);
/* What must be reported: outcomes separated by blanks, the best first. */
const char *fault_outcome(enum lab_fault fault, enum lab_step step);
/* "hang@create", or "tar_pit" and other names of mixes (see fault_mixes); false when it
 * is neither or the fault cannot show there. */
bool fault_parse(const char *text, enum lab_fault *fault, enum lab_step *step);
/* 0xC000006D for FAULT_LOGON_FAILURE and so on; 0 for a fault that is no status. */
uint32_t fault_status(enum lab_fault fault);

#endif
