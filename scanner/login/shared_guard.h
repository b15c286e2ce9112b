/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared_guard.h - one guard of several shards: it asks for the turn to log on.
 *
 * The guard says when it wants the turn and when it has ended; here a worker thread takes
 * the lock and reads and writes the record (shard_record.h), and the loop tells the
 * guard. While another shard has the turn it is asked for again every
 * SHARED_GUARD_POLL_MS.
 *
 * Loop's thread only.
 */
#ifndef SCANNER_LOGIN_SHARED_GUARD_H
#define SCANNER_LOGIN_SHARED_GUARD_H

#include <stdbool.h>
#include <uv.h>

#include "scanner/login/guard.h"
#include "scanner/login/shard_record.h"
#include "scanner/login/workers.h"

enum { SHARED_GUARD_POLL_MS = 100 };

struct shared_guard;

/* All is borrowed.  `changed` is called when guard_state() may have changed.  NULL: out
 * of memory. */
struct shared_guard *shared_guard_new(uv_loop_t *loop, struct workers *workers,
				      struct shard_record *record, struct guard *guard,
				      void (*changed)(void *arg), void *arg);
/* A host of ours accepted the credential: others may check it there. */
void shared_guard_note_place(struct shared_guard *s, const char *name, uint16_t port);
/* The place that another shard recorded, once for each turn of ours; NULL: none is left.
 * Lives until the next turn. */
const struct shard_place *shared_guard_take_place(struct shared_guard *s);
/* A worker thread has an item of it. */
bool shared_guard_busy(const struct shared_guard *s);
/* Close what belongs to the loop, not while busy; run the loop before freeing. */
void shared_guard_end(struct shared_guard *s);
void shared_guard_free(struct shared_guard *s);

#endif
