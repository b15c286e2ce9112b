/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_utf16.c - what is taken for text goes there and back unchanged, both ways.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire/utf16.h"

static void from_wire(struct bytes utf16, struct arena *a)
{
	const char *text = utf16_to_text(utf16, a);
	struct wire_out w = wire_out(1 << 21);

	if (!text)
		return;
	put_utf16(&w, text);
	if (w.bad || w.len != utf16.len || (w.len && memcmp(w.at, utf16.at, w.len) != 0))
		abort();
	wire_drop(&w);
}

static void from_text(struct bytes utf8, struct arena *a)
{
	const char *text = arena_text(a, (const char *)utf8.at, utf8.len), *again;
	struct wire_out w = wire_out(1 << 21);

	if (!text)
		return;
	put_utf16(&w, text);
	if (!w.bad) {
		again = utf16_to_text(wire_written(&w), a);
		if (!again ? !arena_bad(a) : strcmp(text, again) != 0)
			abort();
	}
	wire_drop(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = arena(1 << 22);

	from_wire((struct bytes){ data, size }, &a);
	from_text((struct bytes){ data, size }, &a);
	arena_drop(&a);
	return 0;
}
