/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ber.h"

#include <string.h>

/* A length of up to four bytes; the indefinite form is refused (RFC 4511 5.1). */
static size_t get_length(struct wire_in *w)
{
	uint8_t first = get_u8(w);
	size_t len = first;

	if (first < 0x80)
		return len;
	len = 0;
	if (first == 0x80 || first > 0x84)
		w->bad = true;
	for (unsigned i = 0; i < (first & 7u) && !w->bad; i++)
		len = len << 8 | get_u8(w);
	return len;
}

struct wire_in ber_next(struct wire_in *w, uint8_t *tag)
{
	*tag = get_u8(w);
	return get_window(w, get_length(w));
}

struct wire_in ber_enter(struct wire_in *w, uint8_t tag)
{
	uint8_t found;
	struct wire_in in = ber_next(w, &found);

	if (found != tag)
		w->bad = true;
	in.bad |= w->bad;
	return in;
}

struct bytes ber_octets(struct wire_in *w, uint8_t tag)
{
	struct wire_in in = ber_enter(w, tag);

	return get_bytes(&in, in.bad ? 0 : in.left);
}

int64_t ber_integer(struct wire_in *w, uint8_t tag)
{
	struct wire_in in = ber_enter(w, tag);
	int64_t value = 0;

	if (!in.left || in.left > 8)
		w->bad = true;
	for (bool first = true; in.left && !w->bad; first = false) {
		uint8_t byte = get_u8(&in);

		value = first ? (int8_t)byte : (int64_t)((uint64_t)value << 8 | byte);
	}
	return value;
}

int64_t ber_whole(struct bytes at, size_t max)
{
	struct wire_in in = wire_in_bytes(at);
	size_t len;

	if (at.len < 2 ||
	    (at.at[1] > 0x80 && at.at[1] <= 0x84 && at.len < 2 + (at.at[1] & 7u)))
		return 0;
	get_skip(&in, 1);
	len = get_length(&in);
	if (in.bad || len > max)
		return -1;
	return len > in.left ? 0 : (int64_t)(wire_in_offset(&in) + len);
}

size_t ber_open(struct wire_out *w, uint8_t tag)
{
	put_u8(w, tag);
	put_u8(w, 0x84);
	return put_hole(w, 4);
}

void ber_close(struct wire_out *w, size_t hole)
{
	size_t len = w->len - hole - 4;
	uint8_t bytes[4] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16),
			     (uint8_t)(len >> 8), (uint8_t)len };

	if (!w->bad)
		fill_bytes(w, hole, bytes, 4);
}

static void put_length(struct wire_out *w, size_t len)
{
	if (len >= 0x10000) {
		put_u8(w, 0x84);
		put_u32be(w, (uint32_t)len);
		return;
	}
	if (len >= 0x100) {
		put_u8(w, 0x82);
		put_u8(w, (uint8_t)(len >> 8));
	} else if (len >= 0x80) {
		put_u8(w, 0x81);
	}
	put_u8(w, (uint8_t)len);
}

void ber_put_integer(struct wire_out *w, uint8_t tag, int64_t value)
{
	unsigned len = 1;

	while (len < 8 && (value < -(INT64_C(1) << (8 * len - 1)) ||
			   value >= INT64_C(1) << (8 * len - 1)))
		len++;
	put_u8(w, tag);
	put_u8(w, (uint8_t)len);
	while (len--)
		put_u8(w, (uint8_t)((uint64_t)value >> (8 * len)));
}

void ber_put_octets(struct wire_out *w, uint8_t tag, struct bytes value)
{
	put_u8(w, tag);
	put_length(w, value.len);
	put_bytes(w, value.at, value.len);
}

void ber_put_text(struct wire_out *w, uint8_t tag, const char *text)
{
	ber_put_octets(w, tag, (struct bytes){ (const uint8_t *)text, strlen(text) });
}
