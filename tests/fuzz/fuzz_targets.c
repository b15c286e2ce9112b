/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_targets.c - any bytes as a target list on a pipe, and as an exclude list.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/targets/exclude.h"
#include "scanner/targets/target_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was accepted reads the same when it is written again. */
static void round_trip(const struct spec *spec)
{
	char text[ADDRESS_TEXT_MAX], why[200];
	struct spec again;

	if (spec->kind == SPEC_NAME) {
		if (!spec_parse(spec->name, &again, why, sizeof why) ||
		    strcmp(again.name, spec->name) != 0)
			abort();
		return;
	}
	if (address_compare(spec->first, spec->last) > 0)
		abort();
	address_text(spec->first, text);
	if (!spec_parse(text, &again, why, sizeof why) ||
	    address_compare(again.first, spec->first) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct excludes excludes = { 0 };
	struct target_line line;
	const char *offending;
	char *copy = malloc(size + 1), *rest, *word, why[200];

	memcpy(copy, data, size);
	copy[size] = '\0';
	rest = copy;
	while ((word = line_word(&rest)))
		excludes_add(&excludes, word, why, sizeof why);
	excludes_hold_name(&excludes, "srv1", 445);
	excludes_free(&excludes);

	memcpy(copy, data, size);
	if (target_line_parse(copy, size, &line, &offending, why, sizeof why) ==
	    TARGET_LINE_GOOD)
		round_trip(&line.spec);
	free(copy);
	return 0;
}
