/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inf_internal.h - what inf.c (lines and sections) and inf_holders.c (who is in a list)
 * have in common.
 */
#ifndef REPORT_FACTS_INF_INTERNAL_H
#define REPORT_FACTS_INF_INTERNAL_H

#include "report/facts/inf.h"

enum inf_section { INF_OTHER, INF_RIGHTS, INF_ACCESS };

struct inf_template {
	struct facts *facts;
	const struct inf_file *file;
	unsigned line;
	enum inf_section section;
	bool seen_rights, seen_frame;
	const char *administrator, *guest; /* as the file calls them; of the facts */
	size_t right_room;
	struct holder *holders; /* scratch of one line */
	size_t holder_count, holder_room;
	char *why;
	size_t why_size;
};

/* Always false; the template's `why` says file, line, problem and what was found. */
bool inf_refuse(struct inf_template *t, const char *problem, const char *found);
bool inf_out_of_memory(struct inf_template *t);

/* inf_holders.c: the holders of a list into the scratch of `t`. */
bool inf_read_holders(struct inf_template *t, char *list);
/* inf_holders.c: when the whole file was read, names become SIDs where they can. */
bool inf_resolve_names(struct inf_template *t);

#endif
