/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h - how much one host's record may hold: the one table of these limits.
 *
 * What a host says about itself must never cost anybody else their facts: the longest
 * line that is written is shorter than the longest line that is read back.  A record is
 * brought within these limits by facts_keep_limits() before it is judged and written; the
 * reader of journals takes everything within them.
 *
 * All values are counts or bytes, as their names say.
 */
#ifndef REPORT_FACTS_LIMITS_H
#define REPORT_FACTS_LIMITS_H

enum {
	/* The IDL's range of EntriesRead, [MS-LSAD] 2.2.2.1: no Windows reports more. */
	LIMIT_HOLDERS_A_RIGHT = 20480,
	/* Of all rights of one host together. */
	LIMIT_HOLDERS_A_HOST = 65536,
	/* Windows has 45 rights; a template may name others. */
	LIMIT_RIGHTS = 1000,
	LIMIT_TAGS = 1000,
	/* A name, a tag, an error, a sentence: a name of Windows is at most 256 UTF-16
	 * units of a domain and as many of an account, three bytes each in UTF-8. */
	LIMIT_TEXT_BYTES = 2048,
	LIMIT_RIGHT_NAME_BYTES = 256,
	/* "... (cut at N of M bytes)", "cut at N of M holders: ..." */
	LIMIT_CUT_NOTE_BYTES = 160,
	/* Of all texts of one host together, as they are in memory; and of these what is
	 * kept back for the names of rights and for the notes about what was cut. */
	LIMIT_HOST_TEXT_BYTES = 2 << 20,
	LIMIT_RESERVE_BYTES = (LIMIT_RIGHT_NAME_BYTES + LIMIT_CUT_NOTE_BYTES) *
				      LIMIT_RIGHTS +
			      4 * LIMIT_TEXT_BYTES,

	/* What a text can grow to as JSON: a control character becomes six. */
	LIMIT_JSON_GROWTH = 6,
	/* Keys and punctuation of one holder, one right, one tag, and of the rest. */
	LIMIT_JSON_HOLDER_BYTES = 64,
	LIMIT_JSON_RIGHT_BYTES = 256,
	LIMIT_JSON_TAG_BYTES = 4,
	LIMIT_JSON_REST_BYTES = 4096,

	/* The longest line of facts that is written, and of any kind that is read. */
	LIMIT_LINE_WRITTEN_BYTES = LIMIT_JSON_GROWTH * LIMIT_HOST_TEXT_BYTES +
				   LIMIT_JSON_HOLDER_BYTES * LIMIT_HOLDERS_A_HOST +
				   LIMIT_JSON_RIGHT_BYTES * LIMIT_RIGHTS +
				   LIMIT_JSON_TAG_BYTES * LIMIT_TAGS +
				   LIMIT_JSON_REST_BYTES,
	LIMIT_LINE_READ_BYTES = 32 << 20,
};

_Static_assert(LIMIT_LINE_WRITTEN_BYTES < LIMIT_LINE_READ_BYTES,
	       "what is written can be read back");
_Static_assert(LIMIT_HOLDERS_A_RIGHT <= LIMIT_HOLDERS_A_HOST,
	       "one right fits into a host");
_Static_assert(64 * LIMIT_TEXT_BYTES < LIMIT_HOST_TEXT_BYTES - LIMIT_RESERVE_BYTES,
	       "what is no right fits beside the rights");

#endif
