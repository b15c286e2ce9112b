/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_reader.h - what LDAP says about the Group Policy of a domain: scopes, GPOs, WMI
 * filters, and the groups that the DACLs of GPOs name.
 *
 * On the worker thread, over the connection that read the computers.  Whatever is not to
 * be had is noted in the set; nothing here makes the reading of a domain fail.
 */
#ifndef SCANNER_DISCOVER_POLICY_READER_H
#define SCANNER_DISCOVER_POLICY_READER_H

#include "report/directory/directory.h"
#include "scanner/discover/ldap_link.h"
#include "scanner/discover/policy_set.h"

struct policy_request {
	struct ldap_link *link;
	const struct directory_domain *domain; /* with its dn */
	const char *configuration; /* DN of the configuration partition; NULL: leave out
				    * the sites, which are the forest's */
};

/* Fills `set`, which must be empty; its strings do not depend on `request`. */
void policy_read(const struct policy_request *request, struct policy_set *set);

/* policy_groups.c: the groups that the DACLs in `set` name, and those nested in them.
 * False: the connection is of no more use. */
bool policy_read_groups(const struct policy_request *request, struct policy_set *set);

#endif
