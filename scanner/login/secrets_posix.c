/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secrets_posix.c - where passwords live, and how they come in.
 */
#include "scanner/login/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "report/text/decode.h"
#include "scanner/login/credentials.h"

/* Of a file with one password: UTF-16 takes twice the bytes of UTF-8 at most. */
enum { LINE_BYTES_MAX = 4 * CREDENTIAL_TEXT_MAX };

static char *block;
static size_t used;

static bool begin(void)
{
	void *p;

	if (block)
		return true;
	p = mmap(NULL, SECRETS_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		 -1, 0);
	if (p == MAP_FAILED)
		return false;
	/* Where the limit forbids locking, the other protections still hold. */
	(void)mlock(p, SECRETS_MAX);
	(void)madvise(p, SECRETS_MAX, MADV_DONTDUMP);
	(void)madvise(p, SECRETS_MAX, MADV_WIPEONFORK);
	block = p;
	used = 0;
	return true;
}

char *secret_take(size_t size)
{
	char *p;

	if (!begin() || size > SECRETS_MAX - used)
		return NULL;
	p = block + used;
	used += size;
	return p;
}

char *secret_copy(const char *text)
{
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy = text ? secret_take(size) : NULL;

	return copy ? memcpy(copy, text, size) : NULL;
}

/* The C library's main heap; what is mapped apart is large, and no credential. */
void secrets_lock_heap(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	char line[512];

	while (maps && fgets(line, sizeof line, maps))
		if (strstr(line, "[heap]") && sscanf(line, "%lx-%lx", &from, &to) == 2)
			(void)mlock((const void *)from, to - from);
	if (maps)
		fclose(maps);
}

void secrets_wipe(void)
{
	if (!block)
		return;
	explicit_bzero(block, SECRETS_MAX);
	munmap(block, SECRETS_MAX);
	block = NULL;
}

/* One byte, as read() says it; with `open_mask` signals of that mask end the wait. */
static ssize_t read_byte(int fd, const sigset_t *open_mask, char *c)
{
	struct pollfd ready = { fd, POLLIN, 0 };

	if (open_mask && ppoll(&ready, 1, NULL, open_mask) < 0)
		return -1;
	return read(fd, c, 1);
}

/* Into `line`, which has room for CREDENTIAL_TEXT_MAX bytes and a NUL. */
static bool read_line(int fd, const sigset_t *open_mask, char *line, char *why,
		      size_t why_size)
{
	size_t n = 0;
	ssize_t got;
	char c;

	while ((got = read_byte(fd, open_mask, &c)) == 1 && c != '\n') {
		if (n == CREDENTIAL_TEXT_MAX) {
			snprintf(why, why_size, "longer than %d bytes",
				 CREDENTIAL_TEXT_MAX);
			return false;
		}
		line[n++] = c;
	}
	explicit_bzero(&c, 1);
	if (got < 0) {
		snprintf(why, why_size, "%s", strerror(errno));
		return false;
	}
	if (n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	if (n == 0)
		snprintf(why, why_size, "empty");
	return n > 0;
}

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

enum { SIGNALS = 6 };
static const int signals[SIGNALS] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM
};

/* All signals are blocked; those of `open_mask` come in only while a byte is waited for,
 * so that none slips in between. */
static bool read_guarded(int tty, const sigset_t *open_mask, char *line, char *why,
			 size_t why_size)
{
	struct sigaction before[SIGNALS], catcher = { .sa_handler = on_signal };
	bool good;

	caught = 0;
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &catcher, &before[i]);
	good = read_line(tty, open_mask, line, why, why_size);
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	return good && !caught;
}

/* With the echo off; whatever happens, the terminal is as before when a signal acts. */
static bool ask_quietly(int tty, const char *prompt, char *line, char *why,
			size_t why_size)
{
	struct termios was, silent;
	sigset_t shut, before;
	bool good;

	if (tcgetattr(tty, &was) != 0) {
		snprintf(why, why_size, "%s", strerror(errno));
		return false;
	}
	sigfillset(&shut);
	sigprocmask(SIG_BLOCK, &shut, &before);
	silent = was;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	tcsetattr(tty, TCSAFLUSH, &silent);
	dprintf(tty, "%s", prompt);
	good = read_guarded(tty, &before, line, why, why_size);
	/* At once: a terminal that nobody reads any more must not hold us. */
	tcsetattr(tty, TCSANOW, &was);
	dprintf(tty, "\n");
	if (caught)
		raise(caught);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return good;
}

char *secret_ask(const char *prompt, char *why, size_t why_size)
{
	char *line = secret_take(CREDENTIAL_TEXT_MAX + 1);
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool good;

	if (tty < 0) {
		snprintf(why, why_size,
			 "no terminal to ask; use -A FILE, LSASWEEP_PASSWORD or "
			 "$CREDENTIALS_DIRECTORY/password");
		return NULL;
	}
	if (!line) {
		snprintf(why, why_size, "out of memory");
		close(tty);
		return NULL;
	}
	good = ask_quietly(tty, prompt, line, why, why_size);
	close(tty);
	return good ? line : NULL;
}

/* As much as the first line may have in any encoding; negative: errno tells. */
static ssize_t read_start(int fd, char *bytes, bool *whole)
{
	size_t n = 0;
	ssize_t got = 1;

	while (n < LINE_BYTES_MAX && (got = read(fd, bytes + n, LINE_BYTES_MAX - n)) > 0)
		n += (size_t)got;
	*whole = got == 0;
	return got < 0 ? -1 : (ssize_t)n;
}

/* The first line of a text in any encoding, in place of `text`. */
static bool cut_line(char *text, const struct decoder *d, char *why, size_t why_size)
{
	size_t len = strcspn(text, "\r\n");

	text[len] = '\0';
	if (strstr(text, "\xef\xbf\xbd") || d->not_utf8)
		snprintf(why, why_size,
			 "bytes that are not text; expected UTF-8 or UTF-16");
	else if (len > CREDENTIAL_TEXT_MAX)
		snprintf(why, why_size, "longer than %d bytes", CREDENTIAL_TEXT_MAX);
	else if (len == 0)
		snprintf(why, why_size, "empty");
	else
		return true;
	return false;
}

static char *read_first_line(int fd, char *why, size_t why_size)
{
	char *bytes = secret_take(LINE_BYTES_MAX);
	char *text = secret_take(DECODED_MAX(LINE_BYTES_MAX) + 1);
	struct decoder d;
	bool whole = false, good;
	ssize_t len;

	if (!bytes || !text) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	len = read_start(fd, bytes, &whole);
	if (len < 0) {
		snprintf(why, why_size, "%s", strerror(errno));
		return NULL;
	}
	decoder_begin(&d, NULL);
	text[decoder_put(&d, bytes, (size_t)len, whole, text)] = '\0';
	explicit_bzero(bytes, LINE_BYTES_MAX);
	good = cut_line(text, &d, why, why_size);
	explicit_bzero(&d, sizeof d);
	return good ? text : NULL;
}

char *secret_read_line(const char *path, char *why, size_t why_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char reason[128], *line;

	if (fd < 0) {
		snprintf(why, why_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	line = read_first_line(fd, reason, sizeof reason);
	close(fd);
	if (!line)
		snprintf(why, why_size, "%s: %s", path, reason);
	return line;
}
