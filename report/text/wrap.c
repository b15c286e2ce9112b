/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks text between words; what a word may do to a terminal is left to escape.h. */
#include "report/text/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "report/text/escape.h"

enum { WORD_MAX = 1024, NARROWEST = 8 };

/* Copies the next word of `*text` and steps over it and the blanks behind it. */
static void next_word(const char **text, char word[WORD_MAX])
{
	size_t length = strcspn(*text, " ");
	size_t kept = length < WORD_MAX ? length : WORD_MAX - 1;

	memcpy(word, *text, kept);
	word[kept] = '\0';
	*text += length;
	*text += strspn(*text, " ");
}

void wrap_words(FILE *out, const char *text, size_t columns, size_t indent, size_t at)
{
	size_t widest = columns > indent + NARROWEST ? columns - indent : NARROWEST;
	bool line_begins = true;
	char word[WORD_MAX];

	while (text && *text) {
		size_t width;

		next_word(&text, word);
		width = escape_terminal_width(word);
		if (width > widest)
			width = widest;
		if (!line_begins && at + 1 + width > columns) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!line_begins) {
			fputc(' ', out);
			at++;
		}
		line_begins = false;
		escape_terminal_cell(out, word, (unsigned)width);
		at += width;
	}
	fputc('\n', out);
}

void wrap_paragraph(FILE *out, const char *text, size_t columns, size_t indent)
{
	fprintf(out, "%*s", (int)indent, "");
	wrap_words(out, text, columns, indent, indent);
}
