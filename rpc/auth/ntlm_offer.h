/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm_offer.h - an NTLM CHALLENGE as a client must have it before it answers.
 *
 * [MS-NLMP] 2.2.1.2 and 3.1.5.1.2.  ntlm_challenge.h reads what any host tells of itself;
 * here nothing is forgiven, because an answer made of an odd challenge would prove a
 * password to somebody who does not follow the specification.  Refused are: a message
 * longer than NTLM_OFFER_MAX, another message or a wrapped one, fields outside the
 * message, over its header or over one another, no or an odd target name (it was asked
 * for), no target information, a list of it that has no end, goes on behind its end,
 * says a thing twice, gives a value a wrong length, or holds what only a client adds; and
 * no Unicode, no extended session security or no 128-bit keys.
 */
#ifndef RPC_AUTH_NTLM_OFFER_H
#define RPC_AUTH_NTLM_OFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/fault.h"
#include "rpc/wire/wire.h"

enum {
	NTLM_OFFER_MAX = 4096, /* bytes; Windows sends less than 1,000 */
	NTLM_NONCE_BYTES = 8,
};

struct ntlm_offer {
	struct bytes message; /* all of it, borrowed: the MIC covers it */
	uint32_t flags;
	uint8_t nonce[NTLM_NONCE_BYTES]; /* ServerChallenge */
	struct bytes info; /* TargetInfo without its end: pairs, borrowed as well */
	uint32_t av_flags; /* MsvAvFlags, 0 when not given */
	bool has_time;
	uint64_t time; /* MsvAvTimestamp, FILETIME */
};

/* The next pair of a list; a list that is cut short turns bad. */
struct ntlm_av_pair {
	uint16_t id;
	struct wire_in value;
};
struct ntlm_av_pair ntlm_get_av_pair(struct wire_in *list);

/* False with `fault` filled (FAULT_PROTOCOL): the first thing that is not right. */
bool ntlm_offer_read(struct bytes token, struct ntlm_offer *offer, struct fault *fault);

#endif
