/* SPDX-License-Identifier: Apache-2.0 */
/* WMI filters and their queries: any text is answered, and a computer that may be two is
 * only what both are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/wmi_filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct wql_machine machines[] = { { 2, 4, "10.0.20348" },
						       { 2, 5, "10.0.20348" } };
	struct wmi_filter_name name;
	enum wql_answer one, both;
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	wql_evaluate((const char *)data, size, machines);
	one = wmi_filter_evaluate(text, machines, 1);
	both = wmi_filter_evaluate(text, machines, 2);
	if (both != WQL_UNKNOWN && both != one)
		abort();
	if (wmi_filter_name(text, &name) == WMI_FILTER_ONE &&
	    (!name.domain_len || !name.id_len || name.id + name.id_len > text + size))
		abort();
	free(text);
	return 0;
}
