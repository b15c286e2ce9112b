/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets.c - one target after another: counted, deduplicated, excluded, divided.
 *
 * Read downwards: open, count, take a line, take the hosts of a line, close.
 */
#include "scanner/targets/targets.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/targets/exclude.h"
#include "scanner/targets/target_source.h"

struct targets {
	struct targets_options options;
	struct excludes excludes;
	struct hash_set names;     /* given: names and single addresses */
	struct intervals networks; /* given: networks and ranges */
	uint64_t given;
	uint64_t counted, met; /* by the look ahead; since then, given or passed over */
	bool uncounted;        /* a pipe is among the lists */

	struct target_source source;
	struct target_line line; /* in hand */
	uint16_t port;
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
		source_say(options, "the targets cannot be read: out of memory");
		return NULL;
	}
	t->options = *options;
	if (!t->options.port)
		t->options.port = TARGET_PORT;
	source_begin(&t->source, &t->options, true);
	if (read_excludes(t))
		count(t);
	if (t->source.bad) {
		targets_close(t);
		return NULL;
	}
	source_begin(&t->source, &t->options, false);
	return t;
}

/* Words separated by commas or blanks; `text` is cut in place. */
static void exclude_words(struct targets *t, const char *file, unsigned long number,
			  char *text)
{
	char *word, why[200];

	for (char *p = text; *p; p++)
		if (*p == ',')
			*p = ' ';
	while ((word = line_word(&text)))
		if (!excludes_add(&t->excludes, word, why, sizeof why))
			source_complain(&t->source, file, number, word, why);
}

static void exclude_file(struct targets *t, const char *path)
{
	struct lines *lines = &t->source.lines;
	struct pollfd ready = { -1, POLLIN, 0 };
	const char *name = source_name(path);
	char *text;
	size_t len;

	if (!lines_open(lines, path)) {
		source_complain_errno(&t->source, name);
		return;
	}
	ready.fd = lines->descriptor;
	for (;;) {
		switch (lines_next(lines, &text, &len)) {
		case LINES_ONE:
			exclude_words(t, name, lines->number, text);
			continue;
		case LINES_TOO_LONG:
			source_complain(&t->source, name, lines->number, "...",
					"the line is longer than 4,096 bytes");
			continue;
		case LINES_LATER: /* nothing runs yet: wait */
			poll(&ready, 1, -1);
			continue;
		case LINES_FAILED:
			source_complain_errno(&t->source, name);
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
			source_complain(&t->source, "--exclude", 0, o->excludes[i],
					"out of memory");
			return false;
		}
		exclude_words(t, "--exclude", 0, copy);
		free(copy);
	}
	for (size_t i = 0; i < o->exclude_file_count; i++)
		exclude_file(t, o->exclude_files[i]);
	return t->source.bad == 0;
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

	while (source_next(&t->source, &line) == TARGETS_ONE)
		t->counted += line_hosts(&line);
	t->uncounted = t->source.passed_pipe;
}

static bool next_of_line(struct targets *t);
static void fill(const struct targets *t, struct target *target);

enum targets_answer targets_next(struct targets *t, struct target *target)
{
	while (!next_of_line(t)) {
		enum targets_answer answer = source_next(&t->source, &t->line);

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

/* Excluded by its text, of another part of the sweep, or done already. */
static bool unwanted(const struct targets *t, const char *name, uint16_t port)
{
	const struct targets_options *o = &t->options;

	if (excludes_hold_name(&t->excludes, name, port))
		return true;
	if (shard_of(name, o->shard.parts) != o->shard.part && !target_is_service(name))
		return true;
	return o->passed && o->passed(name, port, o->passed_arg);
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
	t->met++;
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
	while (t->unfinished) {
		struct address a = t->next;
		const struct interval *over = excludes_find(&t->excludes, a, t->port);

		if (!over)
			over = intervals_find(&t->networks, t->port, a);
		advance(t, over ? over->last : a);
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
		.credential = t->source.credential,
		.file = t->source.file,
		.line = t->source.number,
	};
}

int targets_descriptor(const struct targets *t)
{
	return t->source.lines.descriptor;
}

uint64_t targets_bad(const struct targets *t)
{
	return t->source.bad;
}

bool targets_total(const struct targets *t, uint64_t *total)
{
	uint64_t left = t->counted > t->met ? t->counted - t->met : 0;

	if (t->uncounted)
		return false;
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

bool targets_wants(struct targets *t, const char *name, uint16_t port)
{
	if (unwanted(t, name, port) || known(t, name, port))
		return false;
	t->given++;
	return true;
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
	source_end(&t->source);
	excludes_free(&t->excludes);
	hash_set_free(&t->names);
	intervals_free(&t->networks);
	free(t);
}

struct target *target_copy(const struct target *target)
{
	size_t size = sizeof *target + target->tag_count * sizeof *target->tags +
		      strlen(target->name) + 1;
	struct target *copy;
	const char **tags;
	char *text;

	for (size_t i = 0; i < target->tag_count; i++)
		size += strlen(target->tags[i]) + 1;
	copy = malloc(size);
	if (!copy)
		return NULL;
	tags = (const char **)(copy + 1);
	text = (char *)(tags + target->tag_count);
	*copy = *target;
	copy->name = text;
	copy->tags = tags;
	text = stpcpy(text, target->name) + 1;
	for (size_t i = 0; i < target->tag_count; i++) {
		tags[i] = text;
		text = stpcpy(text, target->tags[i]) + 1;
	}
	return copy;
}
