/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts_limits.h - one host's record brought within report/facts/limits.h.
 *
 * A right whose holders exceed a limit keeps none of them: its outcome becomes
 * RIGHT_FAILED with the error "cut at N of M ...", so that it is judged unknown and never
 * compliant.  A text that is too long is cut and says so at its end.
 */
#ifndef REPORT_FACTS_FACTS_LIMITS_H
#define REPORT_FACTS_FACTS_LIMITS_H

#include "report/facts/facts.h"

/* A copy of a text, cut at its limit as a record's texts are. */
const char *facts_text_kept(struct facts *f, const char *text);
/* Called once a record is complete, before it is judged, written or indexed.  Returns how
 * many rights were cut; when memory is out, `f->out_of_memory` says so as always. */
size_t facts_keep_limits(struct facts *f);

#endif
