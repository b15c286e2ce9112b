/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_set.h - the Group Policy of one domain as it is gathered: first what LDAP says,
 * then what SYSVOL holds (policy_files.h), then handed on record by record.
 *
 * Reading stays within limits (report/directory/directory_limits.h, SET_BYTES_MAX) and
 * says in `policies.error` what came first to be left out.  Not for several threads.
 */
#ifndef SCANNER_DISCOVER_POLICY_SET_H
#define SCANNER_DISCOVER_POLICY_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/directory_policy.h"
#include "report/text/pool.h"

struct policy_set {
	struct pool pool; /* of everything below */
	struct directory_policies policies;
	struct directory_scope *scopes;
	struct directory_gpo *gpos; /* their templates are not read yet */
	struct directory_wmi_filter *filters;
	struct directory_group *groups;
	size_t scope_count, gpo_count, filter_count, group_count;
	size_t scope_room, gpo_room, filter_room, group_room;
	char error[400]; /* what policies.error is; empty: nothing is missing */
};

/* Whoever wants the records; all borrowed for the call. */
struct policy_events {
	void (*scope)(const struct directory_scope *s, void *arg);
	void (*gpo)(const struct directory_gpo *g, void *arg);
	void (*wmi_filter)(const struct directory_wmi_filter *f, void *arg);
	void (*group)(const struct directory_group *g, void *arg);
	/* The last one of a domain. */
	void (*policies)(const struct directory_policies *p, void *arg);
	void *arg;
};

/* Room for one more of a list of at most `limit`, or false after a note: too many, too
 * much, or out of memory.  `*list` may move. */
bool policy_set_room(struct policy_set *set, void *list, size_t count, size_t *room,
		     size_t size, size_t limit);
/* Say what is missing; printf-like, the first one stays. */
void policy_set_note(struct policy_set *set, const char *what, ...)
	__attribute__((format(printf, 2, 3)));
/* Empty, with its memory freed. */
void policy_set_clear(struct policy_set *set);

#endif
