/* SPDX-License-Identifier: Apache-2.0 */
#include "report/journal/journal_index.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/rights.h"
#include "report/journal/journal_claims.h"

/* As many sections as a credentials file has, and some; further ones are not noted. */
enum { ACCOUNTS_MOST = 256 };

struct journal_names {
	struct journal_names *next;
	size_t used;
	char text[1 << 16];
};

/* The name in lower case, kept in blocks: a million small mallocs would cost more. */
static const char *keep_name(struct journal_index *index, const char *name)
{
	size_t length = strlen(name) + 1;
	size_t room = sizeof(index->names->text);
	size_t need = length > room ? length : room;
	char *kept;

	if (!index->names || index->names->used + length > room) {
		struct journal_names *block = malloc(
			offsetof(struct journal_names, text) + need);
		if (!block)
			return NULL;
		block->next = index->names;
		block->used = 0;
		index->names = block;
	}
	kept = index->names->text + index->names->used;
	for (size_t i = 0; i < length; i++)
		kept[i] = (char)tolower((unsigned char)name[i]);
	index->names->used += length;
	return kept;
}

/* "2026-01-02T03:04:05.678Z" as 20260102030405678. */
static uint64_t time_number(const char *timestamp)
{
	uint64_t n = 0;
	unsigned digits = 0;

	for (const char *p = timestamp; p && *p && digits < 17; p++)
		if (*p >= '0' && *p <= '9') {
			n = n * 10 + (uint64_t)(*p - '0');
			digits++;
		}
	while (digits++ < 17)
		n *= 10;
	return n;
}

static uint64_t rights_of(const struct facts *f)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < f->right_count; i++)
		bits |= rights_bit(f->rights[i].name);
	return bits;
}

/* There are a few accounts at most, so they are compared one by one.  False: out of
 * memory. */
static bool find_account(struct journal_index *index, const char *text, uint16_t *number)
{
	char **grown;

	*number = 0;
	if (!text || index->account_count == ACCOUNTS_MOST)
		return true;
	for (uint16_t i = 0; i < index->account_count; i++)
		if (strcasecmp(index->accounts[i], text) == 0) {
			*number = (uint16_t)(i + 1);
			return true;
		}
	grown = realloc(index->accounts, (index->account_count + 1u) * sizeof(*grown));
	if (!grown)
		return false;
	index->accounts = grown;
	grown[index->account_count] = strdup(text);
	if (!grown[index->account_count])
		return false;
	*number = ++index->account_count;
	return true;
}

bool journal_index_add(struct journal_index *index, const struct facts *f, uint32_t file,
		       uint64_t offset, uint32_t length)
{
	const char *name;
	uint16_t account;

	if (!find_account(index, f->account, &account))
		return false;
	if (index->count == index->room) {
		size_t room = index->room ? index->room * 2 : 256;
		struct journal_entry *grown = realloc(index->entries,
						      room * sizeof(*grown));

		if (!grown)
			return false;
		index->entries = grown;
		index->room = room;
	}
	name = keep_name(index, f->host);
	if (!name)
		return false;
	index->entries[index->count] = (struct journal_entry){
		.name = name,
		.offset = offset,
		.rights = rights_of(f),
		.time = time_number(f->timestamp),
		.file = file,
		.length = length,
		.port = f->port,
		.outcome = (uint8_t)f->outcome,
		.account = account,
	};
	return journal_claims_note(index, &index->entries[index->count++], f);
}

void journal_index_forget(struct journal_index *index, uint32_t file, const char *host,
			  uint16_t port)
{
	size_t kept = 0, forgotten = 0;

	for (size_t i = 0; i < index->count; i++) {
		const struct journal_entry *e = &index->entries[i];

		if (e->file != file || e->port != port || strcasecmp(e->name, host) != 0)
			index->entries[kept++] = *e;
		else if (i < index->sweep_first)
			forgotten++;
	}
	index->count = kept;
	index->sweep_first -= forgotten;
}

void journal_index_begin_sweep(struct journal_index *index)
{
	index->sweep_first = index->count;
}

void journal_index_end_sweep(struct journal_index *index, bool settled)
{
	for (size_t i = index->sweep_first; settled && i < index->count; i++)
		index->entries[i].settled = true;
	index->sweep_first = index->count;
}

static int compare_host(const struct journal_entry *a, const struct journal_entry *b)
{
	int by_name = strcmp(a->name, b->name);

	return by_name ? by_name : (a->port > b->port) - (a->port < b->port);
}

static int compare_entry(const void *left, const void *right)
{
	const struct journal_entry *a = left, *b = right;
	int by_host = compare_host(a, b);

	if (by_host)
		return by_host;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

static bool is_final(const struct journal_entry *e)
{
	return e->outcome != HOST_NOT_ASKED && e->outcome != HOST_GUARDED;
}

/* Whether `later`, which comes after `kept` in reading order, replaces it. */
static bool supersedes(const struct journal_entry *later,
		       const struct journal_entry *kept)
{
	if (is_final(later) != is_final(kept))
		return is_final(later);
	return later->file == kept->file || later->time >= kept->time;
}

/* An answer to other rights is not an older answer to these. */
static void note_replaced(struct journal_entry *winner, const struct journal_entry *loser)
{
	if (winner->outcome == HOST_ANSWERED && loser->outcome == HOST_ANSWERED)
		winner->replaced |= (loser->rights | loser->replaced) & ~winner->rights;
}

/* The next record of the host that `kept` is of. */
static void keep_better(struct journal_entry *kept, const struct journal_entry *next)
{
	struct journal_entry loser = *next;

	if (supersedes(next, kept)) {
		loser = *kept;
		*kept = *next;
	}
	note_replaced(kept, &loser);
}

size_t journal_index_merge(struct journal_index *index, size_t *hosts_of)
{
	size_t kept = 0, all = index->count;
	uint32_t file = 0; /* of the record before */

	if (all)
		qsort(index->entries, all, sizeof(*index->entries), compare_entry);
	for (size_t i = 0; i < all; i++) {
		struct journal_entry *e = &index->entries[i];

		bool first = kept == 0 || compare_host(&index->entries[kept - 1], e) != 0;

		hosts_of[e->file] += first || file != e->file;
		file = e->file;
		if (first)
			index->entries[kept++] = *e;
		else
			keep_better(&index->entries[kept - 1], e);
	}
	index->count = kept;
	return all - kept;
}

const struct journal_entry *journal_index_find(const struct journal_index *index,
					       const char *host, uint16_t port)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct journal_entry *e = &index->entries[middle];
		int order = strcasecmp(host, e->name);

		if (order == 0)
			order = (port > e->port) - (port < e->port);
		if (order == 0)
			return e;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void journal_index_free(struct journal_index *index)
{
	for (struct journal_names *b = index->names, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	for (uint16_t i = 0; i < index->account_count; i++)
		free(index->accounts[i]);
	free(index->accounts);
	free(index->entries);
	memset(index, 0, sizeof(*index));
}
