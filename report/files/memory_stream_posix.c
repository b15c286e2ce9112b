/* SPDX-License-Identifier: Apache-2.0 */
/* A stream of our own (fopencookie): what its writer refuses is in ferror(). */
#include "report/files/memory_stream.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024 };

/* Room for `more` bytes and a NUL. */
static bool grow(struct memory_stream *m, size_t more)
{
	size_t room = m->room ? m->room : FIRST_ROOM;
	char *wider;

	while (room - m->length <= more)
		room *= 2;
	if (room == m->room)
		return true;
	wider = realloc(m->text, room);
	if (!wider)
		return false;
	m->text = wider;
	m->room = room;
	return true;
}

static ssize_t on_write(void *cookie, const char *bytes, size_t length)
{
	struct memory_stream *m = cookie;

	if (!grow(m, length))
		return 0;
	memcpy(m->text + m->length, bytes, length);
	m->length += length;
	return (ssize_t)length;
}

bool memory_stream_open(struct memory_stream *m)
{
	*m = (struct memory_stream){ 0 };
	if (grow(m, 0))
		m->out = fopencookie(m, "w",
				     (cookie_io_functions_t){ .write = on_write });
	if (m->out)
		return true;
	free(m->text);
	return false;
}

char *memory_stream_close(struct memory_stream *m)
{
	bool whole = fflush(m->out) == 0 && !ferror(m->out);

	fclose(m->out);
	m->out = NULL;
	if (!whole) {
		free(m->text);
		return NULL;
	}
	m->text[m->length] = '\0';
	return m->text;
}
