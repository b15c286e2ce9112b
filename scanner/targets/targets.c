/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets.c - one target after another: counted, deduplicated, excluded, divided.
 *
 * Read downwards: open, count, take a line of a source, take its hosts, close.
 */
#include "scanner/targets/targets.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/directory_fact.h"
#include "scanner/targets/exclude.h"
#include "scanner/targets/target_list.h"

struct targets {
	struct targets_options options;
	struct excludes excludes;
	struct hash_set names;     /* given: names and single addresses */
	struct intervals networks; /* given: networks and ranges */
	uint64_t given;
	uint64_t counted, met; /* by the look ahead; since then, given or passed over */
	bool uncounted;        /* a pipe is among the lists */

	STAILQ_HEAD(, target_source) sources; /* the lists are the last */
	struct target_lists lists;
	struct target_source *waiting; /* what said TARGETS_LATER, or NULL */
	void (*ready)(void *arg);
	void *ready_arg;

	struct target_line line; /* in hand */
	bool listed;             /* it is of the lists */
	uint16_t port;
	size_t passed;   /* hosts, since the last one that was given */
	bool unfinished; /* hosts of `line`, from `next` on, are still to come */
	struct address next;
	char text[ADDRESS_TEXT_MAX];
};

static bool read_excludes(struct targets *t);
static void count(struct targets *t);

struct targets *targets_open(const struct targets_options *options)
{
	struct targets *t = calloc(1, sizeof *t);

	if (!t) {
		target_lists_say(options, "the targets cannot be read: out of memory");
		return NULL;
	}
	t->options = *options;
	if (!t->options.port)
		t->options.port = TARGET_PORT;
	target_lists_begin(&t->lists, &t->options, true);
	if (read_excludes(t))
		count(t);
	if (t->lists.bad) {
		targets_close(t);
		return NULL;
	}
	target_lists_begin(&t->lists, &t->options, false);
	STAILQ_INIT(&t->sources);
	STAILQ_INSERT_HEAD(&t->sources, &t->lists.source, others);
	return t;
}

void targets_add(struct targets *t, struct target_source *s)
{
	struct target_source *before = NULL;

	s->targets = t;
	for (struct target_source *other = STAILQ_FIRST(&t->sources);
	     other != &t->lists.source; other = STAILQ_NEXT(other, others))
		before = other;
	if (before)
		STAILQ_INSERT_AFTER(&t->sources, before, s, others);
	else
		STAILQ_INSERT_HEAD(&t->sources, s, others);
}

void targets_on_ready(struct targets *t, void (*ready)(void *arg), void *arg)
{
	t->ready = ready;
	t->ready_arg = arg;
}

void target_source_ready(struct target_source *s)
{
	struct targets *t = s->targets;

	if (t && t->ready)
		t->ready(t->ready_arg);
}

static void exclude_word(struct targets *t, const char *file, unsigned long number,
			 const char *word)
{
	char why[200];

	if (!excludes_add(&t->excludes, word, why, sizeof why))
		target_lists_complain(&t->lists, file, number, word, why);
}

/* Words separated by commas or blanks; `text` is cut in place. */
static void exclude_words(struct targets *t, const char *file, unsigned long number,
			  char *text)
{
	char *word;

	for (char *p = text; *p; p++)
		if (*p == ',')
			*p = ' ';
	while ((word = line_word(&text)))
		exclude_word(t, file, number, word);
}

/* All names of a row: who knows a host by another name means the same host. */
static void exclude_row(struct targets *t, const char *file, const struct lines *lines,
			char *row)
{
	char *cells[TABLE_NAMES_MAX], shown[81];
	bool named = *row == '#' || table_is_blank(row);

	if (named)
		return;
	snprintf(shown, sizeof shown, "%s", row);
	if (table_row(&lines->table, row, cells))
		for (size_t i = 0; i < lines->table.name_count; i++) {
			if (*cells[i])
				exclude_word(t, file, lines->number, cells[i]);
			named |= *cells[i] != '\0';
		}
	if (!named)
		target_lists_complain(&t->lists, file, lines->number, shown,
				      "expected a row with a name");
}

static void exclude_line(struct targets *t, const char *file, const struct lines *lines,
			 char *text)
{
	if (lines->table.separator)
		exclude_row(t, file, lines, text);
	else
		exclude_words(t, file, lines->number, text);
}

