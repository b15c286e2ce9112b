/*
 * outfile.h - a report on its way to a file or to stdout.
 *
 * A file is written beside its name (NAME.XXXXXX, mode 0600 and what the caller adds)
 * and takes the name only when every byte is on the disk; so a reader sees the old
 * report or the new one, never half of one, and a full disk leaves the old one.
 * Symbolic links are not followed: a link under the name is refused.  Pipes and devices
 * are written directly.
 */
#ifndef REPORT_OUTFILE_H
#define REPORT_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct outfile {
	FILE *stream; /* write here */
	char *path;   /* NULL: stdout */
	char *temporary;
};

/* `path` NULL or "-" is stdout.  `mode` (0600, 0644) is subject to the umask.  On false
 * `why` names the file and the reason, and nothing is left to close. */
bool outfile_open(struct outfile *o, const char *path, mode_t mode, char *why,
		  size_t why_size);
/* Flush, sync, rename.  On false (disk full, closed pipe) the old file still stands. */
bool outfile_commit(struct outfile *o, char *why, size_t why_size);
/* Close and throw away what was written. */
void outfile_abandon(struct outfile *o);

#endif
