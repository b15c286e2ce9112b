/* SPDX-License-Identifier: Apache-2.0 */
/*
 * der.h - tags and lengths of ASN.1 (X.690), as Kerberos and SPNEGO use them.
 *
 * It knows no types beyond what is needed to walk through a message: each codec reads
 * its own fields.  Lengths are definite and have at most four bytes; a length that is
 * longer than it need be is let pass, for Windows has written such.  Tags have one byte.
 */
#ifndef RPC_WIRE_DER_H
#define RPC_WIRE_DER_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

enum {
	DER_INTEGER = 0x02,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_SEQUENCE = 0x30,
	DER_CONSTRUCTED = 0x20, /* a bit of a tag: values follow inside */
	DER_APPLICATION = 0x60, /* + number */
	DER_CONTEXT = 0xa0,     /* + number */
	DER_DEPTH_MAX = 24      /* values inside of values */
};

/* True when the next value has this tag; does not move. */
bool der_next_is(const struct wire_in *w, uint8_t tag);
/* A cursor on the content of the next value, which must have this tag; `w` moves past it,
 * or turns bad, and so is what is returned. */
struct wire_in get_der(struct wire_in *w, uint8_t tag);
/* An INTEGER of at most four bytes. */
int32_t get_der_integer(struct wire_in *w);
/* True when `b` is one value and nothing else, and each constructed value inside consists
 * of whole values in turn, at most DER_DEPTH_MAX deep. */
bool der_is_well_formed(struct bytes b);

#endif
