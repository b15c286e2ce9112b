/* SPDX-License-Identifier: Apache-2.0 */
/* journal_together.c - in what journals that are read together differ: rights, parts. */
#include "report/journal/journal_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void say(struct journal_set *set, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct journal_set *set, const char *format, ...)
{
	char note[400];
	va_list args;

	if (!set->note)
		return;
	va_start(args, format);
	vsnprintf(note, sizeof(note), format, args);
	va_end(args);
	set->note(note, set->note_arg);
}

/* ---- rights ---- */

/* What any host was asked for, and how many hosts answered. */
static uint64_t all_rights(const struct journal_index *index, size_t *answered)
{
	uint64_t all = 0;

	*answered = 0;
	for (size_t i = 0; i < index->count; i++)
		if (index->entries[i].outcome == HOST_ANSWERED) {
			all |= index->entries[i].rights;
			++*answered;
		}
	return all;
}

/* An export has the rights that its author wrote down. */
static void compare_rights(struct journal_set *set)
{
	size_t answered, fewer = 0, replaced = 0;
	uint64_t all = all_rights(&set->index, &answered);

	for (size_t i = 0; i < set->index.count; i++) {
		const struct journal_entry *e = &set->index.entries[i];

		fewer += e->outcome == HOST_ANSWERED && (all & ~e->rights) != 0 &&
			 !set->files[e->file].is_template;
		replaced += e->replaced != 0;
	}
	set->info.rights_replaced = replaced;
	if (replaced)
		say(set,
		    "%zu %s a newer record that was not asked for all rights of an older "
		    "one: those older answers are not in the report, which is "
		    "incomplete; "
		    "sweep for all rights at once, or report the journals apart",
		    replaced, replaced == 1 ? "host has" : "hosts have");
	if (fewer)
		say(set,
		    "%zu of %zu hosts that answered were asked for fewer rights than "
		    "others: about the other rights nothing is known there",
		    fewer, answered);
}

/* ---- parts of a divided sweep ---- */

static int compare_part(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

/* How many of `parts` are not among the `count`, and which one is the first. */
static size_t missing_parts(uint32_t *part, size_t count, uint32_t parts, uint32_t *first)
{
	size_t different = 0;

	qsort(part, count, sizeof(*part), compare_part);
	*first = 0;
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && part[i] == part[i - 1])
			continue;
		*first += part[i] == *first;
		different++;
	}
	return parts - different;
}

/* The parts that were read into `part`, which has room for one a file; how many.  False:
 * they are not all of one division. */
static bool parts_read(const struct journal_set *set, uint32_t *part, size_t *count)
{
	bool alike = true;

	*count = 0;
	for (size_t i = 0; i < set->file_count; i++) {
		const struct journal_file *f = &set->files[i];

		if (!f->parts)
			continue;
		alike = alike && f->parts == set->info.parts;
		part[(*count)++] = f->part;
	}
	return alike;
}

/* False: out of memory. */
static bool compare_parts(struct journal_set *set)
{
	struct journal_info *info = &set->info;
	uint32_t *part = calloc(set->file_count + 1, sizeof(*part)), first = 0;
	size_t count;

	if (!part)
		return false;
	for (size_t i = 0; i < set->file_count && !info->parts; i++) {
		info->part = set->files[i].part;
		info->parts = set->files[i].parts;
	}
	if (!parts_read(set, part, &count)) {
		info->parts_missing = 1; /* nobody can say that none is */
		say(set,
		    "these are parts of differently divided sweeps: a host may be in "
		    "none of them, and the report is incomplete");
		free(part);
		return true;
	}
	if (count > 1)
		info->parts_missing = missing_parts(part, count, info->parts, &first);
	if (info->parts_missing)
		say(set,
		    "%zu of the %u parts of the sweep %s missing, the first is --shard "
		    "%u/%u: the report is incomplete",
		    info->parts_missing, (unsigned)info->parts,
		    info->parts_missing == 1 ? "is" : "are", (unsigned)first,
		    (unsigned)info->parts);
	free(part);
	return true;
}

/* What one version did not record the other may have. */
static void compare_versions(struct journal_set *set)
{
	if (set->other_version)
		say(set,
		    "written by versions %.40s and %.40s of lsasweep: what the older one "
		    "did not record is not known of its hosts",
		    set->version, set->other_version);
}

bool journal_compare_files(struct journal_set *set)
{
	compare_versions(set);
	compare_rights(set);
	return compare_parts(set);
}
