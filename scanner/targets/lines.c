/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.c - reading lines.
 */
#include "scanner/targets/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool lines_open(struct lines *l, const char *path)
{
	struct stat st;

	memset(l, 0, offsetof(struct lines, buffer));
	if (strcmp(path, "-") == 0) {
		l->descriptor = STDIN_FILENO;
		l->start = lseek(STDIN_FILENO, 0, SEEK_CUR);
		return true;
	}
	l->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (l->descriptor < 0)
		return false;
	if (fstat(l->descriptor, &st) == 0 && S_ISDIR(st.st_mode)) {
		lines_close(l);
		errno = EISDIR;
		return false;
	}
	return true;
}

void lines_take(struct lines *l, int descriptor)
{
	memset(l, 0, offsetof(struct lines, buffer));
	l->descriptor = descriptor;
}

int lines_give(struct lines *l)
{
	int descriptor = l->descriptor > STDIN_FILENO ? l->descriptor : -1;

	l->descriptor = -1;
	return descriptor;
}

void lines_close(struct lines *l)
{
	if (l->descriptor > STDIN_FILENO)
		close(l->descriptor);
	l->descriptor = -1;
}

bool lines_rewindable(const char *path)
{
	struct stat st;
	int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) : stat(path, &st);

	/* What is not there is best opened at once, to say so. */
	return failed || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode);
}

bool lines_rewind(struct lines *l)
{
	l->number = 0;
	l->from = l->to = 0;
	l->at_end = l->skipping = false;
	return lseek(l->descriptor, l->start, SEEK_SET) >= 0;
}

/* More bytes behind what is there; LINES_ONE when there are some or the end is known. */
static enum lines_answer fill(struct lines *l)
{
	struct pollfd ready = { l->descriptor, POLLIN, 0 };
	ssize_t n;

	memmove(l->buffer, l->buffer + l->from, l->to - l->from);
	l->to -= l->from;
	l->from = 0;
	if (poll(&ready, 1, 0) == 0)
		return LINES_LATER;
	/* One byte stays free for the NUL of a last line without a line end. */
	n = read(l->descriptor, l->buffer + l->to, sizeof l->buffer - 1 - l->to);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? LINES_LATER : LINES_FAILED;
	l->to += (size_t)n;
	l->at_end = n == 0;
	return LINES_ONE;
}

/* Hand out the line that ends at `end` (its LF or the end of the buffer). */
static enum lines_answer hand_out(struct lines *l, size_t end, char **text, size_t *len)
{
	size_t from = l->from, n = end - from;
	bool skipped = l->skipping;

	l->number++;
	l->from = end < l->to ? end + 1 : end;
	l->skipping = false;
	if (skipped || n > LINES_MAX)
		return LINES_TOO_LONG;
	if (n > 0 && l->buffer[end - 1] == '\r')
		n--;
	l->buffer[from + n] = '\0';
	*text = l->buffer + from;
	*len = n;
	return LINES_ONE;
}

enum lines_answer lines_next(struct lines *l, char **text, size_t *len)
{
	for (;;) {
		const char *lf = memchr(l->buffer + l->from, '\n', l->to - l->from);
		enum lines_answer answer;

		if (lf)
			return hand_out(l, (size_t)(lf - l->buffer), text, len);
		if (l->at_end && (l->from < l->to || l->skipping))
			return hand_out(l, l->to, text, len);
		if (l->at_end)
			return LINES_END;
		if (l->to - l->from > LINES_MAX) {
			l->skipping = true;
			l->from = l->to;
		}
		answer = fill(l);
		if (answer != LINES_ONE)
			return answer;
	}
}
