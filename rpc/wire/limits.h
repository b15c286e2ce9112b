/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h - how much memory one conversation may take, whatever its host sends.
 *
 * Bytes.  scanner/host/budget.h holds these against what one host in flight may take.
 */
#ifndef RPC_WIRE_LIMITS_H
#define RPC_WIRE_LIMITS_H

enum {
	/* One answer of an interface; the largest of use is 20,480 SIDs of a domain. */
	LIMIT_ANSWER_BYTES = 768 << 10,
	/* Frames, tokens and names of one session. */
	LIMIT_SESSION_BYTES = 1 << 20,
	/* A buffer that grows is copied: for that moment it takes two thirds more. */
	LIMIT_ANSWER_GROWING_BYTES = LIMIT_ANSWER_BYTES / 3 * 5,
	/* One file of a share; a session that reads none holds none. */
	LIMIT_FILE_BYTES = 4 << 20,
};

#endif
