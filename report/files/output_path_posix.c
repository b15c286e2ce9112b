/* SPDX-License-Identifier: Apache-2.0 */
#include "report/files/output_path.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_shared(const char *folder, struct stat *st)
{
	return stat(folder, st) == 0 && st->st_mode & S_IWOTH;
}

static const char *kind(const struct stat *st)
{
	return S_ISLNK(st->st_mode)    ? "symbolic link"
	       : S_ISDIR(st->st_mode)  ? "folder"
	       : S_ISFIFO(st->st_mode) ? "pipe"
				       : "file";
}

/* `part` is the path up to and with one name, `folder` the path before it. */
static bool part_is_ours(const char *folder, const char *part, char *why, size_t why_size)
{
	struct stat around, st;

	if (!is_shared(folder, &around) || lstat(part, &st) != 0)
		return true;
	if (st.st_uid != geteuid() && st.st_uid != 0 && st.st_uid != around.st_uid) {
		snprintf(why, why_size,
			 "%s: a %s of another user (uid %u) in a folder that all may "
			 "write to; expected you or root",
			 part, kind(&st), (unsigned)st.st_uid);
		return false;
	}
	if (S_ISREG(st.st_mode) && st.st_nlink > 1) {
		snprintf(why, why_size,
			 "%s: a file with another name (hard link) in a folder that all "
			 "may write to; expected none or one of its own",
			 part);
		return false;
	}
	return true;
}

bool output_path_is_ours(const char *path, char *why, size_t why_size)
{
	char folder[PATH_MAX] = ".", part[PATH_MAX];
	size_t end = strspn(path, "/"), len = strlen(path);

	if (len >= sizeof part)
		return true; /* no such path can be opened */
	if (end)
		snprintf(folder, sizeof folder, "/");
	while (end < len) {
		end += strcspn(path + end, "/");
		snprintf(part, sizeof part, "%.*s", (int)end, path);
		if (!part_is_ours(folder, part, why, why_size))
			return false;
		memcpy(folder, part, end + 1);
		end += strspn(path + end, "/");
	}
	return true;
}
