/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sites_reader.h - the sites, subnets and server objects of a forest, read from its
 * configuration partition ([MS-ADTS] 6.1.1.2.2).
 *
 * On the worker thread.
 */
#ifndef SCANNER_DISCOVER_SITES_READER_H
#define SCANNER_DISCOVER_SITES_READER_H

#include <stdbool.h>

#include "report/directory/sites.h"
#include "scanner/discover/entry.h"
#include "scanner/discover/ldap_link.h"

/* `configuration` is the partition's DN, `forest` its DNS name or NULL.  False with
 * `fault`; what was read by then is in `sites`. */
bool sites_read(struct ldap_link *link, const char *configuration, const char *forest,
		struct directory_sites *sites, struct fault *fault);

/* One entry of that search added to `sites`; what is none of the three is passed over.
 * False: out of memory. */
bool sites_take_entry(const struct entry *e, const char *forest,
		      struct directory_sites *sites);

#endif