static void exclude_file(struct targets *t, const char *path)
{
	struct lines *lines = &t->lists.lines;
	struct pollfd ready = { -1, POLLIN, 0 };
	const char *name = target_lists_name(path);
	char *text;
	size_t len;

	if (!lines_open(lines, path)) {
		target_lists_complain_errno(&t->lists, name);
		return;
	}
	ready.fd = lines->descriptor;
	for (;;) {
		switch (lines_next(lines, &text, &len)) {
		case LINES_ONE:
			exclude_line(t, name, lines, text);
			continue;
		case LINES_HEADER:
			continue;
		case LINES_TOO_LONG:
			target_lists_complain(&t->lists, name, lines->number, "...",
					      "the line is longer than 4,096 bytes");
			continue;
		case LINES_LATER: /* nothing runs yet: wait */
			poll(&ready, 1, -1);
			continue;
		case LINES_FAILED:
			target_lists_complain_errno(&t->lists, name);
			break;
		case LINES_END:
			break;
		}
		break;
	}
	lines_close(lines);
}

static bool read_excludes(struct targets *t)
{
	const struct targets_options *o = &t->options;

	for (size_t i = 0; i < o->exclude_count; i++) {
		char *copy = strdup(o->excludes[i]);

		if (!copy) {
			target_lists_complain(&t->lists, "--exclude", 0, o->excludes[i],
					      "out of memory");
			return false;
		}
		exclude_words(t, "--exclude", 0, copy);
		free(copy);
	}
	for (size_t i = 0; i < o->exclude_file_count; i++)
		exclude_file(t, o->exclude_files[i]);
	return t->lists.bad == 0;
}

static uint64_t line_hosts(const struct target_line *line)
{
	if (line->spec.kind == SPEC_NAME)
		return 1;
	return address_distance(line->spec.first, line->spec.last) + 1;
}

static void count(struct targets *t)
{
	struct target_line line;

	while (t->lists.source.next(&t->lists.source, &line) == TARGETS_ONE)
		t->counted += line_hosts(&line);
	t->uncounted = t->lists.passed_pipe;
}

static enum targets_answer next_line(struct targets *t);
static bool next_of_line(struct targets *t);
static void fill(const struct targets *t, struct target *target);

enum targets_answer targets_next(struct targets *t, struct target *target)
{
	t->passed = 0;
	while (!next_of_line(t)) {
		enum targets_answer answer;

		if (t->passed >= TARGETS_PASSED_MOST)
			return TARGETS_PASSED;
		answer = next_line(t);
		if (answer != TARGETS_ONE)
			return answer;
		t->port = t->line.spec.port ? t->line.spec.port : t->options.port;
		t->next = t->line.spec.first;
		t->unfinished = true;
	}
	t->given++;
	fill(t, target);
	return TARGETS_ONE;
}

/* A line of the first source that has one. */
static enum targets_answer next_line(struct targets *t)
{
	enum targets_answer answer = TARGETS_END;
	struct target_source *s;

	t->waiting = NULL;
	STAILQ_FOREACH(s, &t->sources, others)
	{
		answer = s->next(s, &t->line);
		t->listed = s == &t->lists.source;
		if (answer == TARGETS_ONE)
			return answer;
		if (answer == TARGETS_LATER && (!t->waiting || !t->waiting->descriptor))
			t->waiting = s;
		if (answer == TARGETS_LATER && s->alone)
			break;
	}
	return t->waiting ? TARGETS_LATER : TARGETS_END;
}

/* Excluded by its text, of another part of the sweep, or done already. */
static bool unwanted(const struct targets *t, const char *name, uint16_t port)
{
	const struct targets_options *o = &t->options;

	if (excludes_hold_name(&t->excludes, name, port))
		return true;
	if (shard_of(name, o->shard.parts) != o->shard.part && !target_is_service(name))
		return true;
	return o->passed && o->passed(name, port, t->line.credential, o->passed_arg);
}

/* Without memory a host is rather asked twice than not at all. */
static bool known(struct targets *t, const char *name, uint16_t port)
{
	return hash_set_add_name(&t->names, name, port) == HASH_SET_KNOWN;
}

static bool next_name(struct targets *t)
{
	const char *name = t->line.spec.name;

	t->unfinished = false;
	t->met += t->listed;
	t->passed++;
	return !unwanted(t, name, t->port) && !known(t, name, t->port);
}

static bool is_single(const struct spec *spec)
{
	return address_compare(spec->first, spec->last) == 0;
}

/* Everything up to `last` was met. */
static void advance(struct targets *t, struct address last)
{
	const struct spec *spec = &t->line.spec;

	if (address_compare(last, spec->last) > 0)
		last = spec->last;
	if (t->listed)
		t->met += address_distance(t->next, last) + 1;
	t->next = address_plus(last, 1);
	if (address_compare(last, spec->last) < 0)
		return;
	t->unfinished = false;
	if (!is_single(spec))
		intervals_add(&t->networks,
			      (struct interval){ t->port, spec->first, spec->last });
}

