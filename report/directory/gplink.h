/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gplink.h - the links of a scope: gPLink as [MS-GPOL] 2.2.2 gives it.
 *
 * `[LDAP://<DN of a GPO>;<options>]`, repeated.  The entry at the END of the text is link
 * order 1: it is applied last and wins.  ([MS-GPOL] 3.2.5.1.5 read by its letter gives
 * the reverse; clients and consoles do as is said here.)
 *
 * Pure, nothing allocates; a link borrows from the text.
 */
#ifndef REPORT_DIRECTORY_GPLINK_H
#define REPORT_DIRECTORY_GPLINK_H

#include <stdbool.h>
#include <stddef.h>

struct gplink {
	const char *dn; /* not NUL-terminated */
	size_t dn_len;
	bool disabled; /* bit 1, whatever bit 2 says */
	bool enforced; /* bit 2 of a link that is not disabled */
};

enum gplink_answer { GPLINK_ONE, GPLINK_END, GPLINK_MALFORMED };

/* The link that `*rest` begins with; `*rest` then stands behind it.  Blanks around links
 * count for nothing: an attribute of one blank has no link.  GPLINK_MALFORMED: what
 * follows is no link (`*rest` is untouched). */
enum gplink_answer gplink_next(const char **rest, struct gplink *link);

#endif
