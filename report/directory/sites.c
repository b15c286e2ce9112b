/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/sites.h"

#include <string.h>

#include "report/directory/computer.h"
#include "report/directory/dn.h"

/* Room for one more of `size`; `*at` may move.  NULL: out of memory. */
static void *grow(struct directory_sites *s, void *at, size_t count, size_t *room,
		  size_t size)
{
	return count < *room ? at : pool_grow(&s->pool, at, room, size);
}

/* False: out of memory; what is NULL stays so. */
static bool keep(struct directory_sites *s, const char **text)
{
	if (*text)
		*text = pool_text(&s->pool, *text, strlen(*text));
	return *text != NULL;
}

bool directory_sites_add_site(struct directory_sites *s,
			      const struct directory_site *site)
{
	struct directory_site copy = *site, *grown;

	grown = grow(s, s->sites, s->site_count, &s->site_room, sizeof(*grown));
	if (!grown)
		return false;
	s->sites = grown;
	if ((copy.forest && !keep(s, &copy.forest)) || !keep(s, &copy.name) ||
	    (copy.dn && !keep(s, &copy.dn)))
		return false;
	s->sites[s->site_count++] = copy;
	return true;
}

/* For matching: what of it is a subnet. */
static bool add_parsed(struct directory_sites *s, const struct directory_subnet *subnet)
{
	struct subnet_site parsed = { .site = subnet->site }, *grown;

	if (!subnet_parse(subnet->name, &parsed.subnet))
		return true;
	grown = grow(s, s->parsed, s->parsed_count, &s->parsed_room, sizeof(*grown));
	if (!grown)
		return false;
	s->parsed = grown;
	s->parsed[s->parsed_count++] = parsed;
	return true;
}

bool directory_sites_add_subnet(struct directory_sites *s,
				const struct directory_subnet *subnet)
{
	struct directory_subnet copy = *subnet, *grown;

	grown = grow(s, s->subnets, s->subnet_count, &s->subnet_room, sizeof(*grown));
	if (!grown)
		return false;
	s->subnets = grown;
	if ((copy.forest && !keep(s, &copy.forest)) || !keep(s, &copy.name) ||
	    (copy.site && !keep(s, &copy.site)) || !add_parsed(s, &copy))
		return false;
	s->subnets[s->subnet_count++] = copy;
	return true;
}

bool directory_sites_add_server(struct directory_sites *s,
				const struct directory_server *server)
{
	struct directory_server copy = *server, *grown;

	grown = grow(s, s->servers, s->server_count, &s->server_room, sizeof(*grown));
	if (!grown)
		return false;
	s->servers = grown;
	if ((copy.forest && !keep(s, &copy.forest)) || !keep(s, &copy.site) ||
	    (copy.computer && !keep(s, &copy.computer)))
		return false;
	s->servers[s->server_count++] = copy;
	return true;
}

void directory_sites_free(struct directory_sites *s)
{
	pool_free(&s->pool);
	*s = (struct directory_sites){ 0 };
}

static const char *site_of_server(const struct directory_sites *s, const char *dn)
{
	for (size_t i = 0; i < s->server_count; i++)
		if (s->servers[i].computer && dn_equal(s->servers[i].computer, dn))
			return s->servers[i].site;
	return NULL;
}

void directory_sites_place(const struct directory_sites *s, struct directory_computer *c)
{
	const char *site = computer_is_controller(c) ? site_of_server(s, c->dn) : NULL;

	if (site) {
		c->site = site;
		c->site_evidence = SITE_BY_SERVER_OBJECT;
	} else if (s->site_count == 1) {
		c->site = s->sites[0].name;
		c->site_evidence = SITE_BY_ONLY_SITE;
	}
}

void directory_sites_sort(struct directory_sites *s)
{
	subnet_sites_sort(s->parsed, s->parsed_count);
}

const char *directory_sites_of_address(const struct directory_sites *s,
				       const char *endpoint)
{
	const struct subnet_site *found;
	struct subnet address;

	if (!subnet_parse_endpoint(endpoint, &address))
		return NULL;
	found = subnet_site_find(s->parsed, s->parsed_count, &address);
	return found ? found->site : NULL;
}
