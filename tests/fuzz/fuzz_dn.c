/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names: any text is split within its bounds, and equals itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/dn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *dn = malloc(size + 1), domain[64], value[16];
	const char *rest = dn;
	struct dn_part part;

	if (!dn)
		return 0;
	memcpy(dn, data, size);
	dn[size] = '\0';
	if (dn_is_valid(dn) && !dn_equal(dn, dn))
		abort();
	if (dn_is_valid(dn) && !dn_is_within(dn, dn))
		abort();
	while (rest && dn_next(&rest, &part))
		if (part.value + dn_part_value(&part, value, sizeof value) >
		    dn + strlen(dn))
			abort();
	if (dn_to_domain(dn, domain, sizeof domain) && strlen(domain) >= sizeof domain)
		abort();
	for (rest = dn; rest; rest = dn_parent(rest))
		;
	free(dn);
	return 0;
}
