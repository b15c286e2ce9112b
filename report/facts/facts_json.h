/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts_json.h - facts as one line of JSON and back ("lsasweep.facts/1").
 *
 * Unknown keys are ignored; a wrongly typed key, a missing one that a line cannot do
 * without (schema, host, port, outcome) and a key that stands there twice are errors that
 * name it.  So is a NUL character, which no fact has.
 *
 * Beside what a reader of reports needs, the line keeps the raw evidence for the role
 * (role.machine_role, role.server_type, role.policy, role.hint), so that an old journal
 * can be judged again.
 */
#ifndef REPORT_FACTS_FACTS_JSON_H
#define REPORT_FACTS_FACTS_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "report/facts/facts.h"

/* One line without its newline, shorter than LIMIT_LINE_WRITTEN_BYTES where `f` is within
 * the limits (report/facts/facts_limits.h); free() it.  NULL when memory is out. */
char *facts_to_json(const struct facts *f);
/* `f` must be initialised; on false it is still to be freed and `why` says what was
 * found and what was expected, or `f->out_of_memory` is set. */
bool facts_from_json(const char *line, size_t len, struct facts *f, char *why,
		     size_t why_size);

#endif
