/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_ndr.c - the pieces of a stub in any order.  The first byte is how many bytes of
 * instructions follow, one a piece; the rest is the stub.
 */
#include <stdint.h>
#include <stdlib.h>

#include "rpc/dce/ndr.h"

static void read_piece(struct wire_in *w, uint8_t instruction)
{
	uint8_t handle[NDR_HANDLE_BYTES];
	struct ndr_unicode string;
	struct bytes units;
	struct sid sid = { 0 };

	switch (instruction % 8) {
	case 0:
		ndr_get_u16(w);
		break;
	case 1:
		ndr_get_pointer(w);
		break;
	case 2:
		if (ndr_get_count(w, 20480, 4) > w->left / 4)
			abort();
		break;
	case 3:
		ndr_get_conformance(w, instruction >> 3);
		break;
	case 4:
		ndr_get_handle(w, handle);
		break;
	case 5:
		ndr_get_sid(w, &sid);
		if (sid.sub_count > SID_SUB_MAX)
			abort();
		break;
	case 6:
		string = ndr_get_unicode(w);
		units = ndr_get_unicode_buffer(w, string);
		if (!w->bad && units.len != string.len)
			abort();
		break;
	case 7:
		units = ndr_get_string(w);
		if (units.len % 2)
			abort();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_in w;
	size_t pieces;

	if (size < 1 || data[0] > size - 1)
		return 0;
	pieces = data[0];
	w = wire_in(data + 1 + pieces, size - 1 - pieces);
	for (size_t i = 0; i < pieces; i++)
		read_piece(&w, data[1 + i]);
	if (wire_in_offset(&w) + w.left != size - 1 - pieces)
		abort();
	return 0;
}
