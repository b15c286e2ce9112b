/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/journal/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/files/output_file.h"
#include "report/files/output_path.h"
#include "scanner/journal/journal.h"

static const char *open_words(int error)
{
	if (error == ELOOP)
		return "is a symbolic link, which is not followed";
	return strerror(error);
}

bool journal_check(const char *path, bool resume, char *why, size_t why_size)
{
	struct stat st;
	bool there = lstat(path, &st) == 0;
	const char *wrong = NULL;

	if (strcmp(path, "-") == 0)
		return true;
	if (!output_path_is_ours(path, why, why_size))
		return false;
	if (there && S_ISLNK(st.st_mode))
		wrong = open_words(ELOOP);
	else if (resume && there && access(path, R_OK | W_OK) != 0)
		wrong = strerror(errno);
	else if (!resume && there && S_ISREG(st.st_mode) && st.st_size > 0)
		wrong = JOURNAL_FILE_EXISTS;
	else if (!there)
		return output_file_check(path, 0600, why, why_size);
	if (wrong)
		snprintf(why, why_size, "%s: %s", path, wrong);
	return !wrong;
}

/* One that is there already must be ours, and is looked at before it is opened: a pipe
 * that is opened may be waited for. */
static int open_existing(const char *path, char *why, size_t why_size)
{
	int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, fd;
	struct stat st;

	if (!output_path_is_ours(path, why, why_size))
		return -1;
	if (lstat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC;
	fd = open(path, flags);
	if (fd < 0)
		snprintf(why, why_size, "%s: %s", path, open_words(errno));
	return fd;
}

/* Whoever else knows the name, a new file is made by us or not at all. */
static int open_new(const char *path, char *why, size_t why_size)
{
	int flags = O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, fd;

	if (!output_path_is_ours(path, why, why_size))
		return -1;
	fd = open(path, flags, 0600);
	if (fd < 0 && errno == EEXIST)
		return open_existing(path, why, why_size);
	if (fd < 0)
		snprintf(why, why_size, "%s: %s", path, strerror(errno));
	return fd;
}

static int open_stdout(char *why, size_t why_size)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		snprintf(why, why_size, "stdout: %s", strerror(errno));
	return fd;
}

int journal_file_open(const char *path, char *why, size_t why_size)
{
	if (strcmp(path, "-") == 0)
		return open_stdout(why, why_size);
	return open_new(path, why, why_size);
}

/* Whatever else was named by mistake, a list of targets say, must stay as it is.  Of a
 * first line that was torn there may be little, or zero bytes. */
bool journal_file_is_one(int fd)
{
	static const char beginning[] = "{\"schema\":", zeros[sizeof beginning];
	char there[sizeof beginning - 1];
	ssize_t n = pread(fd, there, sizeof there, 0);

	return n >= 0 && (memcmp(there, beginning, (size_t)n) == 0 ||
			  memcmp(there, zeros, (size_t)n) == 0);
}
