/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_internal.h - what journal_read.c (files and the set of them) and
 * journal_lines.c (the lines of one journal) have in common.  Private to them.
 */
#ifndef REPORT_JOURNAL_JOURNAL_INTERNAL_H
#define REPORT_JOURNAL_JOURNAL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "report/directory/sites.h"
#include "report/journal/journal_index.h"
#include "report/journal/journal_read.h"

struct journal_file {
	char *path;
	FILE *stream; /* NULL: a template that is opened when it is read */
	const struct journal_source *source;
	char *identity; /* whose it is if it is a template and nothing else says so */
	bool is_template, skipped;
	bool has_trailer, has_record;
	uint64_t whole_bytes;
	uint32_t part, parts; /* of a divided sweep, from 0; `parts` 0: of none */
	bool targets_known;
	uint64_t targets;
	bool left_known; /* the last sweep came to its end and said what it left */
	uint64_t left;   /* targets without a record */
	size_t hosts;
	uint64_t good_lines, bad_lines;
};

/* The subnets of one forest. */
struct journal_forest {
	struct journal_forest *next;
	const char *name; /* NULL: the record does not say */
	struct directory_sites sites;
};

struct journal_set {
	struct journal_file *files;
	size_t file_count;
	struct journal_index index;
	struct journal_info info;
	char *sweep, *started, *finished, *version;
	char *other_version; /* of a later journal; NULL: all are of `version` */
	struct journal_domain *domains;
	size_t domain_count, domain_room;
	struct pool domain_pool, line_pool;
	struct journal_forest *forests;
	struct policy_store *policies; /* NULL until a line is of Group Policy */
	size_t forest_count;
	struct directory_name *names; /* of SIDs; by SID once all are in */
	size_t name_count, name_room;
	journal_note_fn note;
	void *note_arg;
	char *why;
	size_t why_size;
};

/* Fills in the set's `why`; always false. */
bool journal_refuse(struct journal_set *set, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* journal_template.c: reads the template `file`, which counts as one host.  False:
 * refused, the set says why; a file that is passed over is not refused. */
bool journal_index_template(struct journal_set *set, uint32_t file);
bool journal_read_template(const struct journal_file *file, struct facts *f, char *why,
			   size_t why_size);
/* Before merging: false where a host has records in two files of which one is a
 * template. */
bool journal_refuse_twins(struct journal_set *set);
/* A line of a directory: domains, subnets and names are kept, what else it may be is
 * passed over. */
enum journal_directory {
	JOURNAL_DIRECTORY_TAKEN,
	JOURNAL_DIRECTORY_BAD,
	JOURNAL_DIRECTORY_NO_MEMORY
};
enum journal_directory journal_take_directory(struct journal_set *set, const char *line,
					      size_t length, char *why, size_t why_size);
/* All lines are read: makes ready what they say of directories.  False: out of memory. */
bool journal_directory_ready(struct journal_set *set);
/* What the directory adds to the record of a host: the site of an account that has none
 * yet, by the host's address; names of holders that nobody was asked for.  False: out of
 * memory. */
bool journal_directory_add(const struct journal_set *set, struct facts *f);
void journal_directory_free(struct journal_set *set);
/* journal_together.c: once all files are merged, says in notes in what they differ, and
 * fills in what of it makes a report incomplete.  False: out of memory. */
bool journal_compare_files(struct journal_set *set);
/* Reads the journal `file` from its beginning.  False: refused, the set says why. */
bool journal_index_lines(struct journal_set *set, uint32_t file);

#endif
