/* SPDX-License-Identifier: Apache-2.0 */
/* Carries a guard's wishes to the record that shards share, and its answers back. */
#include "scanner/login/shared_guard.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/console/log.h"

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer)-offsetof(type, member)))

/* A shard that has the turn for so long is spoken of, once. */
enum { LONG_POLLS = 10 * 1000 / SHARED_GUARD_POLL_MS };

struct shared_guard {
	struct workers *workers;
	struct shard_record *record;
	struct guard *guard;
	void (*changed)(void *arg);
	void *arg;
	uv_timer_t poll;
	struct work_item item;
	bool busy;      /* the item is a worker's */
	bool wants;     /* the turn */
	bool gives;     /* it back */
	bool doubts;    /* the turn is wanted for a check, whatever was proven */
	bool has_known; /* `known` is to be recorded */
	bool has_place; /* not taken since our turn began */
	bool failed;    /* said once */
	unsigned polls;
	struct shard_place accepted; /* ours, the latest; to be recorded */
	struct shard_place place;    /* of another shard */

	/* the worker's, while busy */
	enum shard_turn turn;
	struct guard_standing known;
};

static void advance(struct shared_guard *s);
static void take_on_worker(struct work_item *item);
static void on_taken(struct work_item *item);
static void on_poll(uv_timer_t *timer);
static void give_on_worker(struct work_item *item);
static void on_given(struct work_item *item);

static void on_want(void *arg, bool doubts)
{
	struct shared_guard *s = arg;

	s->wants = true;
	s->doubts = doubts;
	s->polls = 0;
	advance(s);
}

static void on_ended(void *arg)
{
	struct shared_guard *s = arg;

	s->gives = true;
	advance(s);
}

struct shared_guard *shared_guard_new(uv_loop_t *loop, struct workers *workers,
				      struct shard_record *record, struct guard *guard,
				      void (*changed)(void *arg), void *arg)
{
	struct shared_guard *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->workers = workers;
	s->record = record;
	s->guard = guard;
	s->changed = changed;
	s->arg = arg;
	uv_timer_init(loop, &s->poll);
	guard_share(guard, on_want, on_ended, s);
	return s;
}

bool shared_guard_busy(const struct shared_guard *s)
{
	return s->busy;
}

void shared_guard_end(struct shared_guard *s)
{
	uv_close((uv_handle_t *)&s->poll, NULL);
}

void shared_guard_free(struct shared_guard *s)
{
	free(s);
}

/* ---- one thing at a time: give before take ---- */

void shared_guard_note_place(struct shared_guard *s, const char *name, uint16_t port)
{
	size_t len = strlen(name);

	if (len > SHARD_PLACE_NAME_MAX)
		return;
	memcpy(s->accepted.name, name, len + 1);
	s->accepted.port = port;
}

const struct shard_place *shared_guard_take_place(struct shared_guard *s)
{
	if (!s->has_place)
		return NULL;
	s->has_place = false;
	return &s->place;
}

static void have_done(struct shared_guard *s, work_item_fn work, work_item_fn done)
{
	s->busy = true;
	s->item.work = work;
	s->item.done = done;
	workers_do(s->workers, &s->item, true);
}

static void advance(struct shared_guard *s)
{
	if (s->busy)
		return;
	if (s->gives) {
		s->gives = false;
		s->has_known = guard_get_standing(s->guard, &s->known);
		if (*s->accepted.name)
			shard_record_set_place(s->record, s->accepted.name,
					       s->accepted.port);
		have_done(s, give_on_worker, on_given);
	} else if (s->wants && !uv_is_active((uv_handle_t *)&s->poll)) {
		have_done(s, take_on_worker, on_taken);
	}
}

/* Where the answer is known the turn is not needed, and the next shard does not wait for
 * our loop. */
static void take_on_worker(struct work_item *item)
{
	struct shared_guard *s = container_of(item, struct shared_guard, item);

	s->turn = shard_record_take(s->record, &s->known);
	if (s->turn == SHARD_TURN_OURS &&
	    (s->known.stopped || (s->known.proven && !s->doubts)))
		shard_record_give(s->record, NULL);
}

static void say_failed(struct shared_guard *s, const char *what)
{
	if (!s->failed)
		log_say(LOG_WARNINGS, NULL, "credential guard",
			"%s: %s: this shard cannot share its logins with others, and "
			"counts refusals by itself",
			shard_record_path(s->record), what);
	s->failed = true;
}

static void ask_later(struct shared_guard *s)
{
	s->poll.data = s;
	uv_timer_start(&s->poll, on_poll, SHARED_GUARD_POLL_MS, 0);
	if (++s->polls == LONG_POLLS)
		log_say(LOG_WARNINGS, NULL, "credential guard",
			"%s: another shard has been trying the credential for 10 s; "
			"waiting for its result",
			shard_record_path(s->record));
}

static void on_taken(struct work_item *item)
{
	struct shared_guard *s = container_of(item, struct shared_guard, item);

	s->busy = false;
	if (item->cancelled || s->turn == SHARD_TURN_TAKEN) {
		ask_later(s);
		return;
	}
	s->wants = false;
	if (s->turn == SHARD_TURN_FAILED)
		say_failed(s, "no lock");
	s->place = *shard_record_place(s->record);
	s->has_place = *s->place.name != '\0';
	if (s->known.stopped)
		guard_stop_as(s->guard, &s->known, shard_record_author(s->record),
			      shard_record_path(s->record));
	else
		guard_grant(s->guard, &s->known);
	s->changed(s->arg);
	advance(s);
}

static void on_poll(uv_timer_t *timer)
{
	advance(timer->data);
}

static void give_on_worker(struct work_item *item)
{
	struct shared_guard *s = container_of(item, struct shared_guard, item);

	if (!shard_record_give(s->record, s->has_known ? &s->known : NULL))
		s->turn = SHARD_TURN_FAILED;
}

/* Others come before our next login: they ask as often as this waits. */
static void on_given(struct work_item *item)
{
	struct shared_guard *s = container_of(item, struct shared_guard, item);

	s->busy = false;
	if (s->turn == SHARD_TURN_FAILED)
		say_failed(s, "not written");
	s->changed(s->arg);
	if (s->wants)
		ask_later(s);
}
