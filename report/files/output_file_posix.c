/* SPDX-License-Identifier: Apache-2.0 */
#include "report/files/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/files/output_path.h"

/* Files that were reserved and not yet opened. */
static struct reserved {
	struct reserved *next;
	int fd, folder;
	char path[];
} * reserved;

static void forget(struct output_file *o)
{
	if (o->nameless)
		close(o->folder);
	free(o->path);
	free(o->temporary);
	memset(o, 0, sizeof(*o));
}

static bool fail(struct output_file *o, const char *what, int number, char *why,
		 size_t size)
{
	snprintf(why, size, "%s: %s: %s", o->path ? o->path : "stdout", what,
		 strerror(number));
	return false;
}

/* A report goes into a regular file; a pipe or a device is written as it is. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool open_special(struct output_file *o, char *why, size_t why_size)
{
	int fd = open(o->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	o->stream = fd < 0 ? NULL : fdopen(fd, "w");
	if (o->stream)
		return true;
	fail(o, "cannot open", errno, why, why_size);
	if (fd >= 0)
		close(fd);
	return false;
}

/* ---- a file without a name ---- */

/* The folder that `path` lies in; -1 where there is none. */
static int open_folder(const char *path)
{
	char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;
	int fd = -1;

	if (slash)
		slash[slash == folder] = '\0';
	if (folder)
		fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	return fd;
}

static void through_proc(int fd, char name[static 32])
{
	snprintf(name, 32, "/proc/self/fd/%d", fd);
}

static bool may_be_linked(int fd)
{
	char name[32];

	through_proc(fd, name);
	return access(name, F_OK) == 0;
}

bool output_file_reserve(const char *path)
{
	size_t size = strlen(path) + 1;
	struct reserved *r = malloc(sizeof(*r) + size);
	struct stat st;

	if (!r || (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))) {
		free(r);
		return false;
	}
	memcpy(r->path, path, size);
	r->folder = open_folder(path);
	r->fd = r->folder < 0 ? -1
			      : openat(r->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC,
				       S_IRUSR | S_IWUSR);
	if (r->fd < 0 || !may_be_linked(r->fd)) {
		if (r->fd >= 0)
			close(r->fd);
		if (r->folder >= 0)
			close(r->folder);
		free(r);
		return false;
	}
	r->next = reserved;
	reserved = r;
	return true;
}

static struct reserved *take_reserved(const char *path)
{
	struct reserved **at = &reserved, *r;

	while (*at && strcmp((*at)->path, path) != 0)
		at = &(*at)->next;
	r = *at;
	if (r)
		*at = r->next;
	return r;
}

static bool open_reserved(struct output_file *o, struct reserved *r, mode_t mode,
			  char *why, size_t why_size)
{
	o->nameless = true;
	o->folder = r->folder;
	o->stream = fchmod(r->fd, mode) == 0 ? fdopen(r->fd, "w") : NULL;
	if (!o->stream) {
		fail(o, "cannot open", errno, why, why_size);
		close(r->fd);
	}
	free(r);
	return o->stream != NULL;
}

