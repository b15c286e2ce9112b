/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_sources.h - the files that report and diff read, from the command line's words.
 *
 * A word is a file, a folder (its security templates, in order: a SYSVOL, GPO backups,
 * collected exports), or KEY=VALUE (report/facts/attributes.h), which says something of
 * the file or folder before it, and of all where it comes first.
 */
#ifndef SCANNER_CLI_REPORT_SOURCES_H
#define SCANNER_CLI_REPORT_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "report/journal/journal_read.h"
#include "report/text/pool.h"

struct report_sources {
	struct journal_source *at;
	size_t count;
	/* private */
	size_t room;
	const char **common; /* those before the first file */
	size_t common_count;
	struct pool memory;
};

/* Adds the words' files, then those of the lists: one a line with its attributes.  False:
 * told on stderr.  Close in any case. */
bool report_sources_open(struct report_sources *s, const char *const *words, size_t count,
			 const char *const *lists, size_t list_count);
void report_sources_close(struct report_sources *s);

/* How many of the words are files or folders. */
size_t report_sources_paths(const char *const *words, size_t count);

#endif
