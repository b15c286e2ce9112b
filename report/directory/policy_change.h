/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_change.h - what would be if a policy were another one: changes made to a store
 *of policies before it is sealed, so that its answers can be compared with those of a
 *store without them.
 *
 *	template:GPO=FILE   GPO's security template is FILE
 *	link-off:GPO@DN     its link at the scope DN is disabled
 *	link-on:GPO@DN      its link at DN is enabled, or made: behind all others there
 *	move:COMPUTER=DN    the computer lies in the OU or container DN
 *
 * A GPO is named by its id ("{...}") or its display name.
 */
#ifndef REPORT_DIRECTORY_POLICY_CHANGE_H
#define REPORT_DIRECTORY_POLICY_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/policy.h"

/* X(constant, word, what separates its two parts, what stands in them) */
#define POLICY_CHANGES(X)                               \
	X(CHANGE_TEMPLATE, "template", '=', "GPO=FILE") \
	X(CHANGE_LINK_OFF, "link-off", '@', "GPO@DN")   \
	X(CHANGE_LINK_ON, "link-on", '@', "GPO@DN")     \
	X(CHANGE_MOVE, "move", '=', "COMPUTER=DN")

#define X(constant, word, separator, parts) constant,
enum policy_change_kind { POLICY_CHANGES(X) POLICY_CHANGE_COUNT };
#undef X

struct policy_change {
	const char *what; /* the GPO or the computer; not NUL-terminated */
	size_t what_len;
	const char *to; /* the file or the DN */
	enum policy_change_kind kind;
};

/* Borrows from `text`.  False with `why`. */
bool policy_change_parse(const char *text, struct policy_change *change, char *why,
			 size_t why_size);
/* A change of a link.  False with `why`: no such GPO or scope, or no such link. */
bool policy_change_link(struct policy_store *s, const struct policy_change *change,
			char *why, size_t why_size);
/* The template is these bytes.  As an editor would, it lists the security extension and
 * counts the version up where they say that there is none.  False with `why`. */
bool policy_change_template(struct policy_store *s, const struct policy_change *change,
			    const void *bytes, size_t len, char *why, size_t why_size);

/* Two lines mean the same set; NULL: no line. */
bool policy_same_list(const struct directory_declared *a,
		      const struct directory_declared *b);
/* True when the right's state or list differs; who sets it does not count. */
bool policy_right_differs(const struct policy_right *a, const struct policy_right *b);

#endif
