/*
 * hex.h - bytes of a test written as text.
 */
#ifndef TESTS_HEX_H
#define TESTS_HEX_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire.h"

static inline uint8_t hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, c);

	assert(c && at);
	return (uint8_t)(at - digits);
}

/* The bytes of "05000b03 1000"; blanks may stand between bytes.  An allocation of exactly
 * their size, so that a sanitizer sees a read past the end: free() `at`. */
static inline struct bytes hex_bytes(const char *text)
{
	uint8_t *at = malloc(strlen(text) / 2 + 1);
	size_t len = 0;

	assert(at);
	while (*text) {
		if (*text == ' ') {
			text++;
			continue;
		}
		at[len++] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
		text += 2;
	}
	at = realloc(at, len ? len : 1);
	assert(at);
	return (struct bytes){ at, len };
}

static inline void hex_free(struct bytes b)
{
	free((void *)(uintptr_t)b.at);
}

/* The first `len` bytes of `whole` as an allocation of their own. */
static inline struct bytes hex_cut(struct bytes whole, size_t len)
{
	uint8_t *at = malloc(len ? len : 1);

	assert(at && len <= whole.len);
	memcpy(at, whole.at, len);
	return (struct bytes){ at, len };
}

#endif
