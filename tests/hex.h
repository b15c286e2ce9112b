/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hex.h - bytes written as hexadecimal text in tests.
 */
#ifndef TESTS_HEX_H
#define TESTS_HEX_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire/wire.h"

/* Anything but a digit is a mistake in the test. */
static inline uint8_t hex_digit(char c)
{
	const char *digits = "00112233445566778899aAbBcCdDeEfF";
	const char *at = c ? strchr(digits, c) : NULL;

	if (!at)
		abort();
	return (uint8_t)((at - digits) / 2);
}

/* Every two digits of `text` make a byte; blanks may stand between bytes.  An allocation
 * of exactly their size, so that a sanitizer sees a read past the end: hex_free() it. */
static inline struct bytes unhex(const char *text)
{
	uint8_t *at = malloc(strlen(text) / 2 + 1), *exact;
	size_t len = 0;

	while (at && *text) {
		if (*text == ' ') {
			text++;
			continue;
		}
		at[len++] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
		text += 2;
	}
	exact = realloc(at, len ? len : 1);
	if (!exact)
		abort();
	return (struct bytes){ exact, len };
}

static inline void hex_free(struct bytes b)
{
	free((void *)(uintptr_t)b.at);
}

/* The first `len` bytes of `whole` as an allocation of their own. */
static inline struct bytes hex_cut(struct bytes whole, size_t len)
{
	uint8_t *at = malloc(len ? len : 1);

	if (!at || len > whole.len)
		abort();
	memcpy(at, whole.at, len);
	return (struct bytes){ at, len };
}

/* Fill `to` with the `len` bytes of `text`. */
static inline void unhex_to(void *to, size_t len, const char *text)
{
	struct bytes b = unhex(text);

	if (b.len != len)
		abort();
	memcpy(to, b.at, len);
	hex_free(b);
}

#endif
