/* SPDX-License-Identifier: Apache-2.0 */
/*
 * computer_entry.h - an LDAP entry of a computer account as a record of the directory.
 */
#ifndef SCANNER_DISCOVER_COMPUTER_ENTRY_H
#define SCANNER_DISCOVER_COMPUTER_ENTRY_H

#include <stdbool.h>

#include "report/directory/directory.h"
#include "scanner/discover/entry.h"

/* The attributes to ask for, NULL-terminated. */
extern const char *const computer_attributes[];
/* All computer accounts: sAMAccountType is indexed, and what is sorted out is counted
 * here and not hidden by the server. */
extern const char computer_filter[];

/* Whether the entry's own name is one that can be kept. */
bool computer_entry_is_usable(const struct entry *e);
/* `domain` is borrowed, everything else is copied into `pool`.  An attribute that did not
 * come stays unknown.  False: the entry's own name is none, or memory is out. */
bool computer_from_entry(const struct entry *e, const char *domain, struct pool *pool,
			 struct directory_computer *c);

#endif
