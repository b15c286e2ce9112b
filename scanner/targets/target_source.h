/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target_source.h - a place that targets come from: lists (target_list.h), SRV records
 * (sweep/scheduler_service.c), a directory.
 *
 * A source gives lines of a target list: a host, a network or a range, with its
 * attributes.  Exclusion, shards, duplicates and what is done already are not its
 * business.  It gives one line a call and never waits; what has nothing yet says
 * TARGETS_LATER, and then either has a descriptor that becomes readable or calls
 * target_source_ready().
 *
 * Whoever implements it has it as its first member.  Loop's thread only.
 */
#ifndef SCANNER_TARGETS_TARGET_SOURCE_H
#define SCANNER_TARGETS_TARGET_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "scanner/targets/target_spec.h"
#include "scanner/targets/targets.h"

struct target_source {
	/* `line` borrows from the source until the next call.  TARGETS_END: nothing is
	 * left and nothing under way; a source that has more after that says so by
	 * target_source_ready() too. */
	enum targets_answer (*next)(struct target_source *s, struct target_line *line);
	/* After TARGETS_LATER: what becomes readable when there is more.  NULL: it calls
	 * target_source_ready(). */
	int (*descriptor)(const struct target_source *s);
	/* How many hosts next() will still give, duplicates counted; false: that is not
	 * known.  NULL: it does not count, what it gives was counted elsewhere. */
	bool (*left)(const struct target_source *s, uint64_t *left);
	/* Those behind it are not read before its end. */
	bool alone;

	/* targets_add()'s own. */
	struct targets *targets;
	STAILQ_ENTRY(target_source) others;
};

/* Read `s`, which is borrowed until targets_close(), before the lists, and after the
 * sources that were added earlier. */
void targets_add(struct targets *t, struct target_source *s);
/* There is more, or its end is known, after TARGETS_LATER or TARGETS_END.  May be called
 * from anywhere on the loop's thread but from within `next`. */
void target_source_ready(struct target_source *s);

#endif
