/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_read.h - journals read back: one or many, merged, in the order of host names.
 *
 * A journal is text: a header line ("lsasweep.journal/1"), a line of facts a host, a
 * trailer; between them also a line for each service that was looked up, which takes the
 * records of its name before it away: its hosts stand for it.  Beside journals, security
 * templates (report/facts/inf.h) are taken, each as the facts of one host or policy
 * (journal_identity.h says which). Two files of one host are refused where one is a
 * template: nothing is replaced silently. One of several templates that cannot be read is
 * said in a note and counted, and the others go on; so is a policy without user rights.
 *
 * In memory stays an index of about 60 bytes a host; facts are read again from their
 * file when asked for, one host at a time.  So 100,000 hosts are a few megabytes.
 *
 * A host is its name (without regard to case) and port.  Which of several records of
 * one host counts: within one journal the last final one (a resumed sweep writes the
 * better answer further down); between journals the final one with the newest timestamp.
 * `not_asked` and `guarded` are not final: they never replace an answer.
 *
 * What is refused, with file and line: a schema that is not known, a file of which no
 * line is one of a journal.  What is dropped with a note and counted, everything else
 * being kept: a line that cannot be read or is longer than LIMIT_LINE_READ_BYTES
 * (report/facts/limits.h; an endless one costs no memory).  A torn last line is dropped
 * with a note.
 */
#ifndef REPORT_JOURNAL_JOURNAL_READ_H
#define REPORT_JOURNAL_JOURNAL_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/directory/counts.h"
#include "report/directory/directory.h"
#include "report/directory/policy.h"
#include "report/facts/facts.h"

/* A domain of Active Directory whose computers were targets.  A domain that several
 * journals hold (shards, a resumed sweep) is one: as it was read last. */
struct journal_domain {
	struct directory_domain domain;
	struct directory_counts counts;
};

/* What headers and trailers told.  Of several journals: the first sweep id, the
 * earliest start, the latest end, the sum of targets.  NULL: not told. */
struct journal_info {
	const char *sweep, *started, *finished, *version;
	bool targets_known;
	uint64_t targets;    /* what should have been asked */
	uint64_t unrecorded; /* of these, targets without a record in their journal */
	size_t journals;     /* files read */
	size_t unfinished;   /* of these, journals without a trailer: sweeps cut short */
	size_t superseded;   /* records that a better one of the same host replaced */
	/* Hosts whose record took the place of one that had answers for other rights:
	 * these answers are in no report. */
	size_t rights_replaced;
	uint32_t part,
		parts; /* of the first part of a sweep, from 0; `parts` 0: of none */
	size_t parts_missing; /* of a divided sweep of which several parts are read */
	uint64_t bad_lines; /* lines that could not be read; each may have been a host */
	size_t refused; /* templates that could not be read; each may have been a host */
	size_t without_rights;                /* policies that set no user rights */
	const struct journal_domain *domains; /* in the order they were met */
	size_t domain_count;                  /* 0: no directory gave targets */
};

/* One file of a run and what the user says of it (report/facts/attributes.h), which must
 * live as long as the set. */
struct journal_source {
	const char *path; /* "-": stdin */
	const char *const *attributes;
	size_t attribute_count;
};

struct journal_set;

/* What the record of a host came to. */
struct journal_outcome {
	uint64_t rights;     /* it was asked for: bits of rights_bit() */
	const char *account; /* whose login it was; of the set; NULL: not noted */
	enum host_outcome outcome;
	bool settled; /* its sweep came to an end, and the guard did not stop it */
};

/* Receives one note, without newline, such as "a.ndjson:12: torn line dropped". */
typedef void (*journal_note_fn)(const char *note, void *arg);

/* Index `paths`; "-" is stdin, which is copied to an unnamed temporary file.  `note` may
 * be NULL.  NULL on failure, then `why` says file, line and reason.  Free the result. */
struct journal_set *journal_set_open(const char *const *paths, size_t count,
				     journal_note_fn note, void *arg, char *why,
				     size_t why_size);
/* The same of files of which something is said. */
struct journal_set *journal_set_open_sources(const struct journal_source *sources,
					     size_t count, journal_note_fn note,
					     void *arg, char *why, size_t why_size);
void journal_set_free(struct journal_set *set);

const struct journal_info *journal_set_info(const struct journal_set *set);
/* What the journals hold of Group Policy; NULL: nothing.  Of the set. */
struct policy_store *journal_set_policies(const struct journal_set *set);
size_t journal_set_hosts(const struct journal_set *set);
/* The i-th host by name.  `f` must be initialised and is to be freed in any case.
 * False with `why` when the file changed under us. */
bool journal_set_read(const struct journal_set *set, size_t i, struct facts *f, char *why,
		      size_t why_size);
/* For `--resume`: whether a record of this host is there, and what it came to.  The
 * caller decides which records are final. */
bool journal_set_outcome(const struct journal_set *set, const char *host, uint16_t port,
			 struct journal_outcome *outcome);
/* Bytes of the i-th path that are whole lines: a resumed sweep cuts the file there. */
uint64_t journal_set_whole_bytes(const struct journal_set *set, size_t i);

#endif
