/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf16.h - text between the wire (UTF-16LE) and everywhere else (UTF-8).
 *
 * Both directions are strict: unpaired surrogates, overlong or cut sequences and NULs
 * are refused, never replaced.  Replaced text would be a name nobody has, and two hostile
 * names could become one.
 *
 * What a refusal means is the caller's to say.  The framing of a message does not depend
 * on its text, so a name that is no text need not spoil the message: the LSA, DSSETUP and
 * NTLM readers take it for "no name", because a SID counts with or without a name, while
 * lengths and counts that are wrong make the whole message malformed.
 */
#ifndef RPC_WIRE_UTF16_H
#define RPC_WIRE_UTF16_H

#include <stdbool.h>

#include "rpc/wire/arena.h"
#include "rpc/wire/wire.h"

/* UTF-8 in the arena, or NULL: an odd length, an unpaired surrogate, a NUL, or the arena
 * is at its end (arena_bad() tells). */
const char *utf16_to_text(struct bytes utf16, struct arena *a);
/* As above, but "" for what is no text; NULL only when the arena is at its end. */
const char *utf16_to_name(struct bytes utf16, struct arena *a);
/* True of UTF-8 that put_utf16() takes. */
bool utf8_is_valid(const char *text);
/* UTF-16LE without a terminator.  Text that is not UTF-8 turns the writer bad. */
void put_utf16(struct wire_out *w, const char *text);

#endif
