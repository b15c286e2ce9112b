/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_set.c - values: numbers, durations, lists, dialects, outcomes.
 */
#include "scanner/cli/options_set.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/rights.h"
#include "rpc/smb2/dialect.h"
#include "scanner/cli/options_values.h"
#include "scanner/targets/target_spec.h"

static bool expected(char *why, size_t why_size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool expected(char *why, size_t why_size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, why_size, format, args);
	va_end(args);
	return false;
}

static void *field(struct options *o, const struct option_row *row)
{
	return (char *)o + row->field;
}

bool set_flag(struct options *o, const struct option_row *row, const char *value,
	      char *why, size_t why_size)
{
	(void)value;
	(void)why;
	(void)why_size;
	*(bool *)field(o, row) = true;
	return true;
}

bool set_text(struct options *o, const struct option_row *row, const char *value,
	      char *why, size_t why_size)
{
	if (!*value)
		return expected(why, why_size, "expected %s", row->argument);
	*(const char **)field(o, row) = value;
	return true;
}

bool set_list(struct options *o, const struct option_row *row, const char *value,
	      char *why, size_t why_size)
{
	struct option_list *list = field(o, row);

	if (!*value)
		return expected(why, why_size, "expected %s", row->argument);
	if (option_list_add(list, value))
		return true;
	return expected(why, why_size, "out of memory");
}

/* An input: no output may be the same file (file_uses.h). */
bool set_file(struct options *o, const struct option_row *row, const char *value,
	      char *why, size_t why_size)
{
	return set_text(o, row, value, why, why_size);
}

bool set_files(struct options *o, const struct option_row *row, const char *value,
	       char *why, size_t why_size)
{
	return set_list(o, row, value, why, why_size);
}

bool set_output(struct options *o, const struct option_row *row, const char *value,
		char *why, size_t why_size)
{
	const char *equals = strchr(value, '=');

	if (equals && !equals[1])
		return expected(why, why_size,
				"expected the name of a file after \"=\", or no \"=\"");
	return set_list(o, row, value, why, why_size);
}

/* The name of a shipped one, or a file. */
bool set_baselines(struct options *o, const struct option_row *row, const char *value,
		   char *why, size_t why_size)
{
	return set_list(o, row, value, why, why_size);
}

bool option_list_add(struct option_list *list, const char *text)
{
	size_t room = list->room ? list->room * 2 : 8;
	const char **at = list->at;

	if (list->count + 1 >= list->room) {
		at = realloc(at, room * sizeof *at);
		if (!at)
			return false;
		list->at = at;
		list->room = room;
	}
	at[list->count++] = text;
	at[list->count] = NULL;
	return true;
}

/* The rights that one word of -r names. */
struct naming {
	struct option_list *rights;
	bool out_of_memory;
};

static void add_right(const struct right *right, void *arg)
{
	struct naming *naming = arg;

	for (size_t i = 0; i < naming->rights->count; i++)
		if (strcmp(naming->rights->at[i], right->name) == 0)
			return;
	if (!option_list_add(naming->rights, right->name))
		naming->out_of_memory = true;
}

static bool add_rights(struct option_list *rights, const char *word, size_t len,
		       char *why, size_t why_size)
{
	struct naming naming = { .rights = rights };
	char pattern[80];

	snprintf(pattern, sizeof pattern, "%.*s", len < 79 ? (int)len : 79, word);
	if (rights_match(pattern, add_right, &naming) == 0)
		return expected(
			why, why_size,
			"\"%s\": no such right; expected names such as "
			"SeImpersonatePrivilege, globs or \"all\" (lsasweep explain "
			"lists them)",
			pattern);
	return !naming.out_of_memory || expected(why, why_size, "out of memory");
}

bool set_rights(struct options *o, const struct option_row *row, const char *value,
		char *why, size_t why_size)
{
	struct option_list *rights = field(o, row);

	for (const char *p = value; *p;) {
		size_t len = strcspn(p, ", ");

		if (len > 0 && !add_rights(rights, p, len, why, why_size))
			return false;
		p += len + (p[len] != '\0');
	}
	return rights->count > 0 ||
	       expected(why, why_size, "expected at least one right");
}

/* Decimal digits up to 12, then `*rest`. */
static bool digits(const char *text, uint64_t *value, const char **rest)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 12)
		return false;
	*value = strtoull(text, NULL, 10);
	*rest = text + n;
	return true;
}

static bool ranged(const struct option_row *row, const char *value, uint64_t *number,
		   char *why, size_t why_size)
{
	const char *rest;

	if (digits(value, number, &rest) && !*rest && *number >= row->least &&
	    *number <= row->most)
		return true;
	return expected(why, why_size, "expected a number from %llu to %llu",
			(unsigned long long)row->least, (unsigned long long)row->most);
}

