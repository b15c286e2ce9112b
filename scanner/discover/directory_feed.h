/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_feed.h - Active Directory as a source of targets: read on a thread of its own
 * while the sweep asks the computers that came already.
 *
 * What is in scope goes through a temporary file, so that a slow sweep never makes the
 * domain controller wait, and what is kept in memory of a computer is two hashes.  The
 * login passes the sweep's guard, as that of a host does: nobody else logs on before it
 * was accepted.
 *
 * All functions belong to the loop's thread.
 */
#ifndef SCANNER_DISCOVER_DIRECTORY_FEED_H
#define SCANNER_DISCOVER_DIRECTORY_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/discover/discover.h"
#include "scanner/targets/target_source.h"

struct directory_feed;
struct guard;

/* Makes the temporary file and the pipe; nothing is asked yet.  NULL with `why`. */
struct directory_feed *directory_feed_open(char *why, size_t why_size);
/* What to read, before the first target is taken; all of it is borrowed until
 * directory_feed_close().  Of the events `domain` and `lines` count, called on the
 * loop's thread. */
void directory_feed_set(struct directory_feed *f, const struct discover_options *options);
/* Who is asked before a login; NULL: nobody any more.  Without it the feed has a guard of
 * its own. */
void directory_feed_guard(struct directory_feed *f, struct guard *guard);
/* Told of each domain controller that has accepted the login, on the loop's thread: a
 * place to check a refusal at.  NULL: nobody. */
void directory_feed_on_place(struct directory_feed *f,
			     void (*on_place)(const char *controller, void *arg),
			     void *arg);
struct target_source *directory_feed_source(struct directory_feed *f);

/* True of a SID of a domain that is being read or was: the directory will name it, and no
 * host need be asked.  `arg` is the feed. */
bool directory_feed_names(const char *sid, void *arg);
/* A host's record is whole: has the SIDs named that it holds and nobody was asked for,
 * each once a sweep.  Their names come as `lines`. */
void directory_feed_want(struct directory_feed *f, const struct facts *facts);
/* No further record will come: waits for the names that are still wanted. */
void directory_feed_finish(struct directory_feed *f);
/* SIDs that should have been named and were not, after directory_feed_stop(); `why` is
 * borrowed. */
uint64_t directory_feed_unnamed(const struct directory_feed *f, const char **why);

/* Ends the reading if it is under way.  False: the thread is inside a call that blocks;
 * it uses what it borrowed until the process ends. */
bool directory_feed_stop(struct directory_feed *f);
/* How it went, once it has ended or was stopped; `why` is borrowed. */
enum discover_end directory_feed_end(const struct directory_feed *f, const char **why);
/* After directory_feed_stop() said true, or where nothing was begun. */
void directory_feed_close(struct directory_feed *f);

#endif
