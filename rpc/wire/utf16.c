/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/wire/utf16.h"

#include <string.h>

enum {
	HIGH_SURROGATE = 0xd800,
	LOW_SURROGATE = 0xdc00,
	SURROGATES_END = 0xe000,
	BEYOND_BMP = 0x10000,
	LAST_CHARACTER = 0x10ffff,
	UTF8_BYTES_PER_UNIT = 3, /* a pair, two units, takes four */
};

/* The next character; NUL and unpaired surrogates turn the cursor bad. */
static uint32_t get_utf16(struct wire_in *w)
{
	uint32_t high = get_u16le(w), low;

	if (high == 0 || (high >= LOW_SURROGATE && high < SURROGATES_END))
		w->bad = true;
	if (high < HIGH_SURROGATE || high >= SURROGATES_END)
		return high;
	low = get_u16le(w);
	if (low < LOW_SURROGATE || low >= SURROGATES_END)
		w->bad = true;
	return BEYOND_BMP + ((high - HIGH_SURROGATE) << 10) + (low - LOW_SURROGATE);
}

static size_t encode_utf8(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < BEYOND_BMP) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Judged whole before a byte of the arena is taken. */
static bool is_text(struct bytes utf16)
{
	struct wire_in w = wire_in_bytes(utf16);

	while (!w.bad && w.left > 0)
		get_utf16(&w);
	return wire_done(&w);
}

const char *utf16_to_text(struct bytes utf16, struct arena *a)
{
	struct wire_in w = wire_in_bytes(utf16);
	size_t len = 0;
	char *text;

	if (!is_text(utf16))
		return NULL;
	text = arena_take(a, utf16.len / 2 * UTF8_BYTES_PER_UNIT + 1, 1);
	while (text && w.left > 0)
		len += encode_utf8(get_utf16(&w), text + len);
	return text;
}

const char *utf16_to_name(struct bytes utf16, struct arena *a)
{
	const char *text = utf16_to_text(utf16, a);

	return text || arena_bad(a) ? text : "";
}

/* The next character of UTF-8 ([RFC 3629] 4: shortest forms only, no surrogates). */
static uint32_t get_utf8(struct wire_in *w)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, BEYOND_BMP };
	uint8_t first = get_u8(w);
	size_t len = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t c = first;

	if (len == 1)
		return c;
	if (first < 0xc2 || first > 0xf4)
		w->bad = true;
	c = first & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		uint8_t next = get_u8(w);

		if ((next & 0xc0) != 0x80)
			w->bad = true;
		c = c << 6 | (next & 0x3f);
	}
	if (c < least[len] || c > LAST_CHARACTER ||
	    (c >= HIGH_SURROGATE && c < SURROGATES_END))
		w->bad = true;
	return c;
}

bool utf8_is_valid(const char *text)
{
	struct wire_in in = wire_in(text, strlen(text));

	while (in.left > 0 && !in.bad)
		get_utf8(&in);
	return !in.bad;
}

void put_utf16(struct wire_out *w, const char *text)
{
	struct wire_in in = wire_in(text, strlen(text));

	while (in.left > 0 && !in.bad) {
		uint32_t c = get_utf8(&in);

		if (in.bad)
			break;
		if (c >= BEYOND_BMP) {
			put_u16le(w,
				  (uint16_t)(HIGH_SURROGATE + ((c - BEYOND_BMP) >> 10)));
			c = LOW_SURROGATE + ((c - BEYOND_BMP) & 0x3ff);
		}
		put_u16le(w, (uint16_t)c);
	}
	if (in.bad)
		w->bad = true;
}
