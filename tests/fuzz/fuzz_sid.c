/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_sid.c - SIDs from the wire and from text go there and back unchanged.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire/sid.h"

static void there_and_back(const struct sid *sid)
{
	char text[SID_TEXT_MAX];
	struct sid again;

	sid_format(sid, text);
	if (!sid_parse(text, &again) || !sid_equal(sid, &again))
		abort();
}

static void from_wire(const uint8_t *data, size_t size)
{
	struct wire_in in = wire_in(data, size);
	struct wire_out out = wire_out(100);
	struct sid sid, domain;

	sid_get(&in, &sid);
	if (in.bad)
		return;
	there_and_back(&sid);
	domain = sid;
	if (sid.sub_count && domain.sub_count-- && !sid_in_domain(&sid, &domain))
		abort();
	sid_put(&out, &sid);
	if (out.bad || out.len != wire_in_offset(&in) ||
	    memcmp(out.at, data, out.len) != 0)
		abort();
	wire_drop(&out);
}

static void from_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct sid sid;

	if (!text)
		return;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	if (sid_parse(text, &sid))
		there_and_back(&sid);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	from_wire(data, size);
	from_text(data, size);
	return 0;
}
