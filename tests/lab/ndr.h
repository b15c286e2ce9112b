/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ndr.h - the few NDR32 shapes LSA and DSSETUP are made of ([C706] 14, [MS-RPCE] 2.2.5).
 */
#ifndef LAB_NDR_H
#define LAB_NDR_H

#include "tests/lab/pipe.h"
#include "tests/lab/principals.h"

/* Alignment counts from the start of the stub. */
void ndr_align(struct call *c, size_t n);
/* A referent id no pointer of this answer had before; 0 where nothing is pointed to. */
void ndr_pointer(struct call *c, bool there);
/* RPC_UNICODE_STRING in place; its buffer comes later. */
void ndr_string(struct call *c, size_t units, bool there);
void ndr_string_buffer(struct call *c, const uint16_t *units, size_t len);
/* RPC_SID with the count in front. */
void ndr_sid(struct call *c, const struct lab_sid *sid);
bool ndr_get_sid(struct wire_in *in, struct lab_sid *sid);
/* A [string] wchar_t *, its NUL counted, from UTF-8. */
void ndr_text(struct call *c, const char *utf8);
/* Skip a [unique,string] wchar_t *. */
void ndr_skip_text(struct wire_in *in);

#endif
