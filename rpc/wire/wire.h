/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - bounds-checked cursors over bytes.
 *
 * `wire_in` reads, `wire_out` writes.  Both are sticky: the first short read or
 * failed growth sets `bad`; later operations do nothing and read as zero.  A codec
 * therefore reads as a list of fields and is checked once, at its end.
 *
 * This is the only place where pointers into wire data are moved.
 */
#ifndef RPC_WIRE_WIRE_H
#define RPC_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes somewhere; who owns them is said where they are handed over. */
struct bytes {
	const uint8_t *at;
	size_t len;
};

/* Reads from borrowed memory.  `base` stays, so that offsets and alignment count from
 * where the cursor began. */
struct wire_in {
	const uint8_t *base, *at;
	size_t left;
	bool bad;
};

/* Owns a growing buffer of at most `max` bytes.  Growing wipes what it leaves behind. */
struct wire_out {
	uint8_t *at;
	size_t len, cap, max;
	bool bad;
};

struct wire_in wire_in(const void *at, size_t len);
struct wire_in wire_in_bytes(struct bytes b);
uint8_t get_u8(struct wire_in *w);
uint16_t get_u16le(struct wire_in *w);
uint32_t get_u32le(struct wire_in *w);
uint64_t get_u64le(struct wire_in *w);
uint16_t get_u16be(struct wire_in *w);
uint32_t get_u24be(struct wire_in *w);
uint32_t get_u32be(struct wire_in *w);
/* Copy `len` bytes out; zeros when short. */
void get_copy(struct wire_in *w, void *to, size_t len);
/* The next `len` bytes, borrowed; {NULL, 0} when short. */
struct bytes get_bytes(struct wire_in *w, size_t len);
/* A cursor on the next `len` bytes; the parent moves past them. */
struct wire_in get_window(struct wire_in *w, size_t len);
/* Move past `len` bytes. */
void get_skip(struct wire_in *w, size_t len);
/* Move to the next multiple of `n` (a power of two) counted from where the cursor
 * began; what lies between is not looked at. */
void get_align(struct wire_in *w, size_t n);
/* A cursor on [offset, offset + len) counted from where `w` began; `w` does not move,
 * but turns bad when the range lies outside what it began with. */
struct wire_in get_range(struct wire_in *w, size_t offset, size_t len);
/* Bytes read so far. */
size_t wire_in_offset(const struct wire_in *w);
/* True when nothing went wrong and nothing is left over. */
bool wire_done(const struct wire_in *w);

/* `max` is the hard ceiling in bytes: no writer grows without one. */
struct wire_out wire_out(size_t max);
void put_u8(struct wire_out *w, uint8_t v);
void put_u16le(struct wire_out *w, uint16_t v);
void put_u32le(struct wire_out *w, uint32_t v);
void put_u64le(struct wire_out *w, uint64_t v);
void put_u24be(struct wire_out *w, uint32_t v);
void put_u32be(struct wire_out *w, uint32_t v);
void put_bytes(struct wire_out *w, const void *p, size_t len);
void put_zeros(struct wire_out *w, size_t len);
/* Zeros up to the next multiple of `n`, counted from offset `from`. */
void put_align(struct wire_out *w, size_t from, size_t n);
/* Leave room (zeros) now, fill it in when the value is known.  A hole is an offset. */
size_t put_hole(struct wire_out *w, size_t len);
void fill_u16le(struct wire_out *w, size_t hole, uint16_t v);
void fill_u32le(struct wire_out *w, size_t hole, uint32_t v);
void fill_u24be(struct wire_out *w, size_t hole, uint32_t v);
void fill_bytes(struct wire_out *w, size_t hole, const void *p, size_t len);
/* What was written, borrowed until the next put; {NULL, 0} when bad. */
struct bytes wire_written(const struct wire_out *w);
/* Empty the writer but keep its memory; it is good again. */
void wire_reset(struct wire_out *w);
/* Drop the first `len` bytes, keep the rest (which moves to the front); bad when there
 * are fewer. */
void wire_consume(struct wire_out *w, size_t len);
/* Free the memory; the writer is empty and good again. */
void wire_drop(struct wire_out *w);
/* As wire_drop, but overwrite the bytes first (tokens, keys). */
void wire_wipe(struct wire_out *w);

#endif
