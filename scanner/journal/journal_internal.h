/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_internal.h - what the loop and the thread that writes have in common.
 */
#ifndef SCANNER_JOURNAL_JOURNAL_INTERNAL_H
#define SCANNER_JOURNAL_JOURNAL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "report/facts/facts.h"

struct journal_heavy {
	struct journal_heavy *next;
	struct facts facts; /* owned */
};

struct journal_text {
	char *at;
	size_t len, room;
};

struct journal {
	char *path;
	int fd;
	bool regular; /* a file that can be cut and synced */

	uv_thread_t writer;
	bool begun, running;
	uv_mutex_t lock; /* guards what follows, up to `writing` */
	uv_cond_t wake;
	struct journal_text pending; /* whole lines not yet taken by the writer */
	size_t taken;                /* bytes the writer is busy with */
	struct journal_heavy
		*heavy;     /* records not yet taken by the writer, the newest first */
	size_t heavy_bytes; /* of these and of those that it has taken */
	bool hurry, closing;
	void (*each_heavy)(const struct facts *f,
			   void *arg); /* NULL: nobody wants them */
	void *each_arg;
	const char *end; /* the last line, written behind all others; NULL: none */
	int error;       /* errno of the first failure */

	struct journal_text writing; /* the writer's own */
	uint64_t synced_at;          /* the writer's own, ns; with `dirty` */
	bool dirty;
};

/* False: out of memory, `t` is as it was. */
bool journal_text_add(struct journal_text *t, const char *bytes, size_t len);
/* All of the list; NULL: none. */
void journal_heavy_free(struct journal_heavy *h);
/* The thread: writes until the journal is closed, or the first failure. */
void journal_write_on_thread(void *journal);

#endif
