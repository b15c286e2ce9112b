/* SPDX-License-Identifier: Apache-2.0 */
/* Counts texts in bounded memory: the place of one that lost its votes is used again. */
#include "report/judge/scorecard_votes.h"

#include <string.h>

static struct score_candidate *candidate_of(struct score_votes *v, const char *text)
{
	for (size_t i = 0; i < SCORE_CANDIDATES; i++)
		if (v->candidates[i].votes && strcmp(v->candidates[i].text, text) == 0)
			return &v->candidates[i];
	return NULL;
}

static struct score_candidate *free_place(struct score_votes *v)
{
	for (size_t i = 0; i < SCORE_CANDIDATES; i++)
		if (v->candidates[i].votes == 0)
			return &v->candidates[i];
	return NULL;
}

static bool put_text(struct score_candidate *c, struct pool *memory, const char *text)
{
	size_t need = strlen(text) + 1;

	if (need > c->room) {
		size_t room = need > 2 * c->room ? need : 2 * c->room;
		char *wider = pool_take(memory, room, 1);

		if (!wider)
			return false;
		c->text = wider;
		c->room = room;
	}
	memcpy(c->text, text, need);
	return true;
}

bool score_votes_add(struct score_votes *v, struct pool *memory, const char *text,
		     unsigned note)
{
	struct score_candidate *c = candidate_of(v, text);

	if (c) {
		c->votes++;
		return true;
	}
	v->differ = v->differ || score_votes_winner(v);
	c = free_place(v);
	if (!c) {
		for (size_t i = 0; i < SCORE_CANDIDATES; i++)
			v->candidates[i].votes--;
		return true;
	}
	if (!put_text(c, memory, text))
		return false;
	c->votes = 1;
	c->note = note;
	return true;
}

const struct score_candidate *score_votes_winner(const struct score_votes *v)
{
	const struct score_candidate *best = NULL;

	for (size_t i = 0; i < SCORE_CANDIDATES; i++) {
		const struct score_candidate *c = &v->candidates[i];

		if (c->votes &&
		    (!best || c->votes > best->votes ||
		     (c->votes == best->votes && strcmp(c->text, best->text) < 0)))
			best = c;
	}
	return best;
}
