/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_feed_internal.h - what the files of a feed share.
 *
 *     directory_feed.c         the loop's side
 *     directory_feed_thread.c  the reading thread
 *     directory_feed_names.c   names of SIDs, both sides
 */
#ifndef SCANNER_DISCOVER_DIRECTORY_FEED_INTERNAL_H
#define SCANNER_DISCOVER_DIRECTORY_FEED_INTERNAL_H

#include <stdatomic.h>
#include <stdio.h>
#include <sys/queue.h>
#include <uv.h>

#include "scanner/discover/directory_feed.h"
#include "scanner/discover/directory_names.h"
#include "scanner/discover/feed_file.h"
#include "scanner/login/guard.h"
#include "scanner/targets/hash_set.h"

enum { FEED_WHY_MAX = 600 };

/* What the reading thread says beside computers. */
struct note {
	STAILQ_ENTRY(note) others;
	bool of_domain;
	char *lines; /* of the record, owned; NULL: it has none */
	char *place; /* a controller that accepted the login, owned; NULL: it is none */
	/* a login that ended */
	enum ldap_login login;
	struct fault fault;
	/* a domain at its end */
	struct directory_domain domain;
	struct directory_counts counts;
	struct pool pool;
};

/* A SID that a host holds and the directory is to name. */
struct wanted_sid {
	STAILQ_ENTRY(wanted_sid) others;
	char sid[];
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

	uv_mutex_t lock; /* guards what follows, up to `why_unnamed` */
	uv_cond_t changed;
	STAILQ_HEAD(notes, note) notes;
	uint64_t published, in_scope; /* bytes, records */
	bool asking;                  /* for a login */
	bool ended;                   /* the reading; the thread may go on with names */
	bool gone;                    /* the thread */
	bool last_one;                /* no SID will be wanted any more */
	enum answer answer;
	enum discover_end end;
	char why[FEED_WHY_MAX];
	const char *known[NAMES_DOMAINS_MAX]; /* SIDs of domains that can name */
	size_t known_count;
	STAILQ_HEAD(, wanted_sid) wanted; /* in the order they came */
	uint64_t unnamed;                 /* SIDs: no line was made for them */
	char why_unnamed[FEED_WHY_MAX];

	/* the loop's */
	struct guard *guard;
	struct guard_seat seat;
	void (*on_place)(const char *controller, void *arg);
	void *place_arg;
	struct feed_reader reader;
	struct directory_fact fact;
	uint64_t given;
	bool own_guard, broken;
	struct hash_set wanted_before; /* SIDs */

	/* the reading thread's */
	struct feed_writer writer;
	uint64_t written;
	bool out_of_room;
	struct directory_names names;
	struct pool known_pool; /* of `known` */
};

/* Takes what the thread has handed over; on the loop's thread. */
void directory_feed_take_notes(struct directory_feed *f);
/* The reading thread's whole life; `arg` is the feed. */
void directory_feed_read(void *arg);
/* Owns `lines`; NULL: memory was out, and the run is given up. */
void directory_feed_hand_lines(struct directory_feed *f, char *lines);
/* Names what is wanted until nothing will be wanted any more; on the reading thread. */
void directory_feed_serve(struct directory_feed *f);
/* A domain can name from here on; on the reading thread. */
void directory_feed_know(struct directory_feed *f, const struct directory_domain *d);
void directory_feed_free_wanted(struct directory_feed *f);

#endif
