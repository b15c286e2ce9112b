/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/inf_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* <ctype.h> goes by the locale. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *inf_trim(char *text)
{
	size_t n;

	while (is_space(*text))
		text++;
	n = strlen(text);
	while (n > 0 && is_space(text[n - 1]))
		text[--n] = '\0';
	return text;
}

char *inf_next_line(char **rest)
{
	char *line = *rest, *end;

	if (!line)
		return NULL;
	end = line + strcspn(line, "\r\n");
	if (end[0] == '\r' && end[1] == '\n')
		*end++ = '\0';
	*rest = *end ? end + 1 : NULL;
	*end = '\0';
	return line;
}

/* The first `wanted` outside of quotes, or NULL. */
static char *outside_of_quotes(char *text, char wanted)
{
	bool quoted = false;

	for (; *text; text++) {
		if (*text == '"')
			quoted = !quoted;
		else if (*text == wanted && !quoted)
			return text;
	}
	return NULL;
}

char *inf_comment(char *line)
{
	return outside_of_quotes(line, ';');
}

char *inf_next_word(char **rest)
{
	while (*rest) {
		char *word = *rest, *comma = outside_of_quotes(word, ',');

		if (comma)
			*comma = '\0';
		*rest = comma ? comma + 1 : NULL;
		word = inf_trim(word);
		if (*word)
			return word;
	}
	return NULL;
}

char *inf_unquote(char *word)
{
	size_t len = strlen(word);

	if (len < 2 || *word != '"' || word[len - 1] != '"')
		return word;
	word[len - 1] = '\0';
	return inf_trim(word + 1);
}
