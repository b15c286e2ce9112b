/* SPDX-License-Identifier: Apache-2.0 */
/* The searches of one domain, in their order: root, partitions, head, sites, computers;
 * then Group Policy (policy_reader.h). */
#include "scanner/discover/directory_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/dn.h"
#include "scanner/discover/computer_entry.h"
#include "scanner/discover/policy_reader.h"
#include "scanner/discover/sites_reader.h"

enum {
	COMPUTERS_MAX = 2000000, /* of one domain: more is a server that never ends */
	FILTER_MAX = 4096,
	DOMAIN_MAX = 256,
};

static const char step_name[] = "read";
/* 1.2.840.113556.1.4.800: "this is Active Directory" ([MS-ADTS] 3.1.1.3.4.3). */
static const char active_directory_oid[] = "1.2.840.113556.1.4.800";

struct reading {
	const struct directory_request *request;
	struct ldap_link *link;
	struct fault *fault;
	struct pool pool; /* of the strings below */
	struct directory_domain domain;
	const char *configuration, *root_domain;
	bool active_directory;
	struct computer_batch *batch;
	size_t computers;
};

static bool read_root(struct reading *r);
static bool read_partitions(struct reading *r);
static bool read_head(struct reading *r);
static bool read_sites(struct reading *r);
static bool read_computers(struct reading *r);
static void read_policies(const struct reading *r);
static void on_page(void *arg);

void computer_batch_free(struct computer_batch *batch)
{
	if (!batch)
		return;
	pool_free(&batch->pool);
	free(batch);
}

bool directory_read(const struct directory_request *request, enum ldap_login *login,
		    struct fault *fault)
{
	struct reading r = { .request = request, .fault = fault };
	const struct directory_events *events = &request->events;
	bool good;

	r.link = ldap_link_open(&request->link, login, fault);
	if (!r.link)
		return false;
	events->accepted(ldap_link_mechanism(r.link), events->arg);
	good = read_root(&r) && read_partitions(&r) && read_head(&r);
	if (good && !request->facts_only)
		good = read_sites(&r);
	if (good)
		events->domain(&r.domain, events->arg);
	if (good && !request->facts_only)
		good = read_computers(&r);
	if (r.batch) /* of a page that was not read to its end */
		on_page(&r);
	if (good && request->policies)
		read_policies(&r);
	if (good && request->names)
		directory_names_add(request->names, &r.domain, r.link);
	else
		ldap_link_close(r.link);
	computer_batch_free(r.batch);
	pool_free(&r.pool);
	return good;
}

static bool refuse(struct reading *r, const char *what)
{
	fault_set_words(r->fault, step_name, REASON_DIRECTORY_REFUSED, CODE_NONE, 0, "%s",
			what);
	return false;
}

/* ---- which directory is this ---- */

static bool holds_value(const struct entry_attribute *a, const char *text)
{
	for (size_t i = 0; a && i < a->count; i++)
		if (a->values[i].len == strlen(text) &&
		    memcmp(a->values[i].at, text, a->values[i].len) == 0)
			return true;
	return false;
}

static bool on_root(const struct entry *e, void *arg)
{
	struct reading *r = arg;
	char name[DOMAIN_MAX];

	r->domain.dn = entry_text(e, "defaultNamingContext", &r->pool);
	r->domain.controller = entry_text(e, "dnsHostName", &r->pool);
	r->configuration = entry_text(e, "configurationNamingContext", &r->pool);
	r->root_domain = entry_text(e, "rootDomainNamingContext", &r->pool);
	r->active_directory = holds_value(entry_find(e, "supportedCapabilities"),
					  active_directory_oid);
	if (r->domain.dn && dn_to_domain(r->domain.dn, name, sizeof name))
		r->domain.dns_name = pool_text(&r->pool, name, strlen(name));
	if (r->root_domain && dn_to_domain(r->root_domain, name, sizeof name))
		r->domain.forest = pool_text(&r->pool, name, strlen(name));
	return false;
}

static bool read_root(struct reading *r)
{
	static const char *const attributes[] = {
		"defaultNamingContext",    "configurationNamingContext",
		"rootDomainNamingContext", "dnsHostName",
		"supportedCapabilities",   NULL
	};
	const struct ldap_query query = { .base = "",
					  .filter = "(objectClass=*)",
					  .scope = LDAP_THE_BASE,
					  .attributes = attributes,
					  .each = on_root,
					  .arg = r };
	const char *wanted = r->request->domain;

	if (!ldap_link_search(r->link, &query, r->fault))
		return false;
	if (!r->active_directory || !r->domain.dns_name || !r->configuration)
		return refuse(r, "this LDAP server is not Active Directory");
	if (wanted && strcasecmp(wanted, r->domain.dns_name) != 0) {
		fault_set_words(r->fault, step_name, REASON_DIRECTORY_REFUSED, CODE_NONE,
				0,
				"this domain controller serves \"%.60s\", not \"%.60s\"",
				r->domain.dns_name, wanted);
		return false;
	}
	return true;
}

/* ---- partitions: NetBIOS names, and the other domains ---- */

static bool on_partition(const struct entry *e, void *arg)
{
	struct reading *r = arg;
	const struct directory_events *events = &r->request->events;
	const char *dn = entry_text(e, "nCName", &r->pool);
	const char *dns_name = entry_text(e, "dnsRoot", &r->pool);

	if (dn && dn_equal(dn, r->domain.dn))
		r->domain.netbios_name = entry_text(e, "nETBIOSName", &r->pool);
	else if (dns_name && *dns_name && r->request->siblings)
		events->sibling(dns_name, events->arg);
	return true;
}

