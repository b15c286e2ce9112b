/* SPDX-License-Identifier: Apache-2.0 */
/* The table of reasons: their words, sentences and kinds. */
#include "rpc/wire/fault_reason.h"

#include <stddef.h>
#include <string.h>

#include "rpc/wire/fault.h"

static const struct {
	const char *word, *words;
	enum fault_kind kind;
} reasons[REASON_COUNT] = {
#define X(name, word, kind, words) [name] = { #word, words, kind },
	FAULT_REASONS(X)
#undef X
};

static size_t row_of(enum fault_reason reason)
{
	return (size_t)reason < REASON_COUNT ? (size_t)reason : REASON_NONE;
}

enum fault_kind fault_reason_kind(enum fault_reason reason)
{
	return reasons[row_of(reason)].kind;
}

const char *fault_reason_word(enum fault_reason reason)
{
	return row_of(reason) == REASON_NONE ? NULL : reasons[row_of(reason)].word;
}

const char *fault_reason_words(enum fault_reason reason)
{
	return reasons[row_of(reason)].words;
}

enum fault_reason fault_reason_from_word(const char *word)
{
	for (size_t i = REASON_NONE + 1; word && i < REASON_COUNT; i++)
		if (strcmp(word, reasons[i].word) == 0)
			return (enum fault_reason)i;
	return REASON_NONE;
}
