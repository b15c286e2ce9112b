/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "report/directory/directory_json.h"
#include "report/facts/facts_json.h"
#include "scanner/journal/journal_file.h"
#include "scanner/journal/journal_line.h"

enum { LINGER_MS = 20, SYNC_EVERY_MS = 5000, HURRY_BYTES = 256 << 10 };
/* A record that takes more than a millisecond to become a line. */
enum { HEAVY_BYTES = 64 << 10 };

struct heavy {
	struct heavy *next;
	struct facts facts; /* owned */
};

struct text {
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
	struct text pending; /* whole lines not yet taken by the writer */
	size_t taken;        /* bytes the writer is busy with */
	struct heavy *heavy; /* records not yet taken by the writer, the newest first */
	size_t heavy_bytes;  /* of these and of those that it has taken */
	bool hurry, closing;
	void (*each_heavy)(const struct facts *f,
			   void *arg); /* NULL: nobody wants them */
	void *each_arg;
	const char *end; /* the last line, written behind all others; NULL: none */
	int error;       /* errno of the first failure */

	struct text writing; /* the writer's own */
	uint64_t synced_at;  /* the writer's own, ns; with `dirty` */
	bool dirty;
};

static bool cut_torn_line(struct journal *j, bool *torn);
static void write_on_thread(void *arg);

/* ---- open ---- */

static struct journal *refuse(struct journal *j, const char *path, const char *what,
			      char *why, size_t why_size)
{
	snprintf(why, why_size, "%s: %s", path, what);
	journal_close(j);
	return NULL;
}

struct journal *journal_open(const char *path, bool resume, bool *torn, char *why,
			     size_t why_size)
{
	struct journal *j = calloc(1, sizeof(*j));
	struct stat st;
	bool cut = false;

	if (!j)
		return refuse(NULL, path, "out of memory", why, why_size);
	j->fd = journal_file_open(path, why, why_size);
	if (j->fd < 0) {
		journal_close(j);
		return NULL;
	}
	j->path = strdup(path);
	if (!j->path || fstat(j->fd, &st) != 0)
		return refuse(j, path, strerror(errno), why, why_size);
	j->regular = S_ISREG(st.st_mode) && strcmp(path, "-") != 0;
	if (j->regular && flock(j->fd, LOCK_EX | LOCK_NB) != 0)
		return refuse(j, path,
			      errno == EWOULDBLOCK ? "another sweep writes to it"
						   : strerror(errno),
			      why, why_size);
	if (j->regular && !resume && st.st_size > 0)
		return refuse(j, path, JOURNAL_FILE_EXISTS, why, why_size);
	if (j->regular && !journal_file_is_one(j->fd))
		return refuse(j, path, "is not a journal, and stays as it is", why,
			      why_size);
	if (j->regular && !cut_torn_line(j, &cut))
		return refuse(j, path, strerror(errno), why, why_size);
	if (torn)
		*torn = cut;
	return j;
}

/* How much of the file is whole lines.  What a power cut left behind the last newline, be
 * it half a line or zero bytes, is not. */
static bool whole_length(int fd, off_t size, off_t *whole)
{
	char block[4096];

	while (size > 0) {
		size_t want = size < (off_t)sizeof(block) ? (size_t)size : sizeof(block);
		ssize_t n = pread(fd, block, want, size - (off_t)want);

		if (n != (ssize_t)want)
			return false;
		while (n > 0 && block[n - 1] != '\n')
			n--;
		size = size - (off_t)want + n;
		if (n > 0)
			break;
	}
	*whole = size;
	return true;
}

static bool cut_torn_line(struct journal *j, bool *torn)
{
	off_t size = lseek(j->fd, 0, SEEK_END), whole;

	if (size < 0 || !whole_length(j->fd, size, &whole))
		return false;
	*torn = whole < size;
	return !*torn || ftruncate(j->fd, whole) == 0;
}

/* ---- lines ---- */

static bool text_add(struct text *t, const char *bytes, size_t len)
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

/* A line enters whole or not at all. */
static void add_line(struct journal *j, const char *line, size_t len)
{
	bool was_empty;
	size_t before;

	uv_mutex_lock(&j->lock);
	was_empty = j->pending.len == 0;
	before = j->pending.len;
	if (j->error) {
		uv_mutex_unlock(&j->lock);
		return;
	}
	if (!line || !text_add(&j->pending, line, len) ||
	    !text_add(&j->pending, "\n", 1)) {
		j->pending.len = before;
		j->error = ENOMEM;
	}
	j->hurry |= j->pending.len > HURRY_BYTES;
	if (was_empty || j->hurry)
		uv_cond_signal(&j->wake);
	uv_mutex_unlock(&j->lock);
}

/* Takes `line`; NULL: there was no memory for it. */
static void add_text(struct journal *j, char *line)
{
	add_line(j, line, line ? strlen(line) : 0);
	free(line);
}

static void heavy_free(struct heavy *h)
{
	while (h) {
		struct heavy *next = h->next;

		facts_free(&h->facts);
		free(h);
		h = next;
	}
}

