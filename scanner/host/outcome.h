/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome.h - from what went wrong to the word for it: the tables between faults and
 * errors on one side and host outcomes on the other.
 */
#ifndef SCANNER_HOST_OUTCOME_H
#define SCANNER_HOST_OUTCOME_H

#include <stdbool.h>

#include "report/facts/facts.h"
#include "report/text/timestamp.h"
#include "rpc/auth/auth.h"
#include "rpc/wire/fault.h"
#include "rpc/session/session.h"

/* What a dialogue's fault makes of its host. */
enum host_outcome outcome_of_fault(enum fault_kind kind);
/* What a libuv error of connecting, reading or writing makes of it: `refused`,
 * `unreachable`, `timeout`, `disconnected` or `local_error`. */
enum host_outcome outcome_of_socket(int uv_error);
/* True for the errors that say that this machine has run out of sockets or ports. */
bool outcome_is_exhaustion(int uv_error);
/* Outcomes another attempt may change. */
bool outcome_may_retry(enum host_outcome outcome);

void outcome_note_fault(struct facts *facts, const struct fault *fault);
void outcome_note_socket(struct facts *facts, enum host_outcome outcome, int uv_error);
/* `text` is static or lives as long as the facts. */
void outcome_note(struct facts *facts, enum host_outcome outcome, const char *text);
/* The same for a reason of the closed list, with its own sentence. */
void outcome_note_reason(struct facts *facts, enum host_outcome outcome,
			 enum fault_reason reason);
/* What the host told of itself while it was talked to. */
/* How a login's mechanism stands in the facts. */
enum login_mechanism outcome_mechanism(enum auth_mechanism mechanism);
void outcome_note_peer(struct facts *facts, const struct session_peer *peer);
/* Now, as RFC 3339 in UTC with milliseconds. */
enum { OUTCOME_TIME_MAX = TIMESTAMP_MAX };
void outcome_time(char text[static OUTCOME_TIME_MAX]);

#endif