bool set_number(struct options *o, const struct option_row *row, const char *value,
		char *why, size_t why_size)
{
	uint64_t number = 0;

	if (!ranged(row, value, &number, why, why_size))
		return false;
	*(uint32_t *)field(o, row) = (uint32_t)number;
	return true;
}

bool set_port(struct options *o, const struct option_row *row, const char *value,
	      char *why, size_t why_size)
{
	uint64_t number = 0;

	if (!ranged(row, value, &number, why, why_size))
		return false;
	*(uint16_t *)field(o, row) = (uint16_t)number;
	return true;
}

bool set_duration(struct options *o, const struct option_row *row, const char *value,
		  char *why, size_t why_size)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
	uint64_t number = 0;
	const char *unit;

	if (!digits(value, &number, &unit))
		return expected(why, why_size,
				"expected a duration such as 500ms, 4s, 2m or 1h");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(unit, units[i].unit) != 0)
			continue;
		number *= units[i].ms;
		if (number < row->least || number > row->most)
			return expected(why, why_size, "expected %llums to %lluh",
					(unsigned long long)row->least,
					(unsigned long long)row->most / 3600000);
		*(uint64_t *)field(o, row) = number;
		return true;
	}
	return expected(why, why_size, "expected a unit: ms, s, m or h, such as 4s");
}

bool set_servers(struct options *o, const struct option_row *row, const char *value,
		 char *why, size_t why_size)
{
	struct spec spec;

	if (!spec_parse(value, &spec, why, why_size) || spec.kind != SPEC_ADDRESSES ||
	    address_compare(spec.first, spec.last) != 0)
		return expected(why, why_size,
				"expected the address of a name server, with :PORT if "
				"need be ([IPv6]:PORT)");
	return set_list(o, row, value, why, why_size);
}

bool set_host(struct options *o, const struct option_row *row, const char *value,
	      char *why, size_t why_size)
{
	struct spec spec;

	if (!spec_parse(value, &spec, why, why_size) || target_is_service(value) ||
	    (spec.kind == SPEC_ADDRESSES && address_compare(spec.first, spec.last) != 0))
		return expected(why, why_size,
				"expected one host, with :PORT if need be");
	return set_text(o, row, value, why, why_size);
}

bool set_shard(struct options *o, const struct option_row *row, const char *value,
	       char *why, size_t why_size)
{
	return shard_parse(value, field(o, row), why, why_size);
}

static bool dialect(const char *text, size_t len, uint16_t *value)
{
	for (size_t i = 0; i < SMB_DIALECT_COUNT; i++)
		if (strlen(smb_dialects[i].name) == len &&
		    memcmp(smb_dialects[i].name, text, len) == 0) {
			*value = smb_dialects[i].value;
			return true;
		}
	return false;
}

bool set_dialects(struct options *o, const struct option_row *row, const char *value,
		  char *why, size_t why_size)
{
	const char *dash = strchr(value, '-');
	size_t len = dash ? (size_t)(dash - value) : strlen(value);
	const char *last = dash ? dash + 1 : value;
	uint16_t min = 0, max = 0;
	char known[80];

	if (!dialect(value, len, &min) || !dialect(last, strlen(last), &max)) {
		option_values_text(row, o->command, known, sizeof known);
		return expected(why, why_size,
				"expected %s or a range such as 3.0-3.1.1 (SMB1 is never "
				"spoken)",
				known);
	}
	if (min > max)
		return expected(why, why_size, "expected the lower version first");
	o->settings.dialect_min = min;
	o->settings.dialect_max = max;
	return true;
}

bool set_outcomes(struct options *o, const struct option_row *row, const char *value,
		  char *why, size_t why_size)
{
	enum host_outcome outcome;
	char word[32];

	(void)row;
	while (*value) {
		size_t len = strcspn(value, ",");

		snprintf(word, sizeof word, "%.*s", len < 31 ? (int)len : 31, value);
		if (!host_outcome_from_word(word, &outcome))
			return expected(
				why, why_size,
				"\"%s\" is not an outcome; expected words such as "
				"timeout,unreachable,stalled",
				word);
		o->retry[outcome] = true;
		value += len + (value[len] == ',');
	}
	o->retry_given = true;
	return true;
}

bool set_fail_on(struct options *o, const struct option_row *row, const char *value,
		 char *why, size_t why_size)
{
	size_t i = option_value_find(row, o->command, value, strlen(value));
	char known[80];

	if (i < FAIL_ON_COUNT) {
		o->fail_on = (enum fail_on)i;
		return true;
	}
	option_values_text(row, o->command, known, sizeof known);
	return expected(why, why_size, "expected one of: %s", known);
}

bool set_reasons(struct options *o, const struct option_row *row, const char *value,
		 char *why, size_t why_size)
{
	(void)row;
	return computer_reasons_parse(value, &o->included, why, why_size);
}
