/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/wire/wire.h"

#include <stdlib.h>
#include <string.h>

/* Stands in for "no memory", so that no arithmetic is ever done on NULL. */
static const uint8_t nowhere[1];

struct wire_in wire_in(const void *at, size_t len)
{
	struct wire_in w = { .base = at, .at = at, .left = len };

	if (!at) {
		w.base = w.at = nowhere;
		w.left = 0;
		w.bad = len != 0;
	}
	return w;
}

struct wire_in wire_in_bytes(struct bytes b)
{
	return wire_in(b.at, b.len);
}

/* The one primitive that moves a reading cursor: `len` bytes, or NULL and bad. */
static const uint8_t *take(struct wire_in *w, size_t len)
{
	const uint8_t *at = w->at;

	if (w->bad || len > w->left) {
		w->bad = true;
		return NULL;
	}
	w->at += len;
	w->left -= len;
	return at;
}

static uint64_t get_le(struct wire_in *w, size_t len)
{
	const uint8_t *at = take(w, len);
	uint64_t v = 0;

	for (size_t i = len; at && i > 0; i--)
		v = v << 8 | at[i - 1];
	return v;
}

static uint32_t get_be(struct wire_in *w, size_t len)
{
	const uint8_t *at = take(w, len);
	uint32_t v = 0;

	for (size_t i = 0; at && i < len; i++)
		v = v << 8 | at[i];
	return v;
}

uint8_t get_u8(struct wire_in *w)
{
	return (uint8_t)get_le(w, 1);
}

uint16_t get_u16le(struct wire_in *w)
{
	return (uint16_t)get_le(w, 2);
}

uint32_t get_u32le(struct wire_in *w)
{
	return (uint32_t)get_le(w, 4);
}

uint64_t get_u64le(struct wire_in *w)
{
	return get_le(w, 8);
}

uint16_t get_u16be(struct wire_in *w)
{
	return (uint16_t)get_be(w, 2);
}

uint32_t get_u24be(struct wire_in *w)
{
	return get_be(w, 3);
}

uint32_t get_u32be(struct wire_in *w)
{
	return get_be(w, 4);
}

void get_copy(struct wire_in *w, void *to, size_t len)
{
	const uint8_t *at = take(w, len);

	if (at && len)
		memcpy(to, at, len);
	else if (len)
		memset(to, 0, len);
}

struct bytes get_bytes(struct wire_in *w, size_t len)
{
	const uint8_t *at = take(w, len);

	return at ? (struct bytes){ at, len } : (struct bytes){ NULL, 0 };
}

struct wire_in get_window(struct wire_in *w, size_t len)
{
	const uint8_t *at = take(w, len);
	struct wire_in window = wire_in(at, at ? len : 0);

	window.bad = !at;
	return window;
}

void get_skip(struct wire_in *w, size_t len)
{
	take(w, len);
}

void get_align(struct wire_in *w, size_t n)
{
	take(w, (n - (wire_in_offset(w) & (n - 1))) & (n - 1));
}

struct wire_in get_range(struct wire_in *w, size_t offset, size_t len)
{
	size_t whole = wire_in_offset(w) + w->left;
	struct wire_in range;

	if (w->bad || offset > whole || len > whole - offset) {
		w->bad = true;
		range = wire_in(NULL, 0);
		range.bad = true;
		return range;
	}
	return wire_in(w->base + offset, len);
}

size_t wire_in_offset(const struct wire_in *w)
{
	return (size_t)(w->at - w->base);
}

bool wire_done(const struct wire_in *w)
{
	return !w->bad && w->left == 0;
}

struct wire_out wire_out(size_t max)
{
	return (struct wire_out){ .max = max };
}

/* A new buffer of at least `need` bytes.  Not realloc(): it would leave the old bytes,
 * which may be a secret, behind in freed memory. */
static bool grow(struct wire_out *w, size_t need)
{
	size_t cap = w->cap ? w->cap : 128;
	uint8_t *at;

	while (cap < need)
		cap = cap > w->max / 2 ? w->max : cap * 2;
	if (cap > w->max)
		cap = w->max;
	at = malloc(cap);
	if (!at)
		return false;
	if (w->len)
		memcpy(at, w->at, w->len);
	if (w->at)
		explicit_bzero(w->at, w->cap);
	free(w->at);
	w->at = at;
	w->cap = cap;
	return true;
}

