/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target_list.c - lines of all sources, parsed.
 */
#include "scanner/targets/target_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/text/escape.h"

enum { COMPLAINTS_MAX = 20, SHOWN_MAX = 80 };

void target_lists_say(const struct targets_options *options, const char *complaint)
{
	if (options->complain) {
		options->complain(complaint, options->complain_arg);
		return;
	}
	fputs("lsasweep: ", stderr);
	escape_terminal(stderr, complaint);
	fputc('\n', stderr);
}

static void complain(const struct target_lists *s, const char *file, unsigned long line,
		     const char *text, const char *why, const char *then)
{
	char complaint[640], place[24] = "";

	if (line)
		snprintf(place, sizeof place, ":%lu", line);
	snprintf(complaint, sizeof complaint, "%.200s%s: \"%.*s\": %s%s", file, place,
		 SHOWN_MAX, text, why, then);
	target_lists_say(s->options, complaint);
}

void target_lists_complain(struct target_lists *s, const char *file, unsigned long line,
			   const char *text, const char *why)
{
	if (s->bad++ == COMPLAINTS_MAX)
		target_lists_say(s->options, "further bad lines are not shown");
	if (s->bad <= COMPLAINTS_MAX)
		complain(s, file, line, text, why, "");
}

/* A line of a list.  One that is passed over is said once, when its turn comes, and each
 * is: nobody else will. */
static void refuse_line(struct target_lists *s, const char *text, const char *why)
{
	if (!s->options->skip_bad_lines || s->number == 0) {
		target_lists_complain(s, s->file, s->number, text, why);
	} else if (!s->only_rewindable) {
		s->skipped++;
		complain(s, s->file, s->number, text, why, "; skipped");
	}
}

void target_lists_complain_errno(struct target_lists *s, const char *file)
{
	const char *why = strerror(errno);
	char complaint[512];

	s->bad++;
	snprintf(complaint, sizeof complaint, "%.200s: %s", file, why);
	target_lists_say(s->options, complaint);
}

const char *target_lists_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : path;
}

static bool command_line_left(const struct target_lists *s)
{
	return s->position < s->options->spec_count;
}

/* A word of the command line is a line of its own: "srv1 role=client" in quotes works. */
static enum lines_answer next_word(struct target_lists *s, char **text, size_t *len)
{
	const char *word = s->options->specs[s->position++];

	s->file = "command line";
	s->number = 0;
	*len = strlen(word);
	*text = s->word;
	if (*len > LINES_MAX)
		return LINES_TOO_LONG;
	memcpy(s->word, word, *len + 1);
	return LINES_ONE;
}

/* Where the list at the present position is held; NULL: it is not. */
static int *place_held(struct target_lists *s)
{
	size_t list = s->position - s->options->spec_count;

	return list < LISTS_HELD_MAX ? &s->held[list] : NULL;
}

/* Looked ahead in, and to be read again. */
static void hold_list(struct target_lists *s)
{
	int *held = place_held(s);

	if (lines_rewind(&s->lines) && held && s->lines.descriptor > 0)
		*held = lines_give(&s->lines);
}

static void close_list(struct target_lists *s)
{
	if (s->only_rewindable)
		hold_list(s);
	lines_close(&s->lines);
	s->list_open = false;
	s->position++;
}

/* The list at the present position; false when it was passed over. */
static bool open_list(struct target_lists *s)
{
	const char *path = s->options->files[s->position - s->options->spec_count];
	int *held = place_held(s);

	s->file = target_lists_name(path);
	if (held && *held > 0) {
		lines_take(&s->lines, *held);
		*held = 0;
		s->list_open = true;
		return true;
	}
	if (s->only_rewindable && !lines_rewindable(path)) {
		s->passed_pipe = true;
	} else if (lines_open(&s->lines, path)) {
		s->list_open = true;
		return true;
	} else {
		target_lists_complain_errno(s, s->file);
	}
	s->position++;
	return false;
}

/* The next raw line of any source. */
static enum lines_answer next_raw(struct target_lists *s, char **text, size_t *len)
{
	size_t all = s->options->spec_count + s->options->file_count;

