/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_file.h - a recorded directory ("lsasweep.directory/1", what `discover -o
 * directory=FILE` writes) as a source of targets.
 *
 * The file is read twice: once to its end before anything is asked, which finds bad lines
 * and counts, and once for the targets.  Nothing of a computer is kept but two hashes.
 * What is stale is judged by the day on which the directory was read.
 */
#ifndef SCANNER_TARGETS_DIRECTORY_FILE_H
#define SCANNER_TARGETS_DIRECTORY_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/counts.h"
#include "report/directory/directory.h"
#include "scanner/targets/target_source.h"

struct directory_file;

/* A domain of the record, with what became of its computers under the rules of now. */
struct directory_file_domain {
	struct directory_domain domain;
	struct directory_counts counts;
};

/* `rules->now` counts where the record does not say when it was read.  NULL with `why`
 * ("FILE:LINE: what was found, what was expected"). */
struct directory_file *directory_file_open(const char *path,
					   const struct computer_rules *rules, char *why,
					   size_t why_size);
void directory_file_close(struct directory_file *d);

/* Its computers in scope; what is named elsewhere as well is asked once, as the directory
 * has it. */
struct target_source *directory_file_source(struct directory_file *d);
const struct directory_file_domain *directory_file_domains(const struct directory_file *d,
							   size_t *count);
/* Every line that is neither a domain nor a computer nor the end, such as a site: for a
 * journal.  Before the first target is taken. */
void directory_file_each_line(struct directory_file *d,
			      void (*each)(const char *line, size_t len, void *arg),
			      void *arg);
/* False: the record has no end, or a domain of it was not read to its end. */
bool directory_file_is_whole(const struct directory_file *d);

#endif
