/* SPDX-License-Identifier: Apache-2.0 */
/* SIDs that hosts hold on their way to the reading thread, and their names back. */
#include <stdlib.h>
#include <string.h>

#include "scanner/discover/directory_feed_internal.h"

enum {
	WANTED_A_SWEEP_MAX = 200000, /* SIDs; a domain has fewer that hold a right */
	WANTED_A_HOST_MAX = 2000,    /* new ones: more are made up */
	KEEP_ALIVE_MS = 300000,
};

/* ---- the loop's side ---- */

bool directory_feed_names(const char *sid, void *arg)
{
	struct directory_feed *f = arg;
	bool known = false;

	uv_mutex_lock(&f->lock);
	for (size_t i = 0; i < f->known_count && !known; i++)
		known = directory_names_holds(f->known[i], sid);
	uv_mutex_unlock(&f->lock);
	return known;
}

static void leave_unnamed(struct directory_feed *f)
{
	uv_mutex_lock(&f->lock);
	f->unnamed++;
	uv_mutex_unlock(&f->lock);
}

static void want(struct directory_feed *f, const char *sid)
{
	size_t size = strlen(sid) + 1;
	struct wanted_sid *wanted = malloc(sizeof *wanted + size);

	if (!wanted) {
		leave_unnamed(f);
		return;
	}
	memcpy(wanted->sid, sid, size);
	uv_mutex_lock(&f->lock);
	STAILQ_INSERT_TAIL(&f->wanted, wanted, others);
	uv_cond_broadcast(&f->changed);
	uv_mutex_unlock(&f->lock);
}

static void want_holder(struct directory_feed *f, const struct holder *h, size_t *fresh)
{
	if (h->kind != KIND_NOT_TOLD || !directory_feed_names(h->sid, f) ||
	    hash_set_holds_name(&f->wanted_before, h->sid, 0))
		return;
	if (++*fresh > WANTED_A_HOST_MAX ||
	    f->wanted_before.count >= WANTED_A_SWEEP_MAX ||
	    hash_set_add_name(&f->wanted_before, h->sid, 0) == HASH_SET_NO_MEMORY)
		leave_unnamed(f);
	else
		want(f, h->sid);
}

void directory_feed_want(struct directory_feed *f, const struct facts *facts)
{
	size_t fresh = 0;

	for (size_t i = 0; i < facts->right_count; i++)
		for (size_t k = 0; k < facts->rights[i].holder_count; k++)
			want_holder(f, &facts->rights[i].holders[k], &fresh);
	directory_feed_take_notes(f);
}

uint64_t directory_feed_unnamed(const struct directory_feed *f, const char **why)
{
	*why = *f->why_unnamed ? f->why_unnamed : "too many, or out of memory";
	return f->unnamed;
}

void directory_feed_free_wanted(struct directory_feed *f)
{
	struct wanted_sid *wanted;

	while ((wanted = STAILQ_FIRST(&f->wanted))) {
		STAILQ_REMOVE_HEAD(&f->wanted, others);
		free(wanted);
	}
}

/* ---- the reading thread's ---- */

void directory_feed_know(struct directory_feed *f, const struct directory_domain *d)
{
	const char *sid;

	if (!f->options.names_wanted || !d->sid || !d->netbios_name || !d->dn ||
	    f->known_count == NAMES_DOMAINS_MAX)
		return;
	sid = pool_text(&f->known_pool, d->sid, strlen(d->sid));
	uv_mutex_lock(&f->lock);
	if (sid)
		f->known[f->known_count++] = sid;
	uv_mutex_unlock(&f->lock);
}

/* Waits for SIDs and takes up to NAMES_A_SEARCH; 0: none came for a long time, or none
 * will come any more. */
static size_t take_wanted(struct directory_feed *f, struct wanted_sid **taken, bool *over)
{
	size_t count = 0;

	uv_mutex_lock(&f->lock);
	if (STAILQ_EMPTY(&f->wanted) && !f->last_one)
		uv_cond_timedwait(&f->changed, &f->lock,
				  KEEP_ALIVE_MS * UINT64_C(1000000));
	while (!STAILQ_EMPTY(&f->wanted) && count < NAMES_A_SEARCH) {
		taken[count++] = STAILQ_FIRST(&f->wanted);
		STAILQ_REMOVE_HEAD(&f->wanted, others);
	}
	*over = !count && f->last_one;
	uv_mutex_unlock(&f->lock);
	return count;
}

/* From here on hosts are asked for their names again. */
static void give_up(struct directory_feed *f, size_t unnamed, const struct fault *fault)
{
	uv_mutex_lock(&f->lock);
	f->known_count = 0;
	f->unnamed += unnamed;
	if (fault->kind != FAULT_NONE)
		snprintf(f->why_unnamed, sizeof f->why_unnamed, "%s: %s", fault->step,
			 fault->what);
	uv_mutex_unlock(&f->lock);
}

static void name(struct directory_feed *f, struct wanted_sid **taken, size_t count)
{
	char *sids[NAMES_A_SEARCH], *lines;
	struct fault fault = { 0 };
	size_t named;

	for (size_t i = 0; i < count; i++)
		sids[i] = taken[i]->sid;
	lines = directory_names_read(&f->names, sids, count, &named, &fault);
	if (named)
		directory_feed_hand_lines(f, lines);
	if (named < count)
		give_up(f, count - named, &fault);
	for (size_t i = 0; i < count; i++)
		free(taken[i]);
}

/* The directory was not read to its end, or the run is over. */
static void leave_the_rest(struct directory_feed *f)
{
	const struct wanted_sid *wanted;

	uv_mutex_lock(&f->lock);
	f->known_count = 0;
	STAILQ_FOREACH(wanted, &f->wanted, others)
	f->unnamed++;
	if (!STAILQ_EMPTY(&f->wanted) && !*f->why_unnamed)
		snprintf(f->why_unnamed, sizeof f->why_unnamed,
			 "it was not read to its end");
	uv_mutex_unlock(&f->lock);
}

void directory_feed_serve(struct directory_feed *f)
{
	struct wanted_sid *taken[NAMES_A_SEARCH];
	bool over = false;

	while (f->names.count && !over && !atomic_load(&f->abandon)) {
		size_t count = take_wanted(f, taken, &over);

		if (count)
			name(f, taken, count);
		else if (!over)
			directory_names_keep_alive(&f->names);
	}
	leave_the_rest(f);
}
