/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ndr.h - NDR32 as far as LSA and DSSETUP need it.
 *
 * [C706] chapter 14, [MS-RPCE] 2.2.4 and, for the RPC_ types, [MS-DTYP] 2.3.10
 * and 2.4.2.3. Alignment counts from the start of the stub, so a reading cursor begins
 * there; padding is not looked at (old Windows sends garbage in it).
 *
 * A pointer is a referent id in place and, later, what it points to: at once for a
 * pointer that is itself a parameter, behind the outermost structure or array for one
 * that is a member.  A codec writes that order down line by line.  None of the types used
 * here contains itself, so nothing recurses, and how deep a stub nests is decided by the
 * code that reads it, never by the host.
 */
#ifndef RPC_DCE_NDR_H
#define RPC_DCE_NDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/sid.h"
#include "rpc/wire/wire.h"

enum { NDR_HANDLE_BYTES = 20, NDR_SLACK_BYTES = 8 };

/* --- reading: sticky, on the stub's own cursor --- */

uint16_t ndr_get_u16(struct wire_in *w); /* also every enum */
uint32_t ndr_get_u32(struct wire_in *w);
/* A referent id: is there a pointee?  Only zero means something. */
bool ndr_get_pointer(struct wire_in *w);
/* A count of elements of which each takes at least `least` bytes further on; bad above
 * `max`, which is the IDL's range, or when so many cannot be in the bytes left. */
size_t ndr_get_count(struct wire_in *w, size_t max, size_t least);
/* The max_count of a conformant array; bad unless it is `count`. */
void ndr_get_conformance(struct wire_in *w, size_t count);
/* A context handle, opaque. */
void ndr_get_handle(struct wire_in *w, uint8_t handle[static NDR_HANDLE_BYTES]);
/* RPC_SID; bad when its max_count is not its own count. */
void ndr_get_sid(struct wire_in *w, struct sid *sid);

/* RPC_UNICODE_STRING in place. */
struct ndr_unicode {
	size_t len;   /* bytes */
	bool present; /* a buffer follows further on */
};

/* Bad: an odd Length, one above MaximumLength, or text without a buffer. */
struct ndr_unicode ndr_get_unicode(struct wire_in *w);
/* Its buffer, UTF-16LE, borrowed; empty, and nothing is read, when it is not present.
 * Bad: an offset, an actual count that is not Length, or one above max_count. */
struct bytes ndr_get_unicode_buffer(struct wire_in *w, struct ndr_unicode string);
/* [string] wchar_t *: UTF-16LE, borrowed, without the terminator it must have. */
struct bytes ndr_get_string(struct wire_in *w);
/* True when nothing went wrong and no more than padding is left over. */
bool ndr_done(const struct wire_in *w);

/* --- writing --- */

struct ndr_out {
	struct wire_out *w;
	size_t start;      /* of the stub in `w` */
	uint32_t referent; /* the last one given */
};

/* A stub that begins at the end of `w`. */
struct ndr_out ndr_out(struct wire_out *w);
void ndr_put_u16(struct ndr_out *n, uint16_t v);
void ndr_put_u32(struct ndr_out *n, uint32_t v);
/* A fresh referent id, 0x00020000 and up, as Windows numbers them. */
void ndr_put_pointer(struct ndr_out *n);
void ndr_put_null(struct ndr_out *n);
void ndr_put_handle(struct ndr_out *n, const uint8_t handle[static NDR_HANDLE_BYTES]);
void ndr_put_sid(struct ndr_out *n, const struct sid *sid);
/* RPC_UNICODE_STRING with its buffer right behind it, as a parameter has it.  Text that
 * is not UTF-8, or longer than 32,767 units, turns the writer bad. */
void ndr_put_unicode(struct ndr_out *n, const char *text);

#endif
