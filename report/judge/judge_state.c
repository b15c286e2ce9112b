/* SPDX-License-Identifier: Apache-2.0 */
/* Default, user-defined or empty; and whether the answer can be whole. */
#include "report/judge/judge_internal.h"

#include <stdio.h>
#include <string.h>

enum { SID_TEXT = 200 };

/* Takes the next word of a space-separated list; false at its end. */
static bool next_word(const char **list, char *word, size_t size)
{
	size_t len;

	*list += strspn(*list, " ");
	len = strcspn(*list, " ");
	if (len == 0 || len >= size)
		return false;
	memcpy(word, *list, len);
	word[len] = '\0';
	*list += len;
	return true;
}

static bool lists(const struct right_fact *fact, const char *sid)
{
	for (size_t i = 0; i < fact->holder_count; i++)
		if (strcmp(fact->holders[i].sid, sid) == 0)
			return true;
	return false;
}

bool judge_is_floor(const struct right *right, const char *sid)
{
	const char *list = right && right->floor ? right->floor : "";
	char word[SID_TEXT];

	while (next_word(&list, word, sizeof(word)))
		if (strcmp(word, sid) == 0)
			return true;
	return false;
}

bool judge_floor_missing(const struct right_judgement *r)
{
	const char *list = r->right && r->right->floor ? r->right->floor : "";
	char word[SID_TEXT];

	if (r->fact->outcome != RIGHT_HELD && r->fact->outcome != RIGHT_NOBODY)
		return false;
	while (next_word(&list, word, sizeof(word)))
		if (!lists(r->fact, word))
			return true;
	return false;
}

/* We are logged on to it over the network, so somebody has that right. */
static bool contradicts_our_login(const struct bench *b, const struct right_fact *fact)
{
	return b->facts->mechanism != LOGIN_NONE && fact->outcome == RIGHT_NOBODY &&
	       strcmp(fact->name, "SeNetworkLogonRight") == 0;
}

bool judge_is_impossible(const struct bench *b, const struct right_judgement *r)
{
	if (!r->right)
		return false;
	if (r->fact->outcome == RIGHT_UNDEFINED)
		return b->build_known && rights_known_to(r->right, b->build);
	return contradicts_our_login(b, r->fact);
}

static bool means(const char *word, const struct holder *h, const struct facts *f)
{
	struct reference r;

	return reference_parse(word, &r) && reference_means(&r, h, f);
}

/* Each stock holder is there, but for those with a `?`. */
static bool all_there(const char *stock, const struct right_fact *fact,
		      const struct facts *f)
{
	char word[SID_TEXT];

	while (next_word(&stock, word, sizeof(word))) {
		bool there = word[0] == '?';

		for (size_t i = 0; i < fact->holder_count && !there; i++)
			there = means(word, &fact->holders[i], f);
		if (!there)
			return false;
	}
	return true;
}

static bool is_stock(const char *stock, const struct holder *h, const struct facts *f)
{
	char word[SID_TEXT];

	while (next_word(&stock, word, sizeof(word)))
		if (means(word + (word[0] == '?'), h, f))
			return true;
	return false;
}

bool judge_is_stock(const struct bench *b, const struct right_judgement *r,
		    const struct holder *h)
{
	const char *stock = r->right ? rights_stock(r->right, b->facts->role,
						    b->build_known ? b->build : 0)
				     : NULL;
	char word[SID_TEXT];

	while (stock && next_word(&stock, word, sizeof(word)))
		if (word[0] != '?' && means(word, h, b->facts))
			return true;
	return false;
}

static bool at_stock(const char *stock, const struct right_fact *fact,
		     const struct facts *f)
{
	for (size_t i = 0; i < fact->holder_count; i++)
		if (!judge_is_nobody(&fact->holders[i]) &&
		    !is_stock(stock, &fact->holders[i], f))
			return false;
	return all_there(stock, fact, f);
}

static bool is_held(const struct right_fact *fact)
{
	for (size_t i = 0; i < fact->holder_count; i++)
		if (!judge_is_nobody(&fact->holders[i]))
			return true;
	return false;
}

enum right_state judge_state(const struct bench *b, const struct right_judgement *r)
{
	const struct right_fact *fact = r->fact;
	const struct right_stock *rows;
	size_t count;

	if (!r->right || b->facts->role == ROLE_UNKNOWN ||
	    (fact->outcome != RIGHT_HELD && fact->outcome != RIGHT_NOBODY))
		return STATE_UNKNOWN;
	rows = rights_generations(r->right, &count);
	for (size_t i = 0; i < count; i++) {
		const char *stock = b->build_known
					    ? rights_stock(r->right, b->facts->role,
							   b->build)
					    : rows[i].holders[b->facts->role];

		if (at_stock(stock, fact, b->facts))
			return STATE_DEFAULT;
	}
	return is_held(fact) ? STATE_USER_DEFINED : STATE_EMPTY;
}
