/* SPDX-License-Identifier: Apache-2.0 */
/* Lines read block by block; a line that is too long is counted and not kept. */
#include "report/text/line_reader.h"

#include <stdlib.h>
#include <string.h>

void line_reader_open(struct line_reader *r, FILE *stream, size_t ceiling)
{
	*r = (struct line_reader){ .stream = stream, .ceiling = ceiling };
}

void line_reader_close(struct line_reader *r)
{
	free(r->line);
	r->line = NULL;
	r->room = 0;
}

/* True while something is read ahead. */
static bool fill(struct line_reader *r)
{
	if (r->at < r->end)
		return true;
	r->at = 0;
	r->end = fread(r->block, 1, sizeof(r->block), r->stream);
	if (r->end == 0 && ferror(r->stream))
		r->failed = true;
	return r->end > 0;
}

/* Room for `more` bytes and a NUL behind what is kept. */
static bool grow(struct line_reader *r, size_t more)
{
	size_t need = (size_t)r->length + more + 1, room = r->room ? r->room : 4096;
	char *grown;

	if (need <= r->room)
		return true;
	while (room < need)
		room *= 2;
	grown = realloc(r->line, room);
	if (!grown) {
		r->failed = true;
		return false;
	}
	r->line = grown;
	r->room = room;
	return true;
}

static bool keep(struct line_reader *r, const char *bytes, size_t count)
{
	if (r->too_long || r->length + count > r->ceiling) {
		r->too_long = true;
		r->length += count;
		return true;
	}
	if (!grow(r, count))
		return false;
	memcpy(r->line + r->length, bytes, count);
	r->length += count;
	r->line[r->length] = '\0';
	return true;
}

bool line_reader_next(struct line_reader *r)
{
	bool ended = false;

	r->length = 0;
	r->too_long = false;
	while (!ended && !r->failed && fill(r)) {
		const char *from = r->block + r->at;
		const char *newline = memchr(from, '\n', r->end - r->at);
		size_t count = newline ? (size_t)(newline - from) + 1 : r->end - r->at;

		ended = newline != NULL;
		if (!keep(r, from, count))
			return false;
		r->at += count;
	}
	r->is_last = !r->failed && !fill(r);
	return r->length > 0 && !r->failed;
}
