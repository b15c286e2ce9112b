/* SPDX-License-Identifier: Apache-2.0 */
/* The answer for one computer: every GPO of its chain with its reason, and of each right
 * the winner, which is the last GPO of the list that applies and defines it. */
#include "report/directory/policy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/policy_internal.h"

/* Answers are cheap to make again: when they have become many, all are forgotten. */
enum { ANSWER_BYTES_MAX = 16 << 20 };

struct policy_kept {
	struct policy policy;
	/* Behind it: its GPOs, then its rights. */
};

/* What was found about one right so far, from the highest precedence down. */
struct policy_tally {
	const struct policy_declared *won; /* of a GPO that certainly applies */
	const struct policy_declared *rival;
	uint32_t winner;
	bool touched;
	bool open; /* a GPO above, whose declarations differ or are not known, may win */
};

struct policy_tally *policy_tallies(struct policy_store *s)
{
	return pool_take(&s->pool, s->right_count + 1, sizeof(struct policy_tally));
}

void policy_forget(struct policy_store *s)
{
	for (size_t i = 0; i < s->answer_count; i++)
		free(s->answers[i]);
	free(s->answers);
	s->answers = NULL;
	s->answer_count = s->answer_room = s->answer_bytes = 0;
	digest_map_free(&s->answer_of);
}

/* ---- rights ---- */

static bool same_list(const struct policy_declared *a, const struct policy_declared *b)
{
	return a->list.low == b->list.low && a->list.high == b->list.high;
}

/* A line of the GPO at `index`; `blanket`: a GPO above it may declare anything. */
static void tally_line(struct policy_tally *t, const struct policy_declared *d,
		       uint32_t index, enum policy_answer applies, bool blanket)
{
	if (t->won)
		return;
	t->touched = true;
	t->open |= blanket || (t->rival && !same_list(t->rival, d));
	t->rival = d;
	if (applies == POLICY_YES) {
		t->won = d;
		t->winner = index;
	}
}

/* Returns whether a GPO whose declarations are not known may apply. */
static bool tally(struct policy_store *s, const struct policy_chain *chain,
		  const struct policy_gpo *gpos)
{
	bool blanket = false;

	memset(s->tallies, 0, (s->right_count + 1) * sizeof(*s->tallies));
	for (uint32_t i = chain->candidate_count; i-- > 0;) {
		uint32_t index = chain->candidates[i].object;
		const struct policy_object *o;

		if (gpos[i].applies == POLICY_NO)
			continue;
		if (index == POLICY_NO_INDEX || s->objects[index].template_unknown) {
			blanket = true;
			continue;
		}
		o = &s->objects[index];
		for (size_t k = 0; k < o->declared_count; k++)
			tally_line(&s->tallies[o->declared[k].right], &o->declared[k], i,
				   gpos[i].applies, blanket);
	}
	return blanket;
}

static size_t count_touched(const struct policy_store *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->right_count; i++)
		count += s->tallies[i].touched;
	return count;
}

static void put_rights(const struct policy_store *s, struct policy_right *rights)
{
	for (size_t i = 0; i < s->right_count; i++) {
		const struct policy_tally *t = &s->tallies[s->right_order[i]];

		if (!t->touched)
			continue;
		*rights++ = (struct policy_right){
			.name = s->rights[s->right_order[i]],
			.declared = t->won ? t->won->line : NULL,
			.winner = t->won ? t->winner : POLICY_NOBODY,
			.state = t->won && !t->open ? POLICY_RIGHT_DEFINED
						    : POLICY_RIGHT_UNCERTAIN,
		};
	}
}

/* ---- GPOs ---- */

static void put_gpo(struct policy_store *s, const struct policy_candidate *at,
		    const struct policy_computer *c, struct policy_gpo *gpo)
{
	const struct policy_object *o = at->object == POLICY_NO_INDEX
						? NULL
						: &s->objects[at->object];

	*gpo = (struct policy_gpo){ .gpo = o ? o->gpo : NULL,
				    .dn = at->dn,
				    .enforced = at->enforced,
				    .reason = at->reason };
	if (at->scope != POLICY_NO_INDEX)
		gpo->scope = s->scopes[at->scope].scope;
	switch (at->reason) {
	case POLICY_LINK_DISABLED:
	case POLICY_INHERITANCE_BLOCKED:
	case POLICY_ORPHANED_LINK:
		gpo->applies = POLICY_NO;
		break;
	case POLICY_REASON_NONE:
		gpo->applies = o ? policy_applies(s, o, c, &gpo->reason)
				 : POLICY_UNCERTAIN;
		break;
	case POLICY_SITE_UNKNOWN:
		gpo->applies = o ? policy_applies(s, o, c, &gpo->reason)
				 : POLICY_UNCERTAIN;
		if (gpo->applies != POLICY_NO) {
			gpo->applies = POLICY_UNCERTAIN;
			gpo->reason = POLICY_SITE_UNKNOWN;
		}
		break;
	default:
		gpo->applies = POLICY_UNCERTAIN;
	}
}

/* ---- answers that are shared ---- */

static bool put_key(struct policy_store *s, const void *bytes, size_t len)
{
	size_t room = s->key_room ? s->key_room : 64;
	char *grown;

	while (room < s->key_len + len)
		room *= 2;
	if (room != s->key_room) {
		grown = realloc(s->key, room);
		if (!grown)
			return false;
		s->key = grown;
		s->key_room = room;
	}
	memcpy(s->key + s->key_len, bytes, len);
	s->key_len += len;
	return true;
}

