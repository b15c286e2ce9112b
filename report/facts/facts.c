/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/facts.h"

#include <string.h>
#include <strings.h>

/* One table a list: word and sentence, indexed by the enum. */
struct word {
	const char *word, *sentence;
};

#define X(name, text, sentence) [name] = { text, sentence },
static const struct word host_outcomes[] = { HOST_OUTCOMES(X) };
static const struct word right_outcomes[] = { RIGHT_OUTCOMES(X) };
static const struct word roles[] = { ROLES(X) };
static const struct word evidences[] = { ROLE_EVIDENCES(X) };
static const struct word kinds[] = { HOLDER_KINDS(X) };
#undef X

static const char *word_at(const struct word *table, size_t count, size_t i)
{
	return i < count ? table[i].word : "";
}

static const char *sentence_at(const struct word *table, size_t count, size_t i)
{
	return i < count ? table[i].sentence : "";
}

static bool word_find(const struct word *table, size_t count, const char *word, size_t *i)
{
	for (size_t k = 0; word && k < count; k++) {
		if (strcmp(table[k].word, word) == 0) {
			*i = k;
			return true;
		}
	}
	return false;
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define WORDS(type, prefix, table)                                     \
	const char *prefix##_word(enum type v)                         \
	{                                                              \
		return word_at(table, COUNT(table), (size_t)v);        \
	}                                                              \
	bool prefix##_from_word(const char *word, enum type *value)    \
	{                                                              \
		size_t i;                                              \
		bool known = word_find(table, COUNT(table), word, &i); \
                                                                       \
		if (known)                                             \
			*value = (enum type)i;                         \
		return known;                                          \
	}

WORDS(host_outcome, host_outcome, host_outcomes)
WORDS(right_outcome, right_outcome, right_outcomes)
WORDS(role, role, roles)
WORDS(role_evidence, role_evidence, evidences)
WORDS(holder_kind, holder_kind, kinds)

const char *host_outcome_sentence(enum host_outcome o)
{
	return sentence_at(host_outcomes, COUNT(host_outcomes), (size_t)o);
}

const char *right_outcome_sentence(enum right_outcome o)
{
	return sentence_at(right_outcomes, COUNT(right_outcomes), (size_t)o);
}

const char *role_title(enum role r)
{
	return sentence_at(roles, COUNT(roles), (size_t)r);
}

void facts_init(struct facts *f)
{
	*f = (struct facts){
		.outcome = HOST_NOT_ASKED,
		.role = ROLE_UNKNOWN,
		.hint = ROLE_UNKNOWN,
		.timing = { -1, -1, -1, -1, -1 },
	};
}

void facts_free(struct facts *f)
{
	pool_free(&f->memory);
	facts_init(f);
}

void *facts_take(struct facts *f, size_t count, size_t size)
{
	void *memory = pool_take(&f->memory, count, size);

	if (!memory)
		f->out_of_memory = true;
	return memory;
}

const char *facts_text_len(struct facts *f, const char *text, size_t len)
{
	const char *copy;

	if (!text)
		return NULL;
	copy = pool_text(&f->memory, text, len);
	if (!copy)
		f->out_of_memory = true;
	return copy;
}

const char *facts_text(struct facts *f, const char *text)
{
	return text ? facts_text_len(f, text, strlen(text)) : NULL;
}

bool facts_is_policy(const struct facts *f)
{
	return f->source && strcmp(f->source, SOURCE_POLICY) == 0;
}

const struct right_fact *facts_right(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->right_count; i++)
		if (strcasecmp(f->rights[i].name, name) == 0)
			return &f->rights[i];
	return NULL;
}
