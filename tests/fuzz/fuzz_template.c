/* SPDX-License-Identifier: Apache-2.0 */
/* Templates of policies: any bytes are declarations that can be recorded and read back,
 * or are refused with a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "report/directory/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct directory_gpo g = { .domain = "d", .dn = "CN=a", .dacl = DACL_ABSENT };
	struct directory_line back;
	struct pool pool = { 0 };
	uint32_t version;
	char why[200], *line;

	template_read(data, size, "S-1-5-21-1-2-3", &pool, &g.template);
	template_read_version(data, size, &version);
	if ((g.template.state == TEMPLATE_READ) != !g.template.error)
		abort();
	line = g.template.error ? NULL : directory_gpo_to_json(&g);
	if (line &&
	    (!directory_from_json(line, strlen(line), &pool, &back, why, sizeof why) ||
	     back.gpo.template.right_count != g.template.right_count ||
	     back.gpo.template.group_count != g.template.group_count))
		abort();
	free(line);
	pool_free(&pool);
	return 0;
}
