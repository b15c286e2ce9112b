/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_files.h - what SYSVOL holds of each Group Policy Object, and the hand-over of
 * all that was gathered of a domain, one record after another.
 */
#ifndef SCANNER_DISCOVER_POLICY_FILES_H
#define SCANNER_DISCOVER_POLICY_FILES_H

#include "report/text/pool.h"
#include "scanner/discover/policy_set.h"
#include "scanner/discover/sysvol.h"

/* Reads gpt.ini and GptTmpl.inf of `gpo` into its template, whose strings live in `pool`.
 * `domain_sid` may be NULL.  False with `fault`: the connection is of no more use, and
 * the template was not read. */
bool policy_files_read(struct sysvol *v, struct directory_gpo *gpo,
		       const char *domain_sid, struct pool *pool, struct fault *fault);

/* Everything in `set`, to its `policies` last; templates are read from `v`, or not at all
 * where it is NULL. */
void policy_files_hand_over(struct policy_set *set, struct sysvol *v,
			    const char *domain_sid, const struct policy_events *events);

#endif
