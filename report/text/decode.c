/* SPDX-License-Identifier: Apache-2.0 */
/* decode.c - bytes of a text file, one character after another, as UTF-8. */
#include "report/text/decode.h"

#include <stdlib.h>
#include <string.h>

/* So many bytes are looked at to tell UTF-16 without a mark. */
enum { SAMPLE_MAX = 512, REPLACEMENT = 0xFFFD, MARK = 0xFEFF };

void decoder_begin(struct decoder *d, const struct code_page *ansi)
{
	*d = (struct decoder){ .ansi = ansi };
}

const char *encoding_name(enum encoding encoding)
{
	switch (encoding) {
	case ENCODING_UTF16LE:
		return "UTF-16LE";
	case ENCODING_UTF16BE:
		return "UTF-16BE";
	case ENCODING_ANSI:
		return "ANSI";
	case ENCODING_UTF8:
	case ENCODING_UNDECIDED:
		break;
	}
	return "UTF-8";
}

/*
 * Which encoding
 */

/* Of text in Latin letters every second byte is zero; of text in other alphabets still
 * its blanks, digits and line ends.  A quarter of the units tells. */
static enum encoding by_zeros(const uint8_t *sample, size_t len)
{
	size_t even = 0, odd = 0, units = len / 2;

	for (size_t i = 0; i + 1 < len; i += 2) {
		even += sample[i] == 0;
		odd += sample[i + 1] == 0;
	}
	if (odd * 4 >= units && odd > even * 4)
		return ENCODING_UTF16LE;
	if (even * 4 >= units && even > odd * 4)
		return ENCODING_UTF16BE;
	return ENCODING_UTF8;
}

static enum encoding encoding_of(const uint8_t *sample, size_t len)
{
	if (sample[0] == 0xFF && sample[1] == 0xFE)
		return ENCODING_UTF16LE;
	if (sample[0] == 0xFE && sample[1] == 0xFF)
		return ENCODING_UTF16BE;
	return by_zeros(sample, len);
}

/* By what is held and what comes; a text of one byte is no UTF-16. */
static void decide(struct decoder *d, const uint8_t *bytes, size_t len, bool last)
{
	uint8_t sample[SAMPLE_MAX];
	size_t count = d->held_count;

	memcpy(sample, d->held, count);
	if (len > SAMPLE_MAX - count)
		len = SAMPLE_MAX - count;
	if (len > 0)
		memcpy(sample + count, bytes, len);
	count += len;
	if (count >= 2)
		d->encoding = encoding_of(sample, count);
	else if (last)
		d->encoding = ENCODING_UTF8;
	explicit_bzero(sample, sizeof sample); /* a password may stand there */
}

/*
 * One character
 */

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* `c` 0: no character. */
static size_t put_character(struct decoder *d, char *out, uint32_t c)
{
	if (c == MARK && !d->in_line)
		return 0;
	d->in_line = c != '\n' && c != '\r';
	d->replaced += c == 0;
	return put_utf8(out, c ? c : REPLACEMENT);
}

/* How many bytes a UTF-8 sequence that begins so has; 0: none begins so. */
static size_t sequence_length(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first < 0xE0)
		return 2;
	if (first >= 0xE0 && first < 0xF0)
		return 3;
	return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/* Neither a surrogate nor too long nor beyond Unicode, as far as two bytes tell. */
static bool is_second(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xE0:
		return second >= 0xA0 && second < 0xC0;
	case 0xED:
		return second >= 0x80 && second < 0xA0;
	case 0xF0:
		return second >= 0x90 && second < 0xC0;
	case 0xF4:
		return second >= 0x80 && second < 0x90;
	default:
		return (second & 0xC0) == 0x80;
	}
}

/* The whole sequence at `p`; 0: none.  `more`: it may become one. */
static size_t sequence_at(const uint8_t *p, size_t left, bool *more)
{
	size_t need = sequence_length(p[0]);

	*more = false;
	for (size_t i = 1; i < need && i < left; i++)
		if (i == 1 ? !is_second(p[0], p[1]) : (p[i] & 0xC0) != 0x80)
			return 0;
	*more = need > left;
	return need > left ? 0 : need;
}

