/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal holds of Active Directory: domains, subnets, names of SIDs. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/directory_json.h"
#include "report/journal/journal_internal.h"

/* More is no directory; what is beyond is passed over. */
enum {
	DOMAINS_MAX = 1000,
	FORESTS_MAX = 100,
	SUBNETS_MAX = 500000,
	NAMES_MAX = 500000,
};

static bool keep(struct journal_set *set, const char **text)
{
	if (*text)
		*text = pool_text(&set->domain_pool, *text, strlen(*text));
	return *text != NULL;
}

/* ---- domains ---- */

static struct journal_domain *domain_named(const struct journal_set *set,
					   const char *name)
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
	return &set->domains[set->domain_count];
}

static bool is_older(const struct directory_domain *a, const struct directory_domain *b)
{
	return a->read_at && b->read_at && strcmp(a->read_at, b->read_at) < 0;
}

static bool keep_texts(struct journal_set *set, struct directory_domain *d)
{
	const char **texts[] = { &d->dns_name, &d->netbios_name, &d->dn,
				 &d->sid,      &d->forest,       &d->controller,
				 &d->read_at,  &d->error,        &d->proof };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (*texts[i] && !keep(set, texts[i]))
			return false;
	return true;
}

static bool take_domain(struct journal_set *set, const struct directory_line *line)
{
	struct journal_domain *at = domain_named(set, line->domain.dns_name);
	struct journal_domain copy = { line->domain, line->counts };
	bool is_new = !at;

	if (!line->counts_known || (at && is_older(&line->domain, &at->domain)) ||
	    (!at && set->domain_count == DOMAINS_MAX))
		return true;
	if (!at)
		at = new_domain(set);
	if (!at || !keep_texts(set, &copy.domain))
		return false;
	*at = copy;
	set->domain_count += is_new;
	return true;
}

/* ---- sites ---- */

static bool is_forest(const struct journal_forest *forest, const char *name)
{
	return name && forest->name ? strcasecmp(forest->name, name) == 0
				    : name == forest->name;
}

static struct journal_forest *forest_named(struct journal_set *set, const char *name)
{
	struct journal_forest *forest = set->forests;

	while (forest && !is_forest(forest, name))
		forest = forest->next;
	if (forest || set->forest_count == FORESTS_MAX)
		return forest;
	forest = pool_take(&set->domain_pool, 1, sizeof(*forest));
	if (!forest || (name && !keep(set, &name)))
		return NULL;
	*forest = (struct journal_forest){ .next = set->forests, .name = name };
	set->forests = forest;
	set->forest_count++;
	return forest;
}

static bool take_subnet(struct journal_set *set, const struct directory_subnet *subnet)
{
	struct journal_forest *forest = forest_named(set, subnet->forest);

	if (!forest)
		return set->forest_count == FORESTS_MAX;
	return forest->sites.subnet_count >= SUBNETS_MAX ||
	       directory_sites_add_subnet(&forest->sites, subnet);
}

/* ---- names ---- */

static bool take_name(struct journal_set *set, const struct directory_name *name)
{
	struct directory_name copy = *name, *grown;

	if (set->name_count == NAMES_MAX)
		return true;
	if (set->name_count == set->name_room) {
		grown = pool_grow(&set->domain_pool, set->names, &set->name_room,
				  sizeof(*grown));
		if (!grown)
			return false;
		set->names = grown;
	}
	if (!keep(set, &copy.sid) || (copy.name && !keep(set, &copy.name)))
		return false;
	set->names[set->name_count++] = copy;
	return true;
}

/* ---- policies ---- */

/* The line again, into the store, which keeps what it needs. */
static enum journal_directory take_policy(struct journal_set *set, const char *line,
					  size_t length, char *why, size_t why_size)
{
	if (!set->policies)
		set->policies = policy_store_new();
	if (!set->policies)
		return JOURNAL_DIRECTORY_NO_MEMORY;
	switch (policy_store_take(set->policies, line, length, why, why_size)) {
	case POLICY_LINE_REFUSED:
		return JOURNAL_DIRECTORY_BAD;
	case POLICY_LINE_NO_MEMORY:
		return JOURNAL_DIRECTORY_NO_MEMORY;
	default:
		return JOURNAL_DIRECTORY_TAKEN;
	}
}

static bool is_policy(enum directory_kind kind)
{
	return kind == DIRECTORY_POLICIES || kind == DIRECTORY_SCOPE ||
	       kind == DIRECTORY_GPO || kind == DIRECTORY_WMI_FILTER ||
	       kind == DIRECTORY_GROUP;
}

