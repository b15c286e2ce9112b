/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_values.c - one row a setter with a closed list, and who owns that list.
 */
#include "scanner/cli/options_values.h"

#include <stdio.h>
#include <string.h>

#include "report/baseline/baseline.h"
#include "report/facts/rights.h"
#include "report/judge/drift.h"
#include "report/render/render.h"
#include "rpc/smb2/dialect.h"
#include "scanner/cli/options_set.h"

/* The i-th value of a list; false behind the last. */
struct value {
	const char *word, *about;
};
typedef bool (*value_at_fn)(enum command command, size_t i, struct value *value);

static bool format_at(enum command command, size_t i, struct value *value)
{
#define X(constant, word, about) { word, about },
	static const struct value diff[] = { DRIFT_FORMATS(X) };
	static const struct value discover[] = { DISCOVER_FORMATS(X) };
	static const struct value policy[] = { POLICY_FORMATS(X) };
#undef X
	static const struct {
		const struct value *at;
		size_t count;
	} own[COMMAND_COUNT] = {
		[COMMAND_DIFF] = { diff, DRIFT_FORMAT_COUNT },
		[COMMAND_DISCOVER] = { discover, DISCOVER_FORMAT_COUNT },
		[COMMAND_POLICY] = { policy, POLICY_FORMAT_COUNT },
	};

	if (i >= (own[command].at ? own[command].count : renderer_count()))
		return false;
	*value = own[command].at
			 ? own[command].at[i]
			 : (struct value){ renderer_at(i)->name, renderer_at(i)->about };
	return true;
}

static bool baseline_at(enum command command, size_t i, struct value *value)
{
	(void)command;
	*value = (struct value){ baseline_shipped(i), NULL };
	return value->word != NULL;
}

static bool dialect_at(enum command command, size_t i, struct value *value)
{
	(void)command;
	if (i >= SMB_DIALECT_COUNT)
		return false;
	*value = (struct value){ smb_dialects[i].name, NULL };
	return true;
}

static bool outcome_at(enum command command, size_t i, struct value *value)
{
	(void)command;
	if (i >= HOST_OUTCOME_COUNT)
		return false;
	*value = (struct value){ host_outcome_word((enum host_outcome)i),
				 host_outcome_sentence((enum host_outcome)i) };
	return true;
}

/* The last one stands for all. */
static bool right_at(enum command command, size_t i, struct value *value)
{
	(void)command;
	if (i > rights_count())
		return false;
	if (i == rights_count())
		*value = (struct value){ "all", "every right" };
	else
		*value = (struct value){ rights_at(i)->name, rights_at(i)->policy };
	return true;
}

static bool fail_on_at(enum command command, size_t i, struct value *value)
{
	static const struct value values[] = {
#define X(constant, word, about) { word, about },
		FAIL_ONS(X)
#undef X
	};

	(void)command;
	if (i >= sizeof values / sizeof *values)
		return false;
	*value = values[i];
	return true;
}

static bool reason_at(enum command command, size_t i, struct value *value)
{
	static const struct value values[] = {
#define X(constant, word, sentence, may) { may ? word : NULL, sentence },
		COMPUTER_REASONS(X)
#undef X
			{ "all", "all of these" },
	};
	const size_t count = sizeof values / sizeof *values;
	size_t at = 0;

	(void)command;
	for (; at < count; at++)
		if (values[at].word && i-- == 0)
			break;
	if (at < count)
		*value = values[at];
	return at < count;
}

static const struct {
	option_set_fn set;
	enum value_shape shape;
	value_at_fn at; /* NULL: the list is not closed */
} lists[] = {
	{ set_flag, VALUE_NONE, NULL },
	{ set_file, VALUE_FILE, NULL },
	{ set_files, VALUE_FILE, NULL },
	{ set_output, VALUE_FORMAT, format_at },
	{ set_baselines, VALUE_WORD_OR_FILE, baseline_at },
	{ set_dialects, VALUE_SPAN, dialect_at },
	{ set_outcomes, VALUE_WORDS, outcome_at },
	{ set_rights, VALUE_WORDS, right_at },
	{ set_fail_on, VALUE_WORD, fail_on_at },
	{ set_reasons, VALUE_WORDS, reason_at },
};

enum value_shape option_shape(const struct option_row *row)
{
	if (!row->argument)
		return VALUE_NONE;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (lists[i].set == row->set)
			return lists[i].shape;
	return strcmp(row->argument, "FILE") == 0 ? VALUE_FILE : VALUE_ANY;
}

static value_at_fn list_of(const struct option_row *row)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (lists[i].set == row->set)
			return lists[i].at;
	return NULL;
}

bool option_is_listed(const struct option_row *row)
{
	return list_of(row) != NULL;
}

size_t option_values(const struct option_row *row, enum command command,
		     option_value_fn fn, void *arg)
{
	value_at_fn at = list_of(row);
	struct value value;
	size_t count = 0;

	for (; at && at(command, count, &value); count++)
		fn(value.word, value.about, arg);
	return count;
}

struct listing {
	char *text;
	size_t size, length;
};

static void on_listed(const char *value, const char *about, void *arg)
{
	struct listing *l = arg;
	int n;

	(void)about;
	if (l->length >= l->size)
		return;
	n = snprintf(l->text + l->length, l->size - l->length, "%s%s",
		     l->length ? ", " : "", value);
	l->length += n > 0 ? (size_t)n : 0;
}

void option_values_text(const struct option_row *row, enum command command, char *text,
			size_t size)
{
	struct listing l = { .text = text, .size = size };

	text[0] = '\0';
	option_values(row, command, on_listed, &l);
}

struct value_search {
	const char *word;
	size_t len, at, found;
};

static void on_compared(const char *value, const char *about, void *arg)
{
	struct value_search *f = arg;

	(void)about;
	if (strlen(value) == f->len && memcmp(value, f->word, f->len) == 0)
		f->found = f->at;
	f->at++;
}

size_t option_value_find(const struct option_row *row, enum command command,
			 const char *word, size_t len)
{
	struct value_search f = { word, len, 0, SIZE_MAX };
	size_t count = option_values(row, command, on_compared, &f);

	return f.found < count ? f.found : count;
}