static uint32_t character_of(const uint8_t *p, size_t len)
{
	static const uint8_t first[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	uint32_t c = p[0] & first[len];

	for (size_t i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3F);
	return c;
}

/*
 * What is held
 */

static void drop_held(struct decoder *d, size_t count)
{
	d->held_count -= count;
	memmove(d->held, d->held + count, d->held_count);
}

/* One byte by the code page. */
static size_t take_byte(struct decoder *d, char *out)
{
	uint8_t byte = d->held[0];

	drop_held(d, 1);
	d->not_utf8 |= byte >= 0x80 && d->encoding == ENCODING_UTF8;
	if (byte >= 0x80 && !d->ansi)
		return put_character(d, out, 0);
	return put_character(d, out, d->ansi ? code_page_at(d->ansi, byte) : byte);
}

static size_t take_utf8(struct decoder *d, bool last, char *out)
{
	size_t written = 0;

	while (d->held_count) {
		bool more;
		size_t len = sequence_at(d->held, d->held_count, &more);

		if (more && !last)
			break;
		if (len) {
			written += put_character(d, out + written,
						 character_of(d->held, len));
			drop_held(d, len);
		} else {
			written += take_byte(d, out + written);
		}
	}
	return written;
}

static bool is_high(uint32_t unit)
{
	return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(uint32_t unit)
{
	return unit >= 0xDC00 && unit < 0xE000;
}

/* A high surrogate waits for its low one; either alone is no character. */
static size_t take_unit(struct decoder *d, uint32_t unit, char *out)
{
	uint32_t high = d->high;
	size_t written = 0;

	d->high = 0;
	if (high && is_low(unit))
		return put_character(d, out,
				     0x10000 + ((high & 0x3FF) << 10) + (unit & 0x3FF));
	if (high)
		written = put_character(d, out, 0);
	if (is_high(unit))
		d->high = (uint16_t)unit;
	else
		written += put_character(d, out + written, is_low(unit) ? 0 : unit);
	return written;
}

static size_t take_utf16(struct decoder *d, bool last, char *out)
{
	bool little = d->encoding == ENCODING_UTF16LE;
	size_t written = 0;

	while (d->held_count >= 2) {
		uint32_t a = d->held[0], b = d->held[1];

		drop_held(d, 2);
		written += take_unit(d, little ? b << 8 | a : a << 8 | b, out + written);
	}
	if (last && (d->high || d->held_count)) {
		d->high = 0;
		d->held_count = 0;
		written += put_character(d, out + written, 0);
	}
	return written;
}

static size_t take_ansi(struct decoder *d, char *out)
{
	size_t written = 0;

	while (d->held_count)
		written += take_byte(d, out + written);
	return written;
}

static size_t take(struct decoder *d, bool last, char *out)
{
	switch (d->encoding) {
	case ENCODING_UTF16LE:
	case ENCODING_UTF16BE:
		return take_utf16(d, last, out);
	case ENCODING_UTF8:
		return take_utf8(d, last, out);
	case ENCODING_ANSI:
		return take_ansi(d, out);
	case ENCODING_UNDECIDED:
		break;
	}
	return 0;
}

size_t decoder_put(struct decoder *d, const void *bytes, size_t len, bool last, char *out)
{
	const uint8_t *at = bytes;
	size_t written = 0;

	if (d->encoding == ENCODING_UNDECIDED)
		decide(d, at, len, last);
	for (size_t i = 0; i < len; i++) {
		d->held[d->held_count++] = at[i];
		written += take(d, false, out + written);
	}
	return last ? written + take(d, true, out + written) : written;
}

/*
 * A whole file
 */

static size_t decode_as(struct decoder *d, const void *bytes, size_t len,
			const struct code_page *ansi, enum encoding encoding, char *out)
{
	decoder_begin(d, ansi);
	d->encoding = encoding;
	return decoder_put(d, bytes, len, true, out);
}

char *decode_text(const void *bytes, size_t len, const struct code_page *ansi,
		  size_t *out_len, uint64_t *replaced)
{
	char *out = malloc(DECODED_MAX(len) + 1), *shrunk;
	struct decoder d;
	size_t written;

	if (!out)
		return NULL;
	written = decode_as(&d, bytes, len, NULL, ENCODING_UNDECIDED, out);
	if (d.not_utf8 && ansi)
		written = decode_as(&d, bytes, len, ansi, ENCODING_ANSI, out);
	out[written] = '\0';
	if (out_len)
		*out_len = written;
	if (replaced)
		*replaced = d.replaced;
	shrunk = realloc(out, written + 1);
	if (shrunk)
		out = shrunk;
	return out;
}
