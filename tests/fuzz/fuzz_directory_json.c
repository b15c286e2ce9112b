/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a recorded directory: refused with a reason, or written and read alike. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"

static void check_again(const struct directory_line *first, struct pool *pool)
{
	struct directory_line again;
	char why[200];
	char *line = first->kind == DIRECTORY_COMPUTER
			     ? directory_computer_to_json(&first->computer)
			     : directory_domain_to_json(
				       &first->domain,
				       first->counts_known ? &first->counts : NULL);

	if (line &&
	    (!directory_from_json(line, strlen(line), pool, &again, why, sizeof why) ||
	     again.kind != first->kind))
		abort();
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct computer_rules rules = { .stale_days = 60, .now = 1800000000 };
	struct directory_line line;
	struct pool pool = { 0 };
	char why[200];

	if (!directory_from_json((const char *)data, size, &pool, &line, why,
				 sizeof why)) {
		if (!why[0])
			abort();
	} else if (line.kind == DIRECTORY_COMPUTER || line.kind == DIRECTORY_DOMAIN) {
		if (line.kind == DIRECTORY_COMPUTER)
			computer_reasons_of(&line.computer, &rules);
		check_again(&line, &pool);
	}
	pool_free(&pool);
	return 0;
}