static bool read_partitions(struct reading *r)
{
	static const char *const attributes[] = { "nCName", "dnsRoot", "nETBIOSName",
						  NULL };
	char base[ENTRY_DN_MAX];
	const struct ldap_query query = {
		.base = base,
		.filter = "(&(objectClass=crossRef)"
			  "(systemFlags:1.2.840.113556.1.4.803:=3))",
		.scope = LDAP_ONE_LEVEL,
		.attributes = attributes,
		.paged = true,
		.each = on_partition,
		.arg = r,
	};

	snprintf(base, sizeof base, "CN=Partitions,%s", r->configuration);
	return ldap_link_search(r->link, &query, r->fault);
}

static bool on_head(const struct entry *e, void *arg)
{
	struct reading *r = arg;

	r->domain.sid = entry_sid(e, "objectSid", &r->pool);
	return false;
}

static bool read_head(struct reading *r)
{
	static const char *const attributes[] = { "objectSid", NULL };
	const struct ldap_query query = { .base = r->domain.dn,
					  .filter = "(objectClass=*)",
					  .scope = LDAP_THE_BASE,
					  .attributes = attributes,
					  .each = on_head,
					  .arg = r };

	return ldap_link_search(r->link, &query, r->fault);
}

/* An account that may not read the sites goes on without. */
static bool read_sites(struct reading *r)
{
	const struct directory_events *events = &r->request->events;
	struct directory_sites *sites = r->request->sites;
	struct fault why = { 0 };

	if (sites->site_count)
		return true;
	directory_sites_free(sites);
	if (sites_read(r->link, r->configuration, r->domain.forest, sites, &why)) {
		events->sites(sites, events->arg);
		return true;
	}
	directory_sites_free(sites);
	if (why.reason == REASON_DIRECTORY_REFUSED || why.kind == FAULT_ACCESS_DENIED)
		return true;
	*r->fault = why;
	return false;
}

/* ---- computers ---- */

static bool make_room(struct reading *r)
{
	struct computer_batch *batch = r->batch;
	void *grown;

	if (!batch)
		r->batch = batch = calloc(1, sizeof *batch);
	if (!batch)
		return false;
	if (batch->count < batch->room)
		return true;
	grown = pool_grow(&batch->pool, batch->at, &batch->room, sizeof *batch->at);
	if (grown)
		batch->at = grown;
	return grown != NULL;
}

static bool refuse_memory(struct reading *r)
{
	fault_set_words(r->fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0,
			"out of memory");
	return false;
}

static bool on_computer(const struct entry *e, void *arg)
{
	struct reading *r = arg;

	if (++r->computers > COMPUTERS_MAX)
		return refuse(r, "the domain controller sends computers without end");
	if (!make_room(r))
		return refuse_memory(r);
	if (!computer_entry_is_usable(e)) {
		r->batch->unreadable++;
		return true;
	}
	if (!computer_from_entry(e, r->domain.dns_name, &r->batch->pool,
				 &r->batch->at[r->batch->count]))
		return refuse_memory(r);
	directory_sites_place(r->request->sites, &r->batch->at[r->batch->count++]);
	return true;
}

/* The domain's name outlives the batch only as a copy in it. */
static void on_page(void *arg)
{
	struct reading *r = arg;
	const struct directory_events *events = &r->request->events;
	struct computer_batch *batch = r->batch;
	const char *domain;

	if (!batch)
		return;
	domain = pool_text(&batch->pool, r->domain.dns_name, strlen(r->domain.dns_name));
	if (!domain)
		batch->count = 0;
	for (size_t i = 0; i < batch->count; i++)
		batch->at[i].domain = domain;
	r->batch = NULL;
	events->computers(batch, events->arg);
}

static bool read_below(struct reading *r, const char *base, const char *filter)
{
	const struct ldap_query query = { .base = base,
					  .filter = filter,
					  .scope = LDAP_BELOW,
					  .attributes = computer_attributes,
					  .paged = true,
					  .each = on_computer,
					  .arg = r,
					  .page = on_page };

	return ldap_link_search(r->link, &query, r->fault) &&
	       r->fault->kind == FAULT_NONE;
}

/* A filter may be typed with its parentheses or without. */
static bool read_computers(struct reading *r)
{
	const struct directory_request *request = r->request;
	const char *more = request->filter ? request->filter : "";
	bool bare = *more && *more != '(';
	char filter[FILTER_MAX];
	int len = snprintf(filter, sizeof filter, "(&%s%s%s%s)", computer_filter,
			   bare ? "(" : "", more, bare ? ")" : "");

	if (len < 0 || (size_t)len >= sizeof filter)
		return refuse(r, "the LDAP filter is too long");
	if (!request->base_count)
		return read_below(r, r->domain.dn, filter);
	for (size_t i = 0; i < request->base_count; i++)
		if (!read_below(r, request->bases[i], filter))
			return false;
	return true;
}

/* ---- Group Policy ---- */

static void read_policies(const struct reading *r)
{
	const struct policy_request request = {
		.link = r->link,
		.domain = &r->domain,
		.configuration = r->request->site_links ? r->configuration : NULL,
	};

	policy_read(&request, r->request->policies);
}
