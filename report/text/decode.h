/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.h - text files as people's programs write them, as UTF-8: the one decoder.
 *
 * UTF-8 with or without a byte order mark, UTF-16 of either byte order with or without
 * one, and a Windows ANSI code page for what is none of them.  Without a mark UTF-16 is
 * known by its zero bytes: every second one of ASCII text.
 *
 * A byte order mark before any line is dropped (files are appended to each other).  What
 * is no character of the encoding, and NUL, becomes U+FFFD and is counted.
 */
#ifndef REPORT_TEXT_DECODE_H
#define REPORT_TEXT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/text/code_page.h"

enum encoding {
	ENCODING_UNDECIDED, /* fewer than two bytes were read */
	ENCODING_UTF8,      /* a byte that is no UTF-8 is one of `ansi` */
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_ANSI, /* every byte is one of `ansi` */
};

struct decoder {
	const struct code_page *ansi; /* NULL: none, such a byte is no character */
	enum encoding encoding;
	uint64_t replaced; /* characters that became U+FFFD */
	bool not_utf8;     /* of ENCODING_UTF8: a byte was taken as one of `ansi` */
	bool in_line;      /* something stands before, in this line */
	uint16_t high;     /* a high surrogate whose low one is to come; 0: none */
	uint8_t held[4];   /* of a character that is not complete */
	size_t held_count;
};

/* Most bytes that decoder_put() writes for `len` bytes. */
#define DECODED_MAX(len) (((size_t)(len) + 8) * 3)

void decoder_begin(struct decoder *d, const struct code_page *ansi);
/* Decodes what comes next; `last`: nothing comes after it.  `out` has room for
 * DECODED_MAX(len) bytes and does not overlap `bytes`.  How many were written; no NUL is
 * put behind them. */
size_t decoder_put(struct decoder *d, const void *bytes, size_t len, bool last,
		   char *out);

/* A whole file, with a NUL behind it.  A file with a byte that is no UTF-8 is taken as
 * `ansi` (NULL: such a byte becomes U+FFFD) from end to end.  `out_len` and `replaced`
 * may be NULL.  NULL: out of memory; free() it. */
char *decode_text(const void *bytes, size_t len, const struct code_page *ansi,
		  size_t *out_len, uint64_t *replaced);

/* "UTF-16LE" and the like, for messages. */
const char *encoding_name(enum encoding encoding);

#endif
