/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_dcerpc.c - the answer to a bind, an alter context or a request, heard whole and in
 * pieces: both must come to the same.  The first byte says what was asked, the second the
 * size of the pieces; call id 1.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/dce/dcerpc.h"
#include "rpc/wire/ntstatus.h"

static enum dcerpc_progress hear_in_pieces(struct dcerpc_reader *r, struct bytes in,
					   size_t piece, struct dcerpc_answer *answer)
{
	enum dcerpc_progress progress = DCERPC_MORE;

	for (size_t at = 0; at < in.len; at += piece) {
		size_t len = in.len - at < piece ? in.len - at : piece;

		progress = dcerpc_hear(r, (struct bytes){ in.at + at, len }, answer);
	}
	return progress;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum dcerpc_ptype questions[] = { DCERPC_BIND, DCERPC_ALTER_CONTEXT,
						       DCERPC_REQUEST };
	struct dcerpc_reader whole = dcerpc_reader(), pieces = dcerpc_reader();
	struct dcerpc_answer a = { 0 }, b = { 0 };
	enum dcerpc_progress progress;
	struct bytes in;

	if (size < 2)
		return 0;
	in = (struct bytes){ data + 2, size - 2 };
	dcerpc_expect(&whole, questions[data[0] % 3], 1);
	dcerpc_expect(&pieces, questions[data[0] % 3], 1);
	progress = dcerpc_hear(&whole, in, &a);
	if (progress != hear_in_pieces(&pieces, in, data[1] + 1U, &b))
		abort();
	if (progress == DCERPC_WHOLE) {
		if (a.kind != b.kind || a.stub.len != b.stub.len ||
		    a.fault_status != b.fault_status || a.result != b.result)
			abort();
		if (a.stub.len && memcmp(a.stub.at, b.stub.at, a.stub.len) != 0)
			abort();
		if (a.kind == DCERPC_BOUND && (a.max_fragment < DCERPC_FRAGMENT_LEAST ||
					       a.max_fragment > DCERPC_FRAGMENT_MAX))
			abort();
		if (!rpc_status_name(a.fault_status) != !rpc_status_words(a.fault_status))
			abort();
	}
	if ((progress == DCERPC_BROKEN) != (dcerpc_why(&whole)[0] != '\0'))
		abort();
	dcerpc_reader_drop(&whole);
	dcerpc_reader_drop(&pieces);
	return 0;
}
