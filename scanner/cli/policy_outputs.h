/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_outputs.h - the outputs of `policy`: -o FORMAT[=FILE].
 */
#ifndef SCANNER_CLI_POLICY_OUTPUTS_H
#define SCANNER_CLI_POLICY_OUTPUTS_H

#include "report/files/output_file.h"
#include "scanner/cli/options.h"
#include "scanner/cli/options_values.h"

enum { POLICY_OUTPUTS_MAX = 8 };

struct policy_output {
	enum policy_format form;
	struct output_file file;
};

struct policy_outputs {
	struct policy_output at[POLICY_OUTPUTS_MAX];
	size_t count;
};

/* False: one cannot be opened, which is said; policy_outputs_abandon() in any case. */
bool policy_outputs_open(struct policy_outputs *outputs, const struct options *o);
/* False, said: one was not written to its end. */
bool policy_outputs_commit(struct policy_outputs *outputs);
/* Nothing, once they are committed. */
void policy_outputs_abandon(struct policy_outputs *outputs);

#endif
