/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kdc.h - the seam between Kerberos and whoever carries its requests to a KDC.
 *
 * libkrb5's own transport asks the next KDC after a second, and each of them counts a
 * wrong password.  So it is not used: Kerberos says here what is to be asked and whether
 * that proves a password, and the link chooses one KDC.
 */
#ifndef RPC_AUTH_KDC_H
#define RPC_AUTH_KDC_H

#include <stdbool.h>

#include "rpc/wire/wire.h"

enum { KDC_REPLY_MAX = 256 * 1024 }; /* bytes; tickets have 64 KiB at most on Windows */

/* A question to the KDCs of one realm; everything is borrowed. */
struct kdc_question {
	const char *realm; /* "CORP.EXAMPLE" */
	/* What krb5.conf names, in its order: HOST, HOST:PORT, [IPV6]:PORT, each perhaps
	 * with tcp/ or udp/ in front.  Ends with NULL; may be NULL. */
	char *const *configured;
	bool dns; /* SRV records may be asked for where nothing is configured */
	struct bytes request;
	/* Carries what is made of the password or key: goes to one KDC, once. */
	bool proof;
};

enum kdc_outcome {
	KDC_ANSWERED,
	KDC_NONE_KNOWN,    /* no KDC of this realm is known */
	KDC_NONE_ANSWERED, /* no proof has left */
	KDC_NO_VERDICT     /* a proof went to one KDC, and no usable reply came */
};

struct kdc_link {
	/* Blocks.  May be called by several threads at a time.  `reply` is set for
	 * KDC_ANSWERED alone and is the caller's to free(); it is usable. */
	enum kdc_outcome (*ask)(struct kdc_link *link, const struct kdc_question *q,
				struct bytes *reply);
};

/* A whole AS-REP, TGS-REP or KRB-ERROR; not an error that asks to try elsewhere (service
 * not available, answer too large for UDP).  What is not usable is no answer. */
bool kdc_reply_is_usable(struct bytes reply);

#endif
