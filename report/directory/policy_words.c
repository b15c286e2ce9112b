/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/policy.h"

#define X(constant, word, ...) word,
static const char *const reason_words[] = { POLICY_REASONS(X) };
static const char *const answer_words[] = { POLICY_ANSWERS(X) };
static const char *const state_words[] = { POLICY_RIGHT_STATES(X) };
static const char *const source_words[] = { POLICY_SITE_SOURCES(X) };
#undef X
#define X(constant, word, sentence) sentence,
static const char *const reason_sentences[] = { POLICY_REASONS(X) };
#undef X

const char *policy_reason_word(enum policy_reason r)
{
	return r < POLICY_REASON_COUNT ? reason_words[r] : "unknown";
}

const char *policy_reason_sentence(enum policy_reason r)
{
	return r < POLICY_REASON_COUNT ? reason_sentences[r] : "unknown";
}

const char *policy_answer_word(enum policy_answer a)
{
	return a < POLICY_ANSWER_COUNT ? answer_words[a] : "unknown";
}

const char *policy_right_state_word(enum policy_right_state s)
{
	return s < POLICY_RIGHT_STATE_COUNT ? state_words[s] : "unknown";
}

const char *policy_site_source_word(enum policy_site_source s)
{
	return s < SITE_SOURCE_COUNT ? source_words[s] : "unknown";
}
