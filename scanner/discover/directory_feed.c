/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_feed.c - two threads and what passes between them: computers through the
 * temporary file, everything else as notes under one lock, a byte in the pipe for each.
 *
 * Read downwards: the loop's side, then the reading thread's.
 */
#include "scanner/discover/directory_feed.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>
#include <uv.h>

#include "report/directory/computer_fact.h"
#include "report/files/temporary_file.h"
#include "scanner/discover/feed_file.h"
#include "scanner/login/guard.h"
#include "scanner/targets/computer_sorter.h"

enum { STOP_MS = 3000, WHY_MAX = 600 };

/* What the reading thread says beside computers. */
struct note {
	STAILQ_ENTRY(note) others;
	bool of_domain;
	char *lines; /* of the record, owned; NULL: it has none */
	/* a login that ended */
	enum ldap_login login;
	struct fault fault;
	/* a domain at its end */
	struct directory_domain domain;
	struct directory_counts counts;
	struct pool pool;
};

enum answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };

struct directory_feed {
	struct target_source source; /* first */
	struct discover_options options;
	uv_thread_t thread;
	FILE *file;
	uv_file pipe[2]; /* read, write */
	bool started, joined;
	atomic_bool abandon;

	uv_mutex_t lock; /* guards what follows, up to `why` */
	uv_cond_t changed;
	STAILQ_HEAD(notes, note) notes;
	uint64_t published, in_scope; /* bytes, records */
	bool asking;                  /* for a login */
	bool ended;
	enum answer answer;
	enum discover_end end;
	char why[WHY_MAX];

	/* the loop's */
	struct guard *guard;
	struct guard_seat seat;
	struct feed_reader reader;
	struct directory_fact fact;
	uint64_t given;
	bool own_guard, broken;

	/* the reading thread's */
	struct feed_writer writer;
	uint64_t written;
	bool out_of_room;
};

static enum targets_answer next(struct target_source *source, struct target_line *line);
static int descriptor(const struct target_source *source);
static bool left(const struct target_source *source, uint64_t *number);
static void read_on_thread(void *arg);

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
	uv_cond_signal(&f->changed);
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
	if (f->guard && uv_thread_create(&f->thread, read_on_thread, f) == 0)
		return;
	f->ended = f->joined = true;
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
	else if (!note->of_domain && !note->lines)
		discover_tell_guard(&f->seat, note->login, &note->fault);
	if (!events->lines)
		free(note->lines);
	pool_free(&note->pool);
	free(note);
}

static void take_notes(struct directory_feed *f)
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
	take_notes(f);
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

bool directory_feed_stop(struct directory_feed *f)
{
	bool ended;

	if (!f->started || f->joined)
		return true;
	atomic_store(&f->abandon, true);
	uv_mutex_lock(&f->lock);
	f->answer = ANSWER_NO;
	uv_cond_signal(&f->changed);
	if (!f->ended)
		uv_cond_timedwait(&f->changed, &f->lock, STOP_MS * UINT64_C(1000000));
	ended = f->ended;
	uv_mutex_unlock(&f->lock);
	if (ended)
		uv_thread_join(&f->thread);
	f->joined = ended;
	return ended;
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
		pool_free(&note->pool);
		free(note);
	}
	if (f->own_guard)
		guard_free(f->guard);
	feed_writer_free(&f->writer);
	fclose(f->file);
	close(f->pipe[0]);
	close(f->pipe[1]);
	uv_cond_destroy(&f->changed);
	uv_mutex_destroy(&f->lock);
	free(f);
}

/* ---- the reading thread ---- */

static void wake_loop(const struct directory_feed *f)
{
	ssize_t n = write(f->pipe[1], "", 1);

	(void)n; /* a full pipe wakes it, too */
}

static bool on_ask(void *arg)
{
	struct directory_feed *f = arg;
	bool yes;

	uv_mutex_lock(&f->lock);
	if (f->answer != ANSWER_NO) {
		f->answer = ANSWER_NONE;
		f->asking = true;
	}
	wake_loop(f);
	while (f->answer == ANSWER_NONE)
		uv_cond_wait(&f->changed, &f->lock);
	yes = f->answer == ANSWER_YES && !atomic_load(&f->abandon);
	uv_mutex_unlock(&f->lock);
	return yes;
}

