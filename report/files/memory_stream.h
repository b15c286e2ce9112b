/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory_stream.h - a stream whose text stays in memory.
 *
 * Like open_memstream(3), but that text that found no memory is an error of the stream:
 * in glibc's it is lost, and nothing tells.
 */
#ifndef REPORT_FILES_MEMORY_STREAM_H
#define REPORT_FILES_MEMORY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct memory_stream {
	FILE *out; /* write here; NULL: not open */
	char *text;
	size_t length, room;
};

/* False: out of memory; then nothing is to be closed. */
bool memory_stream_open(struct memory_stream *m);
/* What was written, `m->length` bytes and a NUL; free() it.  NULL: out of memory. */
char *memory_stream_close(struct memory_stream *m);

#endif
