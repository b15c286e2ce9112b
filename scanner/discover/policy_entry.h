/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_entry.h - what LDAP entries of Group Policy hold, checked: scopes, GPOs with
 * their DACL, WMI filters ([MS-GPOL] 2.2.2 to 2.2.5, [MS-ADTS] 5.1.3).
 *
 * Pure functions; strings and lists live in `pool`.  What cannot be kept whole is not
 * kept at all, because half of a list of links or of a DACL would be another policy.
 */
#ifndef SCANNER_DISCOVER_POLICY_ENTRY_H
#define SCANNER_DISCOVER_POLICY_ENTRY_H

#include <stdbool.h>

#include "report/directory/directory_policy.h"
#include "report/text/pool.h"
#include "scanner/discover/entry.h"

/* NULL-terminated. */
extern const char *const scope_attributes[];
extern const char *const gpo_attributes[];
extern const char *const wmi_filter_attributes[];

/* `domain` is borrowed, here and below.  False: it cannot be read (it lacks even its
 * class), is no such object, or memory is out. */
bool scope_from_entry(const struct entry *e, const char *domain,
		      enum directory_scope_type type, struct pool *pool,
		      struct directory_scope *s);
/* A GPO that may not be read is a record, with `readable` false.  False: it is none, or
 * memory is out. */
bool gpo_from_entry(const struct entry *e, const char *domain, struct pool *pool,
		    struct directory_gpo *g);
bool wmi_filter_from_entry(const struct entry *e, const char *domain, struct pool *pool,
			   struct directory_wmi_filter *f);

#endif
