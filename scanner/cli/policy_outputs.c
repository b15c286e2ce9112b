/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/policy_outputs.h"

#include <string.h>

#include "scanner/cli/commands.h"

enum { WHY_MAX = 600 };

static bool open_one(struct policy_outputs *outputs, const char *text)
{
	const struct option_row *row = option_find("-o", 2);
	struct policy_output *o = &outputs->at[outputs->count];
	size_t len = strcspn(text, "=");
	char why[WHY_MAX], known[80];

	if (outputs->count == POLICY_OUTPUTS_MAX) {
		command_fails("-o: more than %d outputs", POLICY_OUTPUTS_MAX);
		return false;
	}
	o->form = (enum policy_format)option_value_find(row, COMMAND_POLICY, text, len);
	if (o->form >= POLICY_FORMAT_COUNT) {
		option_values_text(row, COMMAND_POLICY, known, sizeof known);
		command_fails("-o: \"%.60s\": expected one of: %s, with =FILE if need be",
			      text, known);
		return false;
	}
	if (!output_file_open(&o->file, text[len] ? text + len + 1 : NULL, 0600, why,
			      sizeof why)) {
		command_fails("%s", why);
		return false;
	}
	outputs->count++;
	return true;
}

bool policy_outputs_open(struct policy_outputs *outputs, const struct options *o)
{
	for (size_t i = 0; i < o->outputs.count; i++)
		if (!open_one(outputs, o->outputs.at[i]))
			return false;
	return true;
}

bool policy_outputs_commit(struct policy_outputs *outputs)
{
	bool good = true;
	char why[WHY_MAX];

	for (size_t i = 0; i < outputs->count; i++)
		if (!output_file_commit(&outputs->at[i].file, why, sizeof why)) {
			command_fails("%s", why);
			good = false;
		}
	outputs->count = 0;
	return good;
}

void policy_outputs_abandon(struct policy_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++)
		output_file_abandon(&outputs->at[i].file);
	outputs->count = 0;
}
