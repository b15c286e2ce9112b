/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a recorded directory: refused with a reason, or written and read alike. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"

static char *write_again(const struct directory_line *line)
{
	switch (line->kind) {
	case DIRECTORY_COMPUTER:
		return directory_computer_to_json(&line->computer);
	case DIRECTORY_DOMAIN:
		return directory_domain_to_json(
			&line->domain, line->counts_known ? &line->counts : NULL);
	case DIRECTORY_POLICIES:
		return directory_policies_to_json(&line->policies);
	case DIRECTORY_SCOPE:
		return directory_scope_to_json(&line->scope);
	case DIRECTORY_GPO:
		return directory_gpo_to_json(&line->gpo);
	case DIRECTORY_WMI_FILTER:
		return directory_wmi_filter_to_json(&line->wmi_filter);
	case DIRECTORY_GROUP:
		return directory_group_to_json(&line->group);
	case DIRECTORY_SITE:
		return directory_site_to_json(&line->site);
	case DIRECTORY_SUBNET:
		return directory_subnet_to_json(&line->subnet);
	case DIRECTORY_SERVER:
		return directory_server_to_json(&line->server);
	case DIRECTORY_NAME:
		return directory_name_to_json(&line->name);
	case DIRECTORY_END:
	case DIRECTORY_OTHER:
		break;
	}
	return directory_end_to_json();
}

/* What is read is written, and from then on the line is the same whenever it is read. */
static void check_again(const struct directory_line *first, struct pool *pool)
{
	struct directory_line again;
	char why[200];
	char *line = write_again(first), *second;

	if (!line)
		return;
	if (!directory_from_json(line, strlen(line), pool, &again, why, sizeof why) ||
	    (first->kind != DIRECTORY_OTHER && again.kind != first->kind))
		abort();
	second = write_again(&again);
	if (second && strcmp(line, second) != 0)
		abort();
	free(second);
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
	} else {
		if (line.kind == DIRECTORY_COMPUTER)
			computer_reasons_of(&line.computer, &rules);
		check_again(&line, &pool);
	}
	pool_free(&pool);
	return 0;
}
