/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/sites_reader.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "report/directory/dn.h"

enum {
	ENTRIES_MAX = 500000, /* more is a server that never ends */
	NAME_MAX_BYTES = 256,
	SITE_OF_SERVER = 2, /* CN=DC1,CN=Servers,CN=Paris,... */
};

struct reading {
	struct directory_sites *sites;
	const char *forest;
	struct fault *fault;
	size_t entries;
};

/* The value of part `index`, from 0, of a name.  False: there is none, or it is longer
 * than a site's name may be. */
static bool part_of(const char *dn, size_t index, char name[NAME_MAX_BYTES])
{
	const char *rest = dn;
	struct dn_part part;

	for (size_t i = 0; i <= index; i++)
		if (!rest || !dn_next(&rest, &part))
			return false;
	return dn_part_value(&part, name, NAME_MAX_BYTES) < NAME_MAX_BYTES;
}

static bool is_of_class(const struct entry *e, const char *name)
{
	const struct entry_attribute *a = entry_find(e, "objectClass");
	size_t len = strlen(name);

	for (size_t i = 0; a && i < a->count; i++)
		if (a->values[i].len == len &&
		    strncasecmp((const char *)a->values[i].at, name, len) == 0)
			return true;
	return false;
}

static bool take_subnet(const struct entry *e, const char *forest, struct pool *pool,
			struct directory_sites *sites)
{
	const char *object = entry_text(e, "siteObject", pool);
	char name[NAME_MAX_BYTES], site[NAME_MAX_BYTES];
	bool has_site = object && part_of(object, 0, site);

	return !part_of(e->dn, 0, name) ||
	       directory_sites_add_subnet(
		       sites,
		       &(struct directory_subnet){ .forest = forest,
						   .name = name,
						   .site = has_site ? site : NULL });
}

static bool take_server(const struct entry *e, const char *forest, struct pool *pool,
			struct directory_sites *sites)
{
	const char *computer = entry_text(e, "serverReference", pool);
	char site[NAME_MAX_BYTES];

	if (computer && !dn_is_valid(computer))
		computer = NULL;
	return !part_of(e->dn, SITE_OF_SERVER, site) ||
	       directory_sites_add_server(
		       sites, &(struct directory_server){ .forest = forest,
							  .site = site,
							  .computer = computer });
}

static bool take_site(const struct entry *e, const char *forest,
		      struct directory_sites *sites)
{
	char name[NAME_MAX_BYTES];

	return !part_of(e->dn, 0, name) ||
	       directory_sites_add_site(sites, &(struct directory_site){ .forest = forest,
									 .name = name,
									 .dn = e->dn });
}

bool sites_take_entry(const struct entry *e, const char *forest,
		      struct directory_sites *sites)
{
	struct pool pool = { 0 };
	bool good = true;

	if (is_of_class(e, "site"))
		good = take_site(e, forest, sites);
	else if (is_of_class(e, "subnet"))
		good = take_subnet(e, forest, &pool, sites);
	else if (is_of_class(e, "server"))
		good = take_server(e, forest, &pool, sites);
	pool_free(&pool);
	return good;
}

static bool on_entry(const struct entry *e, void *arg)
{
	struct reading *r = arg;

	if (++r->entries > ENTRIES_MAX) {
		fault_set_words(r->fault, "sites", REASON_DIRECTORY_MALFORMED, CODE_NONE,
				0, "the domain controller sends sites without end");
		return false;
	}
	if (sites_take_entry(e, r->forest, r->sites))
		return true;
	fault_set_words(r->fault, "sites", REASON_OUT_OF_MEMORY, CODE_NONE, 0,
			"out of memory");
	return false;
}

bool sites_read(struct ldap_link *link, const char *configuration, const char *forest,
		struct directory_sites *sites, struct fault *fault)
{
	static const char *const attributes[] = { "objectClass", "siteObject",
						  "serverReference", NULL };
	struct reading r = { .sites = sites, .forest = forest, .fault = fault };
	char base[ENTRY_DN_MAX];
	const struct ldap_query query = {
		.base = base,
		.filter = "(|(objectClass=site)(objectClass=subnet)(objectClass=server))",
		.scope = LDAP_BELOW,
		.attributes = attributes,
		.paged = true,
		.each = on_entry,
		.arg = &r,
	};

	snprintf(base, sizeof base, "CN=Sites,%s", configuration);
	return ldap_link_search(link, &query, fault) && fault->kind == FAULT_NONE;
}