/* Gives it the name beside its own.  0, or the errno. */
static int name_it(struct output_file *o)
{
	char from[32];

	through_proc(fileno(o->stream), from);
	for (unsigned n = 0; n < 1000; n++) {
		free(o->temporary);
		if (asprintf(&o->temporary, "%s.%06x", o->path,
			     (unsigned)getpid() * 1000 + n) < 0) {
			o->temporary = NULL;
			return ENOMEM;
		}
		if (linkat(AT_FDCWD, from, AT_FDCWD, o->temporary, AT_SYMLINK_FOLLOW) ==
		    0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	free(o->temporary);
	o->temporary = NULL;
	return errno;
}

/* ---- a file beside its name ---- */

static bool open_beside(struct output_file *o, mode_t mode, char *why, size_t why_size)
{
	struct reserved *r = take_reserved(o->path);
	char *temporary;
	struct stat st;
	int fd;

	if (r)
		return open_reserved(o, r, mode, why, why_size);
	if (lstat(o->path, &st) == 0 && S_ISLNK(st.st_mode))
		return fail(o, "not written through a symbolic link", ELOOP, why,
			    why_size);
	if (asprintf(&temporary, "%s.XXXXXX", o->path) < 0)
		return fail(o, "cannot create", ENOMEM, why, why_size);
	o->temporary = temporary;
	fd = mkostemp(o->temporary, O_CLOEXEC); /* 0600, O_EXCL */
	if (fd < 0)
		return fail(o, "cannot create a file beside it", errno, why, why_size);
	o->stream = fchmod(fd, mode) == 0 ? fdopen(fd, "w") : NULL;
	if (o->stream)
		return true;
	fail(o, "cannot open", errno, why, why_size);
	close(fd);
	unlink(o->temporary);
	return false;
}

bool output_file_open(struct output_file *o, const char *path, mode_t mode, char *why,
		      size_t why_size)
{
	bool special;

	memset(o, 0, sizeof(*o));
	if (!path || strcmp(path, "-") == 0) {
		o->stream = stdout;
		return true;
	}
	/* In this order: what was special and is ours nobody else can have put there. */
	special = is_special(path);
	if (!output_path_is_ours(path, why, why_size))
		return false;
	o->path = strdup(path);
	if (!o->path) {
		snprintf(why, why_size, "%s: out of memory", path);
		return false;
	}
	if (special ? open_special(o, why, why_size)
		    : open_beside(o, mode, why, why_size))
		return true;
	forget(o);
	return false;
}

bool output_file_check(const char *path, mode_t mode, char *why, size_t why_size)
{
	struct output_file named = { .path = (char *)path };
	struct output_file o;
	struct stat st;

	if (!path || strcmp(path, "-") == 0)
		return true;
	if (is_special(path)) /* opening a pipe may block, or be seen */
		return output_path_is_ours(path, why, why_size) &&
		       (access(path, W_OK) == 0 ||
			fail(&named, "cannot write", errno, why, why_size));
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return fail(&named, "cannot write", EISDIR, why, why_size);
	if (!output_file_open(&o, path, mode, why, why_size))
		return false;
	output_file_abandon(&o);
	return true;
}

bool output_file_is_left(const struct output_file *o)
{
	struct pollfd out;

	if (o->path || !o->stream || !ferror(o->stream))
		return false;
	out = (struct pollfd){ fileno(o->stream), POLLOUT, 0 };
	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* The folder is synced too, or a power cut may undo the rename. */
static void sync_folder(const struct output_file *o)
{
	int fd = o->nameless ? o->folder : open_folder(o->path);

	if (fd < 0)
		return;
	fsync(fd);
	if (!o->nameless)
		close(fd);
}

/* Writing failed before, and the reason is gone with what was to be written: another byte
 * fails for the same one.  Nobody will read it. */
static int reason_again(FILE *stream)
{
	clearerr(stream);
	return fputc('\n', stream) == EOF || fflush(stream) != 0 ? errno : EIO;
}

bool output_file_commit(struct output_file *o, char *why, size_t why_size)
{
	bool had_error = ferror(o->stream) != 0;
	int number = 0;

	if (fflush(o->stream) != 0)
		number = errno;
	else if (had_error)
		number = o->path ? reason_again(o->stream) : EIO;
	if (!o->path) {
		bool ok = number == 0;

		if (!ok)
			fail(o, "cannot write", number, why, why_size);
		forget(o);
		return ok;
	}
	if (!number && (o->temporary || o->nameless) && fsync(fileno(o->stream)) != 0)
		number = errno;
	if (!number && o->nameless)
		number = name_it(o);
	if (fclose(o->stream) != 0 && !number)
		number = errno;
	o->stream = NULL;
	if (!number && o->temporary && rename(o->temporary, o->path) != 0)
		number = errno;
	if (number) {
		fail(o, "cannot write", number, why, why_size);
		output_file_abandon(o);
		return false;
	}
	if (o->temporary)
		sync_folder(o);
	forget(o);
	return true;
}

void output_file_abandon(struct output_file *o)
{
	if (o->stream && o->stream != stdout)
		fclose(o->stream);
	if (o->temporary)
		unlink(o->temporary);
	forget(o);
}
