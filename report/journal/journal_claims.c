/* SPDX-License-Identifier: Apache-2.0 */
#include "report/journal/journal_claims.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 512 };

static bool has_key(struct journal_index *index)
{
	index->keyed = index->keyed || siphash_draw_key(&index->key);
	return index->keyed;
}

/* Never 0, which is no claim. */
static uint64_t claim_of(const struct journal_index *index, const char *text)
{
	char lower[NAME_MAX_BYTES];
	size_t len = 0;

	for (; text && text[len] && len < sizeof(lower); len++)
		lower[len] = (char)tolower((unsigned char)text[len]);
	return len ? siphash(&index->key, lower, len) | 1 : 0;
}

bool journal_claims_note(struct journal_index *index, struct journal_entry *entry,
			 const struct facts *f)
{
	if (f->outcome != HOST_ANSWERED || f->source)
		return true;
	if (!has_key(index))
		return false;
	entry->own_name = claim_of(index, f->dns_name);
	if (f->role != ROLE_DOMAIN_CONTROLLER)
		entry->own_sid = claim_of(index, f->machine_sid);
	return true;
}

/* One claim and whose it is. */
struct claim {
	uint64_t what;
	struct journal_entry *entry;
};

static int compare_claims(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;

	return (a->what > b->what) - (a->what < b->what);
}

static size_t gather(struct journal_index *index, struct claim *claims, bool sids)
{
	size_t count = 0;

	for (size_t i = 0; i < index->count; i++) {
		struct journal_entry *e = &index->entries[i];
		uint64_t what = sids ? e->own_sid : e->own_name;

		if (what)
			claims[count++] = (struct claim){ what, e };
	}
	qsort(claims, count, sizeof(*claims), compare_claims);
	return count;
}

static void compare(struct journal_index *index, struct claim *claims, bool sids)
{
	size_t count = gather(index, claims, sids);

	for (size_t i = 0; i < count; i++) {
		bool shared = (i > 0 && claims[i - 1].what == claims[i].what) ||
			      (i + 1 < count && claims[i + 1].what == claims[i].what);

		if (sids)
			claims[i].entry->sid_shared = shared;
		else
			claims[i].entry->name_shared = shared;
	}
}

bool journal_claims_compare(struct journal_index *index)
{
	struct claim *claims = calloc(index->count + 1, sizeof(*claims));

	if (!claims)
		return false;
	compare(index, claims, false);
	compare(index, claims, true);
	free(claims);
	return true;
}
