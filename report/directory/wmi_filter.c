/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/wmi_filter.h"

#include <string.h>
#include <strings.h>

#include "report/directory/directory_limits.h"

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || (*at >= '\t' && *at <= '\r'))
		at++;
	return at;
}

enum wmi_filter_answer wmi_filter_name(const char *attribute,
				       struct wmi_filter_name *name)
{
	const char *at = attribute ? skip_blanks(attribute) : "", *first, *second;

	if (!*at)
		return WMI_FILTER_NONE;
	if (*at++ != '[')
		return WMI_FILTER_MALFORMED;
	first = strchr(at, ';');
	second = first ? strchr(first + 1, ';') : NULL;
	if (!second || !strchr(second, ']') || first == at || second == first + 1)
		return WMI_FILTER_MALFORMED;
	*name = (struct wmi_filter_name){ at, first + 1, (size_t)(first - at),
					  (size_t)(second - first - 1) };
	return WMI_FILTER_ONE;
}

/* ---- msWMI-Parm2 ---- */

struct field {
	const char *at;
	size_t len;
};

/* What stands before the next `;`. */
static bool next_field(const char **rest, struct field *f)
{
	const char *end = strchr(*rest, ';');

	if (!end)
		return false;
	*f = (struct field){ *rest, (size_t)(end - *rest) };
	*rest = end + 1;
	return true;
}

/* A small number; false: the field is none. */
static bool number_of(const struct field *f, size_t *number)
{
	*number = 0;
	if (!f->len || f->len > 6)
		return false;
	for (size_t i = 0; i < f->len; i++) {
		if (f->at[i] < '0' || f->at[i] > '9')
			return false;
		*number = *number * 10 + (size_t)(f->at[i] - '0');
	}
	return true;
}

/* The field that has `characters` and a `;` behind them.  False: the length is wrong. */
static bool field_of_length(const char **rest, size_t characters, struct field *f)
{
	const char *at = *rest;

	for (; *at && characters; at++)
		if (((unsigned char)at[1] & 0xc0) != 0x80)
			characters--;
	if (characters || *at != ';')
		return false;
	*f = (struct field){ *rest, (size_t)(at - *rest) };
	*rest = at + 1;
	return true;
}

/* One "3;LEN;LEN;WQL;NAMESPACE;QUERY;": its last two fields. */
static bool next_query(const char **rest, struct field *space, struct field *query)
{
	struct field f;
	size_t three, space_len, query_len;

	return next_field(rest, &f) && number_of(&f, &three) && next_field(rest, &f) &&
	       number_of(&f, &space_len) && next_field(rest, &f) &&
	       number_of(&f, &query_len) && next_field(rest, &f) &&
	       (field_of_length(rest, space_len, space) || next_field(rest, space)) &&
	       (field_of_length(rest, query_len, query) || next_field(rest, query));
}

static bool is_cimv2(const struct field *space)
{
	static const char *const names[] = { "root\\cimv2", "root/cimv2",
					     "\\\\.\\root\\cimv2" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == space->len &&
		    strncasecmp(names[i], space->at, space->len) == 0)
			return true;
	return false;
}

static enum wql_answer evaluate_one(const char *text, const struct wql_machine *machine)
{
	struct field f, space, query;
	enum wql_answer all = WQL_YES;
	size_t count;

	if (!next_field(&text, &f) || !number_of(&f, &count) || !count ||
	    count > LIMIT_WMI_QUERIES)
		return WQL_UNKNOWN;
	while (count--) {
		enum wql_answer a;

		if (!next_query(&text, &space, &query))
			return WQL_UNKNOWN;
		a = is_cimv2(&space) ? wql_evaluate(query.at, query.len, machine)
				     : WQL_UNKNOWN;
		if (a != WQL_YES)
			all = all == WQL_NO ? WQL_NO : a;
	}
	return *skip_blanks(text) ? WQL_UNKNOWN : all;
}

enum wql_answer wmi_filter_evaluate(const char *query, const struct wql_machine *machines,
				    size_t count)
{
	enum wql_answer first = WQL_UNKNOWN;

	for (size_t i = 0; query && i < count; i++) {
		enum wql_answer a = evaluate_one(query, &machines[i]);

		if (i && a != first)
			return WQL_UNKNOWN;
		first = a;
	}
	return first;
}
