/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/json_place.h"

#include <stdbool.h>

struct scan {
	const char *text;
	size_t at, len;
};

static char peek(const struct scan *s)
{
	return s->at < s->len ? s->text[s->at] : '\0';
}

static void skip_space(struct scan *s)
{
	while (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r')
		s->at++;
}

static void skip_string(struct scan *s)
{
	s->at++;
	while (s->at < s->len && s->text[s->at] != '"')
		s->at += s->text[s->at] == '\\' ? 2 : 1;
	s->at++;
}

/* Over one value, whatever it holds, without recursion. */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	while (s->at < s->len) {
		char c = peek(s);

		if (c == '"') {
			skip_string(s);
		} else if (c == '{' || c == '[') {
			depth++;
			s->at++;
		} else if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
			return;
		} else {
			if (c == '}' || c == ']')
				depth--;
			s->at++;
		}
	}
}

/* From `{` or `[` to the `ordinal`-th member or element; false: there is none. */
static bool enter(struct scan *s, size_t ordinal)
{
	if (peek(s) != '{' && peek(s) != '[')
		return false;
	s->at++;
	skip_space(s);
	for (size_t i = 0; i < ordinal; i++) {
		skip_value(s);
		if (peek(s) != ',')
			return false;
		s->at++;
		skip_space(s);
	}
	return true;
}

/* From a key to its value. */
static void skip_key(struct scan *s)
{
	skip_string(s);
	skip_space(s);
	if (peek(s) == ':')
		s->at++;
	skip_space(s);
}

int json_place_line(const char *text, size_t len, const size_t *way, size_t steps)
{
	struct scan s = { text, 0, len };
	size_t found;

	skip_space(&s);
	found = s.at;
	for (size_t i = 0; i < steps; i++) {
		bool object = peek(&s) == '{';

		if (!enter(&s, way[i]))
			break;
		found = s.at;
		if (object)
			skip_key(&s);
	}
	return json_place_line_at(text, found < len ? found : len);
}

int json_place_line_at(const char *text, size_t offset)
{
	int line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}