struct policy_store *journal_set_policies(const struct journal_set *set)
{
	return set->policies;
}

/* ---- one line ---- */

static bool take(struct journal_set *set, const struct directory_line *line)
{
	if (line->kind == DIRECTORY_DOMAIN)
		return take_domain(set, line);
	if (line->kind == DIRECTORY_SUBNET)
		return take_subnet(set, &line->subnet);
	return line->kind != DIRECTORY_NAME || take_name(set, &line->name);
}

enum journal_directory journal_take_directory(struct journal_set *set, const char *line,
					      size_t length, char *why, size_t why_size)
{
	struct directory_line read;

	pool_clear(&set->line_pool);
	if (!directory_from_json(line, length, &set->line_pool, &read, why, why_size))
		return read.no_memory ? JOURNAL_DIRECTORY_NO_MEMORY
				      : JOURNAL_DIRECTORY_BAD;
	if (is_policy(read.kind))
		return take_policy(set, line, length, why, why_size);
	return take(set, &read) ? JOURNAL_DIRECTORY_TAKEN : JOURNAL_DIRECTORY_NO_MEMORY;
}

/* ---- all lines ---- */

/* Of two names of one SID (a group that was renamed, or unknown at first) the one with a
 * name comes first. */
static int by_sid(const void *a, const void *b)
{
	const struct directory_name *x = a, *y = b;
	int order = strcmp(x->sid, y->sid);

	return order ? order : (x->name == NULL) - (y->name == NULL);
}

bool journal_directory_ready(struct journal_set *set)
{
	size_t kept = 0;

	for (struct journal_forest *f = set->forests; f; f = f->next)
		directory_sites_sort(&f->sites);
	if (set->policies && !policy_store_seal(set->policies))
		return false;
	if (!set->name_count)
		return true;
	qsort(set->names, set->name_count, sizeof(*set->names), by_sid);
	for (size_t i = 0; i < set->name_count; i++)
		if (!kept || strcmp(set->names[kept - 1].sid, set->names[i].sid) != 0)
			set->names[kept++] = set->names[i];
	set->name_count = kept;
	return true;
}

void journal_directory_free(struct journal_set *set)
{
	policy_store_free(set->policies);
	for (struct journal_forest *f = set->forests; f; f = f->next)
		directory_sites_free(&f->sites);
	pool_free(&set->line_pool);
	pool_free(&set->domain_pool);
}

/* ---- one host ---- */

static const struct journal_forest *forest_of(const struct journal_set *set,
					      const char *domain)
{
	const struct journal_domain *at = domain ? domain_named(set, domain) : NULL;
	const struct journal_forest *forest = set->forests;

	if (!at)
		return forest && !forest->next ? forest : NULL;
	while (forest && !is_forest(forest, at->domain.forest))
		forest = forest->next;
	return forest;
}

static void add_site(const struct journal_set *set, struct facts *f)
{
	const struct directory_fact *d = f->directory;
	const struct journal_forest *forest;
	struct directory_fact *placed;
	const char *site;

	if (!d || d->site || !f->address)
		return;
	forest = forest_of(set, d->domain);
	site = forest ? directory_sites_of_address(&forest->sites, f->address) : NULL;
	placed = site ? facts_take(f, 1, sizeof(*placed)) : NULL;
	if (!placed)
		return;
	*placed = *d;
	placed->site = facts_text(f, site);
	placed->site_evidence = facts_text(f, SITE_BY_SUBNET);
	f->directory = placed;
}

static void add_name(const struct journal_set *set, struct facts *f, struct holder *h)
{
	const struct directory_name *found;
	size_t low = 0, high = set->name_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(set->names[middle].sid, h->sid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	found = &set->names[low];
	if (low == set->name_count || strcmp(found->sid, h->sid) != 0)
		return;
	h->name = facts_text(f, found->name);
	h->kind = found->kind;
}

static void add_names(const struct journal_set *set, struct facts *f)
{
	for (size_t i = 0; i < f->right_count; i++)
		for (size_t k = 0; k < f->rights[i].holder_count; k++)
			if (f->rights[i].holders[k].kind == KIND_NOT_TOLD)
				add_name(set, f, &f->rights[i].holders[k]);
}

bool journal_directory_add(const struct journal_set *set, struct facts *f)
{
	add_site(set, f);
	if (set->name_count)
		add_names(set, f);
	return !f->out_of_memory;
}