static void hand_over(struct directory_feed *f, struct note *note)
{
	uv_mutex_lock(&f->lock);
	STAILQ_INSERT_TAIL(&f->notes, note, others);
	uv_mutex_unlock(&f->lock);
	wake_loop(f);
}

/* Without memory for a verdict nothing may go on: the run is given up. */
static void on_login(enum ldap_login login, const struct fault *fault, void *arg)
{
	struct directory_feed *f = arg;
	struct note *note = calloc(1, sizeof *note);

	if (!note) {
		atomic_store(&f->abandon, true);
		return;
	}
	note->login = login;
	if (fault)
		note->fault = *fault;
	hand_over(f, note);
}

static void on_computer(const struct directory_computer *c, bool in_scope,
			enum computer_reason reason, void *arg)
{
	struct directory_feed *f = arg;
	struct computer_fact_texts texts;
	struct directory_fact fact;
	char name[COMPUTER_NAME_MAX];
	bool guessed;

	(void)reason;
	if (!in_scope || !computer_host_name(c, name, &guessed))
		return;
	computer_fact(c, &texts, &fact);
	if (feed_writer_add(&f->writer, name, &fact))
		f->written++;
	else
		f->out_of_room = true;
}

static void on_page(void *arg)
{
	struct directory_feed *f = arg;

	if (!feed_writer_flush(&f->writer))
		f->out_of_room = true;
	if (f->out_of_room)
		atomic_store(&f->abandon, true);
	uv_mutex_lock(&f->lock);
	f->published = f->writer.written;
	f->in_scope = f->written;
	uv_mutex_unlock(&f->lock);
	wake_loop(f);
}

static const char *keep(struct pool *pool, const char *text)
{
	return text ? pool_text(pool, text, strlen(text)) : NULL;
}

static void on_domain(const struct directory_domain *d,
		      const struct directory_counts *counts, void *arg)
{
	struct note *note = calloc(1, sizeof *note);

	if (!note)
		return;
	note->of_domain = true;
	note->counts = *counts;
	note->domain = (struct directory_domain){
		.dns_name = keep(&note->pool, d->dns_name),
		.netbios_name = keep(&note->pool, d->netbios_name),
		.dn = keep(&note->pool, d->dn),
		.sid = keep(&note->pool, d->sid),
		.forest = keep(&note->pool, d->forest),
		.controller = keep(&note->pool, d->controller),
		.proof = d->proof,
		.read_at = keep(&note->pool, d->read_at),
		.error = keep(&note->pool, d->error),
	};
	if (note->domain.dns_name)
		hand_over(arg, note);
	else
		free(note);
}

static void on_lines(char *lines, void *arg)
{
	struct directory_feed *f = arg;
	struct note *note = lines ? calloc(1, sizeof *note) : NULL;

	if (!note) {
		atomic_store(&f->abandon, true);
		free(lines);
		return;
	}
	note->lines = lines;
	hand_over(f, note);
}

static void read_on_thread(void *arg)
{
	struct directory_feed *f = arg;
	struct discover_options options = f->options;
	char why[WHY_MAX] = "";
	enum discover_end end;

	options.events = (struct discover_events){ .domain = on_domain,
						   .lines = on_lines,
						   .computer = on_computer,
						   .page = on_page,
						   .arg = f };
	options.guard = (struct discover_guard){ on_ask, on_login, f };
	options.abandon = &f->abandon;
	end = discover(&options, why, sizeof why);
	if (f->out_of_room) {
		snprintf(why, sizeof why,
			 "the temporary file of the directory cannot be written");
		end = DISCOVER_INCOMPLETE;
	}
	uv_mutex_lock(&f->lock);
	f->end = end;
	snprintf(f->why, sizeof f->why, "%s", why);
	f->ended = true;
	uv_cond_signal(&f->changed);
	wake_loop(f);
	uv_mutex_unlock(&f->lock);
}
