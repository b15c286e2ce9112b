/* SPDX-License-Identifier: Apache-2.0 */
/* A line of a journal, whatever it holds: refused with a reason, or facts that are
 * written and read again without change. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/facts_json.h"

static char *read_and_write(const char *line, size_t len)
{
	struct facts f;
	char why[200] = "";
	char *text = NULL;

	facts_init(&f);
	if (facts_from_json(line, len, &f, why, sizeof(why)))
		text = facts_to_json(&f);
	else if (!why[0])
		abort();
	facts_free(&f);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *first = read_and_write((const char *)data, size);
	char *second;

	if (!first)
		return 0;
	second = read_and_write(first, strlen(first));
	if (!second || strcmp(first, second) != 0)
		abort();
	free(first);
	free(second);
	return 0;
}
