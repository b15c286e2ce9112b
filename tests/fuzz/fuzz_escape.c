/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_escape.c - any string of a host, in every format: nothing that acts on a reader's
 * screen or page comes out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"

static void write_in(void (*escape)(FILE *out, const char *text), const char *text,
		     const char *forbidden)
{
	char *written = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&written, &len);
	uint32_t scalar;

	if (!out)
		abort();
	escape(out, text);
	if (fclose(out) != 0 || strlen(written) != len || strpbrk(written, forbidden))
		abort();
	for (const char *at = written; *at;) {
		at = escape_next(at, &scalar);
		if (escape_unsafe(scalar))
			abort();
	}
	free(written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	write_in(escape_terminal, text, "\x1b\r");
	write_in(escape_html, text, "<>\"'");
	write_in(escape_xml, text, "<>\"'");
	write_in(escape_json, text, "<>");
	write_in(escape_csv, text, "\x1b\r\n");
	write_in(escape_label, text, "\x1b\r\n");
	write_in(escape_markdown, text, "\x1b\r\n|@");
	write_in(escape_markdown_code, text, "\x1b\r\n|");
	free(text);
	return 0;
}
