/* SPDX-License-Identifier: Apache-2.0 */
#include "report/judge/scorecard_index.h"

#include <stdlib.h>
#include <string.h>

#include "report/text/siphash.h"

struct cell {
	const char *sid; /* NULL: free */
	uint32_t owner, row;
};

/* Open addressing; at most half full, so a search soon meets a free cell. */
struct score_index {
	struct cell *cells;
	size_t room, used; /* room: a power of two */
	struct siphash_key key;
};

enum { FIRST_ROOM = 256 };

struct score_index *score_index_new(void)
{
	struct score_index *index = calloc(1, sizeof(*index));

	if (!index)
		return NULL;
	index->room = FIRST_ROOM;
	index->cells = calloc(index->room, sizeof(*index->cells));
	if (index->cells && siphash_draw_key(&index->key))
		return index;
	free(index->cells);
	free(index);
	return NULL;
}

void score_index_free(struct score_index *index)
{
	if (index)
		free(index->cells);
	free(index);
}

static size_t hash(const struct score_index *index, uint32_t owner, const char *sid)
{
	struct siphash_key key = { index->key.k0, index->key.k1 ^ owner };

	return (size_t)siphash(&key, sid, strlen(sid));
}

/* The cell of the SID, or the free one where it belongs. */
static struct cell *cell_of(const struct score_index *index, uint32_t owner,
			    const char *sid)
{
	size_t at = hash(index, owner, sid) & (index->room - 1);

	while (index->cells[at].sid && (index->cells[at].owner != owner ||
					strcmp(index->cells[at].sid, sid) != 0))
		at = (at + 1) & (index->room - 1);
	return &index->cells[at];
}

bool score_index_find(const struct score_index *index, uint32_t owner, const char *sid,
		      size_t *row)
{
	const struct cell *cell = cell_of(index, owner, sid);

	if (cell->sid)
		*row = cell->row;
	return cell->sid != NULL;
}

static bool grow(struct score_index *index)
{
	struct score_index wider = { .room = index->room * 2,
				     .used = index->used,
				     .key = index->key };

	wider.cells = calloc(wider.room, sizeof(*wider.cells));
	if (!wider.cells)
		return false;
	for (size_t i = 0; i < index->room; i++) {
		const struct cell *cell = &index->cells[i];

		if (cell->sid)
			*cell_of(&wider, cell->owner, cell->sid) = *cell;
	}
	free(index->cells);
	*index = wider;
	return true;
}

bool score_index_add(struct score_index *index, uint32_t owner, const char *sid,
		     size_t row)
{
	if (index->used * 2 >= index->room && !grow(index))
		return false;
	*cell_of(index, owner, sid) = (struct cell){ sid, owner, (uint32_t)row };
	index->used++;
	return true;
}
