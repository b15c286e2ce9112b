#include "report/facts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Texts and arrays of one host come in a few blocks, newest first. */
struct facts_chunk {
	struct facts_chunk *older;
	size_t used, size;
	max_align_t room[];
};

enum { CHUNK_SIZE = 2048 };

/* ---- words ---- */

struct word {
	const char *word, *sentence;
};

#define X(name, word, sentence) [name] = { word, sentence },
static const struct word host_outcomes[] = { HOST_OUTCOMES(X) };
static const struct word right_outcomes[] = { RIGHT_OUTCOMES(X) };
static const struct word roles[] = { ROLES(X) };
static const struct word evidences[] = { ROLE_EVIDENCES(X) };
static const struct word kinds[] = { HOLDER_KINDS(X) };
#undef X

static bool find_word(const struct word *table, size_t count, const char *word,
		      size_t *at)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(table[i].word, word)) {
			*at = i;
			return true;
		}
	}
	return false;
}

#define FROM_WORD(function, type, table)                                        \
	bool function(const char *word, enum type *value)                       \
	{                                                                       \
		size_t at;                                                      \
                                                                                \
		if (!find_word(table, sizeof table / sizeof *table, word, &at)) \
			return false;                                           \
		*value = (enum type)at;                                         \
		return true;                                                    \
	}

FROM_WORD(host_outcome_from_word, host_outcome, host_outcomes)
FROM_WORD(right_outcome_from_word, right_outcome, right_outcomes)
FROM_WORD(role_from_word, role, roles)
FROM_WORD(role_evidence_from_word, role_evidence, evidences)
FROM_WORD(holder_kind_from_word, holder_kind, kinds)

const char *host_outcome_word(enum host_outcome o)
{
	return host_outcomes[o].word;
}

const char *host_outcome_sentence(enum host_outcome o)
{
	return host_outcomes[o].sentence;
}

const char *right_outcome_word(enum right_outcome o)
{
	return right_outcomes[o].word;
}

const char *right_outcome_sentence(enum right_outcome o)
{
	return right_outcomes[o].sentence;
}

const char *role_word(enum role r)
{
	return roles[r].word;
}

const char *role_title(enum role r)
{
	return roles[r].sentence;
}

const char *role_evidence_word(enum role_evidence e)
{
	return evidences[e].word;
}

const char *holder_kind_word(enum holder_kind k)
{
	return kinds[k].word;
}

/* ---- memory ---- */

void facts_init(struct facts *f)
{
	*f = (struct facts){
		.outcome = HOST_NOT_ASKED,
		.role = ROLE_UNKNOWN,
		.timing = {-1, -1, -1, -1, -1},
	};
}

void facts_free(struct facts *f)
{
	struct facts_chunk *older;

	for (struct facts_chunk *c = f->chunks; c; c = older) {
		older = c->older;
		free(c);
	}
	facts_init(f);
}

static void *take_bytes(struct facts *f, size_t len)
{
	struct facts_chunk *c = f->chunks;
	size_t size = len > CHUNK_SIZE ? len : CHUNK_SIZE;

	if (!c || c->size - c->used < len) {
		c = malloc(sizeof *c + size);
		if (!c) {
			f->out_of_memory = true;
			return NULL;
		}
		*c = (struct facts_chunk){ .older = f->chunks, .size = size };
		f->chunks = c;
	}
	c->used += len;
	return (char *)c->room + c->used - len;
}

void *facts_take(struct facts *f, size_t count, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	size_t len;
	void *at;

	if (__builtin_mul_overflow(count, size, &len) ||
	    __builtin_add_overflow(len, 2 * align, &len)) {
		f->out_of_memory = true;
		return NULL;
	}
	len = (len - align) & ~(align - 1);
	if (f->chunks) {
		size_t used = (f->chunks->used + align - 1) & ~(align - 1);

		f->chunks->used = used < f->chunks->size ? used : f->chunks->size;
	}
	at = take_bytes(f, len);
	if (at)
		memset(at, 0, len);
	return at;
}

const char *facts_text_len(struct facts *f, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? take_bytes(f, len + 1) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = 0;
	return copy;
}

const char *facts_text(struct facts *f, const char *text)
{
	return text ? facts_text_len(f, text, strlen(text)) : NULL;
}

const struct right_fact *facts_right(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->right_count; i++)
		if (!strcasecmp(f->rights[i].name, name))
			return &f->rights[i];
	return NULL;
}
