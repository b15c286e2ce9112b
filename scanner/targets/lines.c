/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.c - reading lines.
 */
#include "scanner/targets/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MAX = 4000 };

_Static_assert(LINES_MAX + 1 + DECODED_MAX(READ_MAX) < LINES_BUFFER,
	       "what is read fits behind a line that is not complete");

/* Back at the beginning of the file. */
static void begin(struct lines *l)
{
	l->number = 0;
	l->next_number = 1;
	l->from = l->to = l->seen = 0;
	l->begun = l->at_end = l->skipping = false;
	l->after_cr = l->in_quotes = l->after_quote = false;
	l->at_cell = true;
	l->inside = 0;
	l->table = (struct table){ 0 };
	decoder_begin(&l->decoder, code_page_find("1252"));
}

bool lines_open(struct lines *l, const char *path)
{
	struct stat st;

	l->start = 0;
	begin(l);
	if (strcmp(path, "-") == 0) {
		l->descriptor = STDIN_FILENO;
		l->start = lseek(STDIN_FILENO, 0, SEEK_CUR);
		return true;
	}
	l->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (l->descriptor < 0)
		return false;
	if (fstat(l->descriptor, &st) == 0 && S_ISDIR(st.st_mode)) {
		lines_close(l);
		errno = EISDIR;
		return false;
	}
	return true;
}

void lines_take(struct lines *l, int descriptor)
{
	l->start = 0;
	begin(l);
	l->descriptor = descriptor;
}

int lines_give(struct lines *l)
{
	int descriptor = l->descriptor > STDIN_FILENO ? l->descriptor : -1;

	l->descriptor = -1;
	return descriptor;
}

void lines_close(struct lines *l)
{
	if (l->descriptor > STDIN_FILENO)
		close(l->descriptor);
	l->descriptor = -1;
}

bool lines_rewindable(const char *path)
{
	struct stat st;
	int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) : stat(path, &st);

	/* What is not there is best opened at once, to say so. */
	return failed || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode);
}

bool lines_rewind(struct lines *l)
{
	begin(l);
	return lseek(l->descriptor, l->start, SEEK_SET) >= 0;
}

/* More bytes behind what is there; LINES_ONE when there are some or the end is known. */
static enum lines_answer fill(struct lines *l)
{
	struct pollfd ready = { l->descriptor, POLLIN, 0 };
	char bytes[READ_MAX];
	ssize_t n;

	memmove(l->buffer, l->buffer + l->from, l->to - l->from);
	l->to -= l->from;
	l->seen -= l->from;
	l->from = 0;
	if (poll(&ready, 1, 0) == 0)
		return LINES_LATER;
	n = read(l->descriptor, bytes, sizeof bytes);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? LINES_LATER : LINES_FAILED;
	l->at_end = n == 0;
	l->to += decoder_put(&l->decoder, bytes, (size_t)n, l->at_end, l->buffer + l->to);
	return LINES_ONE;
}

/* Quotes of a table's cells; "" inside of a quoted cell is a quote. */
static void note_quotes(struct lines *l, char c)
{
	bool closes = l->in_quotes && c == '"';

	if (!l->in_quotes)
		l->in_quotes = c == '"' && (l->at_cell || l->after_quote);
	else if (closes)
		l->in_quotes = false;
	l->after_quote = closes;
	l->at_cell = c == l->table.separator;
}

/* True when `seen` stands at a line end. */
static bool find_end(struct lines *l)
{
	for (; l->seen < l->to; l->seen++) {
		char c = l->buffer[l->seen];
		bool second = l->after_cr && c == '\n';

		l->after_cr = c == '\r';
		if (second && l->seen == l->from && !l->in_quotes) {
			l->from++; /* of the CR LF that ended the line before */
			continue;
		}
		if (l->table.separator)
			note_quotes(l, c);
		if (c != '\n' && c != '\r')
			continue;
		if (!l->in_quotes)
			return true;
		l->inside += !second;
	}
	return false;
}

/* Hand out the line that ends at `seen` (its line end or the end of the buffer). */
static enum lines_answer hand_out(struct lines *l, char **text, size_t *len)
{
	size_t n = l->seen - l->from;
	bool skipped = l->skipping;

	*text = l->buffer + l->from;
	*len = n;
	l->number = l->next_number;
	l->next_number += 1 + l->inside;
	l->inside = 0;
	l->from = l->seen = l->seen < l->to ? l->seen + 1 : l->seen;
	l->skipping = l->in_quotes = l->after_quote = false;
	l->at_cell = true;
	if (skipped || n > LINES_MAX)
		return LINES_TOO_LONG;
	(*text)[n] = '\0';
	return LINES_ONE;
}

static enum lines_answer next_line(struct lines *l, char **text, size_t *len)
{
	for (;;) {
		enum lines_answer answer;

		if (find_end(l) || (l->at_end && (l->from < l->to || l->skipping)))
			return hand_out(l, text, len);
		if (l->at_end)
			return LINES_END;
		if (l->to - l->from > LINES_MAX) {
			l->skipping = true;
			l->from = l->to;
		}
		answer = fill(l);
		if (answer != LINES_ONE)
			return answer;
	}
}

/* A table says so in its first line. */
static enum lines_answer begin_list(struct lines *l, char **text, size_t *len)
{
	const char *word = *text + strspn(*text, " \t\v\f");

	if (*word == '\0' || *word == '#')
		return LINES_ONE;
	switch (table_begin(&l->table, *text)) {
	case TABLE_SEPARATOR:
		*len = 0;
		**text = '\0';
		return LINES_ONE;
	case TABLE_HEADER:
		*text = (char *)l->table.names[0].title;
		*len = strlen(*text);
		l->begun = true;
		return LINES_HEADER;
	case TABLE_NONE:
		break;
	}
	l->begun = true;
	return LINES_ONE;
}

enum lines_answer lines_next(struct lines *l, char **text, size_t *len)
{
	enum lines_answer answer = next_line(l, text, len);

	if (l->begun || answer == LINES_LATER)
		return answer;
	if (answer == LINES_ONE)
		return begin_list(l, text, len);
	l->begun = true;
	return answer;
}
