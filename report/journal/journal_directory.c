/* SPDX-License-Identifier: Apache-2.0 */
/* The domains of Active Directory that a journal holds. */
#include <string.h>
#include <strings.h>

#include "report/directory/directory_json.h"
#include "report/journal/journal_internal.h"

enum { DOMAINS_MAX = 1000 };

static struct journal_domain *domain_named(struct journal_set *set, const char *name)
{
	for (size_t i = 0; i < set->domain_count; i++)
		if (strcasecmp(set->domains[i].domain.dns_name, name) == 0)
			return &set->domains[i];
	return NULL;
}

static struct journal_domain *new_domain(struct journal_set *set)
{
	struct journal_domain *grown;

	if (set->domain_count == set->domain_room) {
		grown = pool_grow(&set->domain_pool, set->domains, &set->domain_room,
				  sizeof(*grown));
		if (!grown)
			return NULL;
		set->domains = grown;
	}
	return &set->domains[set->domain_count++];
}

static bool is_older(const struct directory_domain *a, const struct directory_domain *b)
{
	return a->read_at && b->read_at && strcmp(a->read_at, b->read_at) < 0;
}

enum journal_directory journal_take_directory(struct journal_set *set, const char *line,
					      size_t length, char *why, size_t why_size)
{
	struct directory_line read;
	struct journal_domain *at;

	if (!directory_from_json(line, length, &set->domain_pool, &read, why, why_size))
		return JOURNAL_DIRECTORY_BAD;
	if (read.kind != DIRECTORY_DOMAIN || !read.counts_known)
		return JOURNAL_DIRECTORY_TAKEN;
	at = domain_named(set, read.domain.dns_name);
	if (at && is_older(&read.domain, &at->domain))
		return JOURNAL_DIRECTORY_TAKEN;
	if (!at && set->domain_count == DOMAINS_MAX)
		return JOURNAL_DIRECTORY_TAKEN;
	if (!at)
		at = new_domain(set);
	if (!at)
		return JOURNAL_DIRECTORY_NO_MEMORY;
	*at = (struct journal_domain){ read.domain, read.counts };
	return JOURNAL_DIRECTORY_TAKEN;
}
