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

#include "report/directory/directory_json.h"
#include "report/facts/facts_json.h"
#include "scanner/journal/journal_file.h"
#include "scanner/journal/journal_internal.h"
#include "scanner/journal/journal_line.h"

enum { HURRY_BYTES = 256 << 10 };
/* A record that takes more than a millisecond to become a line. */
enum { HEAVY_BYTES = 64 << 10 };

static bool cut_torn_line(struct journal *j, bool *torn);

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
	if (!line || !journal_text_add(&j->pending, line, len) ||
	    !journal_text_add(&j->pending, "\n", 1)) {
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

static void add_heavy(struct journal *j, struct facts *facts)
{
	struct journal_heavy *h = malloc(sizeof(*h));

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

/* ---- begin ---- */

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
	error = uv_thread_create(&j->writer, journal_write_on_thread, j);
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
	journal_heavy_free(j->heavy);
	free(j->pending.at);
	free(j->writing.at);
	free(j->path);
	free(j);
}
