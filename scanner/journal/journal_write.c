/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that writes: lines in bulk, heavy records one by one, fsync now and then. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/facts/facts_json.h"
#include "scanner/journal/journal_internal.h"

enum { LINGER_MS = 20, SYNC_EVERY_MS = 5000 };

bool journal_text_add(struct journal_text *t, const char *bytes, size_t len)
{
	if (len > t->room - t->len) {
		size_t room = t->room ? t->room : 16384;
		char *grown;

		while (room - t->len < len)
			room *= 2;
		grown = realloc(t->at, room);
		if (!grown)
			return false;
		t->at = grown;
		t->room = room;
	}
	if (len)
		memcpy(t->at + t->len, bytes, len);
	t->len += len;
	return true;
}

void journal_heavy_free(struct journal_heavy *h)
{
	while (h) {
		struct journal_heavy *next = h->next;

		facts_free(&h->facts);
		free(h);
		h = next;
	}
}

/* Called and returns with the lock held.  Waits for lines, then lingers for more so that
 * a busy sweep wakes this thread fifty times a second and not once a host. */
static void wait_for_lines(struct journal *j)
{
	while (j->pending.len == 0 && !j->heavy && !j->closing) {
		uint64_t left = SYNC_EVERY_MS * UINT64_C(1000000);

		if (!j->dirty)
			uv_cond_wait(&j->wake, &j->lock);
		else if (uv_cond_timedwait(&j->wake, &j->lock, left) == UV_ETIMEDOUT)
			return;
	}
	if (!j->closing && !j->hurry)
		uv_cond_timedwait(&j->wake, &j->lock, LINGER_MS * UINT64_C(1000000));
}

/* 0, or the errno; a line written in part is taken back where that is possible. */
static int write_all(struct journal *j)
{
	off_t begin = j->regular ? lseek(j->fd, 0, SEEK_END) : 0;
	size_t done = 0, whole;
	int error = 0;
	bool cut;

	while (done < j->writing.len && error == 0) {
		ssize_t n = write(j->fd, j->writing.at + done, j->writing.len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0)
			error = EIO;
		else if (errno != EINTR)
			error = errno;
	}
	if (error == 0 || !j->regular || begin < 0)
		return error;
	for (whole = done; whole > 0 && j->writing.at[whole - 1] != '\n'; whole--)
		;
	/* Where it cannot be cut a torn line stays, which every reader drops. */
	cut = ftruncate(j->fd, begin + (off_t)whole) == 0;
	(void)cut;
	return error;
}

static int sync_file(struct journal *j)
{
	j->synced_at = uv_hrtime();
	j->dirty = false;
	return j->regular && fsync(j->fd) != 0 ? errno : 0;
}

static bool sync_is_due(const struct journal *j)
{
	return j->dirty &&
	       uv_hrtime() - j->synced_at >= SYNC_EVERY_MS * UINT64_C(1000000);
}

/* Moves what is pending over to the writer; the two buffers change places. */
static void take_pending(struct journal *j)
{
	struct journal_text empty = j->writing;

	empty.len = 0;
	j->writing = j->pending;
	j->pending = empty;
	j->taken = j->writing.len;
	j->hurry = false;
}

/* The trailer: 0, or the errno. */
static int write_end(struct journal *j)
{
	j->writing.len = 0;
	if (!j->end)
		return 0;
	if (!journal_text_add(&j->writing, j->end, strlen(j->end)) ||
	    !journal_text_add(&j->writing, "\n", 1))
		return ENOMEM;
	j->dirty = true;
	return write_all(j);
}

/* The line of one heavy record, in the place of what was written before. */
static bool make_line(struct journal *j, const struct facts *facts)
{
	char *line = facts_to_json(facts);

	free(j->writing.at);
	j->writing = (struct journal_text){ line, 0, 0 };
	if (!line)
		return false;
	j->writing.len = j->writing.room = strlen(line) + 1;
	line[j->writing.len - 1] = '\n';
	return true;
}

/* 0, or the errno.  Frees them; one line at a time is in memory. */
static int write_heavy(struct journal *j, struct journal_heavy *taken)
{
	int error = 0;

	while (taken) {
		struct journal_heavy *h = taken;
		size_t size = pool_size(&h->facts.memory);

		taken = h->next;
		h->next = NULL;
		if (j->each_heavy)
			j->each_heavy(&h->facts, j->each_arg);
		if (error == 0)
			error = make_line(j, &h->facts) ? write_all(j) : ENOMEM;
		j->dirty = true;
		journal_heavy_free(h);
		uv_mutex_lock(&j->lock);
		j->heavy_bytes -= size;
		uv_mutex_unlock(&j->lock);
	}
	free(j->writing.at);
	j->writing = (struct journal_text){ 0 };
	return error;
}

void journal_write_on_thread(void *arg)
{
	struct journal *j = arg;
	struct journal_heavy *heavy;

	uv_mutex_lock(&j->lock);
	for (;;) {
		bool last, whole;
		int error = 0;

		wait_for_lines(j);
		take_pending(j);
		heavy = j->heavy;
		j->heavy = NULL;
		last = j->closing;
		whole = j->error == 0;
		uv_mutex_unlock(&j->lock);
		if (j->writing.len > 0) {
			error = write_all(j);
			j->dirty = true;
		}
		if (heavy && error == 0)
			error = write_heavy(j, heavy);
		else
			journal_heavy_free(heavy);
		if (last && whole && error == 0)
			error = write_end(j);
		if (error == 0 && (last ? j->dirty : sync_is_due(j)))
			error = sync_file(j);
		uv_mutex_lock(&j->lock);
		j->taken = 0;
		if (error && !j->error)
			j->error = error;
		if (j->error)
			j->pending.len = 0;
		if (last || j->error)
			break;
	}
	uv_mutex_unlock(&j->lock);
}