static void add_heavy(struct journal *j, struct facts *facts)
{
	struct heavy *h = malloc(sizeof(*h));

	uv_mutex_lock(&j->lock);
	if (!h && !j->error)
		j->error = ENOMEM;
	if (j->error) {
		free(h);
		facts_free(facts);
	} else {
		h->facts = *facts;
		facts_init(facts);
		j->heavy_bytes += pool_size(&h->facts.memory);
		h->next = j->heavy;
		j->heavy = h;
	}
	uv_cond_signal(&j->wake);
	uv_mutex_unlock(&j->lock);
}

bool journal_is_heavy(const struct facts *facts)
{
	return pool_size(&facts->memory) > HEAVY_BYTES;
}

void journal_on_heavy(struct journal *j, void (*each)(const struct facts *f, void *arg),
		      void *arg)
{
	j->each_heavy = each;
	j->each_arg = arg;
}

void journal_add(struct journal *j, struct facts *facts)
{
	if (journal_is_heavy(facts))
		add_heavy(j, facts);
	else
		add_text(j, facts_to_json(facts));
}

void journal_add_domain(struct journal *j, const struct directory_domain *domain,
			const struct directory_counts *counts)
{
	add_text(j, directory_domain_to_json(domain, counts));
}

void journal_add_lines(struct journal *j, char *lines)
{
	add_text(j, lines);
}

void journal_add_service(struct journal *j, const struct journal_service *service)
{
	add_text(j, journal_line_of_service(service));
}

/* ---- the writing thread ---- */

/* 0, or libuv's error. */
static int start_writer(struct journal *j)
{
	int error = uv_mutex_init(&j->lock);

	if (error)
		return error;
	error = uv_cond_init(&j->wake);
	if (error) {
		uv_mutex_destroy(&j->lock);
		return error;
	}
	j->synced_at = uv_hrtime();
	error = uv_thread_create(&j->writer, write_on_thread, j);
	if (error) {
		uv_cond_destroy(&j->wake);
		uv_mutex_destroy(&j->lock);
	}
	return error;
}

bool journal_begin(struct journal *j, const struct journal_header *header, char *why,
		   size_t why_size)
{
	int error = start_writer(j);

	if (error) {
		snprintf(why, why_size, "%s: no thread to write it with: %s", j->path,
			 uv_strerror(error));
		return false;
	}
	j->begun = j->running = true;
	add_text(j, journal_line_of_header(header));
	return true;
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
	struct text empty = j->writing;

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
	if (!text_add(&j->writing, j->end, strlen(j->end)) ||
	    !text_add(&j->writing, "\n", 1))
		return ENOMEM;
	j->dirty = true;
	return write_all(j);
}

/* The line of one heavy record, in the place of what was written before. */
static bool make_line(struct journal *j, const struct facts *facts)
{
	char *line = facts_to_json(facts);

	free(j->writing.at);
	j->writing = (struct text){ line, 0, 0 };
	if (!line)
		return false;
	j->writing.len = j->writing.room = strlen(line) + 1;
	line[j->writing.len - 1] = '\n';
	return true;
}

/* 0, or the errno.  Frees them; one line at a time is in memory. */
static int write_heavy(struct journal *j, struct heavy *taken)
{
	int error = 0;

	while (taken) {
		struct heavy *h = taken;
		size_t size = pool_size(&h->facts.memory);

		taken = h->next;
		h->next = NULL;
		if (j->each_heavy)
			j->each_heavy(&h->facts, j->each_arg);
		if (error == 0)
			error = make_line(j, &h->facts) ? write_all(j) : ENOMEM;
		j->dirty = true;
		heavy_free(h);
		uv_mutex_lock(&j->lock);
		j->heavy_bytes -= size;
		uv_mutex_unlock(&j->lock);
	}
	free(j->writing.at);
	j->writing = (struct text){ 0 };
	return error;
}

static void write_on_thread(void *arg)
{
	struct journal *j = arg;
	struct heavy *heavy;

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
			heavy_free(heavy);
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

/* ---- the loop's side again ---- */

size_t journal_backlog(struct journal *j)
{
	size_t n;

	uv_mutex_lock(&j->lock);
	n = j->pending.len + j->taken + j->heavy_bytes;
	uv_mutex_unlock(&j->lock);
	return n;
}

bool journal_failed(struct journal *j, char *why, size_t why_size)
{
	int error;

	uv_mutex_lock(&j->lock);
	error = j->error;
	uv_mutex_unlock(&j->lock);
	if (error)
		snprintf(why, why_size, "%s: %s", j->path, strerror(error));
	return error != 0;
}

bool journal_finish(struct journal *j, const struct journal_trailer *trailer)
{
	char *line = trailer ? journal_line_of_trailer(trailer) : NULL;

	uv_mutex_lock(&j->lock);
	if (trailer && !line && !j->error)
		j->error = ENOMEM;
	j->end = line;
	j->closing = true;
	uv_cond_signal(&j->wake);
	uv_mutex_unlock(&j->lock);
	uv_thread_join(&j->writer);
	j->running = false;
	free(line);
	return j->error == 0;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->running)
		journal_finish(j, NULL);
	if (j->begun) {
		uv_cond_destroy(&j->wake);
		uv_mutex_destroy(&j->lock);
	}
	if (j->fd >= 0)
		close(j->fd);
	heavy_free(j->heavy);
	free(j->pending.at);
	free(j->writing.at);
	free(j->path);
	free(j);
}
