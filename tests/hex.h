/*
 * hex.h - bytes written as hexadecimal text in tests.
 */
#ifndef TESTS_HEX_H
#define TESTS_HEX_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire.h"

static inline int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return (c | 0x20) - 'a' + 10;
}

/* Every two digits of `text` make a byte; free() `at` afterwards. */
static inline struct bytes unhex(const char *text)
{
	size_t len = strlen(text) / 2;
	uint8_t *at = malloc(len ? len : 1);

	for (size_t i = 0; at && i < len; i++)
		at[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 |
				  hex_digit(text[2 * i + 1]));
	return (struct bytes){ at, at ? len : 0 };
}

/* Fill `to` with the `len` bytes of `text`. */
static inline void unhex_to(void *to, size_t len, const char *text)
{
	struct bytes b = unhex(text);

	if (b.len == len)
		memcpy(to, b.at, len);
	else
		abort();
	free((void *)b.at);
}

#endif