	while (s->position < all) {
		enum lines_answer answer;

		if (command_line_left(s))
			return next_word(s, text, len);
		if (!s->list_open && !open_list(s))
			continue;
		answer = lines_next(&s->lines, text, len);
		s->number = s->lines.number;
		if (answer == LINES_FAILED)
			target_lists_complain_errno(s, s->file);
		else if (answer != LINES_END)
			return answer;
		close_list(s);
	}
	return LINES_END;
}

/* `user=` names a section of the credentials file. */
static bool find_credential(const struct target_lists *s, struct target_line *line)
{
	line->credential = 0;
	if (!line->user)
		return true;
	for (size_t i = 1; i < s->options->section_count; i++)
		if (strcmp(s->options->sections[i], line->user) == 0) {
			line->credential = i;
			return true;
		}
	return false;
}

static bool parse(struct target_lists *s, char *text, size_t len,
		  struct target_line *line)
{
	const char *offending;
	char why[200];

	switch (target_line_parse(text, len, line, &offending, why, sizeof why)) {
	case TARGET_LINE_GOOD:
		line->file = s->file;
		line->number = s->number;
		if (find_credential(s, line))
			return true;
		refuse_line(s, line->user,
			    "no such section in the credentials file (-A)");
		return false;
	case TARGET_LINE_BAD:
		if (s->number && strpbrk(offending, ",;|\""))
			snprintf(why, sizeof why, "%s", table_expected);
		refuse_line(s, offending, why);
		return false;
	case TARGET_LINE_EMPTY:
		break;
	}
	/* An empty word of the command line is a slip of a script. */
	if (s->number == 0)
		refuse_line(s, text, spec_expected);
	return false;
}

/* Of a table the name in the row. */
static bool parse_raw(struct target_lists *s, char *text, size_t len,
		      struct target_line *line)
{
	const struct table *table = &s->lines.table;
	char shown[SHOWN_MAX + 1], why[120];
	char *name;

	if (s->number == 0 || !table->separator)
		return parse(s, text, len, line);
	if (*text == '#')
		return false;
	snprintf(shown, sizeof shown, "%s", text);
	name = table_name(table, text);
	if (name)
		return parse(s, name, strlen(name), line);
	snprintf(why, sizeof why, "expected a row with a name in the column %s",
		 table->names[0].title);
	refuse_line(s, shown, why);
	return false;
}

/* Said once, by who is the first to read the list: a machine of that name is not meant.
 */
static void tell_header(struct target_lists *s, const char *title)
{
	char note[320];

	if (s->only_rewindable || !s->options->note)
		return;
	snprintf(note, sizeof note, "%.200s:%lu: a table: the column \"%s\" is read",
		 s->file, s->number, title);
	s->options->note(note, s->options->note_arg);
}

static enum targets_answer next_line(struct target_source *source,
				     struct target_line *line)
{
	struct target_lists *s = (struct target_lists *)source;

	for (;;) {
		char *text;
		size_t len;

		switch (next_raw(s, &text, &len)) {
		case LINES_ONE:
			if (parse_raw(s, text, len, line))
				return TARGETS_ONE;
			break;
		case LINES_HEADER:
			tell_header(s, text);
			break;
		case LINES_TOO_LONG:
			refuse_line(s, "...", "the line is longer than 4,096 bytes");
			break;
		case LINES_LATER:
			return TARGETS_LATER;
		case LINES_END:
		case LINES_FAILED:
			return TARGETS_END;
		}
	}
}

static int descriptor(const struct target_source *source)
{
	return ((const struct target_lists *)source)->lines.descriptor;
}

void target_lists_begin(struct target_lists *s, const struct targets_options *options,
			bool only_rewindable)
{
	memset(s, 0, offsetof(struct target_lists, lines));
	s->source = (struct target_source){ .next = next_line, .descriptor = descriptor };
	s->options = options;
	s->only_rewindable = only_rewindable;
}

void target_lists_end(struct target_lists *s)
{
	if (s->list_open)
		close_list(s);
	for (size_t i = 0; i < LISTS_HELD_MAX; i++)
		if (s->held[i] > 0)
			close(s->held[i]);
}