/* The one primitive that moves a writing cursor: room for `len` bytes, or NULL. */
static uint8_t *make_room(struct wire_out *w, size_t len)
{
	uint8_t *at;

	if (w->bad || len == 0)
		return NULL;
	if (len > w->max - w->len || (len > w->cap - w->len && !grow(w, w->len + len))) {
		w->bad = true;
		return NULL;
	}
	at = w->at + w->len;
	w->len += len;
	return at;
}

static void store_le(uint8_t *at, uint64_t v, size_t len)
{
	for (size_t i = 0; at && i < len; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

static void store_be(uint8_t *at, uint32_t v, size_t len)
{
	for (size_t i = 0; at && i < len; i++)
		at[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
}

void put_u8(struct wire_out *w, uint8_t v)
{
	store_le(make_room(w, 1), v, 1);
}

void put_u16le(struct wire_out *w, uint16_t v)
{
	store_le(make_room(w, 2), v, 2);
}

void put_u32le(struct wire_out *w, uint32_t v)
{
	store_le(make_room(w, 4), v, 4);
}

void put_u64le(struct wire_out *w, uint64_t v)
{
	store_le(make_room(w, 8), v, 8);
}

void put_u24be(struct wire_out *w, uint32_t v)
{
	store_be(make_room(w, 3), v, 3);
}

void put_u32be(struct wire_out *w, uint32_t v)
{
	store_be(make_room(w, 4), v, 4);
}

void put_bytes(struct wire_out *w, const void *p, size_t len)
{
	uint8_t *at = make_room(w, len);

	if (at)
		memcpy(at, p, len);
}

void put_zeros(struct wire_out *w, size_t len)
{
	uint8_t *at = make_room(w, len);

	if (at)
		memset(at, 0, len);
}

void put_align(struct wire_out *w, size_t from, size_t n)
{
	put_zeros(w, (n - ((w->len - from) & (n - 1))) & (n - 1));
}

size_t put_hole(struct wire_out *w, size_t len)
{
	size_t hole = w->len;

	put_zeros(w, len);
	return hole;
}

/* Where an earlier hole lies now, or NULL and bad when it is not (wholly) there. */
static uint8_t *find_hole(struct wire_out *w, size_t hole, size_t len)
{
	if (w->bad || len == 0)
		return NULL;
	if (hole > w->len || len > w->len - hole) {
		w->bad = true;
		return NULL;
	}
	return w->at + hole;
}

void fill_u16le(struct wire_out *w, size_t hole, uint16_t v)
{
	store_le(find_hole(w, hole, 2), v, 2);
}

void fill_u32le(struct wire_out *w, size_t hole, uint32_t v)
{
	store_le(find_hole(w, hole, 4), v, 4);
}

void fill_u24be(struct wire_out *w, size_t hole, uint32_t v)
{
	store_be(find_hole(w, hole, 3), v, 3);
}

void fill_bytes(struct wire_out *w, size_t hole, const void *p, size_t len)
{
	uint8_t *at = find_hole(w, hole, len);

	if (at)
		memcpy(at, p, len);
}

struct bytes wire_written(const struct wire_out *w)
{
	return w->bad ? (struct bytes){ NULL, 0 } : (struct bytes){ w->at, w->len };
}

void wire_reset(struct wire_out *w)
{
	w->len = 0;
	w->bad = false;
}

void wire_consume(struct wire_out *w, size_t len)
{
	if (len > w->len)
		w->bad = true;
	if (w->bad || len == 0)
		return;
	w->len -= len;
	if (w->len)
		memmove(w->at, w->at + len, w->len);
}

void wire_drop(struct wire_out *w)
{
	free(w->at);
	*w = wire_out(w->max);
}

void wire_wipe(struct wire_out *w)
{
	if (w->at)
		explicit_bzero(w->at, w->cap);
	wire_drop(w);
}
