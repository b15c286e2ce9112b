/* SPDX-License-Identifier: Apache-2.0 */
/* Security templates: any bytes are either facts of one host or refused with a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/inf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[200] = "";
	enum inf_result result;
	struct facts f;

	static const struct inf_file file = { .path = "fuzz.inf",
					      .host = "fuzz",
					      .when = "2026-01-02T03:04:05.000Z" };

	facts_init(&f);
	result = inf_to_facts(data, size, &file, &f, why, sizeof(why));
	if (result == INF_READ || result == INF_PART) {
		if (!f.host || f.outcome != HOST_ANSWERED)
			abort();
		for (size_t i = 0; i < f.right_count; i++)
			if ((f.rights[i].outcome == RIGHT_HELD) !=
			    (f.rights[i].holder_count > 0))
				abort();
	} else if (!why[0]) {
		abort();
	}
	facts_free(&f);
	return 0;
}
