/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_index.h - which host stands where in which journal: about 90 bytes a host.
 *
 * Private to journal_read.c, journal_lines.c and their test.  Records are added as they
 * are met, then merged once: sorted by host, one record a host.
 */
#ifndef REPORT_JOURNAL_JOURNAL_INDEX_H
#define REPORT_JOURNAL_JOURNAL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"
#include "report/text/siphash.h"

struct journal_entry {
	const char *name; /* lower case; owned by the index */
	uint64_t offset;
	uint64_t rights;   /* what it was asked for: bits of rights_bit() */
	uint64_t replaced; /* of these that it lacks, what a record it took the place of
			    * had an answer for */
	uint64_t time;     /* the timestamp's digits as a number; orders like the time */
	uint32_t file;
	uint32_t length;
	uint16_t port;
	uint8_t outcome;
	bool settled;     /* its sweep came to an end, and the guard did not stop it */
	uint16_t account; /* of journal_index.accounts, from 1; 0: none was noted */
	bool name_shared, sid_shared;
	uint64_t own_name, own_sid; /* hashes of what it reported; 0: nothing */
};

struct journal_index {
	struct journal_entry *entries;
	size_t count, room;
	size_t sweep_first; /* the entries from here on are of the sweep being read */
	char **accounts;    /* each once, as they were written */
	uint16_t account_count;
	struct journal_names *names;
	struct siphash_key key;
	bool keyed;
};

/* Adds the record of `f` at `offset` of `file`.  False: out of memory. */
bool journal_index_add(struct journal_index *index, const struct facts *f, uint32_t file,
		       uint64_t offset, uint32_t length);
/* What was added of `host` in `file` so far does not count: it is no host. */
void journal_index_forget(struct journal_index *index, uint32_t file, const char *host,
			  uint16_t port);
/* A sweep begins in the journal that is being read; it ended, and is settled if nothing
 * stopped it. */
void journal_index_begin_sweep(struct journal_index *index);
void journal_index_end_sweep(struct journal_index *index, bool settled);
/* Sort, and keep the record of each host that counts (see journal_read.h).  Returns how
 * many were superseded.  `hosts_of` gets the number of different hosts of each file. */
size_t journal_index_merge(struct journal_index *index, size_t *hosts_of);
/* Only after merging.  NULL: no such host. */
const struct journal_entry *journal_index_find(const struct journal_index *index,
					       const char *host, uint16_t port);
void journal_index_free(struct journal_index *index);

#endif