/* Everything that the answer of a computer of this chain depends on. */
static bool make_key(struct policy_store *s, const struct policy_chain *chain,
		     const struct policy_computer *c)
{
	uint32_t machine = 0;
	bool good;

	s->key_len = 0;
	good = put_key(s, &chain->id, sizeof(chain->id));
	if (chain->uses_wmi)
		good = good && policy_machine(s, c, &machine) &&
		       put_key(s, &machine, sizeof(machine));
	for (uint32_t i = 0; good && i < chain->trustee_count; i++) {
		char member = (char)s->members[chain->trustees[i]];

		good = put_key(s, &member, 1);
	}
	return good;
}

static struct policy_kept *make_answer(struct policy_store *s,
				       const struct policy_chain *chain,
				       const struct policy_computer *c)
{
	size_t gpo_bytes = chain->candidate_count * sizeof(struct policy_gpo),
	       right_bytes;
	struct policy_gpo *gpos = malloc(gpo_bytes + 1);
	struct policy_kept *kept = NULL, *grown;
	bool blanket;

	if (!gpos)
		return NULL;
	for (uint32_t i = 0; i < chain->candidate_count; i++)
		put_gpo(s, &chain->candidates[i], c, &gpos[i]);
	blanket = tally(s, chain, gpos);
	right_bytes = count_touched(s) * sizeof(struct policy_right);
	grown = malloc(sizeof(*kept) + gpo_bytes + right_bytes);
	if (grown) {
		struct policy_gpo *to = (struct policy_gpo *)(grown + 1);
		struct policy_right *rights =
			(struct policy_right *)(to + chain->candidate_count);

		kept = grown;
		memcpy(to, gpos, gpo_bytes);
		put_rights(s, rights);
		kept->policy = (struct policy){
			.gpos = to,
			.gpo_count = chain->candidate_count,
			.rights = rights,
			.right_count = right_bytes / sizeof(*rights),
			.others = blanket ? POLICY_RIGHT_UNCERTAIN
					  : POLICY_RIGHT_NOT_DEFINED,
		};
		s->answer_bytes += sizeof(*kept) + gpo_bytes + right_bytes + 64;
	}
	free(gpos);
	return kept;
}

static struct policy_kept *keep_answer(struct policy_store *s, struct policy_kept *kept)
{
	if (s->answer_count == s->answer_room) {
		size_t room = s->answer_room ? s->answer_room * 2 : 64;
		struct policy_kept **grown = realloc(s->answers,
						     room * sizeof(struct policy_kept *));

		if (!grown) {
			free(kept);
			return NULL;
		}
		s->answers = grown;
		s->answer_room = room;
	}
	s->answers[s->answer_count++] = kept;
	if (!digest_map_set(&s->answer_of, s->key, s->key_len,
			    (uint32_t)(s->answer_count - 1))) {
		policy_forget(s);
		return NULL;
	}
	return kept;
}

const struct policy *policy_of(struct policy_store *s, const struct policy_computer *c)
{
	const struct policy_chain *chain;
	struct policy_kept *kept;
	uint32_t found;

	if (s->answer_bytes > ANSWER_BYTES_MAX)
		policy_forget(s);
	chain = policy_chain_of(s, c);
	if (!chain)
		return NULL;
	policy_memberships(s, chain, c);
	if (!make_key(s, chain, c))
		return NULL;
	if (digest_map_find(&s->answer_of, s->key, s->key_len, &found))
		return &s->answers[found]->policy;
	kept = make_answer(s, chain, c);
	kept = kept ? keep_answer(s, kept) : NULL;
	return kept ? &kept->policy : NULL;
}

/* ---- questions to an answer ---- */

const struct policy_right *policy_find_right(const struct policy *p, const char *name,
					     struct policy_right *other)
{
	size_t least = 0, most = p->right_count;

	while (least < most) {
		size_t middle = least + (most - least) / 2;
		int order = strcasecmp(name, p->rights[middle].name);

		if (!order)
			return &p->rights[middle];
		if (order < 0)
			most = middle;
		else
			least = middle + 1;
	}
	*other = (struct policy_right){ .name = name,
					.winner = POLICY_NOBODY,
					.state = p->others };
	return other;
}

const struct directory_declared *policy_declared(const struct directory_gpo *gpo,
						 const char *right)
{
	for (size_t i = 0; gpo && i < gpo->template.right_count; i++)
		if (strcasecmp(gpo->template.rights[i].right, right) == 0)
			return &gpo->template.rights[i];
	return NULL;
}

/* Two places of one GPO are one GPO. */
static bool is_of_winner(const struct policy *p, const struct policy_right *right,
			 size_t place)
{
	return right->winner != POLICY_NOBODY &&
	       p->gpos[place].gpo == p->gpos[right->winner].gpo;
}

bool policy_also_defines(const struct policy *p, const struct policy_right *right,
			 size_t place)
{
	const struct policy_gpo *g = &p->gpos[place];

	return g->applies != POLICY_NO && !is_of_winner(p, right, place) &&
	       policy_declared(g->gpo, right->name);
}

static bool declarations_known(const struct directory_gpo *gpo)
{
	enum directory_template_state t = gpo ? gpo->template.state : TEMPLATE_NOT_READ;

	return t == TEMPLATE_READ || t == TEMPLATE_NO_FILE || t == TEMPLATE_NO_FOLDER;
}

bool policy_may_win(const struct policy *p, const struct policy_right *right,
		    size_t place)
{
	const struct policy_gpo *g = &p->gpos[place];

	return g->applies == POLICY_UNCERTAIN && !is_of_winner(p, right, place) &&
	       (right->winner == POLICY_NOBODY || place > right->winner) &&
	       (!declarations_known(g->gpo) || policy_declared(g->gpo, right->name));
}
