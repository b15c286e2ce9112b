/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_feed.c - the loop's side of two threads and what passes between them:
 * computers through the temporary file, everything else as notes under one lock, a byte
 * in the pipe for each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/files/temporary_file.h"
#include "scanner/discover/directory_feed_internal.h"
#include "scanner/targets/computer_sorter.h"

enum {
	STOP_MS = 3000,
	FINISH_MS = 60000, /* for the names that are still wanted */
};

static enum targets_answer next(struct target_source *source, struct target_line *line);
static int descriptor(const struct target_source *source);
static bool left(const struct target_source *source, uint64_t *number);

/* ---- birth ---- */

static bool make_files(struct directory_feed *f)
{
	f->file = temporary_file_take();
	if (!f->file)
		return false;
	f->reader.descriptor = f->writer.descriptor = fileno(f->file);
	return uv_pipe(f->pipe, UV_NONBLOCK_PIPE, UV_NONBLOCK_PIPE) == 0;
}

struct directory_feed *directory_feed_open(char *why, size_t why_size)
{
	struct directory_feed *f = calloc(1, sizeof *f);

	if (!f) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	STAILQ_INIT(&f->notes);
	STAILQ_INIT(&f->wanted);
	f->end = DISCOVER_FAILED;
	f->source = (struct target_source){
		.next = next, .descriptor = descriptor, .left = left, .alone = true
	};
	if (!make_files(f)) {
		snprintf(why, why_size, "no temporary file for the directory: %s",
			 strerror(errno));
		if (f->file)
			fclose(f->file);
		free(f);
		return NULL;
	}
	uv_mutex_init(&f->lock);
	uv_cond_init(&f->changed);
	return f;
}

void directory_feed_set(struct directory_feed *f, const struct discover_options *options)
{
	f->options = *options;
}

void directory_feed_guard(struct directory_feed *f, struct guard *guard)
{
	f->guard = guard;
}

void directory_feed_on_place(struct directory_feed *f,
			     void (*on_place)(const char *controller, void *arg),
			     void *arg)
{
	f->on_place = on_place;
	f->place_arg = arg;
}

struct target_source *directory_feed_source(struct directory_feed *f)
{
	return &f->source;
}

/* ---- the loop's side ---- */

static void reply(struct directory_feed *f, enum answer answer)
{
	uv_mutex_lock(&f->lock);
	f->asking = false;
	f->answer = answer;
	uv_cond_broadcast(&f->changed);
	uv_mutex_unlock(&f->lock);
}

static void on_told(struct guard_seat *seat, enum guard_answer answer)
{
	struct directory_feed *f =
		(struct directory_feed *)((char *)seat -
					  offsetof(struct directory_feed, seat));

	reply(f, answer == GUARD_GO ? ANSWER_YES : ANSWER_NO);
}

static void start(struct directory_feed *f)
{
	f->started = true;
	f->own_guard = !f->guard;
	if (f->own_guard)
		f->guard = guard_new("", 1);
	f->seat.told = on_told;
	if (f->guard && uv_thread_create(&f->thread, directory_feed_read, f) == 0)
		return;
	f->ended = f->gone = f->joined = true;
	snprintf(f->why, sizeof f->why, "no thread to read the directory with");
}

static void drain_pipe(const struct directory_feed *f)
{
	char bytes[64];

	while (read(f->pipe[0], bytes, sizeof bytes) > 0)
		;
}

static void take_note(struct directory_feed *f, struct note *note)
{
	const struct discover_events *events = &f->options.events;

	if (note->lines && events->lines)
		events->lines(note->lines, events->arg);
	else if (note->of_domain && events->domain)
		events->domain(&note->domain, &note->counts, events->arg);
	else if (note->place && f->on_place)
		f->on_place(note->place, f->place_arg);
	else if (!note->of_domain && !note->lines && !note->place)
		discover_tell_guard(&f->seat, note->login, &note->fault);
	if (!events->lines)
		free(note->lines);
	free(note->place);
	pool_free(&note->pool);
	free(note);
}

