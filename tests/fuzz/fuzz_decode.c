/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_decode.c - any bytes as a text file, in two pieces and whole, and as a table.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/decode.h"
#include "scanner/targets/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* UTF-8 without a NUL, and within what was promised; the decoder reads it as it is. */
static void check(const char *text, size_t len, size_t size)
{
	uint64_t replaced;
	char *again;
	size_t again_len;

	if (len > DECODED_MAX(size) || memchr(text, '\0', len))
		abort();
	again = decode_text(text, len, NULL, &again_len, &replaced);
	if (again && (replaced || again_len > len))
		abort();
	free(again);
}

static void as_table(char *text)
{
	struct table t = { 0 };
	char *row = text + strcspn(text, "\n");

	if (*row)
		*row++ = '\0';
	if (table_begin(&t, text) == TABLE_HEADER)
		table_name(&t, row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct code_page *page = code_page_find(size % 2 ? "1252" : "1251");
	size_t len, cut = size ? data[0] % size : 0;
	char *text = decode_text(data, size, page, &len, NULL);
	struct decoder d;

	if (!text)
		return 0;
	check(text, len, size);
	as_table(text);
	free(text);

	text = malloc(DECODED_MAX(size) + DECODED_MAX(0) + 1);
	if (!text)
		return 0;
	decoder_begin(&d, page);
	len = decoder_put(&d, data, cut, false, text);
	len += decoder_put(&d, data + cut, size - cut, true, text + len);
	check(text, len, size + 8);
	free(text);
	return 0;
}
