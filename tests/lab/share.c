/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/share.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/status.h"

enum { NAME_LEN_MAX = 1024, PIECE = 65536 };

static int folder = -1;

bool share_set_folder(const char *name)
{
	if (folder >= 0)
		close(folder);
	folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder >= 0;
}

bool share_is_there(void)
{
	return folder >= 0;
}

/* ASCII alone, and no way up. */
static bool as_text(struct bytes name, char text[static NAME_LEN_MAX])
{
	size_t len = name.len / 2;

	if (name.len % 2 || len >= NAME_LEN_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name.at[2 * i + 1] || name.at[2 * i] < ' ' || name.at[2 * i] > '~' ||
		    name.at[2 * i] == '/')
			return false;
		text[i] = (char)name.at[2 * i];
	}
	text[len] = '\0';
	return !strstr(text, "..") && text[0] != '\\';
}

/* The entry of an open directory that is called so, opened; -1: none. */
static int open_entry(int directory, const char *name)
{
	DIR *entries = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY));
	const struct dirent *entry;
	int found = -1;

	while (entries && found < 0 && (entry = readdir(entries)))
		if (strcasecmp(entry->d_name, name) == 0)
			found = openat(directory, entry->d_name, O_RDONLY | O_CLOEXEC);
	if (entries)
		closedir(entries);
	return found;
}

static uint64_t filetime(const struct timespec *t)
{
	return ((uint64_t)t->tv_sec + 11644473600) * 10000000 +
	       (uint64_t)t->tv_nsec / 100;
}

static uint32_t describe(int descriptor, struct share_file *file)
{
	struct stat status;

	if (fstat(descriptor, &status) != 0) {
		close(descriptor);
		return STATUS_OBJECT_NAME_NOT_FOUND;
	}
	*file = (struct share_file){ .descriptor = descriptor,
				     .directory = S_ISDIR(status.st_mode),
				     .size = (uint64_t)status.st_size,
				     .written = filetime(&status.st_mtim) };
	return STATUS_SUCCESS;
}

/* A part of the path that is missing is told apart from a file that is. */
uint32_t share_open(struct bytes name, struct share_file *file)
{
	char text[NAME_LEN_MAX], *rest = text, *part;
	int at = dup(folder);

	if (!as_text(name, text)) {
		close(at);
		return STATUS_OBJECT_NAME_INVALID;
	}
	while ((part = strsep(&rest, "\\")) != NULL) {
		int next = open_entry(at, part);

		close(at);
		if (next < 0)
			return rest ? STATUS_OBJECT_PATH_NOT_FOUND
				    : STATUS_OBJECT_NAME_NOT_FOUND;
		at = next;
	}
	return describe(at, file);
}

uint32_t share_read(const struct share_file *file, uint64_t offset, uint32_t len,
		    struct wire_out *w)
{
	static uint8_t piece[PIECE];
	ssize_t n = pread(file->descriptor, piece, len < PIECE ? len : PIECE,
			  (off_t)offset);

	if (n <= 0)
		return 0;
	put_bytes(w, piece, (size_t)n);
	return (uint32_t)n;
}

void share_close(struct share_file *file)
{
	close(file->descriptor);
	file->descriptor = -1;
}