void directory_feed_take_notes(struct directory_feed *f)
{
	struct notes notes = STAILQ_HEAD_INITIALIZER(notes);
	struct note *note;
	bool asking;

	uv_mutex_lock(&f->lock);
	STAILQ_CONCAT(&notes, &f->notes);
	asking = f->asking && !f->seat.waiting && !f->seat.logging_on;
	uv_mutex_unlock(&f->lock);
	while ((note = STAILQ_FIRST(&notes))) {
		STAILQ_REMOVE_HEAD(&notes, others);
		take_note(f, note);
	}
	if (!asking)
		return;
	switch (f->guard ? guard_ask(f->guard, &f->seat) : GUARD_STOP) {
	case GUARD_GO:
		reply(f, ANSWER_YES);
		break;
	case GUARD_STOP:
		reply(f, ANSWER_NO);
		break;
	case GUARD_WAIT:
		break;
	}
}

static enum targets_answer next(struct target_source *source, struct target_line *line)
{
	struct directory_feed *f = (struct directory_feed *)source;
	uint64_t limit;
	const char *name;
	bool ended;

	if (!f->started)
		start(f);
	drain_pipe(f);
	uv_mutex_lock(&f->lock);
	limit = f->published;
	ended = f->ended; /* then all its notes are there */
	uv_mutex_unlock(&f->lock);
	directory_feed_take_notes(f);
	if (!f->broken &&
	    feed_reader_next(&f->reader, limit, &name, &f->fact, &f->broken)) {
		f->given++;
		target_line_of_computer(line, name, &f->fact);
		return TARGETS_ONE;
	}
	return ended || f->broken ? TARGETS_END : TARGETS_LATER;
}

static int descriptor(const struct target_source *source)
{
	return ((const struct directory_feed *)source)->pipe[0];
}

static bool left(const struct target_source *source, uint64_t *number)
{
	struct directory_feed *f = (struct directory_feed *)(uintptr_t)source;
	bool ended;

	uv_mutex_lock(&f->lock);
	ended = f->ended;
	*number = f->in_scope - f->given;
	uv_mutex_unlock(&f->lock);
	return ended;
}

/* ---- end ---- */

/* Waits up to `ms` for the end of the thread; under the lock. */
static void wait_until_gone(struct directory_feed *f, uint64_t ms)
{
	uint64_t now = uv_hrtime(), end = now + ms * 1000000;

	while (!f->gone && now < end) {
		uv_cond_timedwait(&f->changed, &f->lock, end - now);
		now = uv_hrtime();
	}
}

void directory_feed_finish(struct directory_feed *f)
{
	if (!f->started || f->joined)
		return;
	uv_mutex_lock(&f->lock);
	f->last_one = true;
	uv_cond_broadcast(&f->changed);
	if (f->ended)
		wait_until_gone(f, FINISH_MS);
	uv_mutex_unlock(&f->lock);
	directory_feed_take_notes(f);
}

bool directory_feed_stop(struct directory_feed *f)
{
	bool gone;

	if (!f->started || f->joined)
		return true;
	atomic_store(&f->abandon, true);
	uv_mutex_lock(&f->lock);
	f->answer = ANSWER_NO;
	f->last_one = true;
	uv_cond_broadcast(&f->changed);
	wait_until_gone(f, STOP_MS);
	gone = f->gone;
	uv_mutex_unlock(&f->lock);
	if (gone)
		uv_thread_join(&f->thread);
	f->joined = gone;
	return gone;
}

enum discover_end directory_feed_end(const struct directory_feed *f, const char **why)
{
	*why = f->broken ? "the temporary file of the directory cannot be read" : f->why;
	if (f->broken && f->end == DISCOVER_DONE)
		return DISCOVER_INCOMPLETE;
	return f->end;
}

void directory_feed_close(struct directory_feed *f)
{
	struct note *note;

	if (!f)
		return;
	while ((note = STAILQ_FIRST(&f->notes))) {
		STAILQ_REMOVE_HEAD(&f->notes, others);
		free(note->lines);
		free(note->place);
		pool_free(&note->pool);
		free(note);
	}
	if (f->own_guard)
		guard_free(f->guard);
	directory_feed_free_wanted(f);
	pool_free(&f->known_pool);
	hash_set_free(&f->wanted_before);
	feed_writer_free(&f->writer);
	fclose(f->file);
	close(f->pipe[0]);
	close(f->pipe[1]);
	uv_cond_destroy(&f->changed);
	uv_mutex_destroy(&f->lock);
	free(f);
}
