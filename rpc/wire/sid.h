/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sid.h - security identifiers: bytes on the wire, text everywhere else.
 *
 * [MS-DTYP] 2.4.2.  A SID without sub-authorities (S-1-5) is legal and comes.
 */
#ifndef RPC_WIRE_SID_H
#define RPC_WIRE_SID_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

enum { SID_SUB_MAX = 15, SID_TEXT_MAX = 192 };

struct sid {
	uint64_t authority; /* 48 bits */
	uint8_t sub_count;  /* 0 to SID_SUB_MAX */
	uint32_t sub[SID_SUB_MAX];
};

/* The packed form: revision, count, authority, sub-authorities.  A revision other than
 * 1 or a count above 15 turns the cursor bad. */
void sid_get(struct wire_in *w, struct sid *sid);
void sid_put(struct wire_out *w, const struct sid *sid);
/* "S-1-5-32-544"; an authority of 2^32 and more is written in hexadecimal. */
void sid_format(const struct sid *sid, char text[static SID_TEXT_MAX]);
/* False (and `sid` untouched) unless all of `text` is a SID. */
bool sid_parse(const char *text, struct sid *sid);
bool sid_equal(const struct sid *a, const struct sid *b);
/* True when `sid` is `domain` plus exactly one more sub-authority. */
bool sid_in_domain(const struct sid *sid, const struct sid *domain);

#endif