static bool wanted_address(struct targets *t, struct address a)
{
	address_text(a, t->text);
	if (unwanted(t, t->text, t->port))
		return false;
	if (is_single(&t->line.spec))
		return hash_set_add_address(&t->names, a, t->port) != HASH_SET_KNOWN;
	return !hash_set_holds_address(&t->names, a, t->port);
}

/* Whole intervals that are excluded or were given are stepped over at once. */
static bool next_address(struct targets *t)
{
	while (t->unfinished && t->passed < TARGETS_PASSED_MOST) {
		struct address a = t->next;
		const struct interval *over = excludes_find(&t->excludes, a, t->port);

		if (!over)
			over = intervals_find(&t->networks, t->port, a);
		advance(t, over ? over->last : a);
		t->passed++;
		if (!over && wanted_address(t, a))
			return true;
	}
	return false;
}

static bool next_of_line(struct targets *t)
{
	if (!t->unfinished)
		return false;
	return t->line.spec.kind == SPEC_NAME ? next_name(t) : next_address(t);
}

static void fill(const struct targets *t, struct target *target)
{
	const struct target_line *line = &t->line;

	*target = (struct target){
		.name = line->spec.kind == SPEC_NAME ? line->spec.name : t->text,
		.port = t->port,
		.tags = line->tags,
		.tag_count = line->tag_count,
		.hint_known = line->hint_known,
		.hint = line->hint,
		.directory = line->directory,
		.credential = line->credential,
		.file = line->file,
		.line = line->number,
	};
}

int targets_descriptor(const struct targets *t)
{
	const struct target_source *s = t->waiting;

	return s && s->descriptor ? s->descriptor(s) : -1;
}

uint64_t targets_bad(const struct targets *t)
{
	return t->lists.bad + t->lists.skipped;
}

uint64_t targets_skipped(const struct targets *t)
{
	return t->lists.skipped;
}

bool targets_total(const struct targets *t, uint64_t *total)
{
	uint64_t left = t->counted > t->met ? t->counted - t->met : 0;
	const struct target_source *s;

	if (t->uncounted)
		return false;
	STAILQ_FOREACH(s, &t->sources, others)
	{
		uint64_t more = 0;

		if (s->left && !s->left(s, &more))
			return false;
		left += more;
	}
	if (t->options.shard.parts > 1)
		left /= t->options.shard.parts;
	*total = t->given + left;
	return true;
}

uint64_t targets_given(const struct targets *t)
{
	return t->given;
}

void targets_expanded(struct targets *t)
{
	t->given--;
}

bool targets_excluded(const struct targets *t, const struct sockaddr *address,
		      uint16_t port)
{
	char text[ADDRESS_TEXT_MAX];
	struct address a;

	if (!address_of(address, &a))
		return false;
	address_text(a, text);
	return excludes_find(&t->excludes, a, port) ||
	       excludes_hold_name(&t->excludes, text, port);
}

void targets_close(struct targets *t)
{
	if (!t)
		return;
	target_lists_end(&t->lists);
	excludes_free(&t->excludes);
	hash_set_free(&t->names);
	intervals_free(&t->networks);
	free(t);
}

struct target *target_copy(const struct target *target)
{
	const struct directory_fact *known_as = target->directory;
	size_t size = sizeof *target + target->tag_count * sizeof *target->tags +
		      strlen(target->name) + 1;
	struct directory_fact *directory;
	struct target *copy;
	const char **tags;
	char *text;

	if (known_as)
		size += sizeof *known_as + directory_fact_text_size(known_as);
	for (size_t i = 0; i < target->tag_count; i++)
		size += strlen(target->tags[i]) + 1;
	copy = malloc(size);
	if (!copy)
		return NULL;
	directory = (struct directory_fact *)(copy + 1);
	tags = (const char **)(directory + (known_as ? 1 : 0));
	text = (char *)(tags + target->tag_count);
	*copy = *target;
	copy->name = text;
	copy->tags = tags;
	text = stpcpy(text, target->name) + 1;
	for (size_t i = 0; i < target->tag_count; i++) {
		tags[i] = text;
		text = stpcpy(text, target->tags[i]) + 1;
	}
	if (known_as) {
		*directory = directory_fact_copy_to(known_as, &text);
		copy->directory = directory;
	}
	return copy;
}

size_t targets_passed(const struct targets *t)
{
	return t->passed;
}
