/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_filter.h - search filters (RFC 4511 4.5.1.7) held against one entry, with Active
 * Directory's bit rules and its short names of categories.
 */
#ifndef LAB_LDAP_FILTER_H
#define LAB_LDAP_FILTER_H

#include <stdbool.h>

#include "rpc/wire/wire.h"
#include "tests/lab/directory.h"

/* `*bad` turns true where the filter is none. */
bool ldap_filter_holds(struct bytes filter, const struct lab_entry *e, bool *bad);
/* True when the filter speaks of this attribute. */
bool ldap_filter_names(struct bytes filter, const char *attribute);

#endif
