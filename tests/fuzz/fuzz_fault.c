/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_fault.c - a sentence of a host or a library in a fault: cut to fit, and whole
 * UTF-8 where it was that.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire/fault.h"
#include "rpc/wire/utf16.h"

/* Only whole UTF-8 can be put as UTF-16. */
static bool is_utf8(const char *text)
{
	struct wire_out w = wire_out(1 << 14);
	bool good;

	put_utf16(&w, text);
	good = !w.bad;
	wire_drop(&w);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { 0 };
	char text[1024];

	if (size >= sizeof text)
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	fault_set_words(&fault, "call", REASON_MALFORMED_ANSWER, CODE_NONE, 0, "%s",
			text);
	if (strncmp(fault.what, text, strlen(fault.what)) != 0)
		abort();
	if (is_utf8(text) && !is_utf8(fault.what))
		abort();
	if (strlen(text) < sizeof fault.what && strcmp(fault.what, text) != 0)
		abort();
	return 0;
}
