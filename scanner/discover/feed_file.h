/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed_file.h - computers in scope on their way from one thread to another, through a
 * file without a name: one side adds at its end, the other reads behind it.
 */
#ifndef SCANNER_DISCOVER_FEED_FILE_H
#define SCANNER_DISCOVER_FEED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"

/* The writing side. */
struct feed_writer {
	int descriptor;   /* borrowed */
	uint64_t written; /* bytes of whole records in the file */
	char *at;         /* owned: what is not written yet */
	size_t len, room;
};

/* False: out of memory, the record is not in it. */
bool feed_writer_add(struct feed_writer *w, const char *name,
		     const struct directory_fact *d);
/* False with errno: the file cannot be written. */
bool feed_writer_flush(struct feed_writer *w);
void feed_writer_free(struct feed_writer *w);

/* The reading side. */
enum { FEED_RECORD_MAX = 64 << 10 };

struct feed_reader {
	int descriptor;    /* borrowed */
	uint64_t position; /* in the file, of what stands at `at` in the buffer */
	size_t at, end;
	char buffer[FEED_RECORD_MAX];
};

/* The next record up to byte `limit` of the file; both outputs are borrowed until the
 * next call.  False: there is none, or what is there is no record (`*broken`). */
bool feed_reader_next(struct feed_reader *r, uint64_t limit, const char **name,
		      struct directory_fact *d, bool *broken);

#endif
