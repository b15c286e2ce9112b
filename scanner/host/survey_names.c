/* SPDX-License-Identifier: Apache-2.0 */
/* The names of the holders that no table knows, asked for once a host and SID. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/wire/ntstatus.h"
#include "scanner/host/survey_internal.h"

/* FNV-1a: who makes two SIDs collide is asked for one of them twice. */
static uint32_t hash_of(const char *sid)
{
	uint32_t hash = 2166136261;

	while (*sid)
		hash = (hash ^ (unsigned char)*sid++) * 16777619;
	return hash;
}

static struct holder *holder_at(const struct survey *s, size_t i)
{
	return &s->rights[s->nameless[i].right].holders[s->nameless[i].holder];
}

/* Numbers, not texts: 20,480 of them are sorted within one turn of the loop. */
static int by_hash(const void *a, const void *b)
{
	const struct nameless *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->right != y->right)
		return x->right < y->right ? -1 : 1;
	return x->holder < y->holder ? -1 : x->holder > y->holder;
}

void survey_name_elsewhere(struct survey *s,
			   bool (*elsewhere)(const char *sid, void *arg), void *arg)
{
	s->elsewhere = elsewhere;
	s->elsewhere_arg = arg;
}

static bool is_named_elsewhere(const struct survey *s, const char *sid)
{
	return s->elsewhere && s->elsewhere(sid, s->elsewhere_arg);
}

/* Gather the holders that a look-up may name, once; without memory none is named. */
static void gather_nameless(struct survey *s)
{
	s->done[s->at] = true;
	s->nameless = calloc(s->holders ? s->holders : 1, sizeof(*s->nameless));
	if (!s->nameless)
		return;
	for (size_t i = 0; i < s->right_count; i++)
		for (size_t k = 0; k < s->rights[i].holder_count; k++) {
			const struct holder *holder = &s->rights[i].holders[k];

			if (holder->sid && holder->kind == KIND_NOT_TOLD &&
			    !is_named_elsewhere(s, holder->sid))
				s->nameless[s->nameless_count++] = (struct nameless){
					hash_of(holder->sid), (uint16_t)i, (uint16_t)k
				};
		}
	qsort(s->nameless, s->nameless_count, sizeof(*s->nameless), by_hash);
}

bool survey_names_wanted(struct survey *s)
{
	if (s->has_policy && !s->done[s->at])
		gather_nameless(s);
	return s->nameless_at < s->nameless_count;
}

/* The end of the run of equal SIDs that begins at `i`. */
static size_t end_of_run(const struct survey *s, size_t i)
{
	size_t end = i + 1;

	while (end < s->nameless_count &&
	       strcmp(holder_at(s, i)->sid, holder_at(s, end)->sid) == 0)
		end++;
	return end;
}

/* Each SID once, up to a batch.  Returns how many; `*end` is where the next one begins.
 */
static size_t gather_batch(const struct survey *s, struct sid *sids, size_t *end)
{
	size_t count = 0, i = s->nameless_at;

	for (; i < s->nameless_count && count < LSA_LOOKUP_MAX; i = end_of_run(s, i)) {
		if (sids && !sid_parse(holder_at(s, i)->sid, &sids[count]))
			sids[count] = (struct sid){ 0 };
		count++;
	}
	*end = i;
	return count;
}

void survey_ask_names(struct survey *s, struct survey_call *call)
{
	size_t end, count = gather_batch(s, NULL, &end);
	struct sid *sids = arena_take(&s->arena, count, sizeof(*sids));

	call->opnum = s->lookup_opnum;
	if (!sids)
		count = 0;
	else
		gather_batch(s, sids, &end);
	lsa_put_lookup_sids(&s->stub, &s->policy, sids, count,
			    s->lookup_opnum == LSA_LOOKUP_SIDS2);
	arena_drop(&s->arena);
}

static const char *full_name(struct facts *f, const struct lsa_name *n)
{
	char text[1024];

	if (n->use == KIND_DOMAIN || !*n->name)
		return survey_text(f, n->domain);
	if (!*n->domain)
		return facts_text(f, n->name);
	snprintf(text, sizeof(text), "%s\\%s", n->domain, n->name);
	return facts_text(f, text);
}

/* There is no room for further names: the rights that lack one are unknown, and nobody is
 * asked for any further. */
static void refuse_nameless(struct survey *s, size_t begin)
{
	for (size_t k = begin; k < s->nameless_count; k++) {
		struct right_fact *r = &s->rights[s->nameless[k].right];

		if (r->outcome == RIGHT_FAILED)
			continue;
		r->outcome = RIGHT_FAILED;
		r->error = survey_plain_error(s, REASON_ANSWER_TOO_LARGE);
		r->error.step = "names";
	}
	for (size_t i = 0; i < s->right_count; i++)
		if (s->rights[i].outcome == RIGHT_FAILED)
			s->rights[i].holder_count = 0;
	s->names_refused = true;
}

/* SID_NAME_USE ([MS-LSAT] 2.2.13) has the numbers of enum holder_kind.  What has no name
 * comes with its own SID as text in place of one: that is not a name. */
static void name_run(struct survey *s, size_t begin, size_t end, const struct lsa_name *n)
{
	enum holder_kind kind = n->use >= KIND_USER && n->use < KIND_COUNT
					? (enum holder_kind)n->use
					: KIND_UNKNOWN;
	bool named = kind != KIND_UNKNOWN && kind != KIND_DELETED && kind != KIND_INVALID;
	const char *name = NULL;

	if (named && !budget_take(&s->budget, strlen(n->domain) + strlen(n->name) + 2)) {
		refuse_nameless(s, begin);
		return;
	}
	if (named)
		name = full_name(s->facts, n);
	for (size_t i = begin; i < end; i++) {
		holder_at(s, i)->name = name;
		holder_at(s, i)->kind = kind;
	}
}

void survey_note_names(struct survey *s, const struct session_reply *reply)
{
	size_t end, asked = gather_batch(s, NULL, &end);
	struct lsa_names names = { 0 };
	struct fact_error error;
	uint32_t status;

	if (survey_lacks_call(reply) && s->lookup_opnum == LSA_LOOKUP_SIDS2) {
		s->lookup_opnum = LSA_LOOKUP_SIDS;
		return;
	}
	if (survey_has_stub(s, reply, &error)) {
		if (!lsa_get_lookup_sids(reply->stub, &s->arena,
					 s->lookup_opnum == LSA_LOOKUP_SIDS2, asked,
					 &names, &status))
			survey_plain_error(s, REASON_MALFORMED_ANSWER);
		else if (names.count != asked)
			survey_error(s, CODE_NTSTATUS, status);
		else
			survey_tell(s, "%zu asked", asked);
	}
	for (size_t i = 0; i < names.count && !s->names_refused; i++) {
		size_t next = end_of_run(s, s->nameless_at);

		name_run(s, s->nameless_at, next, &names.names[i]);
		s->nameless_at = next;
	}
	s->nameless_at = s->names_refused ? s->nameless_count : end;
}
