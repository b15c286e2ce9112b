/* SPDX-License-Identifier: Apache-2.0 */
/* resume.c - a command line, written so that a shell reads it as it was. */
#include "scanner/cli/resume.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(const char *word)
{
	return *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					  "0123456789_./:=@%+,-")] == '\0';
}

static bool has_controls(const char *word)
{
	for (; *word; word++)
		if ((unsigned char)*word < 0x20 || *word == 0x7f)
			return true;
	return false;
}

/* What a terminal would act on is written in octal. */
static void put_with_controls(FILE *out, const char *word)
{
	fputs("$'", out);
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;

		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\%03o", c);
		else if (c == '\'' || c == '\\')
			fprintf(out, "\\%c", c);
		else
			putc(c, out);
	}
	putc('\'', out);
}

static void put_word(FILE *out, const char *word)
{
	if (is_plain(word)) {
		fputs(word, out);
	} else if (has_controls(word)) {
		put_with_controls(out, word);
	} else {
		putc('\'', out);
		for (; *word; word++)
			if (*word == '\'')
				fputs("'\\''", out);
			else
				putc(*word, out);
		putc('\'', out);
	}
}

/* "--journal" and "--journal=FILE", as they are spelled; "-o --journal" is not asked. */
static void put_option(FILE *out, const char *word)
{
	static const char journal[] = "--journal";
	size_t len = sizeof journal - 1;

	if (strncmp(word, journal, len) == 0 && (!word[len] || word[len] == '=')) {
		fputs("--resume", out);
		word += len;
		if (!*word)
			return;
	}
	put_word(out, word);
}

char *resume_command(char *const *argv)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool only_arguments = false;

	if (!out)
		return NULL;
	for (size_t i = 0; argv[i]; i++) {
		if (i)
			putc(' ', out);
		if (only_arguments)
			put_word(out, argv[i]);
		else
			put_option(out, argv[i]);
		only_arguments |= strcmp(argv[i], "--") == 0;
	}
	return fclose(out) == 0 ? text : NULL;
}
