/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey_play.h - a survey's answers out of a fuzzer's bytes, and what must be true of
 * any record.  An answer is a byte for its kind (0: a stub, 1: an RPC fault, 2: no such
 * interface), the length of the stub (2 bytes) or the fault's status (4), and the stub.
 */
#ifndef TESTS_FUZZ_SURVEY_PLAY_H
#define TESTS_FUZZ_SURVEY_PLAY_H

#include <stdlib.h>
#include <string.h>

#include "report/facts/facts_json.h"
#include "rpc/wire/wire.h"
#include "scanner/host/survey.h"

static const char *const play_rights[] = { "SeImpersonatePrivilege", "SeTcbPrivilege",
					   "SeDenyNetworkLogonRight" };

static inline struct session_reply play_answer(struct wire_in *in)
{
	struct session_reply reply = { .outcome = get_u8(in) % 3 };

	if (reply.outcome == CALL_ANSWERED)
		reply.stub = get_bytes(in, get_u16le(in));
	else if (reply.outcome == CALL_FAULTED)
		reply.fault_status = get_u32le(in);
	if (in->bad)
		reply = (struct session_reply){ .outcome = CALL_UNAVAILABLE };
	return reply;
}

/* A right is held where, and only where, there are holders. */
static inline void play_check_rights(const struct facts *f)
{
	for (size_t i = 0; i < f->right_count; i++)
		if ((f->rights[i].outcome == RIGHT_HELD) !=
		    (f->rights[i].holder_count > 0))
			abort();
}

/* A record is written, read and written again without change. */
static inline void play_check_record(const struct facts *f)
{
	struct facts again;
	char *first = facts_to_json(f), *second, why[200];

	facts_init(&again);
	if (!first || !facts_from_json(first, strlen(first), &again, why, sizeof(why)))
		abort();
	second = facts_to_json(&again);
	if (!second || strcmp(first, second) != 0)
		abort();
	facts_free(&again);
	free(first);
	free(second);
}

#endif
