/* SPDX-License-Identifier: Apache-2.0 */
/* A record: its length, flags and role, then texts: 1 and the text and a NUL, or 0. */
#include "scanner/discover/feed_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct head {
	uint32_t length; /* of the record, this included */
	uint8_t role, enabled_known, enabled;
};

/* ---- written ---- */

static size_t room_for(const char *text)
{
	return text ? strlen(text) + 2 : 1;
}

static bool grow(struct feed_writer *w, size_t more)
{
	size_t room = w->room ? w->room : FEED_RECORD_MAX;
	char *grown;

	if (w->room - w->len >= more)
		return true;
	while (room - w->len < more)
		room *= 2;
	grown = realloc(w->at, room);
	if (!grown)
		return false;
	w->at = grown;
	w->room = room;
	return true;
}

static void put(struct feed_writer *w, const char *text)
{
	w->at[w->len++] = text != NULL;
	if (text)
		w->len = (size_t)(stpcpy(w->at + w->len, text) - w->at) + 1;
}

bool feed_writer_add(struct feed_writer *w, const char *name,
		     const struct directory_fact *d)
{
	size_t length = sizeof(struct head) + room_for(name);
	struct head head = { .role = (uint8_t)d->role,
			     .enabled_known = d->enabled_known,
			     .enabled = d->enabled };

#define X(text) length += room_for(d->text);
	DIRECTORY_FACT_TEXTS(X)
#undef X
	if (length > FEED_RECORD_MAX || !grow(w, length))
		return false;
	head.length = (uint32_t)length;
	memcpy(w->at + w->len, &head, sizeof head);
	w->len += sizeof head;
	put(w, name);
#define X(text) put(w, d->text);
	DIRECTORY_FACT_TEXTS(X)
#undef X
	return true;
}

bool feed_writer_flush(struct feed_writer *w)
{
	size_t done = 0;

	while (done < w->len) {
		ssize_t n = pwrite(w->descriptor, w->at + done, w->len - done,
				   (off_t)(w->written + done));

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			return false;
	}
	w->written += w->len;
	w->len = 0;
	return true;
}

void feed_writer_free(struct feed_writer *w)
{
	free(w->at);
	*w = (struct feed_writer){ .descriptor = w->descriptor };
}

/* ---- read ---- */

/* What is left in the buffer moves to its beginning, and the file fills it up. */
static void fill(struct feed_reader *r, uint64_t limit)
{
	size_t kept = r->end - r->at, want;
	ssize_t n;

	memmove(r->buffer, r->buffer + r->at, kept);
	r->at = 0;
	r->end = kept;
	want = sizeof r->buffer - kept;
	if (limit - r->position - kept < want)
		want = (size_t)(limit - r->position - kept);
	do
		n = pread(r->descriptor, r->buffer + kept, want,
			  (off_t)(r->position + kept));
	while (n < 0 && errno == EINTR);
	if (n > 0)
		r->end += (size_t)n;
}

static bool holds(const struct feed_reader *r, struct head *head)
{
	if (r->end - r->at < sizeof *head)
		return false;
	memcpy(head, r->buffer + r->at, sizeof *head);
	return head->length <= r->end - r->at;
}

static bool take(const char **at, const char *end, const char **text)
{
	const char *nul;

	*text = NULL;
	if (*at == end)
		return false;
	if (!*(*at)++)
		return true;
	nul = memchr(*at, 0, (size_t)(end - *at));
	if (!nul)
		return false;
	*text = *at;
	*at = nul + 1;
	return true;
}

static bool read_record(const char *at, const char *end, const char **name,
			struct directory_fact *d)
{
	if (!take(&at, end, name) || !*name)
		return false;
#define X(text)                        \
	if (!take(&at, end, &d->text)) \
		return false;
	DIRECTORY_FACT_TEXTS(X)
#undef X
	return at == end;
}

bool feed_reader_next(struct feed_reader *r, uint64_t limit, const char **name,
		      struct directory_fact *d, bool *broken)
{
	struct head head = { 0 };
	const char *record;

	*broken = false;
	if (r->position >= limit)
		return false;
	if (!holds(r, &head))
		fill(r, limit);
	*broken = true;
	if (!holds(r, &head) || head.length < sizeof head || head.role >= ROLE_COUNT)
		return false;
	record = r->buffer + r->at;
	*d = (struct directory_fact){ .role = (enum role)head.role,
				      .enabled_known = head.enabled_known,
				      .enabled = head.enabled };
	if (!read_record(record + sizeof head, record + head.length, name, d))
		return false;
	r->at += head.length;
	r->position += head.length;
	*broken = false;
	return true;
}
