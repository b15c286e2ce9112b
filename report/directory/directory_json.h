/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_json.h - the recorded directory, "lsasweep.directory/1": one JSON object a
 * line (NDJSON), each by itself understandable.
 *
 *     kind "domain"    one domain; with "computers", how many there are and in scope
 *     kind "computer"  one computer account, whether in scope or not
 *     kind "site", kind "subnet", kind "server"
 *                      the forest's sites (sites.h)
 *     kind "name"      whom a SID belongs to
 *     kind "policies"  of a domain: that its policies were asked for, with what success
 *     kind "scope"     a site, a domain's head or an OU, with its links
 *     kind "gpo"       one Group Policy Object: who may apply it and what it declares
 *     kind "wmi_filter", kind "group"
 *                      what the filters of GPOs name
 *     kind "end"       the record is whole; what has no such line was cut short
 *
 * Times are RFC 3339 UTC; null: the attribute did not come; "never": it holds no time.
 * A reader passes over kinds that it does not know.
 */
#ifndef REPORT_DIRECTORY_DIRECTORY_JSON_H
#define REPORT_DIRECTORY_DIRECTORY_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/directory/computer.h"
#include "report/directory/counts.h"
#include "report/directory/directory.h"
#include "report/directory/directory_name.h"
#include "report/directory/directory_policy.h"
#include "report/directory/sites.h"
#include "report/text/json_write.h"
#include "report/text/pool.h"

/* One line without its newline, to be freed; NULL: out of memory.  `counts` NULL: not
 * known yet. */
char *directory_domain_to_json(const struct directory_domain *d,
			       const struct directory_counts *counts);
/* The same counts as the member "computers" of a report. */
void directory_counts_json(struct json *j, const struct directory_counts *counts);
char *directory_computer_to_json(const struct directory_computer *c);
char *directory_policies_to_json(const struct directory_policies *p);
char *directory_scope_to_json(const struct directory_scope *s);
char *directory_gpo_to_json(const struct directory_gpo *g);
char *directory_wmi_filter_to_json(const struct directory_wmi_filter *f);
char *directory_group_to_json(const struct directory_group *g);
char *directory_site_to_json(const struct directory_site *s);
char *directory_subnet_to_json(const struct directory_subnet *s);
char *directory_server_to_json(const struct directory_server *s);
/* All of them, a line each, with newlines between them; "": there are none;
 * NULL: out of memory. */
char *directory_sites_to_json(const struct directory_sites *s);
char *directory_name_to_json(const struct directory_name *n);
char *directory_end_to_json(void);

enum directory_kind {
	DIRECTORY_DOMAIN,
	DIRECTORY_COMPUTER,
	DIRECTORY_POLICIES,
	DIRECTORY_SCOPE,
	DIRECTORY_GPO,
	DIRECTORY_WMI_FILTER,
	DIRECTORY_GROUP,
	DIRECTORY_SITE,
	DIRECTORY_SUBNET,
	DIRECTORY_SERVER,
	DIRECTORY_NAME,
	DIRECTORY_END,
	DIRECTORY_OTHER
};

struct directory_line {
	enum directory_kind kind;
	bool no_memory; /* it was not read for want of memory: nothing is said of it */
	struct directory_domain domain;
	bool counts_known;
	struct directory_counts counts;
	struct directory_computer computer;
	struct directory_site site;
	struct directory_subnet subnet;
	struct directory_server server;
	struct directory_name name;
	/* Arrays in them live in the reader's pool, too. */
	struct directory_policies policies;
	struct directory_scope scope;
	struct directory_gpo gpo;
	struct directory_wmi_filter wmi_filter;
	struct directory_group group;
};

/* Reads one line; strings live in `pool`.  False with `why` ("sid: found a number,
 * expected a string"). */
bool directory_from_json(const char *line, size_t len, struct pool *pool,
			 struct directory_line *out, char *why, size_t why_size);
/* True when a line of a file that may hold several schemas is one of this schema. */
bool directory_is_line(const char *line, size_t len);

#endif
