/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/escape.h"

#include <string.h>

/* What is shown as "<U+007C>": a "|" ends a cell even in a code span, and no escape holds
 * behind a backslash; a "@" mentions somebody wherever it stands in plain text. */
static bool is_shown(uint32_t c, const char *also)
{
	return escape_unsafe(c) || (c < 0x80 && strchr(also, (int)c));
}

/* Whether `c` would be markup there: `begin` is where the text begins. */
static bool is_markup(uint32_t c, const char *begin, const char *at, const char *rest)
{
	bool first = at == begin;

	if (c >= 0x80)
		return false;
	if (strchr("\\`*_[]<>~&!$", (int)c))
		return true;
	if (strchr("#+-=", (int)c)) /* a heading, a list, an underline */
		return first;
	if (c == '.' || c == ')') /* "1." begins a list, "www." a link */
		return !first && (strspn(begin, "0123456789") == (size_t)(at - begin) ||
				  strchr("wW", at[-1]));
	return c == ':' && *rest == '/';
}

void escape_markdown(FILE *out, const char *text)
{
	uint32_t c;

	for (const char *p = text; p && *p;) {
		const char *at = p;

		p = escape_next(p, &c);
		if (is_shown(c, "|@"))
			fprintf(out, "\\<U+%04X\\>", (unsigned)c);
		else if (c == 0xFFFD)
			fputs("\xEF\xBF\xBD", out);
		else if (is_markup(c, text, at, p))
			fprintf(out, "\\%c", (int)c);
		else
			fwrite(at, 1, (size_t)(p - at), out);
	}
}

static size_t longest_run(const char *text, char of)
{
	size_t longest = 0;

	for (const char *p = text; *p; p++) {
		size_t run = 0;

		while (p[run] == of)
			run++;
		if (run > longest)
			longest = run;
		p += run ? run - 1 : 0;
	}
	return longest;
}

static void put_fence(FILE *out, size_t backticks)
{
	for (size_t i = 0; i < backticks; i++)
		fputc('`', out);
}

/* A fence longer than any in the text; the blanks inside are taken away again. */
void escape_markdown_code(FILE *out, const char *text)
{
	size_t fence;
	uint32_t c;

	if (!text || !*text)
		return;
	fence = longest_run(text, '`') + 1;
	put_fence(out, fence);
	if (fence > 1)
		fputc(' ', out);
	for (const char *p = text; *p;) {
		const char *at = p;

		p = escape_next(p, &c);
		if (is_shown(c, "|"))
			fprintf(out, "<U+%04X>", (unsigned)c);
		else if (c == 0xFFFD)
			fputs("\xEF\xBF\xBD", out);
		else
			fwrite(at, 1, (size_t)(p - at), out);
	}
	if (fence > 1)
		fputc(' ', out);
	put_fence(out, fence);
}
