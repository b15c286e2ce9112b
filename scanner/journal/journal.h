/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h - facts appended to a file as one JSON line a host, while the sweep runs.
 *
 * The first line is a header, the last a trailer; a resumed sweep appends a header of its
 * own.  A service that was looked up has a line too: its hosts' records stand for it.
 * Lines are handed over on the loop's thread and written by a thread of the
 * journal's own within some 20 ms, so that a slow disk never delays a host; it syncs the
 * file every 5 seconds and at the end.  A process killed at any moment leaves whole lines
 * and at most one torn one behind them, which the next journal_open() cuts away.
 *
 * A failure to write (disk full, reader gone) is final: what was written stays valid (a
 * half-written line is taken back), later lines are dropped, and journal_failed() tells.
 *
 * Errors come as EPIPE and EFBIG only where SIGPIPE and SIGXFSZ are ignored: main() does.
 */
#ifndef SCANNER_JOURNAL_JOURNAL_H
#define SCANNER_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/directory/counts.h"
#include "report/directory/directory.h"
#include "report/facts/facts.h"

struct journal;

struct journal_header {
	const char *sweep;   /* uuid */
	const char *started; /* RFC 3339 */
	const char *version; /* of the program */
	const char *const *rights;
	size_t right_count;
	bool targets_known;
	uint64_t targets;
	uint32_t part, parts; /* of a divided sweep, from 0; `parts` below 2: of none */
};

/* A service whose SRV records were found: it is no host, and what an earlier sweep of the
 * same journal recorded for its name does not count any more. */
struct journal_service {
	const char *sweep, *name;
	uint16_t port;
	const char *expanded; /* when, RFC 3339 */
	size_t hosts;         /* that it named */
};

struct journal_trailer {
	const char *sweep, *finished;
	uint64_t hosts;
	const uint64_t *outcomes; /* HOST_OUTCOME_COUNT of them */
	bool guard_stopped; /* a credential was stopped: refused logins are not final */
};

/* True when `path` looks as if journal_open() would open it: known before a password is
 * asked for, a typing error costs nothing.  On false `why` names the file. */
bool journal_check(const char *path, bool resume, char *why, size_t why_size);
/* Open `path` for appending, mode 0600, locked against a second writer; a symbolic link
 * is refused, and so is what others may have put there (report/files/output_path.h).  "-"
 * is stdout. Without `resume` the file must be new or empty; with it a torn last line is
 * cut away
 * (`*torn`, may be NULL) and what is there may then be read; what is no journal is left
 * as it is.  NULL with `why`. */
struct journal *journal_open(const char *path, bool resume, bool *torn, char *why,
			     size_t why_size);
/* Start the writing thread and write the header.  False with `why`: no thread was to be
 * had. */
bool journal_begin(struct journal *j, const struct journal_header *header, char *why,
		   size_t why_size);
/* Records that become lines on the journal's thread are too heavy for any other work of
 * the loop: `each` gets them there, in no order.  Before journal_begin(). */
void journal_on_heavy(struct journal *j, void (*each)(const struct facts *f, void *arg),
		      void *arg);
bool journal_is_heavy(const struct facts *facts);
/* Append one host; the facts are not needed afterwards.  Heavy ones are moved out of
 * `facts`, which is then empty, and become a line on the journal's thread. */
void journal_add(struct journal *j, struct facts *facts);
/* A domain of the directory whose computers are asked, as a "lsasweep.directory/1" line.
 */
void journal_add_domain(struct journal *j, const struct directory_domain *domain,
			const struct directory_counts *counts);
/* Lines of a directory, newlines between them: owned by the journal; NULL: memory is out.
 */
void journal_add_lines(struct journal *j, char *lines);
void journal_add_service(struct journal *j, const struct journal_service *service);
/* Bytes not yet written: above JOURNAL_BACKLOG_MAX start no new host. */
size_t journal_backlog(struct journal *j);
enum { JOURNAL_BACKLOG_MAX = 4 << 20 };
/* True once writing failed; `why` is then filled. */
bool journal_failed(struct journal *j, char *why, size_t why_size);
/* Write what is left and the trailer (NULL: none), sync, stop the thread.  False when
 * anything failed since journal_begin(). */
bool journal_finish(struct journal *j, const struct journal_trailer *trailer);
/* Close and unlock; journal_finish() comes first where journal_begin() succeeded. */
void journal_close(struct journal *j);

#endif
