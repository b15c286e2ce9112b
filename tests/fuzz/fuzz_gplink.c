/* SPDX-License-Identifier: Apache-2.0 */
/* gPLink: any text is links, one after the other, up to its end or to what is none. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/gplink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	const char *rest = text, *before = NULL;
	struct gplink link;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	while (gplink_next(&rest, &link) == GPLINK_ONE) {
		if (!link.dn_len || link.dn < text || link.dn + link.dn_len > rest ||
		    rest == before || (link.disabled && link.enforced))
			abort();
		before = rest;
	}
	free(text);
	return 0;
}
